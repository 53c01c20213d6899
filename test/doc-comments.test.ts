import { readdirSync } from 'node:fs';
import { type Block, blocksOf, faultsOf, programOf, read } from './documents/blocks';
import { compile, run } from './documents/on-sources';
import * as library from '../src';

const FILES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
  .map((file) => `src/${file}`);

/** The comment before a declaration, with what it declares. */
interface Comment {
  readonly of: string;
  readonly file: string;
  readonly examples: Block[];
}

const COMMENTS = FILES.flatMap((file): Comment[] => {
  const text = read(file);
  return [...text.matchAll(/^ *\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n(.*)/gm)].map((found) => {
    // as a document with the lines of the file
    const lines = found[0]
      .split('\n')
      .slice(0, -1)
      .map((line) => line.replace(/^ *\/?\*+\/? ?/, ''));
    const before = text.slice(0, found.index).replace(/[^\n]/g, '');
    return {
      file,
      of: /\bclass (\w+)/.exec(found[1])?.[1] ?? found[1],
      examples: blocksOf(file, before + lines.join('\n')),
    };
  });
});
const CLASSES = Object.entries(library)
  .filter(([, value]) => typeof value === 'function' && /^class\b/.test(String(value)))
  .map(([name]) => name);
// what is not exported has comments for others
const PUBLIC = new Set(COMMENTS.filter(({ of }) => CLASSES.includes(of)).map(({ file }) => file));
const EXAMPLES = COMMENTS.flatMap(({ examples }) => examples).filter(({ file }) => PUBLIC.has(file));

describe('doc comments', () => {
  test('have an example for each class that users get, and one that is short', () => {
    const examples = new Map(COMMENTS.map(({ of, examples: own }) => [of, own]));
    expect(CLASSES.length).toBeGreaterThan(60);
    expect(CLASSES.filter((name) => !examples.get(name)?.length)).toEqual([]);
    expect(EXAMPLES.filter(({ code }) => code.split('\n').length > 22).map(({ file }) => file)).toEqual([]);
  });

  test('have examples of TypeScript only, which compile', () => {
    expect(EXAMPLES.filter(({ language }) => language !== 'ts')).toEqual([]);
    expect(compile(EXAMPLES.map((block) => programOf(block)))).toEqual([]);
  });

  test('have examples that run', () => {
    expect(EXAMPLES.flatMap((block) => faultsOf(programOf(block), [], run(programOf(block))))).toEqual([]);
  });
});
