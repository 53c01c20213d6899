import { rmSync, writeFileSync } from 'node:fs';
import type { Config } from 'jest';
import { GOLDEN, goldenLines, SEEN, seenLines, UPDATE } from './golden-messages';

interface Patterns {
  readonly testPathPatterns?: { readonly patterns: readonly string[] };
}

/** After all tests, the golden file has no line that no test sees any more. A run of some tests can only add lines. */
export default function tearDown(config: Config & Patterns): void {
  const folder = process.env[SEEN];
  if (folder === undefined) return;
  const seen = seenLines(folder);
  rmSync(folder, { recursive: true });
  const isComplete =
    (config.testPathPatterns?.patterns.length ?? 0) === 0 &&
    !config.testNamePattern &&
    !config.onlyChanged &&
    !config.findRelatedTests;
  if (process.env[UPDATE] !== undefined) {
    const lines = isComplete ? seen : [...new Set([...goldenLines(), ...seen])].sort();
    writeFileSync(GOLDEN, `${lines.join('\n')}\n`);
    return;
  }
  if (!isComplete) return;
  const stale = goldenLines().filter((line) => !seen.includes(line));
  if (stale.length > 0) {
    throw new Error(`No test sees these lines of ${GOLDEN} any more (npm run update-messages):\n${stale.join('\n')}`);
  }
}
