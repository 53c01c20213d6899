import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { isInChart } from './names';
import { AppModel } from '../facts/app-model';
import type { Facts } from '../facts/fact-map';
import { Verbatim } from '../findings/describe';
import type { Problems } from '../findings/problems';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly neighbour: Neighbour;
    readonly reference: Reference;
  }
}

/** A block that names another one, which must be on its cluster. */
export interface Neighbour {
  readonly owner: IConstruct;
  readonly other: IConstruct;
  /** Where it names it: in `allowFrom`, it only lets it in. */
  readonly prop: string;
  readonly fix: string;
}

const byOwner = ({ owner }: Neighbour): IConstruct[] => [owner];

/** Says that a block names another one, which a rule compares with the clusters of both. */
export function nameNeighbour(owner: IConstruct, other: IConstruct, prop: string, fix: string): void {
  if (owner !== other) AppModel.of(owner).add('neighbour', { owner, other, prop, fix });
}

/** The blocks that a block names. */
export function namingsOf(facts: Facts, owner: IConstruct): readonly Neighbour[] {
  return facts.by('neighbour', byOwner, owner);
}

/** A block that uses an object, which must be on its cluster. */
export interface Reference {
  readonly owner: IConstruct;
  readonly other: IConstruct;
  readonly prop: string;
  /** What is expected on the cluster. */
  readonly expected: string;
  readonly fix: string;
}

/** Says that a block uses an object, which a rule compares with the clusters of both. */
export function nameObject(reference: Reference): void {
  AppModel.of(reference.owner).add('reference', reference);
}

/** Refuses a block of another cluster. To be asked at synthesis. What is outside of all charts is shared by those of several clusters. */
export function refuseForeignCluster(owner: IConstruct, other: IConstruct, problems: Problems, prop: string, { expected, fix }: { readonly expected: string; readonly fix: string }): void {
  const [theirs, own] = [clusterOf(other).name, clusterOf(owner).name];
  if (theirs === own || !isInChart(other)) return;
  problems.refuse(prop, new Verbatim(`'${other.node.path}' on cluster '${theirs}'`), `${expected} on cluster '${own}'`, { rule: 'reference/other-cluster', fix });
}
