import type * as MissingDevices from './missing-devices';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import type { AllocatableFacts, ClusterFacts } from '../kernel/model/cluster-facts';
import { asksForDevices, podDevices, podSize, type PodSize } from '../kubernetes/pod-size';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';
import type { PodSettings } from '../pod/pod-settings';

/** Refuses pods that would stay pending forever, according to the cluster profile. */
export function refuseUnschedulable(
  { containers, placement, whole }: PodSettings,
  cluster: ClusterFacts,
  pods: number,
  problems: Problems,
): void {
  const { allocatable, nodes, zones } = cluster;
  if (allocatable !== undefined) refuseTooLarge(podSize(containers, placement.overhead, whole), allocatable, problems);
  if (asksForDevices(containers)) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const module = require('./missing-devices') as typeof MissingDevices;
    module.refuseMissingDevices(placement, podDevices(containers), cluster, problems);
  }
  const { spread } = placement;
  if (spread === 'hosts' && nodes !== undefined && pods > nodes) {
    problems.refuse('spread', spread, `'soft' for ${pods} pods on ${nodes} nodes (as the ClusterProfile says)`, {
      rule: 'scheduling/hosts',
      fix: "Write spread: 'soft', the default, or run fewer: pods without a node of their own stay pending",
    });
  }
  if (spread === 'hard' && zones !== undefined && zones < 2) {
    problems.refuse('spread', spread, `'soft' on a cluster of one zone (the ClusterProfile says ${zones})`, {
      rule: 'scheduling/zones',
      fix: "Write spread: 'soft', the default: the second pod would stay pending",
    });
  }
}

function refuseTooLarge({ requests }: PodSize, allocatable: AllocatableFacts, problems: Problems): void {
  for (const [resource, quantity] of [
    ['cpu', cpuQuantity],
    ['memory', bytesQuantity],
  ] as const) {
    const most = allocatable[resource];
    if (requests[resource] > most) {
      problems.refuse(
        'resources',
        new Verbatim(`${quantity(requests[resource])} ${resource} for one pod`),
        `at most the allocatable amount of a node (the ClusterProfile says ${quantity(most)})`,
        {
          rule: 'scheduling/pod-too-large',
          fix: "Request less, or correct 'allocatable' of the profile: such a pod stays pending",
        },
      );
    }
  }
}
