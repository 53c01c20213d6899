import type { IConstruct } from 'constructs';
import type { PolicyPort } from './network-policy';
import { describePeer, type PeerSettings } from './peer';
import { PerApp } from '../kernel/model/per-app';

/** A declared connection: what `owner` lets in, or where it goes to. */
export interface Edge {
  /** The block whose policy has the edge. */
  readonly owner: IConstruct;
  readonly direction: 'ingress' | 'egress';
  /** The block at the other end, where that is one. */
  readonly block?: IConstruct;
  readonly peers: readonly PeerSettings[];
  /** None means all. */
  readonly ports: readonly PolicyPort[];
  /** Whether requests from outside of the cluster come this way. */
  readonly fromOutside: boolean;
}

interface Edges {
  readonly known: Set<string>;
  readonly all: Edge[];
  readonly byOwner: Map<IConstruct, Edge[]>;
  readonly byClient: Map<IConstruct, Edge[]>;
}

const perApp = new PerApp<Edges>(() => ({ known: new Set(), all: [], byOwner: new Map(), byClient: new Map() }));

/** An edge once, however often it is declared. */
export function recordEdge(edge: Edge): void {
  const edges = perApp.of(edge.owner);
  const { owner, direction, block, peers, ports } = edge;
  const key = JSON.stringify([owner.node.path, direction, block?.node.path, peers, ports]);
  if (edges.known.has(key)) return;
  edges.known.add(key);
  edges.all.push(edge);
  add(edges.byOwner, owner, edge);
  if (block && direction === 'ingress') add(edges.byClient, block, edge);
}

/** All edges of an app, in the order of their declaration. */
export function recordedEdges(app: IConstruct): readonly Edge[] {
  return perApp.of(app).all;
}

/** The edges that a block's policy has of its own. */
export function edgesOf(owner: IConstruct): readonly Edge[] {
  return perApp.of(owner).byOwner.get(owner) ?? [];
}

/** The edges by which other blocks let `client` in. */
export function edgesFrom(client: IConstruct): readonly Edge[] {
  return perApp.of(client).byClient.get(client) ?? [];
}

/** The ends of an edge as construct paths of blocks, or peers in words. */
export function endsOf({ owner, direction, block, peers }: Edge): { from: string; to: string } {
  const other = block?.node.path ?? peers.map(describePeer).join(' or ');
  return direction === 'ingress' ? { from: other, to: owner.node.path } : { from: owner.node.path, to: other };
}

/** The numbers of the ports, separated by commas. */
export function describePorts(ports: readonly PolicyPort[]): string {
  return ports.map(({ port }) => port).join(',') || 'all';
}

function add(index: Map<IConstruct, Edge[]>, key: IConstruct, edge: Edge): void {
  const list = index.get(key);
  if (list) list.push(edge);
  else index.set(key, [edge]);
}
