import { ApiObject } from 'cdk8s';
import type { PodDisruptionBudgetSpec } from 'kubernetes-types/policy/v1';
import { foreignAutoscalerOf } from './foreign-autoscalers';
import { emitPart, type Site } from './site';
import { identity } from '../kernel/emit/labels';
import type { Problems } from '../kernel/findings/problems';
import { instance } from '../kernel/schema/checks';
import { type IntOrPercent, intOrPercent, scaled } from '../kubernetes/int-or-percent';

/**
 * How many pods of a workload an eviction (a drained node, a cluster upgrade) may take away at once.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets
 */
export class DisruptionBudget {
  /** At most this many pods (or this share, rounded up) are gone at a time. At least 1. */
  public static maxUnavailable(pods: number | string): DisruptionBudget {
    return new DisruptionBudget('maxUnavailable', pods);
  }

  /** At least this many pods (or this share, rounded up) stay. Less than there are replicas. */
  public static minAvailable(pods: number | string): DisruptionBudget {
    return new DisruptionBudget('minAvailable', pods);
  }

  /** No budget: all pods may be evicted at once. */
  public static none(): DisruptionBudget {
    return new DisruptionBudget('none', undefined);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'maxUnavailable' | 'minAvailable' | 'none',
    /** @internal */ public readonly _pods: unknown,
  ) {}
}

interface BudgetSettings {
  readonly kind: 'maxUnavailable' | 'minAvailable';
  readonly pods: IntOrPercent;
}

const HINT = { fix: 'Write DisruptionBudget.maxUnavailable(1), the default, which is right for any number of replicas', practice: 'B14' };

/** The budget that the props ask for. `replicas` is the least number of pods. */
export function budgetFor(site: Site<{ readonly budget?: DisruptionBudget }>, replicas: number): ApiObject | undefined {
  const { read, pod, owner, problems } = site;
  const given = read.optional('budget', instance(DisruptionBudget, 'a DisruptionBudget, e.g. DisruptionBudget.maxUnavailable(1)'), DisruptionBudget.maxUnavailable(1), { fix: 'Use a factory of DisruptionBudget' });
  if (pod.placement.spread === 'hard' && replicas < 2) {
    problems.refuse('spread', 'hard', `'soft' for ${replicas} replicas`, { rule: 'scheduling/hard-spread', fix: 'Spread hard from two replicas up' });
  }
  const budget = readBudget(given, problems);
  if (budget === undefined) return undefined;
  problems.atSynth((late, view) => {
    // an autoscaler of others may leave fewer pods, or more
    const foreign = budget.kind === 'minAvailable' ? foreignAutoscalerOf(view, ApiObject.of(owner)) : undefined;
    refuseBlockedDrain(budget, foreign?.min ?? replicas, foreign ? `, the least of '${foreign.object.node.path}',` : '', late);
  });
  return emitBudget(site, budget);
}

export function emitBudget(site: Site, budget: BudgetSettings): ApiObject {
  return emitPart(site, 'PodDisruptionBudget', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' }, () => renderBudget(budget, site.name));
}

function readBudget(given: DisruptionBudget, problems: Problems): BudgetSettings | undefined {
  if (given._kind === 'none') return undefined;
  const pods = intOrPercent.read(given._pods, (value, expected) => problems.refuse(`budget.${given._kind}`, value, expected, { rule: 'props/value', ...HINT }));
  return pods === undefined ? undefined : { kind: given._kind, pods };
}

/** `replicas` is the least number of pods that the workload has, `of` who says so. */
function refuseBlockedDrain({ kind, pods }: BudgetSettings, replicas: number, of: string, problems: Problems): void {
  // the disruption controller rounds both kinds up
  const count = scaled(pods, replicas, 'up');
  const evictable = kind === 'maxUnavailable' ? count : replicas - count;
  if (replicas > 0 && evictable < 1) {
    problems.refuse(`budget.${kind}`, pods, `a budget that lets at least one of ${replicas} pods${of} be evicted, or nodes can never be drained`, { rule: 'scaling/blocked-drain', ...HINT });
  }
}

/** Pods that are not ready do not protect themselves: a broken release must not block a node upgrade. */
function renderBudget({ kind, pods }: BudgetSettings, name: string): PodDisruptionBudgetSpec {
  return {
    maxUnavailable: kind === 'maxUnavailable' ? pods : undefined,
    minAvailable: kind === 'minAvailable' ? pods : undefined,
    selector: { matchLabels: identity(name) },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  };
}
