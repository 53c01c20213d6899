import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { ConstructTree } from './construct-tree';

/**
 * Makes a chart depend on its direct inner charts and on the charts that its constructs depend on. It makes the same
 * calls in the same order as cdk8s. Returns whether any chart depends on another: file names then have a number.
 */
export function relateCharts(tree: ConstructTree): boolean {
  let related = false;
  const relate = (source: Chart, target: Chart): void => {
    source.node.addDependency(target);
    related = true;
  };
  for (const chart of tree.constructs.filter((construct) => Chart.isChart(construct))) {
    for (const child of chart.node.children) {
      if (Chart.isChart(child)) relate(chart, child);
    }
  }
  for (const [source, target] of dependenciesOf(tree)) {
    const [from, to] = [tree.needChartOf(source), tree.needChartOf(target)];
    if (from !== to) relate(from, to);
  }
  return related;
}

function dependenciesOf(tree: ConstructTree): Array<[IConstruct, IConstruct]> {
  return tree.constructs.flatMap((source) =>
    source.node.dependencies.map((target): [IConstruct, IConstruct] => [source, target]),
  );
}
