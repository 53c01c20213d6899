import type { Duration } from 'cdk8s';
import { boolean, integer, listOf, oneOf, seconds } from '../kernel/schema/checks';
import type { Site } from '../parts/site';
import type { Probe } from '../pod/probe';

/** How pods run to an end, once or by a schedule. */
export interface RunProps {
  /**
   * What happens when a container fails: a new pod (`Never`), so that the logs of each attempt stay, or the container
   * is started anew in the same pod (`OnFailure`), with its scratch files as they are.
   *
   * @default 'Never' (CH06-21)
   */
  readonly restartPolicy?: 'Never' | 'OnFailure';

  /**
   * Failures after which the run is given up; 0 to 1000. The pauses between grow from 10 s to 6 minutes. With
   * `restartPolicy: 'Never'`, pods that were evicted or preempted do not count.
   *
   * @default 3: with pauses of 10, 20 and 40 s it outlives a short outage, and what is broken for good is told soon
   * (CH06-21)
   */
  readonly backoffLimit?: number;

  /**
   * Exit codes of the main container that no new attempt can mend, such as those of wrong arguments; 1 to 255 each, at
   * most
   * 255. The run is given up at once. With `restartPolicy: 'Never'` only.
   *
   * @default - each failure is tried again
   */
  readonly fatalExitCodes?: number[];

  /**
   * Time after which the run is given up, all attempts and pauses together; 1 s to 365 days.
   *
   * @default Duration.hours(1): a run that hangs ends, and does not keep the next one of a schedule from starting
   */
  readonly activeDeadline?: Duration;

  /**
   * Pods that must succeed; 1 to 100000.
   *
   * @default 1
   */
  readonly completions?: number;

  /**
   * Pods that run at a time; 1 to 10000, and at most `completions`.
   *
   * @default 1
   */
  readonly parallelism?: number;

  /**
   * Gives each of the `completions` a number, from 0 up, in the variable `JOB_COMPLETION_INDEX`: for work that is cut
   * into parts.
   *
   * @default false
   */
  readonly indexed?: boolean;

  /**
   * Whether the process must be restarted. With `restartPolicy: 'Never'` it is killed, which is a failure. Only
   * `Probe.exec(...)`: nothing listens.
   *
   * @default Probe.none(): the deadline ends what hangs
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

/** What the props say where they say nothing. */
export const ONCE: RunSettings = {
  restartPolicy: 'Never',
  backoffLimit: 3,
  fatalExitCodes: [],
  deadlineSeconds: 3600,
  completions: 1,
  parallelism: 1,
  indexed: false,
};

/** The longest time of a run, in seconds. */
export const YEAR = 365 * 86_400;

export function readRun({ read, problems }: Site<RunProps>): RunSettings {
  const completions = read.optional('completions', integer(1, 100_000), ONCE.completions);
  const parallelism = read.optional('parallelism', integer(1, 10_000), ONCE.parallelism);
  if (parallelism > completions && read.isSound('completions')) {
    read.refuse('parallelism', parallelism, `at most completions (${completions})`, {
      rule: 'job/parallelism',
      fix: 'No more pods are started than must still succeed: raise completions or lower it',
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
      fix: "Leave 'restartPolicy' out: the API knows the exit codes of pods that are not restarted",
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
