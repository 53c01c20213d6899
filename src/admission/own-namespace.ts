import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import type { IConnectionClient } from '../network/connection';

/** A workload that deletes namespaces. */
export interface ReaperFact {
  readonly owner: IConnectionClient;
  /** None if its chart has none, which is a mistake. */
  readonly namespace?: string;
  /** The destinations of the caller. */
  readonly egressTo: unknown;
}

/** A workload whose namespace admits more than others. */
export interface PrivilegedFact {
  readonly owner: IConstruct;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly reaper: ReaperFact;
    readonly privileged: PrivilegedFact;
  }
}

export function stateReaper(reaper: ReaperFact): void {
  AppModel.of(reaper.owner).add('reaper', reaper);
}

export function statePrivileged(workload: PrivilegedFact): void {
  AppModel.of(workload.owner).add('privileged', workload);
}
