import { type ClaimUser, claimUsers } from './claim-users';
import { claimNamed } from './known-claims';
import { classOfClaim } from './storage-classes';
import { errorAt, warningAt } from './verdicts';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import type { StorageClassFacts } from '../kernel/model/storage-facts';
import { isDatabaseImage, isStoreImage, runsServer } from '../kubernetes/database-images';

/** Databases of an app, by their image, with the image. */
function databases(view: PassView): Array<{ readonly user: ClaimUser; readonly image: string }> {
  return claimUsers(view).flatMap((user) => {
    const server = user.runsOn
      ? user.containers.find(({ image, command, args }) => runsServer(image, command, args))
      : undefined;
    return server === undefined ? [] : [{ user, image: server.image }];
  });
}

/** The start of a text about a workload: the object, if no block has written it. */
function subjectOf({ foreign, at }: ClaimUser): string {
  return foreign?.title ?? `'${at.node.path}'`;
}

const withoutClaim: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    databases(view)
      .filter(({ user }) => user.claims.length === 0 && user.templates.length === 0 && !user.keepsElsewhere)
      .map(({ user, image }) =>
        warningAt(user.at, {
          rule: 'storage/database-without-claim',
          got: `the image ${image} without a claim`,
          expected: 'a claim for its data',
          text: `${subjectOf(user)}: ${image} keeps its data in the pod, which is lost with it: mount a claim`,
        }),
      ),
};

/** A database that starts twice on one volume damages its files. A claim for one node has its own finding. */
const rolls: LibraryRule = {
  kinds: ['object'],
  warns: false,
  judge: (view) =>
    databases(view).flatMap(({ user, image }): Verdict[] => {
      if (user.kind !== 'Deployment' || (!user.overlaps && user.most < 2)) return [];
      const claim = user.claims.find(({ name, writes }) => writes && !isForOneNode(view, user, name));
      if (claim === undefined) return [];
      const pods = user.most > 1 ? `${user.most} pods` : 'a rollout that overlaps';
      return [
        errorAt(user.at, {
          rule: 'storage/database-rolls',
          ...(user.foreign === undefined ? { prop: 'rollout' } : { subject: user.foreign.title }),
          got: `${image} with ${pods} on claim '${claim.name}'`,
          expected: 'one pod at a time: two servers damage the files of each other',
          fix:
            user.foreign === undefined
              ? 'Set replicas: 1 and rollout: Rollout.recreate(), or use a block with a claim for each pod'
              : "Set replicas: 1 and strategy.type: 'Recreate', or use a StatefulSet with volumeClaimTemplates",
        }),
      ];
    }),
};

function isForOneNode(view: PassView, { place }: ClaimUser, name: string): boolean {
  return claimNamed(view, place, name)?.accessModes.some((mode) => mode.startsWith('ReadWriteOnce')) ?? false;
}

/** The classes of the claims of a store, each once. */
function storeClasses(view: PassView, user: ClaimUser): StorageClassFacts[] {
  if (!user.runsOn || !user.containers.some(({ image }) => isDatabaseImage(image) || isStoreImage(image))) return [];
  const cluster = clusterOf(user.at);
  const claims = user.claims.flatMap(({ name }) => {
    const claim = claimNamed(view, user.place, name);
    return claim === undefined || claim.isBound ? [] : [claim];
  });
  const classes = [...claims, ...user.templates].map(({ storageClass }) => classOfClaim(view, cluster, storageClass));
  return [...new Set(classes)].filter((one) => one !== undefined);
}

const reclaim: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    claimUsers(view).flatMap((user) =>
      storeClasses(view, user)
        .filter((one) => one.reclaim === 'Delete')
        .map(({ name }) =>
          warningAt(user.at, {
            rule: 'storage/reclaim-delete',
            got: `the class '${name}', with the reclaim policy Delete`,
            expected: 'a class that retains volumes',
            text:
              `${subjectOf(user)}: class '${name}' has the reclaim policy Delete, so the data goes with its ` +
              'claim: name a class with Retain',
          }),
        ),
    ),
};

const expansion: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    claimUsers(view).flatMap((user) =>
      storeClasses(view, user)
        .filter((one) => one.expandable === false)
        .map(({ name }) =>
          warningAt(user.at, {
            rule: 'storage/not-expandable',
            got: `the class '${name}', whose volumes cannot grow`,
            expected: 'a class with allowVolumeExpansion',
            text: `${subjectOf(user)}: volumes of class '${name}' cannot grow: name a class with allowVolumeExpansion`,
          }),
        ),
    ),
};

export const RULES = [withoutClaim, rolls, reclaim, expansion];
