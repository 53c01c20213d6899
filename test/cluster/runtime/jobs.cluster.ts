import { type Chart, Size } from 'cdk8s';
import { Cpu, Job, type JobProps, Resources, ScheduledJob } from 'cdk8s-best-practices';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { ownNamespace, synthesize } from '../rig/workbench';

const NAMESPACE = ownNamespace('jobs');
const { node } = Cluster;
const SMALL = Resources.of({ cpu: Cpu.millis(10), memory: Size.mebibytes(32) });

function build(chart: Chart): void {
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

  // applied again, nothing runs
  await node.apply(...manifests);
  expect((await node.get(NAMESPACE, 'job/app-good-1-0-0')).metadata.generation).toBe(good.metadata.generation);
  figure(
    'Jobs run to completion, a failing Job stops after its attempts, and the logs of all attempts stay',
    '1 run, 3 parts and 1 scheduled run completed; 2 of 2 attempts failed with backoffLimit 1, 1 of 1 with a fatal exit code',
  );
});
