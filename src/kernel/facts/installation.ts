import { join } from 'node:path';

/** The folder of this copy of the library. */
export const INSTALLED_AT = join(__dirname, '..', '..', '..');

/**
 * Blocks of two copies do not see each other: a workload would not know that its namespace is closed, and no quota would count
 * it. Nothing of the app can be trusted then, so this is no finding among others.
 */
export function secondCopy(other: string): Error {
  return new Error([
    'Two copies of cdk8s-best-practices in one app, whose blocks do not see each other:',
    `  ${other}`,
    `  ${INSTALLED_AT}`,
    "Keep one: a package with blocks names the library in 'peerDependencies', not in 'dependencies'. Then run npm dedupe",
  ].join('\n'));
}
