/**
 * Versions of kinds that no supported Kubernetes serves any more, and what serves them now; `undefined` where the kind
 * is gone.
 *
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/
 */
const REMOVED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'apps/v1': {
    'apps/v1beta1': ['Deployment', 'StatefulSet'],
    'apps/v1beta2': ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
    'extensions/v1beta1': ['DaemonSet', 'Deployment', 'ReplicaSet'],
  },
  'autoscaling/v2': {
    'autoscaling/v2beta1': ['HorizontalPodAutoscaler'],
    'autoscaling/v2beta2': ['HorizontalPodAutoscaler'],
  },
  'batch/v1': { 'batch/v1beta1': ['CronJob'], 'batch/v2alpha1': ['CronJob'] },
  'discovery.k8s.io/v1': { 'discovery.k8s.io/v1beta1': ['EndpointSlice'] },
  'networking.k8s.io/v1': {
    'extensions/v1beta1': ['Ingress', 'NetworkPolicy'],
    'networking.k8s.io/v1beta1': ['Ingress', 'IngressClass'],
  },
  'node.k8s.io/v1': { 'node.k8s.io/v1beta1': ['RuntimeClass'] },
  'policy/v1': { 'policy/v1beta1': ['PodDisruptionBudget'] },
  'rbac.authorization.k8s.io/v1': {
    'rbac.authorization.k8s.io/v1alpha1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
    'rbac.authorization.k8s.io/v1beta1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  },
  'scheduling.k8s.io/v1': { 'scheduling.k8s.io/v1beta1': ['PriorityClass'] },
  'storage.k8s.io/v1': { 'storage.k8s.io/v1beta1': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment'] },
  '': { 'extensions/v1beta1': ['PodSecurityPolicy'], 'policy/v1beta1': ['PodSecurityPolicy'] },
};

const successors = new Map(
  Object.entries(REMOVED).flatMap(([now, versions]) =>
    Object.entries(versions).flatMap(([then, kinds]) => kinds.map((kind) => [`${then} ${kind}`, now] as const)),
  ),
);

const groups = new Set([...successors.keys()].map((key) => key.replace(/\/\S+/, '')));

/** Whether a group has served the kind by a version that is gone. */
export function hadOtherVersions(apiGroup: string, kind: string): boolean {
  return groups.has(`${apiGroup} ${kind}`);
}

/** Whether no supported Kubernetes serves the kind by this version. `now`: the version that does; `''` for none. */
export function removedVersion(apiVersion: string, kind: string): { readonly now: string } | undefined {
  const now = successors.get(`${apiVersion} ${kind}`);
  return now === undefined ? undefined : { now };
}
