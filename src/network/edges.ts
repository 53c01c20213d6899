import type { IConstruct } from 'constructs';
import type { PolicyPort } from './network-policy';
import { describePeer, type PeerSettings } from './peer';
import { AppModel } from '../kernel/facts/app-model';
import type { Facts } from '../kernel/facts/fact-map';

/** A declared connection: who may connect to `owner`, or where `owner` may connect to. */
export interface Edge {
  /** The block whose policy contains the edge. */
  readonly owner: IConstruct;
  readonly direction: 'ingress' | 'egress';
  /** The block at the other end, if any. */
  readonly block?: IConstruct;
  readonly peers: readonly PeerSettings[];
  /** The source of peers that are read at synthesis. The edge can then have no peers. */
  readonly late?: string;
  /** Whether the edge applies only to peers without another edge of the owner. */
  readonly fallback?: true;
  /** None means all. */
  readonly ports: readonly PolicyPort[];
  /** Whether external requests use this edge. */
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
/** By the admitted client. */
const byClient = ({ direction, block }: Edge): IConstruct[] => (block && direction === 'ingress' ? [block] : []);

/** Records an edge once, however often it is declared. */
export function recordEdge(edge: Edge): void {
  const model = AppModel.of(edge.owner);
  if (model.by('edge', byStatement, byStatement(edge)[0]).length === 0) model.add('edge', edge);
}

/** All edges as declared, including fallbacks. */
export function statedEdges(facts: Facts): readonly Edge[] {
  return present(facts.all('edge'));
}

/** The edges of a block as declared, including fallbacks. */
export function statedEdgesOf(owner: IConstruct): readonly Edge[] {
  return present(AppModel.of(owner).by('edge', byOwner, owner));
}

/** The edges by which other blocks admit `client`. */
export function edgesFrom(client: IConstruct): readonly Edge[] {
  return AppModel.of(client).by('edge', byClient, client);
}

function partsOf({ owner, direction, block, ports }: Edge): unknown[] {
  return [owner.node.path, direction, block?.node.path, ports];
}

/** The identity of an edge. */
export function contentOf(edge: Edge): string {
  return JSON.stringify([...partsOf(edge), edge.peers]);
}

/** Without edges that have no peers. */
function present(edges: readonly Edge[]): readonly Edge[] {
  return edges.some(({ late }) => late !== undefined)
    ? edges.filter(({ late, peers }) => late === undefined || peers.length > 0)
    : edges;
}

/** The ends of an edge as construct paths of blocks, or as descriptions of peers. */
export function endsOf({ owner, direction, block, peers }: Edge): { from: string; to: string } {
  const other = block?.node.path ?? peers.map(describePeer).join(' or ');
  return direction === 'ingress' ? { from: other, to: owner.node.path } : { from: owner.node.path, to: other };
}

/** The port numbers, separated by commas. */
export function describePorts(ports: readonly PolicyPort[]): string {
  return ports.map(({ port }) => port).join(',') || 'all';
}
