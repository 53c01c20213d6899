/** What blocks take for an amount of CPU: `Cpu`, or the `Cpu` of any line of cdk8s-plus. */
export interface ICpu {
  /** The Kubernetes quantity. */
  readonly amount: string;
}

/**
 * An amount of CPU.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu
 */
export class Cpu implements ICpu {
  /** Thousandths of a core. At least 1, an integer. */
  public static millis(amount: number): Cpu {
    return new Cpu(`${amount}m`);
  }

  /** Whole cores, or fractions of up to three digits. */
  public static units(amount: number): Cpu {
    return new Cpu(`${amount}`);
  }

  /** The Kubernetes quantity. Whether it is valid is checked by the block that uses it. */
  public readonly amount: string;

  private constructor(amount: string) {
    this.amount = amount;
  }
}
