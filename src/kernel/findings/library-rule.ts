import type { IConstruct } from 'constructs';
import type { Finding } from './finding';
import type { FactKind } from '../facts/fact-map';
import type { PassView } from '../facts/pass-view';

/** What a rule has found, and at which construct. */
export interface Verdict {
  readonly construct: IConstruct;
  readonly finding: Finding;
}

/**
 * A rule of the library: a pure function of the view of a pass, which reads facts and nothing of the blocks that state
 * them.
 */
export interface LibraryRule {
  /** Without facts of these kinds, nobody asks it. */
  readonly kinds: readonly FactKind[];
  /** Whether it only warns: it is asked after the validation then. */
  readonly warns: boolean;
  judge(view: PassView): Verdict[];
}
