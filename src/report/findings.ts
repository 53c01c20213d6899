import type { IConstruct } from 'constructs';
import { toSarif } from './sarif';
import { type Finding, lineOf } from '../kernel/findings/finding';
import { findingsOf } from '../synth/examine';

/** Output format of findings. */
export enum FindingFormat {
  /** A list of `Finding`. */
  JSON = 'json',
  /** SARIF 2.1.0, for editors and code scanning. */
  SARIF = 'sarif',
  /** One line for each, like the errors of a synthesis and the warnings of `App`. */
  TEXT = 'text',
}

/** Options of `Findings.format`. */
export interface FindingFormatOptions {
  /**
   * The file of the findings in SARIF, relative to the root of the repository. GitHub code scanning shows only findings
   * with a file.
   *
   * @default - only constructs
   */
  readonly file?: string;
}

/**
 * The findings of this library's rules in an app, as data. Works with any `App`, before a synthesis or instead of one.
 *
 * ```ts
 * const findings = Findings.of(app);
 * console.log(Findings.format(findings, FindingFormat.SARIF, { file: 'main.ts' }));
 * const failed = findings.some(({ severity, waiver }) => severity === Severity.ERROR && waiver === undefined);
 * process.exitCode = failed ? 1 : 0;
 * ```
 *
 * @see docs/rules.md
 */
export class Findings {
  /**
   * Validates an app like a synthesis, and returns the findings: errors in tree order, then warnings, then waived
   * findings. Errors of other libraries have the rule `app/validation`.
   *
   * @param app the app, or any construct that is the root of a tree
   */
  public static of(app: IConstruct): Finding[] {
    return findingsOf(app);
  }

  /**
   * Writes findings as text.
   *
   * @param findings findings of `Findings.of(...)`, or a selection
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
