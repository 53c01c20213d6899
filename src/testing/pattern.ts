import { isPlain } from '../kernel/schema/checks';

/** A place where a manifest differs from a pattern. */
export interface Difference {
  readonly path: string;
  readonly got: unknown;
  readonly expected: string;
}

/** A part of a pattern with its own matching. */
export interface Expectation {
  _differences(value: unknown, path: string): Difference[];
  /** The part, as an error shows it. */
  _written(): string;
}

function isExpectation(pattern: unknown): pattern is Expectation {
  return typeof (pattern as Partial<Expectation> | null | undefined)?._differences === 'function';
}

/** The differences between a value and a pattern; none if it matches. */
export function differences(pattern: unknown, value: unknown, path: string): Difference[] {
  if (isExpectation(pattern)) return pattern._differences(value, path);
  if (pattern instanceof RegExp) {
    throw new Error(`${path || 'The pattern'}: write Match.text('...') for a part of a text`);
  }
  if (Array.isArray(pattern) && Array.isArray(value) && pattern.length === value.length) {
    return pattern.flatMap((item, index) => differences(item, value[index], `${path}[${index}]`));
  }
  if (isPlain(pattern) && isPlain(value)) {
    return Object.entries(pattern).flatMap(([key, field]) =>
      field === undefined ? [] : differences(field, value[key], under(path, key)),
    );
  }
  return canonical(pattern) === canonical(value) ? [] : [{ path, got: value, expected: write(pattern) }];
}

/** Whether each pattern matches a different item. */
export function assigns(patterns: readonly unknown[], items: readonly unknown[]): boolean {
  if (patterns.length === 0) return true;
  const [pattern, ...others] = patterns;
  return items.some(
    (item, index) =>
      differences(pattern, item, '').length === 0 &&
      assigns(
        others,
        items.filter((_, other) => other !== index),
      ),
  );
}

/** Text that is equal for equal values, whatever the order of their keys. */
export function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    isPlain(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** A pattern or a value, as an error shows it. */
export function write(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (isExpectation(value)) return value._written();
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  if (isPlain(value)) {
    return `{ ${Object.entries(value)
      .map(([key, part]) => `${key}: ${write(part)}`)
      .join(', ')} }`;
  }
  return JSON.stringify(value) ?? typeof value;
}

function under(path: string, key: string): string {
  const simple = /^\w+$/.test(key);
  if (!simple) return `${path}['${key}']`;
  return path === '' ? key : `${path}.${key}`;
}
