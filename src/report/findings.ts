import type { IConstruct } from 'constructs';
import { toSarif } from './sarif';
import { type Finding, lineOf } from '../kernel/findings/finding';
import { findingsOf } from '../synth/examine';

/** How findings are written. */
export enum FindingFormat {
  /** A list of `Finding`. */
  JSON = 'json',
  /** SARIF 2.1.0, which editors and code scanning read. */
  SARIF = 'sarif',
  /** A line each, as the errors of a synthesis and the warnings of `App` are shown. */
  TEXT = 'text',
}

/** Options of `Findings.format`. */
export interface FindingFormatOptions {
  /**
   * The file that SARIF attributes the findings to, relative to the root of the repository. The code scanning of GitHub
   * shows nothing that is in no file.
   *
   * @default - the constructs alone
   */
  readonly file?: string;
}

/**
 * What the rules of this library find in an app, as data: under whatever `App`, before a synthesis or instead of one.
 *
 * ```ts
 * const findings = Findings.of(app);
 * console.log(Findings.format(findings, FindingFormat.SARIF, { file: 'main.ts' }));
 * for (const finding of findings) {
 *   if (finding.severity === Severity.ERROR) process.exitCode = 1;
 * }
 * ```
 *
 * @see docs/rules.md
 */
export class Findings {
  /**
   * Validates an app as a synthesis does, and gives what the validation finds: errors in the order of the tree, then
   * warnings, then what is waived. What other libraries refuse is among the errors, with the rule `app/validation`.
   *
   * @param app the app, or any construct that is the root of a tree
   */
  public static of(app: IConstruct): Finding[] {
    return findingsOf(app);
  }

  /**
   * Writes findings as text.
   *
   * @param findings of `Findings.of(...)`, or a selection of them
   * @param format JSON, SARIF or lines
   * @param options the file for SARIF
   */
  public static format(findings: Finding[], format: FindingFormat, options: FindingFormatOptions = {}): string {
    if (format === FindingFormat.TEXT) {
      return findings.map(lineOf).join('');
    }
    const written = format === FindingFormat.SARIF ? toSarif(findings, options.file) : findings;
    return `${JSON.stringify(written, undefined, 2)}\n`;
  }

  private constructor() {}
}
