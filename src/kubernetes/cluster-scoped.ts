import type { ApiObject } from 'cdk8s';
import { resourceOf } from './resource-name';

/**
 * Kinds without a namespace by API group: kinds of Kubernetes, and others that apps commonly contain.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */
const KINDS: Record<string, readonly string[]> = {
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterPushSecret', 'ClusterSecretStore'],
  'cilium.io': ['CiliumClusterwideNetworkPolicy'],
  'core': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'authentication.k8s.io': ['SelfSubjectReview', 'TokenReview'],
  'authorization.k8s.io': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'cert-manager.io': ['ClusterIssuer'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'keda.sh': ['ClusterTriggerAuthentication'],
  'networking.k8s.io': ['IngressClass', 'IPAddress', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  'policy.networking.k8s.io': ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'DeviceTaintRule', 'ResourceSlice'],
  'scheduling.k8s.io': ['PriorityClass'],
  'snapshot.storage.k8s.io': ['VolumeSnapshotClass', 'VolumeSnapshotContent'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
};

const known = new Set(Object.entries(KINDS).flatMap(([group, kinds]) => kinds.map((kind) => `${group}/${kind}`)));

/** Their names in the API: `nodes`, `storageclasses.storage.k8s.io`. */
const resources = new Set([
  ...Object.entries(KINDS).flatMap(([apiGroup, kinds]) => kinds.map((kind) => resourceOf({ apiGroup, kind }))),
  // of the kind NodeMetrics
  'nodes.metrics.k8s.io',
]);

/** Whether a resource, by its API name, is cluster-scoped. */
export function isClusterScoped(resource: string): boolean {
  return resources.has(resource);
}

/** Whether objects of a kind are in a namespace; all kinds that are not known to be in none. */
export function isNamespaced(apiGroup: string, kind: string): boolean {
  return !known.has(`${apiGroup}/${kind}`);
}

/**
 * The effective namespace of an object. cdk8s writes the chart's namespace into every object, and the API server drops
 * it from cluster-scoped ones.
 */
export function landingNamespace(object: ApiObject): string | undefined {
  return isNamespaced(object.apiGroup, object.kind) ? object.metadata.namespace : undefined;
}
