import type { IConstruct } from 'constructs';
import type { ContainerSettings } from './container';
import type { ClaimSettings } from './pod-settings';
import type { VolumeSettings } from './volumes';
import { AppModel } from '../kernel/facts/app-model';
import type { AppView } from '../kernel/facts/app-view';
import type { Overhead } from '../kubernetes/pod-size';

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
  readonly containers: ReadonlyArray<Pick<ContainerSettings, 'name' | 'image' | 'role' | 'resources'>>;
  readonly overhead: Overhead;
  readonly claims: readonly ClaimSettings[];
  readonly volumes: readonly VolumeSettings[];
  readonly priorityClass?: string;
  /** Whether the pods have the token of their ServiceAccount. */
  readonly token: boolean;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    /** Known only when the app is complete: sidecars and mounts may still be added. */
    readonly workload: () => WorkloadFacts;
  }
}

export function recordWorkload(construct: IConstruct, read: () => WorkloadFacts): void {
  AppModel.of(construct).add('workload', read);
}

/** All workloads of the app. */
export function workloadsOf(view: AppView): readonly WorkloadFacts[] {
  return view.derive(readWorkloads);
}

function readWorkloads(view: AppView): WorkloadFacts[] {
  return view.all('workload').map((read) => read());
}
