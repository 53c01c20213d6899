import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { isolationOf } from './isolation';
import type { PolicyPort } from './network-policy';
import { emitLater } from '../kernel/emit/emission';
import { identity, recommended } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';

const API_SERVER_POLICY = 'ApiServerPolicy';

/**
 * Emits a policy of Cilium that opens the API server, where a profile states this plugin. There, a range of addresses
 * matches neither nodes nor the API server: Cilium knows them by their identity.
 *
 * @see https://docs.cilium.io/en/stable/security/policy/language/#entities-based
 */
export function emitApiServerPolicy(
  owner: Construct,
  name: string,
  edges: { readonly closesEgress: boolean },
  ports: readonly PolicyPort[],
  problems: Problems,
): void {
  let policy: ApiObject | undefined;
  const head = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: `${name}-to-api-server`, labels: recommended(owner, name, undefined, {}) },
  };
  const prepare = (): void => {
    const isNeeded =
      clusterOf(owner).networkPlugin === 'cilium' && edges.closesEgress && isolationOf(owner)?.observed !== true;
    if (isNeeded) {
      policy ??= emitLater(owner, API_SERVER_POLICY, head, problems, () => renderApiServerPolicy(name, ports));
    } else if (policy !== undefined) {
      owner.node.tryRemoveChild(API_SERVER_POLICY);
      policy = undefined;
    }
  };
  AppModel.of(owner).add('preparation', { owner, prepare });
}

/** Each port once, in order. */
function renderApiServerPolicy(name: string, ports: readonly PolicyPort[]): object {
  const numbers = [...new Set(ports.map(({ port }) => port))].sort((a, b) => a - b);
  return {
    endpointSelector: { matchLabels: identity(name) },
    egress: [
      {
        toEntities: ['kube-apiserver'],
        toPorts: [{ ports: numbers.map((port) => ({ port: String(port), protocol: 'TCP' })) }],
      },
    ],
  };
}
