import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type ClaimUser, claimUsers } from './claim-users';
import { refuses } from './define';
import { claimNamed } from './known-claims';
import { fittingVolumes } from './static-volumes';
import { errorAt, warningAt } from './verdicts';
import type { PassView } from '../kernel/facts/pass-view';
import { Verbatim } from '../kernel/findings/describe';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import type { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { namespaceOf } from '../kernel/model/names';
import { wireIn } from '../kernel/model/wire';
import { list, part } from '../kernel/schema/manifest';
import { type ClaimMount, type WorkloadFacts, workloadsOf } from '../pod/workload-facts';

const shared = refuses('claimMount', (mount, problems, view) => {
  const claims = (view.derive(claimsByName).get(mount.claim) ?? []).filter((claim) =>
    isBeside(mount.owner, claim, claim.metadata.namespace),
  );
  const modes = claims
    .flatMap((claim) => list(part(wireIn(view, claim), 'spec', 'accessModes')))
    .filter((mode): mode is string => typeof mode === 'string');
  if (modes.some((mode) => mode.startsWith('ReadWriteOnce'))) refuseSeveralPods(mount, modes, problems);
  if (modes.includes('ReadWriteOncePod')) refuseOtherUser(mount, view, problems);
});

/** Refuses a claim for one node: replicas on other nodes and the new pod of a rollout would stay pending. */
function refuseSeveralPods({ pod, severalPods }: ClaimMount, modes: readonly string[], problems: Problems): void {
  const several = severalPods();
  if (several === undefined) return;
  const state =
    pod.claims.length > 0
      ? 'state in the claim of each pod'
      : 'state in a block with a claim for each pod, such as StatefulService';
  problems.refuse('mount.storage', modes.join(', '), 'a claim that all replicas can mount, such as ReadOnlyMany', {
    rule: 'workload/shared-claim',
    fix: `${several.fix ? `${several.fix}, or keep` : 'Keep'} ${state}`,
  });
}

/** Reported once, on the workload that was declared later. */
function refuseOtherUser({ owner, claim }: ClaimMount, view: PassView, problems: Problems): void {
  const users = (view.derive(usersOfClaims).get(claim) ?? []).filter(({ construct, namespace }) =>
    isBeside(owner, construct, namespace),
  );
  const index = users.findIndex(({ construct }) => construct === owner);
  const other = users.slice(0, Math.max(index, 0)).find((user) => runsOn(user) || runsOn(users[index]));
  if (other) {
    problems.refuse(
      'mount.storage',
      new Verbatim(`a ReadWriteOncePod claim that '${other.construct.node.path}' also mounts`),
      'one that no other workload mounts',
      {
        rule: 'workload/shared-claim',
        fix: 'One pod at a time can mount it. Mount it in one workload, or use a claim for ' + 'several pods',
      },
    );
  }
}

/** Whether an object is in the namespace and cluster of the pods, as far as known. */
function isBeside(owner: IConstruct, other: IConstruct, namespace: string | undefined): boolean {
  const own = namespaceOf(owner);
  return (namespace ?? own) === own && clusterOf(other).name === clusterOf(owner).name;
}

/** The claims of an app, including those of other libraries. */
function claimsByName({ objects }: PassView): Map<string, ApiObject[]> {
  const claims = new Map<string, ApiObject[]>();
  for (const object of objects.filter(({ kind }) => kind === 'PersistentVolumeClaim')) {
    claims.set(object.name, [...(claims.get(object.name) ?? []), object]);
  }
  return claims;
}

/** The workloads that mount a claim, in order of declaration. */
function usersOfClaims(view: PassView): Map<string, WorkloadFacts[]> {
  const users = new Map<string, WorkloadFacts[]>();
  for (const workload of workloadsOf(view).filter(({ most }) => most > 0)) {
    const names = workload.volumes.flatMap(
      ({ source }) =>
        (source as { persistentVolumeClaim?: { claimName: string } }).persistentVolumeClaim?.claimName ?? [],
    );
    for (const name of new Set(names)) users.set(name, [...(users.get(name) ?? []), workload]);
  }
  return users;
}

/** Whether pods run until they are replaced, not to completion. */
function runsOn({ kind }: WorkloadFacts): boolean {
  return kind !== 'Job' && kind !== 'CronJob';
}

/** Objects of others whose pods share a claim for one node. */
const sharedByOthers: LibraryRule = {
  kinds: ['object'],
  warns: false,
  judge: (view) =>
    claimUsers(view).flatMap(({ at, foreign, place, most, claims }): Verdict[] => {
      if (foreign === undefined || most < 2) return [];
      return claims.flatMap(({ name }) => {
        const modes = claimNamed(view, place, name)?.accessModes ?? [];
        if (!modes.some((mode) => mode.startsWith('ReadWriteOnce'))) return [];
        return [
          errorAt(at, {
            rule: 'workload/shared-claim',
            subject: foreign.title,
            got: `${Number.isFinite(most) ? most : 'several'} pods with the ${modes.join(', ')} claim '${name}'`,
            expected: 'a claim that all of them can mount, such as ReadWriteMany',
            fix: 'Run one pod, use volumeClaimTemplates of a StatefulSet, or a claim for several nodes',
          }),
        ];
      });
    }),
};

/** A Deployment of others starts its new pod before the old one has stopped. */
const rolling: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    claimUsers(view).flatMap(({ at, foreign, place, most, overlaps, claims }): Verdict[] => {
      if (foreign === undefined || most > 1 || !overlaps) return [];
      return claims.flatMap(({ name }) => {
        const modes = claimNamed(view, place, name)?.accessModes ?? [];
        if (!modes.some((mode) => mode.startsWith('ReadWriteOnce'))) return [];
        return [
          warningAt(at, {
            rule: 'storage/rolling-claim',
            got: `a rolling update with the ${modes.join(', ')} claim '${name}'`,
            expected: "strategy.type: 'Recreate'",
            text:
              `${foreign.title}: the new pod waits for the ${modes.join(', ')} claim '${name}' of the old one, which ` +
              "waits for the new one: set strategy.type: 'Recreate'",
          }),
        ];
      });
    }),
};

/** Claims that two workloads use: reported on the one that was declared later. */
const twoWriters: LibraryRule = {
  kinds: ['object'],
  warns: true,
  judge: (view) =>
    [...view.derive(usersByClaim)].flatMap(([key, users]) => {
      const [place, name] = [key.slice(0, key.lastIndexOf('\n')), key.slice(key.lastIndexOf('\n') + 1)];
      const modes = claimNamed(view, place, name)?.accessModes ?? [];
      // that is an error of its own
      if (modes.includes('ReadWriteOncePod')) return [];
      if (modes.length > 0 && modes.every((mode) => mode === 'ReadOnlyMany')) return [];
      const isForOneNode = modes.includes('ReadWriteOnce');
      const sharing = users.filter(({ writes }) => writes || isForOneNode);
      if (!sharing.some(({ writes }) => writes)) return [];
      return sharing.flatMap(({ user, written }, index) => {
        const before = sharing.slice(0, index);
        const first = before.find((other) => isForOneNode || meet(other.written, written));
        if (first === undefined) return [];
        const verb = first.writes ? 'writes' : 'mounts';
        const other = first.user.foreign?.title ?? `'${first.user.at.node.path}'`;
        const warning = warningAt(user.at, {
          rule: 'storage/two-writers',
          got: `the claim '${name}', which ${other} also ${verb}`,
          expected: isForOneNode
            ? 'a claim of its own, or one for several nodes'
            : 'a claim of its own, or readOnly: true',
          text:
            `${user.foreign?.title ?? 'mount'}: ${other} also ${verb} the claim '${name}'. ` +
            (isForOneNode
              ? 'Pods of both start on one node only: use a claim for several nodes, or one for each'
              : 'Let one workload write it, and mount it with readOnly: true in the other'),
        });
        return [warning];
      });
    }),
};

interface ClaimUse {
  readonly user: ClaimUser;
  readonly writes: boolean;
  readonly written: readonly string[];
}

/** Whether a directory of the one list is one of the other, or contains it. */
function meet(some: readonly string[], others: readonly string[]): boolean {
  const contains = (outer: string, inner: string): boolean => outer === '' || `${inner}/`.startsWith(`${outer}/`);
  return some.some((one) => others.some((other) => contains(one, other) || contains(other, one)));
}

/** The workloads whose pods run until they are replaced, by place and name of their claims. */
function usersByClaim(view: PassView): ReadonlyMap<string, readonly ClaimUse[]> {
  const uses = claimUsers(view)
    .filter(({ runsOn: isServer, most }) => isServer && most > 0)
    .flatMap((user) => user.claims.map(({ name, ...use }) => ({ key: `${user.place}\n${name}`, user, ...use })));
  return groupBy(uses, ({ key }) => key);
}

/** Refuses pods that must spread wider than their volume reaches. */
const place = refuses('claimMount', ({ owner, claim, pod, severalPods }, problems, view) => {
  const { spread } = pod.placement;
  if ((spread !== 'hard' && spread !== 'hosts') || severalPods() === undefined) return;
  const fact = view
    .all('volumeClaim')
    .find(({ owner: block, name }) => name === claim && isBeside(owner, block, namespaceOf(block)));
  const volumes = fact === undefined ? [] : fittingVolumes(view, fact);
  const at = volumes.length === 1 ? volumes[0].place : undefined;
  if (at === undefined || at.values.length > 1 || (at.topology === 'zone' && spread === 'hosts')) return;
  problems.refuse(
    'spread',
    spread,
    `'soft': the volume of claim '${claim}' is on the ${at.topology} ${at.values.join()}`,
    {
      rule: 'storage/volume-place',
      fix: "Write spread: 'soft', or use a volume that all of its pods can mount",
    },
  );
});

export const RULES = [shared, sharedByOthers, rolling, twoWriters, place];
