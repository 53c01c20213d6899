/** A format that only one kind of credential has. */
export interface Format {
  /** The id of the gitleaks rule, such as `stripe-access-token`. */
  readonly id: string;
  /** Lower-case words, one of which occurs in the text or beside it. */
  readonly keywords: readonly string[];
  /** A pattern. Its first group, if any, is the credential. */
  readonly pattern: string;
  /** Minimum entropy of a credential, in bits for each character: an example has less. */
  readonly entropy?: number;
  /** Patterns of exceptions with the same format. */
  readonly allowed?: readonly string[];
}
