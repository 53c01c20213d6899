import type { PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { PodSettings } from './pod-settings';
import { startOrder } from './pod-size';
import { renderContainer } from './render-container';
import { renderPlacement } from './render-placement';
import { podSecurity } from './render-security';
import { renderVolume } from './render-volumes';

/**
 * The one pod template of all workloads.
 *
 * - `enableServiceLinks: false`: otherwise each Service of the namespace adds seven variables to each container.
 */
export function renderPodTemplate(pod: PodSettings): PodTemplateSpec {
  const ordered = startOrder(pod.containers);
  const initContainers = ordered.filter(({ role }) => role !== 'main').map(renderContainer);
  const spec: PodSpec = {
    serviceAccountName: pod.name,
    automountServiceAccountToken: pod.mountToken,
    enableServiceLinks: false,
    restartPolicy: pod.restartPolicy,
    terminationGracePeriodSeconds: pod.graceSeconds,
    securityContext: podSecurity(pod.user),
    ...renderPlacement(pod.placement, pod.name, pod.revisionLabel),
    ...(initContainers.length > 0 ? { initContainers } : {}),
    containers: ordered.filter(({ role }) => role === 'main').map(renderContainer),
    ...(pod.volumes.length > 0 ? { volumes: pod.volumes.map(renderVolume) } : {}),
  };
  return {
    metadata: { labels: pod.labels, ...(Object.keys(pod.annotations).length > 0 ? { annotations: pod.annotations } : {}) },
    spec,
  };
}
