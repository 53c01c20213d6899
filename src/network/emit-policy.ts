import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { isolationOf, TIER_LABEL } from './isolation';
import type { NetworkEdges } from './network-edges';
import { renderNetworkPolicy } from './render-network-policy';
import { emitLater, laterMap } from '../kernel/emit/emission';
import type { Labels } from '../kernel/emit/labels';
import type { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';

/** Emits the policy of a workload, with the label of its tier at synthesis. */
export function emitPolicy(
  owner: Construct,
  name: string,
  labels: Labels,
  edges: NetworkEdges,
  problems: Problems,
  annotations: Record<string, string> = {},
): ApiObject {
  const tier = laterMap([TIER_LABEL], () => ({ [TIER_LABEL]: isolationOf(owner)?.tier ?? labels[TIER_LABEL] }));
  const head = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, labels: { ...labels, ...tier }, annotations },
  };
  return emitLater(owner, 'NetworkPolicy', head, problems, () =>
    renderNetworkPolicy(edges.policy(), clusterOf(owner).dns),
  );
}
