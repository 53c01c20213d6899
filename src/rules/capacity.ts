import type { PassView } from '../kernel/facts/pass-view';
import type { Warning } from '../kernel/findings/warnings';
import { type ClusterFacts, clusterOf } from '../kernel/model/cluster-facts';
import { podDevices, podSize } from '../kubernetes/pod-size';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';
import { workloadsOf } from '../pod/workload-facts';

/** Warns when the workloads of an app, at their maximum, exceed a cluster with one node less. */
export function capacityWarnings(view: PassView, cluster: ClusterFacts): Warning[] {
  return [...sizeWarnings(view, cluster), ...deviceWarnings(view, cluster)];
}

/**
 * Warns when the workloads, at their maximum, request more devices than all nodes have. A rollout that starts a new pod
 * first needs the devices of one more pod, or it never proceeds.
 */
function deviceWarnings(view: PassView, { devices = [], ...cluster }: ClusterFacts): Warning[] {
  if (devices.length === 0) return [];
  const wanted = new Map<string, { count: number; spare: number; rolled: string }>();
  for (const { construct, most, spare = 0, containers } of workloadsOf(view)) {
    if (clusterOf(construct).devices !== devices) continue;
    for (const [resource, count] of podDevices(containers)) {
      const known = wanted.get(resource) ?? { count: 0, spare: 0, rolled: '' };
      const isLarger = spare * count > known.spare;
      wanted.set(resource, {
        count: known.count + most * count,
        // rollouts can follow one another
        spare: isLarger ? spare * count : known.spare,
        rolled: isLarger ? construct.node.path : known.rolled,
      });
    }
  }
  return [...wanted].flatMap(([resource, { count, spare, rolled }]): Warning[] => {
    const entries = devices.filter((entry) => entry.resource === resource);
    const there = entries.reduce((sum, { nodes = NaN, perNode }) => sum + nodes * perNode, 0);
    // a sum of unknown numbers is unknown
    if (!(count + spare > there)) return [];
    const all = `all workloads at their maximum request ${count} ${resource}`;
    const nodes = `the nodes of the ClusterProfile '${cluster.name}' have ${there}`;
    return [
      {
        rule: 'cluster/capacity',
        got:
          count > there ? `${count} ${resource} at most` : `${count} ${resource} at most, and ${spare} for a rollout`,
        expected: `at most the ${there} of all nodes`,
        text:
          count > there
            ? `${all}; ${nodes}. Add nodes, or lower the maximum of autoscaling, replicas or parallelism`
            : `${all}; ${nodes}. A rollout of '${rolled}' then never proceeds: it starts a pod with ${spare} more ` +
              'before it stops an old one. Add nodes, lower the maximum, or stop an old pod first: ' +
              'Rollout.rolling(...) with maxSurge: 0, maxUnavailable: 1, or Rollout.recreate() for one pod',
      },
    ];
  });
}

function sizeWarnings(view: PassView, cluster: ClusterFacts): Warning[] {
  const { nodes, allocatable } = cluster;
  if (nodes === undefined || allocatable === undefined) return [];
  const workloads = workloadsOf(view)
    .filter(({ construct }) => clusterOf(construct) === cluster)
    .map(({ most, containers, overhead, whole }) => ({
      most,
      requests: { ...podSize(containers, overhead, whole).requests, pods: 1 },
    }));
  return (
    [
      ['cpu', cpuQuantity],
      ['memory', bytesQuantity],
      ['pods', String],
    ] as const
  ).flatMap(([resource, quantity]) => {
    const wanted = workloads.reduce((sum, { most, requests }) => sum + most * requests[resource], 0);
    const left = (nodes - 1) * allocatable[resource];
    return wanted <= left
      ? []
      : [
          {
            rule: 'cluster/capacity',
            got: `${quantity(wanted)} ${resource} at most`,
            expected: `at most the ${quantity(left)} of one node less`,
            text:
              `all workloads at their maximum request ${quantity(wanted)} ${resource}; without one node, the cluster ` +
              `has ${quantity(left)} ` +
              `(the ClusterProfile says ${nodes} nodes of ${quantity(allocatable[resource])}). Add nodes, or lower ` +
              'the maximum of autoscaling or the requests',
          },
        ];
  });
}
