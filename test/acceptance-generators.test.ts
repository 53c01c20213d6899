import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { type InvalidApp, invalidApp, invalidBy, MISTAKES } from './cluster/acceptance/invalid-app';
import { build, type RandomApp, validApp } from './cluster/acceptance/random-app';
import type { BlockData } from './cluster/acceptance/terms';
import { newChart, linesOf } from './support';
import * as library from '../src';

const SEED = 42;
// what is there twice is a problem of the app itself, which has no path
const MESSAGE = /^\[.*\] .+: got .+, expected .+\. .+/;

function refusals(app: RandomApp): string[] {
  return linesOf((chart) => build(app, chart));
}

function expectRefused({ mistake, at, app }: InvalidApp): void {
  const messages = refusals(app);
  expect({ mistake, named: messages.some((message) => message.includes(at === '' ? ': got 2 on cluster' : ` prop '${at}`)), messages }).toMatchObject({ named: true });
  for (const message of messages) expect(message).toMatch(MESSAGE);
}

const SOURCE = resolve(__dirname, '../src');
const sources = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(SOURCE, file), 'utf8')).join('\n');

/** The names of the props of an interface, from its source. */
function propsOf(name: string): string[] {
  const bodies = [...sources.matchAll(new RegExp(`interface ${name} [^{]*\\{\\n(.*?)\\n\\}`, 'gs'))].map(([, body]) => body);
  expect({ name, declared: bodies.length }).toEqual({ name, declared: 1 });
  return [...bodies[0].matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, prop]) => prop);
}

test('valid apps synthesize', () => {
  fc.assert(fc.property(validApp, (app) => expect(refusals(app)).toEqual([])), { numRuns: 200, seed: SEED });
});

test('the YAML of valid apps says what the manifests say', () => {
  fc.assert(fc.property(validApp, (app) => {
    const chart = newChart();
    build(app, chart);
    const manifests = App.of(chart).charts.flatMap((one) => one.toJson() as unknown[]);
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

/** Classes are in the main chart, with the workloads that name them. */
const OF_THE_APP = ['priorityClass', 'runtimeClass'];
/** What a random app has no address for. */
const IMPOSSIBLE = ['Egress.apiServer', 'Peer.fromKplus'];

/** What interfaces of props have in common. */
const workloadProps = [...propsOf('PodWorkloadProps'), ...propsOf('PlacementProps')];
const containerProps = [...workloadProps, ...propsOf('ContainerBaseProps')];
const goingOn = propsOf('WorkloadProps');
const run = [...containerProps, ...propsOf('RunProps')];
const replicas = propsOf('ReplicasProps');
const outside = propsOf('ExternalServiceBaseProps');
const exposed = propsOf('ExposedServiceProps');

/** What can be given to each kind of block. */
const PROPS: Record<BlockData['kind'], string[]> = {
  AccessGrant: propsOf('AccessGrantProps'),
  DeveloperNamespace: propsOf('DeveloperNamespaceProps'),
  EndpointSyncer: [...containerProps, ...propsOf('EndpointSyncerProps')].filter((prop) => prop !== 'serviceAccountToken'),
  ExportedService: exposed,
  ExposedService: exposed,
  ExternalService: [...outside, ...propsOf('ExternalServiceProps')],
  HttpRouting: propsOf('HttpRoutingProps'),
  ImportedService: [...outside.filter((prop) => prop !== 'headless'), ...propsOf('ImportedServiceProps')],
  Job: [...run, ...propsOf('JobProps')],
  NamespaceReaper: [...workloadProps, ...propsOf('NamespaceReaperProps')].filter((prop) => prop !== 'serviceAccountToken'),
  NetworkTiers: propsOf('NetworkTiersProps'),
  PriorityClass: propsOf('PriorityClassProps'),
  PrivilegedWorkload: [...containerProps, ...propsOf('ProbedContainerProps'), ...propsOf('PrivilegedWorkloadProps')].filter((prop) => !OF_THE_APP.includes(prop)),
  Redis: [...workloadProps, ...goingOn, ...propsOf('RedisProps')],
  RuntimeClass: propsOf('RuntimeClassProps'),
  ScheduledJob: [...run, ...propsOf('ScheduleProps')],
  StaticSite: [...workloadProps, ...goingOn, ...replicas, ...propsOf('StaticSiteProps')],
  TenantNamespace: propsOf('TenantNamespaceProps'),
  VersionedConfigMap: propsOf('VersionedConfigMapProps'),
  VersionedSecret: propsOf('VersionedSecretProps'),
  WebService: [...containerProps, ...goingOn, ...replicas, ...propsOf('DeploymentProps'), ...propsOf('WebServiceProps')],
  Worker: [...containerProps, ...goingOn, ...replicas, ...propsOf('DeploymentProps'), ...propsOf('WorkerProps')],
};

const manyApps = fc.sample(validApp, { numRuns: 3000, seed: SEED });

test('the valid apps set every prop', () => {
  expect(Object.values(PROPS).filter((props) => props.length < 3)).toEqual([]);
  const set = new Map<string, Set<string>>();
  for (const { kind, props } of manyApps.flatMap((app) => app.blocks)) set.set(kind, new Set([...set.get(kind) ?? [], ...Object.keys(props)]));
  const missing = Object.entries(PROPS).flatMap(([kind, props]) => props.filter((prop) => !set.get(kind)?.has(prop)).map((prop) => `${kind}.${prop}`));
  expect(missing).toEqual([]);
  const known = new Set(manyApps.flatMap(({ cluster }) => Object.keys(cluster ?? {})));
  expect(propsOf('ClusterProfileProps').filter((prop) => prop !== 'version' && !known.has(prop))).toEqual([]);
});

/** The static methods of the value classes: `Quota.of`, `Subject.group` and so on. */
const FACTORIES = [
  library.AccessRole, library.Autoscaling, library.ClusterDns, library.Cpu, library.DisruptionBudget, library.Egress, library.ExternalTarget, library.Exposure, library.IngressController,
  library.LoadBalancerProvider, library.Mesh, library.NameEgress, library.NodePool, library.Peer, library.PrivilegedException, library.Probe, library.Quota, library.Resources, library.Rollout,
  library.Subject, library.Tls, library.WorkloadIdentity,
].flatMap((type) => Object.getOwnPropertyNames(type).filter((name) => !['length', 'name', 'prototype'].includes(name) && !name.startsWith('_')).map((name) => `${type.name}.${name}`));

test('the valid apps call every factory', () => {
  const called = new Set([...JSON.stringify(manyApps).matchAll(/"\$call":"([\w.]+)"/g)].map(([, name]) => name));
  expect(FACTORIES.length).toBeGreaterThan(70);
  expect(FACTORIES.filter((name) => !called.has(name) && !IMPOSSIBLE.includes(name))).toEqual([]);
});
