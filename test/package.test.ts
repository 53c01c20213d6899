import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { parse } from 'yaml';
import { appOf, BLOCKS, NAMES } from './blocks/catalogue';
import { build } from './cluster/acceptance/terms';
import { markdownBelow, read, ROOT } from './documents/blocks';
import { faultOf, filesOfRepository, linksOf, REPOSITORY } from './documents/links';
import { type Manifest, newChart } from './support';
import { absoluteLinks } from '../projenrc/optional-peers';

const PACKAGE = JSON.parse(read('package.json')) as {
  version: string;
  stability: string;
  license: string;
  engines: { node: string };
  repository: { url: string };
};

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly jobs: Record<
    string,
    {
      readonly permissions: Record<string, string>;
      readonly strategy?: { readonly matrix: { readonly node: string[] } };
      readonly steps: Array<{
        readonly run?: string;
        readonly env?: Record<string, string>;
        readonly with?: Record<string, string>;
      }>;
    }
  >;
}

describe('the package', () => {
  test('is experimental, below 1.0, and has a license with an owner', () => {
    expect(PACKAGE).toMatchObject({ version: '0.0.0', stability: 'experimental', license: 'Apache-2.0' });
    expect(JSON.parse(read('.projen/tasks.json'))).toMatchObject({ tasks: { release: { env: { MAJOR: '0' } } } });
    expect(read('LICENSE')).toContain('Copyright 2026 The cdk8s-best-practices authors');
    expect(read('LICENSE')).not.toMatch(/\[yyyy\]|\[name of/);
  });

  test('is released by hand, with provenance and without a token', () => {
    const { on, jobs } = parse(read('.github/workflows/release.yml')) as Workflow;
    expect(Object.keys(on)).toEqual(['workflow_dispatch']);
    expect(jobs.release_npm.permissions).toMatchObject({ 'id-token': 'write' });
    const env = Object.assign({}, ...jobs.release_npm.steps.map((step) => step.env)) as Record<string, string>;
    expect(env).toMatchObject({ NPM_TRUSTED_PUBLISHER: 'true', NPM_CONFIG_PROVENANCE: 'true' });
    expect(env).not.toHaveProperty('NPM_TOKEN');
    // npm 10, of Node 22, cannot publish without a token
    expect(jobs.release_npm.steps[0].with).toMatchObject({ 'node-version': '24' });
  });

  test('is tried as users have it on the lines of Node that have support', () => {
    const { jobs } = parse(read('.github/workflows/build.yml')) as Workflow;
    expect(jobs.consumer.strategy?.matrix.node).toEqual(['22', '24']);
    const commands = jobs.consumer.steps.flatMap(({ run }) => run ?? []).join('\n');
    for (const script of ['npm test', '.ci/examples', '.ci/packed', '.ci/templates']) {
      expect(commands).toContain(script);
    }
    for (const script of ['.ci/examples', '.ci/packed', '.ci/templates']) expect(read('.ci/run')).toContain(script);
    expect(PACKAGE.engines).toEqual({ node: '>= 20.0.0' });
  });

  test('has links that resolve in it and in the repository', () => {
    const known = filesOfRepository();
    const packed = filesOfPackage();
    const documents = packed.filter((file) => file.endsWith('.md'));
    expect(documents).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', ...markdownBelow('docs')]));
    const links = documents.flatMap((file) => linksOf(file));
    expect(links.filter(({ isRelative, path }) => path !== undefined && !isRelative).length).toBeGreaterThan(100);
    expect(links.flatMap((link) => faultOf(link, known) ?? [])).toEqual([]);
    // relative exactly where both ends are in the package
    const wrong = links.filter(({ path, isRelative }) => path !== undefined && packed.includes(path) !== isRelative);
    expect(wrong.map(({ file, url }) => `${file}: ${url}`)).toEqual([]);
  });

  test('has a README whose links resolve on registries, which show it without other files', () => {
    const links = linksOf('README.md', absoluteLinks(read('README.md'), PACKAGE.repository.url));
    expect(links.filter(({ url, isRelative }) => isRelative && !url.startsWith('#'))).toEqual([]);
    expect(links.filter(({ path }) => path !== undefined).length).toBeGreaterThan(20);
    const known = filesOfRepository();
    expect(links.flatMap((link) => faultOf(link, known) ?? [])).toEqual([]);
    expect(REPOSITORY).toBe(`${PACKAGE.repository.url.replace(/\.git$/, '')}/blob/main/`);
  });
});

/** The files of the tarball, as npm packs them. */
function filesOfPackage(): string[] {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(output) as Array<{ files: Array<{ path: string }> }>;
  return files.map(({ path }) => path);
}

/** The pod templates of a block with the least props, as a digest. */
function podTemplatesOf(name: (typeof NAMES)[number]): string | undefined {
  const chart = newChart();
  build(appOf(name), chart);
  const templates = (Testing.synth(chart) as Manifest[])
    .filter(({ metadata }) => /-x(-1-4-2)?$/.test(metadata.name as string))
    .flatMap(({ spec }) => spec?.template ?? spec?.jobTemplate?.spec?.template ?? []);
  if (templates.length === 0) return undefined;
  return createHash('sha256').update(JSON.stringify(templates)).digest('hex').slice(0, 12);
}

/** The pod templates of the last release, by block; until there is one, those of the start. */
const RELEASED = join(ROOT, 'test/released-pods.json');

describe('the changelog', () => {
  const unreleased = /^## Unreleased\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(read('CHANGELOG.md'))?.[1] ?? '';
  const entries = unreleased.split(/^(?=\* |###)/m).filter((entry) => entry.startsWith('* '));

  test('marks what restarts pods: each block whose pod template differs from the last release', () => {
    const now = Object.fromEntries(NAMES.map((name) => [name, podTemplatesOf(name)]).filter(([, digest]) => digest));
    if (process.env.UPDATE_RELEASED_PODS) writeFileSync(RELEASED, `${JSON.stringify(now, null, 2)}\n`);
    const released = JSON.parse(read('test/released-pods.json')) as Record<string, string>;
    expect(Object.keys(now)).toEqual(
      expect.arrayContaining(['WebService', 'Worker', 'Redis', 'ScheduledJob', 'PrivilegedWorkload']),
    );
    const marked = entries.filter((entry) => entry.includes('**Restarts.**'));
    const silent = Object.entries(released).filter(
      ([name, digest]) => now[name] !== digest && !marked.some((entry) => entry.includes(`\`${name}\``)),
    );
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  test('has a mark that names blocks, and one way to write it', () => {
    const marked = entries.filter((entry) => /restarts?\b/i.test(entry.replace('No pod restarts.', '')));
    expect(marked.length).toBeGreaterThan(0);
    for (const entry of marked) {
      expect(entry).toContain('**Restarts.**');
      expect(Object.keys(BLOCKS).some((name) => entry.includes(`\`${name}\``))).toBe(true);
    }
  });
});
