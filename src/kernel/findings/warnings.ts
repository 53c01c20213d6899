import type { IConstruct } from 'constructs';
import { disclosed, type Finding, linkOf, namedPractices } from './finding';
import { disclosedPath, pathParts } from './prop-path';
import { type RuleId, ruleOf } from './rule-ids';
import { addAdvice } from './sources';

/** A warning about something that is allowed but worth a review. */
export interface Warning {
  readonly rule: RuleId;
  /** Path of the prop (see prop-path.ts); none if the warning is about the construct. */
  readonly prop?: string;
  readonly got: string;
  readonly expected: string;
  /** The text of the warning and its fix, without the practice. */
  readonly text: string;
}

/** Records a warning: our `App` prints it, and `Inventory` lists it. */
export function warn(construct: IConstruct, warning: Warning): void {
  addAdvice(construct, () => [toWarning(construct, warning)]);
}

export function toWarning(construct: IConstruct, { rule, prop = '', got, expected, text }: Warning): Finding {
  const { severity, fix, practices, title } = ruleOf(rule);
  return {
    rule,
    severity,
    constructPath: construct.node.path,
    propPath: pathParts(disclosedPath(prop)),
    got: disclosed(got, 'a possible credential'),
    expected: disclosed(expected, 'another value'),
    fix,
    practices: [...practices],
    link: linkOf(rule),
    message: `${disclosed(text, `${title}. ${fix}`)}${namedPractices(practices)}`,
  };
}
