import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Manifest } from './cluster';
import { STATE } from './places';
import { processesOf } from './pods';
import { Background, run } from './processes';

export interface Attempt {
  readonly address: string;
  readonly port: number;
  /** UDP is for DNS only: nothing else is known to answer. */
  readonly protocol: 'TCP' | 'UDP';
  /** Over TCP: whether a DNS question must be answered, too. */
  readonly question?: boolean;
}

/** `connected`, `timeout` (packets are dropped), `refused` (they arrive, and nobody listens), or the code of another error. */
export type Outcome = string;

/** Makes all attempts at once from inside the network of a pod; the image of the pod needs no program for it. */
export async function reach(pod: Manifest, attempts: readonly Attempt[]): Promise<Outcome[]> {
  const inside = [process.execPath, join(__dirname, 'reach-from-pod.js'), JSON.stringify(attempts)];
  return JSON.parse(await run('nsenter', [...networkOf(pod), ...inside])) as Outcome[];
}

/** Listens on a TCP port in the network of a pod, as an undeclared server of it would. */
export async function listenIn(pod: Manifest, port: number): Promise<Background> {
  const program = `require('node:net').createServer().listen(${port})`;
  const listener = Background.start(join(STATE, 'listeners.log'), 'nsenter', [...networkOf(pod), process.execPath, '-e', program]);
  await listener.until(`port ${port} of ${pod.metadata.name}`, async () => {
    const socket = connect(port, pod.status.podIP as string);
    await once(socket, 'connect');
    socket.destroy();
  });
  return listener;
}

function networkOf(pod: Manifest): string[] {
  return ['--target', processOf(pod), '--net', '--'];
}

/** Any process of a pod; all share its network. */
function processOf(pod: Manifest): string {
  const [found] = processesOf(pod);
  if (found === undefined) throw new Error(`no process of ${pod.metadata.namespace}/${pod.metadata.name}`);
  return found;
}
