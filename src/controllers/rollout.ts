import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { Reader } from '../kernel/schema/reader';
import { type IntOrPercent, intOrPercent, scaled } from '../kubernetes/int-or-percent';
import type { ScaleFacts } from '../pod/workload-facts';

/** Bounds of a rolling update. */
export interface RollingOptions {
  /**
   * Pods above the wanted number: 0 to 10000, or a percentage such as `'25%'`, rounded up.
   *
   * @default 1: new pods first. For one pod on each node, 0 beside `maxUnavailable`
   */
  readonly maxSurge?: number | string;

  /**
   * Pods that may be missing: 0 to 10000, or a percentage such as `'25%'`, rounded down; less than the number of
   * replicas.
   *
   * @default 0: a rollout never reduces capacity
   */
  readonly maxUnavailable?: number | string;
}

/**
 * How pods of a new version replace those of the old one.
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   rollout: Rollout.rolling({ maxSurge: '25%' }),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
 */
export class Rollout {
  /** Starts new pods first: each must be ready before an old one stops. */
  public static rolling(options: RollingOptions = {}): Rollout {
    return new Rollout('RollingUpdate', options);
  }

  /**
   * Stops all old pods before the first new one starts, for an app that must not run two versions at once. Causes
   * downtime.
   */
  public static recreate(): Rollout {
    return new Rollout('Recreate', {});
  }

  private constructor(
    /** @internal */ public readonly _kind: 'RollingUpdate' | 'Recreate',
    /** @internal */ public readonly _options: unknown,
  ) {}
}

export type RolloutSettings =
  | { readonly kind: 'RollingUpdate'; readonly maxSurge: IntOrPercent; readonly maxUnavailable: IntOrPercent }
  | { readonly kind: 'Recreate' };

/** One extra pod, and none less than wanted. */
export const ROLLING: RolloutSettings = { kind: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 };

/** `replicas` is the minimum number of pods of the workload. */
export function readRollout(given: Rollout, replicas: number, problems: Problems, prop: string): RolloutSettings {
  if (given._kind === 'Recreate') return { kind: 'Recreate' };
  const read = new Reader<RollingOptions>(problems, given._options, `${prop}.`);
  const maxSurge = read.optional('maxSurge', intOrPercent, 1);
  const maxUnavailable = read.optional('maxUnavailable', intOrPercent, 0);
  read.refuseUnknown();
  const missing = scaled(maxUnavailable, replicas, 'down');
  if (missing === 0 && scaled(maxSurge, Math.max(1, replicas), 'up') === 0) {
    read.refuse('maxSurge', maxSurge, 'more than 0 if maxUnavailable is 0, or the rollout makes no progress', {
      rule: 'workload/rollout-stuck',
      fix: 'Write maxSurge: 1, the default, or more',
    });
  }
  if (replicas > 0 && missing >= replicas) {
    read.refuse('maxUnavailable', maxUnavailable, `less than the ${replicas} replicas`, {
      rule: 'workload/rollout-takes-all',
      fix: 'Write maxUnavailable: 0, the default, or use Rollout.recreate() if downtime is intended',
    });
  }
  return { kind: 'RollingUpdate', maxSurge, maxUnavailable };
}

/**
 * The rollout of a pod on each node. The API server refuses both bounds above 0, and none above 0.
 *
 * @see https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/
 */
export function readNodeRollout(given: Rollout, problems: Problems, prop: string): RolloutSettings {
  const refuse = (got: unknown, expected: string): void =>
    problems.refuse(prop, got, expected, {
      rule: 'workload/node-rollout',
      fix: 'Write Rollout.rolling(...) with maxUnavailable: 1, the default, or with maxSurge: 1',
    });
  if (given._kind === 'Recreate') {
    refuse(new Verbatim('Rollout.recreate()'), 'Rollout.rolling(...): a DaemonSet has no other rollout');
    return { kind: 'RollingUpdate', maxSurge: 0, maxUnavailable: 1 };
  }
  const read = new Reader<RollingOptions>(problems, given._options, `${prop}.`);
  const maxUnavailable = read.optional('maxUnavailable', intOrPercent, 0);
  const stated = read.optional('maxSurge', intOrPercent, 1);
  read.refuseUnknown();
  const maxSurge = read.has('maxSurge') || isNone(maxUnavailable) ? stated : 0;
  if (isNone(maxSurge) === isNone(maxUnavailable)) {
    refuse(
      new Verbatim(`maxSurge ${maxSurge}, maxUnavailable ${maxUnavailable}`),
      'exactly one of the two above 0: a node has two pods for a moment, or none',
    );
  }
  return { kind: 'RollingUpdate', maxSurge, maxUnavailable };
}

function isNone(value: IntOrPercent): boolean {
  return value === 0 || value === '0%';
}

/** Whether new pods start beside all the wanted ones. */
export function surges(rollout: RolloutSettings): boolean {
  return rollout.kind === 'RollingUpdate' && !isNone(rollout.maxSurge);
}

/** The pods of a Deployment. It does not wait until old pods are gone: in the worst case, all are still terminating. */
export function scaleOf(rollout: RolloutSettings, replicas: number, most: number): ScaleFacts {
  if (rollout.kind === 'Recreate' || most === 0) return { replicas, most, surge: 0, stopping: 0 };
  const surge = Math.min(most, scaled(rollout.maxSurge, most, 'up'));
  const spare = scaled(rollout.maxUnavailable, most, 'down') === 0 ? 1 : 0;
  return { replicas, most, surge, spare, stopping: most - surge };
}
