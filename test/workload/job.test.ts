import { type Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Egress, Inventory, Job, type JobProps, Probe, Redis, ScheduledJob, type ScheduledJobProps, VersionedConfigMap, WebService } from '../../src';
import { workloadsOf } from '../../src/workload/facts';
import { type Manifest, newChart, only, problemsOf, synth, untyped, viewOf, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/migrate:1.4.2';
const job = (props: Partial<JobProps> = {}): Manifest[] => synth((chart) => new Job(chart, 'migrate', { image: IMAGE, ...props }));
const specOf = (props: Partial<JobProps> = {}): Manifest => only(job(props), 'Job').spec as Manifest;
const NIGHTLY: ScheduledJobProps = { image: 'ghcr.io/acme/report:2.0.0', schedule: '30 2 * * 1-5' };
const scheduled = (props: Partial<ScheduledJobProps> = {}): Manifest => only(synth((chart) => new ScheduledJob(chart, 'report', { ...NIGHTLY, ...props })), 'CronJob');

describe('a job', () => {
  test('runs one pod to its end, with three more attempts and one hour (CH06-21)', () => {
    const { template, ...spec } = specOf();
    expect(spec).toEqual({
      completions: 1,
      parallelism: 1,
      backoffLimit: 3,
      activeDeadlineSeconds: 3600,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }] },
    });
    expect(template.spec).toMatchObject({ restartPolicy: 'Never', automountServiceAccountToken: false, serviceAccountName: 'app-migrate' });
    expect(template.spec.topologySpreadConstraints).toBeUndefined();
    expect(template.metadata.labels).toMatchObject({ 'app.kubernetes.io/instance': 'app-migrate', 'app.kubernetes.io/component': 'job', 'app.kubernetes.io/version': '1.4.2' });
  });

  test('with an index has it in the command line, but not in literals: the controller adds it after them (CH04-22)', () => {
    const messages = (props: Partial<JobProps>): string[] => problemsOf((chart) => new Job(chart, 'migrate', { image: IMAGE, completions: 3, ...props }));
    const sidecars = [{ name: 'proxy', image: IMAGE, args: ['$(JOB_COMPLETION_INDEX)'] }];
    expect(messages({ indexed: true, args: ['--part=$(JOB_COMPLETION_INDEX)'], sidecars })).toEqual([]);
    expect(messages({ args: ['--part=$(JOB_COMPLETION_INDEX)'] })).toEqual([
      "[app/migrate] prop 'args': got '$(JOB_COMPLETION_INDEX)', expected a variable that the container declares. Add 'JOB_COMPLETION_INDEX' to env, or write $$(JOB_COMPLETION_INDEX) for the text itself (CH04-22)",
    ]);
    expect(messages({ indexed: true, env: { PART: 'p$(JOB_COMPLETION_INDEX)' } })).toEqual([
      "[app/migrate] prop 'env['PART']': got '$(JOB_COMPLETION_INDEX)', expected a variable that comes before: the controller adds this one last. Use it in 'command' or 'args', or declare it: EnvValue.fromFieldRef(EnvFieldPaths.POD_ANNOTATION, { key: 'batch.kubernetes.io/job-completion-index' }) (CH04-22)",
    ]);
    expect(messages({ indexed: true, env: { JOB_COMPLETION_INDEX: '0' } })).toEqual([
      "[app/migrate] prop 'env['JOB_COMPLETION_INDEX']': got a literal, expected a variable that the controller does not add itself. Remove it: the controller keeps the literal, and all pods have the same",
    ]);
    const index = kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_ANNOTATION, { key: 'batch.kubernetes.io/job-completion-index' });
    expect(messages({ indexed: true, env: { PART: 'p$(JOB_COMPLETION_INDEX)', JOB_COMPLETION_INDEX: index } })).toEqual([]);
  });

  test('has neither Service nor budget, and a policy that lets nobody in', () => {
    const manifests = job();
    expect(manifests.map(({ kind }) => kind)).toEqual(['ServiceAccount', 'NetworkPolicy', 'Job']);
    expect(only(manifests, 'NetworkPolicy').spec).toEqual({ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-migrate' } }, policyTypes: ['Ingress'] });
  });

  test('its pods are as restricted as those of all workloads', () => {
    const [container] = specOf().template.spec.containers;
    expect(container.securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true, runAsNonRoot: true });
    expect([container.ports, container.readinessProbe, container.lifecycle]).toEqual([undefined, undefined, undefined]);
  });

  test.each([
    ['ghcr.io/acme/migrate:1.4.2', 'app-migrate-1-4-2'],
    ['ghcr.io/acme/migrate:v1.4.2-RC1_x', 'app-migrate-v1-4-2-rc1-x'],
    [`ghcr.io/acme/migrate@sha256:${'0123456789abcdef'.repeat(4)}`, 'app-migrate-0123456789ab'],
    [`ghcr.io/acme/migrate:2.0@sha256:${'0123456789abcdef'.repeat(4)}`, 'app-migrate-2-0-0123456789'],
    [`ghcr.io/acme/migrate:${'1'.repeat(40)}@sha256:${'a'.repeat(64)}`, `app-migrate-${'1'.repeat(40)}-${'a'.repeat(10)}`],
    [`ghcr.io/acme/migrate:${'1'.repeat(41)}@sha256:${'a'.repeat(64)}`, `app-migrate-${'a'.repeat(12)}`],
    [`ghcr.io/acme/migrate:_@sha256:${'a'.repeat(64)}`, `app-migrate-${'a'.repeat(12)}`],
  ])('of image %s is named for its version, what is around it is not', (image, name) => {
    const manifests = job({ image });
    expect(only(manifests, 'Job').metadata.name).toBe(name);
    expect(only(manifests, 'ServiceAccount').metadata.name).toBe('app-migrate');
  });

  test('leaves room for the index of its pods beside tag and digest', () => {
    const image = `ghcr.io/acme/migrate:${'1'.repeat(40)}@sha256:${'a'.repeat(64)}`;
    expect(only(job({ image, completions: 11, indexed: true }), 'Job').metadata.name).toBe(`app-migrate-${'a'.repeat(12)}`);
  });

  test('takes another version for its name', () => {
    expect(only(job({ version: 'run-2', name: 'import' }), 'Job').metadata.name).toBe('import-run-2');
  });

  test('stays when it is finished, unless a time is given (CH06-20)', () => {
    expect(specOf().ttlSecondsAfterFinished).toBeUndefined();
    expect(specOf({ ttlAfterFinished: Duration.days(1) }).ttlSecondsAfterFinished).toBe(86_400);
  });

  test('is given up at once at exit codes that no attempt can mend', () => {
    expect(specOf({ fatalExitCodes: [64, 3] }).podFailurePolicy.rules[0]).toEqual({ action: 'FailJob', onExitCodes: { containerName: 'main', operator: 'In', values: [3, 64] } });
  });

  test('restarts containers in place when asked, without a policy for pods that fail', () => {
    const spec = specOf({ restartPolicy: 'OnFailure' });
    expect([spec.template.spec.restartPolicy, spec.podFailurePolicy]).toEqual(['OnFailure', undefined]);
  });

  test('in parts: pods with an index, each run spread by itself', () => {
    const spec = specOf({ completions: 10, parallelism: 4, indexed: true, backoffLimit: 0, activeDeadline: Duration.hours(8) });
    expect(spec).toMatchObject({ completions: 10, parallelism: 4, completionMode: 'Indexed', backoffLimit: 0, activeDeadlineSeconds: 28_800 });
    expect(spec.template.spec.topologySpreadConstraints[0]).toMatchObject({ whenUnsatisfiable: 'ScheduleAnyway', matchLabelKeys: ['batch.kubernetes.io/controller-uid'] });
  });

  test('reads its configuration and connects as any workload does (S000-35)', () => {
    const manifests = synth((chart) => {
      const redis = new Redis(chart, 'redis', { storage: Size.gibibytes(10), password: { secret: kplus.Secret.fromSecretName(chart, 'passwd', 'passwd'), key: 'passwd' } });
      const migrate = new Job(chart, 'migrate', { image: IMAGE, args: ['up'], serviceAccountToken: true, egress: 'declared', egressTo: [Egress.internet()] });
      migrate.mount('/etc/app', new VersionedConfigMap(chart, 'config', { data: { a: 'b' } }));
      migrate.connectTo(redis);
    });
    const pod = only(manifests, 'Job').spec.template.spec;
    expect(pod.containers[0].env[0]).toEqual({ name: 'REDIS_HOST', value: 'app-redis' });
    expect(pod.containers[0].args).toEqual(['up']);
    expect(pod.automountServiceAccountToken).toBe(true);
    expect(only(manifests, 'NetworkPolicy', 'app-migrate').spec.egress).toHaveLength(3);
    expect(only(manifests, 'NetworkPolicy', 'app-redis').spec.ingress[1].from).toEqual([{ podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-migrate' } } }]);
  });

  test('a check by command is its liveness', () => {
    expect(specOf({ liveness: Probe.exec(['alive']) }).template.spec.containers[0].livenessProbe).toMatchObject({ exec: { command: ['alive'] }, periodSeconds: 10 });
  });

  test('mounts a claim for one node, but not with several pods at a time', () => {
    const build = (parallelism: number) => (chart: Chart): void => {
      const claim = new kplus.PersistentVolumeClaim(chart, 'claim', { accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE], storage: Size.gibibytes(1) });
      new Job(chart, 'migrate', { image: IMAGE, completions: 2, parallelism }).mount('/data', kplus.Volume.fromPersistentVolumeClaim(chart, 'volume', claim));
    };
    expect(problemsOf(build(1))).toEqual([]);
    expect(problemsOf(build(2))).toEqual([expect.stringContaining("prop 'mount.storage': got 'ReadWriteOnce', expected a claim that all replicas can use")]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no image', { image: undefined }, "prop 'image': got nothing, expected 'name:tag', 'name@sha256:<64 hex digits>' or both, without the tag 'latest'. Give the version to run, such as ghcr.io/acme/shop:1.4.2 (CH01-09)"],
    ['restartPolicy', { restartPolicy: 'Always' }, "prop 'restartPolicy': got 'Always', expected 'Never' or 'OnFailure'. Leave it out for 'Never' (CH06-21)"],
    ['backoffLimit', { backoffLimit: -1 }, "prop 'backoffLimit': got -1, expected an integer from 0 to 1000. Leave it out for 3 (CH06-21)"],
    ['more at a time than there are', { completions: 2, parallelism: 3 }, "prop 'parallelism': got 3, expected at most completions (2). No more pods are started than must still succeed: raise completions or lower it"],
    ['no completions', { completions: 0 }, "prop 'completions': got 0, expected an integer from 1 to 100000. Leave it out for 1"],
    ['activeDeadline as a number', { activeDeadline: 60 }, "prop 'activeDeadline': got 60, expected a Duration of 1 to 31536000 whole seconds. Leave it out for an hour, or give the longest time that a good run takes, doubled"],
    ['ttl', { ttlAfterFinished: Duration.millis(1500) }, "prop 'ttlAfterFinished': got 1.5 s, expected a Duration of 0 to 31536000 whole seconds. Leave it out: the Job stays until it is deleted (CH06-20)"],
    ['exit code 0', { fatalExitCodes: [0] }, "prop 'fatalExitCodes[0]': got 0, expected an integer from 1 to 255. List exit codes other than 0"],
    ['an exit code twice', { fatalExitCodes: [3, 3] }, "prop 'fatalExitCodes[1]': got 3, expected each code once. Remove one of them"],
    ['exit codes of pods that are restarted', { fatalExitCodes: [3], restartPolicy: 'OnFailure' }, "prop 'fatalExitCodes': got [3], expected none with restartPolicy 'OnFailure'. Leave 'restartPolicy' out: the API knows the exit codes of pods that are not restarted"],
    ['a version with a dot', { version: '1.4' }, "prop 'version': got '1.4', expected at most 63 lower-case letters, digits and '-', starting and ending with a letter or digit. Leave it out for the tag of the image"],
    ['a name that is too long with the version', { name: 'a'.repeat(60) }, `prop 'name': got '${'a'.repeat(60)}-1-4-2', 66 characters, expected at most 63. Set a shorter 'name' (DX-12)`],
    ['a name that is too long with an index', { name: 'a'.repeat(54), completions: 101, indexed: true }, `prop 'name': got '${'a'.repeat(54)}-1-4-2', 60 characters, expected at most 59, and the index of a pod. Set a shorter 'name' (DX-12)`],
    ['liveness by HTTP', { liveness: Probe.httpGet('/healthz') }, "prop 'liveness': got a Probe, expected Probe.exec(...): nothing listens. Use Probe.exec(['my-check']), or leave it out"],
    ['a pod alone spread', { spread: 'hard' }, "prop 'spread': got 'hard', expected 'hard' only from parallelism 2 up. Leave it out: a pod alone is not spread"],
    ['a prop of services', { budget: 1 }, expect.stringMatching(/^prop 'budget': got an unknown prop, expected one of .*\. Remove it$/) as string],
  ])('refuses %s', (_title, props, message) => {
    const problems = problemsOf((chart) => new Job(chart, 'migrate', untyped({ image: IMAGE, ...props })));
    expect(problems.map((problem) => problem.replace('[app/migrate] ', ''))).toEqual([message]);
  });

  test('nothing connects to it', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', WEB).connectTo(new Job(chart, 'migrate', { image: IMAGE }) as never))).toEqual([
      "[app/web] prop 'connectTo': got a Job, expected a block that can be connected to, such as Redis. Pass the block itself",
    ]);
  });

  test('is told to the inventory, and to who sums up', () => {
    const chart = newChart();
    new Job(chart, 'migrate', { image: IMAGE, completions: 4, parallelism: 2 });
    expect(Inventory.of(chart).workloads).toEqual([{ kind: 'Job', namespace: 'shop', name: 'app-migrate', replicas: 2, cpu: '200m', memory: '256Mi' }]);
    expect(workloadsOf(viewOf(chart))[0]).toMatchObject({ replicas: 2, most: 2, surge: 0, stopping: 0, claims: [] });
  });
});

describe('a scheduled job', () => {
  test('runs one at a time, by UTC, and keeps three runs of both kinds (S000-33)', () => {
    const { jobTemplate, ...spec } = scheduled().spec as Manifest;
    expect(spec).toEqual({ schedule: '30 2 * * 1-5', timeZone: 'UTC', concurrencyPolicy: 'Forbid', successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 3 });
    expect(jobTemplate.spec).toMatchObject({ backoffLimit: 3, activeDeadlineSeconds: 3600, podReplacementPolicy: 'Failed' });
    expect(jobTemplate.spec.ttlSecondsAfterFinished).toBeUndefined();
    expect(jobTemplate.metadata.labels).toMatchObject({ 'app.kubernetes.io/instance': 'app-report', 'app.kubernetes.io/version': '2.0.0' });
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
    expect(scheduled({ schedule: '@daily', timeZone: 'Europe/Berlin', concurrencyPolicy: 'Replace', startingDeadline: Duration.minutes(5), successfulRunsKept: 0, failedRunsKept: 10, suspend: true }).spec).toMatchObject({
      schedule: '@daily', timeZone: 'Europe/Berlin', concurrencyPolicy: 'Replace', startingDeadlineSeconds: 300, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 10, suspend: true,
    });
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no schedule', { schedule: undefined }, "prop 'schedule': got nothing, expected a schedule that comes: 'minute hour day month weekday' with numbers, names, '*', ranges, lists and steps (Sunday is 0), or @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly. Write '30 2 * * *' for half past two at night"],
    ['a time zone in the schedule', { schedule: 'TZ=UTC 0 0 * * *' }, "prop 'schedule': got 'TZ=UTC 0 0 * * *', expected a schedule that comes: 'minute hour day month weekday' with numbers, names, '*', ranges, lists and steps (Sunday is 0), or @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly. Give the time zone as 'timeZone'"],
    ['an unknown time zone', { timeZone: 'CET' }, "prop 'timeZone': got 'CET', expected 'UTC' or a time zone such as 'Europe/Berlin'. Leave it out for 'UTC'"],
    ['a policy in small letters', { concurrencyPolicy: 'forbid' }, "prop 'concurrencyPolicy': got 'forbid', expected 'Forbid' or 'Replace' or 'Allow'. Leave it out for 'Forbid' (S000-33)"],
    ['a deadline that is shorter than a look', { startingDeadline: Duration.seconds(9) }, "prop 'startingDeadline': got 9 s, expected a Duration of 10 to 31536000 whole seconds. Leave it out, or give minutes: the controller looks every 10 s"],
    ['a negative history', { failedRunsKept: -1 }, "prop 'failedRunsKept': got -1, expected an integer from 0 to 100. Leave it out for 3"],
    ['a version', { version: '1' }, expect.stringMatching(/^prop 'version': got an unknown prop/) as string],
    ['a name of 53', { name: 'a'.repeat(53) }, `prop 'name': got '${'a'.repeat(53)}', expected at most 52 lower-case letters, digits and '-', starting with a letter, ending with a letter or digit. Set 'name', or choose other construct ids (DX-12)`],
    ['a name of 52 with an index', { name: 'a'.repeat(52), completions: 3, indexed: true }, `prop 'name': got '${'a'.repeat(52)}', 52 characters, expected at most 50, and the index of a pod. Set a shorter 'name' (DX-12)`],
  ])('refuses %s', (_title, props, message) => {
    const problems = problemsOf((chart) => new ScheduledJob(chart, 'report', untyped({ ...NIGHTLY, ...props })));
    expect(problems.map((problem) => problem.replace('[app/report] ', ''))).toEqual([message]);
  });

  test.each([['Forbid', 0], ['Replace', 2]] as const)('with %s, %d pods may still stop beside those of the run', (concurrencyPolicy, stopping) => {
    const chart = newChart();
    new ScheduledJob(chart, 'report', { ...NIGHTLY, completions: 2, parallelism: 2, concurrencyPolicy });
    expect(workloadsOf(viewOf(chart))[0]).toMatchObject({ kind: 'CronJob', replicas: 0, most: 2, surge: 0, stopping });
  });
});
