/** A question to the API server, and the answer that the app expects. */
export interface AccessExpectation {
  /** Name of the target cluster. */
  readonly cluster: string;
  /** `Group`, `User` or `ServiceAccount`. */
  readonly subjectKind: string;
  /** The subject as the API server knows it: `oidc:team-shop`, `system:serviceaccount:shop:web`. */
  readonly subject: string;
  /** The namespace; none for all namespaces together, and for what is in none. */
  readonly namespace?: string;
  /** The verb. */
  readonly verb: string;
  /** The API group, `''` for the core group. */
  readonly apiGroup: string;
  /** The resource in the plural. */
  readonly resource: string;
  /** The subresource, such as `log`. */
  readonly subresource?: string;
  /** Name of the object that is meant. */
  readonly resourceName?: string;
  /** Whether it is allowed, by all grants of the app together. */
  readonly allowed: boolean;
}
