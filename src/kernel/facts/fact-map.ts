import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * Facts about an app, by kind. The folder that owns a kind declares it:
 *
 * ```ts
 * declare module '../kernel/facts/fact-map' {
 *   interface FactMap { readonly edge: Edge }
 * }
 * ```
 *
 * A fact is never withdrawn. If its content follows from other facts, it is a function that runs at synthesis.
 */
export interface FactMap {
  readonly preparation: Preparation;
  readonly arrangement: Arrangement;
}

export type FactKind = keyof FactMap;

/** Updates the objects of a block to the facts, if the facts decide which objects exist. */
export interface Preparation {
  readonly owner: IConstruct;
  /**
   * Runs at the start of each pass. Adds missing objects and removes obsolete ones. A second call changes nothing.
   */
  prepare(): void;
}

/** Relates objects to each other, if the relation follows only from the complete tree. */
export interface Arrangement {
  /** Called at the start of each pass, after all preparations. Adds dependencies, and no constructs. */
  arrange(view: { readonly objects: readonly ApiObject[] }): void;
}

/** The keys of a fact in an index. They must never change. */
export type FactIndex<K extends FactKind, Key> = (fact: FactMap[K]) => readonly Key[];

/** A source of facts: the model, which grows until synthesis, or the view of one pass. */
export interface Facts {
  /** All facts of a kind, in the order of statement. */
  all<K extends FactKind>(kind: K): ReadonlyArray<FactMap[K]>;
  /** The facts of an index under a key. */
  by<K extends FactKind, Key>(kind: K, index: FactIndex<K, Key>, key: Key): ReadonlyArray<FactMap[K]>;
  /** The keys of an index with several facts. */
  shared<K extends FactKind, Key>(kind: K, index: FactIndex<K, Key>): ReadonlySet<Key>;
}
