import { type Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  Egress,
  Inventory,
  Job,
  type JobProps,
  Probe,
  Redis,
  ScheduledJob,
  type ScheduledJobProps,
  VersionedConfigMap,
  WebService,
} from '../../src';
import { workloadsOf } from '../../src/pod/workload-facts';
import { type Manifest, newChart, only, problemsOf, synth, untyped, viewOf, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/migrate:1.4.2';
const job = (props: Partial<JobProps> = {}): Manifest[] =>
  synth((chart) => new Job(chart, 'migrate', { image: IMAGE, ...props }));
const specOf = (props: Partial<JobProps> = {}): Manifest => only(job(props), 'Job').spec as Manifest;
const NIGHTLY: ScheduledJobProps = { image: 'ghcr.io/acme/report:2.0.0', schedule: '30 2 * * 1-5' };
const scheduled = (props: Partial<ScheduledJobProps> = {}): Manifest =>
  only(
    synth((chart) => new ScheduledJob(chart, 'report', { ...NIGHTLY, ...props })),
    'CronJob',
  );

describe('a job', () => {
  test('runs one pod to its end, with three more attempts and one hour (CH06-21)', () => {
    const { template, ...spec } = specOf();
    expect(spec).toEqual({
      completions: 1,
      parallelism: 1,
      backoffLimit: 3,
      activeDeadlineSeconds: 3600,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
    });
    expect(template.spec).toMatchObject({
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      serviceAccountName: 'app-migrate',
    });
    expect(template.spec.topologySpreadConstraints).toBeUndefined();
    expect(template.metadata.labels).toMatchObject({
      'app.kubernetes.io/instance': 'app-migrate',
      'app.kubernetes.io/component': 'job',
      'app.kubernetes.io/version': '1.4.2',
    });
  });

  test('with an index has it in the command line, but not in literals: the controller adds it after them (CH04-22)', () => {
    const messages = (props: Partial<JobProps>): string[] =>
      problemsOf((chart) => new Job(chart, 'migrate', { image: IMAGE, completions: 3, ...props }));
    const sidecars = [{ name: 'proxy', image: IMAGE, args: ['$(JOB_COMPLETION_INDEX)'] }];
    expect(messages({ indexed: true, args: ['--part=$(JOB_COMPLETION_INDEX)'], sidecars })).toEqual([]);
    expect(messages({ args: ['--part=$(JOB_COMPLETION_INDEX)'] })).toEqual([
      '[app/migrate] args: workload/undeclared-variable',
    ]);
    expect(messages({ indexed: true, env: { PART: 'p$(JOB_COMPLETION_INDEX)' } })).toEqual([
      "[app/migrate] env['PART']: workload/variable-order",
    ]);
    expect(messages({ indexed: true, env: { JOB_COMPLETION_INDEX: '0' } })).toEqual([
      "[app/migrate] env['JOB_COMPLETION_INDEX']: workload/controller-variable",
    ]);
    const index = kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_ANNOTATION, {
      key: 'batch.kubernetes.io/job-completion-index',
    });
    expect(messages({ indexed: true, env: { PART: 'p$(JOB_COMPLETION_INDEX)', JOB_COMPLETION_INDEX: index } })).toEqual(
      [],
    );
  });

  test('has neither Service nor budget, and a policy that lets nobody in', () => {
    const manifests = job();
    expect(manifests.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'NetworkPolicy', 'Job']);
    expect(only(manifests, 'NetworkPolicy').spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-migrate' } },
      policyTypes: ['Ingress'],
    });
  });

  test('its pods are as restricted as those of all workloads', () => {
    const [container] = specOf().template.spec.containers;
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    });
    expect([container.ports, container.readinessProbe, container.lifecycle]).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ['ghcr.io/acme/migrate:1.4.2', 'app-migrate-1-4-2'],
    ['ghcr.io/acme/migrate:v1.4.2-RC1_x', 'app-migrate-v1-4-2-rc1-x'],
    [`ghcr.io/acme/migrate@sha256:${'0123456789abcdef'.repeat(4)}`, 'app-migrate-0123456789ab'],
    [`ghcr.io/acme/migrate:2.0@sha256:${'0123456789abcdef'.repeat(4)}`, 'app-migrate-2-0-0123456789'],
    [
      `ghcr.io/acme/migrate:${'1'.repeat(40)}@sha256:${'a'.repeat(64)}`,
      `app-migrate-${'1'.repeat(40)}-${'a'.repeat(10)}`,
    ],
    [`ghcr.io/acme/migrate:${'1'.repeat(41)}@sha256:${'a'.repeat(64)}`, `app-migrate-${'a'.repeat(12)}`],
    [`ghcr.io/acme/migrate:_@sha256:${'a'.repeat(64)}`, `app-migrate-${'a'.repeat(12)}`],
  ])('of image %s is named for its version, what is around it is not', (image, name) => {
    const manifests = job({ image });
    expect(only(manifests, 'Job').metadata.name).toBe(name);
    expect(only(manifests, 'ServiceAccount').metadata.name).toBe('app-migrate');
  });

  test('leaves room for the index of its pods beside tag and digest', () => {
    const image = `ghcr.io/acme/migrate:${'1'.repeat(40)}@sha256:${'a'.repeat(64)}`;
    expect(only(job({ image, completions: 11, indexed: true }), 'Job').metadata.name).toBe(
      `app-migrate-${'a'.repeat(12)}`,
    );
  });

  test('takes another version for its name', () => {
    expect(only(job({ version: 'run-2', name: 'import' }), 'Job').metadata.name).toBe('import-run-2');
  });

  test('stays when it is finished, unless a time is given (CH06-20)', () => {
    expect(specOf().ttlSecondsAfterFinished).toBeUndefined();
    expect(specOf({ ttlAfterFinished: Duration.days(1) }).ttlSecondsAfterFinished).toBe(86_400);
  });

  test('is given up at once at exit codes that no attempt can mend', () => {
    expect(specOf({ fatalExitCodes: [64, 3] }).podFailurePolicy.rules[0]).toEqual({
      action: 'FailJob',
      onExitCodes: { containerName: 'main', operator: 'In', values: [3, 64] },
    });
  });

  test('restarts containers in place when asked, without a policy for pods that fail', () => {
    const spec = specOf({ restartPolicy: 'OnFailure' });
    expect([spec.template.spec.restartPolicy, spec.podFailurePolicy]).toEqual(['OnFailure', undefined]);
  });

  test('in parts: pods with an index, each run spread by itself', () => {
    const spec = specOf({
      completions: 10,
      parallelism: 4,
      indexed: true,
      backoffLimit: 0,
      activeDeadline: Duration.hours(8),
    });
    expect(spec).toMatchObject({
      completions: 10,
      parallelism: 4,
      completionMode: 'Indexed',
      backoffLimit: 0,
      activeDeadlineSeconds: 28_800,
    });
    expect(spec.template.spec.topologySpreadConstraints[0]).toMatchObject({
      whenUnsatisfiable: 'ScheduleAnyway',
      matchLabelKeys: ['batch.kubernetes.io/controller-uid'],
    });
  });

  test('reads its configuration and connects as any workload does (S000-35)', () => {
    const manifests = synth((chart) => {
      const redis = new Redis(chart, 'redis', {
        storage: Size.gibibytes(10),
        password: { secret: kplus.Secret.fromSecretName(chart, 'passwd', 'passwd'), key: 'passwd' },
      });
      const migrate = new Job(chart, 'migrate', {
        image: IMAGE,
        args: ['up'],
        serviceAccountToken: true,
        egress: 'declared',
        egressTo: [Egress.internet()],
      });
      migrate.mount('/etc/app', new VersionedConfigMap(chart, 'config', { data: { a: 'b' } }));
      migrate.connectTo(redis);
    });
    const pod = only(manifests, 'Job').spec.template.spec;
    expect(pod.containers[0].env[0]).toEqual({ name: 'REDIS_HOST', value: 'app-redis' });
    expect(pod.containers[0].args).toEqual(['up']);
    expect(pod.automountServiceAccountToken).toBe(true);
    expect(only(manifests, 'NetworkPolicy', 'app-migrate').spec.egress).toHaveLength(3);
    expect(only(manifests, 'NetworkPolicy', 'app-redis').spec.ingress[1].from).toEqual([
      { podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-migrate' } } },
    ]);
  });

  test('a check by command is its liveness', () => {
    expect(specOf({ liveness: Probe.exec(['alive']) }).template.spec.containers[0].livenessProbe).toMatchObject({
      exec: { command: ['alive'] },
      periodSeconds: 10,
    });
  });

  test('mounts a claim for one node, but not with several pods at a time', () => {
    const build =
      (parallelism: number) =>
      (chart: Chart): void => {
        const claim = new kplus.PersistentVolumeClaim(chart, 'claim', {
          accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE],
          storage: Size.gibibytes(1),
        });
        new Job(chart, 'migrate', { image: IMAGE, completions: 2, parallelism }).mount(
          '/data',
          kplus.Volume.fromPersistentVolumeClaim(chart, 'volume', claim),
        );
      };
    expect(problemsOf(build(1))).toEqual([]);
    expect(problemsOf(build(2))).toEqual([expect.stringContaining('mount.storage: workload/shared-claim')]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no image', { image: undefined }, 'image: props/required'],
    ['restartPolicy', { restartPolicy: 'Always' }, 'restartPolicy: props/value'],
    ['backoffLimit', { backoffLimit: -1 }, 'backoffLimit: props/value'],
    ['more at a time than there are', { completions: 2, parallelism: 3 }, 'parallelism: job/parallelism'],
    ['no completions', { completions: 0 }, 'completions: props/value'],
    ['activeDeadline as a number', { activeDeadline: 60 }, 'activeDeadline: props/value'],
    ['ttl', { ttlAfterFinished: Duration.millis(1500) }, 'ttlAfterFinished: props/value'],
    ['exit code 0', { fatalExitCodes: [0] }, 'fatalExitCodes[0]: props/value'],
    ['an exit code twice', { fatalExitCodes: [3, 3] }, 'fatalExitCodes[1]: props/duplicate'],
    [
      'exit codes of pods that are restarted',
      { fatalExitCodes: [3], restartPolicy: 'OnFailure' },
      'fatalExitCodes: props/conflict',
    ],
    ['a version with a dot', { version: '1.4' }, 'version: props/value'],
    ['a name that is too long with the version', { name: 'a'.repeat(60) }, 'name: app/object-name'],
    [
      'a name that is too long with an index',
      { name: 'a'.repeat(54), completions: 101, indexed: true },
      'name: app/object-name',
    ],
    ['liveness by HTTP', { liveness: Probe.httpGet('/healthz') }, 'liveness: workload/portless-liveness'],
    ['a pod alone spread', { spread: 'hard' }, 'spread: scheduling/hard-spread'],
    ['a prop of services', { budget: 1 }, 'budget: props/unknown'],
  ])('refuses %s', (_title, props, message) => {
    const problems = problemsOf((chart) => new Job(chart, 'migrate', untyped({ image: IMAGE, ...props })));
    expect(problems.map((problem) => problem.replace('[app/migrate] ', ''))).toEqual([message]);
  });

  test('nothing connects to it', () => {
    expect(
      problemsOf((chart) =>
        new WebService(chart, 'web', WEB).connectTo(new Job(chart, 'migrate', { image: IMAGE }) as never),
      ),
    ).toEqual(['[app/web] connectTo: props/value']);
  });

  test('is told to the inventory, and to who sums up', () => {
    const chart = newChart();
    new Job(chart, 'migrate', { image: IMAGE, completions: 4, parallelism: 2 });
    expect(Inventory.of(chart).workloads).toEqual([
      { kind: 'Job', namespace: 'shop', name: 'app-migrate', replicas: 2, cpu: '200m', memory: '256Mi' },
    ]);
    expect(workloadsOf(viewOf(chart))[0]).toMatchObject({ replicas: 2, most: 2, surge: 0, stopping: 0, claims: [] });
  });
});

describe('a scheduled job', () => {
  test('runs one at a time, by UTC, and keeps three runs of both kinds (S000-33)', () => {
    const { jobTemplate, ...spec } = scheduled().spec as Manifest;
    expect(spec).toEqual({
      schedule: '30 2 * * 1-5',
      timeZone: 'UTC',
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    expect(jobTemplate.spec).toMatchObject({
      backoffLimit: 3,
      activeDeadlineSeconds: 3600,
      podReplacementPolicy: 'Failed',
    });
    expect(jobTemplate.spec.ttlSecondsAfterFinished).toBeUndefined();
    expect(jobTemplate.metadata.labels).toMatchObject({
      'app.kubernetes.io/instance': 'app-report',
      'app.kubernetes.io/version': '2.0.0',
    });
  });

  test('has the version of the caller on the CronJob, its Jobs and their pods', () => {
    const { metadata, spec } = scheduled({ labels: { 'app.kubernetes.io/version': 'v9' } });
    const all = [metadata, spec.jobTemplate.metadata, spec.jobTemplate.spec.template.metadata] as Manifest[];
    expect(all.map(({ labels }) => labels['app.kubernetes.io/version'] as string)).toEqual(['v9', 'v9', 'v9']);
  });

  test('is named without a version: its change holds from the next run on', () => {
    expect(scheduled().metadata.name).toBe('app-report');
  });

  test('takes all that a CronJob knows', () => {
    expect(
      scheduled({
        schedule: '@daily',
        timeZone: 'Europe/Berlin',
        concurrencyPolicy: 'Replace',
        startingDeadline: Duration.minutes(5),
        successfulRunsKept: 0,
        failedRunsKept: 10,
        suspend: true,
      }).spec,
    ).toMatchObject({
      schedule: '@daily',
      timeZone: 'Europe/Berlin',
      concurrencyPolicy: 'Replace',
      startingDeadlineSeconds: 300,
      successfulJobsHistoryLimit: 0,
      failedJobsHistoryLimit: 10,
      suspend: true,
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no schedule', { schedule: undefined }, 'schedule: props/required'],
    ['a time zone in the schedule', { schedule: 'TZ=UTC 0 0 * * *' }, 'schedule: props/value'],
    ['an unknown time zone', { timeZone: 'CET' }, 'timeZone: props/value'],
    ['a policy in small letters', { concurrencyPolicy: 'forbid' }, 'concurrencyPolicy: props/value'],
    [
      'a deadline that is shorter than a look',
      { startingDeadline: Duration.seconds(9) },
      'startingDeadline: props/value',
    ],
    ['a negative history', { failedRunsKept: -1 }, 'failedRunsKept: props/value'],
    ['a version', { version: '1' }, 'version: props/unknown'],
    ['a name of 53', { name: 'a'.repeat(53) }, 'name: app/object-name'],
    ['a name of 52 with an index', { name: 'a'.repeat(52), completions: 3, indexed: true }, 'name: app/object-name'],
  ])('refuses %s', (_title, props, message) => {
    const problems = problemsOf((chart) => new ScheduledJob(chart, 'report', untyped({ ...NIGHTLY, ...props })));
    expect(problems.map((problem) => problem.replace('[app/report] ', ''))).toEqual([message]);
  });

  test.each([
    ['Forbid', 0],
    ['Replace', 2],
  ] as const)('with %s, %d pods may still stop beside those of the run', (concurrencyPolicy, stopping) => {
    const chart = newChart();
    new ScheduledJob(chart, 'report', { ...NIGHTLY, completions: 2, parallelism: 2, concurrencyPolicy });
    expect(workloadsOf(viewOf(chart))[0]).toMatchObject({ kind: 'CronJob', replicas: 0, most: 2, surge: 0, stopping });
  });
});
