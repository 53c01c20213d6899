import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { refuses } from './define';
import { foreignAutoscalerOf } from '../foreign/autoscalers';
import type { PassView } from '../kernel/facts/pass-view';
import { Verbatim } from '../kernel/findings/describe';
import { clusterOf } from '../kernel/model/cluster-facts';
import { scaled } from '../kubernetes/int-or-percent';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';
import type { AutoscalingFact } from '../parts/autoscaling';
import { BUDGET_HINT } from '../parts/disruption-budget';
import type {} from '../parts/vertical-autoscaling';

/**
 * A node drain waits forever if the budget allows no eviction. An autoscaler of another library may leave fewer pods
 * than the workload states.
 */
const blockedDrain = refuses('budget', ({ owner, kind, pods, replicas }, problems, view) => {
  const foreign = kind === 'minAvailable' ? foreignAutoscalerOf(view, ApiObject.of(owner)) : undefined;
  const least = foreign?.horizontal?.min ?? replicas;
  // the disruption controller rounds both values up
  const count = scaled(pods, least, 'up');
  const evictable = kind === 'maxUnavailable' ? count : least - count;
  if (least === 0 || evictable >= 1) return;
  const of = foreign ? `, the minimum of '${foreign.object.at.node.path}',` : '';
  problems.refuse(
    `budget.${kind}`,
    pods,
    `a budget that lets at least one of ${least} pods${of} be evicted, or nodes can never be drained`,
    {
      rule: 'scaling/blocked-drain',
      ...BUDGET_HINT,
    },
  );
});

const missingRequest = refuses('autoscaling', ({ autoscaling: { targets }, containers }, problems) => {
  for (const { metric } of targets) {
    for (const { name } of containers.filter(
      ({ role, resources }) => role !== 'init' && resources[metric] === undefined,
    )) {
      problems.add({
        rule: 'scaling/missing-request',
        prop: 'autoscaling',
        got: `the metric ${metric}, without a request in container '${name}'`,
        expected: `a ${metric} request in every container`,
        fix: 'Set Resources.of(...) on the container',
      });
    }
  }
});

const byOwner = ({ owner }: AutoscalingFact): IConstruct[] => [owner];

/** A vertical autoscaler changes the requests, of which the utilization is a share: both would react to each other. */
const sameResource = refuses('verticalAutoscaling', ({ owner, resources }, problems, view) => {
  const horizontal = measuredOf(owner, view);
  const both = resources.filter((resource) => horizontal?.resources.includes(resource));
  if (horizontal === undefined || both.length === 0) return;
  problems.refuse(
    'verticalAutoscaling',
    new Verbatim(`control of the requests of ${both.join(' and ')}, on whose use ${horizontal.name} scales`),
    'recommendations, or other resources',
    {
      rule: 'scaling/two-autoscalers',
      fix: "Use VerticalAutoscaling.recommend(), set 'resources', or scale the pods on a metric of your own",
    },
  );
});

/** A pod that grows beyond each node stays pending. */
const growsTooLarge = refuses('verticalAutoscaling', ({ owner, resources, max }, problems) => {
  const { allocatable } = clusterOf(owner);
  if (allocatable === undefined) return;
  for (const resource of resources) {
    const quantity = resource === 'cpu' ? cpuQuantity : bytesQuantity;
    const [wanted, most] = [max[resource], allocatable[resource]];
    if (wanted === undefined || wanted <= most) continue;
    problems.refuse(
      `verticalAutoscaling.max.${resource}`,
      new Verbatim(quantity(wanted)),
      `at most the allocatable amount of a node (the ClusterProfile says ${quantity(most)})`,
      {
        rule: 'scheduling/pod-too-large',
        fix: "Lower it, or correct 'allocatable' of the profile: a pod that grows beyond it stays pending",
      },
    );
  }
});

/** What the autoscaler of the pods measures. */
function measuredOf(
  owner: IConstruct,
  view: PassView,
): { readonly name: string; readonly resources: readonly string[] } | undefined {
  const own = view.by('autoscaling', byOwner, owner)[0];
  if (own) return { name: "'autoscaling'", resources: own.autoscaling.targets.map(({ metric }) => metric) };
  const foreign = foreignAutoscalerOf(view, ApiObject.of(owner));
  return foreign?.horizontal && { name: foreign.object.title, resources: foreign.horizontal.resources };
}

export const RULES = [blockedDrain, missingRequest, sameResource, growsTooLarge];
