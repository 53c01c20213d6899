import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Duration, Size } from 'cdk8s';
import {
  Autoscaling,
  Cpu,
  Probe,
  Resources,
  ScalingMetric,
  ScalingPace,
  WebService,
  type WebServiceProps,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { MetricsAdapter } from '../rig/metrics-adapter';
import { ownNamespace, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('autoscaling');
const { node } = Cluster;
const MIN = 2;
const MAX = 4;

function service(id: string, props: Partial<WebServiceProps>): Manifest[] {
  const resources = Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) });
  return synthesize(
    NAMESPACE,
    (chart) =>
      new WebService(chart, id, { image: PROBE, port: 8080, readiness: Probe.httpGet('/readyz'), resources, ...props }),
  );
}

const deploymentOf = (manifests: readonly Manifest[]): Manifest =>
  manifests.find(({ kind }) => kind === 'Deployment') as Manifest;

const replicasOf = async (name: string): Promise<number> =>
  (await node.get(NAMESPACE, `deployment/${name}`)).spec.replicas as number;

/** Waits until a Deployment is to have `count` pods, and has them ready; gives the seconds that it took. */
async function secondsUntilPods(name: string, count: number): Promise<number> {
  const started = Date.now();
  await eventually(
    `${count} pods of ${name}`,
    async () => {
      const { spec, status } = await node.get(NAMESPACE, `deployment/${name}`);
      expect({ wanted: spec.replicas, ready: status.readyReplicas, pods: status.replicas }).toEqual({
        wanted: count,
        ready: count,
        pods: count,
      });
    },
    160,
  );
  return Math.round((Date.now() - started) / 1000);
}

/** Keeps the pods of a Service busy for a quarter of a CPU in all, whatever their number; gives how to stop it. */
function burn(address: string): () => void {
  let open = 0;
  const timer = setInterval(() => {
    // no queue builds up where pods are slow
    if (open >= 8) return;
    open += 1;
    const request = get({ host: address, port: 8080, path: '/burn?ms=20', agent: false, timeout: 5000 }, (response) =>
      response.resume(),
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => undefined);
    request.on('close', () => {
      open -= 1;
    });
  }, 80);
  return () => clearInterval(timer);
}

test('the autoscaler adds pods under load and takes them away again; applying the same YAML keeps its number', async () => {
  const manifests = service('web', {
    autoscaling: Autoscaling.onCpu({ min: MIN, max: MAX, target: 50, scaleDownStabilization: Duration.seconds(5) }),
  });
  await node.apply(...manifests);
  await secondsUntilPods('app-web', MIN);

  const stop = burn((await node.get(NAMESPACE, 'service/app-web')).spec.clusterIP as string);
  let up: number;
  let before: Manifest;
  let after: Manifest;
  try {
    up = await secondsUntilPods('app-web', MAX);
    before = await node.get(NAMESPACE, 'deployment/app-web');
    await node.apply(...manifests);
    after = await node.get(NAMESPACE, 'deployment/app-web');
    // each change of the spec raises the generation, also one that the autoscaler would take back
    expect([after.spec.replicas, after.metadata.generation]).toEqual([MAX, before.metadata.generation]);
  } finally {
    stop();
  }
  const down = await secondsUntilPods('app-web', MIN);
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'hpa/app-web', 'deployment/app-web', '--wait=false');

  figure(
    'The autoscaler follows the load, up and down',
    `from ${MIN} to ${MAX} pods in ${up} s, back to ${MIN} in ${down} s`,
  );
  figure(
    'Applying the YAML again keeps the number of the autoscaler',
    `${before.spec.replicas} replicas before, ${after.spec.replicas} after`,
  );
}, 400_000);

/** The next change of the number of pods: the number, and the seconds since `since`. */
async function nextNumber(name: string, from: number, since: number): Promise<{ pods: number; seconds: number }> {
  let pods = from;
  await eventually(
    `another number than ${from} of ${name}`,
    async () => {
      pods = await replicasOf(name);
      expect(pods).not.toBe(from);
    },
    150,
  );
  return { pods, seconds: Math.round((Date.now() - since) / 1000) };
}

test('an autoscaler follows a metric of an adapter, up and down at its pace, and stays where it is without the metric', async () => {
  const metric = 'queue_messages';
  const startup = 20;
  const adapter = await MetricsAdapter.start(node, NAMESPACE);
  try {
    adapter.set(metric, 20);
    await node.apply(
      ...service('queue', {
        autoscaling: Autoscaling.on({
          min: 2,
          max: 7,
          metrics: [ScalingMetric.external({ metric, averageValue: 10, selector: { queue: 'mail' } })],
          pace: ScalingPace.slowStarter({ startup: Duration.seconds(startup) }),
          scaleDownStabilization: Duration.seconds(5),
        }),
      }),
    );
    await secondsUntilPods('app-queue', 2);
    const condition = async (): Promise<Manifest> =>
      (await node.get(NAMESPACE, 'hpa/app-queue')).status.conditions.find(
        ({ type }: Manifest) => type === 'ScalingActive',
      ) as Manifest;
    await eventually('the metric', async () => expect((await condition()).status).toBe('True'));

    // 70 messages are for 7 pods: 4 more at first, the rest a start later
    const risen = Date.now();
    adapter.set(metric, 70);
    const first = await nextNumber('app-queue', 2, risen);
    const second = await nextNumber('app-queue', first.pods, risen);
    expect([first.pods, second.pods]).toEqual([6, 7]);
    expect(first.seconds).toBeGreaterThanOrEqual(startup - 5);
    expect(second.seconds - first.seconds).toBeGreaterThanOrEqual(startup - 5);

    adapter.set(metric, undefined);
    await eventually('an autoscaler that says so', async () => expect((await condition()).status).toBe('False'));
    const { reason } = await condition();
    await sleep(15_000);
    expect(await replicasOf('app-queue')).toBe(7);

    const fallen = Date.now();
    adapter.set(metric, 20);
    const third = await nextNumber('app-queue', 7, fallen);
    const fourth = await nextNumber('app-queue', third.pods, fallen);
    // pods of the last minute do not count for the first step down
    expect(third.pods).toBeLessThan(7);
    expect(fourth.pods).toBe(third.pods - 1);
    expect(fourth.seconds - third.seconds).toBeGreaterThanOrEqual(50);

    figure(
      'An autoscaler follows a metric of an adapter at the pace of ScalingPace.slowStarter with a start of 20 s',
      `from 2 to 6 pods after ${first.seconds} s, to 7 after ${second.seconds - first.seconds} s more; ` +
        `then one pod less in ${fourth.seconds - third.seconds} s`,
    );
    figure('Without its metric, an autoscaler keeps its number, and says so', `7 pods, ScalingActive False: ${reason}`);
  } finally {
    await adapter.stop();
    await node.kubectl('--namespace', NAMESPACE, 'delete', 'hpa/app-queue', 'deployment/app-queue', '--wait=false');
  }
}, 400_000);

describe('a Deployment that had 3 replicas, when its manifest has none any more', () => {
  const AUTOSCALED = { autoscaling: Autoscaling.onCpu({ min: MIN, max: MAX, target: 50 }) };
  const with3 = (id: string): Manifest => deploymentOf(service(id, { replicas: 3 }));
  const without = (id: string): Manifest => deploymentOf(service(id, AUTOSCALED));
  // the Deployments alone: an autoscaler would raise one pod to its least number
  const remove = async (name: string): Promise<string> =>
    node.kubectl('--namespace', NAMESPACE, 'delete', `deployment/${name}`, '--wait=false');

  test('falls back to one pod with client-side apply', async () => {
    await node.pipe(with3('client'), 'apply', '-f', '-');
    expect(await replicasOf('app-client')).toBe(3);
    await node.pipe(without('client'), 'apply', '-f', '-');
    expect(await replicasOf('app-client')).toBe(1);
    await remove('app-client');
  });

  test('falls back to one pod with server-side apply, too, as long as no autoscaler has written the number', async () => {
    await node.apply(with3('early'));
    await node.apply(without('early'));
    expect(await replicasOf('app-early')).toBe(1);
    await remove('app-early');
  });

  test('keeps the number that an autoscaler has written, with server-side apply', async () => {
    await node.apply(with3('late'));
    // an autoscaler writes to the same subresource
    await node.kubectl('--namespace', NAMESPACE, 'scale', 'deployment/app-late', '--replicas=4');
    await node.apply(without('late'));
    expect(await replicasOf('app-late')).toBe(4);
    await remove('app-late');
  });
});
