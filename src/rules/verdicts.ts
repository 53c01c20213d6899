import type { IConstruct } from 'constructs';
import { type Problem, toFinding } from '../kernel/findings/finding';
import type { Verdict } from '../kernel/findings/library-rule';
import { toWarning, type Warning } from '../kernel/findings/warnings';

/** An error of a foreign object, which has no props: the message begins with `subject`. */
export function errorAt(construct: IConstruct, problem: Omit<Problem, 'prop'> & Partial<Problem>): Verdict {
  return { construct, finding: toFinding(construct.node.path, { prop: '', ...problem }) };
}

/** A warning at a construct. */
export function warningAt(construct: IConstruct, warning: Warning): Verdict {
  return { construct, finding: toWarning(construct, warning) };
}
