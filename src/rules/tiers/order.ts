import { Construct, type IConstruct } from 'constructs';
import { selectableBy } from './selectable';
import type { PassView } from '../../kernel/facts/pass-view';
import { Verbatim } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';
import { describePorts, type Edge, endsOf } from '../../network/edges';
import { describePeer, type PeerSettings } from '../../network/peer';
import { isException, type Member, memberOf } from '../../network/tiers/members';
import type { TierSettings } from '../../network/tiers/read-tiers';
import { edgesOf } from '../../network/usable-edges';

/** Refuses each connection of the members that breaks the order of the tiers. */
export function checkOrder(
  view: PassView,
  owner: IConstruct,
  tiers: readonly TierSettings[],
  members: readonly Member[],
  problems: Problems,
): void {
  const order = tiers.map(({ name }) => name).join(' -> ');
  const selectable = selectableBy(view, members);
  for (const member of members) {
    for (const edge of edgesOf(member.pods.owner)) {
      if (edge.direction === 'ingress' && edge.block) refuseBlock(owner, edge, edge.block, member, order, problems);
      else if (edge.direction === 'ingress') refuseOutside(edge, member, tiers, problems);
      if (!edge.block || !memberOf(edge.block)) refuseSelectors(edge, member, selectable, problems);
    }
  }
}

/** Checks an edge between two blocks: both in consecutive tiers, or one of them exempt. */
function refuseBlock(
  owner: IConstruct,
  edge: Edge,
  client: IConstruct,
  server: Member,
  order: string,
  problems: Problems,
): void {
  const from = memberOf(client);
  if (from?.around === owner) {
    const within = client === server.pods.owner || (from.position === server.position && server.tier.allowWithin);
    if (within || from.position + 1 === server.position) return;
    const fix =
      from.position === server.position
        ? `Set 'allowWithin' on tier '${server.tier.name}' if its workloads may connect to each other`
        : 'Connect to the next tier, or move the workloads to other tiers';
    problems.refuse('tiers', edgeOf(edge, from, server), `connections from a tier to the next: ${order}`, {
      rule: 'tiers/order',
      fix,
    });
    return;
  }
  if (!server.internetFacing && !isException(client)) {
    problems.refuse('tiers', edgeOf(edge, from, server), `connections from workloads of the tiers: ${order}`, {
      rule: 'tiers/outside-client',
      fix: `Add '${client.node.path}' to a tier, or exempt it with except(...)`,
    });
  }
}

/** Checks an external client, which bypasses the order. */
function refuseOutside(edge: Edge, server: Member, tiers: readonly TierSettings[], problems: Problems): void {
  if (server.internetFacing || !(edge.fromOutside || edge.peers.some(({ kind }) => kind === 'cidr'))) return;
  const facing =
    tiers
      .filter(({ internetFacing }) => internetFacing)
      .map(({ name }) => `'${name}'`)
      .join(', ') || 'no tier';
  problems.refuse(
    'tiers',
    edgeOf(edge, undefined, server),
    `external requests only to internet-facing tiers (${facing})`,
    {
      rule: 'tiers/internet-facing',
      fix: `Route to another tier, or allow it: add('${server.tier.name}', ...) with internetFacing: true`,
    },
  );
}

/** Refuses a selector that matches pods of a member: it opens a connection outside the order. */
function refuseSelectors(
  edge: Edge,
  { pods }: Member,
  selectable: (peer: PeerSettings, namespace: string | undefined) => Member | undefined,
  problems: Problems,
): void {
  for (const peer of edge.peers) {
    const found = selectable(peer, pods.namespace);
    if (!found) continue;
    const {
      node: { path },
    } = found.pods.owner;
    problems.refuse(
      'tiers',
      new Verbatim(`${describePeer(peer)} in a connection of '${pods.owner.node.path}'`),
      `no selector that may match pods of the tiers ('${path}')`,
      {
        rule: 'tiers/loose-selector',
        fix:
          edge.direction === 'ingress'
            ? "Pass the block itself, or a Peer with a 'namespace' and labels of other pods"
            : 'Use connectTo(...) with the block itself',
      },
    );
  }
}

function edgeOf(edge: Edge, from: Member | undefined, to: Member): Verbatim {
  const ends = endsOf(edge);
  const place = from
    ? ` (tier '${from.tier.name}'${from.around === to.around ? '' : ` of '${from.around.node.path}'`})`
    : edge.block && Construct.isConstruct(edge.block)
      ? ' (in no tier)'
      : '';
  return new Verbatim(
    `'${ends.from}'${place} -> '${ends.to}' (tier '${to.tier.name}') on ${describePorts(edge.ports)}`,
  );
}
