import { type Chart, Duration, Size } from 'cdk8s';
import { ClusterProfile, Cpu, Job, type JobProps, Resources, ScheduledJob } from 'cdk8s-best-practices';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { ownNamespace, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('jobs');
const { node } = Cluster;
const SMALL = Resources.of({ cpu: Cpu.millis(10), memory: Size.mebibytes(32) });

function build(chart: Chart): void {
  new ClusterProfile({ version: '1.35' }).assignTo(chart);
  const job = (id: string, script: string, props: Partial<JobProps> = {}): Job =>
    new Job(chart, id, { image: PROBE, command: ['sh', '-c', script], resources: SMALL, ...props });
  job('good', 'echo done');
  // each variable is declared before those that it refers to
  job('variables', 'echo "$TEXT"', {
    env: { TEXT: '$(GREETING)! $$(GREETING)', GREETING: 'hello $(WHOM)', WHOM: 'world' },
  });
  job('parts', 'echo part $(JOB_COMPLETION_INDEX) of $JOB_COMPLETION_INDEX', {
    completions: 3,
    parallelism: 3,
    indexed: true,
  });
  // one attempt more, after a pause of 10 s
  job('broken', 'echo attempt; exit 1', { backoffLimit: 1 });
  job('hopeless', 'exit 42', { fatalExitCodes: [42] });
  // index 2 fails, and the others complete
  job('partly', '[ "$JOB_COMPLETION_INDEX" != 2 ]', {
    completions: 4,
    parallelism: 4,
    indexed: true,
    backoffLimitPerIndex: 0,
  });
  // index 0 leads; the others would listen for ever
  job('leader', '[ "$JOB_COMPLETION_INDEX" = 0 ] || exec nc -l -p 9999', {
    completions: 3,
    parallelism: 3,
    indexed: true,
    successPolicy: [{ succeededIndexes: '0' }],
    terminationGracePeriod: Duration.seconds(1),
  });
  // the second start finds what the first one left in its pod
  job('again', '[ -e /tmp/started ] || { : > /tmp/started; exit 75; }', {
    backoffLimit: 0,
    restartInPlace: { exitCodes: [75] },
  });
  new ScheduledJob(chart, 'report', {
    schedule: '0 0 1 1 *',
    image: PROBE,
    command: ['sh', '-c', 'echo reported'],
    resources: SMALL,
  });
}

async function ended(name: string, condition: 'Complete' | 'Failed'): Promise<Manifest> {
  await node.kubectl('--namespace', NAMESPACE, 'wait', `job/${name}`, `--for=condition=${condition}`, '--timeout=90s');
  return node.get(NAMESPACE, `job/${name}`);
}

async function logsOf(name: string): Promise<string[]> {
  const pods = await node.list(NAMESPACE, 'pods', `batch.kubernetes.io/job-name=${name}`);
  return (
    await Promise.all(
      pods.map(async ({ metadata }) => node.kubectl('--namespace', NAMESPACE, 'logs', metadata.name as string)),
    )
  )
    .map((log) => log.trim())
    .sort();
}

const reasonOf = ({ status }: Manifest): string =>
  (status.conditions as Manifest[]).find(({ type }) => type === 'Failed')?.reason as string;

test('jobs run to their end, a broken one is given up after its attempts, and a schedule starts a run', async () => {
  const manifests = synthesize(NAMESPACE, build);
  await node.apply(...manifests);
  await node.kubectl('--namespace', NAMESPACE, 'create', 'job', 'report-now', '--from=cronjob/app-report');
  const [good, variables, parts, hopeless, report, broken] = await Promise.all([
    ended('app-good-1-0-0', 'Complete'),
    ended('app-variables-1-0-0', 'Complete'),
    ended('app-parts-1-0-0', 'Complete'),
    ended('app-hopeless-1-0-0', 'Failed'),
    ended('report-now', 'Complete'),
    ended('app-broken-1-0-0', 'Failed'),
  ]);
  expect([good.status.succeeded, await logsOf('app-good-1-0-0')]).toEqual([1, ['done']]);
  expect([variables.status.succeeded, await logsOf('app-variables-1-0-0')]).toEqual([1, ['hello world! $(GREETING)']]);
  expect([parts.status.succeeded, await logsOf('app-parts-1-0-0')]).toEqual([
    3,
    ['part 0 of 0', 'part 1 of 1', 'part 2 of 2'],
  ]);
  expect([report.status.succeeded, await logsOf('report-now')]).toEqual([1, ['reported']]);
  expect([hopeless.status.failed, reasonOf(hopeless)]).toEqual([1, 'PodFailurePolicy']);
  // each attempt keeps its log
  expect([broken.status.failed, reasonOf(broken), await logsOf('app-broken-1-0-0')]).toEqual([
    2,
    'BackoffLimitExceeded',
    ['attempt', 'attempt'],
  ]);

  const [partly, leader, again] = await Promise.all([
    ended('app-partly-1-0-0', 'Failed'),
    ended('app-leader-1-0-0', 'Complete'),
    ended('app-again-1-0-0', 'Complete'),
  ]);
  expect([reasonOf(partly), partly.status.failedIndexes, partly.status.completedIndexes]).toEqual([
    'FailedIndexes',
    '2',
    '0,1,3',
  ]);
  expect([leader.status.succeeded, leader.status.completedIndexes]).toEqual([1, '0']);
  expect((leader.status.conditions as Manifest[]).map(({ type, reason }) => `${type}: ${reason}`)).toEqual([
    'SuccessCriteriaMet: SuccessPolicy',
    'Complete: SuccessPolicy',
  ]);
  const [pod] = await node.list(NAMESPACE, 'pods', 'batch.kubernetes.io/job-name=app-again-1-0-0');
  expect([again.status.failed, pod.status.containerStatuses[0].restartCount]).toEqual([undefined, 1]);

  // applied again, nothing runs
  await node.apply(...manifests);
  expect((await node.get(NAMESPACE, 'job/app-good-1-0-0')).metadata.generation).toBe(good.metadata.generation);
  figure(
    'Jobs run to completion, a failing Job stops after its attempts, and the logs of all attempts stay',
    '1 run, 3 parts and 1 scheduled run completed; 2 of 2 attempts failed with backoffLimit 1, 1 of 1 with a fatal exit code',
  );
  figure(
    'Of an indexed Job, one index fails alone, one decides about success, and a container restarts in its pod',
    '3 of 4 indexes completed and index 2 is reported; the run ended with index 0 of 3; 1 restart, no failed pod',
  );
});
