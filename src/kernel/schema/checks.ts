import type { Duration, Size } from 'cdk8s';
import { CARRIED_TEXT, carriedByYaml, isWellFormed } from './carried-text';
import { bytesIn, durationCode, secondsIn, sizeCode, sizeText } from './code';
import { nearest } from './nearest';
import { namesSecret } from '../../secrets-scan/names';
import { unquoted, Verbatim } from '../findings/describe';
import { keyPart } from '../findings/prop-path';

/**
 * Records that `given` is refused. `at` locates it below the prop: `[2]`, `.key`. `fix` says what to write, if the
 * value shows the intent.
 */
export type Refuse = (given: unknown, expected: string, at?: string, fix?: string) => void;

/**
 * A pure check of one untrusted value. `read` returns the accepted value, or refuses it and returns `undefined`.
 *
 * `Given` is the type of the accepted input. A `Reader` with a check of another type does not compile. The result type
 * can differ: a check of `Duration`s returns seconds.
 */
export interface Check<T, Given = T> {
  readonly expected: string;
  read(value: unknown, refuse: Refuse): T | undefined;
  /** What a caller writes for an accepted value, such as `Duration.seconds(5)`. Messages show a default this way. */
  write?(accepted: T): string;
  /** Only for the compiler. */
  readonly given?: Given;
}

/** Whether a value is a plain object, not an array, a Map or a Date. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/**
 * Creates a check from a predicate. Accepted text becomes part of a manifest, so YAML must keep it unchanged.
 *
 * @param fix what to write instead of a refused value
 */
export function that<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  fix: (refused: unknown) => string | undefined = (refused) => inQuotes(refused, accepts),
): Check<T> {
  return {
    expected,
    read: (value, refuse) => {
      if (!accepts(value)) return void refuse(value, expected, '', fix(value));
      if (typeof value === 'string' && !carriedByYaml(value)) return void refuse(value, CARRIED_TEXT);
      return value as T;
    },
    write: (value) => (typeof value === 'string' ? `'${value}'` : String(value)),
  };
}

/** The fix for a number or a boolean in place of text that `accepts` would accept. */
export function inQuotes(refused: unknown, accepts: (text: string) => boolean): string | undefined {
  const isMeant = Number.isFinite(refused) || typeof refused === 'boolean';
  return isMeant && accepts(String(refused)) ? `Write '${String(refused)}', in quotes` : undefined;
}

export const boolean: Check<boolean> = that(
  'true or false',
  (value) => typeof value === 'boolean',
  (refused) => {
    if (refused === 'true' || refused === 'false') return `Write ${refused}, without quotes`;
    return undefined;
  },
);

/** Non-empty text, often a reason or a purpose: a number in quotes would be none. */
export const text: Check<string> = that(
  'a non-empty string',
  (value) => typeof value === 'string' && value !== '',
  () => undefined,
);

/** Why a safeguard is left out, for reviewers. */
export const reason: Check<string> = that(
  'a reason of at least 10 characters',
  (value) => typeof value === 'string' && value.trim().length >= 10,
);

/** A string that may be empty. */
export const anyText: Check<string> = that('a string', (value) => typeof value === 'string');

/** Non-empty text for this process only, such as the path of a file. */
export const localText: Check<string> = {
  expected: text.expected,
  read(value, refuse) {
    return typeof value === 'string' && value !== '' ? value : void refuse(value, this.expected);
  },
};

/** Text that may be written in base64 if YAML cannot keep it. */
export const content: Check<string> = {
  expected: anyText.expected,
  read(value, refuse) {
    if (typeof value === 'string' && isWellFormed(value)) return value;
    return void refuse(
      Array.isArray(value) ? unquoted(value) : value,
      typeof value === 'string' ? 'text without unpaired surrogates' : this.expected,
      '',
      inQuotes(value, isWellFormed),
    );
  },
};

export function integer(min: number, max: number): Check<number> {
  const accepts = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return that(`an integer from ${min} to ${max}`, accepts, (refused) =>
    typeof refused === 'string' && /^\d+$/.test(refused) && accepts(Number(refused))
      ? `Write ${Number(refused)}, without quotes`
      : undefined,
  );
}

export function oneOf<T extends string>(...allowed: readonly T[]): Check<T> {
  return that(
    allowed.map((word) => `'${word}'`).join(' or '),
    (value) => (allowed as readonly unknown[]).includes(value),
    (refused) => {
      const meant = typeof refused === 'string' ? (nearest(refused, allowed) ?? withPart(refused, allowed)) : undefined;
      return meant && `Did you mean '${meant}'?`;
    },
  );
}

/** The first option that contains the word: `allkeys-lru` for `lru`. */
function withPart(part: string, words: readonly string[]): string | undefined {
  return words.find((word) => word.toLowerCase().split('-').includes(part.toLowerCase()));
}

export function matching(pattern: RegExp, longest: number, expected: string): Check<string> {
  return that(expected, (value) => typeof value === 'string' && value.length <= longest && pattern.test(value));
}

/** An instance of one of our value classes. Other libraries have classes with the same names. */
export function instance<T>(type: { readonly prototype: T; readonly name: string }, expected: string): Check<T> {
  return {
    expected,
    read: (value, refuse) => {
      if (value instanceof (type as unknown as new () => T)) return value;
      const { name } = type;
      if ((value as object | null | undefined)?.constructor?.name !== name) return void refuse(value, expected);
      return void refuse(
        new Verbatim(`a ${name} of another library`),
        expected,
        '',
        `Import ${name} from 'cdk8s-best-practices'`,
      );
    },
  };
}

/** A list. Its items are copied, and each refused item is named by index. */
export function listOf<T, Given>(item: Check<T, Given>): Check<T[], Given[]> {
  const expected = `a list, each item ${item.expected}`;
  return {
    expected,
    read: (value, refuse) => {
      if (!Array.isArray(value)) return void refuse(value, expected);
      return value.flatMap((entry: unknown, index) => {
        const refuseItem: Refuse = (given, wanted, at = '', fix?) => refuse(given, wanted, `[${index}]${at}`, fix);
        if (entry === undefined) refuseItem(entry, item.expected);
        const accepted = entry === undefined ? undefined : item.read(entry, refuseItem);
        return accepted === undefined ? [] : [accepted];
      });
    },
  };
}

/** A struct with a reader of its own. `word` names it with its article. */
export function struct<T>(word: string): Check<unknown, T> {
  return that<unknown>(word, () => true) as Check<unknown, T>;
}

export function structs<T>(word: string): Check<unknown[], T[]> {
  return listOf(struct<T>(word));
}

/** Wraps a check of a credential: a message shows only the type of a refused value. */
export function confidential<T, Given>(check: Check<T, Given>): Check<T, Given> {
  return {
    expected: check.expected,
    read: (value, refuse) =>
      check.read(value, (given, expected, at = '', fix?) =>
        at === '' ? refuse(unquoted(given), expected) : refuse(given, expected, at, fix),
      ),
  };
}

/**
 * A map. Its entries are copied, and each refused entry is named by key. A key that looks like a credential is not
 * quoted.
 */
export function mapOf<T, Given>(
  key: Check<string>,
  item: Check<T, Given>,
): Check<Record<string, T>, Record<string, Given>> {
  const expected = `a map, each key ${key.expected}, each value ${item.expected}`;
  return {
    expected,
    read: (value, refuse) => {
      if (!isPlain(value)) return void refuse(value, expected);
      const accepted: Array<[string, T]> = [];
      for (const [name, given] of Object.entries(value)) {
        if (given === undefined) continue;
        // cdk8s takes such a map for a class instance and drops its content
        if (name === 'constructor' || name === '__proto__') {
          refuse(name, `${key.expected}, but not '${name}'`, keyPart(name));
          continue;
        }
        const goodKey = key.read(name, (refused, wanted) => refuse(refused, wanted, keyPart(name)));
        const goodEntry = item.read(given, (refused, wanted, at = '', fix?) => {
          const hidden = at === '' && namesSecret(name);
          refuse(hidden ? unquoted(refused) : refused, wanted, `${keyPart(name)}${at}`, hidden ? undefined : fix);
        });
        if (goodKey !== undefined && goodEntry !== undefined) accepted.push([name, goodEntry]);
      }
      return Object.fromEntries(accepted);
    },
  };
}

/** A cdk8s `Duration` in whole seconds. Recognized by its methods, since two copies of cdk8s can meet in one app. */
export function seconds(min: number, max: number): Check<number, Duration> {
  const expected = `a Duration of ${min} to ${max} whole seconds`;
  const accepts = (amount: number): boolean => Number.isInteger(amount) && amount >= min && amount <= max;
  return {
    expected,
    read: (value, refuse) => {
      const amount = measure(value, 'toMilliseconds') / 1000;
      if (accepts(amount)) return amount;
      if (!Number.isNaN(amount)) return void refuse(new Verbatim(`${amount} s`), expected);
      const meant = typeof value === 'string' ? secondsIn(value) : value;
      return void refuse(
        value,
        expected,
        '',
        typeof meant === 'number' && accepts(meant) ? `Write ${durationCode(meant)}` : undefined,
      );
    },
    write: durationCode,
  };
}

/** A cdk8s `Size` in bytes. */
export function bytes(min: number, max = Number.MAX_SAFE_INTEGER): Check<number, Size> {
  const expected =
    'a Size of at least ' + `${sizeText(min)}${max === Number.MAX_SAFE_INTEGER ? '' : ` and at most ${sizeText(max)}`}`;
  const accepts = (amount: number): boolean => Number.isInteger(amount) && amount >= min && amount <= max;
  return {
    expected,
    read: (value, refuse) => {
      const amount = measure(value, 'toKibibytes') * 1024;
      if (accepts(amount)) return amount;
      if (!Number.isNaN(amount)) return void refuse(new Verbatim(sizeText(amount)), expected);
      const meant = typeof value === 'string' ? bytesIn(value) : undefined;
      return void refuse(
        value,
        expected,
        '',
        meant !== undefined && accepts(meant) ? `Write ${sizeCode(meant)}` : undefined,
      );
    },
    write: sizeCode,
  };
}

function measure(value: unknown, method: keyof Duration | keyof Size): number {
  const read = (value as Record<string, unknown> | null | undefined)?.[method];
  if (typeof read !== 'function') return NaN;
  try {
    // cdk8s throws for a fraction unless told otherwise
    return (read as (options: object) => number).call(value, { integral: false, rounding: 2 });
  } catch {
    return NaN;
  }
}
