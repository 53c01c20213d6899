import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { PerApp } from './per-app';

/** What a namespace is kept for. */
export type NamespaceUse = 'tenant' | 'privileged';

/** A namespace that a block of the app creates, and what it is kept for. */
export interface NamespaceClaim {
  readonly owner: IConstruct;
  readonly name: string;
  readonly use: NamespaceUse;
  /** Names of Secrets with which all its pods pull images. */
  readonly pullSecrets?: readonly string[];
}

const claims = new PerApp<Map<string, NamespaceClaim[]>>(() => new Map());

/** Says what the namespace is for. `owner` is the block that creates it, on whose cluster it is. */
export function claimNamespace(owner: IConstruct, claim: Omit<NamespaceClaim, 'owner'>): void {
  const byName = claims.of(owner);
  const same = byName.get(claim.name);
  if (same) same.push({ owner, ...claim });
  else byName.set(claim.name, [{ owner, ...claim }]);
}

/** All who have claimed the namespace of that name on the cluster of `construct`: more than one is a mistake. */
export function namespaceClaims(construct: IConstruct, name: string): readonly NamespaceClaim[] {
  const cluster = clusterOf(construct).name;
  return (claims.of(construct).get(name) ?? []).filter(({ owner }) => clusterOf(owner).name === cluster);
}

/**
 * Who has claimed the namespace of that name on the cluster of `construct`; `undefined` for one that the app does not
 * create. To be asked at synthesis: blocks and profiles may come later.
 */
export function namespaceClaim(construct: IConstruct, name: string | undefined): NamespaceClaim | undefined {
  return name === undefined ? undefined : namespaceClaims(construct, name)[0];
}
