import { type PlacementSettings, withToleration } from './placement';
import type { ClusterFacts } from '../kernel/model/cluster-facts';
import type { DeviceFacts } from '../scheduling/node-devices';

/** Numbers of devices by the name of the extended resource. */
export type Wanted = ReadonlyMap<string, number>;

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
export function nodesWith(
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
