import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { isInChart } from './names';
import { AppModel } from '../facts/app-model';
import type { AppView } from '../facts/app-view';
import { Verbatim } from '../findings/describe';
import type { Problems } from '../findings/problems';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly neighbour: Neighbour;
  }
}

/** A block that names another one, which must be on its cluster. */
interface Neighbour {
  readonly owner: IConstruct;
  readonly other: IConstruct;
  /** Whether it only lets the other one in. */
  readonly passive: boolean;
}

const byOwner = ({ owner }: Neighbour): IConstruct[] => [owner];

/**
 * Refuses a block of another cluster, where its names and labels mean other objects, or none.
 *
 * - Asked at synthesis: a profile can be assigned later.
 * - Once for two blocks that name each other, as both ends of an edge do: the one that connects says it.
 */
export function refuseOtherCluster(owner: IConstruct, other: IConstruct, problems: Problems, prop: string, fix: string): void {
  if (owner === other) return;
  AppModel.of(owner).add('neighbour', { owner, other, passive: prop === 'allowFrom' });
  problems.atSynth((late, view) => {
    if (clusterOf(other).name === clusterOf(owner).name || saysOther(view, owner, other)) return;
    refuseForeignCluster(owner, other, late, prop, { expected: 'a block', fix });
  });
}

/** Whether the other end of two blocks that name each other is the one to say it, in whatever order they were connected. */
function saysOther(view: AppView, owner: IConstruct, other: IConstruct): boolean {
  const [own, theirs] = [namings(view, owner, other), namings(view, other, owner)];
  if (theirs.length === 0) return false;
  const [passive, theyArePassive] = [own, theirs].map((all) => all.every((naming) => naming.passive));
  return passive === theyArePassive ? other.node.path < owner.node.path : passive;
}

function namings(view: AppView, owner: IConstruct, other: IConstruct): Neighbour[] {
  return view.by('neighbour', byOwner, owner).filter((naming) => naming.other === other);
}

/** The same, to be asked at synthesis. What is outside of all charts is shared by those of several clusters. */
export function refuseForeignCluster(owner: IConstruct, other: IConstruct, problems: Problems, prop: string, { expected, fix }: { readonly expected: string; readonly fix: string }): void {
  const [theirs, own] = [clusterOf(other).name, clusterOf(owner).name];
  if (theirs === own || !isInChart(other)) return;
  problems.refuse(prop, new Verbatim(`'${other.node.path}' on cluster '${theirs}'`), `${expected} on cluster '${own}'`, { rule: 'reference/other-cluster', fix });
}
