import type { Problems } from '../kernel/findings/problems';
import { type Check, integer, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { labelKey, labelValue } from '../kernel/schema/syntax';

/** Lets pods run on nodes with a taint. */
export interface Toleration {
  /**
   * Key of the taint.
   *
   * @default - all keys, with operator 'Exists'
   */
  readonly key?: string;

  /**
   * Value of the taint. Omit it to tolerate any value.
   *
   * @default - any value
   */
  readonly value?: string;

  /**
   * Effect of the taint.
   *
   * @default - all effects
   */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

  /**
   * Seconds that a pod stays on a node with the taint, 0 to 31536000; only with effect 'NoExecute'. For temporary
   * taints: with a permanent taint, each pod is evicted after that time, and so is its successor.
   *
   * @default - forever
   */
  readonly seconds?: number;
}

export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

export const taintEffect: Check<TaintEffect> = oneOf<TaintEffect>('NoSchedule', 'PreferNoSchedule', 'NoExecute');

export function readToleration(given: unknown, problems: Problems, prop: string): Toleration {
  const read = new Reader<Toleration>(problems, given, `${prop}.`);
  const toleration = {
    key: read.optional('key', labelKey, undefined, {
      fix: 'Write the key of the taint, or remove the prop to tolerate all taints',
    }),
    value: read.optional('value', labelValue, undefined, {
      fix: 'Write the value of the taint, or remove the prop to tolerate any',
    }),
    effect: read.optional('effect', taintEffect, undefined, {
      fix: 'Write one of these, or remove the prop to tolerate all effects',
    }),
    seconds: read.optional('seconds', integer(0, 31_536_000), undefined, {
      fix: 'Write 300, or remove the prop: pods stay forever',
    }),
  };
  read.refuseUnknown();
  if (toleration.value !== undefined && toleration.key === undefined) {
    read.refuse('value', toleration.value, "a value only with a 'key'", {
      rule: 'props/conflict',
      fix: "Set the 'key' of the taint",
    });
  }
  if (toleration.seconds !== undefined && toleration.effect !== 'NoExecute') {
    read.refuse('seconds', toleration.seconds, "seconds only with effect 'NoExecute'", {
      rule: 'props/conflict',
      fix: "Set effect: 'NoExecute'",
    });
  }
  return toleration;
}
