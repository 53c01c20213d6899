import type { DaemonSetSpec, DeploymentSpec } from 'kubernetes-types/apps/v1';
import { identity } from '../kernel/emit/labels';
import type { PodSettings } from '../pod/pod-settings';
import { renderPodTemplate } from '../pod/render-pod-template';
import { defaultDeadline } from '../workload/progress';

const MIN_READY = 5;

/** One node at a time: an agent that fails on its first node is not rolled on. */
export function renderDaemonSet(pod: PodSettings): DaemonSetSpec {
  return {
    selector: { matchLabels: identity(pod.name) },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    minReadySeconds: MIN_READY,
    revisionHistoryLimit: 10,
    // a DaemonSet places its pods by itself
    template: renderPodTemplate({ ...pod, placement: { ...pod.placement, spread: 'none' } }),
  };
}

/** Old pods go first: two would fight for the ports and files of a node. */
export function renderDeployment(pod: PodSettings, replicas: number): DeploymentSpec {
  return {
    replicas,
    selector: { matchLabels: identity(pod.name) },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    minReadySeconds: MIN_READY,
    progressDeadlineSeconds: defaultDeadline(pod.containers, MIN_READY),
    revisionHistoryLimit: 10,
    template: renderPodTemplate(pod),
  };
}
