import { isIP } from 'node:net';
import type { RuleId } from '../kernel/findings/rule-ids';

/** The data that decides how annotations of an Ingress are read. */
export interface AnnotatedIngress {
  readonly annotations: ReadonlyMap<string, string>;
  readonly className?: string;
  readonly paths: readonly string[];
  /** Whether the block already names an issuer. */
  readonly hasIssuer?: boolean;
}

type Refuse = (rule: RuleId, key: string, given: string, expected: string, fix: string) => void;

/** With both annotations, cert-manager issues no certificate. */
const ISSUERS = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'];

const NGINX = 'nginx.ingress.kubernetes.io/';

/** Prefixes of annotations that controllers of a class do not read. */
const UNREAD: Readonly<Record<string, RegExp>> = {
  nginx: /^(ingress\.kubernetes\.io|(traefik|alb)\.ingress\.kubernetes\.io|haproxy\.org)\//,
  traefik: /^(ingress\.kubernetes\.io|(nginx|alb)\.ingress\.kubernetes\.io|nginx\.(org|com)|haproxy\.org)\//,
  alb: /^(ingress\.kubernetes\.io|(nginx|traefik)\.ingress\.kubernetes\.io|nginx\.(org|com)|haproxy\.org)\//,
};

interface Form {
  readonly names: RegExp;
  readonly accepts: (value: string) => boolean;
  readonly expected: string;
  readonly fix: string;
}

/**
 * Values of ingress-nginx. A wrong one is ignored, or stops the controller from loading any configuration.
 *
 * @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
 */
const FORMS: readonly Form[] = [
  {
    names: /^(proxy-body-size|proxy-buffer-size|client-body-buffer-size|proxy-max-temp-file-size)$/,
    accepts: (value) => /^\d+[kmg]?$/i.test(value),
    expected: "a number with 'k', 'm' or 'g', such as '20m'",
    fix: "Write the unit as one letter: '20m' for 20 MiB",
  },
  {
    names: /^proxy-(connect|send|read|next-upstream)-timeout$/,
    accepts: (value) => /^\d+$/.test(value),
    expected: "seconds without a unit, such as '120'",
    fix: "Write the number of seconds: '120'",
  },
  {
    names: /^((force-)?ssl-redirect|use-regex|enable-cors|ssl-passthrough)$/,
    accepts: (value) => value === 'true' || value === 'false',
    expected: "'true' or 'false'",
    fix: "Write 'true' or 'false'",
  },
  {
    names: /^(whitelist|allowlist|denylist)-source-range$/,
    accepts: (value) => value.split(',').every((range) => isRange(range.trim())),
    expected: 'ranges of addresses, separated by commas',
    fix: "Write '10.0.0.0/16,192.0.2.10/32'",
  },
];

/** Refuses annotations that the controller ignores, refuses or misreads. */
export function refuseIngressAnnotations(
  { annotations, className, paths, hasIssuer = false }: AnnotatedIngress,
  refuse: Refuse,
): void {
  const issuers = ISSUERS.filter((key) => annotations.has(key));
  if (issuers.length > (hasIssuer ? 0 : 1)) {
    const key = issuers[issuers.length - 1];
    const fix = hasIssuer ? 'Name the issuer in Tls.certManager(...) alone' : 'Remove one of the two annotations';
    refuse('routing/two-issuers', key, annotations.get(key) ?? '', 'one issuer', fix);
  }
  for (const [key, value] of annotations) {
    if (key === 'kubernetes.io/ingress.class') {
      if (className !== undefined) {
        refuse('routing/class-annotation', key, value, 'the class in one place', 'Remove the annotation');
      }
    } else if (isUnread(key, className)) {
      const right = `${NGINX}${key.replace(/^.*\//, '')}`;
      refuse(
        'routing/unread-annotation',
        key,
        value,
        `an annotation that a controller of class '${className}' reads`,
        className === 'nginx' ? `Write '${right}'` : 'Look for the setting in the documents of the controller',
      );
    } else if (key.startsWith(NGINX)) {
      refuseNginx(key, value, paths, refuse);
    }
  }
}

function isUnread(key: string, className: string | undefined): boolean {
  if (className === undefined || !Object.hasOwn(UNREAD, className)) return false;
  return UNREAD[className].test(key) || /^kubernetes\.io\/(proxy-|ssl-|rewrite-|client-)/.test(key);
}

function refuseNginx(key: string, value: string, paths: readonly string[], refuse: Refuse): void {
  const name = key.slice(NGINX.length);
  if (name.endsWith('-snippet')) {
    refuse(
      'routing/snippet',
      key,
      'configuration of nginx',
      'a setting that has an annotation of its own',
      'Use such an annotation, or ask the operators of the controller to allow snippets',
    );
    return;
  }
  const form = FORMS.find(({ names }) => names.test(name));
  if (form && !form.accepts(value)) {
    refuse('routing/annotation-value', key, value, form.expected, form.fix);
  }
  if (name === 'rewrite-target') refuseEmptyCapture(key, value, paths, refuse);
}

/** An address, or a range of them. */
function isRange(text: string): boolean {
  const [address, length, ...more] = text.split('/');
  const bits = isIP(address) === 4 ? 32 : 128;
  return (
    isIP(address) !== 0 && more.length === 0 && (length === undefined || (/^\d+$/.test(length) && +length <= bits))
  );
}

/** Refuses a rewrite that refers to a group that the path does not capture. */
function refuseEmptyCapture(key: string, value: string, paths: readonly string[], refuse: Refuse): void {
  const highest = Math.max(0, ...[...value.matchAll(/\$(\d)/g)].map(([, number]) => Number(number)));
  const path = paths.find((one) => (one.match(/\((?!\?)/g) ?? []).length < highest);
  if (highest === 0 || path === undefined) return;
  refuse(
    'routing/annotation-value',
    key,
    value,
    `only groups that the path captures: '${path}' has no group ${highest}`,
    'Let the app serve the path as it is, or use Traefik with stripPrefix',
  );
}
