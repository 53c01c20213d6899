import type { IConstruct } from 'constructs';
import type { Finding } from './finding';
import type { Verdict } from './library-rule';
import { judgeOwn } from './own-rules';
import { policyOf, settle, type Settled, unusedWaivers } from './policy';
import { rulesFor } from './rule-book';
import { Severity } from '../../catalogue/rule';
import type { PassView } from '../facts/pass-view';

declare module '../facts/fact-map' {
  interface FactMap {
    /** Errors of a block by itself. */
    readonly source: Source;
    /** Advice of a block. */
    readonly advice: Source;
  }
}

interface Source {
  readonly owner: IConstruct;
  readonly findings: () => readonly Finding[];
}

const NONE: readonly never[] = [];

/** Findings that make the validation of a construct fail. */
export function errorsAt(view: PassView, construct: IConstruct): readonly Finding[] {
  return view.derive(errors).get(construct) ?? NONE;
}

/** Findings that do not fail the validation, including waived ones, in the order of the constructs. */
export function othersAt(view: PassView, constructs: readonly IConstruct[]): readonly Finding[] {
  const found = view.derive(others);
  return found.size === 0 ? NONE : constructs.flatMap((construct) => found.get(construct) ?? []);
}

/** The constructs whose validation fails. */
export function foundIn(view: PassView): Iterable<IConstruct> {
  return view.derive(errors).keys();
}

function errors(view: PassView): Map<IConstruct, Finding[]> {
  const settled = policyOf(view)?.raises ? view.derive(all) : view.derive(strict);
  return byConstruct(settled.filter(isRefused));
}

function others(view: PassView): Map<IConstruct, Finding[]> {
  return byConstruct(view.derive(all).filter((one) => !isRefused(one)));
}

function isRefused({ finding: { severity, waiver } }: Settled): boolean {
  return severity === Severity.ERROR && waiver === undefined;
}

/** Findings that every validation needs. */
function strict(view: PassView): readonly Settled[] {
  return settle(view, [...stated(view, 'source'), ...judgedBy(view, false), ...judgeOwn(view)]);
}

/** Findings that can wait until a caller reads warnings, unless one has been raised to an error. */
function mild(view: PassView): readonly Settled[] {
  return settle(view, [...stated(view, 'advice'), ...judgedBy(view, true)]);
}

function all(view: PassView): Settled[] {
  const known = [...view.derive(strict), ...view.derive(mild)];
  return [...known, ...settle(view, unusedWaivers(view, known))];
}

function stated(view: PassView, kind: 'source' | 'advice'): Verdict[] {
  const verdicts: Verdict[] = [];
  for (const { owner, findings } of view.all(kind)) {
    for (const finding of findings()) verdicts.push({ construct: owner, finding });
  }
  return verdicts;
}

function judgedBy(view: PassView, warning: boolean): Verdict[] {
  return rulesFor(view)
    .filter(({ warns }) => warns === warning)
    .flatMap((rule) => rule.judge(view));
}

/** Keeps each message once: a prop can be read for several purposes. */
function byConstruct(settled: readonly Settled[]): Map<IConstruct, Finding[]> {
  const found = new Map<IConstruct, Map<string, Finding>>();
  for (const { construct, finding } of settled) {
    const known = found.get(construct);
    if (known) known.set(finding.message, finding);
    else found.set(construct, new Map([[finding.message, finding]]));
  }
  return new Map([...found].map(([construct, findings]) => [construct, [...findings.values()]]));
}
