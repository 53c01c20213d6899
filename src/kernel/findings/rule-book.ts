import type { LibraryRule } from './library-rule';
import type { FactKind } from '../facts/fact-map';
import type { PassView } from '../facts/pass-view';

/** Rules that are loaded together, when an app states what they judge. */
export interface Topic {
  /** The kinds of facts that its rules begin with. */
  readonly kinds: readonly FactKind[];
  /** What they need beside those facts; nothing by default. */
  readonly when?: (view: PassView) => boolean;
  readonly load: () => RuleModule;
}

/** What a file of rules exports. */
export interface RuleModule {
  readonly RULES: readonly LibraryRule[];
}

let topics: readonly Topic[] | undefined;

/** Called by the entry point of the package: what states facts must not import what judges them. */
export function installRules(all: readonly Topic[]): void {
  topics = all;
}

/** The rules of the library that have something to judge. */
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
