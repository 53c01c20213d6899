import type { IConstruct } from 'constructs';
import { PerApp } from './per-app';

// Answers of an earlier round are void. A round is at most one tick: a synthesis is one synchronous call.
let round = 0;
let endsWithTick = false;

/** Begins a new round: to be called when an app begins its validation, and when a block is added. */
export function forgetAnswers(): void {
  round++;
}

/**
 * One answer about a whole app for all blocks that ask in a synthesis. The App of cdk8s validates once for every chart, and
 * does not say when it begins: there an answer is kept until the end of the current tick, or until a block is added.
 */
export class PerSynthesis<T> {
  private readonly slots = new PerApp<{ round: number; answer?: T }>(() => ({ round: -1 }));

  public constructor(private readonly compute: (root: IConstruct) => T) {}

  public of(construct: IConstruct): T {
    const slot = this.slots.of(construct);
    if (slot.round !== round) {
      slot.answer = this.compute(construct.node.root);
      slot.round = round;
      endRoundWithTick();
    }
    return slot.answer as T;
  }
}

function endRoundWithTick(): void {
  if (endsWithTick) return;
  endsWithTick = true;
  queueMicrotask(() => {
    endsWithTick = false;
    forgetAnswers();
  });
}
