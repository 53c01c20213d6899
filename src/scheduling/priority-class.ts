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
   * The priority: -2147483648 to 1000000000. Pods without a class have 0; what is above is the system's.
   */
  readonly value: number;

  /**
   * For whom the class is, for those who read `kubectl get priorityclasses`.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * Whether a pending pod of the class takes the place of pods of lower priority. `Never`: it is only first in the
   * queue.
   *
   * @default 'PreemptLowerPriority': the default of Kubernetes
   */
  readonly preemptionPolicy?: 'PreemptLowerPriority' | 'Never';

  /**
   * Whether pods that name no class get this one. One class of a cluster at most; pods that are there already keep
   * theirs.
   *
   * @default false
   */
  readonly globalDefault?: boolean;

  /**
   * Name of the PriorityClass: at most 63 lower-case letters, digits, `-` and dots; labels have it, too. It belongs to
   * no namespace.
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
 * Which pods are scheduled first, and stay when there is no room for all. `value` and `preemptionPolicy` of a class
 * cannot be changed: a class with another name takes its place.
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
      fix: 'Give a number: higher ones come first, 0 is that of pods without a class',
    });
    const description = read.optional('description', text, undefined, {
      fix: 'Say for whom the class is, or leave it out',
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
        fix: 'The API server refuses a second one: leave it out of the others',
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
