import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS } from './rig/figures';

/** One line of the results of a run. */
interface Result {
  readonly claim: string;
  readonly measured: string;
  /** Below this folder. */
  readonly file: string;
}

const README = join(__dirname, '..', '..', 'README.md');
const [BEGIN, END] = ['<!-- how we know: npm run how-we-know writes this table -->', '<!-- end of how we know -->'];

/** A row for each claim, in the order of the files; of a claim that was measured twice, the later figure. */
function table(results: readonly Result[]): string {
  const rows = [...new Map(results.map((result) => [result.claim, result])).values()]
    .sort((a, b) => a.file.localeCompare(b.file))
    .map(({ claim, measured, file }) => `| ${claim} | [${file}](test/cluster/${file}) | ${measured} |`);
  return ['| Claim | Test | Seen |', '|---|---|---|', ...rows].join('\n');
}

function between(text: string, content: string): string {
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`README.md has no place between '${BEGIN}' and '${END}'`);
  return `${before}${BEGIN}\n${content}\n${END}${after}`;
}

const results = readFileSync(RESULTS, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Result);
writeFileSync(README, between(readFileSync(README, 'utf8'), table(results)));
console.log(`README.md: ${results.length} results`);
