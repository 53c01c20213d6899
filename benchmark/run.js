'use strict';
// Runs all programs side by side, prints the tables and writes them to results.md. Fails when a target is missed.
// usage: run.js [SIZE...]   With sizes, only these, and results.md stays as it is.
const { execFileSync, spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const { join } = require('node:path');
const { objectsIn, writeInputs } = require('./fleet/inputs');
const { fetchTools } = require('./fleet/tools');

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 100, 1000, 5000];
const RUNS = 5;
/** A program that takes longer for a size is left out for larger ones. */
const MOST_SECONDS = 5;
/** A program that takes longer is stopped, and not started again. */
const LIMIT_SECONDS = 60;

/** Memory rather than a disk, where there is: writing many small files is then the same for all. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
const OURS = 'this library';
const OUR_BLOCKS = "our blocks, cdk8s' App";
const PLUS = 'cdk8s-plus-27';
const FLOOR = 'js-yaml alone';
const HELM = 'helm template';
const KUSTOMIZE = 'kubectl kustomize';
const JSONNET = 'jsonnet';

/** The exit code of `timeout`. */
const STOPPED = 124;

const tools = fetchTools();

/** What runs for a number of services. Inputs are in `folder`; what is written is in `folder`/out or on the output. */
function programsFor(count, folder) {
  const node = (script, ...args) => ({ command: process.execPath, args: [join(__dirname, 'fleet', script), ...args.map(String)] });
  const out = join(folder, 'out');
  return [
    { name: OURS, ...node('with-blocks.js', 'ours', count, out) },
    { name: OUR_BLOCKS, ...node('with-blocks.js', 'cdk8s', count, out) },
    { name: PLUS, ...node('with-plus.js', count, out) },
    { name: FLOOR, ...node('floor.js', join(folder, 'manifests.json'), out) },
    { name: HELM, tool: tools.helm, args: ['template', join(folder, 'helm')] },
    { name: KUSTOMIZE, tool: tools.kubectl, args: ['kustomize', join(folder, 'kustomize')] },
    { name: JSONNET, tool: tools.jsonnet, args: ['--yaml-stream', join(folder, 'fleet.jsonnet')] },
  ].filter(({ command, tool }) => command ?? tool).map((program) => ({ ...program, command: program.command ?? program.tool.path }));
}

/** One run from start to end: seconds, seconds of all processors together, and the peak memory where the program tells it. */
function measure({ command, args }, folder) {
  for (const left of ['out', 'peak', 'time', 'output']) rmSync(join(folder, left), { recursive: true, force: true });
  const timed = `TIMEFORMAT='%R %U %S'; { time timeout ${LIMIT_SECONDS} "$@" > '${join(folder, 'output')}' 2>&3; } 3>&2 2> '${join(folder, 'time')}'`;
  const { status } = spawnSync('bash', ['-c', timed, 'bash', command, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0 && status !== STOPPED) throw new Error(`${command} ${args.join(' ')} ends with ${status}: ${readFileSync(join(folder, 'time'), 'utf8')}`);
  const [seconds, user, system] = readFileSync(join(folder, 'time'), 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
  const peak = existsSync(join(folder, 'peak')) ? Number(readFileSync(join(folder, 'peak'), 'utf8')) / 1024 : undefined;
  return { seconds, cpu: user + system, peak };
}

function filesIn(folder) {
  return readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')).join('---\n');
}

/** For a few services: all that take our manifests write the same objects; cdk8s-plus as many of each kind. */
function checkSameObjects() {
  inFolder((folder) => {
    prepare(7, folder);
    const kinds = (objects) => objects.map((object) => JSON.parse(object).kind).sort().join();
    const written = Object.fromEntries(programsFor(7, folder).map((program) => {
      measure(program, folder);
      return [program.name, objectsIn(existsSync(join(folder, 'out')) ? filesIn(join(folder, 'out')) : readFileSync(join(folder, 'output'), 'utf8'))];
    }));
    for (const [name, objects] of Object.entries(written)) {
      const same = name === PLUS ? kinds(objects) === kinds(written[OURS]) : objects.join('\n') === written[OURS].join('\n');
      if (!same) throw new Error(`${name} writes other objects than ${OURS}`);
    }
  });
}

function inFolder(action) {
  const folder = mkdtempSync(join(SCRATCH, 'bench-'));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function prepare(count, folder) {
  const output = join(folder, 'ours');
  mkdirSync(output);
  execFileSync(process.execPath, [join(__dirname, 'fleet', 'with-blocks.js'), 'ours', String(count), output]);
  writeInputs(folder, count, output);
}

const tooSlow = new Set();

/** The programs take turns, so that a busy moment of the machine hits all of them. */
function runSize(count) {
  return inFolder((folder) => {
    prepare(count, folder);
    const programs = programsFor(count, folder).filter(({ name }) => !tooSlow.has(name));
    const results = new Map(programs.map(({ name }) => [name, []]));
    for (let run = 0; run < RUNS; run++) {
      for (const program of run % 2 === 0 ? programs : [...programs].reverse()) {
        const done = results.get(program.name);
        if (done.length > 0 && done[0].seconds >= LIMIT_SECONDS) continue;
        done.push({ run, ...measure(program, folder) });
      }
    }
    for (const [name, done] of results) {
      if (median(done.map(({ seconds }) => seconds)) > MOST_SECONDS) tooSlow.add(name);
    }
    const ours = results.get(OURS);
    return [...results].map(([name, done]) => ({
      name, count, runs: done.length,
      seconds: median(done.map(({ seconds }) => seconds)),
      fastest: Math.min(...done.map(({ seconds }) => seconds)),
      slowest: Math.max(...done.map(({ seconds }) => seconds)),
      peak: done[0].peak === undefined ? undefined : median(done.map(({ peak }) => peak)),
      // run by run: the two of one run ran close to each other, on the same mood of the machine
      ratio: median(done.map(({ run, seconds }) => seconds / ours[run].seconds)),
      cpu: median(done.map(({ cpu }) => cpu)),
      cpuRatio: median(done.map(({ run, cpu }) => cpu / ours[run].cpu)),
    }));
  });
}

/** Chains and cold starts, which have no counterpart in the other tools. */
function runSpecials() {
  return inFolder((folder) => {
    const node = (script, ...args) => ({ command: process.execPath, args: [join(__dirname, 'fleet', script), ...args] });
    const repeat = (program) => median(Array.from({ length: 2 * RUNS + 1 }, () => measure(program, folder).seconds));
    const script = (code) => ({ command: process.execPath, args: ['-e', code] });
    return {
      chain: median(Array.from({ length: RUNS }, () => measure(node('chain.js', '20', '50', join(folder, 'out')), folder).seconds)),
      cdk8s: repeat(script(`require(${JSON.stringify(require.resolve('cdk8s'))})`)),
      small: repeat(node('with-blocks.js', 'ours', '1', join(folder, 'out'))),
    };
  });
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function targetsOf(rows, { chain, cdk8s, small }) {
  const find = (name, count) => rows.find((row) => row.name === name && row.count === count);
  const ratio = (name) => find(name, 1000)?.ratio;
  // the fastest runs are those that were disturbed least
  const growth = find(OURS, 5000).fastest / find(OURS, 1000).fastest;
  const target = (what, got, unit, met) => ({ what, got: got === undefined ? 'not measured' : `${got.toFixed(2)}${unit}`, met: got !== undefined && met });
  return [
    target(`1,000 services: at least 10 x faster than ${OUR_BLOCKS}`, ratio(OUR_BLOCKS), ' x', ratio(OUR_BLOCKS) >= 10),
    target(`1,000 services: at most 1.0 x of ${HELM}`, ratio(HELM) && 1 / ratio(HELM), ' x', ratio(HELM) >= 1),
    target(`1,000 services: at most 2 x of ${FLOOR}`, 1 / ratio(FLOOR), ' x', 1 / ratio(FLOOR) <= 2),
    target('5,000 services: at most 5.5 x of 1,000, fastest runs', growth, ' x', growth <= 5.5),
    target('5,000 services: peak memory under 600 MB', find(OURS, 5000).peak, ' MB', find(OURS, 5000).peak < 600),
    target('20 chained charts of 50 objects under 1 s', chain, ' s', chain < 1),
    target('A small app: at most 1.3 x of loading cdk8s alone', small / cdk8s, ' x', small / cdk8s <= 1.3),
  ];
}

function table(header, rows) {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function report(rows, targets, seconds) {
  const s = (value) => value.toFixed(value < 10 ? 2 : 1);
  const names = [...new Set(rows.map(({ name }) => name))];
  const cell = (name, count) => {
    const row = rows.find((each) => each.name === name && each.count === count);
    if (row && row.seconds >= LIMIT_SECONDS) return `stopped after ${LIMIT_SECONDS}`;
    return row ? `${s(row.seconds)} (${s(row.ratio)} x)` : `left out: over ${MOST_SECONDS} s before`;
  };
  const details = rows.map(({ name, count, runs, fastest, slowest, cpu, cpuRatio, peak }) => [count, name, runs, `${s(fastest)} to ${s(slowest)}`, `${s(cpu)} (${s(cpuRatio)} x)`, peak === undefined ? '' : Math.round(peak)]);
  const versions = [`Node.js ${process.version}`, ...['cdk8s', 'cdk8s-plus-27', 'js-yaml'].map((name) => `${name} ${require(`${name}/package.json`).version}`),
    ...Object.entries({ helm: tools.helm, kustomize: tools.kubectl, jsonnet: tools.jsonnet }).map(([name, tool]) => (tool ? `${name} ${tool.version}` : `no ${name}`))];
  return `# Results

\`npm run bench\` writes this file. [README.md](README.md) explains the rows.

${targets.length > 0 ? `${table(['Target', 'Got', 'Met'], targets.map(({ what, got, met }) => [what, got, met ? 'yes' : '**no**']))}\n\n` : ''}Seconds of the whole process, median; in brackets how many times as long as ${OURS}, the median of the single runs.

${table(['Services', ...SIZES.map((count) => count.toLocaleString('en'))], names.map((name) => [name === OURS ? `**${name}**` : name, ...SIZES.map((count) => cell(name, count))]))}

${table(['Services', 'Program', 'Runs', 'Fastest to slowest, s', 'Processor time, s', 'Peak, MB'], details)}

Measured with ${versions.join(', ')}, on ${os.cpus().length} cores (${os.cpus()[0].model.trim()}, ${os.arch()}), ${Math.round(os.totalmem() / 2 ** 30)} GiB, load average ${loadBefore.toFixed(1)} at the start and ${os.loadavg()[0].toFixed(1)} at the end; ${Math.round(seconds)} s for all.
`;
}

const loadBefore = os.loadavg()[0];
const start = Date.now();
checkSameObjects();
const rows = SIZES.flatMap((count) => runSize(count));
const isComplete = SIZES.includes(1000) && SIZES.includes(5000);
const targets = isComplete ? targetsOf(rows, runSpecials()) : [];
const text = report(rows, targets, (Date.now() - start) / 1000);
if (process.argv.length === 2) writeFileSync(join(__dirname, 'results.md'), text);
console.log(text);
if (targets.some(({ met }) => !met)) process.exitCode = 1;
