import type { IConstruct } from 'constructs';
import { type Member, memberOf } from './members';
import type { TierConnection } from './network-tiers-props';
import { type Edge, endsOf } from '../edges';
import { usableEdges } from '../usable-edges';

/**
 * The edges of the members, port by port. An edge between two members belongs to the server. Edges of a workload to
 * itself are omitted.
 */
export function connectionsOf(members: readonly Member[]): TierConnection[] {
  const owners = new Set<IConstruct>(members.map(({ pods }) => pods.owner));
  const isListed = ({ owner, direction, block }: Edge): boolean =>
    block === undefined || (direction === 'ingress' ? block !== owner : !owners.has(block));
  return members.flatMap(({ pods, tier }) =>
    usableEdges(pods.owner)
      .filter(isListed)
      .flatMap((edge) => {
        const other = edge.block && memberOf(edge.block)?.tier.name;
        const tiers =
          edge.direction === 'ingress'
            ? { fromTier: other, toTier: tier.name }
            : { fromTier: tier.name, toTier: other };
        return portsOf(edge).map((port) => ({ ...endsOf(edge), ...tiers, ...port }));
      }),
  );
}

/** One line for each pair. */
export function describeConnections(connections: readonly TierConnection[]): string[] {
  const lines = new Map<string, string[]>();
  for (const { from, to, port, protocol } of connections) {
    const key = `  ${from} -> ${to}`;
    lines.set(key, [...(lines.get(key) ?? []), port === undefined ? 'all ports' : `${port}/${protocol}`]);
  }
  return ['May connect:', ...[...lines].map(([pair, ports]) => `${pair} on ${ports.join(', ')}`)];
}

function portsOf({ ports }: Edge): Array<{ port?: number; protocol?: string }> {
  return ports.length === 0 ? [{}] : ports.map(({ port, protocol }) => ({ port, protocol }));
}
