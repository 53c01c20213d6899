import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { ContainerSettings } from './container';
import type { EmptyDir } from './empty-dirs';
import type { ClaimSettings, PodSettings } from './pod-settings';
import type { VolumeSettings } from './volumes';
import { AppModel } from '../kernel/facts/app-model';
import type { AppView } from '../kernel/facts/app-view';
import type { Overhead } from '../kubernetes/pod-size';
import type { IConnectionClient } from '../network/connection';

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
  /** The object that runs the pods, where the facts are read from its manifest. */
  readonly readFrom?: ApiObject;
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

/** The pods of a workload, for those who look into them. */
export interface PodTemplate {
  readonly owner: IConnectionClient;
  /** Kind of the controller. */
  readonly kind: string;
  readonly pod: PodSettings;
  /** Variables that the controller adds to each pod. */
  readonly addedVariables: readonly string[];
  /** Seconds after which a pod ends in any case; `Infinity` where nothing ends it. */
  readonly endsAfter: number;
}

/** A claim that is mounted by its name. */
export interface ClaimMount {
  readonly owner: IConstruct;
  readonly claim: string;
  readonly pod: PodSettings;
  /** Whether several pods use it at the same time, and what makes them one. */
  readonly severalPods: () => { readonly fix?: string } | undefined;
}

/** Directories of a pod that have a limit of their size. */
export interface EmptyDirs {
  readonly owner: IConstruct;
  readonly pod: PodSettings;
  readonly dirs: readonly EmptyDir[];
}

/** The pods of a block from outside. */
export interface OutsidePods {
  readonly owner: IConstruct;
  /** The object that runs them, where that has been said. */
  controller(): ApiObject | undefined;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly podTemplate: PodTemplate;
    readonly claimMount: ClaimMount;
    readonly emptyDirs: EmptyDirs;
    readonly outsidePods: OutsidePods;
    /** Known only when the app is complete: sidecars and mounts may still be added. */
    readonly workload: () => WorkloadFacts;
  }
}

export function recordWorkload(construct: IConstruct, read: () => WorkloadFacts): void {
  AppModel.of(construct).add('workload', read);
}

export function statePods(template: PodTemplate): void {
  AppModel.of(template.owner).add('podTemplate', template);
}

export function stateClaimMount(mount: ClaimMount): void {
  AppModel.of(mount.owner).add('claimMount', mount);
}

export function stateEmptyDirs(dirs: EmptyDirs): void {
  AppModel.of(dirs.owner).add('emptyDirs', dirs);
}

export function stateOutsidePods(pods: OutsidePods): void {
  AppModel.of(pods.owner).add('outsidePods', pods);
}

/** All workloads of the app. */
export function workloadsOf(view: AppView): readonly WorkloadFacts[] {
  return view.derive(readWorkloads);
}

function readWorkloads(view: AppView): WorkloadFacts[] {
  return view.all('workload').map((read) => read());
}
