import { ApiObject, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Autoscaling, type AutoscalingTarget, Cpu, DisruptionBudget, Resources, type SidecarProps, WebService } from '../../src';
import { type Manifest, only, problemsOf, synth, untyped, WEB } from '../support';

const web = (props: object): Manifest[] => synth((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
const problemsWith = (props: object): string[] => problemsOf((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
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
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }, { type: 'Pods', value: 4, periodSeconds: 15 }],
          },
          scaleDown: {
            stabilizationWindowSeconds: 300,
            selectPolicy: 'Max',
            policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }, { type: 'Pods', value: 1, periodSeconds: 60 }],
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
    const metrics = (autoscaling: Autoscaling): unknown[] => autoscaler({ autoscaling }).spec.metrics.map(({ resource }: Manifest) => [resource.name, resource.target.averageUtilization]);
    expect(metrics(Autoscaling.onMemory({ ...BOUNDS, target: 70 }))).toEqual([['memory', 70]]);
    expect(metrics(Autoscaling.on({ ...BOUNDS, cpu: 60, memory: 70 }))).toEqual([['cpu', 60], ['memory', 70]]);
    expect(metrics(Autoscaling.on({ ...BOUNDS, cpu: 399, memory: 99 }))).toEqual([['cpu', 399], ['memory', 99]]);
  });

  test.each([[Duration.seconds(0), 0], [Duration.hours(1), 3600]])('waits before it scales down: %p', (scaleDownStabilization, window) => {
    expect(autoscaler({ autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80, scaleDownStabilization }) }).spec.behavior.scaleDown.stabilizationWindowSeconds).toBe(window);
  });

  test('looks at the main container alone where there are sidecars', () => {
    expect(autoscaler({ sidecars: [SIDECAR], autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) }).spec.metrics).toEqual([
      { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'main', target: { type: 'Utilization', averageUtilization: 80 } } },
    ]);
  });

  test('looks at the pod where there are init containers only', () => {
    expect(autoscaler({ initContainers: [SIDECAR], autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) }).spec.metrics[0].type).toBe('Resource');
  });

  test('is refused without a request of the metric, in every container that goes on running (CH01-16)', () => {
    const message = (metric: string, name: string): string => `[app/web] prop 'autoscaling': got ${metric} as metric, of which container '${name}' requests nothing, expected a ${metric} request in every container. Give it Resources.of(...) (CH01-16)`;
    const none = { resources: Resources.none() };
    expect(problemsWith({ ...none, autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) })).toEqual([message('cpu', 'main')]);
    expect(problemsWith({ sidecars: [{ ...SIDECAR, ...none }], autoscaling: Autoscaling.on({ ...BOUNDS, cpu: 80, memory: 80 }) })).toEqual([message('cpu', 'proxy'), message('memory', 'proxy')]);
    expect(problemsWith({ initContainers: [{ ...SIDECAR, ...none }], autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) })).toEqual([]);
    expect(problemsWith({ resources: Resources.withoutCpuLimit({ cpu: Cpu.millis(100), memory: Size.mebibytes(64) }), autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 80 }) })).toEqual([]);
  });

  const SMALL = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };
  const LIMIT_FIX = 'No use is ever above the limit, and no pod would be added: lower the target, or raise';
  test.each<[string, object, string[]]>([
    ['memory, whose limit is the request', { autoscaling: Autoscaling.onMemory({ ...BOUNDS, target: 100 }) }, [
      `prop 'autoscaling.target': got 100, expected less than 100: the memory limit of container 'main' is 128Mi for a request of 128Mi. ${LIMIT_FIX} 'memoryLimit' (CH01-18)`,
    ]],
    ['CPU, whose limit is 4 x the request', { autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 400 }) }, [
      `prop 'autoscaling.target': got 400, expected less than 400: the cpu limit of container 'main' is 400m for a request of 100m. ${LIMIT_FIX} 'cpuLimit' (CH01-18)`,
    ]],
    ['a guaranteed quality', { quality: 'guaranteed', autoscaling: Autoscaling.on({ ...BOUNDS, cpu: 150, memory: 150 }) }, [
      `prop 'autoscaling.cpu': got 150, expected less than 100: the cpu limit of container 'main' is 100m for a request of 100m. ${LIMIT_FIX} 'cpuLimit' (CH01-18)`,
      `prop 'autoscaling.memory': got 150, expected less than 100: the memory limit of container 'main' is 128Mi for a request of 128Mi. ${LIMIT_FIX} 'memoryLimit' (CH01-18)`,
    ]],
    ['the main container beside a sidecar with more room', {
      sidecars: [{ ...SIDECAR, resources: Resources.withoutCpuLimit(SMALL) }],
      resources: Resources.of({ ...SMALL, cpuLimit: Cpu.millis(125) }),
      autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 125 }),
    }, [
      `prop 'autoscaling.target': got 125, expected less than 125: the cpu limit of container 'main' is 125m for a request of 100m. ${LIMIT_FIX} 'cpuLimit' (CH01-18)`,
    ]],
    ['a limit a little above, up to it', { resources: Resources.of({ ...SMALL, cpuLimit: Cpu.millis(125) }), autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 124 }) }, []],
    ['no limit', { resources: Resources.withoutCpuLimit(SMALL), autoscaling: Autoscaling.onCpu({ ...BOUNDS, target: 400 }) }, []],
  ])('has a target that use can exceed: %s (CH01-18)', (_title, props, messages) => {
    expect(problemsWith(props)).toEqual(messages.map((message) => `[app/web] ${message}`));
  });

  test('needs two replicas at least (CH01-11)', () => {
    expect(problemsWith({ autoscaling: Autoscaling.onCpu({ min: 1, max: 10, target: 80 }) })).toEqual([
      "[app/web] prop 'autoscaling.min': got 1, expected an integer from 2 to 10000. Give both bounds; two replicas survive the loss of a node (CH01-11)",
    ]);
  });

  const MAX_FIX = 'Give both bounds: it is what the cluster must have room for';
  const TARGET = 'expected an integer from 1 to 400. Start with 80 for CPU (CH01-18)';
  test.each<[string, Autoscaling, string[]]>([
    ['a max below min', Autoscaling.onCpu({ min: 5, max: 4, target: 80 }), ["prop 'autoscaling.max': got 4, expected at least min (5). Raise max or lower min"]],
    ['a max that is too large', Autoscaling.onCpu({ min: 5, max: 10_001, target: 80 }), [`prop 'autoscaling.max': got 10001, expected an integer from 2 to 10000. ${MAX_FIX}`]],
    ['no props', Autoscaling.onCpu(undefined as never), [
      "prop 'autoscaling.min': got nothing, expected an integer from 2 to 10000. Give both bounds; two replicas survive the loss of a node (CH01-11)",
      `prop 'autoscaling.max': got nothing, expected an integer from 2 to 10000. ${MAX_FIX}`,
      `prop 'autoscaling.target': got nothing, ${TARGET}`,
    ]],
    ['targets out of range', Autoscaling.on({ ...BOUNDS, cpu: 0, memory: 401 }), [`prop 'autoscaling.cpu': got 0, ${TARGET}`, `prop 'autoscaling.memory': got 401, ${TARGET}`]],
    ['a fraction as target', Autoscaling.onMemory({ ...BOUNDS, target: 0.8 }), [`prop 'autoscaling.target': got 0.8, ${TARGET}`]],
    ['no target', Autoscaling.on(BOUNDS), ["prop 'autoscaling.cpu': got nothing, expected a target for 'cpu', 'memory' or both. Give cpu: 80"]],
    ['a long wait', Autoscaling.onCpu({ ...BOUNDS, target: 80, scaleDownStabilization: Duration.hours(2) }), ["prop 'autoscaling.scaleDownStabilization': got 7200 s, expected a Duration of 0 to 3600 whole seconds. Leave it out for 5 minutes"]],
    ['a metric of the other factory', Autoscaling.onCpu(untyped<AutoscalingTarget>({ ...BOUNDS, target: 80, memory: 80 })), ["prop 'autoscaling.memory': got an unknown prop, expected one of max, min, scaleDownStabilization, target. Remove it"]],
  ])('refuses %s (CH01-18)', (_title, autoscaling, messages) => {
    expect(problemsWith({ autoscaling })).toEqual(messages.map((message) => `[app/web] ${message}`));
  });

  test('is made by its factories', () => {
    expect(problemsWith({ autoscaling: { ...BOUNDS, target: 80 } })).toEqual([
      "[app/web] prop 'autoscaling': got {min, max, target}, expected an Autoscaling, e.g. Autoscaling.onCpu({ min: 2, max: 10, target: 80 }). Use Autoscaling.onCpu(...)",
    ]);
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
    expect([selector.matchLabels['app.kubernetes.io/instance'], unhealthyPodEvictionPolicy]).toEqual(['app-web', 'AlwaysAllow']);
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

  test.each<[string, DisruptionBudget, number, string]>([
    ['maxUnavailable', DisruptionBudget.maxUnavailable(0), 3, '0'],
    ['maxUnavailable', DisruptionBudget.maxUnavailable('0%'), 3, "'0%'"],
    ['minAvailable', DisruptionBudget.minAvailable(2), 2, '2'],
    ['minAvailable', DisruptionBudget.minAvailable(3), 2, '3'],
    ['minAvailable', DisruptionBudget.minAvailable('100%'), 5, "'100%'"],
    ['minAvailable', DisruptionBudget.minAvailable('67%'), 3, "'67%'"],
    ['minAvailable', DisruptionBudget.minAvailable('1%'), 1, "'1%'"],
  ])('%s is refused where no pod could ever be evicted, case %# (B14)', (kind, budget, replicas, words) => {
    expect(problemsWith({ budget, replicas })).toEqual([
      `[app/web] prop 'budget.${kind}': got ${words}, expected a budget that lets at least one of ${replicas} pods be evicted, or nodes can never be drained. Leave it out for a budget of maxUnavailable 1, which is right for any number of replicas (B14)`,
    ]);
  });

  test('is measured by the least number of autoscaled pods (B14)', () => {
    const autoscaling = Autoscaling.onCpu({ min: 3, max: 10, target: 80 });
    expect(problemsWith({ autoscaling, budget: DisruptionBudget.minAvailable(2) })).toEqual([]);
    expect(problemsWith({ autoscaling, budget: DisruptionBudget.minAvailable(3) })).toEqual([expect.stringMatching(/^\[app\/web] prop 'budget\.minAvailable': got 3, expected a budget that lets at least one of 3 pods be evicted/)]);
  });

  test('is measured by the least number of pods of an autoscaler of others (B14)', () => {
    const messages = (pods: number, spec: object): string[] => problemsOf((chart) => {
      const block = new WebService(chart, 'web', { ...WEB, budget: DisruptionBudget.minAvailable(pods) });
      block.markHasAutoscaler();
      new ApiObject(chart, 'hpa', { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-web' }, maxReplicas: 9, ...spec } });
    });
    const refused = (pods: number, least: string): string[] => [
      `[app/web] prop 'budget.minAvailable': got ${pods}, expected a budget that lets at least one of ${least} be evicted, or nodes can never be drained. Leave it out for a budget of maxUnavailable 1, which is right for any number of replicas (B14)`,
    ];
    expect(messages(1, {})).toEqual(refused(1, "1 pods, the least of 'app/hpa',"));
    expect(messages(3, { minReplicas: 3 })).toEqual(refused(3, "3 pods, the least of 'app/hpa',"));
    expect(messages(3, { minReplicas: 4 })).toEqual([]);
    expect(messages(1, { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'other' } })).toEqual([]);
    expect(messages(2, { scaleTargetRef: undefined })).toEqual(refused(2, '2 pods'));
    const scaledByKplus = (minReplicas?: number): string[] => problemsOf((chart) => {
      const target = new WebService(chart, 'web', { ...WEB, budget: DisruptionBudget.minAvailable(1) });
      new kplus.HorizontalPodAutoscaler(chart, 'hpa', { target: target, minReplicas, maxReplicas: 9, metrics: [kplus.Metric.resourceCpu(kplus.MetricTarget.averageUtilization(80))] });
    });
    expect(scaledByKplus()).toEqual(refused(1, "1 pods, the least of 'app/hpa/Resource',"));
    expect(scaledByKplus(2)).toEqual([]);
  });

  test.each([[-1, '-1'], [1.5, '1.5'], [NaN, 'NaN'], ['1', "'1'"], ['120%', "'120%'"], [undefined, 'nothing'], [null, 'null']])('refuses %p pods (B14)', (pods, words) => {
    expect(problemsWith({ budget: DisruptionBudget.maxUnavailable(pods as number) })).toEqual([
      `[app/web] prop 'budget.maxUnavailable': got ${words}, expected an integer from 0 to 10000, or a percentage from '0%' to '100%'. Leave it out for a budget of maxUnavailable 1, which is right for any number of replicas (B14)`,
    ]);
  });
});
