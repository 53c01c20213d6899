import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import { textAt } from '../kernel/schema/manifest';
import { resourceOf } from '../kubernetes/resource-name';

/** A namespace that is there before the app is applied, as somebody states it. */
export interface ExistingNamespaceFact {
  readonly owner: IConstruct;
  readonly name: string;
  /** What is known to be in it. */
  readonly objects: readonly ExistingObject[];
}

/** An object that is on the cluster already. */
export interface ExistingObject {
  /** Its resource, by the name in the API. */
  readonly resource: string;
  readonly name: string;
  /** In wire format. */
  readonly manifest: unknown;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly existingNamespace: ExistingNamespaceFact;
  }
}

/** States the namespace, with the manifests of what is in it. */
export function stateExistingNamespace(owner: IConstruct, name: string, manifests: readonly unknown[]): void {
  AppModel.of(owner).add('existingNamespace', { owner, name, objects: manifests.flatMap(toObject) });
}

function toObject(manifest: unknown): ExistingObject[] {
  const [apiVersion, kind, name] = [['apiVersion'], ['kind'], ['metadata', 'name']].map((path) =>
    textAt(manifest, ...path),
  );
  if (apiVersion === undefined || kind === undefined || name === undefined) return [];
  const apiGroup = apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core';
  return [{ resource: resourceOf({ apiGroup, kind }), name, manifest }];
}
