import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu, NodePool, Probe, Resources, StatefulService, type StatefulServiceProps } from 'cdk8s-best-practices';
import { deploy } from '../../../src/ops/deploy';
import { eventually, run } from '../../rig/processes';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { createVolumes } from '../rig/node';
import { STATE } from '../rig/places';
import { isReady } from '../rig/pods';
import { ownNamespace, synthesize } from '../rig/workbench';

const { node } = Cluster;
const namespace = ownNamespace('stateful');
const CLASS = 'stateful';
const OUTPUT = join(STATE, 'stateful');
const MEMBERS = 3;
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const CLAIMS = ['data-app-store-0', 'data-app-store-1', 'data-app-store-2'];

const block =
  (id: string, props: Partial<StatefulServiceProps> = {}) =>
  (chart: Chart): StatefulService =>
    new StatefulService(chart, id, {
      image: PROBE,
      port: 8080,
      readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
      resources: Resources.of({ cpu: Cpu.millis(25), memory: Size.mebibytes(64) }),
      drain: Duration.seconds(0),
      terminationGracePeriod: Duration.seconds(5),
      minReady: Duration.seconds(1),
      ...props,
    });

/** A quorum with volumes. `release` changes its pods. */
const store = (release: string, props: Partial<StatefulServiceProps> = {}, gibibytes = 1) =>
  block('store', {
    quorum: true,
    env: { RELEASE: release },
    claims: [{ path: '/data', size: Size.gibibytes(gibibytes), storageClassName: CLASS }],
    ...props,
  });

const applied = async (build: (chart: Chart) => unknown): Promise<unknown> =>
  node.apply(...synthesize(namespace, (chart) => void build(chart)));

let api: Api;
let started: Manifest[][] = [];
beforeAll(async () => {
  api = new Api(node);
  await createVolumes(CLASS, 6);
  started = await api.statesDuring(PODS, async () => {
    await applied(store('one'));
    await settled();
  });
}, 150_000);
afterAll(() => api?.close());

/** All members of the store are available. */
async function settled(): Promise<void> {
  await node.rolledOut(namespace, 'statefulset/app-store', 60);
  await node.kubectl(
    '--namespace',
    namespace,
    'wait',
    `--for=jsonpath={.status.availableReplicas}=${MEMBERS}`,
    'statefulset/app-store',
    '--timeout=60s',
  );
}

async function pod(name: string): Promise<Manifest> {
  const { status, body } = await api.request('GET', `${PODS}/${name}`);
  if (status !== 200) throw new Error(body.message as string);
  return body;
}

/** The members of the store by ordinal: their uid. */
async function uids(): Promise<string[]> {
  return Promise.all([0, 1, 2].map(async (ordinal) => (await pod(`app-store-${ordinal}`)).metadata.uid as string));
}

/** Another pod has the name, and is ready. */
async function replaced(name: string, uid: string): Promise<void> {
  await eventually(`${name} is another pod`, async () => {
    const now = await pod(name);
    expect([now.metadata.uid === uid, isReady(now)]).toEqual([false, true]);
  });
}

async function ask(ordinal: number, path: string): Promise<string> {
  const { status } = await pod(`app-store-${ordinal}`);
  const response = await fetch(`http://${status.podIP}:8080${path}`, { signal: AbortSignal.timeout(10_000) });
  return `${response.status} ${await response.text()}`;
}

async function claims(): Promise<Manifest[]> {
  const all = await node.list(namespace, 'persistentvolumeclaims');
  return all.filter(({ metadata }) => CLAIMS.includes(metadata.name as string));
}

const ofStore = (state: readonly Manifest[]): Manifest[] =>
  state.filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/instance'] === 'app-store');

const runs = (one: Manifest): boolean => isReady(one) && one.metadata.deletionTimestamp === undefined;

test('members start in order, each after the one before it is ready', () => {
  const early = started.map(ofStore).filter((state) =>
    state.some(({ metadata }) => {
      const ordinal = Number((metadata.name as string).slice('app-store-'.length));
      return ordinal > 0 && !state.some((one) => one.metadata.name === `app-store-${ordinal - 1}` && isReady(one));
    }),
  );
  expect(early).toEqual([]);
  figure('Members of a StatefulService start in order', `0 of ${started.length} states show one before its turn`);
});

test('claims bind, and a member keeps its volume after the loss of its pod', async () => {
  const bound = await claims();
  expect(bound.map(({ metadata, status }) => [metadata.name, status.phase])).toEqual(
    CLAIMS.map((name) => [name, 'Bound']),
  );
  for (const ordinal of [0, 1, 2]) expect(await ask(ordinal, '/write?path=/data/mark')).toBe('200 written');
  const [before] = await uids();
  await node.kubectl('--namespace', namespace, 'delete', 'pod', 'app-store-0');
  await replaced('app-store-0', before);
  expect(await ask(0, '/file?path=/data/mark')).toBe('200 written');
  figure('A member finds its volume again after the loss of its pod', 'the same file on the same claim');
});

test('a partition holds members back, and the rest follows from the highest ordinal on', async () => {
  await settled();
  const before = await uids();
  await applied(store('two', { rollout: { partition: 2 } }));
  await settled();
  await eventually('member 2 is new', async () => expect(await ask(2, '/')).toBe('200 app-store-2 two'));
  expect((await uids()).map((uid, ordinal) => uid === before[ordinal])).toEqual([true, true, false]);
  const states = await api.statesDuring(PODS, async () => {
    await applied(store('two'));
    await settled();
  });
  expect(await Promise.all([0, 1, 2].map(async (ordinal) => ask(ordinal, '/')))).toEqual(
    [0, 1, 2].map((ordinal) => `200 app-store-${ordinal} two`),
  );
  const least = Math.min(...states.map((state) => ofStore(state).filter(runs).length));
  expect(least).toBe(MEMBERS - 1);
  figure(
    'A partitioned rollout of a StatefulService replaces the named members only, then one at a time',
    `1 of ${MEMBERS} with partition 2; at least ${least} of ${MEMBERS} Ready in the rest`,
  );
});

test('the budget of a quorum lets one member go, and refuses the second eviction', async () => {
  await settled();
  const evicted = (await uids())[2];
  const evict = async (name: string): Promise<number> => {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    return (await api.request('POST', `${PODS}/${name}/eviction`, eviction)).status;
  };
  await eventually('the budget counts all members', async () =>
    expect((await node.get(namespace, 'poddisruptionbudget/app-store')).status.disruptionsAllowed).toBe(1),
  );
  const answers = [await evict('app-store-2'), await evict('app-store-1')];
  expect(answers).toEqual([201, 429]);
  // the old one counts as available until it ends
  await replaced('app-store-2', evicted);
  await settled();
  figure('The budget of a quorum refuses the eviction of a second member', `answers ${answers.join(' and ')}`);
});

/** Writes the store with larger volumes, and deploys it with the command. */
async function deployed(gibibytes: number): Promise<{ code: number; complained: string }> {
  const app = new App({ outdir: OUTPUT });
  store('two', {}, gibibytes)(new Chart(app, 'app', { namespace, disableResourceNameHashes: true }));
  app.synth();
  const [output, errors] = [new PassThrough(), new PassThrough()];
  const code = await deploy([OUTPUT, '--timeout', '1m'], { output, errors }, () => async (args) => {
    try {
      return { code: 0, output: await node.kubectl(...args), errors: '' };
    } catch (error) {
      return { code: 1, output: '', errors: (error as Error).message };
    }
  });
  return { code, complained: String(errors.read() ?? '') };
}

test('a larger volume is refused, and the printed steps make it without a restart (S002-48)', async () => {
  await settled();
  const before = await uids();
  const refused = await deployed(2);
  expect([refused.code, refused.complained]).toEqual([2, expect.stringMatching(/are forbidden|field is immutable/)]);
  const steps = refused.complained
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('kubectl '));
  expect(steps).toHaveLength(MEMBERS + 1);
  const follow = async (step: string): Promise<string> =>
    run('sh', ['-c', step], { env: { KUBECONFIG: node.kubeconfig } });
  // the class of the rig does not allow it yet
  await expect(follow(steps[0])).rejects.toThrow(/only dynamically provisioned pvc can be resized|forbidden/);
  const expandable = JSON.stringify({ allowVolumeExpansion: true });
  await node.kubectl('patch', 'storageclass', CLASS, '--type=merge', '--patch', expandable);
  for (const step of steps) await follow(step);
  expect((await claims()).map(({ spec }) => spec.resources.requests.storage)).toEqual(['2Gi', '2Gi', '2Gi']);
  expect(await uids()).toEqual(before);
  expect(await deployed(2)).toEqual({ code: 0, complained: '' });
  expect(await uids()).toEqual(before);
  figure(
    'A larger volume of a StatefulService is refused, and the printed steps make it',
    `${steps.length} steps, ${MEMBERS} claims of 2Gi, 0 of ${MEMBERS} pods restarted`,
  );
});

test('claims outlive a scale-down and the block, unless it says otherwise', async () => {
  await applied(
    block('brief', {
      claims: [{ path: '/data', size: Size.gibibytes(1), storageClassName: CLASS }],
      claimRetention: { whenDeleted: 'delete' },
    }),
  );
  await node.rolledOut(namespace, 'statefulset/app-brief', 60);
  await node.kubectl('--namespace', namespace, 'scale', 'statefulset', 'app-store', '--replicas=1');
  await eventually('one member is left', async () =>
    expect(ofStore(await node.list(namespace, 'pods')).map(({ metadata }) => metadata.name)).toEqual(['app-store-0']),
  );
  await node.kubectl('--namespace', namespace, 'delete', 'statefulset', 'app-store', 'app-brief', '--wait');
  await eventually('the claim of the brief one is gone', async () => {
    const left = (await node.list(namespace, 'persistentvolumeclaims')).map(({ metadata }) => metadata.name);
    expect(left).toEqual(CLAIMS);
  });
  figure(
    'Claims of a StatefulService outlive a scale-down and its deletion',
    `${CLAIMS.length} of ${CLAIMS.length} stay; 0 of 1 with whenDeleted: delete`,
  );
});

test('a dead node frees its member only by the step of the guide', async () => {
  const dead = 'stateful-dead';
  const pool = NodePool.reserved({ key: 'example.com/pool', value: dead });
  const taint = { key: 'example.com/pool', value: dead, effect: 'NoSchedule' };
  const size = { 'cpu': '1', 'memory': '1Gi', 'pods': '10', 'ephemeral-storage': '10Gi' };
  const status = (ready: string): string =>
    JSON.stringify({ status: { allocatable: size, capacity: size, conditions: [{ type: 'Ready', status: ready }] } });
  const setReady = async (ready: string): Promise<unknown> =>
    node.kubectl('patch', 'node', dead, '--subresource=status', '--type=merge', '--patch', status(ready));
  const labels = { 'kubernetes.io/hostname': dead, 'example.com/pool': dead };
  await node.pipe(
    { apiVersion: 'v1', kind: 'Node', metadata: { name: dead, labels }, spec: { taints: [taint] } },
    'create',
    '-f',
    '-',
  );
  try {
    await setReady('True');
    await applied(block('lost', { placeOn: pool }));
    await eventually('the member is on the node', async () =>
      expect((await pod('app-lost-0')).spec.nodeName).toBe(dead),
    );
    const { uid } = (await pod('app-lost-0')).metadata;
    await setReady('False');
    await node.kubectl('--namespace', namespace, 'delete', 'pod', 'app-lost-0', '--wait=false');
    // longer than its grace period: no kubelet says that it has ended
    await new Promise((resolve) => setTimeout(resolve, 8000));
    const stuck = await pod('app-lost-0');
    expect([stuck.metadata.uid, typeof stuck.metadata.deletionTimestamp]).toEqual([uid, 'string']);
    await node.kubectl('taint', 'node', dead, 'node.kubernetes.io/out-of-service=nodeshutdown:NoExecute');
    await eventually('another pod has its name', async () =>
      expect((await pod('app-lost-0')).metadata.uid).not.toBe(uid),
    );
    figure(
      'A member on a dead node is replaced only after the taint of the guide',
      'Terminating for 8 s without it, another pod with the same name after it',
    );
  } finally {
    await node.kubectl('delete', 'node', dead, '--wait=false');
  }
});
