import { Duration, Size } from 'cdk8s';
import { Cpu, Job, NodeAgent, Probe, Resources, Rollout, Sidecar, Worker } from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { loadTailImage, PROBE } from '../rig/images';
import { isReady } from '../rig/pods';
import { ownNamespace, synthesize } from '../rig/workbench';

const { node } = Cluster;
const namespace = ownNamespace('agents');
const resources = Resources.of({ cpu: Cpu.millis(25), memory: Size.mebibytes(64) });
const LINES = 12;
const LOG = '/var/log/app/app.log';

/** Two seconds to start, so that a gap between two pods would show. */
const agent = (release: string): Manifest[] =>
  synthesize(namespace, (chart) => {
    new NodeAgent(chart, 'agent', {
      image: PROBE,
      ports: [{ name: 'http', port: 8080 }],
      readiness: Probe.httpGet('/readyz', { period: Duration.seconds(1) }),
      rollout: Rollout.rolling({ maxSurge: 1 }),
      minReady: Duration.seconds(1),
      env: { RELEASE: release, START_SECONDS: '2' },
      resources,
    });
  });

/** Writes a line each half second, and renames the file after half of them. */
const LOGGER = `
const fs = require('node:fs');
let line = 0;
const timer = setInterval(() => {
  fs.appendFileSync('${LOG}', 'line ' + ++line + '\\n');
  if (line === ${LINES / 2}) fs.renameSync('${LOG}', '${LOG}.1');
  if (line === ${LINES}) clearInterval(timer);
}, 500);
setInterval(() => undefined, 60_000);
process.on('SIGTERM', () => process.exit(0));`;

const loggers = synthesize(namespace, (chart) => {
  const legacy = new Worker(chart, 'legacy', {
    image: PROBE,
    command: ['node', '-e', LOGGER],
    liveness: Probe.none(),
    replicas: 1,
    resources,
  });
  const run = new Job(chart, 'run', {
    image: PROBE,
    command: ['node', '-e', `require('node:fs').appendFileSync('${LOG}', 'the last line\\n')`],
    resources,
  });
  for (const workload of [legacy, run]) workload.addSidecar(Sidecar.logTail({ file: LOG }));
});

async function ofAgent(): Promise<Manifest[]> {
  const pods = await node.list(namespace, 'pods', 'app.kubernetes.io/instance=app-agent');
  return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

const logOf = (of: string): Promise<string> =>
  node.kubectl('--namespace', namespace, 'logs', of, '--container', 'tail-app-log');

beforeAll(async () => {
  await loadTailImage();
  await node.apply(...agent('one'), ...loggers);
  await node.rolledOut(namespace, 'daemonset/app-agent');
}, 120_000);

test('a rollout with a surge leaves no node without its agent', async () => {
  expect(await ofAgent()).toHaveLength(1);
  const ready: number[] = [];
  let isDone = false;
  const watch = (async (): Promise<void> => {
    while (!isDone) ready.push((await ofAgent()).filter(isReady).length);
  })();
  await node.apply(...agent('two'));
  await node.rolledOut(namespace, 'daemonset/app-agent');
  isDone = true;
  await watch;
  expect(Math.min(...ready)).toBeGreaterThanOrEqual(1);
  figure(
    'A rollout of a NodeAgent with maxSurge leaves no node without a ready pod',
    `at least ${Math.min(...ready)} ready pod in ${ready.length} samples`,
  );
});

test('the lines of a log file are in the log of the pod, across a rotation (CH03-36)', async () => {
  const wanted = Array.from({ length: LINES }, (_, index) => `line ${index + 1}`);
  const seen = await eventually(
    'all lines',
    async () => {
      const lines = (await logOf('deployment/app-legacy')).split('\n').filter((line) => line.startsWith('line '));
      expect(lines).toEqual(wanted);
      return lines;
    },
    40,
  );
  figure('kubectl logs shows the lines of a log file across a rotation', `${seen.length} of ${LINES} lines, in order`);
});

test('a Job with a log tail ends, with its last line in the log', async () => {
  await node.kubectl('--namespace', namespace, 'wait', 'job', '--all', '--for=condition=Complete', '--timeout=60s');
  const [pod] = await node.list(namespace, 'pods', 'app.kubernetes.io/instance=app-run');
  expect(await logOf(pod.metadata.name as string)).toContain('the last line');
  const ended = (status: Manifest): number => Date.parse(status.state.terminated.finishedAt as string) / 1000;
  const seconds =
    ended(pod.status.initContainerStatuses[0] as Manifest) - ended(pod.status.containerStatuses[0] as Manifest);
  // the default grace period of pods
  expect(seconds).toBeLessThan(20);
  figure(
    'A Job with a log tail ends with its process',
    `the sidecar ended ${seconds} s after it, its last line in the log`,
  );
});
