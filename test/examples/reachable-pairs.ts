import { mayReach, type Place } from '../network/tiers/reachability';
import type { Manifest } from '../support';

/** The Deployments and StatefulSets of an example. */
export const workloadsOf = (manifests: Manifest[]): Manifest[] =>
  manifests.filter(({ kind }) => ['Deployment', 'StatefulSet'].includes(kind as string));

/** Which workload may reach the main port of which other one, as `FROM TO`. */
export function reachablePairs(manifests: Manifest[]): string[] {
  const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy');
  const places = workloadsOf(manifests).map(({ metadata, spec }, index): [string, Place, number] => [
    metadata.name,
    {
      address: `10.1.0.${index + 1}`,
      pod: { namespace: metadata.namespace, labels: spec.template.metadata.labels },
    },
    spec.template.spec.containers[0].ports?.[0]?.containerPort ?? 8080,
  ]);
  return places
    .flatMap(([from, source]) =>
      places
        .filter(([to, target, port]) => to !== from && mayReach(policies, source, target, port))
        .map(([to]) => `${from} ${to}`),
    )
    .sort();
}
