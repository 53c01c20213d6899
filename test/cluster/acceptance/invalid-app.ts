import * as fc from 'fast-check';
import type { Mistake } from './mistake';
import { ACCESS_MISTAKES } from './mistakes-of-access';
import { EDGE_MISTAKES } from './mistakes-of-edges';
import { NAMESPACE_MISTAKES } from './mistakes-of-namespaces';
import { OTHER_MISTAKES } from './mistakes-of-others';
import { RUN_MISTAKES } from './mistakes-of-runs';
import { WORKLOAD_MISTAKES } from './mistakes-of-workloads';
import { appWith, type RandomApp } from './random-app';

/** What Kubernetes would refuse, or what would not do what it says. */
export const MISTAKES: readonly Mistake[] = [
  ...WORKLOAD_MISTAKES,
  ...OTHER_MISTAKES,
  ...RUN_MISTAKES,
  ...NAMESPACE_MISTAKES,
  ...ACCESS_MISTAKES,
  ...EDGE_MISTAKES,
];

/** A valid app with one mistake. */
export interface InvalidApp {
  readonly mistake: string;
  /** What a message names: `prop '<at>...`; empty where it names an object. */
  readonly at: string;
  readonly app: RandomApp;
}

/** Any valid app with this mistake. */
export function invalidBy({ mistake, kind, at, value, make }: Mistake): fc.Arbitrary<InvalidApp> {
  return fc
    .tuple(appWith(kind), value)
    .map(([app, bad]) => ({ mistake: `${kind} ${mistake}`, at, app: make(app, bad) }));
}

export const invalidApp: fc.Arbitrary<InvalidApp> = fc.oneof(...MISTAKES.map(invalidBy));
