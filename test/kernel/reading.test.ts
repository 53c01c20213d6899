import { Duration, Size } from 'cdk8s';
import * as fc from 'fast-check';
import { describe as inWords } from '../../src/kernel/findings/describe';
import { Problems } from '../../src/kernel/findings/problems';
import {
  anyText,
  boolean,
  bytes,
  type Check,
  confidential,
  instance,
  integer,
  isPlain,
  listOf,
  mapOf,
  matching,
  oneOf,
  seconds,
  text,
} from '../../src/kernel/schema/checks';
import { Reader } from '../../src/kernel/schema/reader';
import { configKey } from '../../src/kernel/schema/syntax';

interface Sample {
  readonly replica: number;
  readonly replicas: number;
  readonly image: string;
  readonly readiness: string;
}

const HINT = { fix: 'Do better' };

/** The messages about one reading of `given`. */
function reading(given: unknown, read: (reader: Reader<Sample>) => void, path?: string): string[] {
  const problems = new Problems();
  read(new Reader<Sample>(problems, given, path));
  return problems.findings().map(({ message }) => message);
}

/** What a check makes of a value: the accepted one, or the refusals as `place: value`. */
function checked<T>(check: Check<T, unknown>, value: unknown): { accepted: T | undefined; refused: string[] } {
  const refused: string[] = [];
  const accepted = check.read(value, (given, expected, at = '') =>
    refused.push(`${at}: ${inWords(given)}, not ${expected}`),
  );
  return { accepted, refused };
}

describe('a value in words', () => {
  class Custom {}
  test.each([
    [undefined, 'nothing'],
    [null, 'null'],
    ['', "''"],
    ['two\n lines', "'two lines'"],
    [NaN, 'NaN'],
    [0, '0'],
    [1.5, '1.5'],
    [10n, '10'],
    [true, 'true'],
    [Symbol('s'), 'Symbol(s)'],
    [[1, 'a', null], "[1, 'a', null]"],
    [{ a: 1, b: 2 }, '{a, b}'],
    [{ 'a\nb': 1 }, '{a b}'],
    [{}, '{}'],
    [Object.create(null), '{}'],
    [new Custom(), 'a Custom'],
    [new Map(), 'a Map'],
    [
      function build() {
        /* nothing */
      },
      'a function build',
    ],
    [
      (
        () => () =>
          1
      )(),
      'a function',
    ],
  ])('%p is %s', (value, words) => {
    expect(inWords(value)).toBe(words);
  });

  test('is cut after 60 characters', () => {
    expect(inWords('x'.repeat(60))).toBe(`'${'x'.repeat(60)}'`);
    expect(inWords('x'.repeat(61))).toBe(`'${'x'.repeat(60)}...'`);
  });

  test('is one line, whatever the value', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (value) => {
          expect(inWords(value)).toMatch(/^.+$/);
        },
      ),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('the reader of props', () => {
  test('gives an accepted value and says nothing', () => {
    const seen: unknown[] = [];
    const messages = reading({ replicas: 3 }, (read) => {
      seen.push(
        read.required('replicas', integer(0, 9), 1, HINT),
        read.optional('image', text, 'fallback', HINT),
        read.has('replicas'),
        read.has('image'),
      );
    });
    expect(seen).toEqual([3, 'fallback', true, false]);
    expect(messages).toEqual([]);
  });

  test('refuses a missing required prop and goes on with the stand-in', () => {
    let standIn: unknown;
    const messages = reading({}, (read) => {
      standIn = read.required('replicas', integer(0, 9), 1, { fix: 'Give it', practice: 'CH01-11' });
    });
    expect(standIn).toBe(1);
    expect(messages).toEqual(["prop 'replicas': got nothing, expected an integer from 0 to 9. Give it (CH01-11)"]);
  });

  test.each<[value: unknown, words: string, fix?: string]>([
    [null, 'null'],
    [NaN, 'NaN'],
    ['', "''"],
    [-1, '-1'],
    [1.5, '1.5'],
    ['3', "'3'", 'Write 3, without quotes'],
  ])('does not take %p for a prop that is left out', (value, words, fix = 'Do better') => {
    expect(reading({ replicas: value }, (read) => void read.optional('replicas', integer(0, 9), 1, HINT))).toEqual([
      `prop 'replicas': got ${words}, expected an integer from 0 to 9. ${fix}`,
    ]);
  });

  test.each<[value: unknown, words: string, fix: string]>([
    [8080, '8080', "Write '8080', in quotes"],
    [1.4, '1.4', "Write '1.4', in quotes"],
    [true, 'true', "Write 'true', in quotes"],
    [NaN, 'NaN', 'Do better'],
    [null, 'null', 'Do better'],
    [-1, '-1', 'Do better'],
  ])('says what to write for %p in place of a text', (value, words, fix) => {
    const version = matching(/^\w[\w.]*$/, 9, 'a version');
    expect(reading({ image: value }, (read) => void read.optional('image', version, '1.0', HINT))).toEqual([
      `prop 'image': got ${words}, expected a version. ${fix}`,
    ]);
  });

  test('says what to write for a value of a map, and hides a credential', () => {
    const given = { image: { PORT: 8080, PASSWORD: 1234 } };
    const read = (reader: Reader<{ readonly image: Record<string, string> }>): void =>
      void reader.optional('image', confidential(mapOf(text, anyText)), {}, HINT);
    const problems = new Problems();
    read(new Reader(problems, given));
    expect(problems.findings().map(({ message }) => message)).toEqual([
      "prop 'image['PORT']': got 8080, expected a string. Write '8080', in quotes",
      "prop 'image['PASSWORD']': got a number, expected a string. Do better",
    ]);
  });

  test('takes undefined for left out, and 0 for a value', () => {
    const seen: unknown[] = [];
    const messages = [undefined, 0].flatMap((value) =>
      reading({ replicas: value }, (read) => void seen.push(read.optional('replicas', integer(0, 9), 1, HINT))),
    );
    expect(seen).toEqual([1, 0]);
    expect(messages).toEqual([]);
  });

  test.each([
    [null, 'null'],
    [7, '7'],
    ['text', "'text'"],
    [[], '[]'],
    [new Map(), 'a Map'],
  ])('refuses %p in place of the props', (given, words) => {
    expect(reading(given, () => undefined)).toEqual([
      `prop 'props': got ${words}, expected an object. Give each prop by its name`,
    ]);
    expect(reading(given, () => undefined, 'service.')).toEqual([
      `prop 'service': got ${words}, expected an object. Give each prop by its name`,
    ]);
  });

  test('reads a missing props object as one without props', () => {
    expect(reading(undefined, (read) => read.refuseUnknown())).toEqual([]);
  });

  test('does not read what an object inherits', () => {
    expect(
      reading(Object.create({ replicas: 3 }), (read) => void read.required('replicas', integer(0, 9), 1, HINT)),
    ).toEqual(["prop 'replicas': got nothing, expected an integer from 0 to 9. Do better"]);
  });

  test('names unknown props, with the nearest known one where one is near', () => {
    const messages = reading(
      { replica: 3, readynes: 'x', zzz: 1, gone: undefined },
      (read) => {
        read.optional('replicas', integer(0, 9), 1, HINT);
        read.optional('readiness', text, '', HINT);
        read.refuseUnknown();
      },
      'service.',
    );
    expect(messages).toEqual([
      "prop 'service.replica': got an unknown prop, expected one of readiness, replicas. Did you mean 'replicas'?",
      "prop 'service.readynes': got an unknown prop, expected one of readiness, replicas. Did you mean 'readiness'?",
      "prop 'service.zzz': got an unknown prop, expected one of readiness, replicas. Write one of these",
    ]);
  });

  test('proposes the nearest of several near props, whatever the case of the letters', () => {
    expect(
      reading({ REPLICASS: 'x' }, (read) => {
        read.raw('replica');
        read.raw('replicas');
        read.refuseUnknown();
      }),
    ).toEqual(["prop 'REPLICASS': got an unknown prop, expected one of replica, replicas. Did you mean 'replicas'?"]);
  });

  test('proposes nothing that is far', () => {
    const propose = (given: string, known: string): string =>
      reading({ [given]: 'x' }, (read) => {
        read.raw(known as never);
        read.refuseUnknown();
      })[0].replace(/^.*\. /, '');
    expect(propose('serviceAccountName', 'serviceAccountToken')).toBe('Write one of these');
    expect(propose('serviceAcountTokens', 'serviceAccountToken')).toBe("Did you mean 'serviceAccountToken'?");
    expect(propose('imag', 'image')).toBe("Did you mean 'image'?");
  });

  test.each([
    ['imagePullPolicy', 'pullPolicy'],
    ['imagePullSecrets', 'pullSecrets'],
    ['terminationGracePeriodSeconds', 'terminationGracePeriod'],
    ['readinessProbe', 'readiness'],
  ])('knows %s of Kubernetes as %s', (given, known) => {
    expect(
      reading({ [given]: 'x' }, (read) => {
        read.raw(known as never);
        read.refuseUnknown();
      }),
    ).toEqual([`prop '${given}': got an unknown prop, expected one of ${known}. Use '${known}'`]);
  });

  test('leaves a long list out beside a proposal', () => {
    const names = Array.from(
      { length: 13 },
      (_, index) => `prop${String.fromCharCode(97 + index)}${'x'.repeat(index)}`,
    );
    const unknown = (known: readonly string[]): string[] =>
      reading({ propaa: 'x', zzz: 1, envFrom: [] }, (read) => {
        for (const name of known) read.raw(name as never);
        read.expectForeign({ envFrom: 'Call addEnvFrom(...)' });
        read.refuseUnknown();
      });
    expect(unknown(names)).toEqual([
      "prop 'propaa': got an unknown prop, expected a known one. Did you mean 'propa'?",
      `prop 'zzz': got an unknown prop, expected one of ${names.join(', ')}. Write one of these`,
      "prop 'envFrom': got an unknown prop, expected a known one. Call addEnvFrom(...)",
    ]);
    expect(unknown(names.slice(1))[0]).toBe(
      `prop 'propaa': got an unknown prop, expected one of ${names.slice(1).join(', ')}. Did you mean 'propbx'?`,
    );
  });

  test('refuses two props that exclude each other, only when both are given', () => {
    const conflict = (given: object): string[] =>
      reading(given, (read) => read.conflict('replicas', 'image', { fix: 'Keep one', practice: 'B5' }));
    expect(conflict({ replicas: 1 })).toEqual([]);
    expect(conflict({ replicas: 1, image: 'x' })).toEqual([
      "prop 'replicas': got 1 beside 'image': 'x', expected one of the two. Keep one (B5)",
    ]);
  });
});

describe('checks', () => {
  test('integers have bounds, and are neither fractions nor NaN', () => {
    const check = integer(1, 3);
    expect([1, 3].map((value) => checked(check, value).accepted)).toEqual([1, 3]);
    expect([0, 4, 1.5, NaN, Infinity, '2', null].map((value) => checked(check, value).refused.length)).toEqual([
      1, 1, 1, 1, 1, 1, 1,
    ]);
  });

  test('a list is copied, and each refused item is named by its index', () => {
    const given = ['a', '', 'b', 7];
    const { accepted, refused } = checked(listOf(text), given);
    expect(accepted).toEqual(['a', 'b']);
    expect(accepted).not.toBe(given);
    expect(refused).toEqual(["[1]: '', not a non-empty string", '[3]: 7, not a non-empty string']);
    expect(checked(listOf(text), 'a').refused).toEqual([": 'a', not a list, each item a non-empty string"]);
  });

  test('the items of a nested list are named by all their indexes', () => {
    expect(checked(listOf(listOf(boolean)), [[true], [false, 1]]).refused).toEqual(['[1][1]: 1, not true or false']);
  });

  test('a map is copied, and each refused entry is named by its key', () => {
    const given = { 'good': 'a', 'bad key': 'b', 'empty': '', 'gone': undefined };
    const { accepted, refused } = checked(mapOf(configKey, text), given);
    expect(accepted).toEqual({ good: 'a' });
    expect(accepted).not.toBe(given);
    expect(refused).toEqual([
      `['bad key']: 'bad key', not ${configKey.expected}`,
      "['empty']: '', not a non-empty string",
    ]);
  });

  test.each([null, 'a', 7, [], new Map([['a', 'b']]), new Date(0)])('%p is no map', (value) => {
    expect(checked(mapOf(text, text), value)).toEqual({
      accepted: undefined,
      refused: [`: ${inWords(value)}, not a map, each key a non-empty string, each value a non-empty string`],
    });
  });

  test.each(['constructor', '__proto__'])('%s is no key of a map: what is below it would be lost', (key) => {
    const given = Object.fromEntries([
      [key, 'lost'],
      ['kept', 'value'],
    ]);
    expect(checked(mapOf(text, text), given)).toEqual({
      accepted: { kept: 'value' },
      refused: [`['${key}']: '${key}', not a non-empty string, but not '${key}'`],
    });
  });

  test('words and patterns', () => {
    expect(oneOf('a', 'b').expected).toBe("'a' or 'b'");
    expect(checked(oneOf('a', 'b'), 'b').accepted).toBe('b');
    expect(checked(oneOf('a', 'b'), 'A').refused).toEqual([": 'A', not 'a' or 'b'"]);
    const short = matching(/^x+$/, 3, 'a few x');
    expect([
      checked(short, 'xxx').accepted,
      checked(short, 'xxxx').accepted,
      checked(short, 'y').accepted,
      checked(short, ['xxx']).accepted,
    ]).toEqual(['xxx', undefined, undefined, undefined]);
  });

  test('an instance of a class is none of an object that only looks so', () => {
    expect(checked(instance(Date, 'a Date'), new Date(0)).accepted).toEqual(new Date(0));
    expect(checked(instance(Date, 'a Date'), {}).refused).toEqual([': {}, not a Date']);
  });

  test.each([
    [Duration.seconds(5), 5],
    [Duration.minutes(1), 60],
    [Duration.millis(2000), 2],
    [{ toMilliseconds: () => 7000 }, 7],
  ])('%p counts in whole seconds', (value, amount) => {
    expect(checked(seconds(0, 100), value)).toEqual({ accepted: amount, refused: [] });
  });

  test.each([
    [Duration.millis(1500), '1.5 s'],
    [Duration.minutes(2), '120 s'],
    [Duration.seconds(NaN), 'a Duration'],
    [
      {
        toMilliseconds: () => {
          throw new Error('no');
        },
      },
      '{toMilliseconds}',
    ],
    [5, '5'],
    ['5s', "'5s'"],
    [null, 'null'],
    [Size.mebibytes(1), 'a Size'],
  ])('%p is no time of 0 to 100 s', (value, words) => {
    expect(checked(seconds(0, 100), value)).toEqual({
      accepted: undefined,
      refused: [`: ${words}, not a Duration of 0 to 100 whole seconds`],
    });
  });

  test.each([
    [Size.kibibytes(1), 1024],
    [Size.mebibytes(0.5), 524_288],
    [Size.gibibytes(1), 1_073_741_824],
  ])('%p counts in bytes', (value, amount) => {
    expect(checked(bytes(1), value)).toEqual({ accepted: amount, refused: [] });
  });

  test('sizes have bounds', () => {
    expect(checked(bytes(4096), Size.kibibytes(1)).refused).toEqual([': 1 KiB, not a Size of at least 4 KiB']);
    expect(checked(bytes(1, 1024), Size.kibibytes(2)).refused).toEqual([
      ': 2 KiB, not a Size of at least 1 byte and at most 1 KiB',
    ]);
    expect(checked(bytes(1), 1024).refused).toEqual([': 1024, not a Size of at least 1 byte']);
    expect(checked(bytes(1), Duration.seconds(1)).refused).toEqual([': a Duration, not a Size of at least 1 byte']);
  });

  test('only an object whose own properties are what it holds is plain', () => {
    expect([{}, Object.create(null), new (class A {})()].map(isPlain)).toEqual([true, true, true]);
    expect([null, undefined, [], 'a', new Map(), new Set(), new Date(0), () => 1].map(isPlain)).toEqual(
      new Array(8).fill(false),
    );
  });
});
