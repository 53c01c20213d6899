import type { Duration } from 'cdk8s';
import type { PodWorkloadProps } from './workload-props';
import type { ContainerBaseProps } from '../pod/container';
import type { Probe } from '../pod/probe';

/** Pods that run to an end, once or by a schedule. */
export interface RunProps extends PodWorkloadProps, ContainerBaseProps {
  /**
   * What happens when a container fails: a new pod (`Never`), so that the logs of each attempt stay, or the container is
   * started anew in the same pod (`OnFailure`), with its scratch files as they are.
   *
   * @default 'Never' (CH06-21)
   */
  readonly restartPolicy?: 'Never' | 'OnFailure';

  /**
   * Failures after which the run is given up; 0 to 1000. The pauses between grow from 10 s to 6 minutes. With
   * `restartPolicy: 'Never'`, pods that were evicted or preempted do not count.
   *
   * @default 3: with pauses of 10, 20 and 40 s it outlives a short outage, and what is broken for good is told soon (CH06-21)
   */
  readonly backoffLimit?: number;

  /**
   * Exit codes of the main container that no new attempt can mend, such as those of wrong arguments; 1 to 255 each, at most
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
   * Pods that run at a time; 1 to `completions`, at most 10000.
   *
   * @default 1
   */
  readonly parallelism?: number;

  /**
   * Gives each of the `completions` a number, from 0 up, in the variable `JOB_COMPLETION_INDEX`: for work that is cut into
   * parts.
   *
   * @default false
   */
  readonly indexed?: boolean;

  /**
   * Whether the process must be restarted. With `restartPolicy: 'Never'` it is killed, which is a failure. Only
   * `Probe.exec(...)`: nothing listens.
   *
   * @default - none: the deadline ends what hangs
   */
  readonly liveness?: Probe;
}

/** Props of `Job`. */
export interface JobProps extends RunProps {
  /**
   * The end of the name of the Job: lower-case letters, digits and `-`. A Job that was changed needs another: see `Job`.
   *
   * @default - tag of the image (`1-4-2` for `1.4.2`), with the first 10 digits of its digest when it has both, or the first 12 of a
   * digest alone: another image is another run
   */
  readonly version?: string;

  /**
   * Time after which the finished Job is deleted, with its pods and their logs; 0 s to 365 days. Who applies the manifest again
   * after that runs the Job again: set it only where nothing does, or where a second run does no harm (CH06-20).
   *
   * @default - it stays until somebody deletes it: applied again, nothing runs
   */
  readonly ttlAfterFinished?: Duration;
}

/** Props of `ScheduledJob`. */
export interface ScheduledJobProps extends RunProps {
  /**
   * When: `minute hour day month weekday`, such as `30 2 * * 1-5`, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`.
   * Sunday is 0. A time zone in it (`TZ=...`) and `@every` are refused.
   */
  readonly schedule: string;

  /**
   * Time zone of the schedule, such as `Europe/Berlin`. Hours that summer time skips or repeats are skipped or repeated.
   *
   * @default 'UTC': otherwise it is that of the controller manager, which is UTC in most clusters
   */
  readonly timeZone?: string;

  /**
   * What happens when the last run still runs: it goes on and the new one is left out (`Forbid`), it is replaced
   * (`Replace`), or both run (`Allow`).
   *
   * @default 'Forbid': two runs that write to one place damage it, and slow runs cannot pile up
   */
  readonly concurrencyPolicy?: 'Forbid' | 'Replace' | 'Allow';

  /**
   * How late a run may still start when its time was missed, as the controller or the API server was down, or as the last run
   * still ran; 10 s to 365 days. Less than 10 s is refused: the controller looks that rarely.
   *
   * @default - however late, but only the latest that was missed. More than 100 missed ones make a warning event; they no longer
   * stop the CronJob, as in old versions
   */
  readonly startingDeadline?: Duration;

  /**
   * Runs that are kept after success, with their pods and logs; 0 to 100.
   *
   * @default 3
   */
  readonly successfulRunsKept?: number;

  /**
   * Runs that are kept after failure, with their pods and logs; 0 to 100.
   *
   * @default 3: the first failure of a series says more than the last one
   */
  readonly failedRunsKept?: number;

  /**
   * Starts no new runs.
   *
   * @default false
   */
  readonly suspend?: boolean;
}
