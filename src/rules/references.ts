import type { IConstruct } from 'constructs';
import { refuses } from './define';
import { refuseForeignCluster } from './foreign-cluster';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namingsOf, type Neighbour } from '../kernel/model/same-cluster';

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

export const RULES = [neighbours, objects];
