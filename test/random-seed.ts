import type * as FastCheck from 'fast-check';

/**
 * With RANDOM_SEED, a whole number: what property tests try follows from it, so that a run can be repeated. Without it,
 * each run tries something else. Tests with a seed of their own keep it.
 */
const seed = process.env.RANDOM_SEED;

if (seed !== undefined) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { configureGlobal } = require('fast-check') as typeof FastCheck;
  configureGlobal({ seed: Number(seed) });
}
