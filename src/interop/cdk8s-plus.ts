import type * as kplus from 'cdk8s-plus-27';

/**
 * cdk8s-plus, loaded on first use. Loading it takes longer than loading cdk8s itself, and an app that hands none of
 * its objects to us, or ours to it, never needs it.
 */
export function loadKplus(): typeof kplus {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('cdk8s-plus-27') as typeof kplus;
}
