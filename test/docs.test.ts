import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import * as ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { faultsIn, programOf, ROOT } from './compiler';
import * as blocks from '../src';

/** A fenced code block; `line` is the number of its first line of code. */
interface Block {
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

const DOCUMENTS = ['README.md', ...markdownBelow('docs'), ...markdownBelow('examples')];
const BLOCKS = DOCUMENTS.flatMap(blocksOf);

function markdownBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return ['dist', 'api'].includes(entry.name) ? [] : markdownBelow(path);
    return path.endsWith('.md') ? [path] : [];
  });
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function blocksOf(file: string): Block[] {
  const found: Block[] = [];
  let open: { language: string; line: number; code: string[] } | undefined;
  read(file)
    .split('\n')
    .forEach((text, index) => {
      const fence = /^ *```(\w*)/.exec(text);
      if (!fence) {
        open?.code.push(text);
      } else if (open) {
        found.push({ file, line: open.line, language: open.language, code: open.code.join('\n') });
        open = undefined;
      } else {
        open = { language: fence[1], line: index + 2, code: [] };
      }
    });
  if (open) throw new Error(`${file}:${open.line}: a code block that does not end`);
  return found;
}

/**
 * What fragments, that is blocks without an import, may use without declaring it. On one line, to keep line numbers.
 */
const PRELUDE = [
  "import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';",
  `import { ${Object.keys(blocks).join(', ')} } from 'cdk8s-best-practices';`,
  'declare const app: App; declare const chart: Chart; declare const frontend: WebService; declare const site: StaticSite; declare const redis: Redis; declare const config: VersionedConfigMap;',
  '{',
].join(' ');

function moduleOf({ code }: Block): string {
  return /^import /m.test(code) ? code : `${PRELUDE} ${code}\n}`;
}

/** Compiles all blocks in one program, each as a module of its own beside its document. */
function compile(given: readonly Block[]): string[] {
  const pathOf = (block: Block): string =>
    join(ROOT, dirname(block.file), `.${block.line}-${block.file.replaceAll('/', '-')}.ts`);
  const program = programOf(new Map(given.map((block) => [pathOf(block), moduleOf(block)])));
  return given.flatMap((block) =>
    faultsIn(program, pathOf(block)).map(({ line, text }) => `${block.file}:${block.line + line}: ${text}`),
  );
}

/** Runs a block and gives what it writes: the YAML files joined, the lines on the console, and the error. */
function run({ code }: Block): { yaml: string; console: string; error?: Error } {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  const outdir = process.env.CDK8S_OUTDIR;
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  process.env.CDK8S_OUTDIR = folder;
  try {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    let error: Error | undefined;
    try {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      new Function('require', 'exports', outputText)(require, {});
    } catch (thrown) {
      error = thrown as Error;
    }
    const yaml = readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('---\n');
    return { yaml, console: log.mock.calls.flat().join('\n'), error };
  } finally {
    log.mockRestore();
    if (outdir === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = outdir;
    rmSync(folder, { recursive: true });
  }
}

/** Runs a fragment in an app of its own, synthesizes that, and gives what is wrong with it. */
function faultsOf({ file, line, code }: Block): string[] {
  const app = new blocks.App({ outdir: mkdtempSync(join(tmpdir(), 'docs-')) });
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const readiness = blocks.Probe.httpGet('/readyz');
  const surroundings = {
    app,
    chart,
    frontend: new blocks.WebService(chart, 'frontend', { image: 'ghcr.io/acme/frontend:1.4.2', port: 8080, readiness }),
    site: new blocks.StaticSite(chart, 'given-site', { image: 'ghcr.io/acme/site:1.4.2' }),
    redis: new blocks.Redis(chart, 'redis', {
      password: { secret: blocks.SecretRef.named('redis-passwd'), key: 'passwd' },
      storage: Size.gibibytes(1),
    }),
    config: new blocks.VersionedConfigMap(chart, 'config', { data: { entriesPerPage: '10' } }),
    process: { exitCode: 0 },
    console: { log: () => undefined, warn: () => undefined },
  };
  const names = { ...blocks, ApiObject, Chart, Duration, JsonPatch, Size, ...surroundings };
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    new Function(...Object.keys(names), `{ ${code}\n}`)(...Object.values(names));
    app.synth();
    return [];
  } catch (error) {
    return [`${file}:${line}: ${(error as Error).message}`];
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
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

/** The first block of a language below a heading. */
function below(file: string, heading: string, language: string): Block {
  const start = read(file)
    .split('\n')
    .findIndex((line) => /^#+ /.test(line) && line.endsWith(` ${heading}`));
  const block = BLOCKS.find(
    (candidate) => candidate.file === file && candidate.line > start && candidate.language === language,
  );
  if (start < 0 || !block) throw new Error(`${file} has no block of ${language} below '${heading}'`);
  return block;
}

/** A document without its code. */
function prose(file: string): string {
  return read(file)
    .replace(/^ *```[\s\S]*?^ *```/gm, '')
    .replace(/`[^`\n]*`/g, '');
}

/** The anchors that headings have on GitHub. */
function anchorsOf(file: string): string[] {
  return [
    ...read(file)
      .replace(/^ *```[\s\S]*?^ *```/gm, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the documents', () => {
  test('compile: every block of TypeScript, and a mistake is reported with file and line', () => {
    const modules = BLOCKS.filter(({ language }) => language === 'ts');
    const mistake = {
      file: 'mistake.md',
      line: 7,
      language: 'ts',
      code: "new WebService(chart, 'a', {\n  prot: 80,\n});",
    };
    const [first, ...others] = compile([mistake, ...modules]);
    expect(modules.length).toBeGreaterThan(20);
    expect(others).toEqual([]);
    expect(first).toMatch(/^mistake\.md:8: .*'prot' does not exist in type 'WebServiceProps'/);
  });

  test('synthesize: every fragment of TypeScript', () => {
    const fragments = BLOCKS.filter(({ language, code }) => language === 'ts' && !/^import /m.test(code));
    const faults = fragments.flatMap(faultsOf);
    // of all the files that the guides speak of, none is here
    const isOfFile = (fault: string): boolean =>
      fault.includes("prop 'files': got 'config/logging.yaml'") || fault.includes("prop 'file': got 'namespace.yaml'");
    expect(faults.filter((fault) => !isOfFile(fault))).toEqual([]);
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
    const broken = DOCUMENTS.flatMap((file) =>
      [...prose(file).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link]) => link)
        .filter((link) => {
          if (/^[a-z]+:/.test(link)) return false;
          const [path, anchor] = link.split('#');
          const target = path === '' ? file : relative(ROOT, resolve(ROOT, dirname(file), path));
          return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
        })
        .map((link) => `${file}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test('name only source files that exist', () => {
    const guides = DOCUMENTS.filter((file) => file !== 'docs/practices.md');
    const named = guides.flatMap((file) =>
      [...read(file).matchAll(/`([\w./-]+\/[\w.-]+\.ts)`/g)].map(([, path]) => path),
    );
    expect(named.filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, 'src', path)))).toEqual([]);
  });

  test('are all in the index, but for the index itself', () => {
    const listed = [...read('docs/README.md').matchAll(/\]\(([^)#\s]+)/g)].map(([, link]) =>
      relative(ROOT, resolve(ROOT, 'docs', link)),
    );
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
    const { error, yaml } = run(below('README.md', 'An app', 'ts'));
    expect(error).toBeUndefined();
    expect(missingLines(below('README.md', 'An app', 'yaml').code, yaml)).toEqual([]);
    expect(read('README.md')).toContain(`writes ${yaml.split(/^kind: /m).length - 1} objects`);
    const { code } = below('README.md', 'An app', 'ts');
    const mistaken = run({
      ...below('README.md', 'An app', 'ts'),
      code: code.replace('port: 8080,', 'port: 8080, drain: 20 as never,'),
    });
    expect(mistaken.error?.message).toContain(below('README.md', 'An app', 'text').code);
  });
});

describe('the guides', () => {
  test('show what the journal really becomes (S01)', () => {
    const result = run(below('docs/first-app.md', 'A first application', 'ts'));
    expect(result.error).toBeUndefined();
    expect(missingLines(below('docs/first-app.md', 'A first application', 'yaml').code, result.yaml)).toEqual([]);
    // three dots stand for more objects, and for nothing else
    const [start, end] = below('docs/first-app.md', 'A first application', 'text').code.split('  ...\n');
    expect(result.console.slice(0, start.length)).toBe(start);
    expect(
      result.console
        .slice(start.length)
        .replace(/^( {2}\w+ \S+\n)+/, '')
        .trimEnd(),
    ).toBe(end);
  });

  test('writes the scripts whose log docs/redis.md quotes', () => {
    const quoted = below('docs/redis.md', 'The id is missing', 'text')
      .code.replace('waiting: ', '')
      .replace('/data/', '$data/');
    expect(run(below('docs/first-app.md', 'A first application', 'ts')).yaml).toContain(quoted);
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

describe('the errors of the examples', () => {
  test.each([['docs/errors.md', 'Errors']])('are the real ones in %s', (file, heading) => {
    const { error, yaml } = run(below(file, heading, 'ts'));
    expect(error?.message).toBe(below(file, heading, 'text').code);
    expect(yaml).toBe('');
  });
});
