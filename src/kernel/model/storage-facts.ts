import type { IConstruct } from 'constructs';
import type { ClusterFacts } from './cluster-facts';

/** What happens to a volume when its claim is deleted. */
export type ReclaimPolicy = 'Retain' | 'Delete';

/** A StorageClass as far as known. */
export interface StorageClassFacts {
  readonly name: string;
  /** The driver. */
  readonly provisioner?: string;
  readonly reclaim?: ReclaimPolicy;
  readonly expandable?: boolean;
  /** The access modes that its volumes support. */
  readonly accessModes?: readonly string[];
}

/** The storage of a cluster. */
export interface StorageFacts {
  /** All classes that the cluster has, if known. */
  readonly classes?: readonly StorageClassFacts[];
  /** The class of each tier. */
  readonly tiers: Readonly<Record<string, string>>;
  /** The class of claims that name none, if known. */
  readonly defaultClass?: string;
}

/** A claim block. */
export interface VolumeClaimFact {
  readonly owner: IConstruct;
  readonly name: string;
  readonly bytes: number;
  readonly accessMode: string;
  /** At synthesis: a tier depends on the cluster. `''` asks for a volume without a class. */
  readonly storageClass: () => string | undefined;
  /** The prop that decides the class. */
  readonly classProp: string;
  readonly selector?: Readonly<Record<string, string>>;
  /** The volume that it names. */
  readonly volume?: IConstruct;
  readonly source?: { readonly kind: 'claim' | 'snapshot'; readonly name: string };
}

/** A StorageClass block. */
export interface StorageClassFact extends StorageClassFacts {
  readonly owner: IConstruct;
  readonly provisioner: string;
  readonly isDefault: boolean;
  readonly immediate: boolean;
}

/** A volume that exists before its claim. */
export interface StaticVolumeFact {
  readonly owner: IConstruct;
  readonly name: string;
  readonly bytes: number;
  readonly accessModes: readonly string[];
  /** `''` for none. */
  readonly storageClass: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The driver of a CSI volume. */
  readonly driver?: string;
  /** Where its pods must run. */
  readonly place?: { readonly topology: 'node' | 'zone'; readonly values: readonly string[] };
}

/** A snapshot block. */
export interface VolumeSnapshotFact {
  readonly owner: IConstruct;
  readonly name: string;
  readonly claim: string;
  readonly snapshotClass?: string;
}

/** A VolumeSnapshotClass block. */
export interface SnapshotClassFact {
  readonly owner: IConstruct;
  readonly name: string;
  readonly driver: string;
}

/** A prop that names a tier. */
export interface StorageTierUse {
  readonly owner: IConstruct;
  readonly prop: string;
  readonly tier: string;
}

declare module '../facts/fact-map' {
  interface FactMap {
    readonly volumeClaim: VolumeClaimFact;
    readonly storageClass: StorageClassFact;
    readonly staticVolume: StaticVolumeFact;
    readonly volumeSnapshot: VolumeSnapshotFact;
    readonly snapshotClass: SnapshotClassFact;
    readonly storageTier: StorageTierUse;
  }
}

declare module './cluster-facts' {
  interface ClusterFacts {
    readonly storage?: StorageFacts;
  }
}

/** The class of a tier; `undefined` if the cluster does not have the tier. */
export function classOfTier({ storage }: ClusterFacts, tier: string): string | undefined {
  return storage !== undefined && Object.hasOwn(storage.tiers, tier) ? storage.tiers[tier] : undefined;
}
