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
    /** The day that counts as today. */
    readonly today: { readonly date: string };
  }
}

/** Nobody minds what a rule finds at a construct and in it, for a time. */
export interface WaiverFact {
  readonly owner: IConstruct;
  readonly rule: string;
  readonly reason: string;
  /** The last day, as `2026-12-31`. */
  readonly until: string;
}

export interface SeverityChange {
  /** The root of the app. */
  readonly owner: IConstruct;
  readonly rule: string;
  readonly severity: Severity;
}

/** A finding after severities and waivers, and the waiver that holds for it. */
export interface Settled extends Verdict {
  readonly by?: WaiverFact;
}

interface Policy {
  readonly severities: ReadonlyMap<string, Severity>;
  readonly waivers: ReadonlyMap<string, readonly WaiverFact[]>;
  /** Whether what is no error could have become one. */
  readonly raises: boolean;
}

/** What the app says of rules; most apps say nothing. */
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

/** Whether there is a rule of the id, in the catalogue or of the app itself. */
export function isKnown(view: PassView, rule: string): boolean {
  return knownRule(rule) !== undefined || view.all('ownRule').some(({ id }) => id === rule);
}

/** Whether the app can do without a rule: what it protects can be rendered, and Kubernetes takes it. */
export function isWaivable(view: PassView, rule: string): boolean {
  const known = knownRule(rule);
  return known === undefined ? isKnown(view, rule) : known.severity !== Severity.ERROR || known.waivable === true;
}

/** Findings with the severities and the waivers of the app. */
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

/** Waivers that hold for nothing; what is wrong with others is a matter of other rules. */
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
        expected: 'a finding of that rule, here or in what is inside',
        fix: 'Remove the waiver: it would hide the next mistake',
      }),
    }));
}
