import type { Problems } from '../kernel/findings/problems';
import { type Check, instance, isPlain, listOf, matching, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { labelMap } from '../kernel/schema/syntax';
import { MILLI, type Nanos, ONE, parseQuantity } from '../kubernetes/quantity';

/** A metric that each pod has, such as requests a second. */
export interface PodsMetricOptions {
  /** Name of the metric, as the adapter of the cluster offers it. */
  readonly metric: string;

  /**
   * The average of all pods that the autoscaler aims at: a number, or a quantity such as `500m` for a half. At least a
   * thousandth, in whole thousandths.
   */
  readonly averageValue: number | string;

  /**
   * Labels of the series, if the metric has several.
   *
   * @default - none
   */
  readonly selector?: { [label: string]: string };
}

/** The object that a metric describes. */
export interface ScalingObject {
  /** Group and version, such as `networking.k8s.io/v1`. */
  readonly apiVersion: string;

  /** Kind, such as `Ingress`. */
  readonly kind: string;

  /** Name, in the namespace of the workload. */
  readonly name: string;
}

/** A metric of one object, such as the requests of an Ingress. */
export interface ObjectMetricOptions {
  /** Name of the metric, as the adapter of the cluster offers it. */
  readonly metric: string;

  /** The object. */
  readonly object: ScalingObject;

  /**
   * The value that the autoscaler aims at: a number, or a quantity such as `2k`. At least a thousandth, in whole
   * thousandths. Excludes `averageValue`.
   *
   * @default - none: `averageValue` applies
   */
  readonly value?: number | string;

  /**
   * The value divided by the number of pods that it aims at. Excludes `value`.
   *
   * @default - none: `value` applies
   */
  readonly averageValue?: number | string;

  /**
   * Labels of the series, if the metric has several.
   *
   * @default - none
   */
  readonly selector?: { [label: string]: string };
}

/** A metric from outside the cluster, such as the length of a queue. */
export interface ExternalMetricOptions {
  /** Name of the metric, as the adapter of the cluster offers it. */
  readonly metric: string;

  /**
   * The value that the autoscaler aims at: a number, or a quantity such as `2k`. At least a thousandth, in whole
   * thousandths. Excludes `averageValue`.
   *
   * @default - none: `averageValue` applies
   */
  readonly value?: number | string;

  /**
   * The value divided by the number of pods that it aims at: right for a queue, which pods share. Excludes `value`.
   *
   * @default - none: `value` applies
   */
  readonly averageValue?: number | string;

  /**
   * Labels of the series. A metric with several series counts as their sum.
   *
   * @default - none: all series
   */
  readonly selector?: { [label: string]: string };
}

/**
 * A metric of your own, on which an autoscaler scales. It needs an adapter in the cluster, which serves
 * `custom.metrics.k8s.io` or, for `external`, `external.metrics.k8s.io`. Without it, the autoscaler changes nothing.
 *
 * ```ts
 * const waiting = ScalingMetric.external({ metric: 'queue_ready', averageValue: 30, selector: { queue: 'mail' } });
 * new Worker(chart, 'mailer', {
 *   image: 'ghcr.io/acme/mailer:1.4.2',
 *   liveness: Probe.none(),
 *   autoscaling: Autoscaling.on({ min: 2, max: 20, metrics: [waiting] }),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#support-for-metrics-apis
 */
export class ScalingMetric {
  /** The average of a metric over the pods. */
  public static pods(options: PodsMetricOptions): ScalingMetric {
    return new ScalingMetric('Pods', options);
  }

  /** A metric of one object of the namespace. */
  public static object(options: ObjectMetricOptions): ScalingMetric {
    return new ScalingMetric('Object', options);
  }

  /** A metric from outside the cluster. */
  public static external(options: ExternalMetricOptions): ScalingMetric {
    return new ScalingMetric('External', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'Pods' | 'Object' | 'External',
    /** @internal */ public readonly _options: unknown,
  ) {}
}

export interface MetricSettings {
  readonly kind: 'Pods' | 'Object' | 'External';
  readonly metric: string;
  readonly selector?: Readonly<Record<string, string>>;
  /** Only of `Object`. */
  readonly object?: ScalingObject;
  /** The quantity, as an API server returns it, and whether it is one for each pod. */
  readonly value: string;
  readonly isAverage: boolean;
}

// https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/api/validation/path/name.go
const segment = matching(
  /^(?!\.\.?$)[^/%]+$/,
  253,
  "1 to 253 characters, neither '/' nor '%', and neither '.' nor '..'",
);
const API_VERSION = matching(
  /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?$/,
  253,
  "a group and a version, such as 'apps/v1'",
);

/** The autoscaler computes in thousandths, as 64-bit integers. */
const LARGEST = 10n ** 15n * ONE;

/** A target of a metric, in the one spelling that the API server returns: another one is never in sync. */
const target: Check<string, number | string> = {
  expected: 'a number or a quantity from 1m to 1P, in whole thousandths',
  read(value, refuse) {
    const amount = parseQuantity(value);
    return amount !== undefined && amount > 0n && amount <= LARGEST && amount % MILLI === 0n
      ? canonical(amount)
      : void refuse(value, this.expected);
  },
};

const SUFFIXES = ['m', '', 'k', 'M', 'G', 'T', 'P'];

/** An amount as the API server writes it: without a fraction, in the largest unit. */
function canonical(amount: Nanos): string {
  let number = amount / MILLI;
  let unit = 0;
  for (; number % 1000n === 0n && unit < SUFFIXES.length - 1; unit++) number /= 1000n;
  return `${number}${SUFFIXES[unit]}`;
}

/** Whether a metric is one of a ScaledObject, by the label that KEDA requires. */
export function isOfKeda({ selector }: MetricSettings): boolean {
  return selector !== undefined && Object.hasOwn(selector, 'scaledobject.keda.sh/name');
}

const METRICS = listOf(instance(ScalingMetric, 'a ScalingMetric, e.g. ScalingMetric.pods(...) with a metric'));

/** Reads the metrics of an autoscaler. */
export function readMetrics(
  read: Reader<{ readonly metrics?: ScalingMetric[] }>,
  problems: Problems,
  prop: string,
): MetricSettings[] {
  const given = read.optional('metrics', METRICS, [], {
    fix: 'Use ScalingMetric.pods(...), ScalingMetric.object(...) or ScalingMetric.external(...)',
  });
  const known = new Set<string>();
  return given.map((metric, index) => {
    const at = `${prop}[${index}]`;
    const settings = readMetric(metric, problems, at);
    const { kind, metric: name, object, selector = {} } = settings;
    const key = JSON.stringify([kind, name, object, Object.entries(selector).sort()]);
    if (known.has(key) && name !== STAND_IN) {
      problems.refuse(at, name, 'each metric once', { rule: 'props/duplicate', fix: 'Remove one of them' });
    }
    known.add(key);
    return settings;
  });
}

const STAND_IN = 'invalid';
const NAME = { fix: "Write the name that the adapter offers, such as 'http_requests_per_second'" };
const VALUE = { fix: "Write a number such as 100, or a quantity such as '500m'" };

type AnyMetric = PodsMetricOptions & ObjectMetricOptions & ExternalMetricOptions;

function readMetric({ _kind, _options }: ScalingMetric, problems: Problems, prop: string): MetricSettings {
  const read = new Reader<PodsMetricOptions & ObjectMetricOptions & ExternalMetricOptions>(
    problems,
    _options,
    `${prop}.`,
  );
  const metric = read.required('metric', segment, STAND_IN, NAME);
  const object = _kind === 'Object' ? readObject(read, problems, prop) : undefined;
  const averageValue =
    _kind === 'Pods'
      ? read.required('averageValue', target, '1', VALUE)
      : read.optional('averageValue', target, undefined, VALUE);
  const value = _kind === 'Pods' ? undefined : readValue(read);
  const selector = read.optional('selector', labelMap, undefined, { fix: 'Map labels of the series to values' });
  read.refuseUnknown();
  return { kind: _kind, metric, object, selector, value: averageValue ?? value ?? '1', isAverage: value === undefined };
}

function readValue(read: Reader<AnyMetric>): string | undefined {
  read.conflict('value', 'averageValue', { fix: "Remove one of them: 'averageValue' is the share of each pod" });
  const value = read.optional('value', target, undefined, VALUE);
  if (!read.has('value') && !read.has('averageValue')) {
    read.refuse('averageValue', undefined, "'value' or 'averageValue'", {
      rule: 'props/required',
      fix: "Write averageValue: 30, the share of each pod, or 'value' for all together",
    });
  }
  return value;
}

const OBJECT = that<ScalingObject>('an object with apiVersion, kind and name', isPlain);

function readObject(read: Reader<AnyMetric>, problems: Problems, prop: string): ScalingObject {
  const given = read.required('object', OBJECT, undefined, {
    fix: "Write an object with apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' and its name",
  });
  if (given === undefined) return { apiVersion: 'v1', kind: STAND_IN, name: STAND_IN };
  const of = new Reader<ScalingObject>(problems, given, `${prop}.object.`);
  const object = {
    apiVersion: of.required('apiVersion', API_VERSION, 'v1', { fix: "Write it as in YAML: 'networking.k8s.io/v1'" }),
    kind: of.required('kind', segment, STAND_IN, { fix: "Write it as in YAML: 'Ingress'" }),
    name: of.required('name', segment, STAND_IN, { fix: 'Write the name of the object' }),
  };
  of.refuseUnknown();
  return object;
}
