import type { ContainerSettings } from './container';
import type { PlacementSettings } from './placement';
import type { WholeSettings } from './resources';
import type { HostAccess, User } from './security';
import type { VolumeSettings } from './volumes';
import type { Labels } from '../kernel/emit/labels';
import type { AccessMode } from '../kubernetes/access-mode';

/**
 * The pods of any workload. Mounts and edges add to lists; the rest is final, or a function that runs at synthesis.
 */
export interface PodSettings {
  readonly name: string;
  /** Runs at synthesis: surrounding blocks can add labels. */
  readonly labels: () => Labels;
  readonly annotations: Record<string, string>;
  /** Annotations from the content that the pods read. Runs when all mounts and variables exist. */
  readonly checksums: () => Record<string, string>;
  readonly user: User;
  /** Lowest port that a process may use without root. */
  readonly lowestPort: number;
  readonly host?: HostAccess;
  /** Timeout of the DNS resolver; by default that of the node. */
  readonly dns?: { readonly timeoutSeconds: number; readonly attempts: number };
  /** Runs at synthesis: it depends on the cluster and on the volumes. */
  readonly features: () => UsedFeatures;
  readonly mountToken: boolean;
  readonly graceSeconds: number;
  readonly placement: PlacementSettings;
  /** A placement with the nodes that have the requested devices. Runs at synthesis: a profile can be assigned later. */
  readonly nearDevices: (placement: PlacementSettings) => PlacementSettings;
  /** CPU and memory of the pod as a whole. */
  readonly whole?: WholeSettings;
  /** The main container first. */
  readonly containers: ContainerSettings[];
  readonly volumes: VolumeSettings[];
  /** The volume claims that each pod has of its own. */
  readonly claims: ClaimSettings[];
  /** The ResourceClaimTemplates of its devices, by container. */
  readonly deviceClaims: DeviceClaim[];
}

/** Devices of a container. */
export interface DeviceClaim {
  /** Name of the container, and of the claim in the pod. */
  readonly name: string;
  readonly template: string;
}

/** Features of the nodes that a pod uses. */
export interface UsedFeatures {
  readonly userNamespace: boolean;
  readonly strictGroups: boolean;
}

/** A volume claim that each pod has of its own. */
export interface ClaimSettings {
  readonly name: string;
  readonly bytes: number;
  readonly accessMode: AccessMode;
  /** Omitted for the default class of the cluster. */
  readonly storageClass?: string;
  /** The prop that decides the class; `storageClassName` if omitted. */
  readonly classProp?: string;
  /** The VolumeAttributesClass, if any. */
  readonly attributesClass?: string;
}
