import type { DaemonSetSpec } from 'kubernetes-types/apps/v1';
import { type Controller, steady } from './controller';
import { identity } from '../kernel/emit/labels';
import { clusterOf } from '../kernel/model/cluster-facts';
import type { Site } from '../parts/site';
import type { PodSettings } from '../pod/pod-settings';
import { renderPodTemplate } from '../pod/render-pod-template';

/** One pod on each node. */
export function daemonSet({ owner }: Pick<Site, 'owner'>): Controller {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    scale: (most) => steady(clusterOf(owner).nodes ?? 1, most),
    severalPods: () => ({}),
    endsAfter: Infinity,
    addedVariables: [],
    render: renderDaemonSet,
  };
}

/** One node at a time: an agent that fails on its first node rolls no further. */
function renderDaemonSet(pod: PodSettings): DaemonSetSpec {
  return {
    selector: { matchLabels: identity(pod.name) },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    minReadySeconds: 5,
    revisionHistoryLimit: 10,
    // a DaemonSet places its pods itself
    template: renderPodTemplate(
      { ...pod, placement: { ...pod.placement, spread: 'none' } },
      { revisionLabel: 'controller-revision-hash' },
    ),
  };
}
