import type { IConstruct } from 'constructs';
import { toFinding } from './finding';
import type { Verdict } from './library-rule';
import { knownRule } from './rule-ids';
import { Severity } from '../../catalogue/rule';
import type { PassView } from '../facts/pass-view';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly waiver: WaiverFact;
    readonly severity: SeverityChange;
    /** The current day for waivers. */
    readonly today: { readonly date: string };
  }
}

/** Accepts the findings of a rule at a construct and its children until a day. */
export interface WaiverFact {
  readonly owner: IConstruct;
  readonly rule: string;
  readonly reason: string;
  /** The last day, such as `2026-12-31`. */
  readonly until: string;
}

export interface SeverityChange {
  /** The root of the app. */
  readonly owner: IConstruct;
  readonly rule: string;
  readonly severity: Severity;
}

/** A finding with its final severity, and the waiver that covers it. */
export interface Settled extends Verdict {
  readonly by?: WaiverFact;
}

interface Policy {
  readonly severities: ReadonlyMap<string, Severity>;
  readonly waivers: ReadonlyMap<string, readonly WaiverFact[]>;
  /** Whether a finding below error may have been raised to one. */
  readonly raises: boolean;
}

/** The severities and waivers of the app; most apps have none. */
export function policyOf(view: PassView): Policy | undefined {
  return view.derive(readPolicy);
}

function readPolicy(view: PassView): Policy | undefined {
  const changes = view
    .all('severity')
    .filter(({ rule, severity }) => severity === Severity.ERROR || isWaivable(view, rule));
  const given = view.all('waiver').filter((waiver) => isWaivable(view, waiver.rule) && !isExpired(view, waiver));
  if (changes.length + given.length === 0) return undefined;
  const waivers = new Map<string, WaiverFact[]>();
  for (const waiver of given) waivers.set(waiver.rule, [...(waivers.get(waiver.rule) ?? []), waiver]);
  return {
    severities: new Map(changes.map(({ rule, severity }) => [rule, severity])),
    waivers,
    raises: changes.some(({ severity }) => severity === Severity.ERROR),
  };
}

/** The day that waivers are compared with. */
export function todayOf(view: PassView): string {
  const days = view.all('today').map(({ date }) => date);
  return days.length === 0 ? view.derive(dayOfRun) : days.reduce((last, day) => (day > last ? day : last));
}

function dayOfRun(): string {
  return new Date().toISOString().slice(0, 10);
}

export function isExpired(view: PassView, { until }: WaiverFact): boolean {
  return until < todayOf(view);
}

/** Whether the id belongs to a rule of the catalogue or to a custom rule. */
export function isKnown(view: PassView, rule: string): boolean {
  return knownRule(rule) !== undefined || view.all('ownRule').some(({ id }) => id === rule);
}

/** Whether a rule can be waived: without it, the app still renders, and Kubernetes accepts the result. */
export function isWaivable(view: PassView, rule: string): boolean {
  const known = knownRule(rule);
  return known === undefined ? isKnown(view, rule) : known.severity !== Severity.ERROR || known.waivable === true;
}

/** Applies the severities and waivers of the app to findings. */
export function settle(view: PassView, verdicts: readonly Verdict[]): readonly Settled[] {
  const policy = policyOf(view);
  if (policy === undefined) return verdicts;
  return verdicts.map(({ construct, finding }) => {
    const severity = policy.severities.get(finding.rule) ?? finding.severity;
    const by = policy.waivers.get(finding.rule)?.find(({ owner }) => construct.node.scopes.includes(owner));
    const waiver = by && { reason: by.reason, until: by.until };
    return { construct, by, finding: { ...finding, severity, ...(waiver && { waiver }) } };
  });
}

/** Waivers without a finding; other rules report other faults of waivers. */
export function unusedWaivers(view: PassView, settled: readonly Settled[]): Verdict[] {
  const used = new Set(settled.map(({ by }) => by));
  const all = [...(policyOf(view)?.waivers.values() ?? [])].flat();
  return all
    .filter((waiver) => !used.has(waiver))
    .map(({ owner, rule }) => ({
      construct: owner,
      finding: toFinding(owner.node.path, {
        rule: 'rules/unused-waiver',
        prop: 'waive',
        got: `a waiver of '${rule}'`,
        expected: 'a finding of that rule at the construct or inside it',
        fix: 'Remove the waiver: it would hide the next mistake',
      }),
    }));
}
