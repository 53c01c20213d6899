/**
 * An amount of CPU. The `Cpu` of cdk8s-plus is taken, too.
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
export class Cpu {
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
