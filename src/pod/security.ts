/** The user and group of the "nonroot" account of distroless and Chainguard images; above every scanner's threshold. */
export const NONROOT = 65532;

/** A fixed UID (also used as GID), or `false` where the platform assigns one. */
export type User = number | false;
