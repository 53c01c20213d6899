import type { Duration } from 'cdk8s';
import { type TaintEffect, taintEffect, type Toleration } from './toleration';
import { shellWord } from '../kernel/emit/script';
import { Problems } from '../kernel/findings/problems';
import { mapOf, seconds } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { labelKey, labelValue } from '../kernel/schema/syntax';

/** Nodes of one kind. */
export interface NodePoolOptions {
  /** Key of the label of the nodes, such as `example.com/pool`; of their taint, too. */
  readonly key: string;

  /** Value of the label, such as `gpu`; of the taint, too. */
  readonly value: string;

  /**
   * Labels by which the pods find the nodes, where a provider sets labels of its own: `cloud.google.com/gke-nodepool`.
   *
   * @default - the label of `key` and `value`
   */
  readonly nodeLabels?: { [label: string]: string };
}

/** Nodes that others keep away from. */
export interface ReservedNodePoolOptions extends NodePoolOptions {
  /**
   * What the taint does to pods that do not tolerate it: `NoSchedule` keeps new ones away, `PreferNoSchedule` does so
   * while there is room elsewhere, `NoExecute` takes away those that run there, too.
   *
   * @default 'NoSchedule': what runs there when the taint comes may end in peace (CH08-11)
   */
  readonly effect?: TaintEffect;

  /**
   * Time after which each pod is deleted that is on a node of the pool, as the taint is always there; 0 s to 365 days.
   * With effect `NoExecute` only. For a `Job` with an `activeDeadline` that is no longer; other work would start again
   * and again, so the `Inventory` warns.
   *
   * @default - for ever
   */
  readonly staysFor?: Duration;
}

export interface NodePoolSettings {
  readonly nodeLabels: Record<string, string>;
  readonly taint?: { readonly key: string; readonly value: string; readonly effect: TaintEffect };
  readonly toleration?: Toleration;
}

/**
 * Nodes for a purpose: GPUs, fast disks, one team. It is the one source of the nodes' label and taint, of the selector
 * by which pods find them, and of the toleration by which they may stay (CH08-09, CH08-12).
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

  /** A label alone: pods that are placed on the pool run there, and any other as well. */
  public static open(options: NodePoolOptions): NodePool {
    return new NodePool(options, false);
  }

  private constructor(
    /** @internal */ public readonly _options: unknown,
    /** @internal */ public readonly _reserved: boolean,
  ) {}

  /** Labels that the nodes must have. */
  public get nodeLabels(): { [label: string]: string } {
    return this.settings.nodeLabels;
  }

  /** The taint that the nodes must have, as `key=value:effect`; none of an open pool. */
  public get taint(): string | undefined {
    const { taint } = this.settings;
    return taint && `${taint.key}=${taint.value}:${taint.effect}`;
  }

  /**
   * The commands that make a node part of the pool, for clusters whose provider does not do it (CH08-08).
   *
   * @param node name of the node
   */
  public nodeCommands(node: string): string[] {
    // a value class has no place to tell of a bad name
    const name = typeof node === 'string' && node !== '' ? quote(node) : '<node>';
    const labels = Object.entries(this.nodeLabels)
      .map(([key, value]) => quote(`${key}=${value}`))
      .join(' ');
    return [
      // first, or pods that look for the label alone could slip in
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
  // cdk8s takes a map with that key for an instance of another class
  if (key === 'constructor') {
    read.refuse('key', key, "a label key other than 'constructor'", { rule: 'props/value', fix: 'Choose another key' });
  }
  const given = read.optional('nodeLabels', mapOf(labelKey, labelValue), undefined, {
    fix: 'Map label keys to values, or leave it out',
  });
  if (given && Object.keys(given).length === 0) {
    read.refuse('nodeLabels', given, 'at least one label', {
      rule: 'props/empty-list',
      fix: 'Name one, or remove the prop: the label has the key and value of the taint then',
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
    fix: 'Write Duration.minutes(5), or remove the prop: pods stay for good',
  });
  if (stay !== undefined && effect !== 'NoExecute') {
    read.refuse('staysFor', read.raw('staysFor'), "a time only with effect 'NoExecute'", {
      rule: 'props/conflict',
      fix: "Set effect: 'NoExecute', or leave it out",
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

/** A word of a shell, whatever is in it. */
function quote(word: string): string {
  return /^[\w./=:-]+$/.test(word) ? word : shellWord(word);
}
