import type { Duration } from 'cdk8s';
import { type DirectionSettings, type PaceSettings, STEADY, type StepSettings } from './pace-settings';
import type { Problems } from '../../kernel/findings/problems';
import { integer, isPlain, listOf, oneOf, seconds, that } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';

/** How many pods an autoscaler adds or removes within a time: a share of the present ones, or a number. */
export interface ScalingStep {
  /**
   * Percent of the present pods; 1 to 10000. Excludes `pods`.
   *
   * @default - none: `pods` applies
   */
  readonly percent?: number;

  /**
   * Number of pods; 1 to 10000. Excludes `percent`.
   *
   * @default - none: `percent` applies
   */
  readonly pods?: number;

  /** The time in which the autoscaler takes no more than this; 1 to 1800 s. */
  readonly period: Duration;
}

/** One direction of a pace: up or down. What it leaves out is that of `ScalingPace.steady()`. */
export interface ScalingDirection {
  /**
   * For this time, the autoscaler acts on the most careful of its results: the lowest for up, the highest for down; 0
   * to 3600 s.
   *
   * @default - up: none, so that load gets pods at once; down: 5 minutes, so that a short lull removes nothing
   */
  readonly stabilization?: Duration;

  /**
   * The most that it changes within a time; at least one.
   *
   * @default - up: 100 % or 4 pods in 15 s; down: 10 % or 1 pod in 60 s
   */
  readonly steps?: ScalingStep[];

  /**
   * Which of the `steps` applies: the one with the largest change, the one with the smallest, or none: the autoscaler
   * then never changes the number in this direction.
   *
   * @default 'Max': the steps can state both a share and a number, and the number keeps few pods moving
   */
  readonly select?: 'Max' | 'Min' | 'Disabled';

  /**
   * Distance from the target, in percent of it, up to which the autoscaler changes nothing; 0 to 100. Kubernetes has it
   * from 1.35.
   *
   * @default - that of the cluster, usually 10
   */
  readonly tolerance?: number;
}

/** Both directions of a pace. */
export interface ScalingPaceOptions {
  /**
   * How pods are added.
   *
   * @default - as in `ScalingPace.steady()`
   */
  readonly up?: ScalingDirection;

  /**
   * How pods are removed.
   *
   * @default - as in `ScalingPace.steady()`
   */
  readonly down?: ScalingDirection;
}

/** What a slow start needs. */
export interface SlowStarterOptions {
  /** Time from the start of a pod until it serves; 1 to 1200 s. */
  readonly startup: Duration;
}

/**
 * How fast an autoscaler adds and removes pods.
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   autoscaling: Autoscaling.onCpu({ min: 3, max: 30, target: 70, pace: ScalingPace.spiky() }),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#configurable-scaling-behavior
 */
export class ScalingPace {
  /**
   * For load that changes over minutes and hours: the default.
   *
   * - Up: the pace of Kubernetes. At most twice the pods, or 4 more, in 15 s.
   * - Down: after 5 minutes of lower load, a tenth of the pods, or one, in a minute. Kubernetes alone may remove all at
   *   once.
   */
  public static steady(): ScalingPace {
    return new ScalingPace('steady', undefined);
  }

  /**
   * For load that jumps within seconds, and returns: sales, news, push messages.
   *
   * - Up: at most three times the pods, or 10 more, in 15 s. Ten times the load has its pods after three steps.
   * - Down: after 15 minutes of lower load, a tenth of the pods, or one, in a minute. The next wave meets the pods of
   *   the last one. They cost money in between.
   */
  public static spiky(): ScalingPace {
    return new ScalingPace('spiky', undefined);
  }

  /**
   * For pods that need long to serve, such as a JVM or a loaded model.
   *
   * - Up: twice the pods, or 4 more, within one `startup`: until the new pods serve, the load of the old ones says
   *   nothing about the need for more. The load must stay for up to a minute: a shorter peak is over before a pod
   *   serves.
   * - Down: after three times `startup` of lower load, at least 5 minutes: what is removed takes a `startup` to return.
   */
  public static slowStarter(options: SlowStarterOptions): ScalingPace {
    return new ScalingPace('slowStarter', options);
  }

  /** A pace of your own. What you leave out is that of `steady`. */
  public static of(options: ScalingPaceOptions): ScalingPace {
    return new ScalingPace('own', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'steady' | 'spiky' | 'slowStarter' | 'own',
    /** @internal */ public readonly _options: unknown,
  ) {}
}

const SPIKY: PaceSettings = {
  up: {
    ...STEADY.up,
    steps: [
      { type: 'Percent', value: 200, period: 15 },
      { type: 'Pods', value: 10, period: 15 },
    ],
  },
  down: { ...STEADY.down, window: 900 },
};

const LONGEST_WINDOW = 3600;
const STARTUP = seconds(1, LONGEST_WINDOW / 3);

function slowStarter(given: unknown, problems: Problems, prop: string): PaceSettings {
  const read = new Reader<SlowStarterOptions>(problems, given, `${prop}.`);
  const startup = read.required('startup', STARTUP, 60, {
    fix: 'Write the time from the start of a pod until it serves, such as Duration.seconds(90)',
  });
  read.refuseUnknown();
  return {
    up: {
      window: Math.min(60, startup),
      select: 'Max',
      steps: [
        { type: 'Percent', value: 100, period: startup },
        { type: 'Pods', value: 4, period: startup },
      ],
    },
    down: { ...STEADY.down, window: Math.max(STEADY.down.window, 3 * startup) },
  };
}

/** Whether the pace itself states the time of lower load. */
export function statesStabilization({ _kind, _options }: ScalingPace): boolean {
  if (_kind !== 'own') return false;
  const { down } = (_options ?? {}) as ScalingPaceOptions;
  return down?.stabilization !== undefined;
}

const DIRECTION = that<ScalingDirection>("an object with 'stabilization', 'steps', 'select' or 'tolerance'", isPlain);

export function readPace({ _kind, _options }: ScalingPace, problems: Problems, prop: string): PaceSettings {
  if (_kind === 'steady') return STEADY;
  if (_kind === 'spiky') return SPIKY;
  if (_kind === 'slowStarter') return slowStarter(_options, problems, prop);
  const read = new Reader<ScalingPaceOptions>(problems, _options, `${prop}.`);
  const direction = (name: 'up' | 'down'): DirectionSettings => {
    const given = read.optional(name, DIRECTION, undefined);
    return given === undefined ? STEADY[name] : readDirection(given, STEADY[name], problems, `${prop}.${name}`);
  };
  const pace = { up: direction('up'), down: direction('down') };
  read.refuseUnknown();
  if (pace.up.select === 'Disabled' && pace.down.select === 'Disabled') {
    problems.refuse(`${prop}.up.select`, 'Disabled', 'one direction at least', {
      rule: 'props/conflict',
      fix: "Remove one of the two, or set 'replicas' without autoscaling: the number would never change",
    });
  }
  return pace;
}

const STABILIZATION = seconds(0, LONGEST_WINDOW);
const STEPS = listOf(that<ScalingStep>("an object with 'percent' or 'pods', and 'period'", isPlain));
const SELECT = oneOf('Max', 'Min', 'Disabled');
const TOLERANCE = integer(0, 100);

function readDirection(given: unknown, usual: DirectionSettings, problems: Problems, prop: string): DirectionSettings {
  const read = new Reader<ScalingDirection>(problems, given, `${prop}.`);
  const window = read.optional('stabilization', STABILIZATION, usual.window);
  const steps = read
    .optional('steps', STEPS, undefined, { fix: "List steps, such as one with percent: 50, and a 'period'" })
    ?.map((step, index) => readStep(step, problems, `${prop}.steps[${index}]`));
  if (steps?.length === 0 && read.isSound('steps')) {
    read.refuse('steps', [], 'at least one step', {
      rule: 'props/empty-list',
      fix: "Remove the prop for the usual steps, or write select: 'Disabled'",
    });
  }
  const select = read.optional('select', SELECT, usual.select);
  const tolerance = read.optional('tolerance', TOLERANCE, undefined, {
    fix: 'Write percent of the target, such as 5',
  });
  read.refuseUnknown();
  return { window, select, steps: steps ?? usual.steps, ...(tolerance === undefined ? {} : { tolerance }) };
}

const AMOUNT = integer(1, 10_000);
const PERIOD = seconds(1, 1800);

function readStep(given: unknown, problems: Problems, prop: string): StepSettings {
  const read = new Reader<ScalingStep>(problems, given, `${prop}.`);
  const percent = read.optional('percent', AMOUNT, undefined, { fix: 'Write percent of the present pods, such as 50' });
  const pods = read.optional('pods', AMOUNT, undefined, { fix: 'Write a number of pods, such as 4' });
  read.conflict('percent', 'pods', { fix: 'Make two steps of it' });
  if (!read.has('percent') && !read.has('pods')) {
    read.refuse('percent', undefined, "'percent' or 'pods'", { rule: 'props/required', fix: 'Write percent: 100' });
  }
  const period = read.required('period', PERIOD, 60, { fix: 'Write Duration.minutes(1)' });
  read.refuseUnknown();
  return percent === undefined
    ? { type: 'Pods', value: pods ?? 1, period }
    : { type: 'Percent', value: percent, period };
}
