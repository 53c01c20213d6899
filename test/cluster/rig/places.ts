import { join } from 'node:path';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: these tests are started by npm run test:cluster`);
  return value;
}

/** Folder of everything that a run writes; it is removed at the end. */
export const STATE = required('CLUSTER_STATE');
/** Folder of the programs that programs/build made. */
export const PROGRAMS = required('CLUSTER_PROGRAMS');
/** The cgroup below which the kubelet puts all pods, so that two runs on one machine do not meet. */
export const CGROUP = required('CLUSTER_CGROUP');

export const program = (name: string): string => join(PROGRAMS, name);

/** A file of the folder `manifests`. */
export const manifest = (name: string): string => join(__dirname, '..', 'manifests', `${name}.yaml`);

// short, since the path of a socket has at most 107 characters
export const CONTAINERD_SOCKET = join(STATE, 'c.sock');
