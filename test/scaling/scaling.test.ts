import { ApiObject, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  Autoscaling,
  type AutoscalingTarget,
  Cpu,
  DisruptionBudget,
  Resources,
  type SidecarProps,
  WebService,
} from '../../src';
import { type Manifest, only, problemsOf, synth, untyped, WEB } from '../support';

const web = (props: object): Manifest[] => synth((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
const problemsWith = (props: object): string[] =>
  problemsOf((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
const autoscaler = (props: object): Manifest => only(web(props), 'HorizontalPodAutoscaler');
const budgetOf = (props: object): Manifest => only(web(props), 'PodDisruptionBudget').spec;

const SIDECAR: SidecarProps = { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' };
const BOUNDS = { min: 2, max: 10 };

describe('autoscaling', () => {
  test('on CPU writes bounds, target and pace', () => {
    expect(autoscaler({ autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) })).toMatchObject({
      apiVersion: 'autoscaling/v2',
      metadata: { name: 'app-web' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-web' },
        minReplicas: 2,
        maxReplicas: 10,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
        ],
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [
              { type: 'Percent', value: 100, periodSeconds: 15 },
              { type: 'Pods', value: 4, periodSeconds: 15 },
            ],
          },
          scaleDown: {
            stabilizationWindowSeconds: 300,
            selectPolicy: 'Max',
            policies: [
              { type: 'Percent', value: 10, periodSeconds: 60 },
              { type: 'Pods', value: 1, periodSeconds: 60 },
            ],
          },
        },
      },
    });
  });

  test('owns the number of replicas', () => {
    const manifests = web({ autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) });
    expect(only(manifests, 'Deployment').spec).not.toHaveProperty('replicas');
  });

  test('on memory, or on both', () => {
    const metrics = (autoscaling: Autoscaling): unknown[] =>
      autoscaler({ autoscaling }).spec.metrics.map(({ resource }: Manifest) => [
        resource.name,
        resource.target.averageUtilization,
      ]);
    expect(metrics(Autoscaling.onMemory({ ...BOUNDS, target: 70 }))).toEqual([['memory', 70]]);
    expect(metrics(Autoscaling.on({ ...BOUNDS, cpu: 60, memory: 70 }))).toEqual([
      ['memory', 70],
      ['cpu', 60],
    ]);
    expect(metrics(Autoscaling.on({ ...BOUNDS, cpu: 399, memory: 99 }))).toEqual([
      ['memory', 99],
      ['cpu', 399],
    ]);
  });

  test.each([
    [Duration.seconds(0), 0],
    [Duration.hours(1), 3600],
  ])('waits before it scales down: %p', (scaleDownStabilization, window) => {
    expect(
      autoscaler({ autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80, scaleDownStabilization }) }).spec.behavior
        .scaleDown.stabilizationWindowSeconds,
    ).toBe(window);
  });

  test('looks at the main container alone where there are sidecars', () => {
    expect(
      autoscaler({ sidecars: [SIDECAR], autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) }).spec.metrics,
    ).toEqual([
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'main', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ]);
  });

  test('looks at the pod where there are init containers only', () => {
    expect(
      autoscaler({ initContainers: [SIDECAR], autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) }).spec
        .metrics[0].type,
    ).toBe('Resource');
  });

  test('is refused without a request of the metric, in every container that goes on running (CH01-16)', () => {
    const message = (): string => '[app/web] autoscaling: scaling/missing-request';
    const none = { resources: Resources.none() };
    expect(problemsWith({ ...none, autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) })).toEqual([message()]);
    expect(
      problemsWith({
        sidecars: [{ ...SIDECAR, ...none }],
        autoscaling: Autoscaling.on({ ...BOUNDS, cpu: 80, memory: 80 }),
      }),
    ).toEqual([message(), message()]);
    expect(
      problemsWith({
        initContainers: [{ ...SIDECAR, ...none }],
        autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }),
      }),
    ).toEqual([]);
    expect(
      problemsWith({
        resources: Resources.withoutCpuLimit({ cpu: Cpu.millis(100), memory: Size.mebibytes(64) }),
        autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }),
      }),
    ).toEqual([]);
  });

  const SMALL = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
  test.each<[string, object, string[]]>([
    [
      'memory, whose limit is the request',
      { autoscaling: Autoscaling.onMemory({ ...BOUNDS, target: 100 }) },
      ['autoscaling.target: scaling/unreachable-target'],
    ],
    [
      'CPU, whose limit is 4 x the request',
      { autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 400 }) },
      ['autoscaling.target: scaling/unreachable-target'],
    ],
    [
      'a guaranteed quality',
      { quality: 'guaranteed', autoscaling: Autoscaling.on({ ...BOUNDS, cpu: 150, memory: 150 }) },
      ['autoscaling.cpu: scaling/unreachable-target', 'autoscaling.memory: scaling/unreachable-target'],
    ],
    [
      'the main container beside a sidecar with more room',
      {
        sidecars: [{ ...SIDECAR, resources: Resources.withoutCpuLimit(SMALL) }],
        resources: Resources.of({ ...SMALL, cpuLimit: Cpu.millis(125) }),
        autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 125 }),
      },
      ['autoscaling.target: scaling/unreachable-target'],
    ],
    [
      'a limit a little above, up to it',
      {
        resources: Resources.of({ ...SMALL, cpuLimit: Cpu.millis(125) }),
        autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 124 }),
      },
      [],
    ],
    [
      'no limit',
      { resources: Resources.withoutCpuLimit(SMALL), autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 400 }) },
      [],
    ],
  ])('has a target that use can exceed: %s (CH01-18)', (_title, props, messages) => {
    expect(problemsWith(props)).toEqual(messages.map((message) => `[app/web] ${message}`));
  });

  test('needs two replicas at least (CH01-11)', () => {
    expect(problemsWith({ autoscaling: Autoscaling.onCpu({ min: 1, max: 10, target: 80 }) })).toEqual([
      '[app/web] autoscaling.min: props/value',
    ]);
  });
  test.each<[string, Autoscaling, string[]]>([
    ['a max below min', Autoscaling.onCpu({ min: 5, max: 4, target: 80 }), ['autoscaling.max: scaling/max-below-min']],
    [
      'a max that is too large',
      Autoscaling.onCpu({ min: 5, max: 10_001, target: 80 }),
      ['autoscaling.max: props/value'],
    ],
    [
      'no props',
      Autoscaling.onCpu(undefined as never),
      ['autoscaling.min: props/required', 'autoscaling.max: props/required', 'autoscaling.target: props/required'],
    ],
    [
      'targets out of range',
      Autoscaling.on({ ...BOUNDS, cpu: 0, memory: 401 }),
      ['autoscaling.cpu: props/value', 'autoscaling.memory: props/value'],
    ],
    ['a fraction as target', Autoscaling.onMemory({ ...BOUNDS, target: 0.8 }), ['autoscaling.target: props/value']],
    ['no target', Autoscaling.on(BOUNDS), ['autoscaling.cpu: props/required']],
    [
      'a long wait',
      Autoscaling.onCpu({ ...BOUNDS, target: 80, scaleDownStabilization: Duration.hours(2) }),
      ['autoscaling.scaleDownStabilization: props/value'],
    ],
    [
      'a metric of the other factory',
      Autoscaling.onCpu(untyped<AutoscalingTarget>({ ...BOUNDS, target: 80, memory: 80 })),
      ['autoscaling.memory: props/unknown'],
    ],
  ])('refuses %s (CH01-18)', (_title, autoscaling, messages) => {
    expect(problemsWith({ autoscaling })).toEqual(messages.map((message) => `[app/web] ${message}`));
  });

  test('is made by its factories', () => {
    expect(problemsWith({ autoscaling: { ...BOUNDS, target: 80 } })).toEqual(['[app/web] autoscaling: props/value']);
  });
});

describe('the disruption budget', () => {
  test('lets one pod go at a time, and those that are not ready at any time (B14)', () => {
    expect(budgetOf({})).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    });
  });

  test.each([
    [DisruptionBudget.maxUnavailable(2), { maxUnavailable: 2 }],
    [DisruptionBudget.maxUnavailable('25%'), { maxUnavailable: '25%' }],
    [DisruptionBudget.minAvailable(3), { minAvailable: 3 }],
    [DisruptionBudget.minAvailable('50%'), { minAvailable: '50%' }],
    [DisruptionBudget.minAvailable(0), { minAvailable: 0 }],
  ])('is written as given: %p', (budget, fields) => {
    const { selector, unhealthyPodEvictionPolicy, ...rest } = budgetOf({ budget, replicas: 4 });
    expect(rest).toEqual(fields);
    expect([selector.matchLabels['app.kubernetes.io/instance'], unhealthyPodEvictionPolicy]).toEqual([
      'app-web',
      'AlwaysAllow',
    ]);
  });

  test('can be left out by name', () => {
    expect(web({ budget: DisruptionBudget.none() }).map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
  });

  // the disruption controller rounds up: 1% of any number of pods is one pod
  test.each<[DisruptionBudget, number]>([
    [DisruptionBudget.maxUnavailable('1%'), 1],
    [DisruptionBudget.maxUnavailable('1%'), 100],
    [DisruptionBudget.minAvailable(1), 2],
    [DisruptionBudget.minAvailable('50%'), 2],
    [DisruptionBudget.minAvailable('66%'), 3],
    [DisruptionBudget.minAvailable('99%'), 100],
    [DisruptionBudget.minAvailable(5), 0],
  ])('lets a node be drained, case %#: %p of %d pods (B14)', (budget, replicas) => {
    expect(problemsWith({ budget, replicas })).toEqual([]);
  });

  test.each<[string, DisruptionBudget, number]>([
    ['maxUnavailable', DisruptionBudget.maxUnavailable(0), 3],
    ['maxUnavailable', DisruptionBudget.maxUnavailable('0%'), 3],
    ['minAvailable', DisruptionBudget.minAvailable(2), 2],
    ['minAvailable', DisruptionBudget.minAvailable(3), 2],
    ['minAvailable', DisruptionBudget.minAvailable('100%'), 5],
    ['minAvailable', DisruptionBudget.minAvailable('67%'), 3],
    ['minAvailable', DisruptionBudget.minAvailable('1%'), 1],
  ])('%s is refused where no pod could ever be evicted, case %# (B14)', (kind, budget, replicas) => {
    expect(problemsWith({ budget, replicas })).toEqual([`[app/web] budget.${kind}: scaling/blocked-drain`]);
  });

  test('is measured by the least number of autoscaled pods (B14)', () => {
    const autoscaling = Autoscaling.onCpu({ min: 3, max: 10, target: 80 });
    expect(problemsWith({ autoscaling, budget: DisruptionBudget.minAvailable(2) })).toEqual([]);
    expect(problemsWith({ autoscaling, budget: DisruptionBudget.minAvailable(3) })).toEqual([
      '[app/web] budget.minAvailable: scaling/blocked-drain',
    ]);
  });

  test('is measured by the least number of pods of an autoscaler of others (B14)', () => {
    const messages = (pods: number, spec: object): string[] =>
      problemsOf((chart) => {
        const block = new WebService(chart, 'web', { ...WEB, budget: DisruptionBudget.minAvailable(pods) });
        block.markHasAutoscaler();
        new ApiObject(chart, 'hpa', {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          spec: {
            scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-web' },
            maxReplicas: 9,
            ...spec,
          },
        });
      });
    const refused = (): string[] => ['[app/web] budget.minAvailable: scaling/blocked-drain'];
    expect(messages(1, {})).toEqual(refused());
    expect(messages(3, { minReplicas: 3 })).toEqual(refused());
    expect(messages(3, { minReplicas: 4 })).toEqual([]);
    expect(messages(1, { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'other' } })).toEqual([]);
    expect(messages(2, { scaleTargetRef: undefined })).toEqual(refused());
    const scaledByKplus = (minReplicas?: number): string[] =>
      problemsOf((chart) => {
        const target = new WebService(chart, 'web', { ...WEB, budget: DisruptionBudget.minAvailable(1) });
        new kplus.HorizontalPodAutoscaler(chart, 'hpa', {
          target: target,
          minReplicas,
          maxReplicas: 9,
          metrics: [kplus.Metric.resourceCpu(kplus.MetricTarget.averageUtilization(80))],
        });
      });
    expect(scaledByKplus()).toEqual(refused());
    expect(scaledByKplus(2)).toEqual([]);
  });

  test.each([[-1], [1.5], [NaN], ['1'], ['120%'], [undefined], [null]])('refuses %p pods (B14)', (pods) => {
    expect(problemsWith({ budget: DisruptionBudget.maxUnavailable(pods as number) })).toEqual([
      '[app/web] budget.maxUnavailable: props/value',
    ]);
  });
});
