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

/** Warns when the workloads, at their maximum, request more devices than all nodes have. */
function deviceWarnings(view: PassView, { devices = [], ...cluster }: ClusterFacts): Warning[] {
  if (devices.length === 0) return [];
  const wanted = new Map<string, number>();
  for (const { construct, most, containers } of workloadsOf(view)) {
    if (clusterOf(construct).devices !== devices) continue;
    for (const [resource, count] of podDevices(containers)) {
      wanted.set(resource, (wanted.get(resource) ?? 0) + most * count);
    }
  }
  return [...wanted].flatMap(([resource, count]): Warning[] => {
    const entries = devices.filter((entry) => entry.resource === resource);
    const there = entries.reduce((sum, { nodes = NaN, perNode }) => sum + nodes * perNode, 0);
    // a sum of unknown numbers is unknown
    if (!(count > there)) return [];
    return [
      {
        rule: 'cluster/capacity',
        got: `${count} ${resource} at most`,
        expected: `at most the ${there} of all nodes`,
        text:
          `all workloads at their maximum request ${count} ${resource}; the nodes of the ClusterProfile ` +
          `'${cluster.name}' have ${there}. Add nodes, or lower the maximum of autoscaling, replicas or parallelism`,
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
