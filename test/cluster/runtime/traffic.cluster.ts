import { setTimeout as sleep } from 'node:timers/promises';
import { type Chart, Size } from 'cdk8s';
import { Cpu, Probe, Resources, WebService } from 'cdk8s-best-practices';
import * as kplus from 'cdk8s-plus-27';
import { eventually } from '../../rig/processes';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { Load, type LoadReport, lost, summary } from '../rig/load';
import { ownNamespace, synthesize } from '../rig/workbench';

const { node } = Cluster;
const REPLICAS = 3;
const RATE = 220;
const LEAST_RATE = 200;

/** A Deployment and a Service of one name, in a namespace. */
interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly manifests: (release: string) => Manifest[];
}

const ours: Target = {
  namespace: ownNamespace('traffic'),
  name: 'app-web',
  manifests: (release) => synthesize('traffic', (chart) => void ourService(chart, release)),
};

/** The same server by cdk8s-plus, with its defaults. */
const theirs: Target = {
  namespace: 'traffic-plain',
  name: 'plain',
  manifests: (release) => synthesize('traffic-plain', (chart) => void plainService(chart, release)),
};

function ourService(chart: Chart, release: string): void {
  new WebService(chart, 'web', {
    image: PROBE,
    port: 8080,
    replicas: REPLICAS,
    readiness: Probe.httpGet('/readyz'),
    resources: Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) }),
    env: { START_SECONDS: '1', RELEASE: release },
  });
}

function plainService(chart: Chart, release: string): void {
  const deployment = new kplus.Deployment(chart, 'plain', {
    metadata: { name: 'plain' },
    replicas: REPLICAS,
    containers: [
      {
        image: PROBE,
        portNumber: 8080,
        envVariables: { START_SECONDS: kplus.EnvValue.fromValue('1'), RELEASE: kplus.EnvValue.fromValue(release) },
        // what the node has, and what the image needs
        imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
        resources: {
          cpu: { request: kplus.Cpu.millis(50), limit: kplus.Cpu.millis(200) },
          memory: { request: Size.mebibytes(64), limit: Size.mebibytes(64) },
        },
        securityContext: { user: 65532, group: 65532 },
      },
    ],
  });
  deployment.exposeViaService({ name: 'plain' });
}

async function podsOf({ namespace }: Target): Promise<string[]> {
  return (await node.list(namespace, 'pods')).map(({ metadata }) => metadata.name as string);
}

/** Waits until the Deployment is as it should be, and no pod of before is left. */
async function settled(target: Target, replicas: number, gone: readonly string[] = []): Promise<void> {
  await node.rolledOut(target.namespace, `deployment/${target.name}`);
  await eventually(`${replicas} pods in ${target.namespace}`, async () => {
    const pods = await podsOf(target);
    if (pods.length !== replicas || pods.some((pod) => gone.includes(pod))) {
      throw new Error(`there are ${pods.join(', ')}`);
    }
  });
}

/** Loads the Service during `change`, and a moment before and after. */
async function underLoad({ namespace, name }: Target, change: () => Promise<void>): Promise<LoadReport> {
  const { spec } = await node.get(namespace, `service/${name}`);
  const load = new Load({
    host: spec.clusterIP as string,
    port: spec.ports[0].port as number,
    rate: RATE,
    atMostSeconds: 150,
  });
  try {
    await sleep(1000);
    await change();
    await sleep(1000);
    return await load.stop();
  } finally {
    await load.stop().catch(() => undefined);
  }
}

async function rollOut(target: Target): Promise<void> {
  const before = await podsOf(target);
  await node.apply(...target.manifests('2'));
  await settled(target, REPLICAS, before);
}

/** Evicts all pods, each as soon as the budget allows it: what `kubectl drain` does. */
async function drain(target: Target, api: Api): Promise<void> {
  const before = await podsOf(target);
  for (const name of before) {
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: target.namespace } };
    await eventually(`eviction of ${name}`, async () => {
      const { status, body } = await api.request(
        'POST',
        `/api/v1/namespaces/${target.namespace}/pods/${name}/eviction`,
        eviction,
      );
      if (status !== 201) throw new Error(`${status} ${body.message}`);
    });
  }
  await settled(target, REPLICAS, before);
}

async function scaleDown(target: Target): Promise<void> {
  await node.kubectl('--namespace', target.namespace, 'scale', `deployment/${target.name}`, '--replicas=1');
  await settled(target, 1);
}

/** The same change to both at the same time. Only ours must lose nothing. */
async function compare(what: string, change: (target: Target) => Promise<void>): Promise<void> {
  const [mine, plain] = await Promise.all([ours, theirs].map((target) => underLoad(target, () => change(target))));
  figure(`${what} loses no request`, summary(mine));
  figure(`${what}, by cdk8s-plus-27 with its defaults`, summary(plain));
  expect({ lost: lost(mine), serverErrors: mine.serverErrors }).toEqual({ lost: 0, serverErrors: 0 });
  expect(mine.rate).toBeGreaterThanOrEqual(LEAST_RATE);
  expect(mine.reused).toBeGreaterThan(0.4 * mine.sent);
}

let api: Api;
beforeAll(async () => {
  api = new Api(node);
  await node.createNamespace(theirs.namespace, { 'pod-security.kubernetes.io/enforce': 'baseline' });
  for (const target of [ours, theirs]) await node.apply(...target.manifests('1'));
  for (const target of [ours, theirs]) await settled(target, REPLICAS);
}, 120_000);

afterAll(async () => {
  api.close();
  await node.removeNamespace(theirs.namespace);
});

test('a rolling update loses no request (CH05-16)', () => compare('A rolling update', rollOut));

test('an eviction of every pod loses no request', () =>
  compare('An eviction of all 3 pods', (target) => drain(target, api)));

test('a scale-down from 3 to 1 loses no request', () => compare('A scale-down from 3 pods to 1', scaleDown));
