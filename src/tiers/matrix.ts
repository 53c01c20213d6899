import { type Member, memberOf } from './members';
import type { TierConnection } from './network-tiers-props';
import { type Edge, edgesOf, endsOf } from '../network/edges';

/** The declared edges of the members, port by port. What a workload does with itself is left out. */
export function connectionsOf(members: readonly Member[]): TierConnection[] {
  return members.flatMap(({ pods, tier }) => edgesOf(pods.owner).filter(({ block }) => block !== pods.owner).flatMap((edge) => {
    const other = edge.block && memberOf(edge.block)?.tier.name;
    const tiers = edge.direction === 'ingress' ? { fromTier: other, toTier: tier.name } : { fromTier: tier.name, toTier: other };
    return portsOf(edge).map((port) => ({ ...endsOf(edge), ...tiers, ...port }));
  }));
}

/** One line a pair. */
export function describeConnections(connections: readonly TierConnection[]): string[] {
  const lines = new Map<string, string[]>();
  for (const { from, to, port, protocol } of connections) {
    const key = `  ${from} -> ${to}`;
    lines.set(key, [...lines.get(key) ?? [], port === undefined ? 'all ports' : `${port}/${protocol}`]);
  }
  return ['May connect:', ...[...lines].map(([pair, ports]) => `${pair} on ${ports.join(', ')}`)];
}

function portsOf({ ports }: Edge): Array<{ port?: number; protocol?: string }> {
  return ports.length === 0 ? [{}] : ports.map(({ port, protocol }) => ({ port, protocol }));
}
