import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Workload } from './workload';
import type { WorkloadProps } from './workload-props';
import { emitLater } from '../kernel/emit/emission';
import type { AppView } from '../kernel/facts/app-view';
import type { Problems } from '../kernel/findings/problems';
import { instance } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import type { AllowOptions, Connection, IConnectionTarget } from '../network/connection';
import type { IPeer } from '../network/peer';
import { type BudgetSettings, DisruptionBudget, readBudget, refuseBlockedDrain, renderBudget } from '../scaling/disruption-budget';
import { foreignAutoscalerOf } from '../scaling/foreign-autoscalers';

/**
 * A workload that goes on running, and that others connect to.
 *
 * @internal
 */
export abstract class ServingWorkload extends Workload implements IConnectionTarget {
  /**
   * Opens the pods for a peer.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options which ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this._allow(peer, options);
  }

  /** How `client` reaches the workload. */
  public abstract connectionFor(client: IConstruct): Connection;

  /**
   * Emits the budget. `replicas` is the least number of pods.
   *
   * @internal
   */
  protected _emitBudget(read: Reader<WorkloadProps>, replicas: number): ApiObject | undefined {
    const given = read.optional('budget', instance(DisruptionBudget, 'a DisruptionBudget, e.g. DisruptionBudget.maxUnavailable(1)'), DisruptionBudget.maxUnavailable(1), { fix: 'Use a factory of DisruptionBudget' });
    if (this._pod.placement.spread === 'hard' && replicas < 2) {
      read.refuse('spread', 'hard', `'soft' for ${replicas} replicas`, { rule: 'scheduling/hard-spread', fix: 'Spread hard from two replicas up' });
    }
    const budget = readBudget(given, this._problems, 'budget');
    if (budget) this._problems.atSynth((late, view) => this.refuseBlockedDrain(budget, replicas, late, view));
    return budget && emitLater(this, 'PodDisruptionBudget', this._head('policy/v1', 'PodDisruptionBudget'), this._problems, () => renderBudget(budget, this.name));
  }

  /** An autoscaler of others may leave fewer pods, or more. */
  private refuseBlockedDrain(budget: BudgetSettings, replicas: number, late: Problems, view: AppView): void {
    const foreign = budget.kind === 'minAvailable' ? foreignAutoscalerOf(view, ApiObject.of(this)) : undefined;
    refuseBlockedDrain(budget, foreign?.min ?? replicas, foreign ? `, the least of '${foreign.object.node.path}',` : '', late, 'budget');
  }

  /** @internal */
  protected _allowMembers(): void {
    this.allowFrom(this);
  }
}
