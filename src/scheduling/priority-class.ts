import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../kernel/emit/emission';
import { recommended } from '../kernel/emit/labels';
import { Problems } from '../kernel/findings/problems';
import { readName } from '../kernel/model/read-name';
import { claimUnique } from '../kernel/model/uniqueness';
import { boolean, type Check, integer, oneOf, text, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { labelledSubdomain } from '../kernel/schema/syntax';

/** Props of `PriorityClass`. */
export interface PriorityClassProps {
  /**
   * The priority: -2147483648 to 1000000000. Pods without a class have 0; Kubernetes reserves higher values.
   */
  readonly value: number;

  /**
   * Purpose of the class, for readers of `kubectl get priorityclasses`.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * Whether a pending pod of the class preempts pods of lower priority. With `Never`, it is only first in the queue.
   *
   * @default 'PreemptLowerPriority': the default of Kubernetes
   */
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';

  /**
   * Whether pods without a class get this one. At most one class of a cluster; existing pods keep their priority.
   *
   * @default false
   */
  readonly globalDefault?: boolean;

  /**
   * Name of the PriorityClass: at most 63 lower-case letters, digits, `-` and dots; it is also a label value. It has no
   * namespace.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;
}

const MOST = 1_000_000_000;

const className: Check<string> = that(
  `${labelledSubdomain.expected}, without 'system-' at the start`,
  (value) => labelledSubdomain.read(value, () => undefined) !== undefined && !(value as string).startsWith('system-'),
);

/**
 * Priority of pods in scheduling and preemption. `value` and `preemptionPolicy` of a class are immutable: to change
 * them, use a class with another name.
 *
 * ```ts
 * const important = new PriorityClass(chart, 'important', { value: 1000, description: 'Serves customers' });
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/example/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   priorityClass: important,
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
export class PriorityClass extends Construct {
  /** Name of the PriorityClass. */
  public readonly name: string;
  /** The PriorityClass. */
  public readonly apiObject: ApiObject;

  public constructor(scope: Construct, id: string, props: PriorityClassProps) {
    super(scope, id);
    const read = new Reader<PriorityClassProps>(new Problems(this), props);
    this.name = readName(this, read, className).name;
    const value = read.required('value', integer(-2_147_483_648, MOST), 0, {
      fix: 'Write a number: higher ones come first, and pods without a class have 0',
    });
    const description = read.optional('description', text, undefined, {
      fix: 'State the purpose of the class, or remove the prop',
    });
    const preemptionPolicy = read.optional(
      'preemptionPolicy',
      oneOf('PreemptLowerPriority', 'Never'),
      'PreemptLowerPriority',
    );
    const globalDefault = read.optional('globalDefault', boolean, false);
    read.refuseUnknown();
    if (globalDefault) {
      claimUnique(this, "PriorityClass with 'globalDefault'", {
        rule: 'scheduling/two-defaults',
        fix: 'Remove it from the others: the API server refuses a second default',
      });
    }
    this.apiObject = emit(this, 'Resource', {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: this.name, labels: recommended(this, this.name, 'scheduling', {}) },
      clusterScoped: true,
      value,
      globalDefault,
      preemptionPolicy,
      ...(description === undefined ? {} : { description }),
    });
  }
}
