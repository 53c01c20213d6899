interface HookSyntax {
  readonly hook: string;
  /** A smaller number is earlier. */
  readonly order: string;
  /** The hooks before all objects that are no hook. */
  readonly first: readonly string[];
}

/** Argo CD also reads the hooks of Helm, where an object has none of its own. */
const SYNTAXES: readonly HookSyntax[] = [
  { hook: 'argocd.argoproj.io/hook', order: 'argocd.argoproj.io/sync-wave', first: ['PreSync'] },
  { hook: 'helm.sh/hook', order: 'helm.sh/hook-weight', first: ['pre-install', 'pre-upgrade'] },
];

type Annotations = Readonly<Record<string, string>>;

function firstHook(annotations: Annotations): HookSyntax | undefined {
  const syntax = SYNTAXES.find(({ hook }) => annotations[hook] !== undefined);
  const hooks = syntax ? annotations[syntax.hook].split(',').map((hook) => hook.trim()) : [];
  return hooks.some((hook) => syntax?.first.includes(hook)) ? syntax : undefined;
}

/** Whether Argo CD, or Helm, applies an object before all objects that are no hooks. */
export function isPreSync(annotations: Annotations): boolean {
  return firstHook(annotations) !== undefined;
}

/**
 * The annotations of an object that the pods of a hook need, such as their ServiceAccount: the same hook, one step
 * earlier. Without them, the object is applied after the hook, which waits for it.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 * @see https://helm.sh/docs/topics/charts_hooks/
 */
export function annotationsOfNeeds(annotations: Annotations): Record<string, string> {
  const syntax = firstHook(annotations);
  if (syntax === undefined) return {};
  const order = Number(annotations[syntax.order] ?? '0');
  return {
    [syntax.hook]: annotations[syntax.hook],
    [syntax.order]: String(Number.isInteger(order) ? order - 1 : -1),
  };
}
