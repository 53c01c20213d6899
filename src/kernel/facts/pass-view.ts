import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { FactIndex, FactKind, FactMap, Facts } from './fact-map';

/**
 * What is known of an app in one pass of validation: all facts, all objects, and what is derived from them. It is made
 * once a pass, and nothing in it changes.
 */
export class PassView implements Facts {
  /** All objects, in the order of the tree; those of other libraries too. */
  public readonly objects: readonly ApiObject[];

  private readonly derived = new Map<unknown, unknown>();

  /** `time`: the number of facts that the view has. */
  public constructor(
    public readonly root: IConstruct,
    private readonly facts: Facts,
    public readonly time: number,
  ) {
    const objects: ApiObject[] = [];
    collect(root, objects);
    this.objects = objects;
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
   * What follows from the view, computed when it is asked for the first time. The function must be the same each time.
   */
  public derive<T>(compute: (view: PassView) => T): T {
    if (!this.derived.has(compute)) this.derived.set(compute, compute(this));
    return this.derived.get(compute) as T;
  }
}

/**
 * As node.findAll, in the same order, without a list of all constructs: there is a pass for each chart under the App of
 * cdk8s.
 */
function collect(scope: IConstruct, objects: ApiObject[]): void {
  if (ApiObject.isApiObject(scope)) objects.push(scope);
  for (const child of scope.node.children) collect(child, objects);
}
