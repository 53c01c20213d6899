import type { IConstruct } from 'constructs';
import type { Finding } from './finding';
import type { FactKind } from '../facts/fact-map';
import type { PassView } from '../facts/pass-view';

/** A finding of a rule and its construct. */
export interface Verdict {
  readonly construct: IConstruct;
  readonly finding: Finding;
}

/**
 * A rule of the library: a pure function of the view of a pass. It reads facts and does not know the blocks that state
 * them.
 */
export interface LibraryRule {
  /** The rule runs only if the app has facts of these kinds. */
  readonly kinds: readonly FactKind[];
  /** Whether the rule only warns. It then runs after the validation. */
  readonly warns: boolean;
  judge(view: PassView): Verdict[];
}
