import { Cluster, type Manifest } from './cluster';
import type { Machine } from './machine';
import { networkOf } from './reach';
import { run } from '../../rig/processes';

/** Prints the body of an answer, `timeout`, or the code of the error. Argument: the URL. */
const ASK = `
  const end = (text) => process.stdout.write(text, () => process.exit(0));
  require('node:http').get(process.argv[1], { agent: false }, (response) => response.on('data', (chunk) => end(String(chunk)))).on('error', (error) => end(error.code));
  setTimeout(() => end('timeout'), 2000);`;

/** A GET from a machine outside, by address: it knows no names. */
export async function askFrom(machine: Machine, url: string): Promise<string> {
  return run('nsenter', [...networkOf(machine), process.execPath, '-e', ASK, url]);
}

/** A GET from inside of a pod with the probe image, by names as the pod knows them. */
export async function askIn(pod: Manifest, url: string): Promise<string> {
  return nodeIn(pod, ASK, url);
}

/** Runs a program of Node.js in a pod with the probe image. */
export async function nodeIn(
  { metadata: { name, namespace } }: Manifest,
  program: string,
  ...args: string[]
): Promise<string> {
  return Cluster.node.kubectl(
    '--namespace',
    namespace as string,
    'exec',
    name as string,
    '--',
    'node',
    '-e',
    program,
    ...args,
  );
}
