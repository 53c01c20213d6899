import type { LimitRangeItem, LimitRangeSpec } from 'kubernetes-types/core/v1';
import type { AmountSettings, LimitRangeSettings } from './limit-range';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';

export function renderLimitRange({
  defaultRequest,
  defaultLimit,
  min,
  max,
  maxRatio,
  minClaim,
  maxClaim,
}: LimitRangeSettings): LimitRangeSpec {
  const container: LimitRangeItem = {
    type: 'Container',
    default: quantities(defaultLimit),
    defaultRequest: quantities(defaultRequest),
    ...(Object.keys(min).length > 0 ? { min: quantities(min) } : {}),
    ...(Object.keys(max).length > 0 ? { max: quantities(max) } : {}),
    ...(Object.keys(maxRatio).length > 0
      ? {
          maxLimitRequestRatio: Object.fromEntries(
            Object.entries(maxRatio).map(([resource, thousandths]) => [resource, cpuQuantity(thousandths)]),
          ),
        }
      : {}),
  };
  if (minClaim === undefined && maxClaim === undefined) return { limits: [container] };
  const claim: LimitRangeItem = {
    type: 'PersistentVolumeClaim',
    ...(minClaim === undefined ? {} : { min: { storage: bytesQuantity(minClaim) } }),
    ...(maxClaim === undefined ? {} : { max: { storage: bytesQuantity(maxClaim) } }),
  };
  return { limits: [container, claim] };
}

function quantities({ cpu, memory, ephemeralStorage }: AmountSettings): Record<string, string> {
  return {
    ...(cpu === undefined ? {} : { cpu: cpuQuantity(cpu) }),
    ...(memory === undefined ? {} : { memory: bytesQuantity(memory) }),
    ...(ephemeralStorage === undefined ? {} : { 'ephemeral-storage': bytesQuantity(ephemeralStorage) }),
  };
}
