import { join } from 'node:path';
import { Cluster } from './cluster';
import { ControlPlane } from './control-plane';
import { manifest, program } from './places';
import { Background } from '../../rig/processes';

export const ZONES = ['a', 'b', 'c'] as const;

/** Three nodes in three zones, simulated by kwok: pods become Ready after 2 seconds, and nothing runs. */
export async function startZones(): Promise<{ stop(): Promise<void> }> {
  const { zones } = Cluster;
  const plane = await ControlPlane.start(zones, {
    apiServer: program('kube-apiserver'),
    address: '127.0.0.1',
    port: 7443,
  });
  const kwok = Background.start(join(zones.folder, 'kwok.log'), program('kwok'), [
    `--kubeconfig=${zones.kubeconfig}`,
    '--manage-all-nodes=true',
    '--config',
    manifest('simulated-pods'),
    '--node-lease-duration-seconds=40',
  ]);
  const size = { 'cpu': '8', 'memory': '32Gi', 'pods': '110', 'ephemeral-storage': '100Gi' };
  for (const zone of ZONES) {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: `node-${zone}`,
        labels: {
          'kubernetes.io/hostname': `node-${zone}`,
          'topology.kubernetes.io/zone': `zone-${zone}`,
          'kubernetes.io/os': 'linux',
        },
      },
    };
    await zones.pipe(node, 'create', '-f', '-');
    // a patch, since kwok and the node controller write to the node at the same time
    const status = JSON.stringify({ status: { allocatable: size, capacity: size } });
    await zones.kubectl('patch', 'node', node.metadata.name, '--subresource=status', '--type=merge', '--patch', status);
  }
  await zones.kubectl('wait', 'node', '--all', '--for=condition=Ready', '--timeout=60s');
  return {
    stop: async () => {
      await kwok.stop();
      await plane.stop();
    },
  };
}
