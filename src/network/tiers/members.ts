import type { IConstruct } from 'constructs';
import type { TierSettings } from './read-tiers';
import { PerApp } from '../../kernel/model/per-app';
import type { NetworkedPods } from '../networked-pods';

/** A workload in a tier. */
export interface Member {
  readonly pods: NetworkedPods;
  readonly tier: TierSettings;
  /** Position of the tier in the order. */
  readonly position: number;
  readonly internetFacing: boolean;
  /** The block that has the tier. */
  readonly tiers: IConstruct;
}

const perApp = new PerApp<{ members: Map<IConstruct, Member>; exceptions: Map<IConstruct, string> }>(() => ({ members: new Map(), exceptions: new Map() }));

export function addMember(member: Member): void {
  perApp.of(member.tiers).members.set(member.pods.owner, member);
}

/** A workload is in one tier at most, of all blocks of tiers in the app. */
export function memberOf(construct: IConstruct): Member | undefined {
  return perApp.of(construct).members.get(construct);
}

/** Declares that what is at or below `construct` is in no tier. */
export function addException(construct: IConstruct, reason: string): void {
  perApp.of(construct).exceptions.set(construct, reason);
}

export function isException(construct: IConstruct): boolean {
  const { exceptions } = perApp.of(construct);
  if (exceptions.size === 0) return false;
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) if (exceptions.has(scope)) return true;
  return false;
}

/** The number of workloads in tiers, and of exceptions. */
export function countPlaced(app: IConstruct): number {
  const { members, exceptions } = perApp.of(app);
  return members.size + exceptions.size;
}
