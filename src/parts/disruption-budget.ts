import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { PodDisruptionBudgetSpec } from 'kubernetes-types/policy/v1';
import { emitPart, type Site } from './site';
import { identity } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { instance } from '../kernel/schema/checks';
import { type IntOrPercent, intOrPercent } from '../kubernetes/int-or-percent';
import { isStrict } from '../pod/placement';

/**
 * How many pods of a workload evictions, such as node drains in a cluster upgrade, may remove at once.
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   budget: DisruptionBudget.minAvailable('50%'),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets
 */
export class DisruptionBudget {
  /** At most this many pods (or this percentage, rounded up) are unavailable at a time. At least 1. */
  public static maxUnavailable(pods: number | string): DisruptionBudget {
    return new DisruptionBudget('maxUnavailable', pods);
  }

  /** At least this many pods (or this percentage, rounded up) stay available. Less than the number of replicas. */
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

export interface BudgetSettings {
  readonly kind: 'maxUnavailable' | 'minAvailable';
  readonly pods: IntOrPercent;
}

/** A budget, and the minimum number of pods that the workload states. */
export interface BudgetFact extends BudgetSettings {
  readonly owner: IConstruct;
  readonly replicas: number;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly budget: BudgetFact;
  }
}

export const BUDGET_HINT = {
  fix: 'Write DisruptionBudget.maxUnavailable(1), the default, which is right for any number of replicas',
  practice: 'B14',
};

const BUDGET = instance(DisruptionBudget, 'a DisruptionBudget, e.g. DisruptionBudget.maxUnavailable(1)');

/** The budget of the props. `replicas` is the minimum number of pods, `most` the maximum. */
export function budgetFor(
  site: Site<{ readonly budget?: DisruptionBudget }>,
  replicas: number,
  most = replicas,
): ApiObject | undefined {
  const { read, pod, owner, problems } = site;
  const given = read.optional('budget', BUDGET, DisruptionBudget.maxUnavailable(1), {
    fix: 'Use a factory of DisruptionBudget',
  });
  if (isStrict(pod.placement) && most < 2) {
    problems.refuse('spread', pod.placement.spread, `'soft' for ${most} replicas`, {
      rule: 'scheduling/hard-spread',
      fix: "Write spread: 'soft', or run at least two replicas",
    });
  }
  // the default lets one pod go: that is no budget for a pod alone
  if (!read.has('budget') && most < 2) return undefined;
  const budget = readBudget(given, problems);
  if (budget === undefined) return undefined;
  AppModel.of(owner).add('budget', { owner, ...budget, replicas });
  return emitBudget(site, budget);
}

export function emitBudget(site: Site, budget: BudgetSettings): ApiObject {
  return emitPart(site, 'PodDisruptionBudget', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' }, () =>
    renderBudget(budget, site.name),
  );
}

function readBudget(given: DisruptionBudget, problems: Problems): BudgetSettings | undefined {
  if (given._kind === 'none') return undefined;
  const pods = intOrPercent.read(given._pods, (value, expected) =>
    problems.refuse(`budget.${given._kind}`, value, expected, { rule: 'props/value', ...BUDGET_HINT }),
  );
  return pods === undefined ? undefined : { kind: given._kind, pods };
}

/** Unready pods are not protected: a broken release must not block a node upgrade. */
function renderBudget({ kind, pods }: BudgetSettings, name: string): PodDisruptionBudgetSpec {
  return {
    maxUnavailable: kind === 'maxUnavailable' ? pods : undefined,
    minAvailable: kind === 'minAvailable' ? pods : undefined,
    selector: { matchLabels: identity(name) },
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  };
}
