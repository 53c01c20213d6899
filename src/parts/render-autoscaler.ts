import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscalerSpec,
  HPAScalingRules,
  MetricSpec,
} from 'kubernetes-types/autoscaling/v2';
import type { AutoscalingSettings, Metric } from './autoscaling';
import type { DirectionSettings } from './pace/pace-settings';
import type { MetricSettings } from './scaling-metric';

/**
 * With sidecars, including those of a mesh, only the main container counts: their idle CPU would hide its load in the
 * average of the pod.
 */
export function renderAutoscaler(
  { min, max, targets, metrics, pace }: AutoscalingSettings,
  target: CrossVersionObjectReference,
  main: string,
  hasSidecars: boolean,
): HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: target,
    minReplicas: min,
    maxReplicas: max,
    // Clusters that store autoscalers by version 1 give CPU back as the last metric, and the others in their order:
    // another order is never in sync
    metrics: [
      ...metrics.map(renderOwnMetric),
      ...[...targets]
        .reverse()
        .map(({ metric, utilization }) => renderMetric(metric, utilization, hasSidecars ? main : undefined)),
    ],
    behavior: { scaleUp: renderDirection(pace.up), scaleDown: renderDirection(pace.down) },
  };
}

function renderDirection({ window, select, steps, tolerance }: DirectionSettings): HPAScalingRules {
  return {
    stabilizationWindowSeconds: window,
    selectPolicy: select,
    policies: steps.map(({ type, value, period }) => ({ type, value, periodSeconds: period })),
    ...(tolerance === undefined ? {} : { tolerance: ratio(tolerance) }),
  };
}

/** A percentage as a quantity, in the spelling that the API server returns. */
function ratio(percent: number): string {
  return percent % 100 === 0 ? String(percent / 100) : `${10 * percent}m`;
}

function renderOwnMetric({ kind, metric: name, object, selector, value, isAverage }: MetricSettings): MetricSpec {
  const metric =
    selector && Object.keys(selector).length > 0 ? { name, selector: { matchLabels: selector } } : { name };
  const target = isAverage ? { type: 'AverageValue', averageValue: value } : { type: 'Value', value };
  if (kind === 'Pods') return { type: kind, pods: { metric, target } };
  if (kind === 'External') return { type: kind, external: { metric, target } };
  return { type: kind, object: { describedObject: object as CrossVersionObjectReference, metric, target } };
}

function renderMetric(name: Metric, averageUtilization: number, container: string | undefined): MetricSpec {
  const target = { type: 'Utilization', averageUtilization };
  return container === undefined
    ? { type: 'Resource', resource: { name, target } }
    : { type: 'ContainerResource', containerResource: { name, container, target } };
}
