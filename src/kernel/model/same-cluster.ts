import type { IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';
import type { Facts } from '../facts/fact-map';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly neighbour: Neighbour;
    readonly reference: Reference;
  }
}

/** A block that another block names, which must be on its cluster. */
export interface Neighbour {
  readonly owner: IConstruct;
  readonly other: IConstruct;
  /** The prop that names it. In `allowFrom`, the block only admits it. */
  readonly prop: string;
  readonly fix: string;
}

const byOwner = ({ owner }: Neighbour): IConstruct[] => [owner];

/** States that a block names another one. A rule compares the clusters of both. */
export function nameNeighbour(owner: IConstruct, other: IConstruct, prop: string, fix: string): void {
  if (owner !== other) AppModel.of(owner).add('neighbour', { owner, other, prop, fix });
}

/** The blocks that a block names. */
export function namingsOf(facts: Facts, owner: IConstruct): readonly Neighbour[] {
  return facts.by('neighbour', byOwner, owner);
}

/** An object that a block uses, which must be on its cluster. */
export interface Reference {
  readonly owner: IConstruct;
  readonly other: IConstruct;
  readonly prop: string;
  /** What is expected on the cluster. */
  readonly expected: string;
  readonly fix: string;
}

/** States that a block uses an object. A rule compares the clusters of both. */
export function nameObject(reference: Reference): void {
  AppModel.of(reference.owner).add('reference', reference);
}
