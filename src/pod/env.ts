import type { k8s } from 'cdk8s-plus-27';
import type { EnvFromSource, EnvVar } from 'kubernetes-types/core/v1';
import { type Check, isPlain } from '../foundation/checks';
import { loadKplus } from '../foundation/kplus';
import type { Problems } from '../foundation/problems';

export interface EnvSettings {
  readonly name: string;
  readonly value?: string;
  /** A wire-format EnvVarSource. */
  readonly source?: object;
}

export interface EnvFromSettings {
  /** A wire-format EnvFromSource. */
  readonly source: object;
  /** The variables that it defines, when they are known. */
  readonly names?: readonly string[];
}

/** The parts of an environment value: a literal, or a source in wire format. */
export type EnvPart = Omit<EnvSettings, 'name'>;

const SECRET_NAME = /passw(or)?d|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key/i;
const POINTER_NAME = /(_|^)(file|path|dir|url|uri|name|host|port|ttl|lifetime|expiry|issuer|enabled)$/i;
const SECRET_VALUE = /-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-[A-Za-z0-9-]{10}|\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:[^\s/@]+@/;
const SECRET_ASSIGNMENT = /^[^\S\n]*["']?[\w.-]*(passw(or)?d|secret|api[-_]?key|private[-_]?key|access[-_]?token)["']?\s*[:=]\s*["']?[^\s"'{}[\],]{3}/im;

/**
 * Whether a named value looks like a credential: by its name (but `PASSWORD_FILE` only points to one), by a known
 * format, or by a line that assigns one.
 */
export function looksSecret(name: string, value: string): boolean {
  if (value === '') return false;
  const named = SECRET_NAME.test(name) && !POINTER_NAME.test(name.replace(/\.[a-z]+$/i, ''));
  return named || SECRET_VALUE.test(value) || SECRET_ASSIGNMENT.test(value);
}

/** A literal, or an `EnvValue` of any cdk8s-plus. */
export const envPart: Check<EnvPart> = {
  expected: 'a string or an EnvValue',
  read(given, refuse) {
    if (typeof given === 'string') return { value: given };
    if (isPlain(given) && ('value' in given || 'valueFrom' in given)) {
      const { value, valueFrom } = given;
      if (valueFrom !== undefined) return { source: loadKplus().k8s.toJson_EnvVarSource(valueFrom as k8s.EnvVarSource) as object };
      if (typeof value === 'string') return { value };
    }
    return void refuse(given, this.expected);
  },
};

/** Refuses a literal that looks like a credential. The value is not quoted: it would end up in the CI log. */
export function refuseSecretLiteral(name: string, part: EnvPart, allowed: readonly string[], problems: Problems, prop: string): void {
  if (part.value !== undefined && !allowed.includes(name) && looksSecret(name, part.value)) {
    problems.add({
      prop,
      got: 'a literal that looks like a credential',
      expected: 'a reference to a Secret',
      fix: `Mount the Secret as a file, or list '${name}' in 'allowSecretLookingEnv'`,
      practice: 'CH01-37',
    });
  }
}

/**
 * The variables that a command line refers to as `$(NAME)` and nobody declares. `$$(NAME)` is the escaped form.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function undeclared(words: readonly string[], env: readonly EnvSettings[], envFrom: readonly EnvFromSettings[]): string[] {
  if (envFrom.some(({ names }) => names === undefined)) return [];
  const declared = new Set([...env.map(({ name }) => name), ...envFrom.flatMap(({ names }) => names ?? [])]);
  const used = words.flatMap((word) => [...word.matchAll(/(\$*)\$\(([-._a-zA-Z][-._a-zA-Z0-9]*)\)/g)]);
  return used.filter(([, dollars, name]) => dollars.length % 2 === 0 && !declared.has(name)).map(([, , name]) => name);
}

export function renderEnv(env: readonly EnvSettings[]): EnvVar[] | undefined {
  if (env.length === 0) return undefined;
  // a source came from cdk8s-plus in wire format
  return env.map(({ name, value, source }) => (source ? { name, valueFrom: source } : { name, value }));
}

export function renderEnvFrom(envFrom: readonly EnvFromSettings[]): EnvFromSource[] | undefined {
  return envFrom.length === 0 ? undefined : envFrom.map(({ source }) => source as EnvFromSource);
}
