import type { Duration } from 'cdk8s';
import type { RunProps, ScheduledJobProps } from './job-props';
import type { Problems } from '../kernel/findings/problems';
import { boolean, type Check, integer, listOf, oneOf, seconds } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { schedule, timeZone } from '../kubernetes/cron';

const YEAR = 365 * 86_400;

export const untilAYear: Check<number, Duration> = seconds(0, YEAR);

export interface RunSettings {
  readonly restartPolicy: 'Never' | 'OnFailure';
  readonly backoffLimit: number;
  readonly fatalExitCodes: readonly number[];
  readonly deadlineSeconds: number;
  readonly completions: number;
  readonly parallelism: number;
  readonly indexed: boolean;
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

export function readRun(read: Reader<RunProps>, problems: Problems): RunSettings {
  const completions = read.optional('completions', integer(1, 100_000), 1, { fix: 'Leave it out for 1' });
  const parallelism = read.optional('parallelism', integer(1, 10_000), 1, { fix: 'Leave it out for 1' });
  if (parallelism > completions && read.isSound('completions')) {
    read.refuse('parallelism', parallelism, `at most completions (${completions})`, { rule: 'job/parallelism', fix: 'No more pods are started than must still succeed: raise completions or lower it' });
  }
  const restartPolicy = read.optional('restartPolicy', oneOf<'Never' | 'OnFailure'>('Never', 'OnFailure'), 'Never' as const, { fix: "Leave it out for 'Never'", practice: 'CH06-21' });
  const fatalExitCodes = read.optional('fatalExitCodes', listOf(integer(1, 255)), [] as number[], { fix: 'List exit codes other than 0' });
  fatalExitCodes.forEach((code, index) => {
    if (fatalExitCodes.indexOf(code) !== index) problems.refuse(`fatalExitCodes[${index}]`, code, 'each code once', { rule: 'props/duplicate', fix: 'Remove one of them' });
  });
  if (read.has('fatalExitCodes') && restartPolicy !== 'Never') {
    read.refuse('fatalExitCodes', fatalExitCodes, "none with restartPolicy 'OnFailure'", { rule: 'props/conflict', fix: "Leave 'restartPolicy' out: the API knows the exit codes of pods that are not restarted" });
  }
  return {
    restartPolicy,
    fatalExitCodes: [...fatalExitCodes].sort((a, b) => a - b),
    completions,
    parallelism,
    backoffLimit: read.optional('backoffLimit', integer(0, 1000), 3, { fix: 'Leave it out for 3', practice: 'CH06-21' }),
    deadlineSeconds: read.optional('activeDeadline', seconds(1, YEAR), 3600, { fix: 'Leave it out for an hour, or give the longest time that a good run takes, doubled' }),
    indexed: read.optional('indexed', boolean, false, { fix: 'Leave it out for false' }),
  };
}

export function readSchedule(read: Reader<ScheduledJobProps>): ScheduleSettings {
  const given = read.raw('schedule');
  const fix = typeof given === 'string' && given.includes('TZ') ? "Give the time zone as 'timeZone'" : "Write '30 2 * * *' for half past two at night";
  return {
    schedule: read.required('schedule', schedule, '@yearly', { fix }),
    timeZone: read.optional('timeZone', timeZone, 'UTC', { fix: "Leave it out for 'UTC'" }),
    concurrencyPolicy: read.optional('concurrencyPolicy', oneOf<'Forbid' | 'Replace' | 'Allow'>('Forbid', 'Replace', 'Allow'), 'Forbid' as const, { fix: "Leave it out for 'Forbid'", practice: 'S000-33' }),
    startingDeadlineSeconds: read.optional('startingDeadline', seconds(10, YEAR), undefined, { fix: 'Leave it out, or give minutes: the controller looks every 10 s' }),
    successfulRunsKept: read.optional('successfulRunsKept', integer(0, 100), 3, { fix: 'Leave it out for 3' }),
    failedRunsKept: read.optional('failedRunsKept', integer(0, 100), 3, { fix: 'Leave it out for 3' }),
    suspend: read.optional('suspend', boolean, false, { fix: 'Leave it out for false' }),
  };
}
