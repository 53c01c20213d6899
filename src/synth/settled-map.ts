/**
 * A map of a rendered manifest: sorted keys beside their values. It is several times faster than an object, since every
 * map has different keys.
 */
export class SettledMap {
  public constructor(
    public readonly keys: readonly string[],
    public readonly values: readonly unknown[],
  ) {}

  public get(key: string): unknown {
    return this.values[this.keys.indexOf(key)];
  }
}

/** A settled value as plain JSON. */
export function toJson(settled: unknown): unknown {
  if (Array.isArray(settled)) return settled.map(toJson);
  if (!(settled instanceof SettledMap)) return settled;
  const result: Record<string, unknown> = {};
  settled.keys.forEach((key, index) => {
    result[key] = toJson(settled.values[index]);
  });
  return result;
}

/** Insertion sort is used up to this length. */
const SHORT = 32;

/** JavaScript lists such keys of an object first, in numerical order. */
export function mayBeIndex(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 0x30 && first <= 0x39;
}

/** A map with the key order of an object that gets its keys sorted. May change the lists. */
export function sortedMap(keys: string[], values: unknown[]): SettledMap {
  if (keys.length > SHORT || keys.some(mayBeIndex)) {
    const byKey = new Map(keys.map((key, index) => [key, values[index]]));
    const sorted = Object.fromEntries(keys.sort().map((key) => [key, byKey.get(key)]));
    return new SettledMap(Object.keys(sorted), Object.values(sorted));
  }
  for (let from = 1; from < keys.length; from++) {
    const key = keys[from];
    if (keys[from - 1] < key) continue;
    const value = values[from];
    let to = from;
    for (; to > 0 && keys[to - 1] > key; to--) {
      keys[to] = keys[to - 1];
      values[to] = values[to - 1];
    }
    keys[to] = key;
    values[to] = value;
  }
  return new SettledMap(keys, values);
}
