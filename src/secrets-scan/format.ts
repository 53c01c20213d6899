/** A format that nothing but a credential of one kind has. */
export interface Format {
  /** The id of the rule of gitleaks, such as `stripe-access-token`. */
  readonly id: string;
  /** Words in lower case, one of which is in the text or beside it. */
  readonly keywords: readonly string[];
  /** A pattern whose first group, if it has one, is the credential. */
  readonly pattern: string;
  /** Bits for each character that a credential has more than: an example has fewer. */
  readonly entropy?: number;
  /** Patterns of what is none, though it has the format. */
  readonly allowed?: readonly string[];
}
