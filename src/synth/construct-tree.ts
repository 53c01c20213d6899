import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** The constructs of an app at one moment, in the order of the tree, each with the charts that it is in. */
export class ConstructTree {
  private readonly charts = new Map<IConstruct, readonly Chart[]>();

  public constructor(public readonly constructs: readonly IConstruct[]) {
    for (const construct of constructs) {
      const { scope } = construct.node;
      const outer = scope ? this.chartsOf(scope) : [];
      this.charts.set(construct, Chart.isChart(construct) ? [construct, ...outer] : outer);
    }
  }

  /** Those of the constructs that are not in here. */
  public missing(constructs: readonly IConstruct[]): IConstruct[] {
    return constructs.filter((construct) => !this.charts.has(construct));
  }

  /**
   * The closest chart, to which it belongs, and those around that; none for what stands between the app and its charts.
   */
  public chartsOf(construct: IConstruct): readonly Chart[] {
    return this.charts.get(construct) ?? [];
  }

  /** The closest chart, or the error of cdk8s where there is none. Knows constructs of other apps, too. */
  public needChartOf(construct: IConstruct): Chart {
    return this.charts.get(construct)?.[0] ?? Chart.of(construct);
  }
}
