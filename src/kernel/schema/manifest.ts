import { isPlain } from './checks';

/** Reads a part of an untrusted manifest. */
export function part(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isPlain(at) ? at[key] : undefined), value);
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function entries(value: unknown): Array<[string, unknown]> {
  return isPlain(value) ? Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null) : [];
}

/** The entries of a map whose values are text, such as labels. */
export function textsAt(value: unknown, ...path: readonly string[]): Record<string, string> {
  const texts = entries(part(value, ...path)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = part(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function countAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = part(value, ...path);
  return typeof found === 'number' && Number.isInteger(found) && found >= 0 ? found : undefined;
}
