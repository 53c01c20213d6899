import * as fc from 'fast-check';
import { type Mistake, noDuration, noInteger, prop } from './mistake';
import { call, type Term, type Terms } from './terms';

const key = { secret: call('SecretRef.named', 'queue'), key: 'uri' };
const list = { address: 'redis.example.com:6379', list: 'mail', length: 10 };
const day = { timeZone: 'UTC', start: '0 8 * * *', end: '0 20 * * *', replicas: 4 };

/** Props with an autoscaler, and nothing that conflicts with it. */
function onEvents(options: Terms): Terms {
  return {
    replicas: undefined,
    budget: undefined,
    autoscaling: call('Autoscaling.onEvents', {
      min: 1,
      max: 9,
      triggers: [call('ScalingTrigger.redisList', list)],
      ...options,
    }),
  };
}

function bad(mistake: string, at: string, value: fc.Arbitrary<Term>, options: (value: Term) => Terms): Mistake {
  return prop('Worker', `events: ${mistake}`, `autoscaling.${at}`, value, (given) => onEvents(options(given)));
}

function trigger(
  mistake: string,
  at: string,
  value: fc.Arbitrary<Term>,
  make: (value: Term) => Terms,
  options: Terms = {},
): Mistake {
  return bad(mistake, `triggers[0]${at}`, value, (given) => ({ ...options, triggers: [make(given)] }));
}

const rabbit = (options: Terms): Terms => call('ScalingTrigger.rabbitMq', { queue: 'mail', length: 10, ...options });
const kafka = (options: Terms): Terms =>
  call('ScalingTrigger.kafka', { bootstrapServers: ['kafka:9092'], consumerGroup: 'mail', lag: 9, ...options });
const cron = (options: Terms): Terms => call('ScalingTrigger.cron', { ...day, ...options });
const noText = fc.constantFrom<Term>('', 1, true, null, [], {});
const password = fc.constantFrom('amqp://me:hunter2@rabbit:5672/', 'https://me:hunter2@rabbit/');

export const EVENT_MISTAKES: readonly Mistake[] = [
  bad('no minimum', 'min', noInteger(0, 10_000), (min) => ({ min, max: 10_000 })),
  bad('no maximum', 'max', noInteger(1, 10_000), (max) => ({ max, min: 0 })),
  bad('fewest above the most', 'max', fc.integer({ min: 1, max: 9_999 }), (max) => ({
    min: (max as number) + 1,
    max,
  })),
  bad('no triggers', 'triggers', fc.constantFrom<Term>([], null, {}, 'cron'), (triggers) => ({ triggers })),
  bad('zero by CPU', 'min', fc.constant(0), (min) => ({
    min,
    triggers: [call('ScalingTrigger.cpu', { target: 80 })],
  })),
  bad('zero when idle without a minimum', 'zeroWhenIdle', fc.constant(true), (zeroWhenIdle) => ({
    min: 0,
    zeroWhenIdle,
  })),
  bad('no cooldown', 'cooldownPeriod', noDuration(0, 86_400), (cooldownPeriod) => ({ min: 0, cooldownPeriod })),
  bad('cooldown without zero', 'cooldownPeriod', fc.constant(call('Duration.minutes', 9)), (cooldownPeriod) => ({
    cooldownPeriod,
  })),
  bad('no polling interval', 'pollingInterval', noDuration(1, 3600), (pollingInterval) => ({ pollingInterval })),
  bad('fallback above the maximum', 'fallback.replicas', fc.integer({ min: 10, max: 10_000 }), (replicas) => ({
    fallback: { replicas },
  })),
  bad('fallback of CPU', 'fallback', fc.integer({ min: 0, max: 9 }), (replicas) => ({
    fallback: { replicas },
    triggers: [call('ScalingTrigger.cpu', { target: 80 })],
  })),
  bad('paused above the maximum', 'pausedAt', fc.integer({ min: 10, max: 10_000 }), (pausedAt) => ({ pausedAt })),
  trigger('no list', '.list', noText, (given) => call('ScalingTrigger.redisList', { ...list, list: given })),
  trigger('no length', '.length', noInteger(1, 1_000_000_000), (length) =>
    call('ScalingTrigger.redisList', { ...list, length }),
  ),
  trigger('a password in an address', '.address', password, (address) => rabbit({ address })),
  trigger('a rate over AMQP', '.rate', fc.integer({ min: 1, max: 9 }), (rate) =>
    rabbit({ length: undefined, rate, address: 'amqp://rabbit:5672/' }),
  ),
  trigger('an unknown parameter', '.authentication', fc.constantFrom('passwd', 'uri', 'hosts'), (parameter) =>
    rabbit({ authentication: call('TriggerAuthentication.secrets', { host: key, [parameter as string]: key }) }),
  ),
  trigger('a user without a password', '.authentication', fc.constantFrom('username', 'password'), (parameter) =>
    rabbit({ authentication: call('TriggerAuthentication.secrets', { host: key, [parameter as string]: key }) }),
  ),
  trigger('SASL without a user', '.sasl', fc.constantFrom('plaintext', 'scram_sha256'), (sasl) => kafka({ sasl })),
  trigger('a user without SASL', '.sasl', fc.constant(undefined), (sasl) =>
    kafka({ sasl, authentication: call('TriggerAuthentication.secrets', { username: key, password: key }) }),
  ),
  trigger('certificates without TLS', '.authentication', fc.constantFrom('ca', 'keyPassword'), (parameter) =>
    call('ScalingTrigger.redisList', {
      ...list,
      authentication: call('TriggerAuthentication.secrets', { [parameter as string]: key }),
    }),
  ),
  trigger('a cloud that it does not use', '.authentication', fc.constantFrom('azure', 'gcp', 'aws'), (cloud) =>
    rabbit({ address: 'amqp://rabbit:5672/', authentication: call(`TriggerAuthentication.${cloud as string}`) }),
  ),
  trigger('two limits of pods', '.allowIdleConsumers', fc.constant(true), (yes) =>
    kafka({ topic: 'mail', allowIdleConsumers: yes, limitToPartitionsWithLag: yes }),
  ),
  trigger('metadata that is no text', '.metadata', fc.constantFrom<Term>(5, true, null, []), (lag) =>
    call('ScalingTrigger.of', 'nats-jetstream', { metadata: { lagThreshold: lag } }),
  ),
  trigger('a credential in metadata', '.metadata', password, (connection) =>
    call('ScalingTrigger.of', 'mysql', { metadata: { connection } }),
  ),
  trigger('no time zone', '.timeZone', fc.constantFrom<Term>('CET', 'Berlin', 'Europe/Bern', 1), (timeZone) =>
    cron({ timeZone }),
  ),
  trigger('no schedule', '.start', fc.constantFrom<Term>('@daily', '0 8 * *', '0 24 * * *', '0 8 30 2 *'), (start) =>
    cron({ start }),
  ),
  trigger('an end without a start', '.end', fc.constantFrom('0 20 * * 1-5', '0 20 * * sat'), (end) =>
    cron({ start: '0 8 * * 1-4', end }),
  ),
  trigger('an end at the start', '.end', fc.constantFrom('0 8 * * *', '00 08 * * *'), (end) => cron({ end })),
  trigger('a window above the maximum', '.replicas', fc.integer({ min: 10, max: 10_000 }), (replicas) =>
    cron({ replicas }),
  ),
];
