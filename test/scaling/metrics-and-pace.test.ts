import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Autoscaling,
  type AutoscalingOptions,
  ClusterProfile,
  type ExternalMetricOptions,
  type PodsMetricOptions,
  type ScalingDirection,
  ScalingMetric,
  ScalingPace,
  type ScalingPaceOptions,
  WebService,
} from '../../src';
import { linesOf, type Manifest, only, problemsOf, synth, untyped, WEB } from '../support';

const BOUNDS = { min: 2, max: 10 };
const specOf = (options: Partial<AutoscalingOptions>, props: object = {}): Manifest =>
  only(
    synth(
      (chart) =>
        new WebService(chart, 'web', { ...WEB, ...props, autoscaling: Autoscaling.on({ ...BOUNDS, ...options }) }),
    ),
    'HorizontalPodAutoscaler',
  ).spec;
const problemsWith = (options: Partial<AutoscalingOptions>): string[] =>
  problemsOf(
    (chart) => new WebService(chart, 'web', { ...WEB, autoscaling: Autoscaling.on({ ...BOUNDS, ...options }) }),
  );

const pods = (options: Partial<PodsMetricOptions> = {}): ScalingMetric =>
  ScalingMetric.pods({ metric: 'http_requests', averageValue: 100, ...options });
const queue = (options: Partial<ExternalMetricOptions>): ScalingMetric =>
  ScalingMetric.external({ metric: 'queue_messages', ...options });

/** Milli-units as Kubernetes writes them, by trial of all units. */
function canonicalize(millis: bigint): string {
  const units: Array<[string, bigint]> = ['P', 'T', 'G', 'M', 'k', '', 'm'].map((unit, index) => [
    unit,
    1000n ** BigInt(6 - index),
  ]);
  const [unit, size] = units.find(([, each]) => millis % each === 0n)!;
  return `${millis / size}${unit}`;
}

describe('metrics of your own', () => {
  test('are written with their targets, before memory and CPU (CH08-59, CH08-66)', () => {
    const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'shop' };
    const { metrics } = specOf({
      cpu: 60,
      memory: 70,
      metrics: [
        pods({ selector: { verb: 'GET' } }),
        queue({ averageValue: '30', selector: { queue: 'mail' } }),
        ScalingMetric.object({ metric: 'requests', object: ingress, value: '2k' }),
        ScalingMetric.object({ metric: 'open', object: ingress, averageValue: 0.5 }),
      ],
    });
    expect(metrics).toEqual([
      {
        type: 'Pods',
        pods: {
          metric: { name: 'http_requests', selector: { matchLabels: { verb: 'GET' } } },
          target: { type: 'AverageValue', averageValue: '100' },
        },
      },
      {
        type: 'External',
        external: {
          metric: { name: 'queue_messages', selector: { matchLabels: { queue: 'mail' } } },
          target: { type: 'AverageValue', averageValue: '30' },
        },
      },
      {
        type: 'Object',
        object: { describedObject: ingress, metric: { name: 'requests' }, target: { type: 'Value', value: '2k' } },
      },
      {
        type: 'Object',
        object: {
          describedObject: ingress,
          metric: { name: 'open' },
          target: { type: 'AverageValue', averageValue: '500m' },
        },
      },
      { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 70 } } },
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
    ]);
  });

  test('can be alone, and need no request', () => {
    expect(problemsWith({ metrics: [queue({ value: 5 })] })).toEqual([]);
    expect(specOf({ metrics: [queue({ value: 5, selector: {} })] }).metrics).toEqual([
      { type: 'External', external: { metric: { name: 'queue_messages' }, target: { type: 'Value', value: '5' } } },
    ]);
  });

  test.each([
    [1, '1'],
    [1000, '1k'],
    [1500, '1500'],
    [2_000_000, '2M'],
    [0.25, '250m'],
    ['1000m', '1'],
    ['1Ki', '1024'],
    ['1e3', '1k'],
    ['1P', '1P'],
    ['1000T', '1P'],
    ['1m', '1m'],
  ])('have a target in the spelling of the API server: %p is %s', (given, written) => {
    expect(specOf({ metrics: [queue({ value: given })] }).metrics[0].external.target).toEqual({
      type: 'Value',
      value: written,
    });
  });

  test('have the spelling of Kubernetes for any amount', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n }), (millis) => {
        const { value } = specOf({ metrics: [queue({ value: `${millis}m` })] }).metrics[0].external.target;
        expect(value).toBe(canonicalize(millis));
      }),
      { numRuns: 60, seed: 42 },
    );
  });

  test.each<[string, ScalingMetric[], string[]]>([
    ['no name', [pods({ metric: '' })], ['metrics[0].metric: props/value']],
    ['a path as name', [pods({ metric: 'a/b' })], ['metrics[0].metric: props/value']],
    ['a target of zero', [pods({ averageValue: 0 })], ['metrics[0].averageValue: props/value']],
    ['a target finer than a thousandth', [pods({ averageValue: '1u' })], ['metrics[0].averageValue: props/value']],
    ['a target beyond the arithmetic', [queue({ value: '2P' })], ['metrics[0].value: props/value']],
    ['no target', [queue({})], ['metrics[0].averageValue: props/required']],
    ['two targets', [queue({ value: 1, averageValue: 1 })], ['metrics[0].value: props/conflict']],
    ['no labels', [pods({ selector: { a: '-' } })], ["metrics[0].selector['a']: props/value"]],
    [
      'a value of the pods together',
      [ScalingMetric.pods(untyped<PodsMetricOptions>({ metric: 'a', averageValue: 1, value: 1 }))],
      ['metrics[0].value: props/unknown'],
    ],
    ['the same metric twice', [pods(), pods({ averageValue: 5 })], ['metrics[1]: props/duplicate']],
    ['no metrics at all', [], ['cpu: props/required']],
    ['no list', 'queue' as unknown as ScalingMetric[], ['metrics: props/value']],
    [
      'no object',
      [ScalingMetric.object({ metric: 'a', value: 1, object: { apiVersion: 'apps', kind: '', name: 'a/b' } })],
      [
        'metrics[0].object.apiVersion: props/value',
        'metrics[0].object.kind: props/value',
        'metrics[0].object.name: props/value',
      ],
    ],
  ])('are refused with %s', (_title, metrics, messages) => {
    expect(problemsWith({ metrics })).toEqual(messages.map((message) => `[app/web] autoscaling.${message}`));
  });

  test('of the same name are two with other labels', () => {
    expect(problemsWith({ metrics: [pods(), pods({ selector: { verb: 'GET' } })] })).toEqual([]);
  });
});

describe('the pace', () => {
  const behavior = (pace: ScalingPace, more: object = {}): Manifest => specOf({ cpu: 80, pace, ...more }).behavior;
  const steps = (...all: Array<[type: string, value: number, period: number]>): object[] =>
    all.map(([type, value, periodSeconds]) => ({ type, value, periodSeconds }));

  test('steady is the default', () => {
    expect(behavior(ScalingPace.steady())).toEqual(specOf({ cpu: 80 }).behavior);
    expect(behavior(ScalingPace.of({}))).toEqual(specOf({ cpu: 80 }).behavior);
  });

  test('spiky triples at once, and keeps the pods for 15 minutes (CH08-63)', () => {
    expect(behavior(ScalingPace.spiky())).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: steps(['Percent', 200, 15], ['Pods', 10, 15]),
      },
      scaleDown: {
        stabilizationWindowSeconds: 900,
        selectPolicy: 'Max',
        policies: steps(['Percent', 10, 60], ['Pods', 1, 60]),
      },
    });
  });

  test.each([
    [10, 10, 300],
    [90, 60, 300],
    [240, 60, 720],
    [1200, 60, 3600],
  ])('slowStarter adds once within a start of %d s (CH08-63)', (startup, up, down) => {
    expect(behavior(ScalingPace.slowStarter({ startup: Duration.seconds(startup) }))).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: up,
        selectPolicy: 'Max',
        policies: steps(['Percent', 100, startup], ['Pods', 4, startup]),
      },
      scaleDown: {
        stabilizationWindowSeconds: down,
        selectPolicy: 'Max',
        policies: steps(['Percent', 10, 60], ['Pods', 1, 60]),
      },
    });
  });

  test('of your own has what you state, and the rest of steady', () => {
    const down: ScalingDirection = {
      stabilization: Duration.minutes(1),
      steps: [{ pods: 2, period: Duration.minutes(2) }],
      select: 'Min',
    };
    expect(behavior(ScalingPace.of({ down }))).toEqual({
      ...specOf({ cpu: 80 }).behavior,
      scaleDown: { stabilizationWindowSeconds: 60, selectPolicy: 'Min', policies: steps(['Pods', 2, 120]) },
    });
    expect(behavior(ScalingPace.of({ down: { select: 'Disabled' } })).scaleDown.selectPolicy).toBe('Disabled');
  });

  test('has its time of lower load replaced', () => {
    const scaleDownStabilization = Duration.seconds(30);
    expect(behavior(ScalingPace.spiky(), { scaleDownStabilization }).scaleDown.stabilizationWindowSeconds).toBe(30);
  });

  test.each([
    [0, '0'],
    [5, '50m'],
    [10, '100m'],
    [100, '1'],
  ])('has a tolerance of %d %% from Kubernetes 1.35', (tolerance, written) => {
    const lines = (version?: string): string[] =>
      linesOf((chart) => {
        if (version !== undefined) new ClusterProfile({ version }).assignTo(chart);
        const pace = ScalingPace.of({ up: { tolerance } });
        new WebService(chart, 'web', { ...WEB, autoscaling: Autoscaling.on({ ...BOUNDS, cpu: 80, pace }) });
      });
    expect(lines()).toEqual([expect.stringContaining("prop 'autoscaling.pace.up.tolerance': got '")]);
    expect(lines('1.34')).toEqual([expect.stringContaining("version: '1.35' to the chart, or remove it")]);
    expect(lines('1.35')).toEqual([]);
    const [spec] = synth((chart) => {
      new ClusterProfile({ version: '1.35' }).assignTo(chart);
      const pace = ScalingPace.of({ down: { tolerance } });
      new WebService(chart, 'web', { ...WEB, autoscaling: Autoscaling.on({ ...BOUNDS, cpu: 80, pace }) });
    }).filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(spec.spec.behavior.scaleDown.tolerance).toBe(written);
    expect(spec.spec.behavior.scaleUp).not.toHaveProperty('tolerance');
  });

  const period = Duration.seconds(15);
  test.each<[string, ScalingPaceOptions, string[]]>([
    ['a ratio as tolerance', { up: { tolerance: 0.05 } }, ['up.tolerance: props/value']],
    ['no steps', { up: { steps: [] } }, ['up.steps: props/empty-list']],
    ['a step of neither', { up: { steps: [{ period }] } }, ['up.steps[0].percent: props/required']],
    ['a step of both', { up: { steps: [{ period, pods: 1, percent: 1 }] } }, ['up.steps[0].percent: props/conflict']],
    ['a long period', { up: { steps: [{ period: Duration.hours(1), pods: 1 }] } }, ['up.steps[0].period: props/value']],
    ['a long time', { down: { stabilization: Duration.hours(2) } }, ['down.stabilization: props/value']],
    ['nothing that moves', { up: { select: 'Disabled' }, down: { select: 'Disabled' } }, ['up.select: props/conflict']],
    ['no direction', untyped<ScalingPaceOptions>({ up: 5 }), ['up: props/value']],
    ['nothing but the default, but for no mistake', untyped<ScalingPaceOptions>(undefined), []],
    ['an unknown prop', untyped<ScalingPaceOptions>({ down: { wait: 5 } }), ['down.wait: props/unknown']],
  ])('is refused with %s', (_title, options, messages) => {
    expect(problemsWith({ cpu: 80, pace: ScalingPace.of(options) })).toEqual(
      messages.map((message) => `[app/web] autoscaling.pace.${message}`),
    );
  });

  test('is refused with a start that is no time, and with two times of lower load', () => {
    const startup = Duration.hours(1);
    expect(problemsWith({ cpu: 80, pace: ScalingPace.slowStarter({ startup }) })).toEqual([
      '[app/web] autoscaling.pace.startup: props/value',
    ]);
    const stabilization = Duration.minutes(1);
    expect(
      problemsWith({
        cpu: 80,
        scaleDownStabilization: stabilization,
        pace: ScalingPace.of({ down: { stabilization } }),
      }),
    ).toEqual(['[app/web] autoscaling.scaleDownStabilization: props/conflict']);
    expect(problemsWith({ cpu: 80, pace: untyped<ScalingPace>('spiky') })).toEqual([
      '[app/web] autoscaling.pace: props/value',
    ]);
  });
});
