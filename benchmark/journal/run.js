'use strict';
// Runs all scenarios, prints the table and writes it to results.md. Fails when a target is missed.
const { execFileSync } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const os = require('node:os');
const { join } = require('node:path');

const BASE = 'cdk8s';
const PLUS = 'cdk8s-plus-27';
const OURS = 'cdk8s-best-practices';
const SCENARIOS = [
  { what: 'load', libraries: [BASE, PLUS, OURS], runs: 7 },
  { what: 'journals', count: 1, libraries: [PLUS, OURS], runs: 7 },
  { what: 'journals', count: 10, libraries: [PLUS, OURS], runs: 7 },
  { what: 'journals', count: 100, libraries: [PLUS, OURS], runs: 5 },
  { what: 'journals', count: 1000, libraries: [PLUS, OURS], runs: 5 },
];
const MOST_PEAK_MB = 400;
/** 100 to 1000 journals is ten times the work; some room for the garbage collector. */
const MOST_GROWTH = 13;
/** Measurements of one program differ by some percent from run to run. */
const NOISE = 1.05;

function measure(library, { what, count }) {
  const output = execFileSync(process.execPath, [join(__dirname, 'scenario.js'), library, what, String(count ?? 0)], { encoding: 'utf8' });
  return JSON.parse(output);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The libraries take turns, so that a busy moment of the machine hits all of them. */
function runScenario(scenario) {
  const results = Object.fromEntries(scenario.libraries.map((library) => [library, []]));
  for (let run = 0; run < scenario.runs; run++) {
    const order = run % 2 === 0 ? scenario.libraries : [...scenario.libraries].reverse();
    for (const library of order) results[library].push(measure(library, scenario));
  }
  return scenario.libraries.map((library) => {
    const all = results[library];
    const of = (field) => median(all.map((result) => result[field] ?? 0));
    const totals = all.map(({ totalMs }) => totalMs);
    return {
      ...scenario, library, kinds: all[0].kinds, objects: Object.values(all[0].kinds ?? {}).reduce((sum, number) => sum + number, 0),
      load: of('loadMs'), construct: of('constructMs'), synth: of('synthMs'), total: of('totalMs'), peak: of('peakMB'), characters: of('characters'),
      totals, fastest: Math.min(...totals), slowest: Math.max(...totals),
    };
  });
}

function checkSameObjects(rows) {
  for (const { what, count, kinds } of rows.filter(({ library }) => library === OURS)) {
    const other = rows.find((row) => row.library === PLUS && row.what === what && row.count === count);
    const sorted = (all) => JSON.stringify(Object.entries(all ?? {}).sort());
    if (sorted(kinds) !== sorted(other.kinds)) throw new Error(`Not the same objects: ${sorted(kinds)} and ${sorted(other.kinds)}`);
  }
}

function targetsOf(rows) {
  const find = (library, what, count) => rows.find((row) => row.library === library && row.what === what && row.count === count);
  const counts = [1, 10, 100, 1000];
  // the fastest runs are those that were disturbed least
  const growth = (library) => find(library, 'journals', 1000).fastest / find(library, 'journals', 100).fastest;
  // round by round: the two of one round ran side by side, on the same mood of the machine
  const ratios = counts.map((count) => {
    const theirs = find(PLUS, 'journals', count).totals;
    return median(find(OURS, 'journals', count).totals.map((total, round) => total / theirs[round]));
  });
  const peak = find(OURS, 'journals', 1000).peak;
  return [
    { target: `Not slower than ${PLUS}: time ours / theirs`, got: counts.map((count, index) => `${count}: ${ratios[index].toFixed(2)}`).join(', '), met: ratios.every((ratio) => ratio <= NOISE) },
    { target: `Linear in one chart: fastest run of 1000 journals / of 100, at most ${MOST_GROWTH}`, got: `${growth(OURS).toFixed(1)} (${PLUS}: ${growth(PLUS).toFixed(1)})`, met: growth(OURS) <= MOST_GROWTH },
    { target: `Peak memory at 1000 journals under ${MOST_PEAK_MB} MB`, got: `${Math.round(peak)} MB`, met: peak < MOST_PEAK_MB },
  ];
}

function table(header, rows) {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function report(rows, targets, seconds) {
  const ms = (value) => (value === 0 ? '' : value < 100 ? value.toFixed(1) : String(Math.round(value)));
  const lines = rows.map((row) => [
    row.what === 'load' ? 'loading alone' : `${row.count} journal${row.count > 1 ? 's' : ''}`,
    row.library, row.objects || '', ms(row.load), ms(row.construct), ms(row.synth), `**${ms(row.total)}**`, `${ms(row.fastest)} to ${ms(row.slowest)}`,
    row.objects ? ((row.construct + row.synth) / row.objects).toFixed(2) : '', Math.round(row.peak), row.characters ? `${Math.round(row.characters / 1000)}` : '', row.runs,
  ]);
  return `# Results

\`node benchmark/journal/run.js\` writes this file. [README.md](../README.md) explains the columns.

${table(['Target', 'Got', 'Met'], targets.map(({ target, got, met }) => [target, got, met ? 'yes' : '**no**']))}

Medians; times in ms, memory in MB, YAML in thousands of characters.

${table(['Scenario', 'Library', 'Objects', 'Load', 'Construct', 'Synth', 'Total', 'Fastest to slowest', 'Per object', 'Peak', 'YAML', 'Runs'], lines)}

Objects of one journal, the same with both libraries: ${Object.entries(rows.find(({ count, library }) => count === 1 && library === OURS).kinds).sort().map(([kind, number]) => `${number} ${kind}`).join(', ')}.

Measured with Node.js ${process.version}, cdk8s ${versionOf(BASE)}, ${PLUS} ${versionOf(PLUS)}, on ${os.cpus().length} cores (${os.cpus()[0].model.trim()}, ${os.arch()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, load average ${os.loadavg()[0].toFixed(1)} at the end; ${Math.round(seconds)} s for all.
`;
}

function versionOf(library) {
  return require(`${library}/package.json`).version;
}

const start = Date.now();
const rows = SCENARIOS.flatMap((scenario) => runScenario(scenario));
checkSameObjects(rows);
const targets = targetsOf(rows);
const text = report(rows, targets, (Date.now() - start) / 1000);
writeFileSync(join(__dirname, 'results.md'), text);
console.log(text);
if (targets.some(({ met }) => !met)) process.exitCode = 1;
