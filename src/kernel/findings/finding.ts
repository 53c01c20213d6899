import { disclosedPath, pathParts, pathText } from './prop-path';
import { type RuleId, ruleOf } from './rule-ids';
import type { Severity } from '../../catalogue/rule';
import { holdsSecret } from '../../secrets-scan/disclosure';

/** A finding of a rule in an app. */
export interface Finding {
  /** Id of the rule, such as `workload/image-tag`; docs/rules.md explains it. */
  readonly rule: string;
  /** Severity of the finding. */
  readonly severity: Severity;
  /** Path of the construct; empty for the app itself. */
  readonly constructPath: string;
  /**
   * Path of the value in the props: names, keys of maps, indices of lists. Empty if the finding is not about a prop.
   */
  readonly propPath: string[];
  /** The given value as text. A possible credential is described, never quoted. */
  readonly got: string;
  /** The accepted values. */
  readonly expected: string;
  /** The fix. */
  readonly fix: string;
  /** Ids of the practices behind the rule, as listed in docs/practices.md. */
  readonly practices: string[];
  /** Link to the documentation of the rule. */
  readonly link: string;
  /** The finding as one line, as errors and warnings show it. */
  readonly message: string;
  /**
   * The waiver of the app for this finding. With one, the finding stops nothing, whatever its severity.
   *
   * @default - the finding applies
   */
  readonly waiver?: Waiver;
}

/** The reason and the last day of an accepted finding. */
export interface Waiver {
  /** The reason. */
  readonly reason: string;
  /** The last day of the waiver, such as `2026-12-31`. */
  readonly until: string;
}

/** Advice about a refused value. */
export interface Hint {
  /** An instruction, without a full stop. */
  readonly fix: string;
  /** The rule, if it is more specific than the rule of the reader. */
  readonly rule?: RuleId;
  /** The practice, as listed in docs/practices.md, if it differs from the practice of the rule. */
  readonly practice?: string;
}

/** A hint that names the rule. */
export interface RuleHint extends Hint {
  readonly rule: RuleId;
}

/** A finding without its construct. */
export interface Problem extends RuleHint {
  /** A path as text (see prop-path.ts); empty if the finding is not about a prop. */
  readonly prop: string;
  /** The start of the message, instead of the prop. */
  readonly subject?: string;
  /** The refused value as text. A possible secret is described, never quoted. */
  readonly got: string;
  readonly expected: string;
}

/** Web address of the documentation of the package. */
const DOCUMENTS = 'https://github.com/cdk8s-best-practices/cdk8s-best-practices/blob/main/docs';

/** Link to the documentation of a rule. GitHub removes the slash from the anchor of a heading. */
export function linkOf(rule: string): string {
  return `${DOCUMENTS}/rules.md#${rule.replace('/', '')}`;
}

export function toFinding(constructPath: string, problem: Problem): Finding {
  const { rule, subject, practice } = problem;
  const known = ruleOf(rule);
  const prop = disclosedPath(problem.prop);
  const got = disclosed(problem.got, 'a possible credential');
  const expected = disclosed(problem.expected, 'another value');
  const fix = disclosed(problem.fix, known.fix);
  const practices = practice === undefined ? [...known.practices] : [practice];
  return {
    rule,
    severity: known.severity,
    constructPath,
    propPath: pathParts(prop),
    got,
    expected,
    fix,
    practices,
    link: linkOf(rule),
    message:
      `${subject === undefined ? `prop '${pathText(prop)}'` : disclosed(subject, 'the value')}: got ${got}, ` +
      `expected ${expected}. ${fix}${namedPractices(practices)}`,
  };
}

/** The text of a finding, unless it quotes a name that contains a credential. */
export function disclosed(text: string, instead: string): string {
  return holdsSecret(text) ? instead : text;
}

/** A finding as a line of a log. */
export function lineOf({ severity, rule, constructPath, message, waiver }: Finding): string {
  const ending = waiver ? ` (waived until ${waiver.until}: ${waiver.reason})` : '';
  return `${waiver ? 'waived' : severity} ${rule}: [${constructPath}] ${message}${ending}\n`;
}

/** The practices at the end of a message. */
export function namedPractices(practices: readonly string[]): string {
  return practices.length === 0 ? '' : ` (${practices.join(', ')})`;
}
