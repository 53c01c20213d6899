import type { Finding } from './finding';

/**
 * Error of a failed synthesis. `message` lists all mistakes, as the error of cdk8s does. `findings` has them as data,
 * with the warnings of the app.
 *
 * TypeScript only: other languages get the message, and read the data from `Findings.of(app)`.
 *
 * @jsii ignore
 */
export class SynthesisError extends Error {
  /**
   * @param message all mistakes, one on each line
   * @param findings the same as data, and warnings
   */
  public constructor(
    message: string,
    public readonly findings: readonly Finding[],
  ) {
    super(message);
    this.name = 'SynthesisError';
  }
}
