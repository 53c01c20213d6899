import * as fc from 'fast-check';
import { call, type Terms } from './terms';
import { carriedByYaml } from '../../../src/kernel/schema/carried-text';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';

/** Words of short, longest and other lengths. */
export function word(alphabet: string, min: number, max: number): fc.Arbitrary<string> {
  const of = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
    fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength, size: 'max' });
  const short = of(min, Math.min(max, min + 5));
  return fc
    .oneof({ withCrossShrink: true }, { weight: 4, arbitrary: short }, of(max, max), of(min, max))
    .filter(carriedByYaml);
}

/** At most one of each character class at the ends: names start and end with a letter or digit. */
function trimmed(text: string, edge = 'a'): string {
  return text.replace(/^[^a-zA-Z0-9]|[^a-zA-Z0-9]$/g, edge);
}

export function dnsLabel(max = 63): fc.Arbitrary<string> {
  return word(`${LOWER}${DIGITS}-`, 1, max)
    .map((name) => trimmed(name))
    .filter(carriedByYaml);
}

/** The name of a Service must start with a letter (RFC 1035). */
export function serviceName(max = 63): fc.Arbitrary<string> {
  return dnsLabel(max).map((name) => name.replace(/^\d/, 'a'));
}

/** DNS names with labels of at most `label` characters, up to `max` in all. */
export function subdomain(max = 253, label = 63): fc.Arbitrary<string> {
  const longest = `${'a'.repeat(label)}.`.repeat(Math.ceil(max / (label + 1))).slice(0, max);
  return fc
    .oneof(
      { withCrossShrink: true },
      { weight: 4, arbitrary: dnsLabel(Math.min(label, max)) },
      {
        weight: 2,
        arbitrary: fc
          .array(dnsLabel(8), { minLength: 2, maxLength: 4 })
          .map((parts) => parts.join('.').slice(0, max))
          .map((name) => trimmed(name)),
      },
      fc.constant(trimmed(longest)),
    )
    .filter(carriedByYaml);
}

/** A host that is no address. */
export const hostName = subdomain().map((host) => (/^[\d.]+$/.test(host) ? `h${host.slice(1)}` : host));

export const portName = word(`${LOWER}${DIGITS}-`, 1, 15).map((name) => {
  const single = trimmed(name).replace(/-+/g, '-');
  return /[a-z]/.test(single) ? single : `p${single.slice(1)}`;
});

/** What a YAML 1.1 reader takes for something else than text when it is not quoted. */
const LOOKS_TYPED = [
  'true',
  'no',
  'y',
  'on',
  'null',
  '0',
  '0x1f',
  '0b1',
  '017',
  '1_000',
  '1.0',
  '2024-01-01',
  'NaN',
  'Infinity',
  '9223372036854775808',
];

/** The name of a label key, or a label value that is not empty. */
export const qualified = word(`${LOWER}${UPPER}${DIGITS}-_.`, 1, 63)
  .map((name) => trimmed(name))
  .filter(carriedByYaml);

export const labelKey = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: qualified },
  fc.constantFrom(...LOOKS_TYPED.filter((text) => text !== '')),
  fc.tuple(subdomain(), qualified).map(([prefix, name]) => `${prefix}/${name}`),
);

export const labelValue = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: qualified },
  fc.constant(''),
  fc.constantFrom(...LOOKS_TYPED),
);

/** Maps without the keys that JavaScript objects have anyway. */
export function mapping<T>(
  key: fc.Arbitrary<string>,
  value: fc.Arbitrary<T>,
  maxKeys = 3,
): fc.Arbitrary<Record<string, T>> {
  return fc.dictionary(
    key.filter((name) => !(name in Object.prototype)),
    value,
    { maxKeys, noNullPrototype: true },
  );
}

export const labels = mapping(labelKey, labelValue);

/** Text that writers and readers of YAML get wrong. */
const TRICKY = [
  ...LOOKS_TYPED,
  '',
  ' ',
  ' a',
  'a ',
  '\n',
  'a\n',
  'a\n\n',
  '\na',
  ' \n',
  '\ta',
  'a\tb',
  'a\r\nb',
  'a\rb',
  '---',
  'a\n---\nb',
  '...',
  '#',
  'a #b',
  'a: b',
  '- a',
  '=',
  '<<',
  '~',
  '!a',
  '&a',
  '*a',
  '%a',
  '@a',
  '`',
  '|',
  '>',
  '{}',
  '[]',
  '"',
  "'",
  '\\',
  '12:30:45',
  'é',
  'ß',
  '😀',
  '\u00a0',
  '\u200b',
  '\ufeff',
  '\u0000',
  '\u0007',
  '\u001b',
  '\ufdd0',
  '\u{10ffff}',
  '1:30',
  '1e3',
  '.nan',
  '-.inf',
  'a'.repeat(2000),
  'a b '.repeat(100),
];

/** Text that YAML does not carry, which a ConfigMap may have nevertheless. */
const LOST_IN_YAML = ['0o17', '1e_3', ' \n', '\n\ta', 'a\u0085b', '\u007f', '\u2028', '\uffff'];

/** Any text, of any characters. */
export const content = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.string({ maxLength: 20 }) },
  fc.constantFrom(...TRICKY),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.constantFrom(...LOST_IN_YAML),
);

/** Any text of a manifest. */
export const anyText = content.filter(carriedByYaml);

export const annotations = mapping(labelKey, anyText);

const part = fc
  .oneof(word(`${LOWER}${UPPER}${DIGITS}-_.`, 1, 12), fc.constantFrom('é', 'a b', '@', '.a', '$x', 'a'.repeat(255)))
  .filter((text) => !text.startsWith('..') && text !== '.');

export const relativePath = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

export const absolutePath = relativePath.map((path) => `/${path}`);

/** Whole seconds, in one of the units that give them. */
export function duration(min: number, max: number): fc.Arbitrary<Terms> {
  return fc.tuple(fc.integer({ min, max }), fc.constantFrom('seconds', 'millis', 'minutes')).map(([seconds, unit]) => {
    if (unit === 'millis') return call('Duration.millis', seconds * 1000);
    return unit === 'minutes' && seconds % 60 === 0
      ? call('Duration.minutes', seconds / 60)
      : call('Duration.seconds', seconds);
  });
}

/** The largest Size: 2^53 - 1 bytes, in whole kibibytes. */
const MOST_KIBIBYTES = 2 ** 43 - 1;

/** Sizes from `min` kibibytes up, small ones and the largest. */
export function size(min: number, max = MOST_KIBIBYTES): fc.Arbitrary<Terms> {
  return fc
    .oneof(
      { withCrossShrink: true },
      { weight: 3, arbitrary: fc.integer({ min, max: Math.min(max, min + 2 ** 20) }) },
      fc.integer({ min, max }),
    )
    .map((kibibytes) => sizeOf(kibibytes));
}

export function sizeOf(kibibytes: number): Terms {
  return kibibytes % 1024 === 0 ? call('Size.mebibytes', kibibytes / 1024) : call('Size.kibibytes', kibibytes);
}
