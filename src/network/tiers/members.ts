import type { IConstruct } from 'constructs';
import type { TierSettings } from './read-tiers';
import { AppModel } from '../../kernel/facts/app-model';
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

interface Exception {
  readonly construct: IConstruct;
  readonly reason: string;
}

declare module '../../kernel/facts/fact-map' {
  interface FactMap {
    readonly tierMember: Member;
    readonly tierException: Exception;
  }
}

const byWorkload = ({ pods: { owner } }: Member): IConstruct[] => [owner];
const byConstruct = ({ construct }: Exception): IConstruct[] => [construct];

export function addMember(member: Member): void {
  AppModel.of(member.tiers).add('tierMember', member);
}

/** A workload is in one tier at most, of all blocks of tiers in the app. */
export function memberOf(construct: IConstruct): Member | undefined {
  return AppModel.of(construct).by('tierMember', byWorkload, construct)[0];
}

/** Declares that what is at or below `construct` is in no tier. */
export function addException(construct: IConstruct, reason: string): void {
  AppModel.of(construct).add('tierException', { construct, reason });
}

export function isException(construct: IConstruct): boolean {
  const model = AppModel.of(construct);
  if (model.all('tierException').length === 0) return false;
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
    if (model.by('tierException', byConstruct, scope).length > 0) return true;
  }
  return false;
}
