import { type Node, parseRe2, shortestMatch, toJavaScript } from '../../projenrc/re2';

const translated = (source: string): string => toJavaScript(parseRe2(source));

describe('a pattern of RE2 as one of JavaScript', () => {
  test.each([
    ['a flag for the rest of the pattern', 'a(?i)b1', 'a[Bb]1'],
    ['a flag for the rest of a group', '(?:a(?i)b)c', '(?:a[Bb])c'],
    ['a flag for all alternatives of a group', '(?:(?i)a|b)c', '(?:[Aa]|[Bb])c'],
    ['a group with flags', '(?i:[a-f])x', '(?:[A-Fa-f])x'],
    ['a group without a flag', '(?i)a(?-i:b)c', '[Aa](?:b)[Cc]'],
    ['several flags', '(?is)a.(?-s).', '[Aa][^][^\\x0a]'],
    ['a range that has some letters', '(?i)[Y-b]', '[A-BY-by-z]'],
    ['a named group', '(?P<alg>a)(?<b>c)', '(a)(c)'],
    ['classes by name', '[[:alnum:]_-]', '[\\-0-9A-Z_a-z]'],
    ['classes by letter', '\\d\\w\\s', '[0-9][0-9A-Z_a-z][\\x09-\\x0a\\x0c-\\x0d ]'],
    ['their complements', '\\D[^\\W]', '[^0-9][^\\x00-\\/\\:-\\@\\[-\\^\\`\\{-\\uffff]'],
    ['everything', '[\\s\\S]', '[\\x00-\\uffff]'],
    ['the ends of the text', '\\Aa\\z|^a$', '^a$|^a$'],
    ['borders of words', '\\ba\\B', '\\ba\\B'],
    ['numbers of repetitions', 'a*b+?c?d{2}e{3,}f{4,5}?', 'a*b+?c?d{2}e{3,}f{4,5}?'],
    ['codes', '\\x60\\x{2d}\\n', '\\`\\-\\x0a'],
    ['signs without a meaning', ']}{a,=\\/', '\\]\\}\\{a\\,\\=\\/'],
    ['a hyphen at either end', '[-a][a-]', '[\\-a][\\-a]'],
    ['a bracket at the start', '[]a]', '[\\]a]'],
    ['a repeated sequence', '(?:ab|c){2}', '(?:ab|c){2}'],
    ['no pattern', '', ''],
  ])('has %s', (_title, source, expected) => {
    expect(translated(source)).toBe(expected);
    expect(() => new RegExp(expected)).not.toThrow();
  });

  test.each(['(', ')', '[a', '(?m)a', '(?P=a)', '[[:no:]]', '\\pL', '\\', '[b-a]', '(?i'])(
    'is refused where the meaning is unknown: %s',
    (source) => {
      expect(() => parseRe2(source)).toThrow(` of ${source}`);
    },
  );

  test('matches what it matched', () => {
    const pattern = new RegExp(`^${translated('(?i)k(?-i:X)[[:digit:]]{2}(?s:.)\\x60')}$`);
    expect(['kX12\n`', 'KX99a`'].map((text) => pattern.test(text))).toEqual([true, true]);
    expect(['kx12\n`', 'kX1\n`', 'kX12`'].map((text) => pattern.test(text))).toEqual([false, false, false]);
  });
});

test.each<[string, number]>([
  ['abc', 3],
  ['a|bc', 1],
  ['(?:ab){3}c*', 6],
  ['\\b[a-f]+$', 1],
  ['', 0],
])('a match of %s has at least %d characters', (source, length) => {
  const tree: Node = parseRe2(source);
  expect(shortestMatch(tree)).toBe(length);
});
