import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { EventScalingOptions } from './events/event-scaling-options';
import type * as ReadEventScaling from './events/read-event-scaling';
import type { PaceSettings } from './pace/pace-settings';
import { readPaceAndWindow } from './pace/read-pace';
import type * as Paces from './pace/scaling-pace';
import type * as Metrics from './scaling-metric';
import type { Problems } from '../kernel/findings/problems';
import { integer } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { bytesQuantity, cpuQuantity } from '../kubernetes/quantity';
import type { ContainerSettings } from '../pod/container';

/** Bounds and pace of an autoscaler. */
export interface AutoscalingBounds {
  /** Minimum number of replicas; 2 to 10000, and at most `max`. */
  readonly min: number;

  /** Maximum number of replicas; 2 to 10000, and at least `min`. */
  readonly max: number;

  /**
   * How fast pods come and go.
   *
   * @default - ScalingPace.steady(): for load that changes over minutes and hours
   */
  readonly pace?: Paces.ScalingPace;

  /**
   * Time of lower load before replicas are removed; 0 to 3600 s. It replaces that of the `pace`.
   *
   * @default - 5 minutes: a short lull removes nothing. Another `pace` has its own
   */
  readonly scaleDownStabilization?: Duration;
}

/** Autoscaling on one metric. */
export interface AutoscalingTarget extends AutoscalingBounds {
  /** Target utilization in percent of the request; 1 to 400, and below the limit. */
  readonly target: number;
}

/** Autoscaling on CPU, memory and metrics of your own. Each gives a number of pods, and the largest applies. */
export interface AutoscalingOptions extends AutoscalingBounds {
  /**
   * Target CPU utilization in percent of the request; 1 to 400, and below the limit.
   *
   * @default - CPU is not measured
   */
  readonly cpu?: number;

  /**
   * Target memory utilization in percent of the request; 1 to 400, and below the limit.
   *
   * @default - memory is not measured
   */
  readonly memory?: number;

  /**
   * Metrics of your own, from an adapter in the cluster.
   *
   * @default - none
   */
  readonly metrics?: Metrics.ScalingMetric[];
}

/**
 * A horizontal autoscaler, which then owns the number of replicas.
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   autoscaling: Autoscaling.onCpu({ min: 3, max: 10, target: 80 }),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
 */
export class Autoscaling {
  /** Scales on CPU utilization. */
  public static onCpu(options: AutoscalingTarget): Autoscaling {
    return new Autoscaling(options, 'cpu');
  }

  /** Scales on memory utilization: only for an app that releases memory. */
  public static onMemory(options: AutoscalingTarget): Autoscaling {
    return new Autoscaling(options, 'memory');
  }

  /** Scales on CPU utilization, memory utilization, metrics of your own, or several of them. */
  public static on(options: AutoscalingOptions): Autoscaling {
    return new Autoscaling(options, 'several');
  }

  /**
   * Scales on events, such as the length of a queue, with KEDA. It can remove the last pod.
   *
   * @see https://keda.sh
   */
  public static onEvents(options: EventScalingOptions): Autoscaling {
    return new Autoscaling(options, 'events');
  }

  private constructor(
    /** @internal */ public readonly _options: unknown,
    /** @internal */ public readonly _kind: 'cpu' | 'memory' | 'several' | 'events',
  ) {}
}

export type Metric = 'cpu' | 'memory';

interface Target {
  readonly metric: Metric;
  readonly utilization: number;
  readonly prop: string;
}

/** An autoscaler, and the pods whose requests it measures. */
export interface AutoscalingFact {
  readonly owner: IConstruct;
  readonly autoscaling: AutoscalingSettings;
  readonly containers: readonly ContainerSettings[];
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly autoscaling: AutoscalingFact;
  }
}

/** Kinds of controllers with a variable number of pods. */
export type ScaledKind = 'Deployment' | 'StatefulSet';

export interface AutoscalingSettings {
  readonly min: number;
  readonly max: number;
  readonly pace: PaceSettings;
  /** Shares of the requests. */
  readonly targets: readonly Target[];
  /** Set if KEDA scales. `min` is then the minimum number of pods while there are any. */
  readonly events?: ReadEventScaling.EventScalingSettings;
  readonly metrics: readonly Metrics.MetricSettings[];
}

const UTILIZATION = integer(1, 400);
const UTILIZATION_FIX = { fix: 'Start with 80 for CPU', practice: 'CH01-18' };

const MIN = integer(2, 10_000);

export function readAutoscaling(given: Autoscaling, problems: Problems, prop: string): AutoscalingSettings {
  const { _kind: kind } = given;
  if (kind === 'events') return readOnEvents(given, problems, prop);
  const read = new Reader<AutoscalingOptions & AutoscalingTarget>(problems, given._options, `${prop}.`);
  const min = read.required('min', MIN, 2, {
    fix: 'Set both bounds: two replicas survive the loss of a node. For one pod, use replicas: 1 without autoscaling',
    practice: 'CH01-11',
  });
  const max = read.required('max', MIN, Math.max(2, min), {
    fix: 'Set both bounds: the cluster must have room for the maximum',
  });
  if (max < min) {
    read.refuse('max', max, `at least min (${min})`, { rule: 'scaling/max-below-min', fix: 'Raise max or lower min' });
  }
  const pace = readPaceAndWindow(read, problems, prop);
  const measured =
    kind === 'several'
      ? readMeasured(read, problems, prop)
      : {
          targets: [
            {
              metric: kind,
              utilization: read.required('target', UTILIZATION, 80, UTILIZATION_FIX),
              prop: `${prop}.target`,
            },
          ],
          metrics: [],
        };
  read.refuseUnknown();
  return { min, max, pace, ...measured };
}

/** Loaded for apps that scale on events only. */
function readOnEvents(given: Autoscaling, problems: Problems, prop: string): AutoscalingSettings {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const module = require('./events/read-event-scaling') as typeof ReadEventScaling;
  const events = module.readEventScaling(given._options, problems, prop);
  const { min, max, pace, triggers } = events;
  return {
    min: Math.max(1, min),
    max,
    pace,
    metrics: [],
    targets: triggers.flatMap(({ resource, prop: at }) => (resource ? [{ ...resource, prop: `${at}.target` }] : [])),
    events,
  };
}

type Measured = Pick<AutoscalingSettings, 'targets' | 'metrics'>;

function readMeasured(read: Reader<AutoscalingOptions>, problems: Problems, prop: string): Measured {
  const targets = (['cpu', 'memory'] as const).flatMap((metric) => {
    const utilization = read.optional(metric, UTILIZATION, undefined, UTILIZATION_FIX);
    return utilization === undefined ? [] : [{ metric, utilization, prop: `${prop}.${metric}` }];
  });
  const metrics = read.has('metrics')
    ? // eslint-disable-next-line @typescript-eslint/no-require-imports
      (require('./scaling-metric') as typeof Metrics).readMetrics(read, problems, `${prop}.metrics`)
    : [];
  const isEmpty = metrics.length === 0 && read.isSound('metrics');
  if (isEmpty && !read.has('cpu') && !read.has('memory')) {
    read.refuse('cpu', undefined, "a target for 'cpu' or 'memory', or 'metrics'", {
      rule: 'props/required',
      fix: 'Set cpu: 80',
    });
  }
  return { targets, metrics };
}

/**
 * Refuses targets at or above the limit: usage never exceeds the limit, so no pod would be added. Only the main
 * container counts.
 */
export function refuseUnreachableTargets(
  settings: AutoscalingSettings,
  main: ContainerSettings,
  problems: Problems,
): void {
  for (const { metric, utilization, prop } of settings.targets) {
    const { request, limit } = main.resources[metric] ?? {};
    // a limit below its request has already been refused
    if (request === undefined || limit === undefined || utilization * request < 100 * Math.max(request, limit)) {
      continue;
    }
    const [quantity, stated] = metric === 'cpu' ? [cpuQuantity, 'cpuLimit'] : [bytesQuantity, 'memoryLimit'];
    problems.refuse(
      prop,
      utilization,
      `less than ${Math.ceil((100 * limit) / request)}: the ${metric} limit of container '${main.name}' is ` +
        `${quantity(limit)} for a request of ${quantity(request)}`,
      {
        rule: 'scaling/unreachable-target',
        fix: `Lower the target, or raise '${stated}': usage never exceeds the limit, and no pod would be added`,
      },
    );
  }
}
