import { assigns, canonical, type Difference, differences, write } from './pattern';

/**
 * What a value of a manifest must be, where a literal cannot say it.
 *
 * In a pattern, an object stands for one that has at least these fields, a list for one that has these items in this
 * order and no others, and all else for itself.
 *
 * ```ts
 * const app = new App();
 * const chart = new Chart(app, 'shop');
 * new WebService(chart, 'web', { image: 'ghcr.io/acme/web:1.4.2', port: 8080, readiness: Probe.httpGet('/readyz') });
 * Manifests.of(app).has({ kind: 'Deployment' }, { spec: { replicas: 2, paused: Match.absent() } });
 * ```
 */
export class Match {
  /** The field is not there. */
  public static absent(): Match {
    return new Match('nothing', (value) => value === undefined);
  }

  /** The field is there, with any value. */
  public static present(): Match {
    return new Match('a value', (value) => value !== undefined);
  }

  /**
   * The list has exactly these items, in any order.
   *
   * @param items patterns, each for an item of its own
   */
  public static anyOrder(items: unknown[]): Match {
    const fits = (value: unknown): boolean =>
      Array.isArray(value) && value.length === items.length && assigns(items, value);
    return new Match(`${write(items)} in any order`, fits);
  }

  /**
   * The list has these items, in any order, and may have others.
   *
   * @param items patterns, each for an item of its own
   */
  public static including(items: unknown[]): Match {
    return new Match(`a list that includes ${write(items)}`, (value) => Array.isArray(value) && assigns(items, value));
  }

  /**
   * The value is this one: an object has no other fields.
   *
   * @param value the value
   */
  public static exactly(value: unknown): Match {
    return new Match(`exactly ${write(value)}`, (given) => canonical(given) === canonical(value));
  }

  /**
   * The value is text in which a regular expression finds something.
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
 * Takes a value out of the manifest that matches a pattern.
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
   * @param pattern what the value must match. Default: anything that is there
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
