import { CONTROLLERS, KNOWN_CONTROLLERS } from './controllers';
import type { MergedNeed } from './need';
import { binaryText, decimalText } from '../kubernetes/quantity';
import { resourceOf } from '../kubernetes/resource-name';

/** What a need says: `Secret shop/db (Opaque) with key passwd`. */
export function titleOf(need: MergedNeed): string {
  const { kind, namespace, name, apiVersion, serves, type, keys } = need;
  const place = namespace === undefined ? '' : `${namespace}/`;
  switch (kind) {
    case 'Kubernetes':
      return `Kubernetes ${name} or newer`;
    case 'CustomResourceDefinition':
      return `CustomResourceDefinition ${name}, which serves ${serves ?? ''} of ${apiVersion ?? ''}`;
    case 'API':
      return `API ${apiVersion ?? ''} with kind ${serves ?? ''}`;
    case 'MetricsAPI':
      return `metrics API ${name}`;
    case 'Controller':
      return `controller ${name}`;
    case 'DefaultStorageClass':
      return 'a default StorageClass';
    case 'DefaultIngressClass':
      return 'a default IngressClass';
    case 'NetworkPlugin':
      return `a network plugin that enforces NetworkPolicies${pluginOf(name)}`;
    case 'LoadBalancer':
      return `a provider of load balancers${name === 'any' ? '' : ` for class ${name}`}`;
    case 'ExtendedResource':
      return `${name}: ${amountOf(need, 'least')} on one node, ${amountOf(need, 'sum')} in all`;
    case 'Nodes':
      return `a node with labels ${name}`;
    case 'Pods':
      return name === '' ? `pods in namespace ${namespace ?? ''}` : `pods ${place}${name}`;
    case 'TopologyDomains':
      return `nodes with ${String(need.least)} or more values of label ${name}`;
    default:
      return `${kind} ${place}${name}${type === undefined ? '' : ` (${type})`}${keysOf(keys)}`;
  }
}

function pluginOf(name: string): string {
  return name === 'any' ? '' : ` (${name} by the ClusterProfile)`;
}

function keysOf(keys: readonly string[]): string {
  return keys.length === 0 ? '' : ` with ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}`;
}

export function amountOf(need: MergedNeed, which: 'least' | 'sum'): string {
  const amount = need[which] ?? 0n;
  return need.name.startsWith('hugepages-') ? binaryText(amount) : decimalText(amount);
}

/** By API group. KEDA serves the external metrics of its ScaledObjects only, and no other ones. */
const METRIC_SERVERS: Readonly<Record<string, string>> = {
  'custom.metrics.k8s.io': 'Install an adapter for metrics, such as prometheus-adapter or that of your cloud',
  'external.metrics.k8s.io': 'Install KEDA for ScaledObjects, or an adapter for metrics such as prometheus-adapter',
  'metrics.k8s.io': 'Install metrics-server: https://github.com/kubernetes-sigs/metrics-server',
};

/** How to provide it. */
export function fixOf({ kind, apiGroup, namespace, name, apiVersion, type, keys }: MergedNeed): string {
  const inNamespace = namespace === undefined ? '' : ` --namespace ${namespace}`;
  const resource = resourceOf({ kind, apiGroup: apiGroup ?? 'core' });
  switch (kind) {
    case 'Kubernetes':
      return 'Upgrade the cluster, or lower the version of the ClusterProfile';
    case 'Namespace':
      return `Apply the app of the namespace, or run kubectl create namespace ${name}`;
    case 'Secret':
      return `Run kubectl create secret ${secretArguments(name, type, keys)}${inNamespace}, or let a store write it`;
    case 'ConfigMap':
      return `Apply the app that writes it, or run kubectl create configmap ${name}${literals(keys)}${inNamespace}`;
    case 'CustomResourceDefinition':
      return `Install it with ${installerOf((apiVersion ?? '').split('/')[0])}`;
    case 'API':
      return 'Install the controller that brings this API, in a version that serves it';
    case 'MetricsAPI':
      return METRIC_SERVERS[name];
    case 'Controller':
      return `Install it: ${Object.hasOwn(KNOWN_CONTROLLERS, name) ? KNOWN_CONTROLLERS[name].guide : name}`;
    case 'DefaultStorageClass':
      return 'Annotate a StorageClass with storageclass.kubernetes.io/is-default-class: "true"';
    case 'DefaultIngressClass':
      return 'Annotate an IngressClass with ingressclass.kubernetes.io/is-default-class: "true"';
    case 'NetworkPlugin':
      return 'Use a network plugin such as Cilium or Calico; without it, pods accept all connections';
    case 'LoadBalancer':
      return 'Run a cloud controller manager or MetalLB; without one, the Service gets no address';
    case 'ExtendedResource':
      return 'Add nodes that have it, and the device plugin that reports it';
    case 'Nodes':
      return 'Add or label a node: kubectl label node NODE LABEL=VALUE';
    case 'Pods':
      return `Install what runs these pods, or correct the namespace or the labels${name === '' ? '' : ` (${name})`}`;
    case 'TopologyDomains':
      return `Add nodes with other values of ${name}`;
    case 'PriorityClass':
    case 'RuntimeClass':
    case 'StorageClass':
    case 'VolumeAttributesClass':
    case 'VolumeSnapshotClass':
    case 'DeviceClass':
      return `Create it, or name one of kubectl get ${resource}`;
    case 'IngressClass':
    case 'GatewayClass':
      return `Install its controller, or name one of kubectl get ${resource}`;
    case 'CSIDriver':
      return 'Install the driver';
    default:
      return `Apply what writes it, or correct the name: kubectl get ${resource}${inNamespace}`;
  }
}

function secretArguments(name: string, type: string | undefined, keys: readonly string[]): string {
  if (type === 'kubernetes.io/tls') return `tls ${name} --cert=FILE --key=FILE`;
  if (type === 'kubernetes.io/dockerconfigjson') return `docker-registry ${name} --from-file=.dockerconfigjson=FILE`;
  const typed = type === undefined || type === 'Opaque' ? '' : ` --type=${type}`;
  return `generic ${name}${typed}${literals(keys)}`;
}

function literals(keys: readonly string[]): string {
  return keys.length === 0 ? ' --from-file=FOLDER' : keys.map((key) => ` --from-file=${key}=FILE`).join('');
}

function installerOf(apiGroup: string): string {
  const { name, guide } = CONTROLLERS[apiGroup];
  return name === undefined ? (guide ?? 'its controller') : `${name}: ${KNOWN_CONTROLLERS[name].guide}`;
}
