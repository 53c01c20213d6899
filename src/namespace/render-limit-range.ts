import type { LimitRangeItem, LimitRangeSpec } from 'kubernetes-types/core/v1';
import type { AmountSettings, LimitRangeSettings } from './limit-range';
import type { AllocatableFacts } from '../foundation/cluster-facts';
import { bytesQuantity, cpuQuantity } from '../foundation/quantity';

/** `node`: what the nodes of the cluster have for pods. */
export function renderLimitRange(settings: LimitRangeSettings, node: AllocatableFacts | undefined): LimitRangeSpec {
  const { defaultRequest, defaultLimit, min, maxRatio, minClaim, maxClaim } = settings;
  const max = { ...maxOfNode(settings, node), ...settings.max };
  const container: LimitRangeItem = {
    type: 'Container',
    default: quantities(defaultLimit),
    defaultRequest: quantities(defaultRequest),
    ...(Object.keys(min).length > 0 ? { min: quantities(min) } : {}),
    ...(Object.keys(max).length > 0 ? { max: quantities(max) } : {}),
    ...(Object.keys(maxRatio).length > 0 ? { maxLimitRequestRatio: Object.fromEntries(Object.entries(maxRatio).map(([resource, thousandths]) => [resource, cpuQuantity(thousandths)])) } : {}),
  };
  if (minClaim === undefined && maxClaim === undefined) return { limits: [container] };
  const claim: LimitRangeItem = {
    type: 'PersistentVolumeClaim',
    ...(minClaim === undefined ? {} : { min: { storage: bytesQuantity(minClaim) } }),
    ...(maxClaim === undefined ? {} : { max: { storage: bytesQuantity(maxClaim) } }),
  };
  return { limits: [container, claim] };
}

/** Not below the default limits, which the API would refuse; and no CPU where containers need no limit. */
function maxOfNode({ defaultLimit }: LimitRangeSettings, node: AllocatableFacts | undefined): AmountSettings {
  if (node === undefined) return {};
  return {
    ...(defaultLimit.cpu === undefined ? {} : { cpu: Math.max(node.cpu, defaultLimit.cpu) }),
    memory: Math.max(node.memory, defaultLimit.memory ?? 0),
  };
}

function quantities({ cpu, memory, ephemeralStorage }: AmountSettings): Record<string, string> {
  return {
    ...(cpu === undefined ? {} : { cpu: cpuQuantity(cpu) }),
    ...(memory === undefined ? {} : { memory: bytesQuantity(memory) }),
    ...(ephemeralStorage === undefined ? {} : { 'ephemeral-storage': bytesQuantity(ephemeralStorage) }),
  };
}
