import type { IConstruct } from 'constructs';

/**
 * What can be stated about an app, by kind. The room that knows a kind declares it:
 *
 * ```ts
 * declare module '../kernel/facts/fact-map' {
 *   interface FactMap { readonly edge: Edge }
 * }
 * ```
 *
 * A fact is never taken back. Where its content follows from other facts, it is a function that is called at synthesis.
 */
export interface FactMap {
  readonly preparation: Preparation;
}

export type FactKind = keyof FactMap;

/** Brings the objects of a block in line with the facts, where these decide which objects there are. */
export interface Preparation {
  readonly owner: IConstruct;
  /**
   * Called at the start of each pass. Adds what is missing and removes what is not wanted any more; the second call
   * changes nothing.
   */
  prepare(): void;
}

/** The keys under which a fact is found. They must never change. */
export type FactIndex<K extends FactKind, Key> = (fact: FactMap[K]) => readonly Key[];

/** Where facts are read: the model, which grows until the synthesis, or the view of one pass. */
export interface Facts {
  /** All facts of a kind, in the order in which they were stated. */
  all<K extends FactKind>(kind: K): ReadonlyArray<FactMap[K]>;
  /** Those that an index has under a key. */
  by<K extends FactKind, Key>(kind: K, index: FactIndex<K, Key>, key: Key): ReadonlyArray<FactMap[K]>;
  /** The keys under which an index has several facts. */
  shared<K extends FactKind, Key>(kind: K, index: FactIndex<K, Key>): ReadonlySet<Key>;
}
