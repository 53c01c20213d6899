/** How much a finding weighs. */
export enum Severity {
  /** Nothing is written. */
  ERROR = 'error',
  /** Allowed, but worth a look. */
  WARNING = 'warning',
  /** Good to know. */
  INFO = 'info',
}

/** What is known of a rule. */
export interface Rule {
  /** What the rule asks for, as a sentence without a full stop. */
  readonly title: string;
  readonly severity: Severity;
  /** What goes wrong otherwise. */
  readonly reason: string;
  /** Ids of docs/practices.md. */
  readonly practices: readonly string[];
  /** How to mend it, in general; a finding says it for its case. */
  readonly fix: string;
  /** Code that breaks the rule, and no other. */
  readonly bad: string;
  /** The same, mended. */
  readonly good: string;
}
