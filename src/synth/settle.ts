import { Lazy } from 'cdk8s';
import { SettledMap, sortedMap } from './settled-map';

/** What is left to cdk8s itself, with its result or its error: class instances and objects of other realms. */
export class Unsettled extends Error {}

export interface SettleOptions {
  readonly sortKeys: boolean;
  /** Whether arrays and maps without content are left out, as in metadata. */
  readonly dropEmpty: boolean;
}

/**
 * A value with its tokens replaced, and without what is null or undefined: what cdk8s makes of it by its built-in
 * resolvers and its sanitizer, in one pass and without a list of resolvers for each leaf.
 *
 * - Tokens are asked in the order in which they stand in the value, before keys are sorted.
 * - The result shares nothing with the value. Its maps are `SettledMap`s.
 */
export function settle(value: unknown, options: SettleOptions): unknown {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'object':
    case 'function':
      return value === null ? undefined : settleObject(value, options);
    default:
      return value;
  }
}

function settleObject(value: object, options: SettleOptions): unknown {
  if (value instanceof Lazy) return settle(value.produce(), options);
  const { resolve } = value as { resolve?: unknown };
  if (typeof resolve === 'function') return settle(resolve.call(value), options);
  if (Array.isArray(value)) {
    if (options.dropEmpty && value.length === 0) return undefined;
    return value.map((item) => settle(item, options));
  }
  if (value.constructor === Object) return settleMap(Object.keys(value), Object.values(value), options);
  // IntOrString, Quantity and the like of the generated classes
  const { value: union } = value as { value?: unknown };
  if (typeof union === 'number' || typeof union === 'string') return new SettledMap(['value'], [union]);
  if (typeof value === 'function') return value;
  throw new Unsettled();
}

/** The map of these keys and values as `settle` leaves it. */
export function settleMap(
  names: readonly string[],
  given: readonly unknown[],
  options: SettleOptions,
): SettledMap | undefined {
  const keys: string[] = [];
  const values: unknown[] = [];
  for (let index = 0; index < names.length; index++) {
    const key = names[index];
    // in the copies of cdk8s, it is the prototype
    if (key === '__proto__') throw new Unsettled();
    const value = settle(given[index], options);
    if (value === undefined) continue;
    keys.push(key);
    values.push(value);
  }
  if (options.dropEmpty && keys.length === 0) return undefined;
  return options.sortKeys ? sortedMap(keys, values) : new SettledMap(keys, values);
}
