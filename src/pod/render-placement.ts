import type { PodSpec, TopologySpreadConstraint } from 'kubernetes-types/core/v1';
import type { PlacementSettings } from './placement';
import { identity } from '../kernel/emit/labels';
import { renderToleration } from '../scheduling/render-toleration';

/** The fields of a pod spec that decide where it runs. `revisionLabel` tells the revisions of the workload apart. */
export function renderPlacement(settings: PlacementSettings, name: string, revisionLabel: string): Partial<PodSpec> {
  return {
    topologySpreadConstraints: settings.spread === 'none' ? undefined : renderSpread(settings.spread, name, revisionLabel),
    nodeSelector: Object.keys(settings.nodeSelector).length === 0 ? undefined : settings.nodeSelector,
    tolerations: settings.tolerations.length === 0 ? undefined : settings.tolerations.map(renderToleration),
    priorityClassName: settings.priorityClassName,
    runtimeClassName: settings.runtimeClassName,
  };
}

/**
 * - Each revision is counted by itself (`matchLabelKeys`): pods of the old one do not keep those of the new one away.
 * - `hard` leaves cordoned nodes out of account (`nodeTaintsPolicy`): a drained zone does not block the others.
 */
function renderSpread(spread: 'soft' | 'hard', name: string, revisionLabel: string): TopologySpreadConstraint[] {
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    labelSelector: { matchLabels: identity(name) },
    matchLabelKeys: [revisionLabel],
    ...(spread === 'soft'
      ? { whenUnsatisfiable: 'ScheduleAnyway' }
      : { whenUnsatisfiable: 'DoNotSchedule', nodeTaintsPolicy: 'Honor', ...(topologyKey.endsWith('/zone') ? { minDomains: 2 } : {}) }),
  }));
}
