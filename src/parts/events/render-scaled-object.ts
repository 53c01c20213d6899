import type { HorizontalPodAutoscalerBehavior } from 'kubernetes-types/autoscaling/v2';
import type { EventScalingSettings } from './read-event-scaling';
import type { TriggerSettings } from './read-trigger';

/** A trigger with the address and the credentials of what it measures. */
export interface ConnectedTrigger extends TriggerSettings {
  /** The object with its credentials. */
  readonly reference?: { readonly kind: string; readonly name: string };
}

/** KEDA names its HorizontalPodAutoscaler `keda-hpa-NAME`, and refuses a name of more than 63 characters. */
const LONGEST_NAME = 63 - 'keda-hpa-'.length;

/** `main` is the container whose use decides; none without sidecars. */
export function renderScaledObject(
  target: { readonly apiVersion: string; readonly kind: string; readonly name: string },
  settings: EventScalingSettings,
  triggers: readonly ConnectedTrigger[],
  behavior: HorizontalPodAutoscalerBehavior | undefined,
  main: string | undefined,
): object {
  const { name } = target;
  const { min, max, zeroWhenIdle, pollingInterval, cooldownPeriod, fallback } = settings;
  return {
    scaleTargetRef: target,
    minReplicaCount: min,
    maxReplicaCount: max,
    idleReplicaCount: zeroWhenIdle ? 0 : undefined,
    pollingInterval,
    cooldownPeriod,
    fallback,
    advanced: {
      horizontalPodAutoscalerConfig: { name: name.length > LONGEST_NAME ? name : undefined, behavior },
    },
    triggers: triggers.map(({ type, metricType, metadata, resource, reference }) => ({
      type,
      // the default of KEDA
      metricType: metricType === 'AverageValue' ? undefined : metricType,
      metadata: resource && main !== undefined ? { ...metadata, containerName: main } : metadata,
      authenticationRef: reference,
    })),
  };
}
