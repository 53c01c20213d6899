import type { IConstruct } from 'constructs';
import { type Problem, toFinding } from '../kernel/findings/finding';
import type { Verdict } from '../kernel/findings/library-rule';
import { toWarning, type Warning } from '../kernel/findings/warnings';

/** What is wrong with an object that is none of ours, which is no prop: the message begins with `subject`. */
export function errorAt(construct: IConstruct, problem: Omit<Problem, 'prop'> & Partial<Problem>): Verdict {
  return { construct, finding: toFinding(construct.node.path, { prop: '', ...problem }) };
}

/** What is worth a look there. */
export function warningAt(construct: IConstruct, warning: Warning): Verdict {
  return { construct, finding: toWarning(construct, warning) };
}
