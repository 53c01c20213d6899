import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Size } from 'cdk8s';
import * as yaml from 'yaml';
import { environments } from '../../examples/journal/environments';
import { synthesize } from '../../examples/journal/main';
import { allocateNamespace } from '../../src/ops/allocate-namespace';
import type { Manifest } from '../support';

const folder = mkdtempSync(join(tmpdir(), 'journal-'));
const output = join(folder, 'dist');
const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);

beforeAll(() => synthesize(output, environments));
afterAll(() => rmSync(folder, { recursive: true }));

function filesOf(environment: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(join(output, environment))
      .sort()
      .map((file) => [file, readFileSync(join(output, environment, file), 'utf8')]),
  );
}

function manifestsOf(environment: string): Manifest[] {
  return Object.values(filesOf(environment)).flatMap((text) =>
    yaml.parseAllDocuments(text).map((document) => document.toJS() as Manifest),
  );
}

describe('the journal example', () => {
  test.each(Object.keys(environments))('writes the YAML of %s as it was reviewed (CH01-03, S01)', (environment) => {
    const text = Object.entries(filesOf(environment))
      .map(([file, content]) => `# ${file}\n${content}`)
      .join('\n');
    expect(text).toMatchSnapshot();
  });

  test('writes one file a component, the namespace first (CH01-04, CH01-05)', () => {
    expect(Object.keys(filesOf('prod'))).toEqual([
      '00-namespace.k8s.yaml',
      'frontend.k8s.yaml',
      'redis.k8s.yaml',
      'routing.k8s.yaml',
      'site.k8s.yaml',
    ]);
  });

  test('writes the same bytes again, without what is no longer there', () => {
    const before = filesOf('dev');
    synthesize(output, { dev: environments.dev });
    expect(filesOf('dev')).toEqual(before);
    expect(existsSync(join(output, 'prod'))).toBe(false);
    synthesize(output, environments);
  });

  test('leaves the output as it was when one environment has a mistake', () => {
    const before = filesOf('prod');
    const broken = {
      ...environments.prod,
      host: 'not a host',
      redis: { ...environments.prod.redis, storage: Size.mebibytes(1) },
    };
    const run = () => synthesize(output, { dev: environments.dev, prod: broken });
    expect(run).toThrow("prop 'host': got 'not a host'");
    expect(run).toThrow("prop 'storage': got 1 MiB");
    expect(filesOf('prod')).toEqual(before);
    expect(readdirSync(folder)).toEqual(['dist']);
  });

  test('differs between environments in numbers, sizes, hosts and names only (CH01-65, CH01-66)', () => {
    const shape = (environment: 'dev' | 'prod') =>
      manifestsOf(environment)
        .filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind as string))
        .map(
          ({
            kind,
            spec: {
              template: { spec },
            },
          }) => ({
            kind,
            securityContext: spec.securityContext,
            containers: spec.containers.map(({ image, securityContext, readinessProbe, livenessProbe }: Manifest) => ({
              image,
              securityContext,
              readinessProbe,
              livenessProbe,
            })),
          }),
        );
    expect(shape('dev')).toEqual(shape('prod'));
  });

  test('contains no Secret and no password (CH01-37)', () => {
    const text = Object.values(filesOf('prod')).join('\n');
    expect(manifestsOf('prod').map(({ kind }) => kind as string)).not.toContain('Secret');
    expect(text).not.toMatch(/stringData|PASSWORD: /);
  });

  test('tells what it wrote, which Secrets it expects and the next command', () => {
    printed.mockClear();
    synthesize(output, environments);
    const text = printed.mock.calls.join('\n');
    expect(text).toContain('Deployment frontend: 3 replicas, 1500m CPU, 3Gi');
    expect(text).toContain('journal-prod/redis-passwd-v1 (Opaque) with passwd, for redis/Default, frontend/Default');
    expect(text).toMatch(/kubectl apply --server-side -f \S+prod/);
  });

  test('B15: opens its edges in a namespace of the command-line tool, and says where the quota is too small', async () => {
    const environmentIn = async (size: string): Promise<(typeof environments)['dev'] & { namespaceFile: string }> => {
      const text = new PassThrough();
      const words = [
        '--owner',
        'jane',
        '--team',
        'search',
        '--purpose',
        'A test',
        '--name',
        'search-x',
        '--size',
        size,
      ];
      await allocateNamespace(words, { input: new PassThrough(), output: text, errors: new PassThrough() });
      const namespaceFile = join(folder, `${size}.yaml`);
      writeFileSync(namespaceFile, String(text.read()));
      return { ...environments.dev, namespace: 'search-x', namespaceFile };
    };
    synthesize(output, { other: await environmentIn('large') });
    expect(Object.keys(filesOf('other'))).not.toContain('00-namespace.k8s.yaml');
    const egress = Object.fromEntries(
      manifestsOf('other')
        .filter(({ kind }) => kind === 'NetworkPolicy')
        .map(({ metadata, spec }) => [metadata.name as string, JSON.stringify(spec.egress ?? null)]),
    );
    for (const name of ['frontend', 'redis']) expect(egress[name]).toContain('"app.kubernetes.io/instance":"redis"');
    const small = await environmentIn('small');
    expect(() => synthesize(output, { small })).toThrow(
      /ResourceQuota search-x': got .* at most 2 \(quota limits\.cpu\)/,
    );
    synthesize(output, environments);
  });
});
