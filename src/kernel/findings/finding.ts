import { disclosedPath, pathParts, pathText } from './prop-path';
import { type RuleId, ruleOf } from './rule-ids';
import type { Severity } from '../../catalogue/rule';
import { holdsSecret } from '../../secrets-scan/disclosure';

/** Something that a rule has found in an app. */
export interface Finding {
  /** Id of the rule, such as `workload/image-tag`; docs/rules.md explains it. */
  readonly rule: string;
  /** How much it weighs. */
  readonly severity: Severity;
  /** Path of the construct; empty for the app itself. */
  readonly constructPath: string;
  /** Where the value is in the props: names, keys of maps, indices of lists. Empty where it is not about a prop. */
  readonly propPath: string[];
  /** What was given, as text. What may be a credential is described, never quoted. */
  readonly got: string;
  /** What is accepted. */
  readonly expected: string;
  /** What to do. */
  readonly fix: string;
  /** Ids of the practices that the rule comes from, as listed in docs/practices.md. */
  readonly practices: string[];
  /** Where the rule is explained. */
  readonly link: string;
  /** All of it as one line, as errors and warnings show it. */
  readonly message: string;
  /**
   * Why nobody minds, where the app says so: the finding stops nothing, whatever its severity.
   *
   * @default - it counts
   */
  readonly waiver?: Waiver;
}

/** Why a finding is accepted, and for how long. */
export interface Waiver {
  /** Why. */
  readonly reason: string;
  /** The last day on which it is, as `2026-12-31`. */
  readonly until: string;
}

/** What to do about a value. */
export interface Hint {
  /** An instruction, without a full stop. */
  readonly fix: string;
  /** The rule, where the reader's own does not say enough. */
  readonly rule?: RuleId;
  /** The practice, as listed in docs/practices.md, where it is not the one of the rule. */
  readonly practice?: string;
}

/** A hint that names the rule. */
export interface RuleHint extends Hint {
  readonly rule: RuleId;
}

/** A finding before it is known on which construct it is. */
export interface Problem extends RuleHint {
  /** A path as text (see prop-path.ts); empty where it is not about a prop. */
  readonly prop: string;
  /** What the message begins with in place of the prop. */
  readonly subject?: string;
  /** The refused value as text. A value that may be secret is described, never quoted. */
  readonly got: string;
  readonly expected: string;
}

/** The documents of the package, as they are on the web. */
const DOCUMENTS = 'https://github.com/cdk8s-best-practices/cdk8s-best-practices/blob/main/docs';

/** Where a rule is explained. GitHub leaves the slash out of the anchor of a heading. */
export function linkOf(rule: string): string {
  return `${DOCUMENTS}/rules.md#${rule.replace('/', '')}`;
}

export function toFinding(constructPath: string, problem: Problem): Finding {
  const { rule, subject, practice } = problem;
  const known = ruleOf(rule);
  const prop = disclosedPath(problem.prop);
  const got = disclosed(problem.got, 'what may be a credential');
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

/** A text of a finding, unless it quotes a name in which somebody has put a credential. */
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
