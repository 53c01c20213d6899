import type { IConstruct } from 'constructs';
import type { TierSettings } from './read-tiers';
import { AppModel } from '../../kernel/facts/app-model';
import { firstOf } from '../isolation';
import type { NetworkedPods } from '../networked-pods';

/** A workload in a tier. */
export interface Member {
  readonly pods: NetworkedPods;
  readonly tier: TierSettings;
  /** Position of the tier in the order. */
  readonly position: number;
  readonly internetFacing: boolean;
  /** The block that owns the tier. */
  readonly around: IConstruct;
}

export interface TierException {
  readonly construct: IConstruct;
  readonly reason: string;
  /** The block that states it. */
  readonly by: IConstruct;
}

/** A block of tiers in order. */
export interface TierOrder {
  readonly owner: IConstruct;
  readonly tiers: readonly TierSettings[];
}

/** A block of tiers allows a peer to read metrics on ports with that name. */
export interface Scraping {
  readonly owner: IConstruct;
  readonly portName: string;
}

declare module '../../kernel/facts/fact-map' {
  interface FactMap {
    readonly tiers: TierOrder;
    readonly tierMember: Member;
    readonly tierException: TierException;
    readonly scraping: Scraping;
  }
}

const byWorkload = ({ pods: { owner } }: Member): IConstruct[] => [owner];
const byBlock = ({ around }: Member): IConstruct[] => [around];
const byConstruct = ({ construct }: TierException): IConstruct[] => [construct];
const byExcepting = ({ by }: TierException): IConstruct[] => [by];

export function stateTiers(order: TierOrder): void {
  AppModel.of(order.owner).add('tiers', order);
}

export function stateScraping(scraping: Scraping): void {
  AppModel.of(scraping.owner).add('scraping', scraping);
}

export function addMember(member: Member): void {
  AppModel.of(member.around).add('tierMember', member);
}

/** The tier of a workload among all blocks of tiers in the app: a second one is a mistake. */
export function memberOf(construct: IConstruct): Member | undefined {
  const stated = AppModel.of(construct).by('tierMember', byWorkload, construct);
  if (stated.length < 2) return stated[0];
  const first = firstOf(stated);
  return (
    stated.find(
      ({ around, position, internetFacing }) =>
        around === first.around && position === first.position && !internetFacing,
    ) ?? first
  );
}

/** The members of a block of tiers as stated, including mistakes. */
export function statedMembers(tiers: IConstruct): readonly Member[] {
  return AppModel.of(tiers).by('tierMember', byBlock, tiers);
}

/** The workloads of a block of tiers. */
export function membersOf(tiers: IConstruct): Member[] {
  return statedMembers(tiers).filter((member) => memberOf(member.pods.owner) === member);
}

/** Exempts a construct and everything inside it from the tiers. */
export function addException(exception: TierException): void {
  AppModel.of(exception.by).add('tierException', exception);
}

export function isException(construct: IConstruct): boolean {
  const model = AppModel.of(construct);
  if (model.all('tierException').length === 0) return false;
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
    if (model.by('tierException', byConstruct, scope).length > 0) return true;
  }
  return false;
}

/** The exceptions of a block of tiers. */
export function exceptionsOf(tiers: IConstruct): readonly TierException[] {
  return AppModel.of(tiers).by('tierException', byExcepting, tiers);
}
