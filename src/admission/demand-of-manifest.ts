import type { ApiObject } from 'cdk8s';
import type { ClaimDemand, WorkloadDemand } from './demand';
import { scaleOf } from '../controllers/rollout';
import { type ClusterFacts, isAtLeast } from '../kernel/model/cluster-facts';
import { countAt, list, part, textAt } from '../kernel/schema/manifest';
import { type IntOrPercent, intOrPercent, scaled } from '../kubernetes/int-or-percent';
import { containersIn, type PodDemand, toAmounts, toStoredAmounts } from '../kubernetes/pod-demand';
import { isPodKind, type PodKind, podTemplateOf } from '../kubernetes/pod-template';
import { ONE, roundUp } from '../kubernetes/quantity';
import type { ScaleFacts } from '../pod/workload-facts';

/** Context of a manifest. */
export interface Surroundings {
  readonly source: ApiObject;
  readonly cluster: string;
  /** Whether the API adds missing requests of a whole pod after the LimitRanges. */
  readonly defaultsLast: boolean;
  /** Nodes of the cluster, if known: a DaemonSet has a pod on each. */
  readonly nodes?: number;
  /** The maximum of an autoscaler for the workload. */
  readonly autoscaled?: number;
  /** The overhead of a RuntimeClass for each pod, from the manifest of the class. */
  overheadOf(runtimeClass: string): unknown;
}

type Pods = Pick<WorkloadDemand, 'counted'> & Omit<ScaleFacts, 'replicas'>;

const steady = (most: number, stopping = 0): Pods => ({ most, surge: 0, stopping });

/** Number of pods of each kind, by API group, since other groups use the same kind names. */
const PODS: Readonly<Record<PodKind, (manifest: unknown, around: Surroundings) => Pods>> = {
  'apps/Deployment': (manifest, { autoscaled }) => ofDeployment(manifest, autoscaled),
  'apps/StatefulSet': (manifest, { autoscaled }) => replicated(manifest, autoscaled),
  'apps/ReplicaSet': (manifest, { autoscaled }) => replicated(manifest, autoscaled),
  'core/ReplicationController': (manifest, { autoscaled }) => replicated(manifest, autoscaled),
  'apps/DaemonSet': (manifest, { nodes, cluster }) => ({
    most: nodes ?? 1,
    surge: scaled(
      intOrPercent.read(part(manifest, 'spec', 'updateStrategy', 'rollingUpdate', 'maxSurge') ?? 0, () => undefined) ??
        0,
      nodes ?? 1,
      'up',
    ),
    stopping: 0,
    counted:
      nodes === undefined
        ? `one, since the ClusterProfile '${cluster}' has no 'nodes'`
        : `the nodes of ClusterProfile '${cluster}'`,
  }),
  'batch/Job': (manifest) => steady(ofJob(part(manifest, 'spec'))),
  'batch/CronJob': (manifest) => {
    const pods = ofJob(part(manifest, 'spec', 'jobTemplate', 'spec'));
    // runs can overlap, or the old one is still terminating
    return steady(pods, part(manifest, 'spec', 'concurrencyPolicy') === 'Forbid' ? 0 : pods);
  },
  'core/Pod': () => steady(1),
};

/** Whether the API of a cluster adds missing requests of a whole pod after the LimitRanges, as from 1.37 on. */
export function defaultsLast(cluster: ClusterFacts): boolean {
  return isAtLeast(cluster, 37);
}

/** The demand of a workload outside this library, from its manifest with the defaults of the API. */
export function demandOfManifest(manifest: unknown, around: Surroundings): WorkloadDemand | undefined {
  const { apiGroup, kind } = around.source;
  const podKind = `${apiGroup}/${kind}`;
  if (manifest === undefined || !isPodKind(podKind)) return undefined;
  const pods = PODS[podKind](manifest, around);
  const spec = part(podTemplateOf(manifest)?.pod, 'spec');
  const unreadable: string[] = [];
  return {
    ...pods,
    source: around.source,
    kind,
    pod: toPod(spec, around, unreadable),
    claims: [
      ...(kind === 'StatefulSet'
        ? list(part(manifest, 'spec', 'volumeClaimTemplates')).map((claim) => toClaim(claim, unreadable))
        : []),
      ...ephemeralClaims(list(part(spec, 'volumes')), unreadable),
    ],
    unreadable,
  };
}

/** A claim, standalone or from a template. */
export function toClaim(claim: unknown, unreadable: string[]): ClaimDemand {
  const { storage = 0n } = toAmounts(part(claim, 'spec', 'resources', 'requests'), unreadable);
  const storageClass =
    textAt(claim, 'metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class') ??
    textAt(claim, 'spec', 'storageClassName');
  return { storageClass, storage: roundUp(storage, ONE), ephemeral: false };
}

/**
 * The claims that Kubernetes creates for each pod with such volumes.
 *
 * @see https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#generic-ephemeral-volumes
 */
export function ephemeralClaims(volumes: readonly unknown[], unreadable: string[]): ClaimDemand[] {
  return volumes.flatMap((volume) => {
    const template = part(volume, 'ephemeral', 'volumeClaimTemplate');
    return template === undefined ? [] : [{ ...toClaim(template, unreadable), ephemeral: true }];
  });
}

function replicated(manifest: unknown, autoscaled: number | undefined): Pods {
  return steady(autoscaled ?? countAt(manifest, 'spec', 'replicas') ?? 1);
}

function ofDeployment(manifest: unknown, autoscaled: number | undefined): Pods {
  const most = autoscaled ?? countAt(manifest, 'spec', 'replicas') ?? 1;
  const rolling = part(manifest, 'spec', 'strategy', 'rollingUpdate');
  const share = (name: string): IntOrPercent => intOrPercent.read(part(rolling, name), () => undefined) ?? '25%';
  const { surge, stopping } =
    part(manifest, 'spec', 'strategy', 'type') === 'Recreate'
      ? scaleOf({ kind: 'Recreate' }, most, most)
      : scaleOf(
          { kind: 'RollingUpdate', maxSurge: share('maxSurge'), maxUnavailable: share('maxUnavailable') },
          most,
          most,
        );
  return { most, surge, stopping };
}

function ofJob(job: unknown): number {
  const parallelism = countAt(job, 'parallelism') ?? 1;
  return Math.min(parallelism, countAt(job, 'completions') ?? parallelism);
}

function toPod(spec: unknown, around: Surroundings, unreadable: string[]): PodDemand {
  const runtimeClass = textAt(spec, 'runtimeClassName');
  const overhead = part(spec, 'overhead') ?? (runtimeClass === undefined ? undefined : around.overheadOf(runtimeClass));
  const whole = part(spec, 'resources');
  return {
    containers: containersIn(spec, unreadable),
    overhead: toStoredAmounts(overhead, unreadable),
    ...(whole === undefined
      ? {}
      : {
          whole: {
            requests: toStoredAmounts(part(whole, 'requests'), unreadable),
            limits: toStoredAmounts(part(whole, 'limits'), unreadable),
            defaultsLast: around.defaultsLast,
          },
        }),
    priorityClass: textAt(spec, 'priorityClassName'),
    deadline: countAt(spec, 'activeDeadlineSeconds') !== undefined,
  };
}
