import { Cluster } from './cluster';
import { loadAddonImages } from './images';
import { manifest } from './places';
import { eventually } from '../../rig/processes';

/** metrics-server and Traefik on the real node. */
export async function startAddons(): Promise<void> {
  const { node } = Cluster;
  await loadAddonImages();
  for (const name of ['metrics-server', 'traefik']) await node.kubectl('apply', '--server-side', '-f', manifest(name));
  await node.rolledOut('kube-system', 'deployment/metrics-server');
  await node.rolledOut('traefik', 'deployment/traefik');
  await eventually('metrics of the node', () => node.kubectl('top', 'node'));
}
