/** What blocks take for an amount of CPU: `Cpu`, or the `Cpu` of any line of cdk8s-plus. */
export interface ICpu {
  /** The Kubernetes quantity. */
  readonly amount: string;
}

/**
 * An amount of CPU. Blocks also accept the `Cpu` of cdk8s-plus.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu
 */
export class Cpu implements ICpu {
  /** Thousandths of a core: an integer of at least 1. */
  public static millis(amount: number): Cpu {
    return new Cpu(`${amount}m`);
  }

  /** Whole cores, or fractions of up to three digits. */
  public static units(amount: number): Cpu {
    return new Cpu(`${amount}`);
  }

  /** The Kubernetes quantity. The block that uses it checks it. */
  public readonly amount: string;

  private constructor(amount: string) {
    this.amount = amount;
  }
}
