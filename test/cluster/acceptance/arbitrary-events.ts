import * as fc from 'fast-check';
import { duration, subdomain, word } from './arbitrary-text';
import { call, type Term, type Terms } from './terms';

const name = word('abcXYZ019_.-', 1, 40);
const amount = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 1_000_000_000 }));
const activation = fc.integer({ min: 0, max: 1_000_000_000 });
const host = fc.constantFrom('redis.example.com', '10.1.2.3', 'a-b.queues.svc');
const address = fc.tuple(host, fc.integer({ min: 1024, max: 65_535 })).map(([at, port]) => `${at}:${port}`);
const key = subdomain().map((secret): Terms => ({ secret: call('SecretRef.named', secret), key: 'value' }));

function secrets(...parameters: string[]): fc.Arbitrary<Terms> {
  return fc
    .array(key, { minLength: parameters.length, maxLength: parameters.length })
    .map((keys) =>
      call('TriggerAuthentication.secrets', Object.fromEntries(parameters.map((one, index) => [one, keys[index]]))),
    );
}

const existing = fc
  .tuple(fc.constantFrom('named', 'clusterWide'), subdomain())
  .map(([of, called]) => call(`TriggerAuthentication.${of}`, called));
const aws = fc.constantFrom<Terms>(
  call('TriggerAuthentication.aws'),
  call('TriggerAuthentication.aws', { roleArn: 'arn:aws:iam::111122223333:role/keda' }),
);
const otherCloud = fc.constantFrom<Terms>(
  call('TriggerAuthentication.azure', { clientId: '01234567-89ab-cdef-0123-456789abcdef' }),
  call('TriggerAuthentication.gcp'),
);

function options(required: Record<string, fc.Arbitrary<Term>>, others: Record<string, fc.Arbitrary<Term>> = {}) {
  return fc.record<Terms>({ ...required, ...others }, { requiredKeys: Object.keys(required) });
}

const redis = { tls: fc.boolean(), database: fc.integer({ min: 0, max: 1000 }) };
const redisAccess = fc.oneof(
  options({}, { password: key }),
  options({ authentication: fc.oneof(secrets('username', 'password'), existing) }),
);
const ofRedis = fc.oneof(
  fc
    .tuple(options({ address, list: name, length: amount }, { ...redis, activation }), redisAccess)
    .map(([given, access]) => call('ScalingTrigger.redisList', { ...given, ...access })),
  fc
    .tuple(
      options({ address, stream: name }, { ...redis, activation }),
      fc.oneof(
        options({ length: amount }),
        options({ lag: amount, consumerGroup: name }),
        options({ pending: amount, consumerGroup: name }),
      ),
      redisAccess,
    )
    .map(([given, measured, access]) => call('ScalingTrigger.redisStream', { ...given, ...measured, ...access })),
);

const rabbit = fc
  .oneof(
    options(
      { queue: name, length: amount, authentication: fc.oneof(secrets('host'), existing) },
      { vhost: name, activation },
    ),
    options(
      { queue: name, length: amount, address: fc.constant('amqps://rabbit.example.com/shop') },
      {
        authentication: secrets('username', 'password'),
      },
    ),
    options({ queue: name, rate: amount, address: fc.constant('http://rabbit.example.com:15672') }),
    options({ queue: name, rate: amount, protocol: fc.constant('http'), authentication: secrets('host') }),
  )
  .map((given) => call('ScalingTrigger.rabbitMq', given));

const kafka = fc
  .tuple(
    options(
      {
        bootstrapServers: fc.array(address, { minLength: 1, maxLength: 3 }),
        consumerGroup: name,
        lag: amount,
        topic: name,
      },
      { activation, offsetResetPolicy: fc.constantFrom('latest', 'earliest'), tls: fc.boolean() },
    ),
    fc.oneof(
      options({}, { allowIdleConsumers: fc.boolean() }),
      options({}, { limitToPartitionsWithLag: fc.boolean() }),
    ),
    fc.oneof(
      fc.constant({}),
      options({
        sasl: fc.constantFrom('plaintext', 'scram_sha256', 'scram_sha512'),
        authentication: fc.oneof(secrets('username', 'password'), existing),
      }),
    ),
  )
  .map((parts) => call('ScalingTrigger.kafka', Object.assign({}, ...parts)));

const sqs = options(
  {
    queueUrl: fc.constant('https://sqs.eu-west-1.amazonaws.com/111122223333/mail'),
    region: fc.constant('eu-west-1'),
    length: amount,
    authentication: fc.oneof(aws, existing, secrets('awsAccessKeyID', 'awsSecretAccessKey')),
  },
  { activation, inFlight: fc.boolean() },
).map((given) => call('ScalingTrigger.awsSqs', given));

const prometheus = options(
  {
    address: fc.constantFrom('http://prometheus.monitoring.svc:9090', 'https://metrics.example.com/prometheus'),
    query: fc.constantFrom('sum(rate(http_requests_total{job="shop"}[2m]))', 'vector(1)'),
    threshold: fc.oneof(amount, fc.double({ min: 1e-6, max: 1e12, noNaN: true })),
  },
  {
    activation,
    noValueIsZero: fc.boolean(),
    metricType: fc.constantFrom('AverageValue', 'Value'),
    authentication: fc.oneof(
      existing,
      otherCloud,
      secrets('bearerToken', 'ca'),
      secrets('username', 'password'),
      secrets('cert', 'key'),
    ),
  },
).map((given) => call('ScalingTrigger.prometheus', given));

const custom = options(
  { metadata: fc.dictionary(fc.constantFrom('stream', 'consumer', 'lagThreshold', 'account'), name) },
  { metricType: fc.constantFrom('AverageValue', 'Value'), authentication: fc.oneof(aws, otherCloud, existing) },
).map((given) => call('ScalingTrigger.of', 'nats-jetstream', given));

/** A window of a part of the day. `rank` chooses the number of pods. */
const cron = fc.record({
  rank: fc.nat(10_000),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'),
  days: fc.constantFrom('* * *', '* * 1-5', '* * mon,wed', '* jan-mar *'),
  start: fc.integer({ min: 0, max: 11 }),
  end: fc.integer({ min: 12, max: 23 }),
});

const utilization = fc
  .tuple(fc.constantFrom('cpu', 'memory'), fc.integer({ min: 1, max: 99 }))
  .map(([metric, target]) => call(`ScalingTrigger.${metric}`, { target }));

export const rawEvents = fc.record(
  {
    min: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 10_000 })),
    more: fc.nat(9998),
    first: fc.oneof(ofRedis, rabbit, kafka, sqs, prometheus, custom),
    others: fc.array(fc.oneof(ofRedis, rabbit, kafka, sqs, prometheus, custom, utilization), { maxLength: 2 }),
    cron,
    zeroWhenIdle: fc.boolean(),
    cooldownPeriod: duration(0, 86_400),
    pollingInterval: duration(1, 3600),
    scaleDownStabilization: duration(0, 3600),
    pace: fc.oneof(
      fc.constantFrom(call('ScalingPace.steady'), call('ScalingPace.spiky')),
      duration(1, 1200).map((startup) => call('ScalingPace.slowStarter', { startup })),
    ),
    fallback: fc.record(
      { rank: fc.nat(10_000), failureThreshold: fc.integer({ min: 1, max: 1000 }) },
      { requiredKeys: ['rank'] },
    ),
    pausedAt: fc.nat(10_000),
    requestsAtZero: fc.constant('KEDA HTTP add-on'),
  },
  { requiredKeys: ['min', 'more', 'first', 'others'] },
);

export type RawEvents = typeof rawEvents extends fc.Arbitrary<infer T> ? T : never;

/** An autoscaler on events, and the minimum number of pods while there are any. */
export function eventScaling({ min, more, first, others, ...rest }: RawEvents): { autoscaling: Terms; least: number } {
  const { cron: window, zeroWhenIdle, cooldownPeriod, fallback, pausedAt, requestsAtZero, ...pace } = rest;
  const max = Math.min(10_000, Math.max(1, min + more));
  const idle = zeroWhenIdle === true && min > 0;
  const hasZero = min === 0 || idle;
  const { metricType = 'AverageValue', pending } = (first.args as Terms[]).at(-1)!;
  // entries that pods hold cannot start the first pod
  const starts = pending === undefined ? first : call('ScalingTrigger.rabbitMq', RABBIT);
  return {
    least: Math.max(1, min),
    autoscaling: call('Autoscaling.onEvents', {
      min,
      max,
      triggers: [
        hasZero ? starts : first,
        ...others,
        ...(window && max > min ? [cronOf(window, min + 1 + (window.rank % (max - min)))] : []),
      ],
      ...pace,
      ...(idle ? { zeroWhenIdle } : {}),
      ...(hasZero && cooldownPeriod ? { cooldownPeriod } : {}),
      ...(hasZero && requestsAtZero ? { requestsAtZero } : {}),
      ...(pausedAt === undefined ? {} : { pausedAt: pausedAt % (max + 1) }),
      ...(fallback && metricType === 'AverageValue'
        ? {
            fallback: {
              replicas: fallback.rank % (max + 1),
              ...(fallback.failureThreshold === undefined ? {} : { failureThreshold: fallback.failureThreshold }),
            },
          }
        : {}),
    }),
  };
}

const RABBIT = { queue: 'mail', length: 10, authentication: call('TriggerAuthentication.named', 'rabbit') };

function cronOf({ timeZone, days, start, end }: NonNullable<RawEvents['cron']>, replicas: number): Terms {
  return call('ScalingTrigger.cron', { timeZone, start: `0 ${start} ${days}`, end: `30 ${end} ${days}`, replicas });
}
