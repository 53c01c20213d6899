import { setTimeout as sleep } from 'node:timers/promises';
import { type Chart, Duration, Size } from 'cdk8s';
import {
  AppProtocol,
  Cpu,
  PreStop,
  Probe,
  Resources,
  WebService,
  type WebServiceProps,
  Worker,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { GRPC_PROBE, loadGrpcImage } from '../rig/images';
import { ownNamespace, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('grpc');
const { node } = Cluster;

const SMALL = Resources.of({ cpu: Cpu.millis(25), memory: Size.mebibytes(64) });
const RATE = 50;

/** What a client has seen: see ../programs/newest/grpc-probe. */
interface Report {
  readonly sent: number;
  readonly ok: number;
  readonly failed: number;
  readonly codes: Record<string, number>;
  readonly lastError: string;
  readonly slowestMs: number;
  readonly pods: Record<string, number>;
  readonly streams: number;
  readonly goAways: number;
  readonly streamEnd: string;
  readonly seconds: number;
}

/** A server, and the way of its client. */
interface Scenario {
  readonly props: Partial<WebServiceProps>;
  readonly headless: boolean;
}

/** The first two lose nothing; the third has the times of a Service that is not headless. */
const SCENARIOS = {
  'cluster-ip': { props: { replicas: 2 }, headless: false },
  'headless': {
    props: { replicas: 1, service: { port: 80, headless: true }, env: { MAX_AGE_SECONDS: '10' } },
    headless: true,
  },
  'hasty': {
    props: {
      replicas: 2,
      service: { port: 80, headless: true },
      minReady: Duration.seconds(2),
      drain: Duration.seconds(2),
    },
    headless: true,
  },
} satisfies Record<string, Scenario>;

type Name = keyof typeof SCENARIOS;
const NAMES = Object.keys(SCENARIOS) as Name[];

const manifests = (name: Name, release: string): Manifest[] =>
  synthesize(NAMESPACE, (chart: Chart) => {
    const { props, headless }: Scenario = SCENARIOS[name];
    const server = new WebService(chart, `${name}-server`, {
      image: GRPC_PROBE,
      shell: false,
      args: ['server'],
      port: 9000,
      appProtocol: AppProtocol.grpc(),
      readiness: Probe.grpc(),
      resources: SMALL,
      service: { port: 80 },
      ...props,
      env: { RELEASE: release, ...props.env },
    });
    const client = new Worker(chart, `${name}-client`, {
      image: GRPC_PROBE,
      shell: false,
      args: ['client'],
      liveness: Probe.none(),
      replicas: 1,
      egress: 'declared',
      env: { RATE: String(RATE) },
      resources: SMALL,
    });
    client.connectTo(server, { address: 'TARGET', headless });
  });

const isServer = ({ metadata, kind }: Manifest): boolean =>
  kind === 'Deployment' && (metadata.name as string).endsWith('-server');
const isClient = ({ metadata, kind }: Manifest): boolean =>
  kind === 'Deployment' && (metadata.name as string).endsWith('-client');

async function reportOf(name: Name): Promise<Report> {
  const log = await node.kubectl('--namespace', NAMESPACE, 'logs', `deployment/app-${name}-client`, '--tail=1');
  return JSON.parse(log) as Report;
}

/** Starts the client, and as soon as it knows the pods a rollout of the server; gives what the client has seen then. */
async function rollOut(name: Name): Promise<Report> {
  await node.apply(...manifests(name, '1').filter(isClient));
  await eventually(`a first call to ${name}`, async () => expect((await reportOf(name)).ok).toBeGreaterThan(0));
  await node.apply(...manifests(name, '2').filter(isServer));
  await node.rolledOut(NAMESPACE, `deployment/app-${name}-server`);
  // the last old pod drains, its streams end, and a client that knew it alone resolves again
  await sleep(12_000);
  await eventually(`the stream to ${name} is open again`, async () => {
    const { streams, goAways } = await reportOf(name);
    if (streams <= goAways) throw new Error(`${goAways} ends, opened ${streams} times`);
  });
  return reportOf(name);
}

const summary = ({ sent, failed, codes, slowestMs, streams, goAways, pods, seconds }: Report): string =>
  `${failed} of ${sent} unary calls failed${failed > 0 ? ` (${Object.keys(codes).join(', ')})` : ''}, ` +
  `${Math.round(sent / seconds)} calls/s over ${Math.round(seconds)} s without retries, slowest ${slowestMs} ms, ` +
  `${Object.keys(pods).length} pods; stream ended ${goAways} times by GOAWAY, opened ${streams} times`;

let seen: Record<Name, Report>;
const hooks: Record<string, Promise<Stop>> = {};

beforeAll(async () => {
  await loadGrpcImage();
  await node.apply(...NAMES.flatMap((name) => manifests(name, '1').filter((manifest) => !isClient(manifest))));
  await node.apply(...synthesize(NAMESPACE, (chart) => HOOKS.forEach(([id, hook]) => void hooked(chart, id, hook))));
  await Promise.all(
    [...NAMES.map((name) => `${name}-server`), ...HOOKS.map(([id]) => id)].map((id) =>
      node.rolledOut(NAMESPACE, `deployment/app-${id}`),
    ),
  );
  for (const [id] of HOOKS) hooks[id] = stop(id);
  const reports = await Promise.all(NAMES.map(rollOut));
  seen = Object.fromEntries(NAMES.map((name, index) => [name, reports[index]])) as Record<Name, Report>;
}, 180_000);

test('a rollout behind a cluster IP loses no unary call, and its streams come back', () => {
  figure('A rollout loses no unary gRPC call: behind the cluster IP, 2 pods', summary(seen['cluster-ip']));
  expectNoLoss(seen['cluster-ip']);
});

test('minReady covers the time in which a client does not resolve again', () => {
  figure('A rollout loses no unary gRPC call: headless, 1 pod, minReady of 30 s', summary(seen.headless));
  expectNoLoss(seen.headless);
});

test('a rollout that is faster than the resolution of the client loses calls', () => {
  figure('A rollout loses unary gRPC calls: headless, 2 pods, minReady of 2 s', summary(seen.hasty));
  const { failed, codes } = seen.hasty;
  expect(failed).toBeGreaterThan(RATE);
  expect(Object.keys(codes)).toContain('Unavailable');
});

function expectNoLoss({ failed, lastError, sent, seconds, streams, goAways, streamEnd, pods }: Report): void {
  expect({ failed, lastError }).toEqual({ failed: 0, lastError: '' });
  expect(sent / seconds).toBeGreaterThan(0.9 * RATE);
  // it has met new pods
  expect(Object.keys(pods).length).toBeGreaterThan(1);
  expect(streams).toBeGreaterThan(1);
  expect(streamEnd).toMatch(/goaway/i);
  expect(goAways).toBe(streams - 1);
}

const HOOK = ['sh', '-c', 'echo the hook > /proc/1/fd/1'];
const DRAIN = 4;
const HOOKS: ReadonlyArray<[id: string, hook: PreStop]> = [
  ['after', PreStop.exec(HOOK)],
  ['before', PreStop.exec(HOOK, { beforeDrain: true })],
];

/** A server with a shell whose log shows SIGTERM. */
function hooked(chart: Chart, id: string, preStop: PreStop): WebService {
  return new WebService(chart, id, {
    image: 'docker.io/library/redis:7.2.11-bookworm',
    args: ['--port', '6379', '--save', ''],
    port: 6379,
    user: 999,
    readiness: Probe.portOnly(),
    replicas: 1,
    resources: SMALL,
    drain: Duration.seconds(DRAIN),
    preStop,
  });
}

/** Seconds from the request to stop. */
interface Stop {
  readonly hook: number;
  readonly signal: number;
}

async function stop(id: string): Promise<Stop> {
  const [pod] = await node.list(NAMESPACE, 'pods', `app.kubernetes.io/instance=app-${id}`);
  const name = pod.metadata.name as string;
  const log = node.kubectl('--namespace', NAMESPACE, 'logs', '--follow', '--timestamps', name);
  const asked = Date.now();
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'pod', name, '--wait=false');
  const lines = (await log).split('\n');
  const at = (pattern: RegExp): number => {
    const line = lines.find((one) => pattern.test(one)) ?? '';
    return (Date.parse(line.split(' ')[0]) - asked) / 1000;
  };
  return { hook: at(/the hook/), signal: at(/SIGTERM/) };
}

test('a hook of the user runs before or after the drain, and SIGTERM comes after both (CH05-18)', async () => {
  const after = await hooks.after;
  const before = await hooks.before;
  const times = ({ hook, signal }: Stop): string =>
    `hook after ${hook.toFixed(1)} s, SIGTERM after ${signal.toFixed(1)} s`;
  figure(
    `A hook of the user runs beside a drain of ${DRAIN} s, and SIGTERM comes after both`,
    `${times(after)}; with beforeDrain, ${times(before)}`,
  );
  expect(after.hook).toBeGreaterThanOrEqual(DRAIN);
  expect(after.signal).toBeGreaterThanOrEqual(after.hook);
  expect(before.hook).toBeLessThan(DRAIN - 1);
  expect(before.signal).toBeGreaterThanOrEqual(before.hook + DRAIN);
});
