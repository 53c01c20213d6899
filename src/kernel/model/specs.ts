import type { ApiObject } from 'cdk8s';

/** A property of the object. All copies of the library share its name. */
const SPEC = Symbol.for('cdk8s-best-practices/spec');

interface WithSpec {
  readonly [SPEC]?: () => object;
}

/** Stores the function that renders the `spec` of an object of ours. */
export function recordSpec(object: ApiObject, spec: () => object): void {
  Object.defineProperty(object, SPEC, { value: spec });
}

/**
 * The `spec` of an object of ours without a detour through cdk8s. Nothing for other objects, and for objects that a
 * JSON patch may change.
 */
export function specOf(object: ApiObject): object | undefined {
  return isPatched(object) ? undefined : (object as WithSpec)[SPEC]?.();
}

/** cdk8s keeps the patches private. If their name changes, patched objects count as unpatched. */
export function isPatched(object: ApiObject): boolean {
  return ((object as unknown as { patches?: readonly unknown[] }).patches ?? []).length > 0;
}
