import { refuses, refusesEach, warnsEach } from './define';
import { pathIn } from './foreign-path';
import { type KnownClaim, knownClaims } from './known-claims';
import { type AppClass, appClasses, classOfClaim, DEFAULT_CLASS, missingClass, supportsMode } from './storage-classes';
import type { PassView } from '../kernel/facts/pass-view';
import { keyPart } from '../kernel/findings/prop-path';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import { classOfTier, type SnapshotClassFact, type VolumeClaimFact } from '../kernel/model/storage-facts';
import { nearest } from '../kernel/schema/nearest';
import { bytesQuantity } from '../kubernetes/quantity';
import { isBlockDriver } from '../kubernetes/volume-drivers';

/** A claim that names a class that nobody has stays pending. */
const knownClass = refusesEach(['object'], knownClaims, (claim, problems, view) => {
  // a missing tier is reported by its own rule, and no driver creates a volume that exists
  if (claim.isBound || isOfTier(claim, view)) return;
  const missing = missingClass(view, clusterOf(claim.at), claim.storageClass);
  if (missing === undefined) return;
  problems.refuse(claim.classPath, claim.storageClass, missing.expected, {
    rule: 'storage/unknown-class',
    fix: missing.fix,
  });
});

/** Whether the class comes from a tier that the cluster does not have. */
function isOfTier({ at, classPath, storageClass }: KnownClaim, view: PassView): boolean {
  return (
    storageClass === undefined && view.all('storageTier').some(({ owner, prop }) => owner === at && prop === classPath)
  );
}

const tier = refuses('storageTier', ({ owner, prop, tier: name }, problems) => {
  const cluster = clusterOf(owner);
  if (classOfTier(cluster, name) !== undefined) return;
  const tiers = Object.keys(cluster.storage?.tiers ?? {});
  const near = nearest(name, tiers);
  problems.refuse(prop, name, `a tier of the ClusterProfile (${tiers.join(', ') || 'it has none'})`, {
    rule: 'storage/unknown-tier',
    fix:
      near === undefined
        ? `Map it to a class in 'storage.tiers' of the ClusterProfile of cluster '${cluster.name}'`
        : `Did you mean '${near}'?`,
  });
});

/** The tiers and the default class of a profile are classes that the cluster has, or that the app creates. */
const profile = refuses('cluster', ({ facts }, problems, view) => {
  const { storage } = facts;
  if (storage?.classes === undefined) return;
  const stated: Array<[string, string]> = Object.entries(storage.tiers).map(([name, storageClass]) => [
    `storage.tiers${keyPart(name)}`,
    storageClass,
  ]);
  if (storage.defaultClass !== undefined) stated.push(['storage.defaultClass', storage.defaultClass]);
  for (const [prop, storageClass] of stated) {
    const missing = missingClass(view, facts, storageClass);
    if (missing === undefined) continue;
    problems.refuse(prop, storageClass, missing.expected, { rule: 'storage/unknown-class', fix: missing.fix });
  }
});

const accessMode = refusesEach(['object'], knownClaims, (claim, problems, view) => {
  if (claim.isBound) return;
  const known = classOfClaim(view, clusterOf(claim.at), claim.storageClass);
  const mode = known && claim.accessModes.find((one) => !supportsMode(known, one));
  if (known === undefined || mode === undefined) return;
  const { name, provisioner, accessModes } = known;
  if (claim.isBlock && accessModes === undefined) return;
  const supported = accessModes?.join(', ') ?? 'ReadWriteOnce, ReadWriteOncePod';
  const by = provisioner === undefined ? '' : ` by ${provisioner}`;
  problems.refuse(claim.modesPath, mode, `an access mode that the class '${name}' supports (${supported}${by})`, {
    rule: 'storage/access-mode',
    fix: 'Use a class of a file system, such as NFS, or a mode for one node',
  });
});

const volumeMode = refuses('staticVolume', ({ driver, accessModes }, problems) => {
  const mode =
    driver === undefined ? undefined : accessModes.find((one) => !supportsMode({ provisioner: driver }, one));
  if (mode === undefined) return;
  problems.refuse('accessModes', mode, `ReadWriteOnce or ReadWriteOncePod: ${driver} mounts a disk on one node`, {
    rule: 'storage/access-mode',
    fix: 'Use a volume of a file system, such as NFS, or a mode for one node',
  });
});

/** All default classes of a cluster but the first one: those of blocks come first. */
function furtherDefaults(view: PassView): AppClass[] {
  return [...appClasses(view).values()].flatMap((classes) => {
    const stated = clusterOf(classes[0].at).storage?.defaultClass;
    const defaults = classes.filter(({ isDefault }) => isDefault);
    return stated === undefined ? defaults.slice(1) : defaults.filter(({ name }) => name !== stated);
  });
}

const oneDefault = refusesEach(['object'], furtherDefaults, ({ at, foreign }, problems, view) => {
  const cluster = clusterOf(at);
  const inApp = appClasses(view).get(cluster.name) ?? [];
  const first = cluster.storage?.defaultClass ?? inApp.find(({ isDefault }) => isDefault)?.name;
  problems.refuse(
    foreign === undefined ? 'defaultClass' : `${pathIn(foreign)}metadata.annotations${keyPart(DEFAULT_CLASS)}`,
    foreign === undefined ? true : 'true',
    `one default class on a cluster, which is '${first}'`,
    { rule: 'storage/two-defaults', fix: 'Remove it from one of the two: the newer one would win' },
  );
});

const immediate = warnsEach(
  ['object'],
  (view) => [...appClasses(view).values()].flat(),
  ({ at, name, provisioner, immediate: isImmediate, foreign }) => {
    const { zones = 1 } = clusterOf(at);
    if (!isImmediate || zones < 2 || provisioner === undefined || !isBlockDriver(provisioner)) return [];
    return [
      {
        rule: 'storage/immediate-binding',
        ...(foreign === undefined ? { prop: 'volumeBindingMode' } : {}),
        got: 'Immediate',
        expected: 'WaitForFirstConsumer',
        text:
          `${foreign === undefined ? 'volumeBindingMode' : foreign.title}: disks of class '${name}' exist before ` +
          `their pods, in any of ${zones} zones: write 'WaitForFirstConsumer'`,
      },
    ];
  },
);

/** The claim blocks of an app by cluster, namespace and name. */
function claimFacts(view: PassView): ReadonlyMap<string, VolumeClaimFact> {
  return new Map(view.all('volumeClaim').map((claim) => [keyOf(claim.owner, claim.name), claim]));
}

function keyOf(owner: VolumeClaimFact['owner'], name: string): string {
  return JSON.stringify([clusterOf(owner).name, namespaceOf(owner) ?? '', name]);
}

const source = refuses('volumeClaim', ({ owner, name: ownName, bytes, source: from }, problems, view) => {
  if (from === undefined) return;
  if (from.kind === 'claim' && from.name === ownName) {
    problems.refuse('from.name', from.name, 'another claim: this one is bound when its copy is complete', {
      rule: 'storage/claim-source',
      fix: "Name the claim to copy, or remove 'from'",
    });
    return;
  }
  const claim =
    from.kind === 'claim'
      ? from.name
      : view.all('volumeSnapshot').find(({ owner: other, name }) => keyOf(other, name) === keyOf(owner, from.name))
          ?.claim;
  const found = claim === undefined ? undefined : view.derive(claimFacts).get(keyOf(owner, claim));
  if (found === undefined || found.bytes <= bytes) return;
  problems.refuse('size', bytesQuantity(bytes), `at least ${bytesQuantity(found.bytes)}, the size of '${claim}'`, {
    rule: 'storage/claim-source',
    fix: 'Enlarge it: the driver refuses a volume that is smaller than its source',
  });
});

const snapshotDriver = refuses('volumeSnapshot', ({ owner, claim, snapshotClass }, problems, view) => {
  const driver = view.all('snapshotClass').find((one) => one.name === snapshotClass && isBeside(one, owner))?.driver;
  const found = view.derive(claimFacts).get(keyOf(owner, claim));
  if (driver === undefined || found === undefined) return;
  const provisioner = found.volume
    ? view.all('staticVolume').find((volume) => volume.owner === found.volume)?.driver
    : classOfClaim(view, clusterOf(owner), found.storageClass())?.provisioner;
  if (provisioner === undefined || provisioner === driver) return;
  problems.refuse('snapshotClassName', snapshotClass, `a class of ${provisioner}, the driver of claim '${claim}'`, {
    rule: 'storage/snapshot-driver',
    fix: `Name a VolumeSnapshotClass with driver: '${provisioner}'`,
  });
});

function isBeside(one: SnapshotClassFact, owner: SnapshotClassFact['owner']): boolean {
  return clusterOf(one.owner).name === clusterOf(owner).name;
}

export const RULES = [knownClass, tier, profile, accessMode, volumeMode, oneDefault, immediate, source, snapshotDriver];
