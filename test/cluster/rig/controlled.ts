import type { Manifest } from './cluster';

/**
 * What the controllers would make of a workload at its peak, without waiting for them: pods, claims, ReplicaSets, Jobs.
 * The workload itself is switched off. No scheduler takes the pods, so that nothing runs.
 */
export interface Controlled {
  readonly objects: readonly Manifest[];
  readonly pods: readonly Manifest[];
}

/** `autoscaled`: the maximum of an autoscaler of the workload. */
export function controlled(workload: Manifest, autoscaled?: number): Controlled {
  const { kind, metadata, spec = {} } = workload;
  const off = (more: Manifest): Manifest => ({ ...workload, spec: { ...spec, ...more } });
  const most = autoscaled ?? (spec.replicas as number | undefined) ?? 1;
  switch (kind) {
    case 'Deployment':
      return {
        objects: [
          off({ replicas: 0, paused: true }),
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            metadata: { name: `${metadata.name}-1`, namespace: metadata.namespace },
            spec: nothing(),
          },
        ],
        pods: podsOf(workload, spec.template as Manifest, most + surgeOf(spec as Manifest, most)),
      };
    case 'StatefulSet':
      return {
        objects: [
          off({ replicas: 0 }),
          ...((spec.volumeClaimTemplates ?? []) as Manifest[]).flatMap((claim) =>
            Array.from({ length: most }, (_, index) => ({
              apiVersion: 'v1',
              kind: 'PersistentVolumeClaim',
              metadata: { name: `${claim.metadata.name}-${metadata.name}-${index}`, namespace: metadata.namespace },
              spec: claim.spec as Manifest,
            })),
          ),
        ],
        pods: podsOf(workload, spec.template as Manifest, most).map((pod, index) =>
          withClaims(pod, (spec.volumeClaimTemplates ?? []) as Manifest[], `${metadata.name}-${index}`),
        ),
      };
    case 'ReplicaSet':
      return { objects: [off({ replicas: 0 })], pods: podsOf(workload, spec.template as Manifest, most) };
    case 'DaemonSet':
      return {
        objects: [
          off({
            template: { ...spec.template, spec: { ...spec.template.spec, nodeSelector: { 'example.com/no': 'node' } } },
          }),
        ],
        pods: podsOf(workload, spec.template as Manifest, 1),
      };
    case 'Job':
      return {
        objects: [off({ suspend: true })],
        pods: podsOf(workload, spec.template as Manifest, parallelOf(spec as Manifest)),
      };
    case 'CronJob': {
      const job = {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: `${metadata.name}-1`, namespace: metadata.namespace },
        spec: { ...spec.jobTemplate.spec, suspend: true },
      };
      return {
        objects: [off({ suspend: true }), job],
        pods: podsOf(
          workload,
          spec.jobTemplate.spec.template as Manifest,
          parallelOf(spec.jobTemplate.spec as Manifest),
        ),
      };
    }
    case 'Pod':
      return { objects: [], pods: podsOf(workload, workload, 1) };
    default:
      return { objects: [workload], pods: [] };
  }
}

function podsOf({ kind, metadata }: Manifest, template: Manifest, count: number): Manifest[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    // without labels no controller adopts them
    metadata: { name: `${metadata.name}-${(kind as string).toLowerCase()}-${index}`, namespace: metadata.namespace },
    spec: { ...template.spec, schedulerName: 'none' },
  }));
}

function withClaims(pod: Manifest, claims: readonly Manifest[], name: string): Manifest {
  const volumes = claims.map((claim) => ({
    name: claim.metadata.name as string,
    persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}` },
  }));
  return { ...pod, spec: { ...pod.spec, volumes: [...(pod.spec.volumes ?? []), ...volumes] } };
}

/**
 * The pods of the new ReplicaSet beside the old ones: it is never larger than the Deployment, whatever `maxSurge`
 * allows.
 */
function surgeOf({ strategy }: Manifest, replicas: number): number {
  if (strategy?.type === 'Recreate') return 0;
  const surge = (strategy?.rollingUpdate?.maxSurge ?? '25%') as number | string;
  return Math.min(
    replicas,
    typeof surge === 'number' ? surge : Math.ceil((Number.parseInt(surge, 10) * replicas) / 100),
  );
}

function parallelOf({ parallelism = 1, completions = parallelism }: Manifest): number {
  return Math.min(parallelism as number, completions as number);
}

function nothing(): Manifest {
  return {
    replicas: 0,
    selector: { matchLabels: { app: 'nothing' } },
    template: { metadata: { labels: { app: 'nothing' } }, spec: { containers: [{ name: 'main', image: 'none' }] } },
  };
}
