import { App, Duration, Size, Testing } from 'cdk8s';
import {
  Autoscaling,
  ClusterProfile,
  type ConnectOptions,
  Cpu,
  EnvSource,
  ExternalService,
  ExternalTarget,
  Job,
  type JobProps,
  PodResources,
  Probe,
  Quota,
  Redis,
  Resources,
  ScalingTrigger,
  ScheduledJob,
  SecretRef,
  TenantNamespace,
  Wait,
  type WaitOptions,
  WebService,
  type WebServiceProps,
  Worker,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, problemsOfApp, synth, untyped, warningsOf, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/shop:1.4.2';
const ASK = ['pg_isready', '-h', '$(DB_HOST)', '-p', '$(DB_PORT)'];
const WAIT = { wait: Wait.byProgram(ASK) };

/** A client of `db`, with an option of its connection. */
const clientOf =
  (options: ConnectOptions, props: Partial<WebServiceProps> = {}) =>
  (chart: ReturnType<typeof newChart>): void => {
    const db = new WebService(chart, 'db', WEB);
    new WebService(chart, 'web', { ...WEB, image: IMAGE, ...props }).connectTo(db, options);
  };
const podOf = (options: ConnectOptions, props: Partial<WebServiceProps> = {}): Manifest =>
  only(synth(clientOf(options, props)), 'Deployment', 'app-web').spec.template.spec;
const problemsWith = (options: object, props: Partial<WebServiceProps> = {}): string[] =>
  problemsOf(clientOf(untyped(options as Record<string, unknown>), props));
const ask = (id: string): ConnectOptions => ({ wait: Wait.byProgram(['ask', `$(${id.toUpperCase()}_HOST)`]) });
const onQueue = (options: object): Autoscaling =>
  Autoscaling.onEvents({
    min: 0,
    max: 9,
    triggers: [ScalingTrigger.redisList({ address: 'redis.example.com:6379', list: 'mail', length: 10 })],
    ...options,
  });

describe('a client that waits', () => {
  test('runs a program of its own image before its main container, restricted and small', () => {
    const { initContainers } = podOf(WAIT);
    expect(initContainers).toEqual([
      {
        name: 'wait-db',
        image: IMAGE,
        imagePullPolicy: 'IfNotPresent',
        command: ASK,
        env: [
          { name: 'DB_HOST', value: 'app-db' },
          { name: 'DB_PORT', value: '8080' },
        ],
        resources: {
          requests: { 'cpu': '50m', 'memory': '64Mi', 'ephemeral-storage': '192Mi' },
          limits: { 'cpu': '200m', 'memory': '64Mi', 'ephemeral-storage': '192Mi' },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          privileged: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          runAsUser: 65532,
          runAsGroup: 65532,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        terminationMessagePolicy: 'FallbackToLogsOnError',
        volumeMounts: [],
      },
    ]);
  });

  test('adds nothing to the requests of its pod, and opens no other port', () => {
    const [waiting, plain] = [WAIT, {}].map((options) => synth(clientOf(options)));
    expect(only(waiting, 'NetworkPolicy', 'app-db')).toEqual(only(plain, 'NetworkPolicy', 'app-db'));
    const { initContainers, ...pod } = podOf(WAIT);
    expect(initContainers).toHaveLength(1);
    expect(pod).toEqual(podOf({}));
  });

  test('has the variables by other names, and the password as a file', () => {
    const chart = newChart();
    const redis = new Redis(chart, 'redis', {
      storage: Size.gibibytes(10),
      password: { secret: SecretRef.named('redis-passwd'), key: 'passwd' },
    });
    const web = new WebService(chart, 'web', WEB);
    web.connectTo(redis, {
      address: 'CACHE_ADDR',
      prefix: 'CACHE',
      wait: Wait.byImage('redis:8.2.1', ['redis-cli', '-u', 'redis://$(CACHE_ADDR)', 'ping']),
    });
    web.addEnv('REDISCLI_AUTH', EnvSource.secret(SecretRef.named('redis-passwd'), 'passwd'), {
      containers: ['wait-cache'],
    });
    const { initContainers, containers } = only(Testing.synth(chart), 'Deployment').spec.template.spec;
    const [{ name, image, env, volumeMounts }] = initContainers;
    expect({ name, image }).toEqual({ name: 'wait-cache', image: 'redis:8.2.1' });
    expect(env.map((one: Manifest) => one.name)).toEqual(['CACHE_ADDR', 'CACHE_PASSWORD_FILE', 'REDISCLI_AUTH']);
    expect(volumeMounts).toEqual([{ mountPath: '/var/run/secrets/cache', name: 'redis-passwd', readOnly: true }]);
    expect(containers[0].env.map((one: Manifest) => one.name)).toEqual(['CACHE_ADDR', 'CACHE_PASSWORD_FILE']);
  });

  test('waits after its sidecars and before its other init containers, in the order of its connections', () => {
    const chart = newChart();
    const web = new WebService(chart, 'web', {
      ...WEB,
      initContainers: [{ name: 'migrate', image: IMAGE }],
      sidecars: [{ name: 'proxy', image: IMAGE }],
    });
    for (const id of ['db', 'queue']) web.connectTo(new WebService(chart, id, WEB), ask(id));
    const { initContainers } = only(Testing.synth(chart), 'Deployment', 'app-web').spec.template.spec;
    expect(initContainers.map(({ name }: Manifest) => name)).toEqual(['proxy', 'wait-db', 'wait-queue', 'migrate']);
  });

  test('waits for what is outside of the cluster as well', () => {
    const chart = newChart();
    const db = new ExternalService(chart, 'db', { target: ExternalTarget.addresses(['10.40.0.10']), port: 5432 });
    new Worker(chart, 'mailer', { image: IMAGE, liveness: Probe.none(), egress: 'declared' }).connectTo(db, WAIT);
    const manifests = Testing.synth(chart);
    expect(only(manifests, 'Deployment').spec.template.spec.initContainers[0].env).toContainEqual({
      name: 'DB_PORT',
      value: '5432',
    });
    expect(only(manifests, 'NetworkPolicy', 'app-mailer').spec.egress).toContainEqual({
      to: [{ ipBlock: { cidr: '10.40.0.10/32' } }],
      ports: [{ port: 5432, protocol: 'TCP' }],
    });
  });

  test('has the name and resources that the caller states, or those of its pod', () => {
    const options: WaitOptions = {
      name: 'for-db',
      resources: Resources.of({ cpu: Cpu.millis(20), memory: Size.mebibytes(16) }),
    };
    const [stated] = podOf({ wait: Wait.byProgram(ASK, options) }).initContainers;
    expect(stated).toMatchObject({ name: 'for-db', resources: { requests: { cpu: '20m', memory: '16Mi' } } });
    const chart = newChart();
    new ClusterProfile({ version: '1.34' }).assignTo(chart);
    clientOf(WAIT, { podResources: PodResources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }) })(chart);
    const { initContainers } = only(Testing.synth(chart), 'Deployment', 'app-web').spec.template.spec;
    expect(initContainers[0].resources.requests).toEqual({ 'ephemeral-storage': '192Mi' });
  });

  test('counts in a quota where it needs more than the main container', () => {
    const app = new App();
    const resources = Resources.of({ cpu: Cpu.units(2), memory: Size.mebibytes(64) });
    clientOf({ wait: Wait.byProgram(ASK, { resources }) })(newChart('shop', 'app', app));
    new TenantNamespace(newChart(undefined, 'tenant', app), 'ns', {
      name: 'shop',
      owner: 'team@example.com',
      team: 'shop',
      purpose: 'The shop',
      quota: Quota.of({ cpu: Cpu.units(3), memory: Size.gibibytes(20) }),
    });
    expect(problemsOfApp(app).filter((line) => line.includes('quota.cpu:'))).toEqual([
      '[tenant/ns] quota.cpu: namespace/quota',
    ]);
  });

  test('may be a run if its program waits itself', () => {
    const wait = Wait.byProgram(['await', '$(DB_HOST)'], { waitsItself: true });
    const chart = newChart();
    const db = new WebService(chart, 'db', WEB);
    const props: JobProps = { image: IMAGE };
    new Job(chart, 'migrate', props).connectTo(db, { wait });
    new ScheduledJob(chart, 'report', { ...props, schedule: '@daily' }).connectTo(db, { wait });
    const manifests = Testing.synth(chart);
    expect(only(manifests, 'Job').spec.template.spec.initContainers).toHaveLength(1);
    expect(only(manifests, 'CronJob').spec.jobTemplate.spec.template.spec.initContainers).toHaveLength(1);
  });
});

describe('a wait is refused', () => {
  test.each([
    ['by true', true, 'connectTo.wait: props/value'],
    ['without a command', Wait.byProgram([]), 'connectTo.wait.command: props/empty-list'],
    ['with a word that is none', Wait.byProgram([3 as never]), 'connectTo.wait.command[0]: props/value'],
    ['with a line for a shell', Wait.byProgram(['pg_isready -h db']), 'connectTo.wait.command: workload/one-word'],
    [
      'with the variable of another connection',
      Wait.byProgram(['ask', '$(REDIS_HOST)']),
      'wait-db.command: workload/undeclared-variable',
    ],
    ['with an image without version', Wait.byImage('postgres', ASK), 'connectTo.wait.image: workload/image-tag'],
    ['with a name that is none', Wait.byProgram(ASK, { name: 'Wait' }), 'connectTo.wait.name: props/value'],
    ['with the name of the main one', Wait.byProgram(ASK, { name: 'main' }), 'connectTo.wait.name: props/duplicate'],
    [
      'with an unknown option',
      Wait.byProgram(ASK, untyped({ period: Duration.seconds(5) })),
      'connectTo.wait.period: props/unknown',
    ],
  ])('%s', (_, wait, finding) => {
    expect(problemsWith({ wait })).toEqual([`[app/web] ${finding}`]);
  });

  test('in a shell that the image has not', () => {
    const wait = Wait.byProgram(['sh', '-c', 'until pg_isready; do sleep 1; done']);
    expect(problemsWith({ wait }, { shell: false })).toEqual(['[app/web] connectTo.wait.command: workload/no-shell']);
    expect(problemsWith({ wait: Wait.byImage('postgres:17.6', ['sh', '-c', 'x']) }, { shell: false })).toEqual([]);
  });

  test('with an image of another registry, once', () => {
    const registries = ['ghcr.io/acme/'];
    expect(problemsWith({ wait: Wait.byImage('docker.io/library/postgres:17.6', ASK) }, { registries })).toEqual([
      '[app/web] connectTo.wait.image: workload/image-registry',
    ]);
    expect(problemsWith(WAIT, { registries, image: 'docker.io/acme/shop:1.4.2' })).toEqual([
      '[app/web] image: workload/image-registry',
    ]);
  });

  test('with a name that is too long', () => {
    const prefix = `A${'_B'.repeat(40)}`;
    expect(problemsWith({ prefix, wait: Wait.byProgram(['ask', `$(${prefix}_HOST)`]) })).toEqual([
      '[app/web] connectTo.wait.name: props/value',
    ]);
  });

  test('with a credential in the command, which is not quoted', () => {
    const word = ['--requirepass', 'hunter2'].join('=');
    expect(problemsWith({ wait: Wait.byProgram(['ask', word]) })).toEqual([
      '[app/web] connectTo.wait.command[1]: secret/in-command',
    ]);
  });

  test.each(['Never', 'OnFailure'] as const)('in a run with restartPolicy %s, which counts each question', (policy) => {
    expect(
      problemsOf((chart) => {
        new Job(chart, 'migrate', { image: IMAGE, restartPolicy: policy }).connectTo(
          new WebService(chart, 'db', WEB),
          WAIT,
        );
      }),
    ).toEqual(['[app/migrate] connectTo.wait: network/wait-in-run']);
  });
});

describe('clients that wait for each other are refused, once for each circle', () => {
  const circle = (...ids: string[]): string[] =>
    problemsOf((chart) => {
      const blocks = ids.map((id) => new WebService(chart, id, WEB));
      blocks.forEach((block, index) => {
        const next = (index + 1) % ids.length;
        block.connectTo(blocks[next], ask(ids[next]));
      });
    });

  test.each([[['a', 'b']], [['a', 'b', 'c', 'd']]])('%j', (ids) => {
    expect(circle(...ids)).toEqual(['[app/a] connectTo.wait: network/wait-circle']);
  });

  test('a client that waits for itself', () => {
    expect(circle('a')).toEqual(['[app/a] connectTo.wait: network/wait-circle']);
  });

  test('unless one of them does not wait', () => {
    expect(
      problemsOf((chart) => {
        const [a, b, c] = ['a', 'b', 'c'].map((id) => new WebService(chart, id, WEB));
        a.connectTo(b, ask('b'));
        a.connectTo(c, ask('c'));
        b.connectTo(c, ask('c'));
        c.connectTo(a);
      }),
    ).toEqual([]);
  });
});

describe('a wait is doubted', () => {
  test.each([
    ['without pods', { replicas: 0 }, true],
    ['scaled to zero', { autoscaling: onQueue({ requestsAtZero: undefined }) }, true],
    ['scaled to zero when idle', { autoscaling: onQueue({ min: 1, zeroWhenIdle: true }) }, true],
    ['whose requests something holds', { autoscaling: onQueue({ requestsAtZero: 'the HTTP add-on' }) }, false],
    ['with a pod at all times', { autoscaling: onQueue({ min: 1 }) }, false],
  ])('for a target %s', (_, props, isDoubted) => {
    const warnings = warningsOf((chart) => {
      new WebService(chart, 'web', WEB).connectTo(new WebService(chart, 'db', { ...WEB, ...props }), WAIT);
    });
    expect(warnings.filter((line) => line.includes('network/wait-for-none'))).toHaveLength(isDoubted ? 1 : 0);
  });

  test.each([
    [{ 'sidecar.istio.io/inject': 'true' }, {}, true],
    [{ 'sidecar.istio.io/inject': 'true' }, { 'sidecar.istio.io/nativeSidecar': 'true' }, false],
    [{}, {}, false],
  ])('in a mesh whose proxy starts later: %j %j', (podLabels, podAnnotations, isDoubted) => {
    const warnings = warningsOf(clientOf(WAIT, { podLabels, podAnnotations }));
    expect(warnings.filter((line) => line.includes('network/wait-before-proxy'))).toHaveLength(isDoubted ? 1 : 0);
  });
});
