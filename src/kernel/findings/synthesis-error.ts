import type { Finding } from './finding';

/**
 * Error of a failed synthesis. `message` lists all mistakes, as the error of cdk8s does. `findings` has them as data,
 * with the warnings of the app.
 *
 * ```ts
 * try {
 *   app.synth();
 * } catch (error) {
 *   if (!(error instanceof SynthesisError)) throw error;
 *   for (const { rule, constructPath } of error.findings) console.log(`${constructPath}: ${rule}`);
 * }
 * ```
 *
 * TypeScript only: other languages get the message, and read the data from `Findings.of(app)`.
 *
 * @jsii ignore
 */
export class SynthesisError extends Error {
  /** The mistakes and the warnings of the app. */
  public readonly findings!: readonly Finding[];

  /**
   * @param message all mistakes, one on each line
   * @param findings the same as data, and warnings
   */
  public constructor(message: string, findings: readonly Finding[]) {
    super(message);
    this.name = 'SynthesisError';
    // Node prints the enumerable properties of an uncaught error: the message would drown in them. The declared field
    // is enumerable from the start, and a property keeps what its new definition omits
    Object.defineProperty(this, 'findings', { value: findings, enumerable: false });
  }
}
