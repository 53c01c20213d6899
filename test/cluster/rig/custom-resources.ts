import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Cluster } from './cluster';
import { program } from './places';

/** What of the Gateway API a cluster has. */
export interface GatewayTypes {
  /** The experimental channel has all that the standard one has, and more. */
  readonly channel: 'standard' | 'experimental';
  /** Types that the API server does not take, by their plural. */
  readonly without?: readonly string[];
}

/** The kubectl arguments of the Gateway API of a channel. */
function filesOf({ channel, without = [] }: GatewayTypes): string[] {
  const folder = program(`crds/${channel}`);
  return readdirSync(folder)
    .filter((file) => !without.some((plural) => file.endsWith(`_${plural}.yaml`)))
    .flatMap((file) => ['-f', join(folder, file)]);
}

/** Gateway API, Traefik, and what `programs/build` takes of operators that do not run here, as types only. */
export async function createCustomResources(
  cluster: Cluster,
  gateway: GatewayTypes = { channel: 'standard' },
): Promise<void> {
  await cluster.kubectl('apply', '--server-side', '-f', program('crds'), ...filesOf(gateway));
  await cluster.kubectl('wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s');
}
