import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { AutoscalingSettings, ScaledKind } from './autoscaling';
import { connectTriggers } from './events/connect-triggers';
import type { EventScalingSettings } from './events/read-event-scaling';
import { type ConnectedTrigger, renderScaledObject } from './events/render-scaled-object';
import { renderAutoscaler } from './render-autoscaler';
import { emitPart, type Site } from './site';
import { AppModel } from '../kernel/facts/app-model';
import { hasInjectedProxy } from '../network/injected-proxy';

/** A workload that KEDA scales. */
export interface EventScalingFact {
  readonly owner: IConstruct;
  readonly scaling: EventScalingSettings;
  readonly triggers: readonly ConnectedTrigger[];
  /** Names of the Secrets with the credentials of KEDA. */
  readonly secrets: readonly string[];
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly eventScaling: EventScalingFact;
  }
}

const API_VERSION = 'keda.sh/v1alpha1';

/** Emits the ScaledObject of a controller, and its TriggerAuthentications. */
export function emitEventScaling(
  site: Site,
  autoscaling: AutoscalingSettings,
  events: EventScalingSettings,
  kind: ScaledKind,
): ApiObject {
  const { pod, name, owner, problems } = site;
  const { triggers, authentications } = connectTriggers(owner, name, events.triggers, problems);
  const secrets = authentications.flatMap((one) => one.secrets);
  AppModel.of(owner).add('eventScaling', { owner, scaling: events, triggers, secrets });
  for (const authentication of authentications) {
    emitPart(
      site,
      `TriggerAuthentication-${authentication.name}`,
      { apiVersion: API_VERSION, kind: 'TriggerAuthentication', name: authentication.name },
      () => authentication.spec,
    );
  }
  const annotations =
    events.pausedAt === undefined ? undefined : { 'autoscaling.keda.sh/paused-replicas': String(events.pausedAt) };
  return emitPart(site, 'ScaledObject', { apiVersion: API_VERSION, kind: 'ScaledObject', annotations }, () => {
    const [main, ...others] = pod.containers;
    const hasSidecars = others.some(({ role }) => role === 'sidecar') || hasInjectedProxy(pod.labels());
    const target = { apiVersion: 'apps/v1', kind, name };
    const { behavior } = renderAutoscaler(autoscaling, target, main.name, hasSidecars);
    return renderScaledObject(target, events, triggers, behavior, hasSidecars ? main.name : undefined);
  });
}
