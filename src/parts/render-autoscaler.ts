import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscalerSpec,
  MetricSpec,
} from 'kubernetes-types/autoscaling/v2';
import type { AutoscalingSettings, Metric } from './autoscaling';

/**
 * - With sidecars, including those of a mesh, only the main container counts: their idle CPU would hide its load in the
 *   average of the pod.
 * - Scaling up uses Kubernetes' default pace, written out. Scaling down removes a tenth a minute, since the default may
 *   remove all at once.
 */
export function renderAutoscaler(
  settings: AutoscalingSettings,
  target: CrossVersionObjectReference,
  main: string,
  hasSidecars: boolean,
): HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: target,
    minReplicas: settings.min,
    maxReplicas: settings.max,
    metrics: settings.targets.map(({ metric, utilization }) =>
      renderMetric(metric, utilization, hasSidecars ? main : undefined),
    ),
    behavior: {
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Percent', value: 100, periodSeconds: 15 },
          { type: 'Pods', value: 4, periodSeconds: 15 },
        ],
      },
      scaleDown: {
        stabilizationWindowSeconds: settings.scaleDownWindow,
        selectPolicy: 'Max',
        policies: [
          { type: 'Percent', value: 10, periodSeconds: 60 },
          { type: 'Pods', value: 1, periodSeconds: 60 },
        ],
      },
    },
  };
}

function renderMetric(name: Metric, averageUtilization: number, container: string | undefined): MetricSpec {
  const target = { type: 'Utilization', averageUtilization };
  return container === undefined
    ? { type: 'Resource', resource: { name, target } }
    : { type: 'ContainerResource', containerResource: { name, container, target } };
}
