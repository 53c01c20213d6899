import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { parse } from 'yaml';
import { appOf, BLOCKS, NAMES } from './blocks/catalogue';
import { build } from './cluster/acceptance/terms';
import { markdownBelow, read, ROOT } from './documents/blocks';
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

  test('has links that resolve beside it, in the repository and on registries', () => {
    const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
    const known = new Set(
      files.flatMap((file) => file.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'))),
    );
    const base = 'https://github.com/cdk8s-best-practices/cdk8s-best-practices/blob/main/';
    const readme = absoluteLinks(read('README.md'), PACKAGE.repository.url);
    const links = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    expect(links.filter((link) => link.startsWith(base)).length).toBeGreaterThan(20);
    expect(links.filter((link) => !link.startsWith('https://'))).toEqual([]);
    const paths = links
      .filter((link) => link.startsWith(base))
      .map((link) => link.slice(base.length).replace(/#.*/, ''));
    expect(paths.filter((path) => !known.has(path.replace(/\/$/, '')))).toEqual([]);
    // the guides are in the tarball, so that what the README links to is there as well
    const ignored = read('.npmignore')
      .split('\n')
      .filter((line) => line.startsWith('/docs'));
    expect(ignored).toEqual(['/docs/api']);
    expect(paths.filter((path) => !/^docs\/|^(CHANGELOG|SECURITY)\.md$/.test(path))).toEqual([]);
    expect(markdownBelow('docs').filter((file) => !known.has(file))).toEqual([]);
  });
});

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
    const marked = entries.filter((entry) => /restarts?\b/i.test(entry));
    expect(marked.length).toBeGreaterThan(0);
    for (const entry of marked) {
      expect(entry).toContain('**Restarts.**');
      expect(Object.keys(BLOCKS).some((name) => entry.includes(`\`${name}\``))).toBe(true);
    }
  });
});
