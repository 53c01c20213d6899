import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

/**
 * Makes the objects of a block those that are wanted, by the ids of their constructs: adds the missing ones, and takes the others
 * out of the tree. Objects that stay are the same ones, with their patches. Twice is the same as once.
 */
export function arrange(scope: Construct, present: Map<string, ApiObject>, wanted: readonly string[], emit: (id: string) => ApiObject): void {
  for (const id of [...present.keys()].filter((known) => !wanted.includes(known))) {
    scope.node.tryRemoveChild(id);
    present.delete(id);
  }
  for (const id of wanted) if (!present.has(id)) present.set(id, emit(id));
}
