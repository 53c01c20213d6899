import type { IConstruct } from 'constructs';
import { PerApp } from '../foundation/per-app';

/** A declared connection. The ends are construct paths of blocks, or peers in words. */
export interface EdgeSettings {
  readonly from: string;
  readonly to: string;
  readonly ports: string;
}

const edges = new PerApp<Map<string, { owner: IConstruct; edge: EdgeSettings }>>(() => new Map());

/** `owner` is the block whose policy has the edge. */
export function recordEdge(owner: IConstruct, edge: EdgeSettings): void {
  edges.of(owner).set(JSON.stringify(edge), { owner, edge });
}

/** The edges of the blocks in a part of the app. */
export function recordedEdges(app: IConstruct, inside: ReadonlySet<IConstruct>): EdgeSettings[] {
  return [...edges.of(app).values()].filter(({ owner }) => inside.has(owner)).map(({ edge }) => edge);
}
