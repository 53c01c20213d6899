import { Construct, type IConstruct } from 'constructs';
import type { EnvSource } from '../config/env-source';
import { toWire } from '../interop/cdk8s-plus';
import { nameToWrite, unquoted } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { anyText, boolean, type Check, inQuotes, isPlain, oneOf, type Refuse, that } from '../kernel/schema/checks';
import { configKey, dnsLabel, dnsSubdomain, envName, labelKey } from '../kernel/schema/syntax';
import { suspicionOf, suspiciousWord } from '../secrets-scan/credentials';

export interface EnvSettings {
  readonly name: string;
  readonly value?: string;
  /** A wire-format EnvVarSource. */
  readonly source?: object;
  /** The construct that the source refers to, if it is in the app. */
  readonly origin?: IConstruct;
}

export interface EnvFromSettings {
  /** A wire-format EnvFromSource. */
  readonly source: object;
  /** The variables that it defines, if known. */
  readonly names?: readonly string[];
  /** The construct that the source refers to, if it is in the app. */
  readonly origin?: IConstruct;
}

/** An environment value: a literal, or a source in wire format. */
export type EnvPart = Omit<EnvSettings, 'name'>;

/** What to write for a variable. */
export const VARIABLE_FIX = "Write text, or a source such as EnvSource.secret(secret, 'key')";

/** A literal, an `EnvSource`, or an `EnvValue` of any cdk8s-plus. */
export const envPart: Check<EnvPart> = {
  expected: 'a string or an EnvSource',
  read(given, refuse) {
    if (typeof given === 'string') return readLiteral(given, refuse);
    if (isPlain(given) && ('value' in given || 'valueFrom' in given)) {
      const { value, valueFrom } = given;
      if (isPlain(valueFrom)) {
        const [kind, fields, ...others] = Object.entries(toWire(valueFrom) as object).flat() as unknown[];
        if (others.length === 0 && typeof kind === 'string' && Object.hasOwn(SOURCES, kind) && isPlain(fields)) {
          return readSource(kind, fields, (given as Partial<EnvSource>)._of, refuse);
        }
      }
      if (valueFrom === undefined && typeof value === 'string') return readLiteral(value, refuse);
    }
    return void refuse(
      Array.isArray(given) ? unquoted(given) : given,
      this.expected,
      '',
      inQuotes(given, () => true),
    );
  },
};

function readLiteral(given: string, refuse: Refuse): EnvPart | undefined {
  const value = anyText.read(given, refuse);
  return value === undefined ? undefined : { value };
}

const PLAIN_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

/** @see https://kubernetes.io/docs/concepts/workloads/pods/downward-api/ */
const fieldPath: Check<string> = that(
  `one of ${PLAIN_FIELDS.join(', ')}, metadata.labels['<key>'] or metadata.annotations['<key>']`,
  (value) => {
    if (typeof value !== 'string') return false;
    const key = /^metadata\.(?:labels|annotations)\['(.*)'\]$/.exec(value)?.[1];
    return key === undefined ? PLAIN_FIELDS.includes(value) : labelKey.read(key, () => undefined) !== undefined;
  },
);

const resourceName: Check<string> = that(
  "'limits.' or 'requests.' with cpu, memory, ephemeral-storage or hugepages-<size>",
  (value) =>
    typeof value === 'string' && /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-\d+[KMGT]i)$/.test(value),
);

const cpuDivisor = oneOf('1', '1m');
const bytesDivisor = oneOf(
  '1',
  ...['k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((unit) => `1${unit}`),
);

type Fields = Record<string, Check<unknown>>;

/** The required fields of a source, except those in `OPTIONAL_FIELDS`. */
const KEY_OF_OBJECT: Fields = { name: dnsSubdomain, key: configKey, optional: boolean };
const SOURCES: Record<string, (source: Record<string, unknown>) => Fields> = {
  configMapKeyRef: () => KEY_OF_OBJECT,
  secretKeyRef: () => KEY_OF_OBJECT,
  fieldRef: () => ({ fieldPath, apiVersion: oneOf('v1') }),
  resourceFieldRef: ({ resource }) => ({
    resource: resourceName,
    containerName: dnsLabel(),
    divisor: /\.cpu$/.test(String(resource)) ? cpuDivisor : bytesDivisor,
  }),
};
const REFERRED: Record<string, string | undefined> = { configMapKeyRef: 'ConfigMap', secretKeyRef: 'Secret' };
const OPTIONAL_FIELDS = ['optional', 'apiVersion', 'containerName', 'divisor'];

/** Reads a source in wire format, and refuses what the API does not accept. `of` is its origin. */
function readSource(
  kind: string,
  given: Record<string, unknown>,
  of: EnvSource['_of'],
  refuse: Refuse,
): EnvPart | undefined {
  const checks = SOURCES[kind](given);
  const referred = REFERRED[kind];
  const isOther = (of as Partial<typeof of> | null)?.kind !== undefined && of?.kind !== referred;
  if (isOther) return void refuse(unquoted(of), `a reference to a ${referred}`, `.${kind}`);
  if (!areFields(given, checks, refuse, `.${kind}`)) return undefined;
  const fields = Object.fromEntries(
    Object.keys(checks)
      .filter((field) => given[field] !== undefined)
      .map((field) => [field, given[field]]),
  );
  return { source: { [kind]: fields }, origin: Construct.isConstruct(of) ? of : undefined };
}

function areFields(given: Record<string, unknown>, checks: Fields, refuse: Refuse, at: string): boolean {
  return Object.entries(checks)
    .map(
      ([field, check]) =>
        (given[field] === undefined && OPTIONAL_FIELDS.includes(field)) ||
        check.read(given[field], (value, expected) => refuse(value, expected, `${at}.${field}`)) !== undefined,
    )
    .every(Boolean);
}

/** Whether the API accepts an EnvFromSource; refuses it otherwise. */
export function isEnvFrom(source: object, refuse: Refuse): boolean {
  const { configMapRef, secretRef, prefix } = source as {
    configMapRef?: Record<string, unknown>;
    secretRef?: Record<string, unknown>;
    prefix?: unknown;
  };
  if ((configMapRef === undefined) === (secretRef === undefined)) {
    refuse(Object.keys(source), 'either a ConfigMap or a Secret');
    return false;
  }
  const named = areFields(
    configMapRef ?? secretRef ?? {},
    { name: dnsSubdomain },
    refuse,
    configMapRef ? '.configMapRef' : '.secretRef',
  );
  return (
    (prefix === undefined ||
      prefix === '' ||
      envName.read(prefix, (given, expected) => refuse(given, expected, '.prefix')) !== undefined) &&
    named
  );
}

/** Reports a literal that is, or may be, a credential. It is not quoted: it would end up in the CI log. */
export function refuseSecretLiteral(
  name: string,
  part: EnvPart,
  allowed: readonly string[],
  problems: Problems,
  prop: string,
): void {
  const suspicion = part.value === undefined || allowed.includes(name) ? undefined : suspicionOf(name, part.value);
  if (suspicion === undefined) return;
  problems.add({
    rule: suspicion.certain ? 'secret/in-env' : 'secret/by-name',
    prop,
    got: suspicion.what,
    expected: 'a reference to a Secret',
    fix:
      "Mount the Secret as a file, or pass EnvSource.secret(secret, 'key'). If it is no credential, list" +
      ` ${nameToWrite(name)} in 'allowSecretLookingEnv'`,
  });
}

/** The same for a word of a command line: manifests and process listings show it. */
export function refuseSecretWord(words: readonly string[], problems: Problems, prop: string): void {
  const suspicious = words.length === 0 ? undefined : suspiciousWord(words);
  if (suspicious === undefined) return;
  problems.add({
    rule: suspicious.certain ? 'secret/in-command' : 'secret/by-name',
    prop: `${prop}[${suspicious.index}]`,
    got: suspicious.what,
    expected: 'words without credentials',
    fix:
      "Mount the Secret as a file and pass its path, or write $(NAME) and pass EnvSource.secret(secret, 'key')" +
      ' as the variable NAME',
  });
}
