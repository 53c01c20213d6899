import type { IConstruct } from 'constructs';
import { type ForeignObject, foreignOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf, type ClusterFacts } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import type { StorageClassFacts } from '../kernel/model/storage-facts';
import { part, textAt } from '../kernel/schema/manifest';
import { nearest } from '../kernel/schema/nearest';
import { isBlockDriver } from '../kubernetes/volume-drivers';

/** A StorageClass of an app. */
export interface AppClass extends StorageClassFacts {
  /** The construct that reports findings. */
  readonly at: IConstruct;
  readonly cluster: string;
  readonly isDefault: boolean;
  readonly immediate: boolean;
  /** How messages name a class that no block has written. */
  readonly foreign?: ForeignObject;
}

/** The annotation of the default class. */
export const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';
const DEFAULT = /^storageclass\.(beta\.)?kubernetes\.io\/is-default-class$/;

/** The StorageClasses of an app, from any library, by cluster. */
export function appClasses(view: PassView): ReadonlyMap<string, readonly AppClass[]> {
  return view.derive(readClasses);
}

function readClasses(view: PassView): ReadonlyMap<string, readonly AppClass[]> {
  const own = view
    .all('storageClass')
    .map((fact): AppClass => ({ ...fact, at: fact.owner, cluster: clusterOf(fact.owner).name }));
  const foreign = foreignOf(view, 'storage.k8s.io/StorageClass').map((object): AppClass => {
    const { at, name, cluster, wire } = object;
    const annotations = (part(wire, 'metadata', 'annotations') ?? {}) as Record<string, unknown>;
    return {
      at,
      name,
      cluster,
      foreign: object,
      provisioner: textAt(wire, 'provisioner'),
      reclaim: textAt(wire, 'reclaimPolicy') === 'Retain' ? 'Retain' : 'Delete',
      expandable: part(wire, 'allowVolumeExpansion') === true,
      isDefault: Object.keys(annotations).some((key) => DEFAULT.test(key) && annotations[key] === 'true'),
      immediate: textAt(wire, 'volumeBindingMode') !== 'WaitForFirstConsumer',
    };
  });
  return groupBy([...own, ...foreign], ({ cluster }) => cluster);
}

/** The class that a claim gets, as far as known. `stated`: the name in the claim, `''` for none. */
export function classOfClaim(
  view: PassView,
  cluster: ClusterFacts,
  stated: string | undefined,
): StorageClassFacts | undefined {
  if (stated === '') return undefined;
  const known = [...(appClasses(view).get(cluster.name) ?? []), ...(cluster.storage?.classes ?? [])];
  const name = stated ?? appDefault(view, cluster)?.name ?? cluster.storage?.defaultClass;
  return known.find((one) => one.name === name);
}

function appDefault(view: PassView, { name }: ClusterFacts): AppClass | undefined {
  return appClasses(view)
    .get(name)
    ?.find(({ isDefault }) => isDefault);
}

/** The classes of volumes of the app: a claim gets such a volume, also if the class does not exist. */
function volumeClasses(view: PassView): ReadonlySet<string> {
  return new Set([
    ...view.all('staticVolume').map(({ owner, storageClass }) => classKey(clusterOf(owner).name, storageClass)),
    ...foreignOf(view, 'core/PersistentVolume').map(({ cluster, wire }) =>
      classKey(cluster, textAt(wire, 'spec', 'storageClassName') ?? ''),
    ),
  ]);
}

function classKey(cluster: string, name: string): string {
  return `${cluster}\n${name}`;
}

/** Why a cluster has no such class; `undefined` if it has, or if its classes are unknown. */
export function missingClass(
  view: PassView,
  cluster: ClusterFacts,
  stated: string | undefined,
): { readonly expected: string; readonly fix: string } | undefined {
  const { storage } = cluster;
  if (storage?.classes === undefined || stated === '') return undefined;
  const names = [
    ...new Set([...(appClasses(view).get(cluster.name) ?? []), ...storage.classes].map(({ name }) => name)),
  ].sort();
  const expected = `a StorageClass of the app or of the ClusterProfile (${names.join(', ') || 'none'})`;
  if (stated === undefined) {
    return storage.defaultClass !== undefined || appDefault(view, cluster) !== undefined
      ? undefined
      : { expected, fix: "Name one: the ClusterProfile states no 'storage.defaultClass'" };
  }
  if (names.includes(stated) || view.derive(volumeClasses).has(classKey(cluster.name, stated))) return undefined;
  const near = nearest(stated, names);
  return { expected, fix: near === undefined ? "Name one, or add it to 'storage.classes'" : `Did you mean '${near}'?` };
}

/** Whether volumes of a driver or a class support an access mode, as far as known. */
export function supportsMode(
  { provisioner, accessModes }: Pick<StorageClassFacts, 'provisioner' | 'accessModes'>,
  mode: string,
): boolean {
  if (accessModes !== undefined) return accessModes.includes(mode);
  return mode !== 'ReadWriteMany' || provisioner === undefined || !isBlockDriver(provisioner);
}
