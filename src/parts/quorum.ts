import type { IConstruct } from 'constructs';
import type { IntOrPercent } from '../kubernetes/int-or-percent';

/** Members that decide by majority. */
export interface Quorum {
  readonly owner: IConstruct;
  readonly members: number;
  /** Whether the block writes an autoscaler for them. */
  readonly isScaled: boolean;
  /** Members that a rollout may take at once. */
  readonly maxUnavailable: IntOrPercent;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly quorum: Quorum;
  }
}

/** The fewest members that survive the loss of one. */
export const LEAST_QUORUM = 3;

/** Members that a majority can miss. */
export function spareMembers(members: number): number {
  return Math.floor((members - 1) / 2);
}
