import type { EventScalingOptions, ScalingFallback } from './event-scaling-options';
import { readTrigger, type TriggerSettings } from './read-trigger';
import { ScalingTrigger } from './scaling-trigger';
import { unquoted } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';
import { boolean, instance, integer, isPlain, listOf, seconds, text } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import type { PaceSettings } from '../pace/pace-settings';
import { readPaceAndWindow } from '../pace/read-pace';

export interface EventScalingSettings {
  readonly min: number;
  readonly max: number;
  readonly zeroWhenIdle: boolean;
  /** In seconds. */
  readonly cooldownPeriod?: number;
  /** In seconds. */
  readonly pollingInterval?: number;
  readonly pace: PaceSettings;
  readonly fallback?: { readonly failureThreshold: number; readonly replicas: number };
  readonly pausedAt?: number;
  readonly requestsAtZero?: string;
  readonly triggers: readonly TriggerSettings[];
}

const MIN = integer(0, 10_000);
const MAX = integer(1, 10_000);
const TRIGGERS = listOf(instance(ScalingTrigger, 'a ScalingTrigger, e.g. ScalingTrigger.redisList(...)'));

/** Whether there can be no pod. */
export function reachesZero({ min, zeroWhenIdle }: Pick<EventScalingSettings, 'min' | 'zeroWhenIdle'>): boolean {
  return min === 0 || zeroWhenIdle;
}

export function readEventScaling(given: unknown, problems: Problems, prop: string): EventScalingSettings {
  const read = new Reader<EventScalingOptions>(problems, given, `${prop}.`);
  const min = read.required('min', MIN, 1, { fix: 'Write 0 to run no pod without events, or 1 or more' });
  const max = read.required('max', MAX, Math.max(1, min), {
    fix: 'Set both bounds: the cluster must have room for the maximum',
  });
  if (max < min) {
    read.refuse('max', max, `at least min (${min})`, { rule: 'scaling/max-below-min', fix: 'Raise max or lower min' });
  }
  const triggers = read
    .required('triggers', TRIGGERS, [], { fix: 'List at least one, such as ScalingTrigger.redisList(...)' })
    .flatMap((trigger, index) => readTrigger(trigger, problems, `${prop}.triggers[${index}]`) ?? []);
  const raw = read.raw('triggers');
  if (Array.isArray(raw) && raw.length === 0) {
    read.refuse('triggers', raw, 'at least one trigger', {
      rule: 'props/empty-list',
      fix: 'List one, such as ScalingTrigger.redisList(...)',
    });
  }
  const zeroWhenIdle = read.optional('zeroWhenIdle', boolean, false);
  if (zeroWhenIdle && min === 0) {
    read.refuse('zeroWhenIdle', true, 'false, or a min of at least 1', {
      rule: 'props/conflict',
      fix: "Remove 'zeroWhenIdle': with min: 0, no pod runs without events",
    });
  }
  const cooldownPeriod = read.optional('cooldownPeriod', seconds(0, 86_400), 300);
  const pollingInterval = read.optional('pollingInterval', seconds(1, 3600), 30);
  const settings: EventScalingSettings = {
    min,
    max,
    zeroWhenIdle,
    triggers,
    cooldownPeriod: read.has('cooldownPeriod') ? cooldownPeriod : undefined,
    pollingInterval: read.has('pollingInterval') ? pollingInterval : undefined,
    pace: readPaceAndWindow(read, problems, prop),
    fallback: readFallback(read.raw('fallback'), problems, `${prop}.fallback`, max, triggers),
    pausedAt: read.optional('pausedAt', MIN, undefined, { fix: 'Write a number of pods, or remove the prop' }),
    requestsAtZero: read.optional('requestsAtZero', text, undefined, {
      fix: "Name what holds requests, such as 'KEDA HTTP add-on'",
    }),
  };
  read.refuseUnknown();
  if (settings.pausedAt !== undefined && settings.pausedAt > max && read.isSound('max')) {
    read.refuse('pausedAt', settings.pausedAt, `at most max (${max})`, {
      rule: 'props/value',
      fix: 'Raise max, or lower it',
    });
  }
  if (!read.isSound('min', 'max', 'triggers', 'zeroWhenIdle')) return settings;
  compare(settings, read, problems);
  return settings;
}

function compare(settings: EventScalingSettings, read: Reader<EventScalingOptions>, problems: Problems): void {
  const { min, max, zeroWhenIdle, triggers, cooldownPeriod, requestsAtZero } = settings;
  const hasZero = reachesZero(settings);
  if (!hasZero && cooldownPeriod !== undefined) {
    read.refuse('cooldownPeriod', read.raw('cooldownPeriod'), `nothing with min: ${min}`, {
      rule: 'props/conflict',
      fix: "Set 'scaleDownStabilization': KEDA waits for cooldownPeriod before it removes the last pod only",
    });
  }
  if (!hasZero && requestsAtZero !== undefined) {
    read.refuse('requestsAtZero', requestsAtZero, `nothing with min: ${min}`, {
      rule: 'props/conflict',
      fix: "Remove 'requestsAtZero': there is always a pod",
    });
  }
  if (hasZero && triggers.length > 0 && !triggers.some(({ startsPods }) => startsPods)) {
    const kinds = [...new Set(triggers.map(({ type }) => type))].join(' and ');
    read.refuse(zeroWhenIdle ? 'zeroWhenIdle' : 'min', zeroWhenIdle ? true : 0, `a pod for the trigger ${kinds}`, {
      rule: 'scaling/zero-without-events',
      fix: `${zeroWhenIdle ? "Remove 'zeroWhenIdle'" : 'Write min: 1'}, or add a trigger on events`,
    });
  }
  for (const { cron, prop } of triggers) {
    if (cron === undefined) continue;
    const least = zeroWhenIdle ? 0 : min;
    if (cron.replicas > least && cron.replicas <= max) continue;
    problems.refuse(`${prop}.replicas`, cron.replicas, `more than min (${least}), and at most max (${max})`, {
      rule: 'scaling/cron-window',
      fix: cron.replicas > max ? 'Raise max, or lower it' : 'Raise it, or remove the trigger: it would change nothing',
    });
  }
}

function readFallback(
  given: unknown,
  problems: Problems,
  prop: string,
  max: number,
  triggers: readonly TriggerSettings[],
): EventScalingSettings['fallback'] {
  if (given === undefined) return undefined;
  const read = new Reader<ScalingFallback>(problems, given, `${prop}.`);
  const replicas = read.required('replicas', MIN, 0, { fix: 'Write a number of pods that can do the usual work' });
  const failureThreshold = read.optional('failureThreshold', integer(1, 1000), 3);
  read.refuseUnknown();
  if (replicas > max) {
    read.refuse('replicas', replicas, `at most max (${max})`, {
      rule: 'scaling/fallback',
      fix: 'Raise max, or lower it',
    });
  }
  const measures = triggers.some(({ metricType }) => metricType === undefined || metricType === 'AverageValue');
  if (triggers.length > 0 && !measures && isPlain(given)) {
    problems.refuse(prop, unquoted(given), "a trigger other than cpu and memory, with metricType: 'AverageValue'", {
      rule: 'scaling/fallback',
      fix: "Remove 'fallback', or add such a trigger",
    });
  }
  return { failureThreshold, replicas };
}
