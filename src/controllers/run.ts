import type { Duration } from 'cdk8s';
import { boolean, integer, listOf, oneOf, seconds } from '../kernel/schema/checks';
import type { Site } from '../parts/site';
import type { Probe } from '../pod/probe';

/** Props of pods that run to completion, once or on a schedule. */
export interface RunProps {
  /**
   * What happens when a container fails: a new pod starts, which keeps the logs of each attempt (`Never`), or the
   * container restarts in the same pod with its scratch files (`OnFailure`).
   *
   * @default 'Never' (CH06-21)
   */
  readonly restartPolicy?: 'Never' | 'OnFailure';

  /**
   * Failures after which the run fails; 0 to 1000. The pauses grow from 10 s to 6 minutes. With `restartPolicy:
   * 'Never'`, evicted and preempted pods do not count.
   *
   * @default 3: pauses of 10, 20 and 40 s survive a short outage, and permanent errors are reported soon (CH06-21)
   */
  readonly backoffLimit?: number;

  /**
   * Exit codes of the main container that no retry can fix, such as for wrong arguments; 1 to 255 each, at most
   * 255 of them. The run then fails immediately. Only with `restartPolicy: 'Never'`.
   *
   * @default - every failure is retried
   */
  readonly fatalExitCodes?: number[];

  /**
   * Time after which the run fails, including all attempts and pauses; 1 s to 365 days.
   *
   * @default Duration.hours(1): a hanging run ends, and does not block the next one of a schedule
   */
  readonly activeDeadline?: Duration;

  /**
   * Pods that must succeed; 1 to 100000.
   *
   * @default 1
   */
  readonly completions?: number;

  /**
   * Pods that run at the same time; 1 to 10000, and at most `completions`.
   *
   * @default 1
   */
  readonly parallelism?: number;

  /**
   * Numbers the `completions` from 0 up in the variable `JOB_COMPLETION_INDEX`, for partitioned work.
   *
   * @default false
   */
  readonly indexed?: boolean;

  /**
   * Whether the process must be restarted. With `restartPolicy: 'Never'`, it is killed, which is a failure. Only
   * `Probe.exec(...)`: nothing listens.
   *
   * @default Probe.none(): the deadline ends a hanging run
   */
  readonly liveness?: Probe;
}

export interface RunSettings {
  readonly restartPolicy: 'Never' | 'OnFailure';
  readonly backoffLimit: number;
  readonly fatalExitCodes: readonly number[];
  readonly deadlineSeconds: number;
  readonly completions: number;
  readonly parallelism: number;
  readonly indexed: boolean;
}

/** The defaults of the props. */
export const ONCE: RunSettings = {
  restartPolicy: 'Never',
  backoffLimit: 3,
  fatalExitCodes: [],
  deadlineSeconds: 3600,
  completions: 1,
  parallelism: 1,
  indexed: false,
};

/** The longest duration of a run, in seconds. */
export const YEAR = 365 * 86_400;

export function readRun({ read, problems }: Site<RunProps>): RunSettings {
  const completions = read.optional('completions', integer(1, 100_000), ONCE.completions);
  const parallelism = read.optional('parallelism', integer(1, 10_000), ONCE.parallelism);
  if (parallelism > completions && read.isSound('completions')) {
    read.refuse('parallelism', parallelism, `at most completions (${completions})`, {
      rule: 'job/parallelism',
      fix: 'Raise completions or lower it: Kubernetes starts at most one pod for each missing completion',
    });
  }
  const restartPolicy = read.optional(
    'restartPolicy',
    oneOf<'Never' | 'OnFailure'>('Never', 'OnFailure'),
    ONCE.restartPolicy,
    { practice: 'CH06-21' },
  );
  const fatalExitCodes = read.optional('fatalExitCodes', listOf(integer(1, 255)), [] as number[], {
    fix: 'List exit codes other than 0',
  });
  fatalExitCodes.forEach((code, index) => {
    if (fatalExitCodes.indexOf(code) !== index) {
      problems.refuse(`fatalExitCodes[${index}]`, code, 'each code once', {
        rule: 'props/duplicate',
        fix: 'Remove one of them',
      });
    }
  });
  if (read.has('fatalExitCodes') && restartPolicy !== 'Never') {
    read.refuse('fatalExitCodes', fatalExitCodes, "none with restartPolicy 'OnFailure'", {
      rule: 'props/conflict',
      fix: "Omit 'restartPolicy': exit codes need pods that are not restarted",
    });
  }
  return {
    restartPolicy,
    fatalExitCodes: [...fatalExitCodes].sort((a, b) => a - b),
    completions,
    parallelism,
    backoffLimit: read.optional('backoffLimit', integer(0, 1000), ONCE.backoffLimit, { practice: 'CH06-21' }),
    deadlineSeconds: read.optional('activeDeadline', seconds(1, YEAR), ONCE.deadlineSeconds),
    indexed: read.optional('indexed', boolean, ONCE.indexed),
  };
}
