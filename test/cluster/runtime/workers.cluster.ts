import { type Chart, Duration, Size } from 'cdk8s';
import {
  Cpu,
  DisruptionBudget,
  Probe,
  Resources,
  Rollout,
  SingletonWorker,
  Wait,
  WebService,
  Worker,
  type WorkerProcessProps,
} from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { isReady } from '../rig/pods';
import { ownNamespace, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('workers');
const { node } = Cluster;
const resources = Resources.of({ cpu: Cpu.millis(50), memory: Size.mebibytes(64) });

const TASK_SECONDS = 6;
/** Works task by task, touches its file, and ends after its last task when it gets SIGTERM. Each line has its time. */
const WORK = `
const log = (what) => console.log(what + ' ' + Date.now());
let stopping = false;
process.on('SIGTERM', () => { stopping = true; log('asked'); });
setInterval(() => require('node:fs').writeFileSync('/tmp/alive', ''), 500);
const work = () => {
  log('begin');
  setTimeout(() => { log('done'); if (stopping) { log('end'); process.exit(0); } work(); }, ${TASK_SECONDS * 1000});
};
work();
`;

const worker = (release: string): WorkerProcessProps => ({
  image: PROBE,
  command: ['node', '-e', WORK],
  env: { RELEASE: release },
  liveness: Probe.heartbeat('/tmp/alive', { maxAge: Duration.minutes(1), period: Duration.seconds(1) }),
  resources,
});
const GRACE = { terminationGracePeriod: Duration.seconds(30) };

const START_SECONDS = 15;

function build(chart: Chart, release: string): void {
  new Worker(chart, 'mailer', {
    ...worker('1'),
    ...GRACE,
    replicas: 1,
    rollout: Rollout.recreate(),
    budget: DisruptionBudget.none(),
  });
  new SingletonWorker(chart, 'ledger', { ...worker(release), ...GRACE });
  // it never touches its file
  new Worker(chart, 'hanging', {
    ...worker('1'),
    command: ['sh', '-c', 'exec nc -l -p 9999'],
    startup: Probe.none(),
    replicas: 1,
    terminationGracePeriod: Duration.seconds(1),
  });

  const store = new WebService(chart, 'store', {
    image: PROBE,
    port: 8080,
    readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
    liveness: Probe.none(),
    env: { START_SECONDS: String(START_SECONDS) },
    replicas: 1,
    resources,
  });
  new Worker(chart, 'client', {
    image: PROBE,
    command: ['sh', '-c', 'exec nc -l -p 9999'],
    liveness: Probe.none(),
    egress: 'declared',
    replicas: 1,
    terminationGracePeriod: Duration.seconds(1),
    resources,
  }).connectTo(store, { wait: Wait.byProgram(['nc', '-z', '-w', '2', '$(STORE_HOST)', '$(STORE_PORT)']) });
}

const podsOf = (id: string): Promise<Manifest[]> =>
  node.list(NAMESPACE, 'pods', `app.kubernetes.io/instance=app-${id}`);

/** A pod of the block that is ready and not among `known`. */
async function newPod(id: string, known: readonly Manifest[] = []): Promise<Manifest> {
  return eventually(
    `a new pod of ${id}`,
    async () => {
      const found = (await podsOf(id)).find(
        (pod) =>
          isReady(pod) &&
          pod.metadata.deletionTimestamp === undefined &&
          !known.some(({ metadata }) => metadata.uid === pod.metadata.uid),
      );
      if (found === undefined) throw new Error('none yet');
      return found;
    },
    60,
  );
}

/** What a pod writes until it ends, which is lost with it. */
const logOf = ({ metadata }: Manifest): Promise<string> =>
  node.kubectl('--namespace', NAMESPACE, 'logs', '--follow', metadata.name as string);

async function evict({ metadata: { name } }: Manifest): Promise<void> {
  await node.pipe(
    { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: NAMESPACE } },
    'create',
    '--raw',
    `/api/v1/namespaces/${NAMESPACE}/pods/${name}/eviction`,
    '-f',
    '-',
  );
}

interface Life {
  readonly start: number;
  readonly end: number;
  readonly begun: number;
  readonly done: number;
  /** Seconds of work after the request to stop. */
  readonly after: number;
}

function lifeOf(log: string): Life {
  const lines = log
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([what, time]) => ({ what, time: Number(time) }));
  const times = (wanted: string): number[] => lines.filter(({ what }) => what === wanted).map(({ time }) => time);
  const [end] = times('end');
  return {
    start: lines[0].time,
    end,
    begun: times('begin').length,
    done: times('done').length,
    after: (end - times('asked')[0]) / 1000,
  };
}

const restartsOf = (pod: Manifest | undefined, statuses: string): number[] =>
  ((pod?.status[statuses] ?? []) as Manifest[]).map(({ restartCount }) => restartCount as number);

const startOf = ({ status }: Manifest): number =>
  Date.parse((status.containerStatuses as Manifest[])[0].state.running.startedAt as string);

beforeAll(() => node.apply(...synthesize(NAMESPACE, (chart) => build(chart, '1'))));

test('an evicted worker finishes its task, and never two singletons run', async () => {
  const [mailer, first] = await Promise.all([newPod('mailer'), newPod('ledger')]);
  const logs = [mailer, first].map(logOf);
  await Promise.all([evict(mailer), evict(first)]);
  const [nextMailer, second] = await Promise.all([newPod('mailer', [mailer]), newPod('ledger', [first])]);
  const [mailed, one] = (await Promise.all(logs)).map(lifeOf);
  for (const life of [mailed, one]) {
    expect(life.done).toBe(life.begun);
    expect(life.after).toBeGreaterThan(0);
  }
  // what a Deployment does, whatever its rollout is
  const overlap = (mailed.end - startOf(nextMailer)) / 1000;

  const secondLog = logOf(second);
  await node.apply(...synthesize(NAMESPACE, (chart) => build(chart, '2')));
  const third = await newPod('ledger', [first, second]);
  const two = lifeOf(await secondLog);
  const thirdLog = logOf(third);
  await evict(third);
  const three = lifeOf(await thirdLog);
  expect(two.done).toBe(two.begun);
  const gaps = [two.start - one.end, three.start - two.end].map((gap) => gap / 1000);
  for (const gap of gaps) expect(gap).toBeGreaterThan(0);
  expect([first, second, third].map(({ metadata }) => metadata.name)).toEqual(Array(3).fill('app-ledger-0'));
  figure(
    'An evicted worker finishes its task',
    `${mailed.done} of ${mailed.begun} tasks done; it worked ${mailed.after.toFixed(1)} s after the eviction`,
  );
  figure(
    'Of a SingletonWorker, never two pods run, during an eviction and a rollout',
    `3 pods, no overlap: ${gaps.map((gap) => gap.toFixed(1)).join(' and ')} s without a pod; the successor in a ` +
      `Deployment with Rollout.recreate() ran ${Math.max(0, overlap).toFixed(0)} s beside the evicted pod`,
  );
}, 110_000);

test('a process that does not touch its file restarts', async () => {
  const restarts = await eventually('a restart', async () => {
    const [pod] = await podsOf('hanging');
    const [count] = restartsOf(pod, 'containerStatuses');
    expect(count).toBeGreaterThan(0);
    return count;
  });
  const [ledger] = await podsOf('ledger');
  expect(restartsOf(ledger, 'containerStatuses')).toEqual([0]);
  figure(
    'A process that does not touch the file of its heartbeat restarts',
    `${restarts} restart of a process without a touch, 0 of one that touches its file`,
  );
});

test('a client that waits starts when its store answers', async () => {
  const [store, client] = await Promise.all([newPod('store'), newPod('client')]);
  const ready = (store.status.conditions as Manifest[]).find(({ type }) => type === 'Ready')!;
  const answers = Date.parse(ready.lastTransitionTime as string);
  const started = startOf(client);
  // the times of the API server are whole seconds
  expect(started).toBeGreaterThanOrEqual(answers);
  const [attempts] = restartsOf(client, 'initContainerStatuses');
  expect(attempts).toBeGreaterThan(0);
  expect([store, client].flatMap((pod) => restartsOf(pod, 'containerStatuses'))).toEqual([0, 0]);
  figure(
    'A client that waits starts when its store answers, and nothing else restarts',
    `the store answered after ${(answers - startOf(store)) / 1000} s, the client started ${(started - answers) / 1000} s ` +
      `later, after ${attempts} failed attempts of its wait`,
  );
});
