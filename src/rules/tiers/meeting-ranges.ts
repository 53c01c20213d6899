import { Verbatim } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';
import { covers } from '../../kubernetes/address';
import type { Edge } from '../../network/edges';
import type { PeerSettings } from '../../network/peer';
import type { Member } from '../../network/tiers/members';
import { usableEdges } from '../../network/usable-edges';

type Range = Extract<PeerSettings, { kind: 'cidr' }>;

interface End {
  readonly member: Member;
  readonly edge: Edge;
  readonly range: Range;
}

/** Ranges from which clusters usually assign pod addresses. */
const POD_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/**
 * Refuses a range that one member may connect to if another member admits an overlapping range. Together, they open an
 * undeclared connection between their pods.
 */
export function refuseMeetingRanges(members: readonly Member[], problems: Problems): void {
  const servers = endsOf(members, 'ingress');
  if (servers.length === 0) return;
  for (const client of endsOf(members, 'egress')) {
    for (const server of servers) {
      if (client.member === server.member || !samePort(client.edge, server.edge) || !meet(client.range, server.range)) {
        continue;
      }
      problems.refuse(
        'tiers',
        new Verbatim(
          `'${client.member.pods.owner.node.path}' to ${client.range.cidr} and ${server.range.cidr} to ` +
            `'${server.member.pods.owner.node.path}'`,
        ),
        'ranges without a common pod address',
        {
          rule: 'tiers/meeting-ranges',
          fix: "Exclude the addresses of the pods from one range, with a smaller range or 'except'",
        },
      );
    }
  }
}

function endsOf(members: readonly Member[], direction: Edge['direction']): End[] {
  return members.flatMap((member) =>
    usableEdges(member.pods.owner)
      .filter((edge) => edge.direction === direction)
      .flatMap((edge) =>
        edge.peers.filter((peer): peer is Range => peer.kind === 'cidr').map((range) => ({ member, edge, range })),
      ),
  );
}

function samePort(client: Edge, server: Edge): boolean {
  return (
    client.ports.length === 0 ||
    client.ports.some(({ port, protocol }) =>
      server.ports.some((other) => other.port === port && other.protocol === protocol),
    )
  );
}

/** Whether both ranges may contain the same pod address. */
function meet(one: Range, other: Range): boolean {
  return POD_RANGES.some((pods) => {
    const common = [one.cidr, other.cidr, pods].reduce<string | undefined>(
      (range, next) => range && smaller(range, next),
      pods,
    );
    return common !== undefined && ![...one.except, ...other.except].some((hole) => covers(hole, common));
  });
}

/** The intersection of two ranges: one of them, or nothing. */
function smaller(one: string, other: string): string | undefined {
  if (covers(one, other)) return other;
  return covers(other, one) ? one : undefined;
}
