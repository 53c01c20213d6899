import * as fc from 'fast-check';
import type { Mistake } from './mistake';
import { BESIDE_MISTAKES, DOUBTS } from './mistakes-beside-blocks';
import { ACCESS_MISTAKES } from './mistakes-of-access';
import { EDGE_MISTAKES } from './mistakes-of-edges';
import { EVENT_MISTAKES } from './mistakes-of-events';
import { GATEWAY_MISTAKES } from './mistakes-of-gateways';
import { NAMESPACE_MISTAKES } from './mistakes-of-namespaces';
import { OTHER_MISTAKES } from './mistakes-of-others';
import { RUN_MISTAKES } from './mistakes-of-runs';
import { SCALING_MISTAKES } from './mistakes-of-scaling';
import { SECRET_MISTAKES } from './mistakes-of-secrets';
import { STORAGE_MISTAKES } from './mistakes-of-storage';
import { WORKLOAD_MISTAKES } from './mistakes-of-workloads';
import { appWith, type RandomApp, validApp } from './random-app';
import { CATALOGUE } from '../../../src/catalogue/catalogue';
import { Severity } from '../../../src/catalogue/rule';
import type { RuleId } from '../../../src/kernel/findings/rule-ids';

/** What Kubernetes would refuse, or what would not do what it says. */
export const MISTAKES: readonly Mistake[] = [
  ...WORKLOAD_MISTAKES,
  ...OTHER_MISTAKES,
  ...RUN_MISTAKES,
  ...SCALING_MISTAKES,
  ...NAMESPACE_MISTAKES,
  ...ACCESS_MISTAKES,
  ...EDGE_MISTAKES,
  ...GATEWAY_MISTAKES,
  ...EVENT_MISTAKES,
  ...SECRET_MISTAKES,
  ...STORAGE_MISTAKES,
  ...BESIDE_MISTAKES,
];

/** A valid app with one mistake. */
export interface InvalidApp {
  readonly mistake: string;
  /** What a message names: `prop '<at>...`; empty where it names an object. */
  readonly at: string;
  /** The rule that finds it, where the message names no prop. */
  readonly rule?: RuleId;
  readonly app: RandomApp;
}

/** Any valid app with this mistake. */
export function invalidBy({ mistake, kind, at, rule, value, make }: Mistake): fc.Arbitrary<InvalidApp> {
  return fc
    .tuple(appWith(kind), value)
    .map(([app, bad]) => ({ mistake: `${kind} ${mistake}`, at, rule, app: make(app, bad) }));
}

/** Its message is that of another library, in any form. */
const FOREIGN: RuleId = 'app/validation';

/** The bad sample of each rule of the catalogue, beside any valid app. */
const samples = (severity: Severity): fc.Arbitrary<InvalidApp> =>
  fc
    .tuple(
      validApp,
      fc.constantFrom(...RULES_BESIDE.filter((rule) => CATALOGUE[rule].severity === severity && rule !== FOREIGN)),
    )
    .map(([app, rule]) => sampleBeside(app, rule));

/** Rules with random mistakes only: the sample is about all tenants of a cluster, and random apps have some. */
export const ALONE: readonly RuleId[] = ['namespace/overcommitted-cluster'];

export const RULES_BESIDE = (Object.keys(CATALOGUE) as RuleId[]).filter((rule) => !ALONE.includes(rule));

export function sampleBeside(app: RandomApp, rule: RuleId): InvalidApp {
  return { mistake: `sample of ${rule}`, at: '', rule, app: { ...app, sample: CATALOGUE[rule].bad } };
}

export const invalidApp: fc.Arbitrary<InvalidApp> = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(...MISTAKES.map(invalidBy)) },
  { weight: 1, arbitrary: samples(Severity.ERROR) },
);

/** Any valid app with something that is worth a look. */
export const doubtfulApp: fc.Arbitrary<InvalidApp> = fc.oneof(
  fc.oneof(...DOUBTS.map(invalidBy)),
  samples(Severity.WARNING),
);
