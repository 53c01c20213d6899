import { type ApiObject, Chart } from 'cdk8s';
import { wireOf } from '../model/wire';
import { textAt } from '../schema/manifest';

/**
 * Puts a Namespace and a CustomResourceDefinition before the objects of their chart that need them, from any library.
 * `kubectl apply` sends the objects of a file in order, and the API server refuses an object whose namespace or kind
 * does not exist yet. Objects that are already in order stay where they are.
 */
export function orderObjects({ objects }: { readonly objects: readonly ApiObject[] }): void {
  for (let index = 1; index < objects.length; index++) {
    const needed = objects[index];
    if (needed.kind !== 'Namespace' && needed.kind !== 'CustomResourceDefinition') continue;
    const needs = needed.kind === 'Namespace' ? inNamespace(needed) : ofKind(needed);
    // a dependency against an explicit one would be a cycle
    if (needed.node.scopes.some(({ node }) => node.dependencies.length > 0)) continue;
    const chart = Chart.of(needed);
    for (const object of objects.slice(0, index)) {
      if (needs(object) && Chart.of(object) === chart) object.node.addDependency(needed);
    }
  }
}

function inNamespace({ name }: ApiObject): (object: ApiObject) => boolean {
  return ({ metadata, kind }) => metadata.namespace === name && kind !== 'Namespace';
}

function ofKind(definition: ApiObject): (object: ApiObject) => boolean {
  const wire = wireOf(definition);
  const [group, kind] = [textAt(wire, 'spec', 'group'), textAt(wire, 'spec', 'names', 'kind')];
  return (object) => object.apiGroup === group && object.kind === kind;
}
