import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { AppModel } from '../facts/app-model';

/** The purpose of a namespace; `existing` if another app creates it, and its purpose is unknown. */
export type NamespaceUse = 'tenant' | 'privileged' | 'existing';

/** A namespace that a block of the app creates or states, and its purpose. */
export interface NamespaceClaim {
  readonly owner: IConstruct;
  readonly name: string;
  readonly use: NamespaceUse;
  /** Names of the Secrets that all its pods use to pull images. */
  readonly pullSecrets?: readonly string[];
  /** The enforced level of Pod Security, if it is known. */
  readonly podSecurity?: string;
}

declare module '../facts/fact-map' {
  interface FactMap {
    readonly namespace: NamespaceClaim;
    readonly power: NamespacePower;
  }
}

const byName = ({ name }: NamespaceClaim | NamespacePower): string[] => [name];

/** Declares a namespace and its purpose. `owner` is the block that creates or states it and decides its cluster. */
export function claimNamespace(owner: IConstruct, claim: Omit<NamespaceClaim, 'owner'>): void {
  AppModel.of(owner).add('namespace', { owner, ...claim });
}

/** All claims of the namespace with that name on the cluster of `construct`: more than one is a mistake. */
export function namespaceClaims(construct: IConstruct, name: string): readonly NamespaceClaim[] {
  const cluster = clusterOf(construct).name;
  return AppModel.of(construct)
    .by('namespace', byName, name)
    .filter(({ owner }) => clusterOf(owner).name === cluster);
}

/**
 * The claim of the namespace with that name on the cluster of `construct`; `undefined` if no block names it.
 * Call it at synthesis, since blocks and profiles may come later.
 */
export function namespaceClaim(construct: IConstruct, name: string | undefined): NamespaceClaim | undefined {
  return name === undefined ? undefined : namespaceClaims(construct, name)[0];
}

/** A namespace in which permission to start pods grants privileges beyond it. */
export interface NamespacePower {
  readonly owner: IConstruct;
  readonly name: string;
  /** The privileges of a subject that starts pods there, as the end of a sentence. */
  readonly power: string;
}

/** Declares what pods of a namespace can do outside it. */
export function notePower(power: NamespacePower): void {
  AppModel.of(power.owner).add('power', power);
}

/**
 * What pods of the namespace with that name can do outside it, on the cluster of `construct`. Call it when the app is
 * complete.
 */
export function powersIn(construct: IConstruct, name: string): readonly NamespacePower[] {
  const cluster = clusterOf(construct).name;
  return AppModel.of(construct)
    .by('power', byName, name)
    .filter(({ owner }) => clusterOf(owner).name === cluster);
}
