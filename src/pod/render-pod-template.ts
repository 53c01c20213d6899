import type { PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { ContainerSettings } from './container';
import type { PodSettings } from './pod-settings';
import { renderContainer } from './render-container';
import { renderPlacement } from './render-placement';
import { podSecurity } from './render-security';
import { renderVolume } from './render-volumes';

/**
 * The one pod template of all workloads.
 *
 * - Sidecars come before init containers, so that these can use them (a proxy, an identity agent).
 * - `enableServiceLinks: false`: otherwise each Service of the namespace adds seven variables to each container.
 */
export function renderPodTemplate(pod: PodSettings): PodTemplateSpec {
  const byRole = (role: ContainerSettings['role']): ContainerSettings[] => pod.containers.filter((container) => container.role === role);
  const initContainers = [...byRole('sidecar'), ...byRole('init')].map(renderContainer);
  const spec: PodSpec = {
    serviceAccountName: pod.name,
    automountServiceAccountToken: pod.mountToken,
    enableServiceLinks: false,
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: pod.graceSeconds,
    securityContext: podSecurity(pod.user),
    ...renderPlacement(pod.placement, pod.name, pod.revisionLabel),
    ...(initContainers.length > 0 ? { initContainers } : {}),
    containers: byRole('main').map(renderContainer),
    ...(pod.volumes.length > 0 ? { volumes: pod.volumes.map(renderVolume) } : {}),
  };
  return {
    metadata: { labels: pod.labels, ...(Object.keys(pod.annotations).length > 0 ? { annotations: pod.annotations } : {}) },
    spec,
  };
}
