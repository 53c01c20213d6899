import type { IConstruct } from 'constructs';
import { PerApp } from './per-app';

/**
 * One answer about a whole app for all blocks that ask, kept no longer than the current tick: cdk8s validates once for
 * every chart, and a synthesis is one synchronous call.
 */
export class PerSynthesis<T extends object> {
  private readonly slots: PerApp<{ answer?: T }>;

  public constructor(private readonly compute: (root: IConstruct) => T) {
    this.slots = new PerApp(() => ({}));
  }

  public of(construct: IConstruct): T {
    const slot = this.slots.of(construct);
    if (slot.answer === undefined) {
      slot.answer = this.compute(construct.node.root);
      queueMicrotask(() => this.forget(construct));
    }
    return slot.answer;
  }

  /** To be called when something is added that the answer depends on. */
  public forget(construct: IConstruct): void {
    this.slots.of(construct).answer = undefined;
  }
}
