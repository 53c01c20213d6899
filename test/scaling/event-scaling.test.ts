import { ApiObject, App, Chart, Duration, Size, Testing } from 'cdk8s';
import {
  Autoscaling,
  ClusterProfile,
  Cpu,
  Diagram,
  DisruptionBudget,
  type EventScalingOptions,
  ExternalService,
  ExternalTarget,
  findingsOf,
  type IConnectionTarget,
  Inventory,
  NameEgress,
  NetworkTiers,
  Probe,
  Quota,
  Redis,
  RedisCache,
  type RedisProps,
  Resources,
  ScalingMetric,
  ScalingPace,
  ScalingTrigger,
  SecretRef,
  TenantNamespace,
  TriggerAuthentication,
  VersionedSecret,
  WebService,
  type WebServiceProps,
  Worker,
  WorkloadIdentity,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, problemsOfApp, synth, untyped, warningsIn, WEB } from '../support';

const MAILER = { image: 'ghcr.io/acme/mailer:1.4.2', liveness: Probe.none() };
const LIST = { list: 'mail', length: 10 };
const ADDRESS = { address: 'redis.example.com:6379' };
const DAY = { timeZone: 'Europe/Berlin', start: '0 8 * * 1-5', end: '0 20 * * 1-5', replicas: 4 };
const URI = { secret: SecretRef.named('rabbit'), key: 'uri' };
const QUEUE = { queue: 'mail', length: 20 };
const KAFKA = { bootstrapServers: ['a.example.com:9092'], consumerGroup: 'a', lag: 1 };
const QUERY = { address: 'http://prom.example.com:9090', query: 'vector(1)', threshold: 1 };
const SQS = {
  queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/mail',
  region: 'eu-west-1',
  length: 1,
};

const onList = ScalingTrigger.redisList({ ...ADDRESS, ...LIST });
const events = (options: Partial<EventScalingOptions> = {}): Autoscaling =>
  Autoscaling.onEvents({ min: 0, max: 20, triggers: [onList], ...options });

function mailer(chart: Chart, options: Partial<EventScalingOptions> = {}, props: object = {}): Worker {
  return new Worker(chart, 'mailer', { ...MAILER, ...props, autoscaling: events(options) });
}
const scaled = (options: Partial<EventScalingOptions> = {}, props: object = {}): Manifest[] =>
  synth((chart) => {
    mailer(chart, options, props);
  });
const scaledObject = (options: Partial<EventScalingOptions> = {}, props: object = {}): Manifest =>
  only(scaled(options, props), 'ScaledObject');
const trigger = (given: ScalingTrigger): Manifest => scaledObject({ min: 1, triggers: [given] }).spec.triggers[0];
const problemsWith = (options: object, props: object = {}): string[] =>
  problemsOf((chart) => {
    mailer(chart, untyped(options as Record<string, unknown>), props);
  }).map((line) => line.replace('[app/mailer] autoscaling.', ''));
const problemsOfTrigger = (given: ScalingTrigger, options: object = {}): string[] =>
  problemsWith({ min: 1, triggers: [given], ...options }).map((line) => line.replace('triggers[0].', ''));

function redisIn(chart: Chart): Redis {
  return new Redis(chart, 'redis', {
    storage: Size.gibibytes(10),
    password: { secret: SecretRef.named('redis-passwd'), key: 'passwd' },
  });
}

describe('scaling on events', () => {
  test('writes a ScaledObject in place of a HorizontalPodAutoscaler, and leaves the number to it (B5)', () => {
    const manifests = scaled({ cooldownPeriod: Duration.minutes(10), pollingInterval: Duration.seconds(15) });
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'ServiceAccount',
      'NetworkPolicy',
      'Deployment',
      'PodDisruptionBudget',
      'ScaledObject',
    ]);
    expect(only(manifests, 'Deployment').spec).not.toHaveProperty('replicas');
    expect(only(manifests, 'ScaledObject')).toMatchObject({
      apiVersion: 'keda.sh/v1alpha1',
      metadata: { name: 'app-mailer', namespace: 'shop' },
    });
    expect(only(manifests, 'ScaledObject').spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-mailer' },
      minReplicaCount: 0,
      maxReplicaCount: 20,
      cooldownPeriod: 600,
      pollingInterval: 15,
      triggers: [
        { type: 'redis', metadata: { address: 'redis.example.com:6379', listName: 'mail', listLength: '10' } },
      ],
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: {
            scaleUp: {
              stabilizationWindowSeconds: 0,
              selectPolicy: 'Max',
              policies: [
                { type: 'Percent', value: 100, periodSeconds: 15 },
                { type: 'Pods', value: 4, periodSeconds: 15 },
              ],
            },
            scaleDown: {
              stabilizationWindowSeconds: 300,
              selectPolicy: 'Max',
              policies: [
                { type: 'Percent', value: 10, periodSeconds: 60 },
                { type: 'Pods', value: 1, periodSeconds: 60 },
              ],
            },
          },
        },
      },
    });
  });

  test('states idle pods, fallback and pause', () => {
    const { metadata, spec } = scaledObject({
      min: 3,
      zeroWhenIdle: true,
      fallback: { replicas: 5 },
      pausedAt: 0,
      scaleDownStabilization: Duration.minutes(1),
    });
    expect(spec).toMatchObject({
      minReplicaCount: 3,
      idleReplicaCount: 0,
      fallback: { failureThreshold: 3, replicas: 5 },
      advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } } },
    });
    expect(metadata.annotations).toEqual({ 'autoscaling.keda.sh/paused-replicas': '0' });
    expect(scaledObject().metadata).not.toHaveProperty('annotations');
  });

  test.each([
    ['a'.repeat(54), undefined],
    ['a'.repeat(55), 'a'.repeat(55)],
  ])('keeps the name of the HorizontalPodAutoscaler of KEDA short: %s', (name, written) => {
    expect(scaledObject({}, { name }).spec.advanced.horizontalPodAutoscalerConfig.name).toBe(written);
  });

  test('measures the main container alone where there are sidecars', () => {
    const triggers = [ScalingTrigger.cpu({ target: 80 }), ScalingTrigger.memory({ target: 70 })];
    const sidecars = [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }];
    expect(scaledObject({ min: 1, triggers }).spec.triggers).toEqual([
      { type: 'cpu', metricType: 'Utilization', metadata: { value: '80' } },
      { type: 'memory', metricType: 'Utilization', metadata: { value: '70' } },
    ]);
    expect(scaledObject({ min: 1, triggers }, { sidecars }).spec.triggers[0].metadata).toEqual({
      value: '80',
      containerName: 'main',
    });
  });

  test('has the pace of the caller, apart from the first and the last pod', () => {
    const pace = ScalingPace.slowStarter({ startup: Duration.minutes(8) });
    const { behavior } = scaledObject({ pace }).spec.advanced.horizontalPodAutoscalerConfig;
    expect(behavior.scaleUp).toMatchObject({
      stabilizationWindowSeconds: 60,
      policies: [{ periodSeconds: 480 }, { periodSeconds: 480 }],
    });
    expect(behavior.scaleDown.stabilizationWindowSeconds).toBe(1440);
    expect(problemsWith({ pace: 'fast' })).toEqual(['pace: props/value']);
    const tolerant = ScalingPace.of({ up: { tolerance: 5 } });
    expect(problemsWith({ pace: tolerant })).toEqual(['pace.up.tolerance: cluster/version']);
  });

  test('can have no pods: the diagram and the inventory count from zero', () => {
    const least = (options: Partial<EventScalingOptions>): number => {
      const chart = newChart();
      mailer(chart, options);
      return Inventory.of(chart).workloads[0].replicas;
    };
    expect([least({}), least({ min: 3, zeroWhenIdle: true }), least({ min: 3 })]).toEqual([0, 0, 3]);
    const chart = newChart();
    mailer(chart);
    expect(Diagram.of(chart).toMermaid()).toContain('Deployment, 0 to 20 pods');
  });

  test('counts the maximum in quotas', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    mailer(chart);
    new TenantNamespace(newChart(undefined, 'tenant', app), 'ns', {
      name: 'shop',
      owner: 'team@example.com',
      team: 'shop',
      purpose: 'The shop',
      quota: Quota.of({
        cpu: Cpu.units(2),
        memory: Size.gibibytes(20),
        pods: 100,
        ephemeralStorage: Size.gibibytes(99),
      }),
    });
    // 20 pods and one more in a rollout
    expect(problemsOfApp(app).filter((line) => line.includes('quota.cpu:'))).toEqual([
      '[tenant/ns] quota.cpu: namespace/quota',
    ]);
  });
});

describe('triggers', () => {
  test.each<[string, ScalingTrigger, object]>([
    [
      'a list',
      ScalingTrigger.redisList({ ...ADDRESS, ...LIST, activation: 5, database: 2, tls: true }),
      {
        type: 'redis',
        metadata: {
          address: 'redis.example.com:6379',
          databaseIndex: '2',
          enableTLS: 'true',
          listName: 'mail',
          listLength: '10',
          activationListLength: '5',
        },
      },
    ],
    [
      'the lag of a stream',
      ScalingTrigger.redisStream({ ...ADDRESS, stream: 'mail', consumerGroup: 'mailer', lag: 7 }),
      {
        type: 'redis-streams',
        metadata: {
          address: 'redis.example.com:6379',
          stream: 'mail',
          consumerGroup: 'mailer',
          lagCount: '7',
          activationLagCount: '0',
        },
      },
    ],
    [
      'the length of a stream',
      ScalingTrigger.redisStream({ ...ADDRESS, stream: 'mail', length: 7 }),
      { type: 'redis-streams', metadata: { address: 'redis.example.com:6379', stream: 'mail', streamLength: '7' } },
    ],
    [
      'the rate of a RabbitMQ queue',
      ScalingTrigger.rabbitMq({ queue: 'mail', rate: 9, address: 'http://rabbit.example.com:15672', vhost: '/' }),
      {
        type: 'rabbitmq',
        metadata: {
          host: 'http://rabbit.example.com:15672/',
          protocol: 'http',
          mode: 'MessageRate',
          value: '9',
          queueName: 'mail',
          vhostName: '/',
        },
      },
    ],
    [
      'a Kafka group',
      ScalingTrigger.kafka({
        bootstrapServers: ['a.example.com:9092', 'b.example.com:9092'],
        consumerGroup: 'mailer',
        topic: 'mail',
        lag: 50,
        tls: true,
        limitToPartitionsWithLag: true,
        offsetResetPolicy: 'earliest',
      }),
      {
        type: 'kafka',
        metadata: {
          bootstrapServers: 'a.example.com:9092,b.example.com:9092',
          consumerGroup: 'mailer',
          topic: 'mail',
          lagThreshold: '50',
          tls: 'enable',
          limitToPartitionsWithLag: 'true',
          offsetResetPolicy: 'earliest',
        },
      },
    ],
    [
      'a query',
      ScalingTrigger.prometheus({ address: 'http://prom.example.com:9090', query: 'vector(1)', threshold: 0.5 }),
      {
        type: 'prometheus',
        metadata: {
          serverAddress: 'http://prom.example.com:9090',
          query: 'vector(1)',
          threshold: '0.5',
          ignoreNullValues: 'false',
        },
      },
    ],
    [
      'a window',
      ScalingTrigger.cron(DAY),
      {
        type: 'cron',
        metadata: { timezone: 'Europe/Berlin', start: '0 8 * * 1-5', end: '0 20 * * 1-5', desiredReplicas: '4' },
      },
    ],
    [
      'another one',
      ScalingTrigger.of('nats-jetstream', { metadata: { stream: 'mail', lagThreshold: '5' }, metricType: 'Value' }),
      { type: 'nats-jetstream', metricType: 'Value', metadata: { stream: 'mail', lagThreshold: '5' } },
    ],
  ])('measure %s', (_title, given, expected) => {
    expect(trigger(given)).toEqual(expected);
  });

  test.each<[string, ScalingTrigger, string[]]>([
    ['no server', ScalingTrigger.redisList(LIST), ['address: props/required']],
    ['a length of 0', ScalingTrigger.redisList({ ...ADDRESS, list: 'mail', length: 0 }), ['length: props/value']],
    ['no list', ScalingTrigger.redisList(untyped({ ...ADDRESS, length: 1 })), ['list: props/required']],
    [
      'a port without a server',
      ScalingTrigger.redisList({ ...ADDRESS, ...LIST, port: 'redis' }),
      ['port: props/conflict'],
    ],
    [
      'two ways to authenticate',
      ScalingTrigger.redisList({
        ...ADDRESS,
        ...LIST,
        password: URI,
        authentication: TriggerAuthentication.named('redis'),
      }),
      ['password: props/conflict'],
    ],
    [
      'two measures of a stream',
      ScalingTrigger.redisStream({ ...ADDRESS, stream: 'mail', consumerGroup: 'a', lag: 1, pending: 1 }),
      ['pending: props/conflict'],
    ],
    [
      'a lag without a group',
      ScalingTrigger.redisStream({ ...ADDRESS, stream: 'mail', lag: 1 }),
      ['consumerGroup: props/required'],
    ],
    [
      'a group for a length',
      ScalingTrigger.redisStream({ ...ADDRESS, stream: 'mail', consumerGroup: 'a', length: 1 }),
      ['length: props/conflict'],
    ],
    [
      'a queue without a measure',
      ScalingTrigger.rabbitMq({ queue: 'mail', address: 'amqp://rabbit.example.com/' }),
      ['length: props/required'],
    ],
    [
      'a password in a URL',
      ScalingTrigger.rabbitMq({ ...QUEUE, address: 'amqp://me:hunter2@rabbit.example.com/' }),
      ['address: props/value'],
    ],
    [
      'a rate over AMQP',
      ScalingTrigger.rabbitMq({ queue: 'mail', rate: 1, address: 'amqp://rabbit.example.com/' }),
      ['rate: props/conflict'],
    ],
    [
      'another protocol than in the address',
      ScalingTrigger.rabbitMq({ ...QUEUE, protocol: 'http', address: 'amqp://rabbit.example.com/' }),
      ['protocol: props/conflict'],
    ],
    [
      'an address beside one in a Secret',
      ScalingTrigger.rabbitMq({
        ...QUEUE,
        address: 'amqp://rabbit.example.com/',
        authentication: TriggerAuthentication.secrets({ host: URI }),
      }),
      ['address: props/conflict'],
    ],
    [
      'a parameter that KEDA ignores',
      ScalingTrigger.rabbitMq({ ...QUEUE, authentication: TriggerAuthentication.secrets({ host: URI, passwd: URI }) }),
      ["authentication['passwd']: scaling/trigger-parameter"],
    ],
    [
      'a user without a password',
      ScalingTrigger.rabbitMq({
        ...QUEUE,
        authentication: TriggerAuthentication.secrets({ host: URI, username: URI }),
      }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'credentials without SASL',
      ScalingTrigger.kafka({
        ...KAFKA,
        authentication: TriggerAuthentication.secrets({ username: URI, password: URI }),
      }),
      ['sasl: scaling/trigger-parameter'],
    ],
    [
      'SASL twice',
      ScalingTrigger.kafka({
        ...KAFKA,
        sasl: 'plaintext',
        authentication: TriggerAuthentication.secrets({ username: URI, password: URI, sasl: URI }),
      }),
      ['sasl: props/conflict'],
    ],
    [
      'certificates without TLS',
      ScalingTrigger.redisList({ ...ADDRESS, ...LIST, authentication: TriggerAuthentication.secrets({ ca: URI }) }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'certificates without TLS for Kafka',
      ScalingTrigger.kafka({ ...KAFKA, authentication: TriggerAuthentication.secrets({ cert: URI, key: URI }) }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'certificates without TLS for RabbitMQ',
      ScalingTrigger.rabbitMq({ ...QUEUE, authentication: TriggerAuthentication.secrets({ host: URI, ca: URI }) }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'TLS twice',
      ScalingTrigger.redisList({
        ...ADDRESS,
        ...LIST,
        tls: true,
        authentication: TriggerAuthentication.secrets({ ca: URI, tls: URI }),
      }),
      ['tls: props/conflict'],
    ],
    [
      'a certificate without its key',
      ScalingTrigger.redisList({
        ...ADDRESS,
        ...LIST,
        tls: true,
        authentication: TriggerAuthentication.secrets({ cert: URI }),
      }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'a user of Redis without a password',
      ScalingTrigger.redisList({
        ...ADDRESS,
        ...LIST,
        authentication: TriggerAuthentication.secrets({ username: URI }),
      }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'an identity that it does not use',
      ScalingTrigger.redisList({ ...ADDRESS, ...LIST, authentication: TriggerAuthentication.aws() }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'an identity without a region',
      ScalingTrigger.prometheus({ ...QUERY, authentication: TriggerAuthentication.aws() }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'a token beside a user',
      ScalingTrigger.prometheus({
        ...QUERY,
        authentication: TriggerAuthentication.secrets({ bearerToken: URI, username: URI, password: URI }),
      }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'a certificate that it does not use',
      ScalingTrigger.prometheus({ ...QUERY, authentication: TriggerAuthentication.secrets({ ca: URI }) }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'modes of authentication in a Secret',
      ScalingTrigger.prometheus({
        ...QUERY,
        authentication: TriggerAuthentication.secrets({ bearerToken: URI, authModes: URI }),
      }),
      ["authentication['authModes']: scaling/trigger-parameter"],
    ],
    [
      'an identity of another cloud',
      ScalingTrigger.awsSqs({ ...SQS, authentication: TriggerAuthentication.gcp() }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'half of the keys of AWS',
      ScalingTrigger.awsSqs({ ...SQS, authentication: TriggerAuthentication.secrets({ awsAccessKeyID: URI }) }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'no keys of AWS',
      ScalingTrigger.awsSqs({ ...SQS, authentication: TriggerAuthentication.secrets({ awsRegion: URI }) }),
      ['authentication: scaling/trigger-parameter'],
    ],
    [
      'another region than that of the queue',
      ScalingTrigger.awsSqs({ ...SQS, region: 'eu-central-1', authentication: TriggerAuthentication.aws() }),
      ['region: props/conflict'],
    ],
    [
      'a role of the workload that it does not have',
      ScalingTrigger.awsSqs({ ...SQS, authentication: TriggerAuthentication.aws({ ofWorkload: true }) }),
      ['authentication.ofWorkload: scaling/trigger-parameter'],
    ],
    [
      'a port that no server has',
      ScalingTrigger.redisList({ address: 'redis.example.com:99999', ...LIST }),
      ['address: props/value'],
    ],
    [
      'a port that no broker has',
      ScalingTrigger.rabbitMq({ ...QUEUE, address: 'amqp://rabbit.example.com:65536/' }),
      ['address: props/value'],
    ],
    [
      'SASL without credentials',
      ScalingTrigger.kafka({ bootstrapServers: ['a.example.com:9092'], consumerGroup: 'a', lag: 1, sasl: 'plaintext' }),
      ['sasl: scaling/trigger-parameter'],
    ],
    [
      'two limits of pods',
      ScalingTrigger.kafka({
        bootstrapServers: ['a.example.com:9092'],
        consumerGroup: 'a',
        lag: 1,
        allowIdleConsumers: true,
        limitToPartitionsWithLag: true,
      }),
      ['allowIdleConsumers: props/conflict', 'topic: props/required'],
    ],
    [
      'no brokers',
      ScalingTrigger.kafka({ bootstrapServers: [], consumerGroup: 'a', lag: 1 }),
      ['bootstrapServers: props/empty-list'],
    ],
    [
      'a queue of AWS without an identity',
      ScalingTrigger.awsSqs(
        untyped({ queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/mail', region: 'eu-west-1', length: 1 }),
      ),
      ['authentication: props/required'],
    ],
    [
      'two roles',
      ScalingTrigger.awsSqs({
        queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/mail',
        region: 'eu-west-1',
        length: 1,
        authentication: TriggerAuthentication.aws({
          roleArn: 'arn:aws:iam::111122223333:role/keda',
          ofWorkload: true,
        }),
      }),
      ['authentication.roleArn: props/conflict'],
    ],
    [
      'an option of another cloud',
      ScalingTrigger.of('azure-queue', {
        metadata: { queueName: 'mail' },
        authentication: TriggerAuthentication.azure({ roleArn: 'arn:aws:iam::111122223333:role/keda' }),
      }),
      ['authentication.roleArn: props/unknown'],
    ],
    [
      'metadata that is no text',
      ScalingTrigger.of('nats-jetstream', { metadata: untyped({ lagThreshold: 5 }) }),
      ["metadata['lagThreshold']: props/value"],
    ],
    [
      'a credential in a URL',
      ScalingTrigger.of('mysql', { metadata: { queryValue: '5', url: 'mysql://me:hunter2@db.example.com/mail' } }),
      ["metadata['url']: secret/in-trigger"],
    ],
    [
      'a credential by its name',
      ScalingTrigger.of('mysql', { metadata: { password: 'hunter2' } }),
      ["metadata['password']: secret/in-trigger"],
    ],
    ['a type with its own factory', ScalingTrigger.of('cpu', { metadata: { value: '80' } }), ['type: props/value']],
    ['no type', ScalingTrigger.of('Cron Job', { metadata: {} }), ['type: props/value']],
    ['an abbreviation of a zone', ScalingTrigger.cron({ ...DAY, timeZone: 'CET' }), ['timeZone: props/value']],
    ['a descriptor', ScalingTrigger.cron({ ...DAY, start: '@daily' }), ['start: props/value']],
    ['a schedule that never comes', ScalingTrigger.cron({ ...DAY, end: '0 8 30 2 *' }), ['end: props/value']],
    [
      'a window without an end of its own',
      ScalingTrigger.cron({ ...DAY, end: '0 20 * * *' }),
      ['end: scaling/cron-window'],
    ],
    ['an empty window', ScalingTrigger.cron({ ...DAY, end: '00 8 * * 1-5' }), ['end: scaling/cron-window']],
    ['a window above the maximum', ScalingTrigger.cron({ ...DAY, replicas: 21 }), ['replicas: scaling/cron-window']],
    ['a window without effect', ScalingTrigger.cron({ ...DAY, replicas: 1 }), ['replicas: scaling/cron-window']],
    ['an unknown option', ScalingTrigger.cpu(untyped({ target: 80, value: '80' })), ['value: props/unknown']],
  ])('are refused with %s', (_title, given, expected) => {
    expect(problemsOfTrigger(given)).toEqual(expected);
  });

  test('do not quote a credential', () => {
    const chart = newChart();
    mailer(chart, {
      triggers: [
        ScalingTrigger.of('mysql', { metadata: { url: 'mysql://me:hunter2@db.example.com/mail' } }),
        ScalingTrigger.rabbitMq({ ...QUEUE, address: 'amqp://me:hunter2@rabbit.example.com/' }),
      ],
    });
    expect(() => Testing.synth(chart)).toThrow(/secret|credential/);
    expect(() => Testing.synth(chart)).not.toThrow(/hunter2/);
  });

  test('may name a variable of the pods', () => {
    const given = ScalingTrigger.of('mysql', { metadata: { passwordFromEnv: 'MYSQL_PASSWORD' } });
    expect(trigger(given).metadata).toEqual({ passwordFromEnv: 'MYSQL_PASSWORD' });
  });
});

describe('credentials of triggers', () => {
  const sqs = (authentication: TriggerAuthentication): ScalingTrigger =>
    ScalingTrigger.awsSqs({
      queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/mail',
      region: 'eu-west-1',
      length: 5,
      authentication,
    });

  test('are keys of Secrets, which the app requires (CH01-37)', () => {
    const chart = newChart();
    const rabbit = new VersionedSecret(chart, 'rabbit', { version: 'v1', keys: ['uri'] });
    const host = { secret: rabbit, key: 'uri' };
    mailer(chart, {
      triggers: [
        ScalingTrigger.rabbitMq({ ...QUEUE, authentication: TriggerAuthentication.secrets({ host }) }),
        ScalingTrigger.rabbitMq({ ...QUEUE, queue: 'spam', authentication: TriggerAuthentication.secrets({ host }) }),
      ],
    });
    const manifests = Testing.synth(chart) as Manifest[];
    // both triggers share the object
    expect(only(manifests, 'TriggerAuthentication')).toMatchObject({
      apiVersion: 'keda.sh/v1alpha1',
      metadata: { name: 'app-mailer-rabbitmq', namespace: 'shop' },
      spec: { secretTargetRef: [{ parameter: 'host', name: rabbit.name, key: 'uri' }] },
    });
    expect(only(manifests, 'ScaledObject').spec.triggers.map((one: Manifest) => one.authenticationRef)).toEqual([
      { kind: 'TriggerAuthentication', name: 'app-mailer-rabbitmq' },
      { kind: 'TriggerAuthentication', name: 'app-mailer-rabbitmq' },
    ]);
    expect(Inventory.of(chart).secrets.map(({ name, keys }) => [name, keys])).toContainEqual([rabbit.name, ['uri']]);
  });

  test('are those of the workload', () => {
    const chart = newChart();
    mailer(
      chart,
      { triggers: [sqs(TriggerAuthentication.aws({ ofWorkload: true }))] },
      { workloadIdentity: WorkloadIdentity.aws({ roleArn: 'arn:aws:iam::111122223333:role/mailer' }) },
    );
    expect(only(Testing.synth(chart) as Manifest[], 'TriggerAuthentication').spec).toEqual({
      podIdentity: { provider: 'aws', identityOwner: 'workload' },
    });
  });

  test.each<[string, Record<string, typeof URI>, string | undefined]>([
    ['a token', { bearerToken: URI }, 'bearer'],
    ['a token, and an authority', { bearerToken: URI, ca: URI }, 'bearer'],
    ['a user', { username: URI, password: URI }, 'basic'],
    ['a certificate', { cert: URI, key: URI, ca: URI }, 'tls'],
    ['a user with a certificate', { username: URI, password: URI, cert: URI, key: URI }, 'basic,tls'],
  ])('of a Prometheus name the mode, which KEDA reads in the trigger only: %s', (_title, parameters, authModes) => {
    const given = ScalingTrigger.prometheus({ ...QUERY, authentication: TriggerAuthentication.secrets(parameters) });
    expect(trigger(given).metadata).toMatchObject({ authModes });
  });

  test.each<[string, TriggerAuthentication, object]>([
    ['the role of the operator', TriggerAuthentication.aws(), { provider: 'aws' }],
    [
      'another role',
      TriggerAuthentication.aws({ roleArn: 'arn:aws:iam::111122223333:role/keda' }),
      { provider: 'aws', roleArn: 'arn:aws:iam::111122223333:role/keda' },
    ],
    [
      'an identity of Azure',
      TriggerAuthentication.azure({ clientId: '01234567-89ab-cdef-0123-456789abcdef' }),
      { provider: 'azure-workload', identityId: '01234567-89ab-cdef-0123-456789abcdef' },
    ],
    ['an identity of Google', TriggerAuthentication.gcp(), { provider: 'gcp' }],
  ])('can be %s', (_title, authentication, podIdentity) => {
    const given = ScalingTrigger.of('nats-jetstream', { metadata: { stream: 'mail' }, authentication });
    expect(only(scaled({ triggers: [given] }), 'TriggerAuthentication').spec).toEqual({ podIdentity });
  });

  test('can exist already', () => {
    expect(trigger(sqs(TriggerAuthentication.named('aws'))).authenticationRef).toEqual({
      kind: 'TriggerAuthentication',
      name: 'aws',
    });
    expect(trigger(sqs(TriggerAuthentication.clusterWide('aws'))).authenticationRef).toEqual({
      kind: 'ClusterTriggerAuthentication',
      name: 'aws',
    });
    expect(problemsOfTrigger(sqs(TriggerAuthentication.named('A_B')))).toEqual([
      'authentication.name: app/object-name',
    ]);
  });

  test('are in the namespace of the workload', () => {
    const chart = newChart();
    const other = newChart('other', 'other', App.of(chart));
    const secret = new VersionedSecret(other, 'rabbit', { version: 'v1' });
    mailer(chart, {
      triggers: [
        ScalingTrigger.rabbitMq({
          ...QUEUE,
          authentication: TriggerAuthentication.secrets({ host: { secret, key: 'a' } }),
        }),
      ],
    });
    expect(problemsOfApp(App.of(chart))).toEqual([
      "[app/mailer] autoscaling.triggers[0].authentication['host'].secret: reference/other-namespace",
    ]);
  });

  test('are no literals', () => {
    expect(
      problemsOfTrigger(
        ScalingTrigger.rabbitMq({
          ...QUEUE,
          authentication: TriggerAuthentication.secrets(untyped({ host: 'hunter2' })),
        }),
      ),
    ).toContain("authentication['host']: props/value");
  });
});

describe('zero pods', () => {
  test.each<[string, object, string[]]>([
    ['CPU alone', { triggers: [ScalingTrigger.cpu({ target: 80 })] }, ['min: scaling/zero-without-events']],
    [
      'CPU and memory when idle',
      {
        min: 2,
        zeroWhenIdle: true,
        triggers: [ScalingTrigger.cpu({ target: 80 }), ScalingTrigger.memory({ target: 80 })],
      },
      ['zeroWhenIdle: scaling/zero-without-events'],
    ],
    [
      'entries that pods hold',
      { triggers: [ScalingTrigger.redisStream({ ...ADDRESS, stream: 'mail', consumerGroup: 'a', pending: 1 })] },
      ['min: scaling/zero-without-events'],
    ],
    ['CPU inside a window', { triggers: [ScalingTrigger.cron(DAY), ScalingTrigger.cpu({ target: 80 })] }, []],
    ['idle pods without a minimum', { zeroWhenIdle: true }, ['zeroWhenIdle: props/conflict']],
    ['a cooldown without zero', { min: 1, cooldownPeriod: Duration.minutes(1) }, ['cooldownPeriod: props/conflict']],
    ['held requests without zero', { min: 1, requestsAtZero: 'Knative' }, ['requestsAtZero: props/conflict']],
  ])('need a trigger that starts the first one: %s', (_title, options, expected) => {
    expect(problemsWith(options)).toEqual(expected);
  });

  const web = (options: Partial<EventScalingOptions>, props: Partial<WebServiceProps> = {}): string[] => {
    const chart = newChart();
    new WebService(chart, 'web', { ...WEB, ...props, autoscaling: events(options) });
    Testing.synth(chart);
    return warningsIn(chart).filter((line) => line.includes('scaling/'));
  };

  test('are worth a look for a service, whose clients get errors', () => {
    expect(web({})).toEqual(['[app/web] autoscaling.min: scaling/refused-at-zero']);
    expect(web({ min: 2, zeroWhenIdle: true })).toEqual([
      '[app/web] autoscaling.zeroWhenIdle: scaling/refused-at-zero',
    ]);
    expect(web({ requestsAtZero: 'KEDA HTTP add-on' })).toEqual([]);
    expect(web({ min: 1 })).toEqual([]);
  });

  test('are usual for a worker', () => {
    const chart = newChart();
    mailer(chart);
    Testing.synth(chart);
    expect(warningsIn(chart)).toEqual([]);
  });

  // one running pod is the least that a drain meets
  test.each<[DisruptionBudget, number, string[]]>([
    [DisruptionBudget.maxUnavailable(1), 0, []],
    [DisruptionBudget.minAvailable(1), 2, []],
    [DisruptionBudget.minAvailable(1), 0, ['[app/mailer] budget.minAvailable: scaling/blocked-drain']],
    [DisruptionBudget.minAvailable('50%'), 0, ['[app/mailer] budget.minAvailable: scaling/blocked-drain']],
  ])('leave a budget that lets nodes be drained, case %# (B14)', (budget, min, expected) => {
    expect(problemsWith({ min }, { budget })).toEqual(expected);
  });

  test('allow a hard spread', () => {
    expect(problemsWith({}, { spread: 'hard' })).toEqual([]);
    expect(problemsWith({ max: 1 }, { spread: 'hard' })).toEqual(['[app/mailer] spread: scheduling/hard-spread']);
  });
});

describe('windows', () => {
  const overlaps = (...triggers: ScalingTrigger[]): string[] => {
    const chart = newChart();
    mailer(chart, { triggers });
    Testing.synth(chart);
    return warningsIn(chart);
  };

  test('should not overlap', () => {
    const late = { ...DAY, start: '0 19 * * 1-5', end: '0 23 * * 1-5' };
    expect(overlaps(ScalingTrigger.cron(DAY), ScalingTrigger.cron(late))).toEqual([
      '[app/mailer] autoscaling.triggers.1: scaling/overlapping-windows',
    ]);
    expect(overlaps(ScalingTrigger.cron(DAY), ScalingTrigger.cron({ ...late, start: '0 20 * * 1-5' }))).toEqual([]);
    // nothing is said of windows of two zones
    expect(overlaps(ScalingTrigger.cron(DAY), ScalingTrigger.cron({ ...late, timeZone: 'UTC' }))).toEqual([]);
  });
});

describe('options of scaling on events', () => {
  test.each<[string, object, string[]]>([
    ['a max below min', { min: 5, max: 4 }, ['max: scaling/max-below-min']],
    ['a max of 0', { max: 0 }, ['max: props/value']],
    ['no triggers', { triggers: [] }, ['triggers: props/empty-list']],
    ['no trigger', { triggers: [{ type: 'cron' }] }, ['triggers[0]: props/value']],
    ['a fallback above the maximum', { fallback: { replicas: 21 } }, ['fallback.replicas: scaling/fallback']],
    [
      'no fallback',
      { fallback: 3, triggers: [ScalingTrigger.cpu({ target: 80 })], min: 1 },
      ['fallback: props/object', 'fallback.replicas: props/required'],
    ],
    ['a fallback without a number', { fallback: {} }, ['fallback.replicas: props/required']],
    [
      'a fallback of CPU',
      { min: 1, fallback: { replicas: 2 }, triggers: [ScalingTrigger.cpu({ target: 80 })] },
      ['fallback: scaling/fallback'],
    ],
    [
      'a fallback of a total',
      {
        fallback: { replicas: 2 },
        triggers: [ScalingTrigger.of('mysql', { metadata: { queryValue: '5' }, metricType: 'Value' })],
      },
      ['fallback: scaling/fallback'],
    ],
    ['a pause above the maximum', { pausedAt: 21 }, ['pausedAt: props/value']],
    ['a polling interval of 0', { pollingInterval: Duration.seconds(0) }, ['pollingInterval: props/value']],
    ['a long cooldown', { cooldownPeriod: Duration.days(2) }, ['cooldownPeriod: props/value']],
    ['an option of another factory', { target: 80 }, ['target: props/unknown']],
  ])('refuse %s', (_title, options, expected) => {
    expect(problemsWith(options)).toEqual(expected);
  });

  test('are required', () => {
    const autoscaling = Autoscaling.onEvents(undefined as never);
    expect(problemsOf((chart) => new Worker(chart, 'mailer', { ...MAILER, autoscaling }))).toEqual([
      '[app/mailer] autoscaling.min: props/required',
      '[app/mailer] autoscaling.max: props/required',
      '[app/mailer] autoscaling.triggers: props/required',
    ]);
  });

  test('exclude replicas and requests that are not measured (CH01-16)', () => {
    expect(problemsWith({}, { replicas: 2 })).toEqual(['[app/mailer] replicas: scaling/two-owners']);
    expect(
      problemsWith({ min: 1, triggers: [ScalingTrigger.cpu({ target: 80 })] }, { resources: Resources.none() }),
    ).toEqual(['[app/mailer] autoscaling: scaling/missing-request']);
    expect(problemsWith({ min: 1, triggers: [ScalingTrigger.memory({ target: 100 })] })).toEqual([
      'triggers[0].target: scaling/unreachable-target',
    ]);
  });

  test('own the number beside other autoscalers (B5)', () => {
    const beside = (apiVersion: string, kind: string): string[] =>
      problemsOf((chart) => {
        const { name } = mailer(chart);
        const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
        new ApiObject(chart, 'other', { apiVersion, kind, metadata: { name: 'other' }, spec: { scaleTargetRef } });
      });
    expect(beside('keda.sh/v1alpha1', 'ScaledObject')).toEqual(['[app/other] scaling/two-autoscalers']);
    expect(beside('autoscaling/v2', 'HorizontalPodAutoscaler')).toEqual(['[app/other] scaling/two-autoscalers']);
    expect(
      problemsOf((chart) => {
        mailer(chart).markHasAutoscaler();
      }),
    ).toEqual(['[app/mailer] autoscaling: scaling/two-owners']);
  });
});

describe('a block that KEDA measures', () => {
  const OPERATOR = { app: 'keda-operator' };
  const admitted = (manifests: Manifest[], namespace = 'keda'): unknown =>
    only(manifests, 'NetworkPolicy', 'app-redis').spec.ingress.filter(
      ({ from }: Manifest) => from[0].namespaceSelector?.matchLabels['kubernetes.io/metadata.name'] === namespace,
    );

  test('admits the operator to its port, and lends its password', () => {
    const manifests = synth((chart) => {
      mailer(chart, { triggers: [ScalingTrigger.redisList({ server: redisIn(chart), ...LIST })] });
    });
    expect(admitted(manifests)).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'keda' } },
            podSelector: { matchLabels: OPERATOR },
          },
        ],
        ports: [{ port: 6379, protocol: 'TCP' }],
      },
    ]);
    expect(only(manifests, 'ScaledObject').spec.triggers).toEqual([
      {
        type: 'redis',
        metadata: { address: 'app-redis.shop.svc:6379', listName: 'mail', listLength: '10' },
        authenticationRef: { kind: 'TriggerAuthentication', name: 'app-mailer-redis' },
      },
    ]);
    expect(only(manifests, 'TriggerAuthentication').spec).toEqual({
      secretTargetRef: [{ parameter: 'password', name: 'redis-passwd', key: 'passwd' }],
    });
  });

  test('lends its password beside other parameters', () => {
    const manifests = synth((chart) => {
      const authentication = TriggerAuthentication.secrets({ username: URI });
      mailer(chart, { triggers: [ScalingTrigger.redisList({ server: redisIn(chart), ...LIST, authentication })] });
    });
    expect(only(manifests, 'TriggerAuthentication').spec).toEqual({
      secretTargetRef: [
        { parameter: 'password', name: 'redis-passwd', key: 'passwd' },
        { parameter: 'username', name: URI.secret.name, key: URI.key },
      ],
    });
  });

  test('admits it from the namespace in the profile, which may come later', () => {
    const manifests = synth((chart) => {
      mailer(chart, { triggers: [ScalingTrigger.redisList({ server: redisIn(chart), ...LIST, port: 'redis' })] });
      new ClusterProfile({ kedaNamespace: 'autoscaling' }).assignTo(chart);
    });
    expect(admitted(manifests)).toEqual([]);
    expect(admitted(manifests, 'autoscaling')).toHaveLength(1);
    expect(problemsOf((chart) => new ClusterProfile({ kedaNamespace: 'A' }).assignTo(chart))).toEqual([
      '[app] kedaNamespace: props/value',
    ]);
  });

  test('can be a service, a broker or a Prometheus', () => {
    const manifests = synth((chart) => {
      const rabbit = new WebService(chart, 'rabbit', { ...WEB, port: 5672, service: { port: 80 } });
      const prometheus = new WebService(chart, 'prometheus', { ...WEB, port: 9090 });
      const database = new ExternalService(chart, 'db', {
        target: ExternalTarget.dnsName('db.example.com'),
        port: 9092,
      });
      mailer(chart, {
        triggers: [
          ScalingTrigger.rabbitMq({ ...QUEUE, server: rabbit }),
          ScalingTrigger.rabbitMq({
            ...QUEUE,
            server: rabbit,
            authentication: TriggerAuthentication.secrets({ host: URI }),
          }),
          ScalingTrigger.prometheus({ server: prometheus, query: 'vector(1)', threshold: 1 }),
          ScalingTrigger.kafka({ server: database, consumerGroup: 'a', lag: 1 }),
        ],
      });
    });
    const metadata = only(manifests, 'ScaledObject').spec.triggers.map((one: Manifest) => one.metadata);
    expect(metadata[0].host).toBe('amqp://app-rabbit.shop.svc:80/');
    expect(metadata[1]).not.toHaveProperty('host');
    expect(metadata[2].serverAddress).toBe('http://app-prometheus.shop.svc:9090');
    expect(metadata[3].bootstrapServers).toMatch(/^app-db.shop.svc:9092$|^db.example.com:9092$/);
    expect(only(manifests, 'NetworkPolicy', 'app-rabbit').spec.ingress[0].ports).toEqual([
      { port: 5672, protocol: 'TCP' },
    ]);
  });

  test('can be in a tier', () => {
    expect(
      problemsOf((chart) => {
        const redis = redisIn(chart);
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'work' }, { name: 'data' }] });
        tiers.add('work', mailer(chart, { triggers: [ScalingTrigger.redisList({ server: redis, ...LIST })] }));
        tiers.add('data', redis);
      }),
    ).toEqual([]);
  });

  test.each<[string, (chart: Chart, redis: Redis) => ScalingTrigger, string[]]>([
    [
      'no block',
      () => ScalingTrigger.redisList({ server: untyped({ name: 'redis' }), ...LIST }),
      ['[app/mailer] autoscaling.triggers[0].server: props/value'],
    ],
    [
      'an address beside it',
      (_chart, redis) => ScalingTrigger.redisList({ server: redis, ...ADDRESS, ...LIST }),
      ['[app/mailer] autoscaling.triggers[0].server: props/conflict'],
    ],
    [
      'a port that it does not have',
      (_chart, redis) => ScalingTrigger.redisList({ server: redis, port: 'metrics', ...LIST }),
      ['[app/mailer] autoscaling.triggers[0].port: reference/missing-port'],
    ],
    [
      'a short name',
      () => ScalingTrigger.redisList({ address: 'app-redis:6379', ...LIST }),
      ['[app/mailer] autoscaling.triggers[0]: scaling/short-address'],
    ],
  ])('is named by a trigger: %s', (_title, make, expected) => {
    expect(
      problemsOf((chart) => {
        mailer(chart, { triggers: [make(chart, redisIn(chart))] });
      }),
    ).toEqual(expected);
  });

  test('has a password in the namespace of the workload', () => {
    const build = (password?: { secret: SecretRef; key: string }): string[] => {
      const app = new App();
      const redis = redisIn(newChart('data', 'data', app));
      mailer(newChart('shop', 'app', app), {
        triggers: [ScalingTrigger.redisList({ server: redis, password, ...LIST })],
      });
      return problemsOfApp(app);
    };
    expect(build()).toEqual(['[app/mailer] autoscaling.triggers[0].server: reference/other-namespace']);
    expect(build({ secret: SecretRef.named('redis-passwd'), key: 'passwd' })).toEqual([]);
  });

  test('has a namespace', () => {
    const app = new App();
    const chart = new Chart(app, 'app');
    mailer(chart, { triggers: [ScalingTrigger.redisList({ server: redisIn(chart), ...LIST })] });
    expect(problemsOfApp(app)).toEqual(['[app/mailer] autoscaling.triggers[0].server: scaling/short-address']);
  });

  test.each<[string, string, string[]]>([
    ['that denies the operator', 'app-redis.shop.svc:6379', ['network/address-without-connection']],
    ['on a port that it does not have', 'app-redis.shop.svc:6380', ['network/address-port']],
    ['outside the app', 'redis.example.com:6379', []],
  ])('is worth a look by an address %s', (_title, address, expected) => {
    const chart = newChart();
    redisIn(chart);
    mailer(chart, { triggers: [ScalingTrigger.redisList({ address, ...LIST })] });
    Testing.synth(chart);
    expect(warningsIn(chart).filter((line) => line.startsWith('[app/mailer]'))).toEqual(
      expected.map((rule) => `[app/mailer] autoscaling.triggers.0: ${rule}`),
    );
  });
});

describe('what KEDA measures', () => {
  test('is the name behind an alias: certificates name it', () => {
    const manifests = synth((chart) => {
      const server = new ExternalService(chart, 'redis', {
        target: ExternalTarget.dnsName('shop.cache.example.com', { egress: NameEgress.cidrs(['10.2.0.0/16']) }),
        port: 6379,
      });
      mailer(chart, { triggers: [ScalingTrigger.redisList({ ...LIST, server, tls: true })] });
    });
    expect(only(manifests, 'ScaledObject').spec.triggers[0].metadata.address).toBe('shop.cache.example.com:6379');
  });

  test('may be a value for all pods', () => {
    const query = { address: 'http://prometheus.monitoring.svc:9090', query: 'max(latency)', threshold: 2 };
    expect(trigger(ScalingTrigger.prometheus({ ...query, metricType: 'Value' })).metricType).toBe('Value');
    expect(trigger(ScalingTrigger.prometheus(query))).not.toHaveProperty('metricType');
    expect(
      problemsOfTrigger(ScalingTrigger.prometheus({ ...query, metricType: 'Value' }), { fallback: { replicas: 2 } }),
    ).toEqual(['fallback: scaling/fallback']);
  });

  test('is no queue in a server that drops keys', () => {
    const found = (build: (chart: Chart) => IConnectionTarget): string[] => {
      const chart = newChart();
      mailer(chart, { triggers: [ScalingTrigger.redisList({ ...LIST, server: build(chart) })] });
      return findingsOf(chart).flatMap(({ rule, got }) => (rule === 'scaling/queue-in-cache' ? [got] : []));
    };
    const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
    const lost = ["'app/redis', which loses keys"];
    expect(found((chart) => new RedisCache(chart, 'redis', { password }))).toEqual(lost);
    const redis = (evictionPolicy: RedisProps['evictionPolicy']) => (chart: Chart) =>
      new Redis(chart, 'redis', { password, storage: Size.gibibytes(10), evictionPolicy });
    expect(found(redis('allkeys-lru'))).toEqual(lost);
    expect(found(redis('noeviction'))).toEqual([]);
  });
});

describe('KEDA as the server of external metrics', () => {
  const external = ScalingMetric.external({ metric: 'queue', averageValue: 5 });
  const found = (metric: ScalingMetric, scaledByKeda: (chart: Chart) => unknown): string[] => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const autoscaling = Autoscaling.on({ min: 2, max: 5, metrics: [metric] });
    new WebService(chart, 'web', { ...WEB, autoscaling });
    scaledByKeda(newChart('shop', 'other', app));
    return findingsOf(app).flatMap(({ rule, got }) => (rule === 'scaling/two-metric-servers' ? [got] : []));
  };
  const raw = (chart: Chart) =>
    new ApiObject(chart, 'raw', {
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'ScaledObject',
      spec: { scaleTargetRef: { name: 'old' }, triggers: [] },
    });

  test('has no metric of others', () => {
    const expected = ["the external metric 'queue' on a cluster with KEDA"];
    expect(found(external, mailer)).toEqual(expected);
    expect(found(external, raw)).toEqual(expected);
  });

  test.each<[string, ScalingMetric, (chart: Chart) => unknown]>([
    ['without KEDA', external, () => undefined],
    ['for a metric of pods', ScalingMetric.pods({ metric: 'requests', averageValue: 5 }), mailer],
    [
      'for a metric of a ScaledObject',
      ScalingMetric.external({ metric: 's0', averageValue: 5, selector: { 'scaledobject.keda.sh/name': 'a' } }),
      mailer,
    ],
    [
      'on another cluster',
      external,
      (chart) => {
        new ClusterProfile({ name: 'other' }).assignTo(chart);
        mailer(chart);
      },
    ],
  ])('is fine %s', (_, metric, scaledByKeda) => {
    expect(found(metric, scaledByKeda)).toEqual([]);
  });
});
