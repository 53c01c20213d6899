import { integer, mapOf, oneOf, structs } from '../foundation/checks';
import type { Problems } from '../foundation/problems';
import { Reader } from '../foundation/reader';
import { dnsSubdomain, labelKey, labelValue } from '../foundation/syntax';

/** A taint that the pods may be scheduled in spite of. */
export interface Toleration {
  /**
   * Key of the taint.
   *
   * @default - all keys, with operator 'Exists'
   */
  readonly key?: string;

  /**
   * Value of the taint. Leave it out to tolerate any value.
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
   * Seconds that a pod stays on a node that gets the taint; with effect 'NoExecute' only.
   *
   * @default - for ever
   */
  readonly seconds?: number;
}

/** How the replicas of a workload are kept apart. */
export type Spread = 'soft' | 'hard' | 'none';

/** Where the pods of a workload run. */
export interface PlacementProps {
  /**
   * How replicas are kept on different hosts and zones.
   *
   * - `soft`: as evenly as the cluster allows. It never keeps a pod from running, so no rollout can get stuck on it.
   * - `hard`: a pod that would make it uneven stays pending; at least two zones. For at least two replicas.
   * - `none`: as the scheduler likes.
   *
   * @default 'soft'
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
   */
  readonly spread?: Spread;

  /**
   * Labels that a node must have.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [label: string]: string };

  /**
   * Taints that the pods tolerate.
   *
   * @default - none
   */
  readonly tolerations?: Toleration[];

  /**
   * Name of an existing PriorityClass. No default: a pod that names a missing class is rejected.
   *
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;
}

export interface PlacementSettings {
  readonly spread: Spread;
  readonly nodeSelector: Record<string, string>;
  readonly tolerations: readonly Toleration[];
  readonly priorityClassName?: string;
}

export function readPlacement(read: Reader<PlacementProps>, problems: Problems): PlacementSettings {
  return {
    spread: read.optional('spread', oneOf<Spread>('soft', 'hard', 'none'), 'soft', { fix: "Leave it out for 'soft'" }),
    nodeSelector: read.optional('nodeSelector', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values' }),
    tolerations: read.optional('tolerations', structs('a toleration'), [], { fix: "Write [{ key: 'dedicated', value: 'web', effect: 'NoSchedule' }]" })
      .map((given, index) => readToleration(given, problems, `tolerations[${index}]`)),
    priorityClassName: read.optional('priorityClassName', dnsSubdomain, undefined, { fix: 'Name a PriorityClass of the cluster' }),
  };
}

function readToleration(given: unknown, problems: Problems, prop: string): Toleration {
  const read = new Reader<Toleration>(problems, given, `${prop}.`);
  const toleration = {
    key: read.optional('key', labelKey, undefined, { fix: 'Leave it out for all taints' }),
    value: read.optional('value', labelValue, undefined, { fix: 'Leave it out for any value' }),
    effect: read.optional('effect', oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'), undefined, { fix: 'Leave it out for all effects' }),
    seconds: read.optional('seconds', integer(0, 31_536_000), undefined, { fix: 'Leave it out for ever' }),
  };
  read.refuseUnknown();
  if (toleration.value !== undefined && toleration.key === undefined) {
    read.refuse('value', toleration.value, "a value only beside a 'key'", { fix: "Give the 'key' of the taint" });
  }
  if (toleration.seconds !== undefined && toleration.effect !== 'NoExecute') {
    read.refuse('seconds', toleration.seconds, "seconds only with effect 'NoExecute'", { fix: "Set effect: 'NoExecute'" });
  }
  return toleration;
}
