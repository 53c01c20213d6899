import { Construct, type IConstruct } from 'constructs';
import type { IConnectionClient } from './connection';
import { readPeer } from './peer';
import { edgesOf } from './usable-edges';
import { Problems } from '../kernel/findings/problems';

/** The blocks that connect to a target. */
export function clientsOf(target: IConstruct): IConnectionClient[] {
  return [...new Set(edgesOf(target).flatMap(({ block }) => (block && isClient(block) ? [block] : [])))];
}

/**
 * The pod labels of a client with exactly one set of pods. A policy without labels would select all pods of the
 * namespace.
 */
export function podLabelsOf(client: IConnectionClient): Record<string, string> | undefined {
  const [peer, ...others] = readPeer(client.toPeer(), new Problems(), 'allowFrom');
  return others.length === 0 && peer?.kind === 'pods' && Object.keys(peer.labels).length > 0 ? peer.labels : undefined;
}

export function isClient(peer: IConstruct): peer is IConnectionClient {
  return (
    Construct.isConstruct(peer) && typeof (peer as unknown as Partial<IConnectionClient>).egressClosed === 'boolean'
  );
}
