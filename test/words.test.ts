import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './compiler';

/** What the rules for English in docs/architecture.md refuse, and what to write instead. */
const REFUSED: ReadonlyArray<readonly [phrase: RegExp, instead: string]> = [
  [/, too(?=[.,;:)]|$)/, 'also, before the verb'],
  [/\bwho(?:m|so)?ever\b/i, 'anyone who, or name the actor'],
  [/\bWho (?:can|has|applies|skips|reaches)\b(?![^.|]*\?)/, 'anyone who'],
  [/\b(?:goes|go|going) on\b/i, 'continues, keeps'],
  [/\bfor ever\b/i, 'forever'],
  [/\b(?:un)?declared edges?\b/i, 'declared connection'],
  [/\bin the words of\b/i, 'name the annotation, the field or the format'],
  [/\bNothing of (?:it|them|the)\b/, 'name the actor: the library writes nothing'],
  [/\bto be had\b/i, 'available'],
  [/\b(?:is|are) told (?:so|otherwise|to)\b/i, 'name the setting or the message'],
  [/\bis said by\b/i, 'name the prop'],
  [/\bby nobody\b/i, 'nothing does'],
  [/\bto do it all the same\b/i, 'how to allow it'],
];

/** The files of a folder, and of those in it, by the end of their names. */
const filesOf = (folder: string, end: RegExp, recursive = true): string[] =>
  readdirSync(join(ROOT, folder), { recursive, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => end.test(file))
    .sort();

const GENERATED = ['docs/rules.md', 'docs/how-we-know.md', 'benchmark/results.md', 'benchmark/journal/results.md'];
/** Guides and other documents. Tables that a command writes are not scanned here: their words are in SOURCES. */
const GUIDES = [
  ...filesOf('.', /\.md$/, false),
  ...filesOf('docs', /\.md$/, false),
  ...filesOf('examples', /^(?!.*\/(?:node_modules|dist)\/).*\.md$/),
  ...filesOf('benchmark', /^(?!.*\/out\/).*\.md$/),
].filter((file) => !GENERATED.includes(file));
/**
 * Doc comments, messages, the catalogue of rules, and what is generated from them. Not the shell scripts: they are in
 * ConfigMaps, and a new word in a comment would restart pods.
 */
const SOURCES = [...filesOf('src', /^(?!.*\.generated\.).*\.ts$/), ...GENERATED, 'test/messages.golden.txt'];

/** Leave SOURCES out here to scan the documents alone. */
const SCANNED = [GUIDES, SOURCES];

interface Lapse {
  readonly line: number;
  readonly phrase: string;
  readonly instead: string;
}

/** The text as one line per paragraph or comment, so that a phrase may cross the end of a line. Keeps its length. */
function unwrapped(text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  return text
    .replace(/^ *```[\s\S]*?^ *```/gm, blank)
    .replace(/^<!-- [^\n]* writes this table -->$[\s\S]*?^<!-- end/gm, blank)
    .replace(/`[^`\n]*`/g, blank)
    .replace(/^ *(?:\*|\/\/|#) ?/gm, blank);
}

function lapsesIn(text: string): Lapse[] {
  const plain = unwrapped(text);
  return REFUSED.flatMap(([phrase, instead]) =>
    [...plain.matchAll(new RegExp(phrase.source.replaceAll(' ', '\\s+'), `${phrase.flags}g`))].map((match) => ({
      line: plain.slice(0, match.index).split('\n').length,
      phrase: match[0].replace(/\s+/g, ' '),
      instead,
    })),
  );
}

describe('the rules for English', () => {
  test('find a phrase in a sentence, in a comment and across lines, and not in code', () => {
    const text = ['It counts, too.', '', ' * The reader goes', ' * on. Run `whoever`.', '```sh', 'goes on', '```'].join(
      '\n',
    );
    expect(lapsesIn(text)).toEqual([
      { line: 1, phrase: ', too', instead: 'also, before the verb' },
      { line: 3, phrase: 'goes on', instead: 'continues, keeps' },
    ]);
  });

  test.each(REFUSED.map(([phrase, instead]) => [instead, phrase]))('advise words that they accept: %s', (instead) => {
    expect(lapsesIn(String(instead))).toEqual([]);
  });

  test('hold in the documents', () => {
    const found = SCANNED.flat().flatMap((file) =>
      lapsesIn(readFileSync(join(ROOT, file), 'utf8')).map(
        ({ line, phrase, instead }) => `${file}:${line}: '${phrase}': ${instead}`,
      ),
    );
    expect(GUIDES.length).toBeGreaterThan(30);
    expect(SOURCES.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  test.each(['test/messages.golden.txt', 'docs/rules.md'])(
    "call what connectTo declares a connection, not an 'edge', as the sources do: %s",
    (file) => {
      const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
      expect(lines.length).toBeGreaterThan(1000);
      expect(lines.filter((line) => /(?<!['`])\bedges?\b(?!['`])/i.test(line))).toEqual([]);
    },
  );
});
