import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from './cluster';
import { loadImage } from './image';
import { CONTAINERD_SOCKET, program } from './places';
import { Background, run } from '../../rig/processes';

export const POD_NETWORK = '10.244.0.0/24';
/** The node, as pods see it. */
export const BRIDGE_ADDRESS = '10.244.0.1';

const PAUSE = 'localhost/pause:1';

/** containerd with runc and one bridge for all pods, and the image of the pause container. */
export async function startContainerd(): Promise<void> {
  const { folder } = Cluster.node;
  const at = (name: string): string => join(folder, name);
  mkdirSync(at('cni'), { recursive: true });
  writeFileSync(
    at('cni/10-bridge.conflist'),
    JSON.stringify({
      cniVersion: '0.4.0',
      name: 'pods',
      plugins: [
        {
          type: 'bridge',
          bridge: 'cni0',
          isGateway: true,
          hairpinMode: true,
          ipam: {
            type: 'host-local',
            dataDir: at('ipam'),
            ranges: [[{ subnet: POD_NETWORK }]],
            routes: [{ dst: '0.0.0.0/0' }],
          },
        },
      ],
    }),
  );
  writeFileSync(
    at('containerd.toml'),
    `
version = 3
root = "${at('containerd')}"
state = "${at('containerd-state')}"
[grpc]
  address = "${CONTAINERD_SOCKET}"
[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = "${PAUSE}"
[plugins."io.containerd.cri.v1.runtime"]
  restrict_oom_score_adj = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "${at('cni')}"
  [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
      BinaryName = "${program('runc')}"
`,
  );
  const containerd = Background.start(at('containerd.log'), program('containerd'), ['--config', at('containerd.toml')]);
  await containerd.until('containerd answers', () => run(program('ctr'), ['--address', CONTAINERD_SOCKET, 'version']));
  await loadPause();
}

/** Holds the network of a pod; ends immediately on request. */
async function loadPause(): Promise<void> {
  const source = join(Cluster.node.folder, 'pause.c');
  const pause = join(Cluster.node.folder, 'pause');
  writeFileSync(
    source,
    '#include <signal.h>\n#include <unistd.h>\nstatic void stop(int s) { _exit(0); }\nint main() { signal(SIGTERM, stop); signal(SIGINT, stop); for (;;) pause(); }\n',
  );
  await run('gcc', ['-static', '-O2', '-o', pause, source]);
  await loadImage(PAUSE, { programs: [pause], entrypoint: ['/usr/local/bin/pause'] });
}
