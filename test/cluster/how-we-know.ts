import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESULTS } from './rig/figures';
import { BOTH } from './rig/versions';

/** One line of the results of a run. */
interface Result {
  readonly claim: string;
  readonly measured: string;
  /** Below this folder. */
  readonly file: string;
}

const ROOT = join(__dirname, '..', '..');

/** A table between two comments of a document. */
interface Place {
  readonly file: string;
  readonly begin: string;
  readonly end: string;
}

const ALL: Place = {
  file: 'docs/how-we-know.md',
  begin: '<!-- how we know: npm run how-we-know writes this table -->',
  end: '<!-- end of how we know -->',
};
/** The tests are not in the package, and its guides link to the repository. */
const IN_REPOSITORY = 'https://github.com/cdk8s-best-practices/cdk8s-best-practices/blob/main';
const CHOSEN: Place = {
  file: 'README.md',
  begin: '<!-- ten claims: npm run how-we-know writes this table -->',
  end: '<!-- end of the claims -->',
};

const CLAIMS = [
  `Accepted by Kubernetes ${BOTH}: all that the unit tests and examples synthesize`,
  'A rolling update loses no request',
  'A rolling update, by cdk8s-plus-27 with its defaults',
  'An eviction of all 3 pods loses no request',
  'Users do not notice a broken release',
  'A Redis primary that lost its volume waits and does not wipe its replicas',
  'Redis keeps acknowledged writes through kill -9 of all members at once',
  'Between tiers, packets pass over declared connections only: each pair of pods and machines tried on each port, and judged by Cyclonus',
  'A quota of exactly the sum that the library shows admits all pods at their peak; one milli-core, byte or pod less does not',
  'Draining the nodes one after the other takes one pod at a time',
];

function write({ file, begin, end }: Place, lines: readonly string[]): void {
  const path = join(ROOT, file);
  const [before, rest] = readFileSync(path, 'utf8').split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${file} has no place between '${begin}' and '${end}'`);
  writeFileSync(path, `${before}${begin}\n${lines.join('\n')}\n${end}${after}`);
}

/** Of a claim that was measured twice, the later figure. */
const results = new Map(
  readFileSync(RESULTS, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const result = JSON.parse(line) as Result;
      return [result.claim, result];
    }),
);

const rows = [...results.values()]
  .sort((a, b) => a.file.localeCompare(b.file))
  .map(({ claim, measured, file }) => `| ${claim} | [${file}](${IN_REPOSITORY}/test/cluster/${file}) | ${measured} |`);
write(ALL, ['| Claim | Test | Seen |', '|---|---|---|', ...rows]);

write(CHOSEN, [
  '| Claim | Seen |',
  '|---|---|',
  ...CLAIMS.map((claim) => {
    const result = results.get(claim);
    if (result === undefined) throw new Error(`No test measured '${claim}'`);
    return `| ${claim} | ${result.measured} |`;
  }),
]);
console.log(`${results.size} results`);
