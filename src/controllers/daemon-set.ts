import type { Duration } from 'cdk8s';
import type { DaemonSetSpec } from 'kubernetes-types/apps/v1';
import { type Controller, steady } from './controller';
import { readNodeRollout, Rollout, type RolloutSettings, scaleOf, surges } from './rollout';
import { identity } from '../kernel/emit/labels';
import { clusterOf } from '../kernel/model/cluster-facts';
import { instance, integer, seconds } from '../kernel/schema/checks';
import type { Site } from '../parts/site';
import { withToleration } from '../pod/placement';
import type { PodSettings } from '../pod/pod-settings';
import { renderPodTemplate } from '../pod/render-pod-template';
import type { Toleration } from '../scheduling/toleration';

/** The rollout of pods on nodes. */
export interface DaemonSetProps {
  /**
   * How pods of a new version replace those of the old one. With `maxUnavailable`, that many nodes have no pod for a
   * moment. With `maxSurge`, a node has both until the new pod is ready. Percentages refer to the nodes with a pod.
   * Only one of the two can be above 0.
   *
   * @default Rollout.rolling({ maxUnavailable: 1, maxSurge: 0 }): one node at a time. Two pods on one node would
   * compete for its ports and files
   */
  readonly rollout?: Rollout;

  /**
   * Time for which a new pod must be ready before the rollout continues with the next node; 0 to 3600 s.
   *
   * @default Duration.seconds(5): an agent that fails on its first node rolls no further
   */
  readonly minReady?: Duration;

  /**
   * Old revisions for rollbacks; 0 to 100. Keep their ConfigMaps as long.
   *
   * @default 10
   */
  readonly revisionHistory?: number;
}

export interface DaemonSetSettings {
  readonly rollout: RolloutSettings;
  /** In seconds. */
  readonly minReady: number;
  readonly revisionHistory: number;
}

const ROLLOUT = instance(Rollout, 'a Rollout, e.g. Rollout.rolling(...) with maxUnavailable: 1');
const READY_TIME = seconds(0, 3600);
const REVISION_HISTORY = integer(0, 100);

/** One node at a time. */
const NODE_BY_NODE = Rollout.rolling({ maxUnavailable: 1, maxSurge: 0 });
const NODE_BY_NODE_SETTINGS: RolloutSettings = { kind: 'RollingUpdate', maxSurge: 0, maxUnavailable: 1 };

/** Reads the rollout; `toSettings` is how the controller reads a stated one. */
export function readDaemonSet(
  { read, problems }: Pick<Site<DaemonSetProps>, 'read' | 'problems'>,
  toSettings: (rollout: Rollout) => RolloutSettings = (rollout) => readNodeRollout(rollout, problems, 'rollout'),
): DaemonSetSettings {
  const rollout = read.optional('rollout', ROLLOUT, NODE_BY_NODE, {
    fix: 'Use Rollout.rolling(...) with maxUnavailable or maxSurge',
  });
  return {
    // also for a Deployment of one pod, which must not state it: it takes all pods away
    rollout: rollout === NODE_BY_NODE ? NODE_BY_NODE_SETTINGS : toSettings(rollout),
    minReady: read.optional('minReady', READY_TIME, 5),
    revisionHistory: read.optional('revisionHistory', REVISION_HISTORY, 10),
  };
}

/** One pod on each node; `tolerations` are those that the block adds to the stated ones. */
export function daemonSet(
  { owner }: Pick<Site, 'owner'>,
  settings: DaemonSetSettings,
  tolerations: readonly Toleration[] = [],
): Controller {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    scale: (most) => {
      const nodes = clusterOf(owner).nodes ?? 1;
      return surges(settings.rollout) ? scaleOf(settings.rollout, nodes, most ?? nodes) : steady(nodes, most);
    },
    severalPods: () => ({}),
    endsAfter: Infinity,
    minReady: surges(settings.rollout) ? settings.minReady : undefined,
    addedVariables: [],
    render: (pod) => renderDaemonSet(pod, settings, tolerations),
  };
}

function renderDaemonSet(
  pod: PodSettings,
  { rollout, minReady, revisionHistory }: DaemonSetSettings,
  added: readonly Toleration[],
): DaemonSetSpec {
  const tolerations = added.reduce(withToleration, pod.placement.tolerations);
  return {
    selector: { matchLabels: identity(pod.name) },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: renderRolling(rollout) },
    minReadySeconds: minReady,
    revisionHistoryLimit: revisionHistory,
    // a DaemonSet places its pods itself
    template: renderPodTemplate(
      { ...pod, placement: { ...pod.placement, tolerations, spread: 'none' } },
      { revisionLabel: 'controller-revision-hash' },
    ),
  };
}

/** The API server refuses two values above 0. It takes `maxUnavailable: 1` for an omitted one. */
function renderRolling(rollout: RolloutSettings): object {
  if (rollout.kind === 'Recreate') return {};
  const { maxSurge, maxUnavailable } = rollout;
  return surges(rollout) ? { maxSurge, maxUnavailable: 0 } : { maxUnavailable };
}
