import type { ResourceRequirements } from 'kubernetes-types/core/v1';
import type { Amount, ResourceSettings } from './resources';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';

export function renderResources(settings: ResourceSettings): ResourceRequirements | undefined {
  const amounts: Array<[string, Amount | undefined, (value: number) => string]> = [
    ['cpu', settings.cpu, cpuQuantity],
    ['memory', settings.memory, bytesQuantity],
    ['ephemeral-storage', settings.ephemeralStorage, bytesQuantity],
  ];
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const [name, amount, quantity] of amounts) {
    if (amount === undefined) continue;
    requests[name] = quantity(amount.request);
    if (amount.limit !== undefined) limits[name] = quantity(amount.limit);
  }
  return Object.keys(requests).length === 0 ? undefined : { requests, limits };
}
