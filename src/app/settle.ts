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
  if (hasResolve(value)) return settle(value.resolve(), options);
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
  const keys = Object.keys(map);
  const values = keys.map((key) => settle(map[key], options));
  const result: Record<string, unknown> = {};
  if (!options.sortKeys || isSorted(keys)) {
    keys.forEach((key, index) => {
      if (values[index] !== undefined) result[key] = values[index];
    });
  } else {
    const settled = new Map(keys.map((key, index) => [key, values[index]]));
    for (const key of keys.sort()) {
      const value = settled.get(key);
      if (value !== undefined) result[key] = value;
    }
  }
  return options.dropEmpty && Object.keys(result).length === 0 ? undefined : result;
}

function hasResolve(value: object): value is { resolve: () => unknown } {
  return typeof (value as { resolve?: unknown }).resolve === 'function';
}

function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || keys[index - 1] < key);
}
