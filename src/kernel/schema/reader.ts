import { type Check, isPlain } from './checks';
import type * as KubernetesNames from './kubernetes-names';
import { nearest } from './nearest';
import { describe } from '../findings/describe';
import type { Hint, RuleHint } from '../findings/finding';
import type { Problems } from '../findings/problems';
import { namePart } from '../findings/prop-path';
import { ruleOf } from '../findings/rule-ids';

/** If the check can write the default, the reader says what to write instead of a refused value. */
type OptionalHint = Partial<Hint>;

/** The type of a prop that is set. */
type GivenOf<P, K extends keyof P> = NonNullable<P[K]>;

/**
 * `never` if a check of `Given` accepts values of every declared type; otherwise the types that it refuses.
 */
type Refused<Declared, Given> = Declared extends unknown ? (Declared & Given extends never ? Declared : never) : never;

/** A check that fits a prop: it accepts only the declared type, and some values of each type of a union. */
type Fitting<T, Given, Declared> = Check<T, Given> &
  ([Refused<Declared, Given>] extends [never] ? unknown : { readonly refusesAll: Refused<Declared, Given> });

/**
 * Reads the props of one block, or of one nested struct, as untrusted input.
 *
 * - A refused value is recorded and replaced by a substitute. Reading continues and finds further mistakes.
 * - A prop that is `undefined` counts as omitted; `null`, `0`, `''` and `NaN` do not.
 * - A prop that was never read is unknown, and `refuseUnknown` reports it.
 */
export class Reader<P> {
  private readonly values: Record<string, unknown>;
  /** May repeat a name: most props are read once. */
  private readonly known: string[] = [];
  private readonly refused = new Set<string>();
  private foreign: Readonly<Record<string, string>> = {};

  public constructor(
    private readonly problems: Problems,
    given: unknown,
    private readonly path = '',
  ) {
    this.values = isPlain(given) ? given : {};
    if (given !== undefined && !isPlain(given)) {
      problems.refuse(this.path.replace(/\.$/, '') || 'props', given, 'an object', {
        rule: 'props/object',
        fix: 'Give each prop by its name',
      });
    }
  }

  public required<K extends keyof P & string, T, Given extends GivenOf<P, K>, S>(
    prop: K,
    check: Fitting<T, Given, GivenOf<P, K>>,
    standIn: S,
    hint: Hint,
  ): T | S {
    if (this.raw(prop) === undefined) {
      this.refused.add(prop);
      const practice = hint.practice ?? (hint.rule && ruleOf(hint.rule).practices[0]);
      this.problems.refuse(this.at(prop), undefined, check.expected, {
        fix: hint.fix,
        rule: 'props/required',
        practice,
      });
      return standIn;
    }
    return this.optional(prop, check, standIn, hint);
  }

  public optional<K extends keyof P & string, T, Given extends GivenOf<P, K>, F>(
    prop: K,
    check: Fitting<T, Given, GivenOf<P, K>>,
    fallback: F,
    hint: OptionalHint = NO_HINT,
  ): T | F {
    const value = this.raw(prop);
    return value === undefined ? fallback : this.accept(prop, value, check, fallback, hint);
  }

  /** Apart from `optional`, which is mostly called for omitted props: no closure for these. */
  private accept<T, F>(
    prop: keyof P & string,
    value: unknown,
    check: Omit<Check<T>, 'given'>,
    fallback: F,
    hint: OptionalHint,
  ): T | F {
    const accepted = check.read(value, (given, expected, at = '', meant?) => {
      this.refused.add(prop);
      const fix = meant ?? hint.fix ?? useDefault(check, fallback);
      this.problems.refuse(`${this.at(prop)}${at}`, given, expected, { rule: 'props/value', ...hint, fix });
    });
    return accepted === undefined ? fallback : accepted;
  }

  /** The raw value. The prop counts as known. */
  public raw(prop: keyof P & string): unknown {
    this.known.push(prop);
    return Object.prototype.hasOwnProperty.call(this.values, prop) ? this.values[prop] : undefined;
  }

  public has(prop: keyof P & string): boolean {
    return this.raw(prop) !== undefined;
  }

  /**
   * Whether the reader accepted all of the props. Compare props with each other only then: a substitute would cause a
   * second error for one mistake.
   */
  public isSound(...props: Array<keyof P & string>): boolean {
    return !props.some((prop) => this.refused.has(prop));
  }

  public refuse(prop: keyof P & string, given: unknown, expected: string, hint: RuleHint): void {
    this.problems.refuse(this.at(prop), given, expected, hint);
  }

  /** Records two props that exclude each other. */
  public conflict(one: keyof P & string, other: keyof P & string, hint: Hint): void {
    if (this.has(one) && this.has(other)) {
      const both = `${describe(this.raw(one))} beside '${this.at(other)}': ${describe(this.raw(other))}`;
      this.problems.add({ rule: 'props/conflict', prop: this.at(one), got: both, expected: 'one of the two', ...hint });
    }
  }

  /** Registers advice for props that callers may know from another block, by name. */
  public expectForeign(names: Readonly<Record<string, string>>): void {
    this.foreign = names;
  }

  /**
   * Reports every prop that was passed but never read, and suggests the closest known name. Call it last. `offered` are
   * the known props, if a block does not accept all that were read. A good guess replaces a long list.
   */
  public refuseUnknown(offered: (known: readonly string[]) => readonly string[] = (known) => known): void {
    const unknown = Object.keys(this.values).filter(
      (prop) => !this.known.includes(prop) && this.values[prop] !== undefined,
    );
    if (unknown.length === 0) return;
    const names = [...offered([...new Set(this.known)])].sort();
    for (const prop of unknown) {
      const near = nearest(prop, names);
      const advice = Object.hasOwn(this.foreign, prop) ? this.foreign[prop] : replacementOf(prop, names);
      const guess = advice ?? (near && `Did you mean '${near}'?`);
      this.problems.add({
        rule: 'props/unknown',
        prop: this.path + namePart(prop),
        got: 'an unknown prop',
        expected: guess !== undefined && names.length > LONG_LIST ? 'a known one' : `one of ${names.join(', ')}`,
        fix: guess ?? 'Write one of these',
      });
    }
  }

  private at(prop: string): string {
    return this.path + prop;
  }
}

/** Suggests the default if the value does not show the intent. */
function useDefault<T>(check: Omit<Check<T>, 'given'>, fallback: unknown): string {
  const code = fallback === undefined ? undefined : check.write?.(fallback as T);
  if (code === undefined) return `Write ${check.expected}`;
  const others = typeof fallback === 'boolean' ? String(!fallback) : 'another';
  return `Write ${code}, the default, or ${others}`;
}

const LONG_LIST = 12;

const NO_HINT: OptionalHint = {};

/** Loads the names on first use, because most apps set known props only. */
function replacementOf(prop: string, offered: readonly string[]): string | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./kubernetes-names') as typeof KubernetesNames).replacementOf(prop, offered);
}
