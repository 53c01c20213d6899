/** The rights of one rule: each verb on each resource, on all or on named objects. */
export interface RuleSettings {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Omitted for all objects. */
  readonly resourceNames?: readonly string[];
  readonly reason?: string;
}

/** The rights of a grant: custom rules, or a built-in ClusterRole. */
export interface RoleSettings {
  readonly rules: readonly RuleSettings[];
  /** The rules that are not part of the library's roles. */
  readonly ownRules: readonly RuleSettings[];
  readonly builtIn?: 'view' | 'edit';
  /** The reasons, as the object shows them. */
  readonly description: string | undefined;
}

export type SubjectSettings =
  | { readonly kind: 'Group' | 'User'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };
