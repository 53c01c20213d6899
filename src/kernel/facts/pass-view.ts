import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { FactIndex, FactKind, FactMap, Facts } from './fact-map';
import { isOwn } from './own-objects';

/**
 * A snapshot of an app for one validation pass: all facts, all objects, and what follows from them. It never changes.
 */
export class PassView implements Facts {
  /** All objects in tree order, including those of other libraries. */
  public readonly objects: readonly ApiObject[];
  /** Objects of other libraries, and raw ones. */
  public readonly foreignObjects: readonly ApiObject[];

  private readonly derived = new Map<unknown, unknown>();

  /** `time`: the number of facts in the view. */
  public constructor(
    public readonly root: IConstruct,
    private readonly facts: Facts,
    public readonly time: number,
  ) {
    const objects: ApiObject[] = [];
    const foreignObjects: ApiObject[] = [];
    collect(root, objects, foreignObjects);
    this.objects = objects;
    this.foreignObjects = foreignObjects;
  }

  public all<K extends FactKind>(kind: K): ReadonlyArray<FactMap[K]> {
    return this.facts.all(kind);
  }

  public by<K extends FactKind, Key>(kind: K, index: FactIndex<K, Key>, key: Key): ReadonlyArray<FactMap[K]> {
    return this.facts.by(kind, index, key);
  }

  public shared<K extends FactKind, Key>(kind: K, index: FactIndex<K, Key>): ReadonlySet<Key> {
    return this.facts.shared(kind, index);
  }

  /**
   * Computes a result from the view once and caches it. Pass the same function each time.
   */
  public derive<T>(compute: (view: PassView) => T): T {
    if (!this.derived.has(compute)) this.derived.set(compute, compute(this));
    return this.derived.get(compute) as T;
  }
}

/**
 * Like node.findAll, in the same order, without a list of all constructs: the App of cdk8s runs a pass for each chart.
 */
function collect(scope: IConstruct, objects: ApiObject[], foreign: ApiObject[]): void {
  if (ApiObject.isApiObject(scope)) {
    objects.push(scope);
    if (!isOwn(scope)) foreign.push(scope);
  }
  for (const child of scope.node.children) collect(child, objects, foreign);
}
