import { daemonSetsOf, KNOWN_CONTROLLERS } from './controllers';
import type { MergedNeed } from './need';
import { OR } from './pods';
import { checkCluster } from './scripts.generated';
import { fixOf, titleOf } from './texts';
import { fillScript, shellWord } from '../kernel/emit/script';
import { ONE } from '../kubernetes/quantity';
import { resourceOf } from '../kubernetes/resource-name';

/** A shell script that checks each need with kubectl. */
export function scriptOf(needs: readonly MergedNeed[], readSecrets: boolean): string {
  return fillScript(checkCluster, {
    total: needs.length,
    readSecrets: readSecrets ? 'yes' : 'no',
    checks: needs.map((need) => `${lineOf(need)}\n`).join(''),
  });
}

function lineOf(need: MergedNeed): string {
  const [how, ...rest] = checkOf(need);
  const title = `${titleOf(need)}${need.users.length === 0 ? '' : `, for ${need.users.join(', ')}`}`;
  return ['check', how, ...[title, fixOf(need), ...rest].map(shellWord)].join(' ');
}

/** Conditions by which the controller of an object says that it serves it. */
const CONDITIONS: Readonly<Record<string, string>> = {
  'cert-manager.io/ClusterIssuer': 'Ready',
  'cert-manager.io/Issuer': 'Ready',
  'external-secrets.io/ClusterSecretStore': 'Ready',
  'external-secrets.io/SecretStore': 'Ready',
  'gateway.networking.k8s.io/Gateway': 'Programmed',
  'gateway.networking.k8s.io/GatewayClass': 'Accepted',
};

/** Versions of metrics APIs that Kubernetes reads. */
const METRICS_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  'custom.metrics.k8s.io': ['v1beta2', 'v1beta1'],
  'external.metrics.k8s.io': ['v1beta1'],
  'metrics.k8s.io': ['v1beta1'],
};

/** A function of the script and its arguments. */
function checkOf(need: MergedNeed): string[] {
  const { kind, apiGroup = '', namespace = '', name } = need;
  switch (kind) {
    case 'Kubernetes':
      return ['version', name.split('.')[1]];
    case 'CustomResourceDefinition':
    case 'API':
      return ['served', need.apiVersion ?? '', need.serves ?? ''];
    case 'MetricsAPI':
      return ['metrics', ...METRICS_VERSIONS[name].map((version) => `${name}/${version}`)];
    case 'Controller':
      return ['controller', ...KNOWN_CONTROLLERS[name].workloads];
    case 'NetworkPlugin':
      return ['controller', ...daemonSetsOf(name)];
    case 'LoadBalancer':
      return ['loadBalancer'];
    case 'DefaultStorageClass':
      return ['default', 'storageclasses.storage.k8s.io', 'storageclass.kubernetes.io/is-default-class'];
    case 'DefaultIngressClass':
      return ['default', 'ingressclasses.networking.k8s.io', 'ingressclass.kubernetes.io/is-default-class'];
    case 'ExtendedResource':
      return ['capacity', name, wholeOf(need, need.least), wholeOf(need, need.sum)];
    case 'Nodes':
      return ['nodes', ...name.split(OR)];
    case 'Pods':
      return [need.canFollow === true ? 'peers' : 'pods', namespace, name];
    case 'TopologyDomains':
      return ['domains', name, String(need.least)];
  }
  const resource = resourceOf({ kind, apiGroup });
  if (apiGroup === 'core' && (kind === 'Secret' || kind === 'ConfigMap')) {
    return ['keys', resource, name, namespace, need.type ?? '', ...need.keys];
  }
  const condition = `${apiGroup}/${kind}`;
  return Object.hasOwn(CONDITIONS, condition)
    ? ['condition', resource, name, namespace, CONDITIONS[condition]]
    : ['object', resource, name, ...(namespace === '' ? [] : [namespace])];
}

/** Nodes report sizes of pages with a suffix, which a shell cannot add up. */
function wholeOf({ name }: MergedNeed, amount = 0n): string {
  return name.startsWith('hugepages-') ? 'any' : String((amount + ONE - 1n) / ONE);
}
