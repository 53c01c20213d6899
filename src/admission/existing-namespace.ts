import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';

/** A namespace that is there before the app is applied, as somebody states it. */
export interface ExistingNamespaceFact {
  readonly owner: IConstruct;
  readonly name: string;
  /** What is known to be in it, in wire format. */
  readonly manifests: readonly unknown[];
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly existingNamespace: ExistingNamespaceFact;
  }
}

export function stateExistingNamespace(namespace: ExistingNamespaceFact): void {
  AppModel.of(namespace.owner).add('existingNamespace', namespace);
}
