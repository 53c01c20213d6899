import type { LibraryRule } from './library-rule';
import type { FactKind } from '../facts/fact-map';
import type { PassView } from '../facts/pass-view';

/** Rules that load together when an app states what they judge. */
export interface Topic {
  /** The kinds of facts that the rules read. */
  readonly kinds: readonly FactKind[];
  /** What they need beside those facts; nothing by default. */
  readonly when?: (view: PassView) => boolean;
  readonly load: () => RuleModule;
}

/** The exports of a file of rules. */
export interface RuleModule {
  readonly RULES: readonly LibraryRule[];
}

let topics: readonly Topic[] | undefined;

/** Installs the rules. The entry point of the package calls it, since blocks must not import rules. */
export function installRules(all: readonly Topic[]): void {
  topics = all;
}

/** The rules of the library that apply to the view. */
export function rulesFor(view: PassView): readonly LibraryRule[] {
  return view.derive(readRules);
}

function readRules(view: PassView): LibraryRule[] {
  if (topics === undefined) {
    throw new Error('No rules: import the package by its name, which installs them, not one of its files');
  }
  const isStated = (kind: FactKind): boolean => view.all(kind).length > 0;
  return topics
    .filter(({ kinds, when }) => kinds.some(isStated) && (when?.(view) ?? true))
    .flatMap(({ load }) => load().RULES)
    .filter(({ kinds }) => kinds.some(isStated));
}
