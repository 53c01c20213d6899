import { list, part } from '../kernel/schema/manifest';

/** A part of a manifest and its path. */
export interface Place {
  readonly path: string;
  readonly value: unknown;
}

export function at({ path, value }: Place, ...field: readonly string[]): Place {
  return { path: [path, ...field].join('.'), value: part(value, ...field) };
}

export function items({ path, value }: Place): Place[] {
  return list(value).map((item, index) => ({ path: `${path}[${index}]`, value: item }));
}

/** `null` counts as omitted, as for the API server. */
export function isSet({ value }: Place): boolean {
  return value !== undefined && value !== null;
}

export function isTrue({ value }: Place): boolean {
  return value === true;
}
