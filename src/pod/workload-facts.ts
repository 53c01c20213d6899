import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { ContainerSettings } from './container';
import type { EmptyDir } from './empty-dirs';
import type { ClaimSettings, PodSettings } from './pod-settings';
import type { WholeSettings } from './resources';
import type { SidecarOrder } from './sidecar';
import type { VolumeSettings } from './volumes';
import { AppModel } from '../kernel/facts/app-model';
import type { Facts } from '../kernel/facts/fact-map';
import type { PassView } from '../kernel/facts/pass-view';
import type { Overhead } from '../kubernetes/pod-size';
import type { IConnectionClient } from '../network/connection';

/** Numbers of pods. */
export interface ScaleFacts {
  /** The minimum number of pods. */
  readonly replicas: number;
  /** The maximum number of pods outside a rollout, such as the maximum of an autoscaler. */
  readonly most: number;
  /** Pods above `most` that a rollout starts before it stops old ones. */
  readonly surge: number;
  /** Pods of these without which a rollout stops no old one. */
  readonly spare?: number;
  /** Pods that may still be terminating besides those, in the worst case. They count in quotas until they are gone. */
  readonly stopping: number;
}

/** The numbers with a `most` from an autoscaler outside the workload. */
export type Rescale = (most: number) => ScaleFacts;

/** Demands of a workload on the cluster. */
export interface WorkloadFacts extends ScaleFacts {
  readonly scaledTo: Rescale;
  readonly construct: IConstruct;
  /** The object that runs the pods, if its manifest is the source of the facts. */
  readonly readFrom?: ApiObject;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  /** Of each pod, in any order: `podSize` knows the start order. */
  readonly containers: ReadonlyArray<Pick<ContainerSettings, 'name' | 'image' | 'role' | 'resources'>>;
  readonly overhead: Overhead;
  /** CPU and memory of the pod as a whole. */
  readonly whole?: WholeSettings;
  readonly claims: readonly ClaimSettings[];
  readonly volumes: readonly VolumeSettings[];
  readonly priorityClass?: string;
  /** Whether the pods have a ServiceAccount token. */
  readonly token: boolean;
}

/** The pod template of a workload, for rules. */
export interface PodTemplate {
  readonly owner: IConnectionClient;
  /** Kind of the controller. */
  readonly kind: string;
  /** Annotations of the controller. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly pod: PodSettings;
  /** Variables that the controller adds to each pod. */
  readonly addedVariables: readonly string[];
  /** Hard upper bound on a pod's lifetime in seconds; `Infinity` if there is none. */
  readonly endsAfter: number;
  /** Seconds for which a new pod is ready before an old one stops; omitted if no old pod waits for a new one. */
  readonly minReady?: number;
  /** Adds a sidecar that the chart or the app orders. */
  take(order: SidecarOrder): void;
}

/** A claim that is mounted by name. */
export interface ClaimMount {
  readonly owner: IConstruct;
  readonly claim: string;
  readonly pod: PodSettings;
  /** Whether several pods use it at the same time, and how to get one. */
  readonly severalPods: () => { readonly fix?: string } | undefined;
}

/** Directories of a pod with a size limit. */
export interface EmptyDirs {
  readonly owner: IConstruct;
  readonly pod: PodSettings;
  readonly dirs: readonly EmptyDir[];
}

/** The pods of a block outside this library. */
export interface OutsidePods {
  readonly owner: IConstruct;
  /** The object that runs them, if declared. */
  controller(): ApiObject | undefined;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly podTemplate: PodTemplate;
    readonly claimMount: ClaimMount;
    readonly emptyDirs: EmptyDirs;
    readonly outsidePods: OutsidePods;
    /** Known only when the app is complete: sidecars and mounts may still be added. */
    readonly workload: (view: PassView) => WorkloadFacts;
  }
}

export function recordWorkload(construct: IConstruct, read: (view: PassView) => WorkloadFacts): void {
  AppModel.of(construct).add('workload', read);
}

export function statePods(template: PodTemplate): void {
  AppModel.of(template.owner).add('podTemplate', template);
}

const byOwner = ({ owner }: PodTemplate): IConstruct[] => [owner];

/** The pod template of a workload. */
export function templateOf(facts: Facts, owner: IConstruct): PodTemplate | undefined {
  return facts.by('podTemplate', byOwner, owner)[0];
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
export function workloadsOf(view: PassView): readonly WorkloadFacts[] {
  return view.derive(readWorkloads);
}

function readWorkloads(view: PassView): WorkloadFacts[] {
  return view.all('workload').map((read) => read(view));
}
