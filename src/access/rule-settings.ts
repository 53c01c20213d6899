/** What one rule grants: each verb on each resource, on all objects or on named ones. */
export interface RuleSettings {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Left out for all objects. */
  readonly resourceNames?: readonly string[];
  readonly reason?: string;
}

/** What a grant refers to: rules of its own, or a ClusterRole that Kubernetes has. */
export interface RoleSettings {
  readonly rules: readonly RuleSettings[];
  /** Those among them that are not of the kit. */
  readonly ownRules: readonly RuleSettings[];
  readonly builtIn?: 'view' | 'edit';
  /** Reasons, as the object shows them. */
  readonly description: string | undefined;
}

export type SubjectSettings =
  | { readonly kind: 'Group' | 'User'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };
