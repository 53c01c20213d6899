import type { Duration } from 'cdk8s';
import type { ScalingTrigger } from './scaling-trigger';
import type { ScalingPace } from '../pace/scaling-pace';

/** The number of pods while KEDA cannot measure. */
export interface ScalingFallback {
  /** Number of pods; 0 to 10000, and at most `max`. */
  readonly replicas: number;

  /**
   * Failures in succession before it applies; 1 to 1000.
   *
   * @default 3
   */
  readonly failureThreshold?: number;
}

/** Options of `Autoscaling.onEvents`. */
export interface EventScalingOptions {
  /** Minimum number of pods; 0 to 10000, and at most `max`. */
  readonly min: number;

  /** Maximum number of pods; 1 to 10000. */
  readonly max: number;

  /** What decides the number of pods; the largest result applies. */
  readonly triggers: ScalingTrigger[];

  /**
   * Whether no pod runs while no trigger is active, and at least `min` otherwise. `min` is then at least 1.
   *
   * @default false: at least `min` pods run
   */
  readonly zeroWhenIdle?: boolean;

  /**
   * What holds requests of a `WebService` while no pod runs, such as `KEDA HTTP add-on`. KEDA itself holds none.
   *
   * @default - nothing: clients get errors
   */
  readonly requestsAtZero?: string;

  /**
   * Time without an active trigger before the last pod is removed; 0 to 86400 s. Only with zero pods.
   *
   * @default Duration.minutes(5)
   */
  readonly cooldownPeriod?: Duration;

  /**
   * Time between two measurements that decide about the first pod; 1 to 3600 s.
   *
   * @default Duration.seconds(30)
   */
  readonly pollingInterval?: Duration;

  /**
   * How fast pods come and go, apart from the first and the last one.
   *
   * @default - ScalingPace.steady(): for load that changes over minutes and hours
   */
  readonly pace?: ScalingPace;

  /**
   * Time of fewer events before replicas are removed; 0 to 3600 s. It replaces that of the `pace`.
   *
   * @default - 5 minutes: a short lull removes nothing. Another `pace` has its own
   */
  readonly scaleDownStabilization?: Duration;

  /**
   * The number of pods while KEDA cannot measure.
   *
   * @default - the number stays as it is
   */
  readonly fallback?: ScalingFallback;

  /**
   * Number of pods while scaling is paused; 0 to 10000, and at most `max`.
   *
   * @default - scaling is not paused
   */
  readonly pausedAt?: number;
}
