import type { VolumeSettings } from './volumes';
import type { Problems } from '../kernel/findings/problems';
import { reason } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';

/** Whether the pods of a workload keep an autoscaler of nodes from removing their node. */
export interface NodeHoldProps {
  /**
   * Why no autoscaler of nodes may remove the node of a pod, in at least 10 characters: for a training run, or a single
   * primary. Cluster Autoscaler and Karpenter then keep the node until the pod ends, and you pay for it. A drain, such
   * as that of an upgrade, still evicts the pod.
   *
   * @default - none: the node can be removed, and the pods move. A Job or ScheduledJob holds its node on Cluster
   * Autoscaler until the run ends
   */
  readonly holdsNode?: string;
}

const SAFE_TO_EVICT = 'cluster-autoscaler.kubernetes.io/safe-to-evict';
const SAFE_VOLUMES = `${SAFE_TO_EVICT}-local-volumes`;
const DO_NOT_DISRUPT = 'karpenter.sh/do-not-disrupt';
const REASON = 'holds-node/reason';

/** The annotations of pods that hold their node. */
export function readNodeHold(
  read: Reader<NodeHoldProps>,
  podAnnotations: Readonly<Record<string, string>>,
  problems: Problems,
): Record<string, string> {
  const why = read.optional('holdsNode', reason, undefined, {
    fix: "State what is lost if the pod moves, such as 'A training run starts again'",
    practice: 'CH08-53',
  });
  if (why === undefined) return {};
  for (const key of [SAFE_TO_EVICT, SAFE_VOLUMES, DO_NOT_DISRUPT, REASON].filter((name) => name in podAnnotations)) {
    problems.refuse(`podAnnotations['${key}']`, podAnnotations[key], "none beside 'holdsNode'", {
      rule: 'props/conflict',
      fix: "Remove it: 'holdsNode' writes the annotations",
    });
  }
  return { [SAFE_TO_EVICT]: 'false', [DO_NOT_DISRUPT]: 'true', [REASON]: why };
}

/**
 * Tells Cluster Autoscaler which volumes are scratch space: by default, it keeps a node with an `emptyDir` on disk. One
 * in memory does not count for it.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md#what-types-of-pods-can-prevent-ca-from-removing-a-node
 */
export function scratchAnnotation(
  volumes: readonly VolumeSettings[],
  annotations: Readonly<Record<string, string>>,
): Record<string, string> {
  if (SAFE_TO_EVICT in annotations || SAFE_VOLUMES in annotations) return {};
  const names = volumes.filter(isOnDisk).map(({ name }) => name);
  return names.length === 0 ? {} : { [SAFE_VOLUMES]: names.sort().join(',') };
}

function isOnDisk({ source }: VolumeSettings): boolean {
  const { emptyDir } = source as { emptyDir?: { medium?: string } };
  return emptyDir !== undefined && emptyDir.medium !== 'Memory';
}
