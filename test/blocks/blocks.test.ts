import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { appOf, BLOCKS, NAMES } from './catalogue';
import type { BlockName } from './names';
import * as library from '../../src';
import { MISTAKES } from '../cluster/acceptance/invalid-app';
import { RANDOM_KINDS } from '../cluster/acceptance/random-app';
import { type BlockData, build, call, Raw, type Terms } from '../cluster/acceptance/terms';
import { ROOT } from '../compiler';
import { propsGivenTo } from '../declarations/structs';
import { anyValue, nested } from '../random-values';
import { linesOf, type Manifest, newChart, problemsOf } from '../support';

const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const DEFAULTS = readFileSync(join(ROOT, 'docs/blocks.md'), 'utf8');
/** With the path in front; duplicates of objects are reported by the app, whose path is empty. */
const FORM = /^\[.*\] .+: got .+, expected .+\. .+/s;
/** Constructs that are not made in a chart. */
const NO_BLOCKS = ['App', 'WorkloadServiceAccount'];

test('each exported construct has an entry', () => {
  const constructs = Object.entries(library)
    .filter(([, value]) => typeof value === 'function' && value.prototype instanceof Construct)
    .map(([name]) => name);
  expect(constructs.filter((name) => !NO_BLOCKS.includes(name) && !(name in BLOCKS))).toEqual([]);
});

test('each block that writes something is in the random apps, and has mistakes of its own', () => {
  const writing = NAMES.filter((name) => !['DnsForwarding', 'ExistingNamespace'].includes(name));
  expect(writing.filter((name) => !RANDOM_KINDS.includes(name))).toEqual([]);
  expect(writing.filter((name) => !MISTAKES.some(({ kind }) => kind === name))).toEqual([]);
});

describe.each(NAMES)('%s', (name) => {
  const { guide, emits } = BLOCKS[name];

  test('synthesizes with the least props, to the objects that its entry names', () => {
    expect(problemsOf((chart) => build(appOf(name), chart))).toEqual([]);
    const chart = newChart();
    build(appOf(name), chart);
    const block = chart.node.root.node.findAll().find(({ node }) => node.id === 'x')!;
    const objects = block.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node));
    expect(objects.map(({ kind }) => kind)).toEqual(emits);
  });

  test('is in the README and in its guide', () => {
    for (const table of [README, DEFAULTS]) expect(table).toMatch(new RegExp(`^\\| [^|]*\`${name}\``, 'm'));
    expect(existsSync(join(ROOT, 'docs', guide)) && readFileSync(join(ROOT, 'docs', guide), 'utf8')).toContain(name);
  });

  test('names each required prop that is left out', () => {
    const messages = linesOf((chart) => build(appOf(name, {}), chart));
    expect(messages.length).toBeGreaterThan(0);
    for (const message of messages) expect(message).toMatch(/^\[.*\] /);
  });

  test('takes any value for any prop, or says what is wrong with it', () => {
    const props = [...propsGivenTo(name), 'unknown'];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.constantFrom(...props), fc.oneof(anyValue, nested)), {
          minLength: 1,
          maxLength: 3,
          selector: ([prop]) => prop,
        }),
        (given) => {
          // a folder or file of that name would be read
          const wrong = given
            .filter(([prop, value]) => !(prop === 'folder' && typeof value === 'string'))
            .map(([prop, value]) => [prop, new Raw(value)]);
          const app = appOf(name, { ...BLOCKS[name].minimal, ...(Object.fromEntries(wrong) as Terms) });
          for (const message of linesOf((chart) => build(app, chart))) expect(message).toMatch(FORM);
        },
      ),
      { numRuns: 100, seed: 42 },
    );
  });

  test('says that null, text and lists are no props', () => {
    for (const props of [null, 'ab', [1]]) {
      expect(linesOf((chart) => build(appOf(name, props as never), chart)).join('\n')).toContain('an object');
    }
  });
});

/** The pods of the objects of an app, whatever makes them. */
function podsOf(name: BlockName): Manifest[] {
  const chart = newChart();
  build(appOf(name), chart);
  return App.of(chart)
    .charts.flatMap((one) => Testing.synth(one) as Manifest[])
    .flatMap(({ kind, spec }) =>
      kind === 'CronJob'
        ? [spec.jobTemplate.spec.template.spec as Manifest]
        : spec?.template?.spec
          ? [spec.template.spec as Manifest]
          : [],
    );
}

test('Pod Security restricts the pods of all blocks but those that say so (CH10-02)', () => {
  const isRestricted = ({ containers, initContainers = [], securityContext: pod }: Manifest): boolean =>
    [...containers, ...initContainers].every(
      ({ securityContext }: Manifest) =>
        pod.runAsNonRoot === true &&
        pod.seccompProfile.type === 'RuntimeDefault' &&
        securityContext.runAsUser !== 0 &&
        pod.runAsUser !== 0 &&
        securityContext.allowPrivilegeEscalation === false &&
        securityContext.capabilities.drop[0] === 'ALL' &&
        securityContext.readOnlyRootFilesystem === true,
    );
  expect(NAMES.flatMap(podsOf).length).toBeGreaterThan(10);
  expect(NAMES.filter((name) => !podsOf(name).every(isRestricted))).toEqual(
    NAMES.filter((name) => BLOCKS[name].isPrivileged),
  );
});

/** The names of the blocks that have a method. */
function blocksWith(method: string): BlockName[] {
  return NAMES.filter((name) => method in (library[name].prototype as object));
}

/** The objects of an app with one block of the name, after a call of a method of it. */
function afterCall(
  name: BlockName,
  props: Terms,
  method: string,
  args: unknown[],
  around: BlockData[] = [],
): Manifest[] {
  const app = appOf(name, { ...BLOCKS[name].minimal, ...props });
  const chart = newChart();
  build({ ...app, blocks: [...app.blocks, ...around], steps: [...app.steps, { on: 'x', method, args }] }, chart);
  return App.of(chart).charts.flatMap((one) => Testing.synth(one) as Manifest[]);
}

test.each(blocksWith('mount'))('%s mounts a ConfigMap into its first container', (name) => {
  const settings: BlockData = { kind: 'VersionedConfigMap', id: 'settings', props: { data: { a: 'b' } } };
  const manifests = afterCall(name, {}, 'mount', ['/settings', { $block: 'settings' }], [settings]);
  const pods = manifests
    .filter(({ metadata }) => /^app-x\b/.test(metadata.name as string))
    .flatMap(({ spec }) => (spec?.template?.spec ?? spec?.jobTemplate?.spec.template.spec ?? []) as Manifest[]);
  expect(pods).toHaveLength(1);
  const [{ containers, volumes }] = pods;
  const mount = (containers[0].volumeMounts as Manifest[]).find(({ mountPath }) => mountPath === '/settings');
  expect(mount).toMatchObject({ readOnly: true });
  expect(volumes).toContainEqual({
    name: mount?.name as string,
    configMap: expect.objectContaining({ name: expect.stringMatching(/^app-settings-/) as string }) as object,
  });
});

/** Props that open a port for metrics. */
const METRICS: Terms = {
  metricsPort: 9090,
  extraPorts: [{ name: 'metrics', port: 9090 }],
  ports: [{ name: 'metrics', port: 9090 }],
};
const SCRAPED = blocksWith('allowFrom').flatMap((name) => {
  const given = propsGivenTo(name);
  const prop = Object.keys(METRICS).find((known) => given.includes(known));
  return prop === undefined || !BLOCKS[name].emits.includes('NetworkPolicy') ? [] : ([[name, prop]] as const);
});

test.each(SCRAPED)('%s admits a scraper to its %s', (name, prop) => {
  const scraper = call('Peer.pods', { namespace: 'monitoring', labels: { app: 'prometheus' } });
  const manifests = afterCall(name, { [prop]: METRICS[prop] }, 'allowFrom', [scraper, { ports: [9090] }]);
  const policy = manifests.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'app-x');
  const from = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
    podSelector: { matchLabels: { app: 'prometheus' } },
  };
  expect(policy?.spec.ingress).toContainEqual({ from: [from], ports: [{ port: 9090, protocol: 'TCP' }] });
});
