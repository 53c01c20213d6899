import { Cluster } from './cluster';
import { ControlPlane } from './control-plane';
import { program } from './places';

/** The API server of the oldest minor, alone: nothing is scheduled. */
export async function startOldest(): Promise<ControlPlane> {
  return ControlPlane.start(Cluster.oldest, { apiServer: program('oldest/kube-apiserver'), address: '127.0.0.1', port: 8443, controllers: false });
}
