import type { Duration } from 'cdk8s';
import { type TaintEffect, taintEffect, type Toleration } from './toleration';
import { shellWord } from '../kernel/emit/script';
import { Problems } from '../kernel/findings/problems';
import { seconds } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { labelKey, labelMap, labelValue } from '../kernel/schema/syntax';

/** Nodes of one kind. */
export interface NodePoolOptions {
  /** Key of the node label, such as `example.com/pool`, and of the taint. */
  readonly key: string;

  /** Value of the label, such as `gpu`, and of the taint. */
  readonly value: string;

  /**
   * Node labels for the pods to select, if a provider sets its own: `cloud.google.com/gke-nodepool`.
   *
   * @default - the label of `key` and `value`
   */
  readonly nodeLabels?: { [label: string]: string };
}

/** Nodes that repel other pods. */
export interface ReservedNodePoolOptions extends NodePoolOptions {
  /**
   * Effect of the taint on pods without a toleration. `NoSchedule` repels new pods. `PreferNoSchedule` does so while
   * there is room elsewhere. `NoExecute` also evicts running pods.
   *
   * @default 'NoSchedule': running pods may finish when the taint is added (CH08-11)
   */
  readonly effect?: TaintEffect;

  /**
   * Time after which each pod on a node of the pool is evicted, since the taint is permanent; 0 s to 365 days. Only
   * with effect `NoExecute`. For a `Job` with an `activeDeadline` that is not longer. Other work would restart
   * repeatedly, and the `Inventory` warns.
   *
   * @default - forever
   */
  readonly staysFor?: Duration;
}

export interface NodePoolSettings {
  readonly nodeLabels: Record<string, string>;
  readonly taint?: { readonly key: string; readonly value: string; readonly effect: TaintEffect };
  readonly toleration?: Toleration;
}

/**
 * Nodes for a purpose: GPUs, fast disks, one team. One source for the label and taint of the nodes, and for the
 * selector and toleration of the pods (CH08-09, CH08-12).
 *
 * ```ts
 * const gpu = NodePool.reserved({ key: 'example.com/pool', value: 'gpu' });
 * new Job(chart, 'training', { image: 'ghcr.io/example/training:1.0.0', placeOn: gpu });
 * console.log(gpu.nodeCommands('node-7').join('\n'));
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export class NodePool {
  /** Label and taint: only pods that are placed on the pool run there. */
  public static reserved(options: ReservedNodePoolOptions): NodePool {
    return new NodePool(options, true);
  }

  /** Label only: pods that are placed on the pool run there, and so may others. */
  public static open(options: NodePoolOptions): NodePool {
    return new NodePool(options, false);
  }

  private constructor(
    /** @internal */ public readonly _options: unknown,
    /** @internal */ public readonly _reserved: boolean,
  ) {}

  /** Required labels of the nodes. */
  public get nodeLabels(): { [label: string]: string } {
    return this.settings.nodeLabels;
  }

  /** The required taint of the nodes, as `key=value:effect`; none for an open pool. */
  public get taint(): string | undefined {
    const { taint } = this.settings;
    return taint && `${taint.key}=${taint.value}:${taint.effect}`;
  }

  /**
   * The commands that add a node to the pool, for clusters whose provider does not (CH08-08).
   *
   * @param node name of the node
   */
  public nodeCommands(node: string): string[] {
    // a value class cannot report a bad name
    const name = typeof node === 'string' && node !== '' ? quote(node) : '<node>';
    const labels = Object.entries(this.nodeLabels)
      .map(([key, value]) => quote(`${key}=${value}`))
      .join(' ');
    return [
      // first, or pods that select only the label could slip in
      ...(this.taint === undefined ? [] : [`kubectl taint node ${name} ${quote(this.taint)} --overwrite`]),
      `kubectl label node ${name} ${labels} --overwrite`,
    ];
  }

  private get settings(): NodePoolSettings {
    return readNodePool(this, new Problems(), 'pool');
  }
}

export function readNodePool(pool: NodePool, problems: Problems, prop: string): NodePoolSettings {
  const read = new Reader<ReservedNodePoolOptions>(problems, pool._options, `${prop}.`);
  const key = read.required('key', labelKey, 'invalid', {
    fix: "Name the label of the nodes, such as 'example.com/pool'",
    practice: 'CH08-08',
  });
  const value = read.required('value', labelValue, 'invalid', {
    fix: "Name the pool, such as 'gpu'",
    practice: 'CH08-08',
  });
  // cdk8s takes a map with that key for a class instance
  if (key === 'constructor') {
    read.refuse('key', key, "a label key other than 'constructor'", { rule: 'props/value', fix: 'Choose another key' });
  }
  const given = read.optional('nodeLabels', labelMap, undefined, {
    fix: 'Map label keys to values, or remove the prop',
  });
  if (given && Object.keys(given).length === 0) {
    read.refuse('nodeLabels', given, 'at least one label', {
      rule: 'props/empty-list',
      fix: 'Name one, or remove the prop to use the key and value of the taint',
      practice: 'CH08-09',
    });
  }
  const nodeLabels = given ?? { [key]: value };
  if (!pool._reserved) {
    read.refuseUnknown();
    return { nodeLabels };
  }
  const effect = read.optional('effect', taintEffect, 'NoSchedule', { practice: 'CH08-11' });
  const stay = read.optional('staysFor', seconds(0, 31_536_000), undefined, {
    fix: 'Write Duration.minutes(5), or remove the prop: pods stay forever',
  });
  if (stay !== undefined && effect !== 'NoExecute') {
    read.refuse('staysFor', read.raw('staysFor'), "a time only with effect 'NoExecute'", {
      rule: 'props/conflict',
      fix: "Set effect: 'NoExecute', or remove the prop",
      practice: 'CH08-11',
    });
  }
  read.refuseUnknown();
  return {
    nodeLabels,
    taint: { key, value, effect },
    toleration: { key, value, effect, ...(stay === undefined ? {} : { seconds: stay }) },
  };
}

/** Quotes any text as one word of a shell. */
function quote(word: string): string {
  return /^[\w./=:-]+$/.test(word) ? word : shellWord(word);
}
