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
 * The edges along which the pods of a workload are reached and connect: what its network policy says, if it closes both
 * directions.
 *
 * - its own, in the order of their declaration
 * - those by which others let it in, as egress of its own: who lets a client in has declared an edge of two ends
 * - where a block around it lets all of its workloads out to
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

/** The edges that a block's policy has of its own, in the order of their declaration. */
export function edgesOf(owner: IConstruct): readonly Edge[] {
  const stated = statedEdgesOf(owner);
  if (!stated.some(({ fallback }) => fallback)) return stated;
  const others = [...stated.filter(({ fallback }) => !fallback), ...edgesByLettingIn(owner)];
  return stated.flatMap((edge) => (edge.fallback ? whereNoneLeads(edge, others) : edge));
}

/** All edges of an app that are known by now, each once. */
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
 * What is left of a fallback beside other edges, with one port. To the same block, another protocol on that port is the
 * same way.
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
 * Whether a client gets anywhere but to pods, as it must to the API server, which is known to policies by its
 * addresses. With closed egress, it needs an edge to a range, or to what is a range elsewhere, such as a DNS name.
 */
export function reachesAddresses(client: IConnectionClient): boolean {
  if (!client.egressClosed || isolationOf(client)?.observed || client.toPeer()._hostNetwork) return true;
  return usableEdges(client).some(
    ({ direction, peers }) =>
      direction === 'egress' &&
      (peers.length === 0 || peers.some((peer) => peer.kind === 'cidr' && !METADATA_ADDRESSES.includes(peer.cidr))),
  );
}

/** Where a block with edges is: its pods, or the addresses of one that stands for something outside. */
function peersOf(block: IConstruct): PeerSettings[] {
  const pods = podsOf(block);
  if (pods) return [podPeer(pods)];
  const given = (block as Partial<IPeer>).toPeer?.();
  return given instanceof Peer ? readPeer(given, new Problems(), 'toPeer') : [];
}
