import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A snapshot of the constructs of an app in tree order, each with its charts. */
export class ConstructTree {
  private readonly charts = new Map<IConstruct, readonly Chart[]>();

  public constructor(public readonly constructs: readonly IConstruct[]) {
    for (const construct of constructs) {
      const { scope } = construct.node;
      const outer = scope ? this.chartsOf(scope) : [];
      this.charts.set(construct, Chart.isChart(construct) ? [construct, ...outer] : outer);
    }
  }

  /** Constructs that are not in this tree. */
  public missing(constructs: readonly IConstruct[]): IConstruct[] {
    return constructs.filter((construct) => !this.charts.has(construct));
  }

  /**
   * The closest chart, to which it belongs, then the outer ones; none for a construct between the app and its charts.
   */
  public chartsOf(construct: IConstruct): readonly Chart[] {
    return this.charts.get(construct) ?? [];
  }

  /** The closest chart, or the error of cdk8s if there is none. Also works for constructs of other apps. */
  public needChartOf(construct: IConstruct): Chart {
    return this.charts.get(construct)?.[0] ?? Chart.of(construct);
  }
}
