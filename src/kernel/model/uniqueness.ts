import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';
import { markOwn } from '../facts/own-objects';
import type { RuleHint } from '../findings/finding';
import { watchApp } from '../findings/sources';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly object: ApiObject;
    readonly claim: Claim;
    readonly lateClaim: LateClaim;
    readonly duplicateAdvice: DuplicateAdvice;
  }
}

/** A thing that may exist once on a cluster. */
export interface Claim {
  readonly what: string;
  readonly owner: IConstruct;
  readonly hint: RuleHint;
}

/** A claim that follows from other facts and may be empty. */
export interface LateClaim {
  readonly what: () => string | undefined;
  readonly owner: IConstruct;
  readonly hint: RuleHint;
}

export interface DuplicateAdvice {
  readonly object: IConstruct;
  readonly hint: RuleHint;
}

/** Reports a second object with the name of an object of ours. */
export function watchDuplicates(object: ApiObject): void {
  markOwn(object);
  const model = AppModel.of(object);
  model.add('object', object);
  if (model.first(watchDuplicates)) watchApp(object);
}

/** Declares that `what` may exist once on the cluster of `owner`. */
export function claimUnique(owner: IConstruct, what: Claim['what'] | LateClaim['what'], hint: RuleHint): void {
  const model = AppModel.of(owner);
  if (typeof what === 'string') model.add('claim', { owner, what, hint });
  else model.add('lateClaim', { owner, what, hint });
  watchApp(owner);
}

/** Overrides the suggested fix for a second object of the name, if renaming is not an option. */
export function adviseOnDuplicate(object: IConstruct, hint: RuleHint): void {
  AppModel.of(object).add('duplicateAdvice', { object, hint });
}
