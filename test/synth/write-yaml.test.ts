import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { TEXT } from './random-tree';
import { foreignDocument } from '../../src/synth/rendered-document';
import { YamlWriter } from '../../src/synth/write-yaml';

/** Expects the bytes of cdk8s, from one writer for all documents: it keeps what it has learned. */
const writer = new YamlWriter();
function expectSame(...documents: unknown[]): void {
  expect(writer.write(documents.map(foreignDocument))).toBe(Yaml.stringify(...documents));
}

const { value: VALUE } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    TEXT,
    TEXT,
    fc.oneof(fc.integer(), fc.double(), fc.bigInt(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(TEXT, fc.nat({ max: 120 }).map(String)), tie('value'), { maxKeys: 4 }),
  ),
}));

describe('documents have the bytes of cdk8s', () => {
  test('whatever text is in them', () => {
    fc.assert(
      fc.property(TEXT, (text) => expectSame({ text, deep: { list: [text, [text], { [text]: text }] }, [text]: text })),
      { numRuns: 5000 },
    );
  });

  test('whatever JSON, quotes and indicators are on a line', () => {
    const part = fc.constantFrom('"', "'", '\\', ': ', ' #', '{', '[', '%', '`', '-', '?', ' ', 'a', '\\n', '\t', 'é');
    const line = fc.oneof(
      fc.json(),
      fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(line, (text) => expectSame({ text, deep: { list: [text, [text]] } })),
      { numRuns: 2000 },
    );
  });

  test('whatever their shape', () => {
    fc.assert(
      fc.property(VALUE, VALUE, (first, second) => expectSame({ first, second }, second)),
      { numRuns: 3000 },
    );
  });

  test('also with long keys, and objects that occur twice', () => {
    const shared = { a: [1] };
    for (const length of [63, 64, 65, 1000, 1023, 1024, 1025, 2000]) {
      expectSame({ ['k'.repeat(length)]: 'v'.repeat(length), deep: [{ ['%'.repeat(length)]: 1 }] });
    }
    expectSame({ a: shared, b: { c: [shared] } }, { a: shared });
    expectSame({ '---': 1, 'deep': { '---': 1, '...': '---', '%a': '%' } });
  });

  // text with a meaning in YAML 1.1, one by one and with its neighbours
  const WORDS = [
    'y',
    'Y',
    'n',
    'N',
    'yes',
    'Yes',
    'YES',
    'yEs',
    'no',
    'on',
    'On',
    'off',
    'true',
    'True',
    'false',
    'null',
    'Null',
    'NULL',
    '~',
    '',
    'e1',
    'E5',
    'e+5',
    'e-9',
    'e',
    '0',
    '-1',
    '+1',
    '1.',
    '.1',
    '1.5',
    '1e3',
    '1_0',
    '_1',
    '0x1F',
    '0xg',
    '0b1',
    '0o7',
    '017',
    '089',
    '1:20',
    '1:99',
    '1:20.5',
    '.inf',
    '-.inf',
    '.NaN',
    '2001-01-01',
    '2001-1-1 1:1:1',
    '<<',
    '=',
    '-',
    '- a',
    '?',
    '? a',
    ':',
    'a:',
    'a: b',
    'a:b',
    '#',
    'a#',
    'a #',
    '/',
    '_',
    'a ',
    ' a',
    'a  b',
    'a,b',
    'a]',
    '[a',
    '{',
    '@',
    '`',
    '%',
    '!',
    '&',
    '*',
    '|',
    '>',
    '"',
    "'",
    "it's",
    'say "x"',
    'both \' and "',
    '\t',
    'a\tb',
    'a\n',
    'a\nb',
    'a\n\nb\n',
    'a\n ',
    ' a\nb',
    'a\n b',
    '\na',
    '\n',
    'a\n\n',
    'a \nb',
    'é',
    'a\né',
    '#!/bin/sh\nx\n',
    '-a\nb',
    '---\na',
    'a\n---\nb',
  ];
  test.each(WORDS)('for %j', (word) => {
    for (const text of [
      word,
      word.toUpperCase(),
      `${word}a`,
      `a${word}`,
      `${word} `,
      `${word}\n`,
      `-${word}`,
      `${word}${word}`,
    ]) {
      expectSame({ [text]: text, list: [text, { [text]: [text] }], a: { b: { c: text } } });
    }
  });
});
