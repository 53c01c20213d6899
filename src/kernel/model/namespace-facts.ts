import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { AppModel } from '../facts/app-model';

/** What a namespace is kept for; of one that another app has created, nobody tells. */
export type NamespaceUse = 'tenant' | 'privileged' | 'existing';

/** A namespace that a block of the app creates or states, and what it is kept for. */
export interface NamespaceClaim {
  readonly owner: IConstruct;
  readonly name: string;
  readonly use: NamespaceUse;
  /** Names of Secrets with which all its pods pull images. */
  readonly pullSecrets?: readonly string[];
  /** The level of Pod Security that is enforced, where it is known. */
  readonly podSecurity?: string;
}

declare module '../facts/fact-map' {
  interface FactMap {
    readonly namespace: NamespaceClaim;
    readonly power: NamespacePower;
  }
}

const byName = ({ name }: NamespaceClaim | NamespacePower): string[] => [name];

/** Says what the namespace is for. `owner` is the block that creates or states it, on whose cluster it is. */
export function claimNamespace(owner: IConstruct, claim: Omit<NamespaceClaim, 'owner'>): void {
  AppModel.of(owner).add('namespace', { owner, ...claim });
}

/** All who have claimed the namespace of that name on the cluster of `construct`: more than one is a mistake. */
export function namespaceClaims(construct: IConstruct, name: string): readonly NamespaceClaim[] {
  const cluster = clusterOf(construct).name;
  return AppModel.of(construct)
    .by('namespace', byName, name)
    .filter(({ owner }) => clusterOf(owner).name === cluster);
}

/**
 * Who has claimed the namespace of that name on the cluster of `construct`; `undefined` for one that no block names.
 * To be asked at synthesis: blocks and profiles may come later.
 */
export function namespaceClaim(construct: IConstruct, name: string | undefined): NamespaceClaim | undefined {
  return name === undefined ? undefined : namespaceClaims(construct, name)[0];
}

/** A namespace in which whoever starts pods gets more than the namespace. */
export interface NamespacePower {
  readonly owner: IConstruct;
  readonly name: string;
  /** What whoever starts pods there gets, as the end of a sentence. */
  readonly power: string;
}

/** Says what pods of a namespace can do outside of it. */
export function notePower(power: NamespacePower): void {
  AppModel.of(power.owner).add('power', power);
}

/**
 * What pods of the namespace of that name can do outside of it, on the cluster of `construct`. To be asked when the app
 * is complete.
 */
export function powersIn(construct: IConstruct, name: string): readonly NamespacePower[] {
  const cluster = clusterOf(construct).name;
  return AppModel.of(construct)
    .by('power', byName, name)
    .filter(({ owner }) => clusterOf(owner).name === cluster);
}
