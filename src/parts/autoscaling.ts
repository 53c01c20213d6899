import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { EventScalingOptions } from './events/event-scaling-options';
import type * as ReadEventScaling from './events/read-event-scaling';
import type { Problems } from '../kernel/findings/problems';
import { integer, seconds } from '../kernel/schema/checks';
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
   * Time of lower load before replicas are removed; 0 to 3600 s.
   *
   * @default Duration.minutes(5): a short lull removes nothing
   */
  readonly scaleDownStabilization?: Duration;
}

/** Autoscaling on one metric. */
export interface AutoscalingTarget extends AutoscalingBounds {
  /** Target utilization in percent of the request; 1 to 400, and below the limit. */
  readonly target: number;
}

/** Autoscaling on CPU, memory, or both; the larger result applies. */
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

  /** Scales on CPU and memory utilization. */
  public static on(options: AutoscalingOptions): Autoscaling {
    return new Autoscaling(options);
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
    /** @internal */ public readonly _metric?: 'cpu' | 'memory' | 'events',
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

export interface AutoscalingSettings {
  readonly min: number;
  readonly max: number;
  readonly scaleDownWindow: number;
  readonly targets: readonly Target[];
  /** Set if KEDA scales. `min` is then the minimum number of pods while there are any. */
  readonly events?: ReadEventScaling.EventScalingSettings;
}

const UTILIZATION = integer(1, 400);
const UTILIZATION_FIX = { fix: 'Start with 80 for CPU', practice: 'CH01-18' };

const MIN = integer(2, 10_000);
const SCALE_DOWN_STABILIZATION = seconds(0, 3600);

export function readAutoscaling(given: Autoscaling, problems: Problems, prop: string): AutoscalingSettings {
  if (given._metric === 'events') return readOnEvents(given, problems, prop);
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
  const settings = {
    min,
    max,
    scaleDownWindow: read.optional('scaleDownStabilization', SCALE_DOWN_STABILIZATION, 300),
    targets:
      given._metric === undefined
        ? readTargets(read, prop)
        : [
            {
              metric: given._metric,
              utilization: read.required('target', UTILIZATION, 80, UTILIZATION_FIX),
              prop: `${prop}.target`,
            },
          ],
  };
  read.refuseUnknown();
  return settings;
}

/** Loaded for apps that scale on events only. */
function readOnEvents(given: Autoscaling, problems: Problems, prop: string): AutoscalingSettings {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const module = require('./events/read-event-scaling') as typeof ReadEventScaling;
  const events = module.readEventScaling(given._options, problems, prop);
  const { min, max, scaleDownWindow, triggers } = events;
  return {
    min: Math.max(1, min),
    max,
    scaleDownWindow,
    targets: triggers.flatMap(({ resource, prop: at }) => (resource ? [{ ...resource, prop: `${at}.target` }] : [])),
    events,
  };
}

function readTargets(read: Reader<AutoscalingOptions>, prop: string): Target[] {
  const targets = (['cpu', 'memory'] as const).flatMap((metric) => {
    const utilization = read.optional(metric, UTILIZATION, undefined, UTILIZATION_FIX);
    return utilization === undefined ? [] : [{ metric, utilization, prop: `${prop}.${metric}` }];
  });
  if (!read.has('cpu') && !read.has('memory')) {
    read.refuse('cpu', undefined, "a target for 'cpu', 'memory' or both", {
      rule: 'props/required',
      fix: 'Set cpu: 80',
    });
  }
  return targets;
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
