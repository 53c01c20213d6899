import type { IConstruct } from 'constructs';
import { disclosed, type Finding, linkOf, namedPractices } from './finding';
import { disclosedPath, pathParts } from './prop-path';
import { type RuleId, ruleOf } from './rule-ids';
import { addAdvice } from './sources';

/** Something that is allowed but worth a look. */
export interface Warning {
  readonly rule: RuleId;
  /** The prop that it is about, as a path (see prop-path.ts); none where it is about the construct. */
  readonly prop?: string;
  readonly got: string;
  readonly expected: string;
  /** What it is and what to do, as people read it, without the practice. */
  readonly text: string;
}

/** Notes something that is allowed but worth a look: our `App` prints it, and `Inventory` lists it. */
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
    got: disclosed(got, 'what may be a credential'),
    expected: disclosed(expected, 'another value'),
    fix,
    practices: [...practices],
    link: linkOf(rule),
    message: `${disclosed(text, `${title}. ${fix}`)}${namedPractices(practices)}`,
  };
}
