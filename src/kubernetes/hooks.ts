const HOOK = 'argocd.argoproj.io/hook';
const WAVE = 'argocd.argoproj.io/sync-wave';

/** Whether Argo CD applies an object before all that is no hook. */
export function isPreSync(annotations: Readonly<Record<string, string>>): boolean {
  return (annotations[HOOK] ?? '').split(',').some((hook) => hook.trim() === 'PreSync');
}

/**
 * The annotations of what pods of a hook need, such as their ServiceAccount: the same hook, one wave earlier. Without
 * them, it comes after the hook that waits for it.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export function annotationsOfNeeds(annotations: Readonly<Record<string, string>>): Record<string, string> {
  if (!isPreSync(annotations)) return {};
  const wave = Number(annotations[WAVE] ?? '0');
  return { [HOOK]: annotations[HOOK], [WAVE]: String(Number.isInteger(wave) ? wave - 1 : -1) };
}
