import type { PodSpec, PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { PodSettings } from './pod-settings';
import { startOrder } from './pod-size';
import { renderContainer } from './render-container';
import { renderPlacement } from './render-placement';
import { podSecurity } from './render-security';
import { renderVolume } from './render-volumes';
import type { HostAccess } from './security';

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
    initContainers: initContainers.length > 0 ? initContainers : undefined,
    containers: ordered.filter(({ role }) => role === 'main').map(renderContainer),
    volumes: pod.volumes.length > 0 ? pod.volumes.map(renderVolume) : undefined,
    ...renderHostAccess(pod.host),
    ...renderPlacement(pod.placement, pod.name, pod.revisionLabel),
  };
  const annotations = { ...pod.annotations, ...pod.checksums() };
  return {
    metadata: { labels: pod.labels(), annotations: Object.keys(annotations).length > 0 ? annotations : undefined },
    spec,
  };
}

/** On the network of the host, the kubelet gives a pod the names of the node, unless it is told otherwise. */
function renderHostAccess(host: HostAccess | undefined): Partial<PodSpec> {
  return {
    ...(host?.network ? { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } : {}),
    ...(host?.processes ? { hostPID: true } : {}),
  };
}
