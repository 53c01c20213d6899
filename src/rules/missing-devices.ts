import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import type { ClusterFacts } from '../kernel/model/cluster-facts';
import { nodesWith, type Wanted } from '../pod/device-nodes';
import { type PlacementSettings, refuseOtherNodes } from '../pod/placement';

/** Refuses devices that no node has, according to the cluster profile. Checks nothing if it does not say. */
export function refuseMissingDevices(
  placement: PlacementSettings,
  wanted: Wanted,
  { devices }: ClusterFacts,
  problems: Problems,
): void {
  if (devices === undefined) return;
  let { nodeSelector } = placement;
  for (const [resource, count] of wanted) {
    const found = nodesWith(resource, devices, placement.nodeSelector);
    const got = new Verbatim(`${count} ${resource} for one pod`);
    if (found.length === 0) {
      const known = [...new Set(devices.map((entry) => entry.resource))].join(', ') || 'none';
      problems.refuse('resources.extended', got, `a resource that nodes have (the ClusterProfile says ${known})`, {
        rule: 'scheduling/missing-device',
        fix: "Correct the name, or add the resource to 'devices' of the profile: such a pod stays pending",
      });
      continue;
    }
    if (found.length > 1) {
      problems.refuse('resources.extended', got, `one of the ${found.length} pools that have it`, {
        rule: 'scheduling/device-pool',
        fix: "Set 'placeOn' to the pool whose devices you need",
      });
      continue;
    }
    const [{ perNode, pool }] = found;
    if (count > perNode) {
      problems.refuse('resources.extended', got, `at most those of a node (the ClusterProfile says ${perNode})`, {
        rule: 'scheduling/pod-too-large',
        fix: "Request less, or correct 'devices' of the profile: such a pod stays pending",
      });
    }
    if (pool === undefined) continue;
    refuseOtherNodes(nodeSelector, pool.nodeLabels, 'nodeSelector', "'devices' of the ClusterProfile", problems);
    nodeSelector = { ...nodeSelector, ...pool.nodeLabels };
  }
}
