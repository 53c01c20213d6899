import type { ApiObject } from 'cdk8s';

const specs = new WeakMap<ApiObject, () => object>();

/** Keeps the way to the `spec` of an object of ours. */
export function recordSpec(object: ApiObject, spec: () => object): void {
  specs.set(object, spec);
}

/** Whether `emitLater` has made the object. */
export function isOurs(object: ApiObject): boolean {
  return specs.has(object);
}

/** The `spec` of an object of ours without the way through cdk8s; nothing for others, and where a JSON patch may have changed it. */
export function specOf(object: ApiObject): object | undefined {
  return isPatched(object) ? undefined : specs.get(object)?.();
}

/** cdk8s keeps the patches to itself. Should it ever name them otherwise, patched objects count as they were before. */
export function isPatched(object: ApiObject): boolean {
  return ((object as unknown as { patches?: readonly unknown[] }).patches ?? []).length > 0;
}
