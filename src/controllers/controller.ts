import type { PodSettings } from '../pod/pod-settings';
import type { ScaleFacts } from '../pod/workload-facts';

/** Pods that use volumes at the same time. */
export interface SeveralPods {
  /** How to get one at a time, if the workload allows it. */
  readonly fix?: string;
}

/** The controller that keeps the pods of a workload running, or runs them to completion, and its consequences. */
export interface Controller {
  readonly apiVersion: 'apps/v1' | 'batch/v1';
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'CronJob';
  /** Name of its object, if it differs from the name of the workload. */
  readonly objectName?: string;
  /**
   * Number of pods. Runs at synthesis, with the number of a foreign autoscaler if there is one.
   */
  scale(most?: number): ScaleFacts;
  /** Whether volumes must support pods on several nodes. Runs at synthesis, since an autoscaler can come later. */
  severalPods(): SeveralPods | undefined;
  /** Hard upper bound on a pod's lifetime in seconds; `Infinity` if there is none. */
  readonly endsAfter: number;
  /** Seconds for which a new pod is ready before an old one stops; omitted if no old pod waits for a new one. */
  readonly minReady?: number;
  /** The variables that it adds to each container. */
  readonly addedVariables: readonly string[];
  /** The `spec` of its object. */
  render(pod: PodSettings): object;
}

/** A constant number of pods: an old pod is gone before its successor starts. */
export function steady(pods: number, most = pods): ScaleFacts {
  return { replicas: pods, most, surge: 0, stopping: 0 };
}
