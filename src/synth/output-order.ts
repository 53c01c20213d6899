import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { DependencyGraph, Vertex } from './dependency-graph';
import type { ChartObjects } from './output-files';
import { topology } from './topology';

/** All charts, each after those that it depends on. */
export function chartsInOrder(graph: DependencyGraph): Chart[] {
  return topology(indexesFirst(graph.vertices)).flatMap(({ construct }) =>
    Chart.isChart(construct) ? [construct] : [],
  );
}

/**
 * All charts with their objects, each after those that it depends on.
 *
 * The objects of a chart are ordered by what is in the chart and in the charts inside of it: these can depend on
 * objects around them, which come later than without. A chart costs as much again for each chart that it is in.
 */
export function objectsInOrder(graph: DependencyGraph): ChartObjects[] {
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
 * cdk8s keeps vertices in an object by their path, and JavaScript lists keys such as '0' and '12' first: charts with
 * such ids.
 */
function indexesFirst(vertices: readonly Vertex[]): Vertex[] {
  const first = vertices.filter(({ construct }) => isIndex(construct!));
  return [...first, ...(first.length > 0 ? vertices.filter(({ construct }) => !isIndex(construct!)) : vertices)];
}

/** @see https://tc39.es/ecma262/#array-index */
const LAST_INDEX = 2 ** 32 - 2;

function isIndex({ node }: IConstruct): boolean {
  return /^(?:0|[1-9]\d{0,9})$/.test(node.id) && Number(node.id) <= LAST_INDEX && node.path === node.id;
}
