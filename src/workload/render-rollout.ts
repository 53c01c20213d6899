import type { DeploymentStrategy } from 'kubernetes-types/apps/v1';
import type { RolloutSettings } from './rollout';

export function renderStrategy(settings: RolloutSettings): DeploymentStrategy {
  if (settings.kind === 'Recreate') return { type: 'Recreate' };
  const { maxSurge, maxUnavailable } = settings;
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
}
