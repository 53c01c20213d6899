import { type Cluster } from './cluster';
import { program } from './places';

/** Gateway API, cert-manager and Traefik, as types only. */
export async function createCustomResources(cluster: Cluster): Promise<void> {
  await cluster.kubectl('apply', '--server-side', '-f', program('crds'));
  await cluster.kubectl('wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s');
}
