import type { Cron, Duration } from 'cdk8s';
import type { CronJobSpec } from 'kubernetes-types/batch/v1';
import type { Controller } from './controller';
import { factsOfRun, ONE_POD, refuseLongName, renderJob, severalPodsOf } from './job';
import { YEAR } from './run';
import type { RunSettings } from './run-props';
import { type Labels, versionLabel } from '../kernel/emit/labels';
import { type Warning, warn } from '../kernel/findings/warnings';
import { boolean, integer, oneOf, seconds } from '../kernel/schema/checks';
import { restrictsBothDays, schedule, timeZone } from '../kubernetes/cron';
import type { Site } from '../parts/site';
import type { PodSettings } from '../pod/pod-settings';

/** Schedule of pods that run to completion. */
export interface ScheduleProps {
  /**
   * Schedule: `minute hour day month weekday`, such as `30 2 * * 1-5`, or `@hourly`, `@daily`, `@weekly`, `@monthly`,
   * `@yearly`. Sunday is 0. A time zone in it (`TZ=...`) and `@every` are refused. A `Cron` of cdk8s is taken.
   */
  readonly schedule: string | Cron;

  /**
   * Time zone of the schedule, such as `Europe/Berlin`. Daylight saving time skips or repeats runs in the skipped or
   * repeated hours.
   *
   * @default 'UTC': otherwise the controller manager decides, which uses UTC in most clusters
   */
  readonly timeZone?: string;

  /**
   * What happens if the previous run is still in progress: the new run is skipped (`Forbid`), the old one is replaced
   * (`Replace`), or both run (`Allow`).
   *
   * @default 'Forbid': two runs that write to one place corrupt it, and slow runs cannot pile up
   */
  readonly concurrencyPolicy?: 'Forbid' | 'Replace' | 'Allow';

  /**
   * How late a run may still start, because the controller or API server was down, or the previous run was still in
   * progress; 10 s to 365 days. Less than 10 s is refused: the controller only checks every 10 s.
   *
   * @default - any time, but only the latest missed run. More than 100 missed runs cause a warning event, but no longer
   * stop the CronJob as in old versions
   */
  readonly startingDeadline?: Duration;

  /**
   * Successful runs to keep, with their pods and logs; 0 to 100.
   *
   * @default 3
   */
  readonly successfulRunsKept?: number;

  /**
   * Failed runs to keep, with their pods and logs; 0 to 100.
   *
   * @default 3: the first failure of a series is the most useful
   */
  readonly failedRunsKept?: number;

  /**
   * Suspends the schedule.
   *
   * @default false
   */
  readonly suspend?: boolean;
}

export interface ScheduleSettings {
  readonly schedule: string;
  readonly timeZone: string;
  readonly concurrencyPolicy: 'Forbid' | 'Replace' | 'Allow';
  readonly startingDeadlineSeconds?: number;
  readonly successfulRunsKept: number;
  readonly failedRunsKept: number;
  readonly suspend: boolean;
}

/** The defaults of the props. */
export const ALWAYS: Omit<ScheduleSettings, 'schedule'> = {
  timeZone: 'UTC',
  concurrencyPolicy: 'Forbid',
  successfulRunsKept: 3,
  failedRunsKept: 3,
  suspend: false,
};

/** The controller appends 11 characters. */
export const LONGEST_NAME = 52;

export function readSchedule({ owner, read }: Site<ScheduleProps>): ScheduleSettings {
  const given = read.raw('schedule');
  if (typeof given === 'string' && restrictsBothDays(given)) warn(owner, bothDays(given));
  const fix =
    typeof given === 'string' && given.includes('TZ')
      ? "Set the time zone with 'timeZone'"
      : "Write '30 2 * * *' for 02:30 every day";
  return {
    schedule: read.required('schedule', schedule, '@yearly', { fix }),
    timeZone: read.optional('timeZone', timeZone, ALWAYS.timeZone),
    concurrencyPolicy: read.optional(
      'concurrencyPolicy',
      oneOf<'Forbid' | 'Replace' | 'Allow'>('Forbid', 'Replace', 'Allow'),
      ALWAYS.concurrencyPolicy,
      { practice: 'S000-33' },
    ),
    startingDeadlineSeconds: read.optional('startingDeadline', seconds(10, YEAR), undefined, {
      fix: 'Write minutes, such as Duration.minutes(10): the controller only checks every 10 s',
    }),
    successfulRunsKept: read.optional('successfulRunsKept', integer(0, 100), ALWAYS.successfulRunsKept),
    failedRunsKept: read.optional('failedRunsKept', integer(0, 100), ALWAYS.failedRunsKept),
    suspend: read.optional('suspend', boolean, ALWAYS.suspend),
  };
}

/** Most readers take two fields of days for days that fit both. */
function bothDays(given: string): Warning {
  return {
    rule: 'job/both-days',
    prop: 'schedule',
    got: `'${given}'`,
    expected: "one of the two fields of days as '*'",
    text:
      `schedule: '${given}' comes on each day of the month that it names and on each weekday that it names, not on ` +
      "days that are both. Write '*' in one of the two, and let the program end on the other days",
  };
}

/** Pods that run to completion on a schedule. */
export function cronJob(site: Site, run: RunSettings, when: ScheduleSettings): Controller {
  const { parallelism } = run;
  const overlap = when.concurrencyPolicy === 'Allow';
  refuseLongName(site, run, 'name', site.name, LONGEST_NAME);
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    // of one run: the number of concurrent runs with 'Allow' depends on their duration
    scale: (most = parallelism) => ({
      replicas: 0,
      most,
      surge: 0,
      stopping: when.concurrencyPolicy === 'Replace' ? parallelism : 0,
    }),
    severalPods: () => (overlap ? { fix: `${ONE_POD} and concurrencyPolicy: 'Forbid'` } : severalPodsOf(run)),
    ...factsOfRun(site, run),
    render: (pod) => renderCronJob(when, run, pod, { ...versionLabel(pod.containers[0].version), ...site.labels }),
  };
}

/** `Forbid` and `Replace` act on whole runs, whose names and labels the controller decides. */
function renderCronJob(when: ScheduleSettings, run: RunSettings, pod: PodSettings, labels: Labels): CronJobSpec {
  return {
    schedule: when.schedule,
    timeZone: when.timeZone,
    concurrencyPolicy: when.concurrencyPolicy,
    ...(when.startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds: when.startingDeadlineSeconds }),
    successfulJobsHistoryLimit: when.successfulRunsKept,
    failedJobsHistoryLimit: when.failedRunsKept,
    ...(when.suspend ? { suspend: true } : {}),
    jobTemplate: { metadata: { labels }, spec: renderJob(run, pod) },
  };
}
