import { Lazy } from 'cdk8s';

/** What is left to cdk8s itself, with its result or its error: class instances, functions, objects of other realms. */
class Unsettled extends Error {}

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
 * - The result shares nothing with the value.
 */
export function settle(value: unknown, options: SettleOptions): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'undefined':
      return undefined;
    case 'object':
      return value === null ? undefined : settleObject(value, options);
    default:
      throw new Unsettled();
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
  if (value.constructor === Object) return settleMap(value as Record<string, unknown>, options);
  // IntOrString, Quantity and the like of the generated classes
  const { value: union } = value as { value?: unknown };
  if (typeof union === 'number' || typeof union === 'string') return { value: union };
  throw new Unsettled();
}

function settleMap(map: Record<string, unknown>, options: SettleOptions): Record<string, unknown> | undefined {
  const result: Record<string, unknown> = {};
  const keys: string[] = [];
  let isSorted = true;
  for (const key of Object.keys(map)) {
    const value = settle(map[key], options);
    if (value === undefined) continue;
    isSorted &&= keys.length === 0 || keys[keys.length - 1] < key;
    keys.push(key);
    result[key] = value;
  }
  if (keys.length === 0) return options.dropEmpty ? undefined : result;
  return isSorted || !options.sortKeys ? result : withKeys(result, keys.sort());
}

function withKeys(map: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const key of keys) result[key] = map[key];
  return result;
}
