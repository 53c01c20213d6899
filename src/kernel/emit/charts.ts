import { Chart, type ChartProps } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';
import { Problems } from '../findings/problems';
import { mapOf } from '../schema/checks';
import { Reader } from '../schema/reader';
import { dnsLabel, labelKey, labelValue } from '../schema/syntax';

/** Makes sure that what the chart of `construct` writes to all its objects is checked; once for a chart. */
export function watchChart(construct: IConstruct): void {
  let chart: IConstruct | undefined = construct;
  while (chart && !Chart.isChart(chart)) chart = chart.node.scope;
  if (chart === undefined || !AppModel.of(chart).first(chart)) return;
  const { namespace, labels } = chart;
  const read = new Reader<ChartProps>(new Problems(chart), { namespace, labels });
  read.optional('namespace', dnsLabel(), undefined, { fix: 'Give the chart the name of a namespace, or leave it out', practice: 'DX-12' });
  read.optional('labels', mapOf(labelKey, labelValue), {}, { fix: 'A chart writes its labels to all its objects: map label keys to values' });
}
