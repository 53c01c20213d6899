import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from './outcome';
import { PRELUDE } from '../../src/catalogue/rule';

export const ROOT = join(__dirname, '../..');

/** A fenced code block; `line` is the number of its first line of code. */
export interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  /** What follows the language: `nofixture`, or `fixture=NAME` as jsii-rosetta has it. */
  readonly tag: string;
  /** The HTML comment right before the block. */
  readonly note: string;
  /** The heading above it. */
  readonly heading: string;
  readonly code: string;
}

/** What is done with a block. */
export type Treatment =
  /** Compiled and run. */
  | { readonly kind: 'program'; readonly program: Program }
  /** What a program writes: compared with it. */
  | { readonly kind: 'output'; readonly of: Program }
  /** A bad and a good sample of a rule: run, and its findings compared. */
  | { readonly kind: 'sample'; readonly rule: string; readonly bad: string; readonly good: string }
  /** Commands, of which the last ones may need what a reader has and CI has not. */
  | { readonly kind: 'commands'; readonly run: string; readonly rest?: 'a cluster' | 'a clone' }
  /** Copied from a file of the repository, but for white space. */
  | { readonly kind: 'copied'; readonly from: string }
  /** Shown only, for a reason that the document gives. */
  | { readonly kind: 'shown'; readonly reason: string };

/** A module of TypeScript; line `n` of it is line `n + offset` of the document. */
export interface Program {
  readonly block: Block;
  readonly text: string;
  readonly offset: number;
}

export function markdownBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['dist', 'api'].includes(entry.name) ? [] : markdownBelow(path);
    return path.endsWith('.md') ? [path] : [];
  });
}

export function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

export function blocksOf(file: string, text = read(file)): Block[] {
  const found: Block[] = [];
  let open: (Omit<Block, 'code'> & { readonly code: string[] }) | undefined;
  let heading = '';
  let before: string[] = [];
  text.split('\n').forEach((line, index) => {
    const fence = /^ *```(\w*) ?(.*)$/.exec(line);
    if (fence && open) {
      found.push({ ...open, code: open.code.join('\n') });
      open = undefined;
      before = [];
    } else if (fence) {
      const note = /<!--((?:(?!-->)[\s\S])*)-->\s*$/.exec(before.join('\n'))?.[1].trim() ?? '';
      open = { file, line: index + 2, language: fence[1], tag: fence[2], note, heading, code: [] };
    } else if (open) {
      open.code.push(line);
    } else {
      heading = /^#+ (.*)/.exec(line)?.[1] ?? heading;
      before.push(line);
    }
  });
  if (open) throw new Error(`${file}:${open.line}: a code block that does not end`);
  return found;
}

/** A block with its surroundings: a program of its own when it has imports, a fragment of the fixture otherwise. */
export function programOf(block: Block, code = block.code): Program {
  if (block.tag === 'nofixture' || /^import /m.test(code)) return { block, text: code, offset: block.line - 1 };
  const name = /^fixture=([\w-]+)$/.exec(block.tag)?.[1] ?? 'default';
  const file = `rosetta/${name}.ts-fixture`;
  const [head, tail] = existsSync(join(ROOT, file)) ? read(file).split(/^ *\/{3} here\n/m) : [];
  if (tail === undefined) throw new Error(`${block.file}:${block.line}: no fixture ${file}`);
  // on one line, to keep line numbers
  const line = head
    .split('\n')
    .filter((each) => !each.startsWith('//'))
    .join(' ');
  return { block, text: `${line}${code}\n${tail}`, offset: block.line - 1 };
}

/** A program with more code at its end, where that is still of use. */
function withMore(block: Block, more: string): Program {
  if (block.tag !== 'nofixture' && !/^import /m.test(block.code)) return programOf(block, `${block.code}\n${more}`);
  const end = /^app\.synth\(\);\s*$/m.exec(block.code)?.index ?? block.code.length;
  return programOf(block, `${block.code.slice(0, end)}\n${more}\n${block.code.slice(end)}`);
}

/**
 * The program whose output a block shows: the block of TypeScript above it, as it is, or as the comment before the
 * output says: `then: CODE` has more code at its end, "where: `A` is `B`" another code in a place, `of: CODE` is no
 * program of the page.
 */
function shownBy(output: Block, above: Block | undefined): Program | undefined {
  const { note } = output;
  const own = /^of:\s([\s\S]*)$/.exec(note);
  if (own) return programOf({ ...output, tag: '' }, own[1]);
  if (above === undefined) return undefined;
  const more = /^then:\s([\s\S]*)$/.exec(note);
  if (more) return withMore(above, more[1]);
  const place = /^where: `([^`]+)` is `([^`]+)`$/.exec(note);
  if (!place) return note === '' ? mainProgram(above) : undefined;
  if (!above.code.includes(place[1])) throw new Error(`${output.file}:${output.line}: no '${place[1]}' above`);
  return programOf(above, above.code.replace(place[1], place[2]));
}

/** The program of a block: with the code of its comment `then: CODE`, by which an export is used. */
function mainProgram(block: Block): Program {
  const more = /^then:\s([\s\S]*)$/.exec(block.note);
  return more ? withMore(block, more[1]) : programOf(block);
}

/** What is done with each block of a document. Throws for one that is neither run nor shown for a known reason. */
export function treatmentsOf(blocks: readonly Block[]): ReadonlyMap<Block, Treatment> {
  const treatments = new Map<Block, Treatment>();
  let above: Block | undefined;
  for (const block of blocks) {
    if (block.language === 'ts') above = block;
    const treatment = treatmentOf(block, above);
    if (!treatment) {
      throw new Error(`${block.file}:${block.line}: neither run nor shown. Say in a comment before it why`);
    }
    treatments.set(block, treatment);
  }
  return treatments;
}

/** All programs, each with the blocks that show its output. */
export function programsOf(treatments: ReadonlyMap<Block, Treatment>): Array<{ program: Program; outputs: Block[] }> {
  const programs = new Map<string, { program: Program; outputs: Block[] }>();
  const entryOf = (program: Program): { program: Program; outputs: Block[] } => {
    const key = `${program.block.file} ${program.text}`;
    const entry = programs.get(key) ?? { program, outputs: [] };
    programs.set(key, entry);
    return entry;
  };
  for (const [block, treatment] of treatments) {
    if (treatment.kind === 'program') entryOf(treatment.program);
    if (treatment.kind === 'output') entryOf(treatment.of).outputs.push(block);
  }
  return [...programs.values()];
}

/** What is wrong with what a program has done. */
export function faultsOf(program: Program, outputs: readonly Block[], outcome: Outcome): string[] {
  const where = `${program.block.file}:${program.block.line}`;
  const missing = outputs.flatMap((output) =>
    missingIn(output, outcome).map((part) => `${output.file}:${output.line}: ${where} does not give ${part}`),
  );
  const { error } = outcome;
  if (error === undefined) return missing;
  // an error is fine where the page shows it
  const shown = outputs.some(({ language, code }) => language === 'text' && error.message.includes(code));
  return shown ? missing : [...missing, `${where}: ${error.message}`];
}

function treatmentOf(block: Block, above: Block | undefined): Treatment | undefined {
  const { file, language, note, code, heading } = block;
  const reason = /^shown only: (.+)$/.exec(note)?.[1];
  if (reason !== undefined) return { kind: 'shown', reason };
  const from = /^from (\S+)$/.exec(note)?.[1];
  if (from !== undefined) return { kind: 'copied', from };
  if (language === 'ts') return { kind: 'program', program: mainProgram(block) };
  if (file === 'docs/rules.md' && code === PRELUDE) return { kind: 'copied', from: 'src/catalogue/rule.ts' };
  const sample =
    file === 'docs/rules.md'
      ? /^\/\/ (?:refused|causes a warning)\n([\s\S]*)\n\n\/\/ good\n([\s\S]*)$/.exec(code)
      : null;
  if (sample) return { kind: 'sample', rule: heading, bad: sample[1], good: sample[2] };
  if (language === 'sh') return commandsOf(code);
  if (language !== 'yaml' && language !== 'text') return undefined;
  if (/^on:/m.test(code) && /^jobs:/m.test(code)) return { kind: 'shown', reason: 'a workflow of GitHub Actions' };
  const of = shownBy(block, above);
  return of && { kind: 'output', of };
}

/** The lines before the first that calls kubectl, or that works in a clone of the repository. */
function commandsOf(code: string): Treatment {
  const lines = code.split('\n');
  const needs = (line: string): 'a cluster' | 'a clone' | undefined =>
    /\bkubectl\b/.test(line) ? 'a cluster' : /\bnpm (ci|test|run)\b/.test(line) ? 'a clone' : undefined;
  const end = lines.findIndex((line) => needs(line) !== undefined);
  if (end < 0) return { kind: 'commands', run: code };
  return { kind: 'commands', run: lines.slice(0, end).join('\n'), rest: needs(lines[end]) };
}

/** What of an output a program does not give. Three dots stand for lines that are left out; so do comments of YAML. */
function missingIn(output: Block, given: Outcome): string[] {
  if (output.language === 'yaml') return missingLines(output.code, given.yaml);
  let position = 0;
  return output.code.split(/^ *\.\.\.\n/m).filter((part) => {
    const found = given.text.indexOf(part, position);
    position = found < 0 ? position : found + part.length;
    return found < 0;
  });
}

/** The lines of an excerpt that do not occur in the text in that order; comments stand for what is left out. */
function missingLines(excerpt: string, text: string): string[] {
  const lines = text.split('\n');
  let position = 0;
  return excerpt.split('\n').filter((line) => {
    if (/^\s*(#|$)/.test(line)) return false;
    const found = lines.indexOf(line, position);
    position = found < 0 ? position : found + 1;
    return found < 0;
  });
}
