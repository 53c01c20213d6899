import { App, Chart, Size, Testing } from 'cdk8s';
import {
  ClusterProfile,
  Cpu,
  Inventory,
  NodePool,
  PodResources,
  Probe,
  Resources,
  WebService,
  type WebServiceProps,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { NODE_NAME } from '../rig/node';
import { manifestsOf, ownNamespace } from '../rig/workbench';

const NAMESPACE = ownNamespace('resources');
const { node } = Cluster;
const GPU = 'example.com/gpu';
const POOL = NodePool.reserved({ key: 'example.com/gpus', value: 'fake' });
const SMALL = { cpu: Cpu.millis(20), memory: Size.mebibytes(64) };
const WEB = { image: PROBE, port: 8080, readiness: Probe.httpGet('/readyz'), replicas: 1 };

function chartOf(id: string, props: Partial<WebServiceProps>): Chart {
  const chart = new Chart(Testing.app(), 'app', { namespace: NAMESPACE, disableResourceNameHashes: true });
  new WebService(chart, id, { ...WEB, ...props, name: id });
  new ClusterProfile({
    version: '1.34',
    devices: [{ resource: GPU, perNode: 1, nodes: 1, pool: POOL }],
  }).assignTo(chart);
  return chart;
}

async function podsOf(name: string): Promise<Manifest[]> {
  return node.list(NAMESPACE, 'pods', `app.kubernetes.io/instance=${name}`);
}

async function readyPod(name: string): Promise<Manifest> {
  await node.rolledOut(NAMESPACE, `deployment/${name}`);
  const [pod] = await podsOf(name);
  return pod;
}

async function quotaOf(hard: Record<string, string>): Promise<void> {
  await node.apply({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'all', namespace: NAMESPACE },
    spec: { hard },
  });
}

const usedOf = async (key: string): Promise<string> =>
  (await node.get(NAMESPACE, 'resourcequota/all')).status?.used?.[key] as string;

test('a device goes to one pod on the nodes of its pool, the next pod waits, and the quota counts both', async () => {
  const capacity = [{ op: 'add', path: `/status/capacity/${GPU.replace('/', '~1')}`, value: '1' }];
  await node.kubectl('patch', 'node', NODE_NAME, '--subresource=status', '--type=json', '-p', JSON.stringify(capacity));
  await eventually('a node with the device', async () =>
    expect((await node.get('default', `node/${NODE_NAME}`)).status.allocatable).toMatchObject({ [GPU]: '1' }),
  );
  await quotaOf({ [`requests.${GPU}`]: '2' });
  const chart = chartOf('gpu', { replicas: 2, resources: Resources.of({ ...SMALL, extended: { [GPU]: 1 } }) });
  const counted = Inventory.of(chart.node.root).workloads[0].extended;
  await node.apply(...manifestsOf(App.of(chart)));

  // no node has the label of the pool yet
  await eventually('pods that wait for the pool', async () => {
    const phases = (await podsOf('gpu')).map(({ status }) => status.phase as string);
    expect(phases).toEqual(['Pending', 'Pending']);
  });
  for (const label of Object.entries(POOL.nodeLabels)) {
    await node.kubectl('label', 'node', NODE_NAME, label.join('='), '--overwrite');
  }
  await eventually('one pod with the device', async () => {
    const phases = (await podsOf('gpu')).map(({ status }) => status.phase as string).sort();
    expect(phases).toEqual(['Pending', 'Running']);
  });
  const reasons = (await podsOf('gpu')).flatMap(({ status }) =>
    ((status.conditions ?? []) as Manifest[]).map(({ message }) => (message as string | undefined) ?? ''),
  );
  expect(reasons).toContainEqual(expect.stringContaining(`Insufficient ${GPU}`));
  expect([counted, await usedOf(`requests.${GPU}`)]).toEqual([{ [GPU]: 2 }, '2']);
  figure(
    'A pod with an extended resource runs on the nodes of its pool, and the quota counts what the library counts',
    '2 pods of 1 device on a node with 1: one runs, one waits with Insufficient; used 2 of the quota',
  );
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'deployment/gpu', 'resourcequota/all', '--wait=false');
});

async function resize(pod: string, requests: object, limits: object): Promise<void> {
  const patch = { spec: { containers: [{ name: 'main', resources: { requests, limits } }] } };
  await node.kubectl(
    ...['--namespace', NAMESPACE, 'patch', 'pod', pod, '--subresource=resize', '-p', JSON.stringify(patch)],
  );
}

const mainOf = ({ status }: Manifest): Manifest =>
  (status.containerStatuses as Manifest[]).find(({ name }) => name === 'main') as Manifest;

test('a resize of the CPU keeps the container running, and one of the memory restarts it once', async () => {
  const chart = chartOf('sized', {
    resources: Resources.of({ ...SMALL, resize: { cpu: 'NotRequired', memory: 'RestartContainer' } }),
  });
  await node.apply(...manifestsOf(App.of(chart)));
  const { metadata } = await readyPod('sized');
  const pod = metadata.name as string;
  const state = async (): Promise<unknown> => {
    const { restartCount, resources } = mainOf(await node.get(NAMESPACE, `pod/${pod}`));
    return { restartCount: restartCount as number, limits: resources?.limits as unknown };
  };

  await resize(pod, { cpu: '30m' }, { cpu: '120m' });
  await eventually('more CPU', async () =>
    expect(await state()).toMatchObject({ restartCount: 0, limits: { cpu: '120m', memory: '64Mi' } }),
  );
  await resize(pod, { memory: '96Mi' }, { memory: '96Mi' });
  await eventually('more memory', async () =>
    expect(await state()).toMatchObject({ restartCount: 1, limits: { cpu: '120m', memory: '96Mi' } }),
  );
  expect((await podsOf('sized')).map((one) => one.metadata.name as string)).toEqual([pod]);
  figure(
    'A resize in place restarts a container where its policy says so, and only there',
    'CPU 20m to 30m: 0 restarts; memory 64 to 96 MiB with RestartContainer: 1 restart; the same pod',
  );
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'deployment/sized', '--wait=false');
});

test('containers share the CPU and memory of their pod, which is guaranteed and counts in the quota', async () => {
  await quotaOf({ 'requests.cpu': '1', 'limits.memory': '1Gi', 'pods': '5' });
  const chart = chartOf('shared', {
    quality: 'guaranteed',
    podResources: PodResources.of({ cpu: Cpu.millis(60), memory: Size.mebibytes(160) }),
    sidecars: [{ name: 'beside', image: PROBE, command: ['nc', '-lk', '8090'] }],
  });
  await node.apply(...manifestsOf(App.of(chart)));
  const { status, spec } = await readyPod('shared');
  expect([status.qosClass, spec.resources]).toEqual([
    'Guaranteed',
    { requests: { cpu: '60m', memory: '160Mi' }, limits: { cpu: '60m', memory: '160Mi' } },
  ]);
  expect([await usedOf('requests.cpu'), await usedOf('limits.memory')]).toEqual(['60m', '160Mi']);
  figure(
    'Containers share the CPU and memory of their pod',
    'a pod of 60m and 160 MiB whose two containers state neither: QoS class Guaranteed, the quota counts 60m and 160 MiB',
  );
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'deployment/shared', 'resourcequota/all', '--wait=false');
});
