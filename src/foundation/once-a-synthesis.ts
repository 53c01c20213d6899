import type { IConstruct } from 'constructs';

const answers = new WeakMap<IConstruct, Map<object, unknown>>();

/**
 * The answer to a question that concerns a whole app. cdk8s validates once for every chart, and each block may ask: the
 * answer is kept until an object is emitted, and no longer than the current tick, since a synthesis is one synchronous call.
 */
export class OnceASynthesis<T> {
  public constructor(private readonly answer: (root: IConstruct) => T) {}

  public of(construct: IConstruct): T {
    const { root } = construct.node;
    let known = answers.get(root);
    if (known === undefined) {
      known = new Map();
      answers.set(root, known);
      queueMicrotask(() => forgetAnswers(root));
    }
    if (!known.has(this)) known.set(this, this.answer(root));
    return known.get(this) as T;
  }
}

export function forgetAnswers(construct: IConstruct): void {
  answers.delete(construct.node.root);
}
