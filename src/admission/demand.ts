import type { IConstruct } from 'constructs';
import type { PodDemand } from '../kubernetes/pod-demand';
import type { Nanos } from '../kubernetes/quantity';
import type { ScaleFacts } from '../pod/workload-facts';

export interface ClaimDemand {
  /** Left out for the cluster's default class, which the app does not know. */
  readonly storageClass?: string;
  readonly storage: Nanos;
  /** Whether it comes and goes with its pod, so that pods of a rollout and those that still stop have theirs, too. */
  readonly ephemeral: boolean;
}

/** What a workload asks of its namespace. */
export interface WorkloadDemand extends Omit<ScaleFacts, 'replicas'> {
  /** The block or the object. */
  readonly source: IConstruct;
  readonly kind: string;
  readonly pod: PodDemand;
  /** Of each pod. */
  readonly claims: readonly ClaimDemand[];
  /** From what the number of pods comes, where the workload itself does not tell. */
  readonly counted?: string;
  /** Quantities that the API would refuse. */
  readonly unreadable: readonly string[];
}

/** As messages name it. */
export function titleOf({ kind, source }: Pick<WorkloadDemand, 'kind' | 'source'>): string {
  return `${kind} ${source.node.path}`;
}
