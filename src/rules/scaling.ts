import { ApiObject } from 'cdk8s';
import { refuses } from './define';
import { foreignAutoscalerOf } from '../foreign/autoscalers';
import { scaled } from '../kubernetes/int-or-percent';
import type {} from '../parts/autoscaling';
import { BUDGET_HINT } from '../parts/disruption-budget';

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

export const RULES = [blockedDrain, missingRequest];
