import { assign, capture, difference, differences, itemDifferences, write } from './pattern';

/**
 * An expectation about a value of a manifest that no literal can express.
 *
 * In a pattern, an object matches an object with at least these fields. A list matches a list with exactly these items
 * in this order. Other values match themselves.
 *
 * ```ts
 * const app = new App();
 * const chart = new Chart(app, 'shop');
 * new WebService(chart, 'web', { image: 'ghcr.io/acme/web:1.4.2', port: 8080, readiness: Probe.httpGet('/readyz') });
 * Manifests.of(app).has({ kind: 'Deployment' }, { spec: { replicas: 2, paused: Match.absent() } });
 * ```
 */
export class Match {
  /** Matches a missing field. */
  public static absent(): Match {
    return Match.of('nothing', (value) => value === undefined);
  }

  /** Matches a field with any value. */
  public static present(): Match {
    return Match.of('a value', (value) => value !== undefined);
  }

  /**
   * Matches a list with exactly these items, in any order.
   *
   * @param items patterns, each for a different item
   */
  public static anyOrder(items: unknown[]): Match {
    return Match.ofItems(`${write(items)} in any order`, items, true);
  }

  /**
   * Matches a list with these items, in any order and possibly among others.
   *
   * @param items patterns, each for a different item
   */
  public static including(items: unknown[]): Match {
    return Match.ofItems(`a list that includes ${write(items)}`, items, false);
  }

  /**
   * Matches this value only: an object has no other fields.
   *
   * @param value the value
   */
  public static exactly(value: unknown): Match {
    return new Match(
      `exactly ${write(value)}`,
      (given, path) => differences(value, given, path, true),
      (given) => capture(value, given),
    );
  }

  /**
   * Matches text that a regular expression finds a match in.
   *
   * @param pattern source of a JavaScript regular expression
   */
  public static text(pattern: string): Match {
    const expression = new RegExp(pattern, 'u');
    return Match.of(`text like ${String(expression)}`, (value) => typeof value === 'string' && expression.test(value));
  }

  private static of(expected: string, fits: (value: unknown) => boolean): Match {
    return new Match(expected, (value, path) => (fits(value) ? [] : [difference(path, value, expected)]));
  }

  private static ofItems(expected: string, items: unknown[], isComplete: boolean): Match {
    return new Match(
      expected,
      (value, path) =>
        Array.isArray(value) ? itemDifferences(items, value, path, isComplete) : [difference(path, value, expected)],
      (value) => {
        const list = value as unknown[];
        for (const [item, place] of assign(items, list)) capture(items[item], list[place]);
      },
    );
  }

  private constructor(
    private readonly expected: string,
    private readonly compare: (value: unknown, path: string) => string[],
    private readonly take: (value: unknown) => void = () => undefined,
  ) {}

  /** @internal */
  public _differences(value: unknown, path: string): string[] {
    return this.compare(value, path);
  }

  /** @internal */
  public _capture(value: unknown): void {
    this.take(value);
  }

  /** @internal */
  public _written(): string {
    return this.expected;
  }
}

/**
 * Captures a value from the manifest that matches a pattern; from the first one if several match.
 *
 * ```ts
 * const app = new App();
 * const chart = new Chart(app, 'shop');
 * new VersionedConfigMap(chart, 'settings', { data: { LOG_LEVEL: 'info' } });
 * const name = new Capture();
 * Manifests.of(app).has({ kind: 'ConfigMap' }, { metadata: { name } });
 * console.log(name.value);
 * ```
 */
export class Capture {
  private readonly taken: unknown[] = [];

  /**
   * @param pattern what the value must match. Default: any present value
   */
  public constructor(private readonly pattern: unknown = Match.present()) {}

  /** The value. Throws before a pattern with the capture has matched. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the field of a manifest, which has no type
  public get value(): any {
    if (this.taken.length === 0) throw new Error('Nothing is captured: no pattern with this Capture has matched yet');
    return this.taken[this.taken.length - 1];
  }

  /** @internal */
  public _differences(value: unknown, path: string): string[] {
    return differences(this.pattern, value, path);
  }

  /** @internal */
  public _capture(value: unknown): void {
    capture(this.pattern, value);
    this.taken.push(value);
  }

  /** @internal */
  public _written(): string {
    return write(this.pattern);
  }
}
