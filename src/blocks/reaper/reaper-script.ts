import { reap } from './scripts.generated';
import { fillScript, shellWord } from '../../kernel/emit/script';
import { EXPIRES_AT_ANNOTATION, EXPIRES_LABEL, TTL_ANNOTATION } from '../../tenancy/expiry';

export interface ReaperScriptSettings {
  /** The namespace of the reaper. */
  readonly namespace: string;
  /** The policy that restricts it to marked namespaces. */
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
 * Deletes expired namespaces, with POSIX sh and kubectl only.
 *
 * - It refuses to run if the policy does not restrict it: a dry run tries to delete its own namespace.
 * - It keeps a namespace with an unreadable expiry, and fails the run to get attention.
 * - It deletes the object that it has read, unchanged since. A later change of `ttl` is respected.
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
