import type { IConstruct } from 'constructs';
import { PerApp } from '../kernel/model/per-app';
import type { Overhead } from '../kubernetes/pod-size';
import type { ContainerSettings } from '../pod/container';
import type { VolumeSettings } from '../pod/volumes';

/** A volume that each pod has of its own. */
export interface ClaimFacts {
  /** Left out for the cluster's default class. */
  readonly storageClass?: string;
  readonly bytes: number;
}

/** How many pods there are. */
export interface ScaleFacts {
  /** The least number of pods. */
  readonly replicas: number;
  /** The most pods outside of a rollout: the maximum of an autoscaler. */
  readonly most: number;
  /** Pods above `most` that a rollout starts before old ones are told to stop. */
  readonly surge: number;
  /** Pods that may still be stopping beside those, in the worst case. They count in quotas until they are gone. */
  readonly stopping: number;
}

/** What the numbers become when an autoscaler that the workload does not know raises `most`. */
export type Rescale = (most: number) => ScaleFacts;

/** What a workload asks of the cluster. */
export interface WorkloadFacts extends ScaleFacts {
  readonly scaledTo: Rescale;
  readonly construct: IConstruct;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Of each pod, in no particular order: `podSize` knows the order in which they start. */
  readonly containers: ReadonlyArray<Pick<ContainerSettings, 'name' | 'role' | 'resources'>>;
  readonly overhead: Overhead;
  readonly claims: readonly ClaimFacts[];
  readonly volumes: readonly VolumeSettings[];
  readonly priorityClass?: string;
  /** Whether the pods have the token of their ServiceAccount. */
  readonly token: boolean;
}

const facts = new PerApp<Array<() => WorkloadFacts>>(() => []);

/** `read` is called when somebody asks: sidecars and mounts may still be added. */
export function recordWorkload(construct: IConstruct, read: () => WorkloadFacts): void {
  facts.of(construct).push(read);
}

/** All workloads of the app. Each call computes them anew: ask once a synthesis. */
export function recordedWorkloads(app: IConstruct): WorkloadFacts[] {
  return facts.of(app).map((read) => read());
}
