import { type ApiObject, Chart, type JsonPatch } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isBlock } from '../findings/sources';

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
interface WithPatches {
  readonly patches?: readonly JsonPatch[];
}

export function isPatched(object: ApiObject): boolean {
  return patchesOf(object).length > 0;
}

export function patchesOf(object: ApiObject): readonly JsonPatch[] {
  return (object as unknown as WithPatches).patches ?? [];
}

/** A step of a JSON patch. */
export interface PatchOperation {
  readonly op?: string;
  readonly path?: string;
  readonly value?: unknown;
}

export function operationOf(patch: JsonPatch): PatchOperation {
  return patch._toJson() as PatchOperation;
}

/** The block with the patched object, or the object where others have written it: a finding belongs to it. */
export function patchedConstruct(object: ApiObject): IConstruct {
  const { scope } = object.node;
  return scope !== undefined && isBlock(scope) && !Chart.isChart(scope) ? scope : object;
}
