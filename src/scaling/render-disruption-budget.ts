import type { PodDisruptionBudgetSpec } from 'kubernetes-types/policy/v1';
import type { BudgetSettings } from './disruption-budget';
import { identity } from '../kernel/emit/labels';

/** Pods that are not ready do not protect themselves: a broken release must not block a node upgrade. */
export function renderBudget({ kind, pods }: BudgetSettings, name: string): PodDisruptionBudgetSpec {
  return {
    maxUnavailable: kind === 'maxUnavailable' ? pods : undefined,
    minAvailable: kind === 'minAvailable' ? pods : undefined,
    selector: { matchLabels: identity(name) },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  };
}
