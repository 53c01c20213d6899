/** The user and group of the "nonroot" account of distroless and Chainguard images; above every scanner's threshold. */
export const NONROOT = 65532;

/** Lowest port that Linux gives to a process that is not root, by default. */
export const UNPRIVILEGED = 1024;

/** What a container may do beyond Pod Security `restricted`. */
export interface Privileges {
  /** Names without `CAP_`, as the API wants them. */
  readonly capabilities: readonly string[];
  readonly root: boolean;
  readonly privileged: boolean;
}

/** What of its node a pod shares. */
export interface HostAccess {
  readonly network: boolean;
  readonly processes: boolean;
}

/** A fixed UID (also used as GID), or `false` where the platform assigns one. */
export type User = number | false;
