import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { Workload } from './workload';
import type { WorkloadProps } from './workload-props';
import { instance } from '../foundation/checks';
import { emitLater } from '../foundation/emission';
import type { Reader } from '../foundation/reader';
import type { AllowOptions, Connection, IConnectionTarget } from '../network/connection';
import type { IPeer } from '../network/peer';
import { DisruptionBudget, readBudget } from '../scaling/disruption-budget';
import { renderBudget } from '../scaling/render-disruption-budget';

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
    this._edges.allowFrom(peer, options, this._pod.containers.flatMap(({ ports }) => ports.map(({ port, protocol }) => ({ port, protocol }))));
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
      read.refuse('spread', 'hard', `'soft' for ${replicas} replicas`, { fix: 'Spread hard from two replicas up' });
    }
    const budget = readBudget(given, replicas, this._problems, 'budget');
    return budget && emitLater(this, 'PodDisruptionBudget', this._head('policy/v1', 'PodDisruptionBudget'), this._problems, () => renderBudget(budget, this.name));
  }

  /** @internal */
  protected _allowMembers(): void {
    this.allowFrom(this);
  }
}
