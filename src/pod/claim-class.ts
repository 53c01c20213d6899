import type { IConstruct } from 'constructs';
import type { ClaimSettings } from './pod-settings';
import { AppModel } from '../kernel/facts/app-model';
import { clusterOf } from '../kernel/model/cluster-facts';
import { classOfTier } from '../kernel/model/storage-facts';
import type { Reader } from '../kernel/schema/reader';
import { dnsLabel, dnsSubdomain } from '../kernel/schema/syntax';

/** The class of volumes that a block claims. */
export interface ClaimClassProps {
  /**
   * StorageClass of the volumes.
   *
   * @default - the default class of the cluster (CH01-52)
   */
  readonly storageClassName?: string;

  /**
   * Storage tier, such as `gold`: the `ClusterProfile` maps it to a StorageClass, so that one manifest fits clusters
   * with other classes (CH16-48). At most 63 lower-case letters, digits and `-`.
   *
   * @default - none: see `storageClassName`
   */
  readonly storageTier?: string;

  /**
   * VolumeAttributesClass of the volumes, such as one with more IOPS; its driver must be that of the StorageClass.
   * Needs Kubernetes 1.34: declare the version with `ClusterProfile`.
   *
   * @default - none: the volumes have the attributes of their StorageClass
   * @see https://kubernetes.io/docs/concepts/storage/volume-attributes-classes/
   */
  readonly volumeAttributesClassName?: string;
}

const TIER = dnsLabel();

/** Kubernetes 1.31 to 1.33 have the field behind a feature gate, and drop it. */
const ATTRIBUTES_CLASS_MINOR = 34;

/** A claim with the class that the props name. `path`: where the props are. */
export function readClaimClass(
  owner: IConstruct,
  read: Reader<ClaimClassProps>,
  claim: Pick<ClaimSettings, 'name' | 'bytes' | 'accessMode'>,
  path = '',
): ClaimSettings {
  const stated = read.optional('storageClassName', dnsSubdomain, undefined, {
    fix: "Write a name that 'kubectl get storageclasses' shows",
    practice: 'CH01-52',
  });
  const tier = read.optional('storageTier', TIER, undefined, {
    fix: "Write a tier that 'storage.tiers' of the ClusterProfile maps to a class, such as 'gold'",
    practice: 'CH16-48',
  });
  read.conflict('storageClassName', 'storageTier', { fix: "Keep 'storageTier' if clusters differ in their classes" });
  const attributesClass = readAttributesClass(owner, read, path);
  // a refused name is no class that a cluster may lack
  if (!read.isSound('storageClassName', 'storageTier')) return { ...claim, storageClass: '', attributesClass };
  if (tier === undefined) {
    return { ...claim, storageClass: stated, classProp: `${path}storageClassName`, attributesClass };
  }
  const classProp = `${path}storageTier`;
  AppModel.of(owner).add('storageTier', { owner, prop: classProp, tier });
  return {
    ...claim,
    // a profile can be assigned later
    get storageClass() {
      return classOfTier(clusterOf(owner), tier);
    },
    classProp,
    attributesClass,
  };
}

function readAttributesClass(owner: IConstruct, read: Reader<ClaimClassProps>, path: string): string | undefined {
  const name = 'volumeAttributesClassName';
  const value = read.optional(name, dnsSubdomain, undefined, {
    fix: "Write a name that 'kubectl get volumeattributesclasses' shows",
  });
  if (value !== undefined) {
    AppModel.of(owner).add('newField', {
      owner,
      prop: `${path}${name}`,
      value,
      minor: ATTRIBUTES_CLASS_MINOR,
      fallback: "use 'storageClassName' with a StorageClass that has these parameters",
    });
  }
  return value;
}
