import type { PodSettings } from '../pod/pod-settings';
import type { ScaleFacts } from '../pod/workload-facts';

/** Pods that use volumes at the same time. */
export interface SeveralPods {
  /** What makes them one at a time, where the workload can be so. */
  readonly fix?: string;
}

/** What keeps the pods of a workload running, or runs them to their end, and what follows from it for all others. */
export interface Controller {
  readonly apiVersion: 'apps/v1' | 'batch/v1';
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob';
  /** Name of its object, where that is not the name of the workload. */
  readonly objectName?: string;
  /**
   * How many pods there are. Asked at synthesis, with the number that an autoscaler of others sets, where there is one.
   */
  scale(most?: number): ScaleFacts;
  /** Whether volumes must do for pods on several nodes. Asked at synthesis: an autoscaler can come later. */
  severalPods(): SeveralPods | undefined;
  /** Seconds after which the work is over, whatever happens; `Infinity` where it goes on. */
  readonly endsAfter: number;
  /** The variables that it adds to each container. */
  readonly addedVariables: readonly string[];
  /** The `spec` of its object. */
  render(pod: PodSettings): object;
}

/** The same number of pods at all times: an old one is gone before its successor starts. */
export function steady(pods: number, most = pods): ScaleFacts {
  return { replicas: pods, most, surge: 0, stopping: 0 };
}
