import type { PassView } from '../kernel/facts/pass-view';
import type { Warning } from '../kernel/findings/warnings';
import { type ClusterFacts, clusterOf } from '../kernel/model/cluster-facts';
import { podSize } from '../kubernetes/pod-size';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';
import { workloadsOf } from '../pod/workload-facts';

/** Warns when the workloads of an app, at their maximum, exceed a cluster with one node less. */
export function capacityWarnings(view: PassView, cluster: ClusterFacts): Warning[] {
  const { nodes, allocatable } = cluster;
  if (nodes === undefined || allocatable === undefined) return [];
  const workloads = workloadsOf(view)
    .filter(({ construct }) => clusterOf(construct) === cluster)
    .map(({ most, containers, overhead }) => ({
      most,
      requests: { ...podSize(containers, overhead).requests, pods: 1 },
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
