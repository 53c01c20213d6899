import { reap } from './scripts.generated';
import { fillScript, shellWord } from '../../kernel/emit/script';
import { EXPIRES_AT_ANNOTATION, EXPIRES_LABEL, TTL_ANNOTATION } from '../../tenancy/expiry';

export interface ReaperScriptSettings {
  /** The namespace of the reaper. */
  readonly namespace: string;
  /** The policy that keeps it from deleting others. */
  readonly policy: string;
}

/** An annotation as one word without quotes, or `-`. */
function annotation(name: string): string {
  return `{{with .metadata.annotations}}{{with index . "${name}"}}{{urlquery .}}{{else}}-{{end}}{{else}}-{{end}}`;
}

const LIST = [
  '{{range .items}}{{if not .metadata.deletionTimestamp}}',
  [
    '{{.metadata.name}}',
    '{{.metadata.uid}}',
    '{{.metadata.resourceVersion}}',
    '{{.metadata.creationTimestamp}}',
    annotation(TTL_ANNOTATION),
    annotation(EXPIRES_AT_ANNOTATION),
  ].join(' '),
  '{{"\\n"}}{{end}}{{end}}',
].join('');

/**
 * Deletes the namespaces whose time is over: POSIX sh, kubectl and nothing else.
 *
 * - It refuses to run where the policy does not stop it: it tries, in a dry run, to delete its own namespace.
 * - A namespace whose time it cannot read is left alone, and makes the run fail, so that somebody looks.
 * - What is deleted is what was read: the same object, unchanged since. A longer `ttl` in the last moment counts.
 */
export function reaperScript({ namespace, policy }: ReaperScriptSettings): string {
  return fillScript(reap, {
    namespace: shellWord(namespace),
    policy: shellWord(policy),
    marked: shellWord(`${EXPIRES_LABEL}=true`),
    list: shellWord(LIST),
    ttlAnnotation: TTL_ANNOTATION,
    expiresAtAnnotation: EXPIRES_AT_ANNOTATION,
  });
}
