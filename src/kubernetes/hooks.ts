const HOOK = 'argocd.argoproj.io/hook';
const WAVE = 'argocd.argoproj.io/sync-wave';

/** Whether Argo CD applies an object before all objects that are no hooks. */
export function isPreSync(annotations: Readonly<Record<string, string>>): boolean {
  return (annotations[HOOK] ?? '').split(',').some((hook) => hook.trim() === 'PreSync');
}

/**
 * The annotations of an object that the pods of a hook need, such as their ServiceAccount: the same hook, one wave
 * earlier. Without them, Argo CD applies the object after the hook, which waits for it.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export function annotationsOfNeeds(annotations: Readonly<Record<string, string>>): Record<string, string> {
  if (!isPreSync(annotations)) return {};
  const wave = Number(annotations[WAVE] ?? '0');
  return { [HOOK]: annotations[HOOK], [WAVE]: String(Number.isInteger(wave) ? wave - 1 : -1) };
}
