import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const SUITE = join(__dirname, '..');

/** Results of the last run, a JSON document a line. `npm run how-we-know` writes the README's table from them. */
export const RESULTS = join(SUITE, 'out', 'results.jsonl');

/** Prints what a test measured, and keeps it for the README. `claim` is a sentence for users. */
export function figure(claim: string, measured: string): void {
  const { currentTestName: test, testPath = '' } = expect.getState();
  mkdirSync(dirname(RESULTS), { recursive: true });
  appendFileSync(RESULTS, `${JSON.stringify({ claim, measured, test, file: relative(SUITE, testPath) })}\n`);
  process.stdout.write(`    figure: ${claim}: ${measured}\n`);
}
