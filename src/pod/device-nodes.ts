import { type PlacementSettings, refuseOtherNodes, withToleration } from './placement';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import type { ClusterFacts } from '../kernel/model/cluster-facts';
import type { DeviceFacts } from '../scheduling/node-devices';

/** Numbers of devices by the name of the extended resource. */
type Wanted = ReadonlyMap<string, number>;

/** A placement with the nodes that have the devices, as the cluster profile says. */
export function onDeviceNodes(
  placement: PlacementSettings,
  wanted: Wanted,
  { devices = [] }: ClusterFacts,
): PlacementSettings {
  return [...wanted.keys()].reduce((placed, resource): PlacementSettings => {
    const [pool, ...others] = nodesWith(resource, devices, placement.nodeSelector).map((found) => found.pool);
    if (pool === undefined || others.length > 0) return placed;
    return {
      ...placed,
      nodeSelector: { ...placed.nodeSelector, ...pool.nodeLabels },
      tolerations: withToleration(placed.tolerations, pool.toleration),
    };
  }, placement);
}

/**
 * The nodes that have a resource. With several pools, the node selector of the pod decides, which `placeOn` also
 * writes.
 */
function nodesWith(
  resource: string,
  devices: readonly DeviceFacts[],
  selector: Readonly<Record<string, string>>,
): readonly DeviceFacts[] {
  const all = devices.filter((entry) => entry.resource === resource);
  if (all.length < 2) return all;
  const chosen = all.filter(({ pool }) =>
    Object.entries(pool?.nodeLabels ?? {}).every(([label, value]) => selector[label] === value),
  );
  return chosen.length > 0 ? chosen.slice(0, 1) : all;
}

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
