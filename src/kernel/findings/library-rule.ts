import type { IConstruct } from 'constructs';
import type { Finding } from './finding';
import type { AppView } from '../facts/app-view';
import type { FactKind } from '../facts/fact-map';

/** What a rule has found, and at which construct. */
export interface Verdict {
  readonly construct: IConstruct;
  readonly finding: Finding;
}

/** A rule of the library: a pure function of the view of a pass, which reads facts and nothing of the blocks that state them. */
export interface LibraryRule {
  /** Without facts of these kinds, nobody asks it. */
  readonly kinds: readonly FactKind[];
  /** Whether it only warns: it is asked after the validation then. */
  readonly warns: boolean;
  judge(view: AppView): Verdict[];
}
