import type { ApiObject } from 'cdk8s';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { isOurs } from '../kernel/model/specs';
import { wireOf } from '../kernel/model/wire';
import { part, textAt } from '../kernel/schema/manifest';
import { landingNamespace } from '../kubernetes/cluster-scoped';

/** A HorizontalPodAutoscaler of another library. */
export interface ForeignAutoscaler {
  readonly object: ApiObject;
  readonly min: number;
}

/** The autoscaler of another library for a workload. */
export function foreignAutoscalerOf(view: PassView, workload: ApiObject): ForeignAutoscaler | undefined {
  return view.derive(foreignAutoscalers).get(keyOf(workload, workload.apiGroup, workload.kind, workload.name));
}

function foreignAutoscalers({ objects }: PassView): Map<string, ForeignAutoscaler> {
  const found = new Map<string, ForeignAutoscaler>();
  for (const object of objects) {
    if (object.kind !== 'HorizontalPodAutoscaler' || object.apiGroup !== 'autoscaling' || isOurs(object)) continue;
    const spec = part(wireOf(object), 'spec');
    const [apiVersion, kind, name] = ['apiVersion', 'kind', 'name'].map(
      (key) => textAt(spec, 'scaleTargetRef', key) ?? '',
    );
    const minReplicas = part(spec, 'minReplicas');
    // the default in
    // https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ is 1
    found.set(keyOf(object, apiVersion.split('/')[0], kind, name), {
      object,
      min: typeof minReplicas === 'number' ? minReplicas : 1,
    });
  }
  return found;
}

function keyOf(beside: ApiObject, apiGroup: string, kind: string, name: string): string {
  return [clusterOf(beside).name, landingNamespace(beside) ?? '', apiGroup, kind, name].join('\n');
}
