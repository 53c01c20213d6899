import { Lazy } from 'cdk8s';
import { SettledMap, sortedMap } from './settled-map';

/** Signals values that only cdk8s handles, with its result or error: class instances and objects of other realms. */
export class Unsettled extends Error {}

export interface SettleOptions {
  readonly sortKeys: boolean;
  /** Whether to omit empty arrays and maps, as in metadata. */
  readonly dropEmpty: boolean;
}

/**
 * Replaces tokens in a value and removes null and undefined. The result is that of cdk8s' built-in resolvers and
 * sanitizer, in one pass and without a list of resolvers for each leaf.
 *
 * - Tokens are resolved in their order in the value, before keys are sorted.
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
  // IntOrString, Quantity and similar generated classes
  const { value: union } = value as { value?: unknown };
  if (typeof union === 'number' || typeof union === 'string') return new SettledMap(['value'], [union]);
  if (typeof value === 'function') return value;
  throw new Unsettled();
}

/** The settled map of these keys and values. It takes over both lists. */
export function settleMap(keys: string[], values: unknown[], options: SettleOptions): SettledMap | undefined {
  let size = 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index];
    // in the copies that cdk8s makes, it is the prototype
    if (key === '__proto__') throw new Unsettled();
    const value = settle(values[index], options);
    if (value === undefined) continue;
    keys[size] = key;
    values[size] = value;
    size++;
  }
  keys.length = size;
  values.length = size;
  if (options.dropEmpty && size === 0) return undefined;
  return options.sortKeys ? sortedMap(keys, values) : new SettledMap(keys, values);
}
