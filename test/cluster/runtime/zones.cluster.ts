import { type Chart, Size } from 'cdk8s';
import {
  Cpu,
  NodeAgent,
  NodePool,
  PriorityClass,
  type PriorityClassProps,
  Probe,
  Redis,
  Resources,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from 'cdk8s-best-practices';
import { eventually, run } from '../../rig/processes';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { isReady } from '../rig/pods';
import { synthesize } from '../rig/workbench';
import { startZones, ZONES } from '../rig/zones';

const NAMESPACE = 'spread';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const { zones } = Cluster;
const SERVICES = ['app-soft', 'app-hard'];
const ALL = [...SERVICES, 'app-redis'];
const WORKLOADS = ['deployment/app-soft', 'deployment/app-hard', 'statefulset/app-redis'];
const REPLICAS = 3;

let cluster: { stop(): Promise<void> };
let api: Api;
beforeAll(async () => {
  cluster = await startZones();
  api = new Api(zones);
  await zones.createNamespace(NAMESPACE);
  await zones.apply(...zonalVolumes(), ...workloads('1.0.0'));
  await rolledOut(WORKLOADS);
}, 180_000);
afterAll(async () => {
  api?.close();
  await cluster?.stop();
});

test('three replicas are in three zones, and a fourth one is scheduled', async () => {
  const placed = ZONES.map((zone) => `node-${zone}`);
  for (const name of ALL) expect([name, (await nodesOf(name)).sort()]).toEqual([name, placed]);
  figure(
    'Three replicas run in three zones',
    `${REPLICAS} pods in ${ZONES.length} zones, for services with soft and hard spread and for Redis`,
  );

  await scale(4);
  await rolledOut(WORKLOADS.slice(0, 2));
  for (const name of SERVICES) expect((await nodesOf(name)).filter(Boolean)).toHaveLength(4);
  figure('A fourth replica finds a place', `4 of 4 pods run in ${ZONES.length} zones, with soft and hard spread`);
  await scale(REPLICAS);
});

test('a rolling update completes and stays spread', async () => {
  await eventually('three replicas', async () =>
    expect(await readyByInstance()).toEqual({ 'app-soft': 3, 'app-hard': 3, 'app-redis': 3 }),
  );
  const started = Date.now();
  const samples = await during(async () => {
    await zones.apply(...workloads('1.0.1'));
    await rolledOut(WORKLOADS);
  });
  const took = (Date.now() - started) / 1000;
  for (const name of SERVICES) expect(least(samples, name)).toBeGreaterThanOrEqual(REPLICAS);
  expect(least(samples, 'app-redis')).toBe(REPLICAS - 1);
  for (const name of SERVICES) expect(new Set(await nodesOf(name)).size).toBe(ZONES.length);
  figure(
    'A rolling update over three zones completes with full capacity',
    `${REPLICAS} of ${REPLICAS} pods of a service Ready throughout, ${REPLICAS - 1} of ${REPLICAS} of Redis, in ${took.toFixed(0)} s`,
  );
});

test('a drain of each node in turn leaves all replicas but one, and a rolling update does not wait for the node', async () => {
  const samples: Array<Record<string, number>> = [];
  for (const zone of ZONES) {
    samples.push(
      ...(await during(() =>
        zones.kubectl('drain', `node-${zone}`, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=60s'),
      )),
    );
    if (zone === 'b') {
      await zones.apply(...workloads('1.0.2').filter(({ kind }) => kind === 'Deployment'));
      samples.push(...(await during(() => rolledOut(WORKLOADS.slice(0, 2)))));
    }
    await zones.kubectl('uncordon', `node-${zone}`);
  }
  await eventually('all pods are back', async () =>
    expect(await readyByInstance()).toEqual({ 'app-soft': 3, 'app-hard': 3, 'app-redis': 3 }),
  );
  for (const name of ALL) expect([name, least(samples, name)]).toEqual([name, REPLICAS - 1]);
  figure(
    'Draining the nodes one after the other takes one pod at a time',
    `at least ${REPLICAS - 1} of ${REPLICAS} pods Ready after each of ${samples.length} changes in ${ZONES.length} drains, for services and Redis`,
  );
  figure('A rolling update completes while a zone is drained', 'all pods updated, with soft and hard spread');
});

test("row B18: with spread: 'hosts', no two replicas share a node, and neither a rollout nor a drain gets stuck (S08-02)", async () => {
  const namespace = 'hosts';
  const own = (id: string, version: string, replicas: number): Manifest[] =>
    synthesize(namespace, (chart) => web(chart, id, version, { spread: 'hosts', replicas }));
  const rolled = (id: string): Promise<unknown> => zones.rolledOut(namespace, `deployment/app-${id}`, 60);
  const placed = async (id: string): Promise<string[]> =>
    (await zones.list(namespace, 'pods', `app.kubernetes.io/instance=app-${id}`))
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ spec }) => (spec.nodeName as string) ?? 'pending')
      .sort();
  const drain = (): Promise<unknown> =>
    zones.kubectl('drain', 'node-c', '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=60s');
  const everywhere = ZONES.map((zone) => `node-${zone}`);

  await zones.createNamespace(namespace);
  await zones.apply(...own('many', '1.0.0', 3), ...own('few', '1.0.0', 2), ...own('crowded', '1.0.0', 4));
  await Promise.all([rolled('many'), rolled('few')]);
  expect(await placed('many')).toEqual(everywhere);
  expect(new Set(await placed('few')).size).toBe(2);
  // a fourth replica has no node of its own
  await eventually('three of four are placed', async () =>
    expect(await placed('crowded')).toEqual([...everywhere, 'pending']),
  );
  // the pod that waits is unavailable, so that its budget lets no other one go
  await zones.kubectl('--namespace', namespace, 'delete', 'deployment', 'app-crowded', '--wait');

  // as many replicas as nodes: the new ones stand beside the old ones
  await zones.apply(...own('many', '1.0.1', 3));
  await rolled('many');
  await eventually('the old pods are gone', async () => expect(await placed('many')).toEqual(everywhere));

  await drain();
  await eventually('its replica waits for another node', async () =>
    expect(await placed('many')).toEqual(['node-a', 'node-b', 'pending']),
  );
  await zones.apply(...own('few', '1.0.1', 2));
  await rolled('few');
  await eventually('two replicas on the two nodes left', async () =>
    expect(await placed('few')).toEqual(['node-a', 'node-b']),
  );
  await zones.kubectl('uncordon', 'node-c');
  await rolled('many');
  expect(await placed('many')).toEqual(everywhere);
  figure(
    "With spread: 'hosts', no two replicas share a node",
    '3 of 3 on 3 nodes, also after a rollout and a drain; 3 of 4 placed and 1 waiting; a rollout of 2 beside a drained node',
  );
});

test('pods of a reserved pool run on its nodes, and no others do', async () => {
  const gpu = NodePool.reserved({ key: 'example.com/pool', value: 'gpu' });
  const namespace = 'pools';
  await zones.createNamespace(namespace);
  const deployment = (id: string, props: Partial<WebServiceProps>): Manifest[] =>
    synthesize(namespace, (chart) => web(chart, id, '1.0.0', { spread: 'none', ...props }));
  const where = async (id: string): Promise<string[]> =>
    (await zones.list(namespace, 'pods', `app.kubernetes.io/instance=app-${id}`))
      .map(({ spec }) => (spec.nodeName as string) ?? 'pending')
      .sort();

  await zones.apply(...deployment('early', { placeOn: gpu }));
  await eventually('the pods are known as unschedulable', async () => {
    const pending = await zones.list(namespace, 'pods', 'app.kubernetes.io/instance=app-early');
    expect(pending.map(({ status }) => (status.conditions as Manifest[])[0]?.reason)).toEqual(
      Array(REPLICAS).fill('Unschedulable'),
    );
  });
  expect(await where('early')).toEqual(Array(REPLICAS).fill('pending'));

  for (const command of gpu.nodeCommands('node-c')) {
    await run('sh', ['-c', command], { env: { KUBECONFIG: zones.kubeconfig } });
  }
  await zones.apply(
    ...deployment('other', { spread: 'hard' }),
    ...deployment('selected', { nodeSelector: { 'example.com/pool': 'gpu' } }),
  );
  await Promise.all(['early', 'other'].map(async (id) => zones.rolledOut(namespace, `deployment/app-${id}`, 60)));
  expect(await where('early')).toEqual(Array(REPLICAS).fill('node-c'));
  expect(new Set(await where('other'))).toEqual(new Set(['node-a', 'node-b']));
  // a selector alone: the taint keeps them out
  expect(await where('selected')).toEqual(Array(REPLICAS).fill('pending'));
  figure(
    'Pods of a reserved NodePool wait for its nodes and run there, and other pods stay out',
    `${REPLICAS} of ${REPLICAS} pods on the node of the pool, 0 of ${REPLICAS} others, 0 of ${REPLICAS} with a selector alone`,
  );
});

test('a NodeAgent is on each node, also on tainted ones by choice', async () => {
  const namespace = 'agents';
  await zones.createNamespace(namespace);
  await zones.kubectl('taint', 'node', 'node-a', 'node-role.kubernetes.io/control-plane=:NoSchedule');
  const pool = NodePool.reserved({ key: 'example.com/pool', value: 'gpu' });
  await zones.apply(
    ...synthesize(namespace, (chart) => {
      const image = 'ghcr.io/acme/agent:1.0.0';
      new NodeAgent(chart, 'usual', { image });
      new NodeAgent(chart, 'all', { image, onControlPlane: true, alsoOn: [pool] });
    }),
  );
  const where = async (id: string): Promise<string[]> =>
    (await zones.list(namespace, 'pods', `app.kubernetes.io/instance=app-${id}`))
      .map(({ spec }) => spec.nodeName as string)
      .sort();
  await Promise.all(['usual', 'all'].map(async (id) => zones.rolledOut(namespace, `daemonset/app-${id}`, 60)));
  expect(await where('usual')).toEqual(['node-b']);
  expect(await where('all')).toEqual(ZONES.map((zone) => `node-${zone}`));
  await zones.kubectl('taint', 'node', 'node-a', 'node-role.kubernetes.io/control-plane-');
  await zones.kubectl('--namespace', namespace, 'delete', 'daemonset', '--all', '--wait=false');
  figure('A NodeAgent is on each node without a taint, and on tainted ones by choice', '1 and 3 of 3 nodes');
});

test('a pod of a higher PriorityClass takes the place of others when there is no room', async () => {
  const namespace = 'priorities';
  await zones.createNamespace(namespace);
  const large = Resources.withoutCpuLimit({ cpu: Cpu.units(5), memory: Size.mebibytes(64) });
  const filler = (chart: Chart): void => {
    const batch = new PriorityClass(chart, 'batch', { value: -10, preemptionPolicy: 'Never' });
    web(chart, 'filler', '1.0.0', { resources: large, priorityClass: batch, spread: 'none' });
  };
  const important =
    (id: string, props: PriorityClassProps) =>
    (chart: Chart): void => {
      web(chart, id, '1.0.0', {
        replicas: 1,
        resources: large,
        priorityClass: new PriorityClass(chart, `${id}-class`, props),
        spread: 'none',
      });
    };
  const running = async (id: string): Promise<number> =>
    (await zones.list(namespace, 'pods', `app.kubernetes.io/instance=app-${id}`)).filter(
      (pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined,
    ).length;

  await zones.kubectl('taint', 'node', 'node-c', 'example.com/pool-');
  await zones.apply(...synthesize(namespace, filler));
  await zones.rolledOut(namespace, 'deployment/app-filler', 60);
  await zones.apply(...synthesize(namespace, important('polite', { value: 500, preemptionPolicy: 'Never' })));
  await zones.kubectl(
    '--namespace',
    namespace,
    'wait',
    'pods',
    '--selector=app.kubernetes.io/instance=app-polite',
    '--for=condition=PodScheduled=False',
    '--timeout=30s',
  );
  await zones.apply(...synthesize(namespace, important('urgent', { value: 1000 })));
  await zones.rolledOut(namespace, 'deployment/app-urgent', 60);
  expect([await running('urgent'), await running('polite'), await running('filler')]).toEqual([1, 0, REPLICAS - 1]);
  figure(
    "A pod of a higher PriorityClass preempts another; one with preemptionPolicy 'Never' waits",
    `1 of 1 scheduled in place of 1 of ${REPLICAS} pods, 1 of 1 waits`,
  );
});

function workloads(version: string): Manifest[] {
  return synthesize(NAMESPACE, (chart) => {
    web(chart, 'soft', version, {});
    web(chart, 'hard', version, { spread: 'hard' });
    new Redis(chart, 'redis', {
      password: { secret: new VersionedSecret(chart, 'redis-passwd', { version: 'v1' }), key: 'passwd' },
      storage: Size.gibibytes(1),
      podAnnotations: { version },
    });
  });
}

function web(chart: Chart, id: string, version: string, props: Partial<WebServiceProps>): WebService {
  return new WebService(chart, id, {
    image: `example.com/web:${version}`,
    port: 8080,
    replicas: REPLICAS,
    readiness: Probe.httpGet('/readyz'),
    resources: Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) }),
    ...props,
  });
}

/** A volume in each zone; as those of a cloud, they are reached from their zone only. */
function zonalVolumes(): Manifest[] {
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      provisioner: 'kubernetes.io/no-provisioner',
      volumeBindingMode: 'WaitForFirstConsumer',
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    },
    ...ZONES.map((zone) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `volume-${zone}` },
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'standard',
        local: { path: '/volume' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [`zone-${zone}`] }] },
            ],
          },
        },
      },
    })),
  ];
}

async function rolledOut(names: readonly string[]): Promise<unknown> {
  return Promise.all(names.map((name) => zones.rolledOut(NAMESPACE, name, 90)));
}

async function scale(replicas: number): Promise<void> {
  await zones.kubectl('--namespace', NAMESPACE, 'scale', ...WORKLOADS.slice(0, 2), `--replicas=${replicas}`);
}

async function pods(): Promise<Manifest[]> {
  return (await api.request('GET', PODS)).body.items as Manifest[];
}

const instance = ({ metadata }: Manifest): string => metadata.labels['app.kubernetes.io/instance'] as string;

/** The nodes of the pods that are not on their way out. */
async function nodesOf(name: string): Promise<string[]> {
  return (await pods())
    .filter((pod) => instance(pod) === name && pod.metadata.deletionTimestamp === undefined)
    .map(({ spec }) => spec.nodeName as string);
}

async function readyByInstance(): Promise<Record<string, number>> {
  return countReady(await pods());
}

function countReady(all: readonly Manifest[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(ALL.map((name) => [name, 0]));
  for (const pod of all) if (isReady(pod) && pod.metadata.deletionTimestamp === undefined) counts[instance(pod)] += 1;
  return counts;
}

/** Ready pods after each change while `work` runs. */
async function during(work: () => Promise<unknown>): Promise<Array<Record<string, number>>> {
  return (await api.statesDuring(PODS, work)).map(countReady);
}

function least(samples: ReadonlyArray<Record<string, number>>, name: string): number {
  return Math.min(...samples.map((counts) => counts[name]));
}
