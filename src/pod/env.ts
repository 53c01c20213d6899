import { type Check, isPlain } from '../foundation/checks';
import { looksSecret } from '../foundation/credentials';
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

/** A literal, or an `EnvValue` of any cdk8s-plus. */
export const envPart: Check<EnvPart> = {
  expected: 'a string or an EnvValue',
  read(given, refuse) {
    if (typeof given === 'string') return { value: given };
    if (isPlain(given) && ('value' in given || 'valueFrom' in given)) {
      const { value, valueFrom } = given;
      const source = isPlain(valueFrom) ? toSource(valueFrom) : undefined;
      if (source) return { source };
      if (valueFrom === undefined && typeof value === 'string') return { value };
    }
    return void refuse(given, this.expected);
  },
};

/** The source in wire format; `undefined` where cdk8s-plus makes nothing of it. */
function toSource(valueFrom: object): object | undefined {
  try {
    const source = loadKplus().k8s.toJson_EnvVarSource(valueFrom) as object;
    return Object.keys(source).length === 1 ? source : undefined;
  } catch {
    return undefined;
  }
}

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
