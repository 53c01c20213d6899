import type { IConstruct } from 'constructs';
import type { IConnectionClient } from './connection';
import { type Edge, edgesFrom, edgesOf } from './edges';
import { isolationOf } from './isolation';
import { podPeer, podsOf } from './networked-pods';
import { type IPeer, Peer, type PeerSettings, readPeer } from './peer';
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
  const around = (isolationOf(workload)?.egress ?? []).map((rule): Edge => ({ owner: workload, direction: 'egress', fromOutside: false, ...rule }));
  const lettingIn = edgesFrom(workload).map(({ owner, ports }): Edge => ({ owner: workload, direction: 'egress', block: owner, peers: peersOf(owner), ports, fromOutside: false }));
  return [...around, ...edgesOf(workload), ...lettingIn];
}

/**
 * Whether a client gets anywhere but to pods, as it must to the API server, which is known to policies by its addresses. With closed
 * egress, it needs an edge to a range, or to what is a range elsewhere, such as a DNS name.
 */
export function reachesAddresses(client: IConnectionClient): boolean {
  if (!client.egressClosed || isolationOf(client)?.observed || client.toPeer()._hostNetwork) return true;
  return usableEdges(client).some(({ direction, peers }) => direction === 'egress'
    && (peers.length === 0 || peers.some((peer) => peer.kind === 'cidr' && !METADATA_ADDRESSES.includes(peer.cidr))));
}

/** Where a block with edges is: its pods, or the addresses of one that stands for something outside. */
function peersOf(block: IConstruct): PeerSettings[] {
  const pods = podsOf(block);
  if (pods) return [podPeer(pods)];
  const given = (block as Partial<IPeer>).toPeer?.();
  return given instanceof Peer ? readPeer(given, new Problems(), 'toPeer') : [];
}
