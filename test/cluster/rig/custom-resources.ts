import { type Cluster } from './cluster';
import { program } from './places';

/** A channel of the Gateway API: the experimental one has all that the standard one has, and more. */
export type GatewayChannel = 'standard' | 'experimental';

/** Gateway API, cert-manager and Traefik, as types only. */
export async function createCustomResources(cluster: Cluster, channel: GatewayChannel = 'standard'): Promise<void> {
  await cluster.kubectl('apply', '--server-side', '-f', program('crds'), '-f', program(`crds/${channel}`));
  await cluster.kubectl('wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s');
}
