import type { IConstruct } from 'constructs';
import { refuses } from './define';
import { refuseForeignCluster } from './foreign-cluster';
import type { PassView } from '../kernel/facts/pass-view';
import { describe } from '../kernel/findings/describe';
import { toFinding } from '../kernel/findings/finding';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { namespaceOf } from '../kernel/model/names';
import type {} from '../kernel/model/required-secrets';
import { namingsOf, type Neighbour } from '../kernel/model/same-cluster';
import { nearest } from '../kernel/schema/nearest';

const neighbours = refuses('neighbour', ({ owner, other, prop, fix }, problems, view) => {
  if (clusterOf(other).name === clusterOf(owner).name || saysOther(view, owner, other)) return;
  refuseForeignCluster(owner, other, problems, prop, { expected: 'a block', fix });
});

/**
 * Whether the other of two connected blocks reports the mistake. It is always the client, whatever the order of
 * declaration.
 */
function saysOther(view: PassView, owner: IConstruct, other: IConstruct): boolean {
  const [own, theirs] = [namings(view, owner, other), namings(view, other, owner)];
  if (theirs.length === 0) return false;
  const [passive, theyArePassive] = [own, theirs].map((all) => all.every((naming) => naming.prop === 'allowFrom'));
  return passive === theyArePassive ? other.node.path < owner.node.path : passive;
}

function namings(view: PassView, owner: IConstruct, other: IConstruct): Neighbour[] {
  return namingsOf(view, owner).filter((naming) => naming.other === other);
}

/** On another cluster, a name means another object or none. */
const objects = refuses('reference', ({ owner, other, prop, expected, fix }, problems) => {
  refuseForeignCluster(owner, other, problems, prop, { expected, fix });
});

/** A key that the declaration of a Secret does not list, which is mostly a misspelled one. */
const secretKeys: LibraryRule = {
  kinds: ['declaredSecret'],
  warns: false,
  judge: (view) => {
    const declared = groupBy(view.all('declaredSecret'), ({ owner, name }) => placeOf(owner, namespaceOf(owner), name));
    return view.all('secretNeeds').flatMap((read) =>
      read().flatMap(({ user, namespace, name, keys }): Verdict[] => {
        const [secret] = declared.get(placeOf(user, namespace ?? namespaceOf(user), name)) ?? [];
        const missing = secret && keys.find((key) => !secret.keys.includes(key));
        if (secret === undefined || missing === undefined) return [];
        const near = nearest(missing, secret.keys);
        const finding = toFinding(user.node.path, {
          rule: 'reference/missing-key',
          prop: '',
          subject: `Secret '${name}'`,
          got: describe(missing),
          expected: `one of its keys, ${secret.keys.join(', ')}`,
          fix: near
            ? `Did you mean '${near}'?`
            : `Name one of these, or add the key to 'keys' of '${secret.owner.node.path}'`,
        });
        return [{ construct: user, finding }];
      }),
    );
  },
};

function placeOf(construct: IConstruct, namespace: string | undefined, name: string): string {
  return JSON.stringify([clusterOf(construct).name, namespace, name]);
}

export const RULES = [neighbours, objects, secretKeys];
