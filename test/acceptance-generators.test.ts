import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Testing, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { type InvalidApp, invalidApp, invalidBy, MISTAKES } from './cluster/acceptance/invalid-app';
import { build, type RandomApp, validApp } from './cluster/acceptance/random-app';
import { newChart, problemsOf } from './support';

const SEED = 42;
// what is there twice is a problem of the app itself, which has no path
const MESSAGE = /^\[.*\] .+: got .+, expected .+\. .+/;

function refusals(app: RandomApp): string[] {
  return problemsOf((chart) => build(app, chart));
}

function expectRefused({ mistake, at, app }: InvalidApp): void {
  const messages = refusals(app);
  expect({ mistake, named: messages.some((message) => message.includes(at === '' ? ': got 2 on cluster' : ` prop '${at}`)), messages }).toMatchObject({ named: true });
  for (const message of messages) expect(message).toMatch(MESSAGE);
}

/** The names of the props of an interface and of those that it extends, from its source. */
function propsOf(file: string, name: string): string[] {
  const source = readFileSync(resolve(__dirname, '../src', file), 'utf8');
  const body = new RegExp(`interface ${name} [^{]*\\{\\n(.*?)\\n\\}`, 's').exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, prop]) => prop);
}

test('valid apps synthesize', () => {
  fc.assert(fc.property(validApp, (app) => expect(refusals(app)).toEqual([])), { numRuns: 200, seed: SEED });
});

test('the YAML of valid apps says what the manifests say', () => {
  fc.assert(fc.property(validApp, (app) => {
    const chart = newChart();
    build(app, chart);
    const manifests = Testing.synth(chart) as unknown[];
    const written = parseAllDocuments(Yaml.stringify(...manifests), { version: '1.1' }).map((document) => document.toJSON() as unknown);
    expect(written).toEqual(manifests);
  }), { numRuns: 150, seed: SEED });
});

test('apps with a mistake are refused', () => {
  fc.assert(fc.property(invalidApp, expectRefused), { numRuns: 300, seed: SEED });
});

test.each(MISTAKES.map((entry) => [`${entry.kind} ${entry.mistake}`, entry] as const))('refused: %s', (_title, entry) => {
  fc.assert(fc.property(invalidBy(entry), expectRefused), { numRuns: 2, seed: SEED });
});

/** Classes that the cluster must have before a pod names them. */
const OF_THE_CLUSTER = ['priorityClass', 'runtimeClass', 'runtimeClassName'];

test('the valid apps set every prop', () => {
  const workload = [...propsOf('workload/workload-props.ts', 'WorkloadProps'), ...propsOf('pod/placement.ts', 'PlacementProps')];
  const expected: Record<string, string[]> = {
    WebService: [...workload, ...propsOf('pod/container.ts', 'ContainerBaseProps'), ...propsOf('workload/web-service-props.ts', 'WebServiceProps')],
    StaticSite: [...workload, ...propsOf('site/static-site.ts', 'StaticSiteProps')],
    Redis: [...workload, ...propsOf('redis/redis-props.ts', 'RedisProps')],
    HttpRouting: propsOf('routing/http-routing-props.ts', 'HttpRoutingProps'),
    VersionedConfigMap: propsOf('config/versioned-config-map-props.ts', 'VersionedConfigMapProps'),
    VersionedSecret: propsOf('config/versioned-secret.ts', 'VersionedSecretProps'),
  };
  expect(Object.values(expected).filter((props) => props.length < 3)).toEqual([]);
  const blocks = fc.sample(validApp, { numRuns: 500, seed: SEED }).flatMap((app) => app.blocks);
  const missing = Object.entries(expected).flatMap(([kind, props]) => {
    const set = new Set(blocks.filter((block) => block.kind === kind).flatMap((block) => Object.keys(block.props)));
    return props.filter((prop) => !set.has(prop) && !OF_THE_CLUSTER.includes(prop)).map((prop) => `${kind}.${prop}`);
  });
  expect(missing).toEqual([]);
});
