import type { Duration } from 'cdk8s';
import type { RestartRules } from '../pod/container';
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
   * @default - 3: pauses of 10, 20 and 40 s survive a short outage, and permanent errors are reported soon (CH06-21);
   * no limit with `backoffLimitPerIndex`
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
   * Failures of one index after which that index fails, while the others continue; 0 to 1000. The run fails when all
   * have ended, and its status lists the failed ones. Only with `indexed` and `restartPolicy: 'Never'`.
   *
   * @default - the first index that fails too often ends the run
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#backoff-limit-per-index
   */
  readonly backoffLimitPerIndex?: number;

  /**
   * Failed indexes after which the run fails without waiting for the others; 0 to 100000, and at most `completions`.
   * Only with `backoffLimitPerIndex`.
   *
   * @default - none: all other indexes end first
   */
  readonly maxFailedIndexes?: number;

  /**
   * Exit codes of the main container with which an index fails at once, such as for broken input; 1 to 255 each, at
   * most 255 of them. Only with `backoffLimitPerIndex`.
   *
   * @default - every failure is retried up to `backoffLimitPerIndex`
   */
  readonly fatalIndexExitCodes?: number[];

  /**
   * When the run succeeds before all indexes have: as soon as one of these rules is met. Kubernetes then stops the
   * other pods. At most 20 rules, only with `indexed`. Needs Kubernetes 1.31: declare the version with
   * `ClusterProfile`.
   *
   * @default - all `completions` must succeed
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#success-policy
   */
  readonly successPolicy?: SuccessRule[];

  /**
   * Exit codes of the main container after which the kubelet restarts it in the same pod, without a failure of the
   * run. Only with `restartPolicy: 'Never'`. Needs Kubernetes 1.35, or 1.36 for all containers: declare the version
   * with `ClusterProfile`.
   *
   * @default - a failed pod is replaced
   */
  readonly restartInPlace?: RestartInPlaceOptions;

  /**
   * Whether the process must be restarted. With `restartPolicy: 'Never'`, it is killed, which is a failure. Only
   * `Probe.exec(...)`: nothing listens.
   *
   * @default Probe.none(): the deadline ends a hanging run
   */
  readonly liveness?: Probe;
}

/** A rule of `successPolicy`: at least one of the two props. */
export interface SuccessRule {
  /**
   * Indexes that must succeed, in ascending order: `0` or `0,2-4`, each less than `completions`. With
   * `succeededCount`, the indexes that count.
   *
   * @default - any
   */
  readonly succeededIndexes?: string;

  /**
   * How many indexes must succeed; 1 to 100000, and at most `completions`, or the number of `succeededIndexes`.
   *
   * @default - all `succeededIndexes`
   */
  readonly succeededCount?: number;
}

/** Which containers restart in place, and after which exit codes. */
export interface RestartInPlaceOptions {
  /**
   * Exit codes; 1 to 255 each, at most 255 of them. The pauses grow from 10 s to 5 minutes, and only `activeDeadline`
   * limits the restarts. So list codes with a passing cause, such as for a lost connection.
   */
  readonly exitCodes: number[];

  /**
   * What restarts: the main container (`main`), or all containers of the pod in their order, from the init containers
   * on (`all`), for work that needs its preparation again.
   *
   * @default 'main'
   */
  readonly containers?: 'main' | 'all';
}

export interface RunSettings {
  readonly restartPolicy: 'Never' | 'OnFailure';
  /** Omitted for no limit of the whole run. */
  readonly backoffLimit?: number;
  readonly fatalExitCodes: readonly number[];
  readonly deadlineSeconds: number;
  readonly completions: number;
  readonly parallelism: number;
  readonly indexed: boolean;
  readonly perIndex?: PerIndexSettings;
  readonly restartInPlace?: RestartRules;
}

/** What an indexed run does with single indexes. */
export interface PerIndexSettings {
  readonly backoffLimit?: number;
  readonly maxFailed?: number;
  readonly fatalExitCodes: readonly number[];
  readonly success: readonly SuccessRule[];
}
