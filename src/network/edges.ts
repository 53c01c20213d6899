import type { IConstruct } from 'constructs';
import { PerApp } from '../foundation/per-app';

/** A declared connection. The ends are construct paths of blocks, or peers in words. */
export interface EdgeSettings {
  readonly from: string;
  readonly to: string;
  readonly ports: string;
}

const edges = new PerApp<Map<string, EdgeSettings>>(() => new Map());

export function recordEdge(app: IConstruct, edge: EdgeSettings): void {
  edges.of(app).set(JSON.stringify(edge), edge);
}

export function recordedEdges(app: IConstruct): EdgeSettings[] {
  return [...edges.of(app).values()];
}
