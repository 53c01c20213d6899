import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import {
  type Block,
  blocksOf,
  faultsOf,
  markdownBelow,
  programOf,
  programsOf,
  read,
  ROOT,
  treatmentsOf,
} from './documents/blocks';
import { faultOf, filesOfRepository, linksOf, REPOSITORY } from './documents/links';
import { compile, run } from './documents/on-sources';
import { CATALOGUE } from '../src/catalogue/catalogue';

const DOCUMENTS = ['README.md', ...markdownBelow('docs'), ...markdownBelow('examples')];
const BLOCKS = DOCUMENTS.flatMap((file) => blocksOf(file));
const TREATMENTS = new Map(DOCUMENTS.flatMap((file) => [...treatmentsOf(blocksOf(file))]));
const PROGRAMS = programsOf(TREATMENTS);

/** A fragment as it would stand in a document. */
function fragment(code: string, file = 'mistake.md', line = 7): Block {
  return { file, line, language: 'ts', tag: '', note: '', heading: '', code };
}

/** The first block of a language below a heading. */
function below(file: string, heading: string, language: string): Block {
  const start = read(file)
    .split('\n')
    .findIndex((line) => /^#+ /.test(line) && line.endsWith(` ${heading}`));
  const block = BLOCKS.find((each) => each.file === file && each.line > start && each.language === language);
  if (!block) throw new Error(`${file} has no block of ${language} below '${heading}'`);
  return block;
}

describe('the documents', () => {
  test('compile: every block of TypeScript, and a mistake is reported with file and line', () => {
    const mistake = programOf(fragment("new WebService(chart, 'a', {\n  prot: 80,\n});"));
    const [first, ...others] = compile([mistake, ...PROGRAMS.map(({ program }) => program)]);
    expect(PROGRAMS.length).toBeGreaterThan(100);
    expect(others).toEqual([]);
    expect(first).toMatch(/^mistake\.md:8: .*'prot' does not exist in type 'WebServiceProps'/);
  });

  test('run: every block of TypeScript, and show what comes out of it (S01)', () => {
    const bad = programOf(
      fragment("new WebService(chart, 'a', { image: 'acme/a', port: 80, readiness: Probe.none() });"),
    );
    expect(faultsOf(bad, [], run(bad))).toEqual([
      expect.stringMatching(/^mistake\.md:7: [^]*\[shop\/a\] prop 'image'/),
    ]);
    expect(PROGRAMS.flatMap(({ program, outputs }) => faultsOf(program, outputs, run(program)))).toEqual([]);
  });

  test('have no block that nothing is done with, or that is shown only without a reason', () => {
    const page = (text: string) => blocksOf('page.md', text);
    expect(() => treatmentsOf(page('```json\n{}\n```'))).toThrow('page.md:2: neither run nor shown');
    expect(() => treatmentsOf(page('```text\nan output\n```'))).toThrow('neither run nor shown');
    const treatments = [...TREATMENTS.values()];
    const reasons = treatments.flatMap((each) => (each.kind === 'shown' ? [each.reason] : []));
    expect(new Set(reasons)).toEqual(
      new Set([
        'a workflow of GitHub Actions',
        'a setting of Argo CD',
        'a program in its own language, which CI runs',
        'the answers of a cluster',
        'the log of a pod',
        'test/cluster/runtime/requirements.cluster.ts applies it',
        'test/examples/three-tier.test.ts compares it',
      ]),
    );
    expect(treatments.filter(({ kind }) => kind === 'sample')).toHaveLength(Object.keys(CATALOGUE).length);
    // what a clone is needed for is what CI does with it
    const clone = [...TREATMENTS].filter(([, each]) => each.kind === 'commands' && each.rest === 'a clone');
    const scripts = clone.flatMap(([{ code }]) =>
      [...code.matchAll(/npm (?:run )?([\w:]+)/g)].map(([, script]) => script),
    );
    expect(new Set(scripts)).toEqual(new Set(['ci', 'test', 'example', 'example:tenants']));
    for (const script of scripts) {
      expect(read('.ci/run')).toMatch(new RegExp(`\\bnpm ${script}\\b|for example in .*\\b${script}\\b`));
    }
  });

  test('copy what the sources have', () => {
    const words = (text: string) => text.replace(/\s+/g, ' ');
    const copied = [...TREATMENTS].flatMap(([block, each]) =>
      each.kind === 'copied' ? [{ block, from: each.from }] : [],
    );
    expect(copied).toHaveLength(2);
    for (const { block, from } of copied) expect(words(read(from))).toContain(words(block.code).trim());
  });

  test('parse: every block of YAML', () => {
    const faults = BLOCKS.filter(({ language }) => language === 'yaml').flatMap(({ file, line, code }) =>
      parseAllDocuments(code).flatMap((document) =>
        'errors' in document ? document.errors.map(({ message }) => `${file}:${line}: ${message}`) : [],
      ),
    );
    expect(faults).toEqual([]);
  });

  test('link only to files and headings that exist', () => {
    const known = filesOfRepository();
    const page = linksOf('docs/x.md', `[a](access.md#no-such) [b](../gone) [c](${REPOSITORY}src/gone.ts) \`[d](e)\``);
    expect(page.map((link) => faultOf(link, known))).toEqual([
      expect.stringContaining('no such heading'),
      expect.stringContaining('no such file'),
      expect.stringContaining('no such file'),
    ]);
    const documents = [...known].filter((file) => file.endsWith('.md'));
    expect(documents).toEqual(expect.arrayContaining([...DOCUMENTS, 'CONTRIBUTING.md', 'benchmark/results.md']));
    expect(documents.flatMap((file) => linksOf(file)).flatMap((link) => faultOf(link, known) ?? [])).toEqual([]);
  });

  test('name only source files that exist', () => {
    const guides = DOCUMENTS.filter((file) => file !== 'docs/practices.md');
    const named = guides.flatMap((file) =>
      [...read(file).matchAll(/`([\w./-]+\/[\w.-]+\.ts)`/g)].map(([, path]) => path),
    );
    expect(named.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, 'src', path)))).toEqual([]);
  });

  test('are all in the index, but for the index itself', () => {
    const listed = linksOf('docs/README.md').map(({ path }) => path);
    const guides = DOCUMENTS.filter((file) => file !== 'README.md' && file !== 'docs/README.md');
    expect(guides.filter((file) => !listed.includes(file))).toEqual([]);
  });

  test('name only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = DOCUMENTS.flatMap((file) =>
      [...read(file).matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map(([, script, test]) => script ?? test),
    );
    expect(named).toEqual(expect.arrayContaining(['example', 'test']));
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });
});

describe('the README', () => {
  test('fits in 150 lines, and shows what its app really becomes', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150);
    const { error, yaml } = run(programOf(below('README.md', 'An app', 'ts')));
    expect(error).toBeUndefined();
    expect(read('README.md')).toContain(`writes ${yaml.split(/^kind: /m).length - 1} objects`);
  });
});

describe('the guides', () => {
  test('writes the scripts whose log docs/redis.md quotes', () => {
    const quoted = below('docs/redis.md', 'The id is missing', 'text')
      .code.replace('waiting: ', '')
      .replace('/data/', '$data/');
    expect(run(programOf(below('docs/first-app.md', 'A first application', 'ts'))).yaml).toContain(quoted);
  });

  test('has a workflow that compares the committed YAML and applies from one branch only (S16, CH01-19, CH01-20, CH01-21)', () => {
    const workflow = parse(below('docs/ci.md', 'Synthesis in CI', 'yaml').code) as {
      on: { push: object };
      jobs: Record<string, { if?: string; needs?: string; steps: Array<{ run?: string }> }>;
    };
    const commands = (job: string) => workflow.jobs[job].steps.flatMap(({ run: command }) => command ?? []).join('\n');
    expect(Object.keys(workflow.jobs)).toEqual(['synth', 'diff', 'apply']);
    expect(commands('synth')).toContain('git status --porcelain -- dist');
    expect(commands('diff')).toContain('kubectl diff --server-side');
    expect(commands('apply')).toContain('kubectl apply --server-side');
    expect(workflow.on.push).toEqual({ branches: ['main'] });
    expect(workflow.jobs.apply).toMatchObject({ if: "github.ref == 'refs/heads/main'", needs: 'synth' });
  });
});

test('the workflow of docs/ci.md waits for what it applies (row B20)', () => {
  const workflow = parse(below('docs/ci.md', 'Synthesis in CI', 'yaml').code) as {
    jobs: { apply: { steps: Array<{ run?: string }> } };
  };
  const steps = workflow.jobs.apply.steps.flatMap(({ run: script }) => (script === undefined ? [] : [script]));
  expect(steps).toEqual([
    expect.stringContaining('kubectl apply '),
    expect.stringContaining('kubectl rollout status '),
  ]);
});
