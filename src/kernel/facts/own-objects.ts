import type { ApiObject } from 'cdk8s';

/** A property of the objects of all copies of the library. */
const OWN = Symbol.for('cdk8s-best-practices/own');

/** States that a block of the library has written the object. */
export function markOwn(object: ApiObject): void {
  Object.defineProperty(object, OWN, { value: true });
}

/** Whether a block of the library has written the object. */
export function isOwn(object: ApiObject): boolean {
  return OWN in object;
}
