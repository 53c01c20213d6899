import type { NetworkPlugin } from '../kernel/model/cluster-facts';

/** What makes the objects of an API group work. */
export interface ControllerOfGroup {
  /** Omitted where a class or the like names the controller. */
  readonly name?: string;
  /** How to install the API, without a controller. */
  readonly guide?: string;
}

export interface ControllerFacts {
  /** Names of its Deployments, DaemonSets or StatefulSets, or values of their label `app.kubernetes.io/name`. */
  readonly workloads: readonly string[];
  /** How to install it. */
  readonly guide: string;
}

/** By API group. */
export const CONTROLLERS: Readonly<Record<string, ControllerOfGroup>> = {
  'acme.cert-manager.io': { name: 'cert-manager' },
  'autoscaling.k8s.io': { name: 'Vertical Pod Autoscaler' },
  'bitnami.com': { name: 'Sealed Secrets' },
  'cert-manager.io': { name: 'cert-manager' },
  'cilium.io': { name: 'Cilium' },
  'external-secrets.io': { name: 'External Secrets Operator' },
  'gateway.networking.k8s.io': {
    guide: 'the Gateway API: https://gateway-api.sigs.k8s.io/guides/getting-started/introduction/',
  },
  'generators.external-secrets.io': { name: 'External Secrets Operator' },
  'keda.sh': { name: 'KEDA' },
  'metallb.io': { name: 'MetalLB' },
  'monitoring.coreos.com': { name: 'Prometheus Operator' },
  'multicluster.x-k8s.io': { guide: 'a multi-cluster Services controller: https://multicluster.sigs.k8s.io' },
  'networking.istio.io': { name: 'Istio' },
  'secrets-store.csi.x-k8s.io': { name: 'Secrets Store CSI driver' },
  'security.istio.io': { name: 'Istio' },
  'snapshot.storage.k8s.io': { name: 'CSI snapshot controller' },
  'telemetry.istio.io': { name: 'Istio' },
  'traefik.io': { name: 'Traefik' },
};

/** By name. */
export const KNOWN_CONTROLLERS: Readonly<Record<string, ControllerFacts>> = {
  'cert-manager': { workloads: ['cert-manager'], guide: 'https://cert-manager.io/docs/installation/' },
  'Cilium': { workloads: ['cilium', 'anetd'], guide: 'https://docs.cilium.io/en/stable/installation/' },
  'CSI snapshot controller': {
    workloads: ['snapshot-controller', 'csi-snapshot-controller'],
    guide: 'https://github.com/kubernetes-csi/external-snapshotter',
  },
  'External Secrets Operator': {
    workloads: ['external-secrets'],
    guide: 'https://external-secrets.io/latest/introduction/getting-started/',
  },
  'Istio': { workloads: ['istiod'], guide: 'https://istio.io/latest/docs/setup/install/' },
  'KEDA': { workloads: ['keda-operator'], guide: 'https://keda.sh/docs/latest/deploy/' },
  'MetalLB': {
    workloads: ['metallb', 'controller', 'metallb-controller'],
    guide: 'https://metallb.io/installation/',
  },
  'Prometheus Operator': {
    workloads: ['prometheus-operator', 'kube-prometheus-stack-prometheus-operator'],
    guide: 'https://prometheus-operator.dev/docs/getting-started/installation/',
  },
  'Sealed Secrets': {
    workloads: ['sealed-secrets-controller', 'sealed-secrets'],
    guide: 'https://github.com/bitnami-labs/sealed-secrets',
  },
  'Secrets Store CSI driver': {
    workloads: ['csi-secrets-store', 'secrets-store-csi-driver', 'aks-secrets-store-csi-driver'],
    guide: 'https://secrets-store-csi-driver.sigs.k8s.io/getting-started/installation',
  },
  'Secrets Store CSI provider aws': {
    workloads: ['csi-secrets-store-provider-aws', 'secrets-store-csi-driver-provider-aws'],
    guide: 'https://github.com/aws/secrets-store-csi-driver-provider-aws',
  },
  'Secrets Store CSI provider azure': {
    workloads: ['csi-secrets-store-provider-azure', 'aks-secrets-store-provider-azure'],
    guide: 'https://azure.github.io/secrets-store-csi-driver-provider-azure/docs/getting-started/installation/',
  },
  'Secrets Store CSI provider gcp': {
    workloads: ['csi-secrets-store-provider-gcp', 'secrets-store-csi-driver-provider-gcp'],
    guide: 'https://github.com/GoogleCloudPlatform/secrets-store-csi-driver-provider-gcp',
  },
  'Secrets Store CSI provider vault': {
    workloads: ['vault-csi-provider'],
    guide: 'https://developer.hashicorp.com/vault/docs/deploy/kubernetes/csi/installation',
  },
  'Traefik': { workloads: ['traefik'], guide: 'https://doc.traefik.io/traefik/getting-started/install-traefik/' },
  'Vertical Pod Autoscaler': {
    workloads: ['vpa-recommender', 'vertical-pod-autoscaler'],
    guide: 'https://github.com/kubernetes/autoscaler/tree/master/vertical-pod-autoscaler',
  },
};

/** DaemonSets of plugins that enforce network policies, by the plugin of a profile. That of AWS needs a setting. */
const PLUGINS: Readonly<Record<NetworkPlugin, readonly string[]>> = {
  aws: [],
  azure: ['azure-npm', 'cilium'],
  calico: ['calico-node', 'canal', 'rke2-canal'],
  cilium: ['cilium', 'anetd'],
  gke: ['anetd', 'calico-node'],
};

const OTHER_PLUGINS = ['antrea-agent', 'kube-network-policies', 'kube-router', 'ovnkube-node'];

/** The DaemonSets to look for; the name of a need is that of its plugin. */
export function daemonSetsOf(plugin: string): readonly string[] {
  return Object.hasOwn(PLUGINS, plugin)
    ? PLUGINS[plugin as NetworkPlugin]
    : [...new Set([...Object.values(PLUGINS).flat(), ...OTHER_PLUGINS])];
}
