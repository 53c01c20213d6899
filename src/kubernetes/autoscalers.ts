import { countAt, list, part, textAt } from '../kernel/schema/manifest';

/** The object that an autoscaler changes. */
export interface ScalingTarget {
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

/** What changes the number of pods of a workload. */
export interface HorizontalScaling {
  readonly target: ScalingTarget;
  readonly min: number;
  readonly max?: number;
  /** The resources whose use decides, such as `cpu`. */
  readonly resources: readonly string[];
}

/** What changes the requests of the pods of a workload. */
export interface VerticalScaling {
  readonly target: ScalingTarget;
  /** The resources that it sets. */
  readonly resources: readonly string[];
}

/** Kinds that set `spec.replicas`, as `<group>/<kind>`. */
export const HORIZONTAL = ['autoscaling/HorizontalPodAutoscaler', 'keda.sh/ScaledObject'];
/** The kind that sets the requests of pods. */
export const VERTICAL = 'autoscaling.k8s.io/VerticalPodAutoscaler';

/** Reads an autoscaler of pods, with the defaults of its controller; `undefined` where it names no target. */
export function horizontalScaling(manifest: unknown): HorizontalScaling | undefined {
  const spec = part(manifest, 'spec');
  if (part(manifest, 'kind') === 'ScaledObject') return ofKeda(spec);
  const target = targetOf(part(spec, 'scaleTargetRef'), undefined);
  if (target === undefined) return undefined;
  const metrics = list(part(spec, 'metrics'));
  const measured = metrics.flatMap(
    (metric) => textAt(metric, 'resource', 'name') ?? textAt(metric, 'containerResource', 'name') ?? [],
  );
  return {
    target,
    // https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
    min: countAt(spec, 'minReplicas') ?? 1,
    max: countAt(spec, 'maxReplicas'),
    // without metrics, 80 % of the CPU request
    resources: metrics.length === 0 ? ['cpu'] : measured,
  };
}

/** @see https://keda.sh/docs/latest/reference/scaledobject-spec/ */
function ofKeda(spec: unknown): HorizontalScaling | undefined {
  const target = targetOf(part(spec, 'scaleTargetRef'), 'Deployment');
  if (target === undefined) return undefined;
  const triggers = list(part(spec, 'triggers')).flatMap((trigger) => textAt(trigger, 'type') ?? []);
  return {
    target,
    min: countAt(spec, 'idleReplicaCount') ?? countAt(spec, 'minReplicaCount') ?? 0,
    max: countAt(spec, 'maxReplicaCount') ?? 100,
    resources: triggers.filter((type) => type === 'cpu' || type === 'memory'),
  };
}

const BOTH = ['cpu', 'memory'];

/** Reads a vertical autoscaler; `undefined` where it only recommends. */
export function verticalScaling(manifest: unknown): VerticalScaling | undefined {
  const spec = part(manifest, 'spec');
  const target = targetOf(part(spec, 'targetRef'), undefined);
  if (target === undefined || part(spec, 'updatePolicy', 'updateMode') === 'Off') return undefined;
  const policies = list(part(spec, 'resourcePolicy', 'containerPolicies')).filter(
    (policy) => part(policy, 'mode') !== 'Off',
  );
  const stated = policies.map((policy) => part(policy, 'controlledResources'));
  const all = policies.length === 0 || stated.includes(undefined);
  return { target, resources: all ? BOTH : [...new Set(stated.flatMap(list).map(String))] };
}

function targetOf(reference: unknown, usualKind: string | undefined): ScalingTarget | undefined {
  const [name, kind = usualKind] = [textAt(reference, 'name'), textAt(reference, 'kind')];
  if (name === undefined || kind === undefined) return undefined;
  const apiVersion = textAt(reference, 'apiVersion') ?? 'apps/v1';
  return { apiGroup: apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core', kind, name };
}
