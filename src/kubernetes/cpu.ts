/** An amount of CPU as blocks accept it: `Cpu`, or the `Cpu` of any cdk8s-plus line. */
export interface ICpu {
  /** The Kubernetes quantity. */
  readonly amount: string;
}

/**
 * An amount of CPU. Blocks also accept the `Cpu` of cdk8s-plus.
 *
 * ```ts
 * new Job(chart, 'import', {
 *   image: 'ghcr.io/acme/import:1.0.0',
 *   resources: Resources.of({ cpu: Cpu.millis(500), memory: Size.gibibytes(1) }),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu
 */
export class Cpu implements ICpu {
  /** Thousandths of a core: an integer of at least 1. */
  public static millis(amount: number): Cpu {
    return new Cpu(`${String(amount)}m`);
  }

  /** Whole cores, or fractions of up to three digits. */
  public static units(amount: number): Cpu {
    return new Cpu(String(amount));
  }

  /** The Kubernetes quantity. The block that uses it checks it. */
  public readonly amount: string;

  private constructor(amount: string) {
    this.amount = amount;
  }
}
