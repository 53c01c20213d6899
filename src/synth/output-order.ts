import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { DependencyGraph, Vertex } from './dependency-graph';
import type { ChartObjects } from './output-files';
import { mayBeIndex } from './settled-map';
import { topology } from './topology';

/** All charts, each after its dependencies. */
export function chartsInOrder(graph: DependencyGraph): Chart[] {
  return topology(indexesFirst(graph.vertices)).flatMap(({ construct }) =>
    Chart.isChart(construct) ? [construct] : [],
  );
}

/**
 * All charts with their objects, each after its dependencies.
 *
 * The objects of a chart are ordered together with those of its inner charts. Inner objects can depend on outer ones,
 * which changes the order. The cost of a chart grows with each chart around it.
 */
export function objectsInOrder(graph: DependencyGraph): ChartObjects[] {
  return graph.isEmpty ? inTreeOrder(graph) : inTopologicalOrder(graph);
}

/** Most apps have no dependencies. */
function inTreeOrder(graph: DependencyGraph): ChartObjects[] {
  const own = new Map<Chart, ApiObject[]>(chartsInOrder(graph).map((chart) => [chart, []]));
  for (const { construct, charts } of graph.vertices) {
    if (charts.length > 0 && ApiObject.isApiObject(construct)) own.get(charts[0])?.push(construct);
  }
  return [...own].map(([chart, objects]) => ({ chart, objects }));
}

function inTopologicalOrder(graph: DependencyGraph): ChartObjects[] {
  const inside = new Map<Chart, Vertex[]>();
  for (const vertex of graph.vertices) {
    for (const chart of vertex.charts) {
      const others = inside.get(chart);
      if (others) others.push(vertex);
      else inside.set(chart, [vertex]);
    }
  }
  return chartsInOrder(graph).map((chart) => ({
    chart,
    objects: topology(inside.get(chart)!, (vertex) => vertex.charts.includes(chart))
      .filter((vertex) => vertex.charts[0] === chart)
      .flatMap(({ construct }) => (ApiObject.isApiObject(construct) ? [construct] : [])),
  }));
}

/**
 * Moves charts with integer ids to the front: cdk8s stores vertices in an object by path, and JavaScript lists keys
 * such as '0' and '12' first.
 */
function indexesFirst(vertices: readonly Vertex[]): Vertex[] {
  const first = vertices.filter(({ construct }) => isIndex(construct!));
  return [...first, ...(first.length > 0 ? vertices.filter(({ construct }) => !isIndex(construct!)) : vertices)];
}

/** @see https://tc39.es/ecma262/#array-index */
const LAST_INDEX = 2 ** 32 - 2;

function isIndex({ node }: IConstruct): boolean {
  return (
    mayBeIndex(node.id) &&
    /^(?:0|[1-9]\d{0,9})$/.test(node.id) &&
    Number(node.id) <= LAST_INDEX &&
    node.path === node.id
  );
}
