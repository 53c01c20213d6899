/**
 * The user and group of the "nonroot" account in distroless and Chainguard images; above the threshold of all scanners.
 */
export const NONROOT = 65532;

/** Lowest port that Linux gives to a process that is not root, by default. */
export const UNPRIVILEGED = 1024;

/** Privileges of a container beyond Pod Security `restricted`. */
export interface Privileges {
  /** Names without `CAP_`, as the API expects them. */
  readonly capabilities: readonly string[];
  readonly root: boolean;
  readonly privileged: boolean;
}

/** Host namespaces that a pod shares. */
export interface HostAccess {
  readonly network: boolean;
  readonly processes: boolean;
}

/** A fixed UID (also used as GID), or `false` if the platform assigns one. */
export type User = number | false;
