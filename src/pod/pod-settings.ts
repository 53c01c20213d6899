import type { ContainerSettings } from './container';
import type { PlacementSettings } from './placement';
import type { HostAccess, User } from './security';
import type { VolumeSettings } from './volumes';
import type { Labels } from '../kernel/emit/labels';

/**
 * The pods of a workload, whatever its kind. Mounts and edges add to lists; the rest is settled, or a function that is
 * asked at synthesis.
 */
export interface PodSettings {
  readonly name: string;
  /** Asked at synthesis: a block around several workloads can mark their pods. */
  readonly labels: () => Labels;
  readonly annotations: Record<string, string>;
  /** Annotations that follow from what the pods read, asked when all mounts and variables are there. */
  readonly checksums: () => Record<string, string>;
  readonly user: User;
  /** Lowest port for a process that is not root. */
  readonly lowestPort: number;
  readonly host?: HostAccess;
  /** How long the resolver of the pods waits; that of the node by default. */
  readonly dns?: { readonly timeoutSeconds: number; readonly attempts: number };
  readonly mountToken: boolean;
  readonly graceSeconds: number;
  readonly placement: PlacementSettings;
  /** The main container first. */
  readonly containers: ContainerSettings[];
  readonly volumes: VolumeSettings[];
  /** The volumes that each pod has of its own, which its StatefulSet claims. */
  readonly claims: ClaimSettings[];
}

/** A volume that each pod has of its own. */
export interface ClaimSettings {
  readonly name: string;
  readonly bytes: number;
  /** Left out for the default of the cluster. */
  readonly storageClass?: string;
}
