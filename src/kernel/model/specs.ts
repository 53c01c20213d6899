import type { ApiObject } from 'cdk8s';

/** A property of the object: what copies of the library share is found by its name. */
const SPEC = Symbol.for('cdk8s-best-practices/spec');

interface WithSpec {
  readonly [SPEC]?: () => object;
}

/** Keeps the way to the `spec` of an object of ours. */
export function recordSpec(object: ApiObject, spec: () => object): void {
  Object.defineProperty(object, SPEC, { value: spec });
}

/** Whether `emitLater` has made the object. */
export function isOurs(object: ApiObject): boolean {
  return SPEC in object;
}

/**
 * The `spec` of an object of ours without the way through cdk8s; nothing for others, and where a JSON patch may have
 * changed it.
 */
export function specOf(object: ApiObject): object | undefined {
  return isPatched(object) ? undefined : (object as WithSpec)[SPEC]?.();
}

/** cdk8s keeps the patches to itself. Should it ever name them otherwise, patched objects count as they were before. */
export function isPatched(object: ApiObject): boolean {
  return ((object as unknown as { patches?: readonly unknown[] }).patches ?? []).length > 0;
}
