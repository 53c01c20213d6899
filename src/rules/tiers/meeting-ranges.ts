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

/** Where clusters take the addresses of pods from. */
const POD_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/**
 * Refuses a range that one member connects to and another is reached from: between their pods, these two open what
 * nobody has declared.
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
        'ranges that pods of the tiers have no address in common in',
        {
          rule: 'tiers/meeting-ranges',
          fix: "Leave the addresses of the pods out of one of them, with a smaller range or 'except'",
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

/** Whether pods may have addresses that are in both ranges. */
function meet(one: Range, other: Range): boolean {
  return POD_RANGES.some((pods) => {
    const common = [one.cidr, other.cidr, pods].reduce<string | undefined>(
      (range, next) => range && smaller(range, next),
      pods,
    );
    return common !== undefined && ![...one.except, ...other.except].some((hole) => covers(hole, common));
  });
}

/** What two ranges have in common: one of them, or nothing. */
function smaller(one: string, other: string): string | undefined {
  if (covers(one, other)) return other;
  return covers(other, one) ? one : undefined;
}
