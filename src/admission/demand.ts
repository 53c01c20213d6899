import type { IConstruct } from 'constructs';
import type { PodDemand } from '../kubernetes/pod-demand';
import type { Nanos } from '../kubernetes/quantity';
import type { ScaleFacts } from '../pod/workload-facts';

export interface ClaimDemand {
  /** Omitted for the default class of the cluster, which the app does not know. */
  readonly storageClass?: string;
  readonly storage: Nanos;
  /** Whether it lives and dies with its pod. Pods of a rollout and terminating pods then have their own. */
  readonly ephemeral: boolean;
}

/** Demands of a workload on its namespace. */
export interface WorkloadDemand extends Omit<ScaleFacts, 'replicas'> {
  /** The block or the object. */
  readonly source: IConstruct;
  readonly kind: string;
  readonly pod: PodDemand;
  /** Of each pod. */
  readonly claims: readonly ClaimDemand[];
  /** The source of the number of pods, if the workload does not state it. */
  readonly counted?: string;
  /** Quantities that the API would refuse. */
  readonly unreadable: readonly string[];
}

/** The name in messages. */
export function titleOf({ kind, source }: Pick<WorkloadDemand, 'kind' | 'source'>): string {
  return `${kind} ${source.node.path}`;
}
