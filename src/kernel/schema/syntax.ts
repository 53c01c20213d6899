import { type Check, mapOf, matching, that } from './checks';

// The patterns are those of k8s.io/apimachinery/pkg/util/validation:
// https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/validation/validation.go
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
// Services are stricter (RFC 1035): no leading digit.
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const PORT_NAME = /^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
// The rule of Kubernetes 1.30; newer versions accept almost any character.
const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const LABEL_LENGTH = 63;
const SUBDOMAIN_LENGTH = 253;

const ALNUM = "lower-case letters, digits and '-', starting and ending with a letter or digit";

export function dnsLabel(longest = LABEL_LENGTH): Check<string> {
  return matching(DNS_LABEL, longest, `at most ${longest} ${ALNUM}`);
}

export function serviceName(longest = LABEL_LENGTH): Check<string> {
  return matching(
    SERVICE_NAME,
    longest,
    `at most ${longest} lower-case letters, digits and '-', starting with a letter, ending with a letter or digit`,
  );
}

export const dnsSubdomain: Check<string> = that(`at most ${SUBDOMAIN_LENGTH} ${ALNUM}, with dots between`, (value) =>
  isSubdomain(value),
);

/** The name of an object that may contain dots and also serves as a label value. */
export const labelledSubdomain: Check<string> = that(
  `at most ${LABEL_LENGTH} ${ALNUM}, with dots between`,
  (value) => isSubdomain(value) && (value as string).length <= LABEL_LENGTH,
);

/**
 * A host name without wildcards, each part a DNS label. An address is refused, as the API does for Ingress hosts.
 */
export const hostName: Check<string> = that(
  'a DNS name such as app.example.com',
  (value) =>
    isSubdomain(value) &&
    (value as string).split('.').every((part) => part.length <= LABEL_LENGTH) &&
    !/^\d+(\.\d+){3}$/.test(value as string),
);

/**
 * A host name, or one whose first label is `*`, as an Ingress takes it: `*.example.com` matches one label in its place.
 */
export const routedHost: Check<string> = {
  expected: 'a DNS name such as app.example.com, or *.example.com',
  read(value, refuse) {
    const name = typeof value === 'string' && value.startsWith('*.') ? value.slice(2) : value;
    return hostName.read(name, () => refuse(value, this.expected)) === undefined ? undefined : (value as string);
  },
};

export const portName: Check<string> = matching(
  PORT_NAME,
  15,
  "at most 15 lower-case letters, digits and single '-', with a letter",
);

export const configKey: Check<string> = that(
  `at most ${SUBDOMAIN_LENGTH} letters, digits, '-', '_' and '.', except '.' and names that start with '..'`,
  (value) =>
    typeof value === 'string' &&
    value.length <= SUBDOMAIN_LENGTH &&
    CONFIG_KEY.test(value) &&
    value !== '.' &&
    !value.startsWith('..'),
);

export const envName: Check<string> = that(
  "letters, digits, '_', '-' and '.', not starting with a digit",
  (value) => typeof value === 'string' && ENV_NAME.test(value) && value !== '.' && !value.startsWith('..'),
);

/** A shell variable name. Keys of a ConfigMap need it as variables: old kubelets skip other keys silently. */
export const shellName: Check<string> = that(
  "letters, digits and '_', not starting with a digit",
  (value) => typeof value === 'string' && SHELL_NAME.test(value),
);

export const uuid: Check<string> = matching(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 36, 'a UUID');

export const awsRegion: Check<string> = matching(
  /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/,
  40,
  "a region of AWS, such as 'eu-central-1'",
);

export const roleArn: Check<string> = matching(
  /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
  600,
  "the ARN of an IAM role, such as 'arn:aws:iam::111122223333:role/shop-orders'",
);

export const labelKey: Check<string> = that(
  "a label key: at most 63 letters, digits, '-', '_' and '.', with an optional DNS prefix and '/'",
  (value) => isQualifiedName(value),
);

export const labelValue: Check<string> = that(
  "at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, or ''",
  (value) => typeof value === 'string' && isLabelValue(value),
);

/** The value of a label that nodes have. */
export const filledLabelValue: Check<string> = that(
  "at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit",
  (value) => typeof value === 'string' && value !== '' && isLabelValue(value),
);

/** Labels as a whole. */
export const labelMap = mapOf(labelKey, labelValue);

export function isLabelValue(value: string): boolean {
  return value === '' || (value.length <= LABEL_LENGTH && QUALIFIED_PART.test(value));
}

/** An absolute path in a container. */
export const absolutePath: Check<string> = that(
  "an absolute path without ':' and parts that are empty, '.' or '..'",
  (value) =>
    typeof value === 'string' && /^\/[^:]*$/.test(value) && (value === '/' || value.slice(1).split('/').every(isPart)),
);

/** A directory in a container other than the root. */
export const directory: Check<string> = that(
  "an absolute path other than '/', without ':' and parts that are empty, '.' or '..'",
  (value) => value !== '/' && absolutePath.read(value, () => undefined) !== undefined,
);

/** A path below a mount. */
export const relativePath: Check<string> = that(
  "a relative path without parts that are empty, '.' or '..'",
  (value) => typeof value === 'string' && value !== '' && !value.startsWith('/') && value.split('/').every(isPart),
);

/** The path of an item in a volume. The kubelet reserves names that start with `..`. */
export const itemPath: Check<string> = that(
  relativePath.expected,
  (value) => relativePath.read(value, () => undefined) !== undefined && !(value as string).startsWith('..'),
);

function isPart(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..';
}

function isSubdomain(value: unknown): boolean {
  return typeof value === 'string' && value.length <= SUBDOMAIN_LENGTH && DNS_SUBDOMAIN.test(value);
}

function isQualifiedName(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const parts = value.split('/');
  const name = parts[parts.length - 1];
  if (parts.length > 2 || name.length > LABEL_LENGTH || !QUALIFIED_PART.test(name)) return false;
  return parts.length === 1 || isSubdomain(parts[0]);
}
