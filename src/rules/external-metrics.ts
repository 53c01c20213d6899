import { warns } from './define';
import { foreignOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { isOfKeda, type MetricSettings } from '../parts/scaling-metric';
import type {} from '../parts/autoscaling';
import type {} from '../parts/event-scaling';

/**
 * The aggregation layer of Kubernetes has one server for an API group, and KEDA registers itself for external metrics.
 * It answers for the triggers of its ScaledObjects only.
 */
const servedByKeda = warns('autoscaling', ({ owner, autoscaling: { metrics } }, view) => {
  const wanted = metrics.map((metric, index) => ({ ...metric, index })).filter(isForeignExternal);
  const scaled = wanted.length === 0 ? undefined : scaledByKeda(view, clusterOf(owner).name);
  if (scaled === undefined) return [];
  return wanted.map(({ metric, index }): Warning => {
    const prop = `autoscaling.metrics[${index}]`;
    return {
      rule: 'scaling/two-metric-servers',
      prop,
      got: `the external metric '${metric}' on a cluster with KEDA`,
      expected: 'a trigger of KEDA, or a metric of pods or of an object',
      text:
        `${prop}: KEDA, for '${scaled}', is the server of external metrics on the cluster, and has no metric ` +
        `'${metric}'. Use Autoscaling.onEvents(...) here too, or ScalingMetric.pods(...) or ` +
        'ScalingMetric.object(...): they have another server',
    };
  });
});

function isForeignExternal(metric: MetricSettings): boolean {
  return metric.kind === 'External' && !isOfKeda(metric);
}

/** A construct of the cluster that KEDA scales. */
function scaledByKeda(view: PassView, cluster: string): string | undefined {
  const own = view.all('eventScaling').find(({ owner }) => clusterOf(owner).name === cluster);
  if (own) return own.owner.node.path;
  return foreignOf(view, 'keda.sh/ScaledObject').find(({ at }) => clusterOf(at).name === cluster)?.at.node.path;
}

export const RULES = [servedByKeda];
