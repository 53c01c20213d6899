import { assigns, canonical, type Difference, differences, write } from './pattern';

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
    return new Match('nothing', (value) => value === undefined);
  }

  /** Matches a field with any value. */
  public static present(): Match {
    return new Match('a value', (value) => value !== undefined);
  }

  /**
   * Matches a list with exactly these items, in any order.
   *
   * @param items patterns, each for a different item
   */
  public static anyOrder(items: unknown[]): Match {
    const fits = (value: unknown): boolean =>
      Array.isArray(value) && value.length === items.length && assigns(items, value);
    return new Match(`${write(items)} in any order`, fits);
  }

  /**
   * Matches a list with these items, in any order and possibly among others.
   *
   * @param items patterns, each for a different item
   */
  public static including(items: unknown[]): Match {
    return new Match(`a list that includes ${write(items)}`, (value) => Array.isArray(value) && assigns(items, value));
  }

  /**
   * Matches this value only: an object has no other fields.
   *
   * @param value the value
   */
  public static exactly(value: unknown): Match {
    return new Match(`exactly ${write(value)}`, (given) => canonical(given) === canonical(value));
  }

  /**
   * Matches text that a regular expression finds a match in.
   *
   * @param pattern source of a JavaScript regular expression
   */
  public static text(pattern: string): Match {
    const expression = new RegExp(pattern, 'u');
    return new Match(`text like ${String(expression)}`, (value) => typeof value === 'string' && expression.test(value));
  }

  private constructor(
    private readonly expected: string,
    private readonly fits: (value: unknown) => boolean,
  ) {}

  /** @internal */
  public _differences(value: unknown, path: string): Difference[] {
    return this.fits(value) ? [] : [{ path, got: value, expected: this.expected }];
  }

  /** @internal */
  public _written(): string {
    return this.expected;
  }
}

/**
 * Captures a value from the manifest that matches a pattern.
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
  public _differences(value: unknown, path: string): Difference[] {
    const found = differences(this.pattern, value, path);
    if (found.length === 0) this.taken.push(value);
    return found;
  }

  /** @internal */
  public _written(): string {
    return write(this.pattern);
  }
}
