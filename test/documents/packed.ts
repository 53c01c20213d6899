import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import * as ts from 'typescript';
import {
  type Block,
  blocksOf,
  faultsOf,
  markdownBelow,
  programsOf,
  ROOT,
  type Treatment,
  treatmentsOf,
} from './blocks';
import type { Outcome } from './outcome';
import { PRELUDE } from '../../src/catalogue/rule';

/*
 * Runs the code of the README and of all guides as a reader would: the commands of the README install the packed
 * tarball into an empty folder, all TypeScript is compiled there in one program, and run.
 * usage: packed TARBALL FOLDER
 */

const [tarball, folder] = process.argv.slice(2);
const DOCUMENTS = ['README.md', ...markdownBelow('docs')];
const TREATMENTS = new Map(DOCUMENTS.flatMap((file) => [...treatmentsOf(blocksOf(file))]));
const PROGRAMS = programsOf(TREATMENTS);

function of<K extends Treatment['kind']>(kind: K): Array<[Block, Extract<Treatment, { kind: K }>]> {
  return [...TREATMENTS].filter((entry): entry is [Block, Extract<Treatment, { kind: K }>] => entry[1].kind === kind);
}

function bash(script: string): void {
  execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Runs what of the commands needs neither a cluster nor a clone; the rest must be sound for the shell. */
function runCommands(): void {
  for (const [block, { run }] of of('commands')) {
    try {
      // there is no release: the README says what to take in its place
      if (run !== '') bash(run.replace(/^(npm install .*)\bcdk8s-best-practices\b/m, `$1${tarball}`));
      execFileSync('bash', ['-n', '-c', block.code]);
    } catch (error) {
      throw new Error(`${block.file}:${block.line}: ${(error as Error).message}`);
    }
  }
}

/** Packages that programs import, and that the README does not ask for, such as a line of cdk8s-plus. */
function installOthers(): void {
  const imported = PROGRAMS.flatMap(({ program }) =>
    ts.preProcessFile(program.text).importedFiles.map(({ fileName }) => fileName),
  );
  const missing = [...new Set(imported)].filter(
    (name) =>
      !/^(\.|node:)/.test(name) && !builtinModules.includes(name) && !existsSync(join(folder, 'node_modules', name)),
  );
  if (missing.length > 0) {
    bash(`npm install --no-audit --no-fund --loglevel=error --legacy-peer-deps ${missing.join(' ')}`);
  }
}

const moduleOf = (index: number): string => join(folder, 'programs', `${index}.ts`);

/** What the compiler says of the programs, by the lines of the documents. */
function compile(): string[] {
  mkdirSync(join(folder, 'programs'));
  PROGRAMS.forEach(({ program }, index) => writeFileSync(moduleOf(index), program.text));
  const config = ts.readConfigFile(join(folder, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, folder);
  const files = PROGRAMS.map((_, index) => moduleOf(index));
  const program = ts.createProgram(files, { ...options, skipLibCheck: false }, ts.createCompilerHost({ ...options }));
  program.emit();
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, '\n');
    const index = file ? files.indexOf(file.fileName) : -1;
    if (!file || index < 0) return `${file?.fileName ?? ''}: ${text}`;
    const { block, offset } = PROGRAMS[index].program;
    return `${block.file}:${file.getLineAndCharacterOfPosition(start).line + 1 + offset}: ${text}`;
  });
}

/** Runs the programs and the samples of rules in one process of the folder. */
function runPrograms(): string[] {
  const runner = ts.transpileModule(readFileSync(join(__dirname, 'outcome.ts'), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  writeFileSync(join(folder, 'outcome.js'), runner.outputText);
  PROGRAMS.forEach((_, index) =>
    cpSync(join(ROOT, 'rosetta/config'), join(folder, `runs/${index}/config`), { recursive: true }),
  );
  // some samples read files of a project
  cpSync(join(ROOT, 'src/network'), join(folder, 'src/network'), { recursive: true });
  const samples = of('sample').map(([{ file, line }, { rule, bad, good }]) => ({
    where: `${file}:${line}`,
    rule,
    bad,
    good,
  }));
  writeFileSync(join(folder, 'samples.json'), JSON.stringify(samples));
  writeFileSync(
    join(folder, 'run.js'),
    `const { outcomeIn } = require('./outcome');
const { writeFileSync } = require('node:fs');
process.stderr.write = () => true; // warnings of apps
const outcomes = [];
for (let index = 0; index < ${PROGRAMS.length}; index++) {
  const { error, ...rest } = outcomeIn(\`\${__dirname}/runs/\${index}\`, () => require(\`./programs/\${index}\`));
  outcomes.push({ ...rest, message: error && String(error.message) });
}
const { ApiObject, Chart, Duration, JsonPatch, Size } = require('cdk8s');
const { Construct } = require('constructs');
const kplus = require('cdk8s-plus-27');
const library = require('cdk8s-best-practices');
const names = { ...library, ApiObject, Chart, Construct, Duration, JsonPatch, Size, kplus };
const rulesOf = (code) => {
  const app = new Function(...Object.keys(names), ${JSON.stringify(PRELUDE)} + '\\n' + code + '\\nreturn app;')(...Object.values(names));
  return library.Findings.of(app);
};
const faults = [];
for (const { where, rule, bad, good } of require('./samples.json')) {
  if (!rulesOf(bad).some((finding) => finding.rule === rule)) faults.push(\`\${where}: '\${rule}' does not find the bad sample\`);
  const found = rulesOf(good).filter((finding) => finding.severity === 'error' || finding.rule === rule);
  if (found.length > 0) faults.push(\`\${where}: the good sample is refused by '\${found[0].rule}'\`);
}
writeFileSync('outcomes.json', JSON.stringify({ outcomes, faults }));
`,
  );
  bash('node run.js');
  const { outcomes, faults } = JSON.parse(readFileSync(join(folder, 'outcomes.json'), 'utf8')) as {
    outcomes: Array<Omit<Outcome, 'error'> & { message?: string }>;
    faults: string[];
  };
  return [
    ...PROGRAMS.flatMap(({ program, outputs }, index) => {
      const { message, ...outcome } = outcomes[index];
      return faultsOf(program, outputs, { ...outcome, error: message === undefined ? undefined : new Error(message) });
    }),
    ...faults,
  ];
}

mkdirSync(folder, { recursive: true });
const seconds = (): string => `${Math.round(process.uptime())} s`;
runCommands();
installOthers();
console.log(`installed by the commands of the README (${seconds()})`);
const faults = compile();
console.log(`compiled (${seconds()})`);
if (faults.length === 0) faults.push(...runPrograms());
for (const fault of faults) console.error(fault);

const commands = of('commands');
const needing = (what: string): number => commands.filter(([, { rest }]) => rest === what).length;
const reasons = new Map<string, number>();
for (const [, { reason }] of of('shown')) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
console.log(`${TREATMENTS.size} code blocks in ${DOCUMENTS.length} documents (${seconds()}):`);
console.log(`  run: ${of('program').length} of TypeScript, ${of('sample').length} pairs of samples of rules,`);
console.log(
  `       ${commands.filter(([, { rest }]) => !rest).length} of commands, ${commands.filter(([, { run, rest }]) => run !== '' && rest).length} of commands up to the first that needs more`,
);
console.log(
  `  compared: ${of('output').length} with what a program writes, ${of('copied').length} with a file of the sources`,
);
console.log(
  `  shown only: ${needing('a cluster')} need a cluster, ${needing('a clone')} a clone${[...reasons].map(([reason, count]) => `, ${count} ${reason}`).join('')}`,
);
if (faults.length > 0) process.exitCode = 1;
