import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { refuses } from './define';
import type { PassView } from '../kernel/facts/pass-view';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import { type ClaimMount, type WorkloadFacts, workloadsOf } from '../pod/workload-facts';

const shared = refuses('claimMount', (mount, problems, view) => {
  const claims = (view.derive(claimsByName).get(mount.claim) ?? []).filter((claim) =>
    isBeside(mount.owner, claim, claim.metadata.namespace),
  );
  const modes = claims.flatMap(
    (claim) => (claim.toJson() as { spec?: { accessModes?: string[] } }).spec?.accessModes ?? [],
  );
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

export const RULES = [shared];
