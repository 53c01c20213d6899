import { isPlain } from '../kernel/schema/checks';

/** A part of a pattern with its own matching. */
export interface Expectation {
  /** The differences between a value and this part, each as text; none if it matches. */
  _differences(value: unknown, path: string): string[];
  /** Takes values from a value that matches. */
  _capture(value: unknown): void;
  /** The part, as an error shows it. */
  _written(): string;
}

function isExpectation(pattern: unknown): pattern is Expectation {
  return typeof (pattern as Partial<Expectation> | null | undefined)?._differences === 'function';
}

/**
 * The differences between a value and a pattern, each as text with its path; none if it matches. With `isExact`, an
 * object has no other fields.
 */
export function differences(pattern: unknown, value: unknown, path: string, isExact = false): string[] {
  if (isExpectation(pattern)) return pattern._differences(value, path);
  if (pattern instanceof RegExp) {
    throw new Error(`${path || 'The pattern'}: write Match.text('...') for a part of a text`);
  }
  if (Array.isArray(pattern) && Array.isArray(value)) {
    const all = Array.from({ length: Math.max(pattern.length, value.length) }, (_, index) => index);
    return all.flatMap((index) => {
      const at = `${path}[${index}]`;
      if (index >= pattern.length) return difference(at, value[index], 'no further item');
      if (index >= value.length) return difference(at, undefined, write(pattern[index]));
      return differences(pattern[index], value[index], at, isExact);
    });
  }
  if (isPlain(pattern) && isPlain(value)) {
    const keys = isExact
      ? [...new Set([...Object.keys(pattern), ...Object.keys(value)])]
      : Object.keys(pattern).filter((key) => pattern[key] !== undefined);
    return keys.flatMap((key) => differences(pattern[key], value[key], under(path, key), isExact));
  }
  if (canonical(pattern) === canonical(value)) return [];
  return [
    isText(pattern) && isText(value) ? lineDifference(path, value, pattern) : difference(path, value, write(pattern)),
  ];
}

/** Takes the values that the captures of a pattern name from a value that matches it. */
export function capture(pattern: unknown, value: unknown): void {
  if (isExpectation(pattern)) {
    pattern._capture(value);
  } else if (Array.isArray(pattern) && Array.isArray(value)) {
    pattern.forEach((item, index) => capture(item, value[index]));
  } else if (isPlain(pattern) && isPlain(value)) {
    for (const [key, field] of Object.entries(pattern)) capture(field, value[key]);
  }
}

/** The differences between a list and patterns for different items of it; `isComplete` if it has no others. */
export function itemDifferences(
  patterns: readonly unknown[],
  list: readonly unknown[],
  path: string,
  isComplete: boolean,
): string[] {
  const places = assign(patterns, list);
  const free = new Set(list.keys());
  for (const place of places.values()) free.delete(place);
  const missing = [...patterns.keys()].filter((index) => !places.has(index));
  const found = missing.map((index) => {
    const { [index]: pattern } = patterns;
    const [closest] = [...free]
      .map((place) => ({ place, found: differences(pattern, list[place], `${path}[${place}]`) }))
      .sort((a, b) => a.found.length - b.found.length);
    const head = `${path}: no ${free.size < list.length ? 'other ' : ''}item matches ${write(pattern)}`;
    if (closest === undefined) return head;
    free.delete(closest.place);
    return `${head}. The closest is [${closest.place}]:\n${indented(closest.found.join('\n'))}`;
  });
  const others = isComplete
    ? [...free].map((place) => difference(`${path}[${place}]`, list[place], 'no further item'))
    : [];
  return [...found, ...others];
}

/** A different item for as many patterns as possible, by index: a maximum matching. */
export function assign(patterns: readonly unknown[], list: readonly unknown[]): ReadonlyMap<number, number> {
  const fits = patterns.map((pattern) => list.map((item) => differences(pattern, item, '').length === 0));
  const owners = new Map<number, number>();
  const place = (pattern: number, tried: Set<number>): boolean =>
    list.some((_, item) => {
      if (!fits[pattern][item] || tried.has(item)) return false;
      tried.add(item);
      const owner = owners.get(item);
      if (owner !== undefined && !place(owner, tried)) return false;
      owners.set(item, pattern);
      return true;
    });
  for (const pattern of patterns.keys()) place(pattern, new Set());
  return new Map([...owners].map(([item, pattern]) => [pattern, item]));
}

/** Text that is equal for equal values, whatever the order of their keys. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    isPlain(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** The longest line of an error that is not broken. */
const WIDTH = 100;

/** One difference: on one line if it fits, otherwise both values below each other. */
export function difference(path: string, got: unknown, expected: string): string {
  const place = path || 'the manifest';
  const line = `${place}: got ${write(got)}, expected ${expected}`;
  if (fitsLine(line)) return line;
  return `${place}:\n  got:\n${indented(write(got), 4)}\n  expected:\n${indented(expected, 4)}`;
}

/** The first line in which two texts differ. */
function lineDifference(path: string, got: string, expected: string): string {
  const [theirs, ours] = [got.split('\n'), expected.split('\n')];
  if (theirs.length === 1 && ours.length === 1) return difference(path, got, write(expected));
  const index = [...theirs, undefined].findIndex((line, at) => line !== ours[at]);
  return difference(`${path}, line ${index + 1}`, theirs[index], write(ours[index]));
}

/** A pattern or a value, as an error shows it: on one line if it fits. */
export function write(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (isExpectation(value)) return value._written();
  if (Array.isArray(value)) return joined('[', value.map(write), ']');
  if (isPlain(value)) {
    return joined(
      '{ ',
      Object.entries(value).map(([key, part]) => `${key}: ${write(part)}`),
      ' }',
    );
  }
  if (isText(value) && value.includes('\n')) {
    return `${value.endsWith('\n') ? '|' : '|-'}\n${indented(value.trimEnd())}`;
  }
  return JSON.stringify(value) ?? typeof value;
}

function joined(open: string, parts: readonly string[], close: string): string {
  const line = `${open}${parts.join(', ')}${close}`;
  if (fitsLine(line)) return line;
  return [open.trim(), ...parts.map((part) => indented(`${part},`)), close.trim()].join('\n');
}

function fitsLine(text: string): boolean {
  return text.length <= WIDTH && !text.includes('\n');
}

export function indented(text: string, by = 2): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function under(path: string, key: string): string {
  const simple = /^\w+$/.test(key);
  if (!simple) return `${path}['${key}']`;
  return path === '' ? key : `${path}.${key}`;
}
