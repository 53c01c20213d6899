const MULTIPLIER = 48_271;
const MODULUS = 2 ** 31 - 1;

/** Numbers that follow from seeds (the generator of Park and Miller). */
export class Random {
  private state = 1;

  public constructor(...seeds: readonly number[]) {
    for (const seed of seeds) {
      this.state = ((this.state + seed) % (MODULUS - 1)) + 1;
      // seeds that are close to each other give numbers that are not
      for (let step = 0; step < 3; step += 1) this.fraction();
    }
  }

  /** At least 0, less than 1. */
  public fraction(): number {
    this.state = (this.state * MULTIPLIER) % MODULUS;
    return (this.state - 1) / (MODULUS - 1);
  }

  /** A whole number, both ends included. */
  public integer(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  public chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  public pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)];
  }

  /** One of them, each as often as its weight says. */
  public weighted<T>(choices: ReadonlyArray<readonly [number, T]>): T {
    let left = this.fraction() * choices.reduce((sum, [weight]) => sum + weight, 0);
    return choices.find(([weight]) => (left -= weight) < 0)![1];
  }

  public shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => [this.fraction(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  }
}
