import { App, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { NAMES } from './blocks/catalogue';
import type { BlockName } from './blocks/names';
import {
  ALONE,
  doubtfulApp,
  type InvalidApp,
  invalidApp,
  invalidBy,
  MISTAKES,
  RULES_BESIDE,
  sampleBeside,
} from './cluster/acceptance/invalid-app';
import { DOUBTS } from './cluster/acceptance/mistakes-beside-blocks';
import { build, type RandomApp, validApp } from './cluster/acceptance/random-app';
import { propsGivenTo, propsOfStruct } from './declarations/structs';
import { newChart, linesOf } from './support';
import * as library from '../src';
import { type Finding, findingsOf } from '../src';
import type { RuleId } from '../src/kernel/findings/rule-ids';

const SEED = 42;
// what is there twice is a problem of the app itself, which has no path
const MESSAGE = /^\[.*\] .+: got .+, expected .+\. .+/;

function refusals(app: RandomApp): string[] {
  return linesOf((chart) => build(app, chart));
}

function expectRefused({ mistake, at, rule, app }: InvalidApp): void {
  if (rule !== undefined) return expectFound({ mistake, at, rule, app });
  const messages = refusals(app);
  expect({
    mistake,
    named: messages.some((message) => message.includes(at === '' ? ': got 2 on cluster' : ` prop '${at}`)),
    messages,
  }).toMatchObject({ named: true });
  for (const message of messages) expect(message).toMatch(MESSAGE);
}

function findingsIn(app: RandomApp): Finding[] {
  const chart = newChart();
  build(app, chart);
  return findingsOf(App.of(chart));
}

function expectFound({ mistake, rule, app }: InvalidApp): void {
  const found = findingsIn(app).map((finding) => finding.rule);
  expect({ mistake, named: found.includes(rule!), found }).toMatchObject({ named: true });
}

test('valid apps synthesize', () => {
  fc.assert(
    fc.property(validApp, (app) => expect(refusals(app)).toEqual([])),
    { numRuns: 200, seed: SEED },
  );
});

test('the YAML of valid apps says what the manifests say', () => {
  fc.assert(
    fc.property(validApp, (app) => {
      const chart = newChart();
      build(app, chart);
      const manifests = App.of(chart).charts.flatMap((one) => one.toJson() as unknown[]);
      const written = parseAllDocuments(Yaml.stringify(...manifests), { version: '1.1' }).map(
        (document) => document.toJSON() as unknown,
      );
      expect(written).toEqual(manifests);
    }),
    { numRuns: 150, seed: SEED },
  );
});

test('apps with a mistake are refused', () => {
  fc.assert(fc.property(invalidApp, expectRefused), { numRuns: 300, seed: SEED });
});

test.each(MISTAKES.map((entry) => [`${entry.kind} ${entry.mistake}`, entry] as const))(
  'refused: %s',
  (_title, entry) => {
    fc.assert(fc.property(invalidBy(entry), expectRefused), { numRuns: 2, seed: SEED });
  },
);

test.each(DOUBTS.map((entry) => [`${entry.kind} ${entry.mistake}`, entry] as const))(
  'warned of: %s',
  (_title, entry) => {
    fc.assert(fc.property(invalidBy(entry), expectFound), { numRuns: 10, seed: SEED });
  },
);

test('doubtful apps are warned of', () => {
  fc.assert(fc.property(doubtfulApp, expectFound), { numRuns: 100, seed: SEED });
});

test.each(RULES_BESIDE)('the sample of %s breaks it beside any valid app', (rule) => {
  fc.assert(
    fc.property(validApp, (app) => expectFound(sampleBeside(app, rule))),
    { numRuns: 1, seed: SEED },
  );
});

/** Kinds of faults that random values make, not only one sample. */
const RANDOM_TOPICS: readonly RuleId[] = [
  'scaling/two-owners',
  'scaling/two-autoscalers',
  'scaling/two-budgets',
  'scaling/reset-replicas',
  'workload/foreign-pods',
  'routing/duplicate-route',
  'routing/two-issuers',
  'routing/two-certificates',
  'routing/unmatched-path',
  'network/address-port',
  'network/address-without-connection',
  'network/unreachable-metrics',
  'network/unreachable-service',
  'network/unstated-namespace',
  'namespace/pod-security',
  'namespace/reserved',
  'access/administrator',
  'app/json-patch',
  'reference/secret-type',
  'secret/in-manifest',
  'secret/literal-data',
];

test('rows B2 to B17: each rule about objects of others has random mistakes, and all other rules have a sample', () => {
  const made = new Set([...MISTAKES, ...DOUBTS].map(({ rule }) => rule));
  expect(RANDOM_TOPICS.filter((rule) => !made.has(rule))).toEqual([]);
  // what has no sample beside other apps has random mistakes
  expect(ALONE.filter((rule) => !made.has(rule))).toEqual([]);
});

/** What a random app has no address for. */
const IMPOSSIBLE = ['SecretStoreRef.named', 'Egress.apiServer', 'Peer.fromKplus'];

/** Props that a random app cannot give to a block, and why. */
const NEVER_GIVEN: Readonly<Partial<Record<BlockName, readonly string[]>>> = {
  // its process writes to the API server
  EndpointSyncer: ['serviceAccountToken'],
  NamespaceReaper: ['serviceAccountToken'],
  // a pod on each node would hold them all
  NodeAgent: ['holdsNode'],
  // the target decides
  ImportedService: ['headless'],
  // classes are in the main chart, with the workloads that name them
  PrivilegedWorkload: ['priorityClass', 'runtimeClass'],
};
/** Without the blocks that write nothing. */
const KINDS = NAMES.filter((name) => !['DnsForwarding', 'ExistingNamespace'].includes(name));

const manyApps = fc.sample(validApp, { numRuns: 5_000, seed: SEED });

test('the valid apps set every prop', () => {
  expect(KINDS.filter((kind) => propsGivenTo(kind).length < 3)).toEqual([]);
  const set = new Map<string, Set<string>>();
  for (const { kind, props } of manyApps.flatMap((app) => app.blocks)) {
    const given = Object.keys(props).filter((prop) => props[prop] !== undefined);
    set.set(kind, new Set([...(set.get(kind) ?? []), ...given]));
  }
  const missing = KINDS.flatMap((kind) =>
    propsGivenTo(kind)
      .filter((prop) => !NEVER_GIVEN[kind]?.includes(prop) && !set.get(kind)?.has(prop))
      .map((prop) => `${kind}.${prop}`),
  );
  expect(missing).toEqual([]);
  const known = new Set(manyApps.flatMap(({ cluster }) => Object.keys(cluster ?? {})));
  expect(propsOfStruct('ClusterProfileProps').filter((prop) => prop !== 'version' && !known.has(prop))).toEqual([]);
});

/** The static methods of the value classes: `Quota.of`, `Subject.group` and so on. */
const FACTORIES = [
  library.AppProtocol,
  library.AccessRole,
  library.Autoscaling,
  library.ClaimSource,
  library.ClusterDns,
  library.Cpu,
  library.CsiProvider,
  library.DisruptionBudget,
  library.Egress,
  library.ExternalTarget,
  library.Exposure,
  library.IngressController,
  library.LoadBalancerProvider,
  library.Mesh,
  library.NameEgress,
  library.NodePool,
  library.Peer,
  library.PreStop,
  library.PrivilegedException,
  library.Probe,
  library.Quota,
  library.Resources,
  library.Rollout,
  library.ScalingMetric,
  library.ScalingPace,
  library.SecretSource,
  library.SecretStoreRef,
  library.StoreProvider,
  library.Sidecar,
  library.Subject,
  library.Tls,
  library.VerticalAutoscaling,
  library.Wait,
  library.VolumeBackend,
  library.WorkloadIdentity,
].flatMap((type) =>
  Object.getOwnPropertyNames(type)
    .filter((name) => !['length', 'name', 'prototype'].includes(name) && !name.startsWith('_'))
    .map((name) => `${type.name}.${name}`),
);

test('the valid apps call every factory', () => {
  const called = new Set([...JSON.stringify(manyApps).matchAll(/"\$call":"([\w.]+)"/g)].map(([, name]) => name));
  expect(FACTORIES.length).toBeGreaterThan(70);
  expect(FACTORIES.filter((name) => !called.has(name) && !IMPOSSIBLE.includes(name))).toEqual([]);
});
