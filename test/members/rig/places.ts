import { join } from 'node:path';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these tests are started by npm run test:members`);
  return value;
}

/** Folder of everything that a run writes. It is in memory, and goes with the mount namespace. */
export const STATE = required('MEMBERS_STATE');

/** First process of a container. */
export const CONTAINER_SCRIPT = join(__dirname, 'container.sh');
