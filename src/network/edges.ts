import type { IConstruct } from 'constructs';
import type { PolicyPort } from './network-policy';
import { describePeer, type PeerSettings } from './peer';
import { AppModel } from '../kernel/facts/app-model';
import type { Facts } from '../kernel/facts/fact-map';

/** A declared connection: what `owner` lets in, or where it goes to. */
export interface Edge {
  /** The block whose policy has the edge. */
  readonly owner: IConstruct;
  readonly direction: 'ingress' | 'egress';
  /** The block at the other end, where that is one. */
  readonly block?: IConstruct;
  readonly peers: readonly PeerSettings[];
  /** From what the peers follow, where they are read at synthesis: there can be none then. */
  readonly late?: string;
  /** Whether it holds only for peers to whom no other edge of the owner leads. */
  readonly fallback?: true;
  /** None means all. */
  readonly ports: readonly PolicyPort[];
  /** Whether requests from outside of the cluster come this way. */
  readonly fromOutside: boolean;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly edge: Edge;
  }
}

const byStatement = (edge: Edge): string[] => [
  JSON.stringify([...partsOf(edge), edge.late ?? edge.peers, edge.fallback]),
];
const byOwner = ({ owner }: Edge): IConstruct[] => [owner];
/** By the client that is let in. */
const byClient = ({ direction, block }: Edge): IConstruct[] => (block && direction === 'ingress' ? [block] : []);

/** An edge once, however often it is declared. */
export function recordEdge(edge: Edge): void {
  const model = AppModel.of(edge.owner);
  if (model.by('edge', byStatement, byStatement(edge)[0]).length === 0) model.add('edge', edge);
}

/** All edges as they were declared, fallbacks among them. */
export function statedEdges(facts: Facts): readonly Edge[] {
  return present(facts.all('edge'));
}

/** Those that a block has stated, fallbacks among them. */
export function statedEdgesOf(owner: IConstruct): readonly Edge[] {
  return present(AppModel.of(owner).by('edge', byOwner, owner));
}

/** The edges by which other blocks let `client` in. */
export function edgesFrom(client: IConstruct): readonly Edge[] {
  return AppModel.of(client).by('edge', byClient, client);
}

function partsOf({ owner, direction, block, ports }: Edge): unknown[] {
  return [owner.node.path, direction, block?.node.path, ports];
}

/** What tells an edge from others. */
export function contentOf(edge: Edge): string {
  return JSON.stringify([...partsOf(edge), edge.peers]);
}

/** Without those that lead nowhere. */
function present(edges: readonly Edge[]): readonly Edge[] {
  return edges.some(({ late }) => late !== undefined)
    ? edges.filter(({ late, peers }) => late === undefined || peers.length > 0)
    : edges;
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
