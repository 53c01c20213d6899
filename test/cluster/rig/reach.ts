import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Manifest } from './cluster';
import { Machine } from './machine';
import { STATE } from './places';
import { processesOf } from './pods';
import { Background, run } from '../../rig/processes';

export interface Attempt {
  readonly address: string;
  readonly port: number;
  /** UDP is for DNS only: nothing else is known to answer. */
  readonly protocol: 'TCP' | 'UDP';
  /** Over TCP: whether a DNS question must also be answered. */
  readonly question?: boolean;
}

/** What sends and answers packets: a pod, or a machine outside of the cluster. */
export type Place = Manifest | Machine;

/**
 * `connected`, `timeout` (packets are dropped), `refused` (they arrive, and nobody listens), or the code of another
 * error.
 */
export type Outcome = string;

/** Makes all attempts at once from inside the network of a place; the image of a pod needs no program for it. */
export async function reach(from: Place, attempts: readonly Attempt[]): Promise<Outcome[]> {
  const inside = [process.execPath, join(__dirname, 'reach-from-pod.js'), JSON.stringify(attempts)];
  return JSON.parse(await run('nsenter', [...networkOf(from), ...inside])) as Outcome[];
}

/** Runs the probe server on a port in the network of a place: in a pod, as an undeclared server of it would listen. */
export async function listenIn(place: Place, port: number): Promise<Background> {
  const server = join(__dirname, '..', 'probe', 'server.js');
  const listener = Background.start(
    join(STATE, 'listeners.log'),
    'nsenter',
    [...networkOf(place), process.execPath, server],
    { PORT: String(port) },
  );
  const address = addressOf(place);
  await listener.until(`port ${port} of ${address}`, async () => {
    const socket = connect(port, address);
    await once(socket, 'connect');
    socket.destroy();
  });
  return listener;
}

export function addressOf(place: Place): string {
  return place instanceof Machine ? place.address : (place.status.podIP as string);
}

/** Arguments with which nsenter gets into the network of a place. */
export function networkOf(place: Place): string[] {
  return [...(place instanceof Machine ? [`--net=${place.network}`] : ['--target', processOf(place), '--net']), '--'];
}

/** Any process of a pod; all share its network. */
function processOf(pod: Manifest): string {
  const [found] = processesOf(pod);
  if (found === undefined) throw new Error(`no process of ${pod.metadata.namespace}/${pod.metadata.name}`);
  return found;
}
