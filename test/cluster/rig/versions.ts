/** The minors whose API servers `programs/build` makes (`programs/oldest/go.mod`, `programs/newest/go.mod`). */
export const OLDEST = '1.30';
export const NEWEST = '1.37';

/** As claims call them. */
export const BOTH = `${OLDEST} and ${NEWEST}`;
