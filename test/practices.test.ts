import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ts from 'typescript';

const ROOT = resolve(__dirname, '..');
/** One id: of a practice, a system of the book, a practice or system of a shorter text, a check of our own. */
const ONE = String.raw`(?:CH\d{2}-\d{2}|SYS-\d{2}-\d{2}|S\d{3}-(?:SYS)?\d{2,3}|S\d{2}-\d{2}|S\d{2}|DX-\d{2}|B\d{1,2})`;
const ID = new RegExp(String.raw`\b${ONE}\b`, 'g');
/** The ids that a title ends with: "refuses an untagged image (CH01-09)". */
const TITLE_END = new RegExp(String.raw`\((${ONE}(?:, ${ONE})*)\)$`);

interface Row {
  readonly id: string;
  readonly practice: string;
  readonly construct: string;
  readonly tests: string[];
}

const DOCUMENT = readFileSync(join(ROOT, 'docs/practices.md'), 'utf8');
const ROWS = [...DOCUMENT.matchAll(/^\| ([A-Z\d-]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, id, practice, construct, tests]): Row => ({
    id,
    practice,
    construct,
    tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, file]) => file),
  }),
);
const NOT_ENCODED = [...DOCUMENT.matchAll(/^\| ([A-Z\d-]+) \| ([^|]+) \|$/gm)]
  .map(([, id]) => id)
  .filter((id) => id.match(ID));

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Titles of `test`, `it` and `describe`, also those of `test.each(...)`, whose rows may start with the title. */
function titlesOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.ES2022);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ['test', 'it', 'describe'].includes(rootName(node.expression))) {
      const [title] = node.arguments;
      if (title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
        titles.push(title.getText(source).slice(1, -1));
      } else if (title && ts.isArrayLiteralExpression(title)) {
        titles.push(...firstTexts(title));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}

function rootName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  return ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node)
    ? rootName(ts.isTaggedTemplateExpression(node) ? node.tag : node.expression)
    : '';
}

function firstTexts(table: ts.ArrayLiteralExpression): string[] {
  return table.elements.flatMap((row) => {
    const first = ts.isArrayLiteralExpression(row) ? row.elements[0] : row;
    return first && ts.isStringLiteralLike(first) ? [first.text] : [];
  });
}

const TESTS = filesBelow('test').filter((file) => file.endsWith('.test.ts'));
const SHOWN = new Map(
  TESTS.map((file) => [file, new Set(titlesOf(file).flatMap((title) => TITLE_END.exec(title)?.[1].split(', ') ?? []))]),
);

describe('docs/practices.md', () => {
  test('has one row for each practice, with a construct and a test', () => {
    const ids = [...ROWS.map(({ id }) => id), ...NOT_ENCODED];
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(
      ROWS.filter(
        ({ construct, practice, tests }) => construct.trim() === '' || practice.trim() === '' || tests.length === 0,
      ),
    ).toEqual([]);
  });

  test('has every practice that the sources name', () => {
    const known = new Set([...ROWS.map(({ id }) => id), ...NOT_ENCODED]);
    const named = filesBelow('src').flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(ID)].map(([id]) => ({ file, id })),
    );
    expect(named.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  test('has every practice that a test shows', () => {
    const known = new Set(ROWS.map(({ id }) => id));
    const shown = [...SHOWN].flatMap(([file, ids]) => [...ids].map((id) => ({ file, id })));
    expect(shown.filter(({ id }) => !known.has(id))).toEqual([]);
  });

  test('names for each practice a test whose title ends with its id', () => {
    const wrong = ROWS.flatMap(({ id, tests }) =>
      tests
        .filter((file) => !existsSync(join(ROOT, file)) || !SHOWN.get(file)?.has(id))
        .map((file) => `${id}: ${file}`),
    );
    expect(wrong).toEqual([]);
  });
});
