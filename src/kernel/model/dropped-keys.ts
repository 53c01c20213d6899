import type { IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';

/** A server of keys that loses them by design. */
export interface DroppedKeys {
  readonly owner: IConstruct;
  /** When, after the name of the server. */
  readonly when: string;
}

declare module '../facts/fact-map' {
  interface FactMap {
    readonly droppedKeys: DroppedKeys;
  }
}

export function stateDroppedKeys(owner: IConstruct, when: string): void {
  AppModel.of(owner).add('droppedKeys', { owner, when });
}
