import type { IConstruct } from 'constructs';
import type { IConnectionClient } from './connection';
import { contentOf, type Edge, edgesFrom, statedEdges, statedEdgesOf } from './edges';
import { isolationOf } from './isolation';
import { podPeer, podsOf } from './networked-pods';
import { type IPeer, Peer, type PeerSettings, readPeer } from './peer';
import type { Facts } from '../kernel/facts/fact-map';
import { Problems } from '../kernel/findings/problems';
import { METADATA_ADDRESSES } from '../kubernetes/metadata';

/**
 * The edges that the pods of a workload can use. They match its network policy if that closes both directions.
 *
 * - its own edges, in order of declaration
 * - edges by which others admit it, as egress: an admitted client has declared egress as well
 * - egress that a surrounding block opens for all its workloads
 */
export function usableEdges(workload: IConstruct): Edge[] {
  const around = (isolationOf(workload)?.egress ?? []).map((rule): Edge => ({
    owner: workload,
    direction: 'egress',
    fromOutside: false,
    ...rule,
  }));
  return [...around, ...edgesOf(workload), ...edgesByLettingIn(workload)];
}

/** The edges in the policy of a block, in order of declaration. */
export function edgesOf(owner: IConstruct): readonly Edge[] {
  const stated = statedEdgesOf(owner);
  if (!stated.some(({ fallback }) => fallback)) return stated;
  const others = [...stated.filter(({ fallback }) => !fallback), ...edgesByLettingIn(owner)];
  return stated.flatMap((edge) => (edge.fallback ? whereNoneLeads(edge, others) : edge));
}

/** All edges of an app known so far, each once. */
export function allEdges(facts: Facts): Edge[] {
  const edges = statedEdges(facts).flatMap((edge) =>
    edge.fallback
      ? edgesOf(edge.owner).filter((kept) => kept.fallback && kept.block === edge.block && kept.ports === edge.ports)
      : edge,
  );
  return [...new Map(edges.map((edge) => [contentOf(edge), edge])).values()];
}

function edgesByLettingIn(client: IConstruct): Edge[] {
  return edgesFrom(client).map(({ owner, ports }): Edge => ({
    owner: client,
    direction: 'egress',
    block: owner,
    peers: peersOf(owner),
    ports,
    fromOutside: false,
  }));
}

/**
 * The remainder of a fallback beside other edges, with one port. Another protocol on that port to the same block counts
 * as the same edge.
 */
function whereNoneLeads(edge: Edge, others: readonly Edge[]): Edge[] {
  const [{ port, protocol }] = edge.ports;
  const open = others.filter(
    (other) =>
      other.direction === edge.direction &&
      other.ports.some(
        (known) =>
          known.port === port &&
          (known.protocol === protocol || (edge.block !== undefined && other.block === edge.block)),
      ),
  );
  const known = new Set(open.flatMap(({ peers }) => peers.map((peer) => JSON.stringify(peer))));
  const peers = edge.peers.filter((peer) => !known.has(JSON.stringify(peer)));
  return peers.length === 0 ? [] : [{ ...edge, peers }];
}

/**
 * Whether a client reaches anything besides pods. The API server is such a target, since policies know it by address.
 * With closed egress, the client needs an edge to a range or to something with addresses, such as a DNS name.
 */
export function reachesAddresses(client: IConnectionClient): boolean {
  if (!client.egressClosed || isolationOf(client)?.observed || client.toPeer()._hostNetwork) return true;
  return usableEdges(client).some(
    ({ direction, peers }) =>
      direction === 'egress' &&
      (peers.length === 0 || peers.some((peer) => peer.kind === 'cidr' && !METADATA_ADDRESSES.includes(peer.cidr))),
  );
}

/** The location of a block with edges: its pods, or the addresses that it represents. */
function peersOf(block: IConstruct): PeerSettings[] {
  const pods = podsOf(block);
  if (pods) return [podPeer(pods)];
  const given = (block as Partial<IPeer>).toPeer?.();
  return given instanceof Peer ? readPeer(given, new Problems(), 'toPeer') : [];
}
