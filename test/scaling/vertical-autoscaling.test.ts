import { ApiObject, Size, Testing, Yaml } from 'cdk8s';
import {
  Autoscaling,
  ClusterProfile,
  Cpu,
  Job,
  type LimitRangeOptions,
  PodResources,
  Quota,
  Redis,
  RedisCache,
  Resources,
  ScalingMetric,
  ScheduledJob,
  SecretRef,
  TenantNamespace,
  VerticalAutoscaling,
  type VerticalAutoscalingOptions,
  type VerticalUpdateOptions,
  WebService,
  type WebServiceProps,
} from '../../src';
import { linesOf, type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

const MAX = { cpu: Cpu.units(2), memory: Size.gibibytes(2) };
const vpaOf = (verticalAutoscaling: VerticalAutoscaling, props: Partial<WebServiceProps> = {}): Manifest =>
  only(
    synth((chart) => new WebService(chart, 'web', { ...WEB, ...props, verticalAutoscaling })),
    'VerticalPodAutoscaler',
  );
const problemsWith = (verticalAutoscaling: VerticalAutoscaling, props: Partial<WebServiceProps> = {}): string[] =>
  problemsOf((chart) => new WebService(chart, 'web', { ...WEB, ...props, verticalAutoscaling }));

describe('a vertical autoscaler', () => {
  test('recommends, and changes nothing (CH08-67, CH08-69)', () => {
    expect(vpaOf(VerticalAutoscaling.recommend())).toMatchObject({
      apiVersion: 'autoscaling.k8s.io/v1',
      metadata: { name: 'app-web', labels: { 'app.kubernetes.io/instance': 'app-web' } },
      spec: {
        targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-web' },
        updatePolicy: { updateMode: 'Off' },
        resourcePolicy: { containerPolicies: [{ containerName: 'main', controlledResources: ['cpu', 'memory'] }] },
      },
    });
  });

  test('has a mode that YAML 1.1 does not read as a boolean', () => {
    const chart = newChart();
    new WebService(chart, 'web', { ...WEB, verticalAutoscaling: VerticalAutoscaling.recommend() });
    expect(Yaml.stringify(...Testing.synth(chart))).toContain('updateMode: "Off"');
  });

  test('has bounds for the main container, and leaves the others alone (CH08-68)', () => {
    const min = { cpu: Cpu.millis(50), memory: Size.mebibytes(64) };
    expect(
      vpaOf(VerticalAutoscaling.recreate({ min, max: MAX }), {
        containerName: 'server',
        sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }],
      }).spec,
    ).toMatchObject({
      updatePolicy: { updateMode: 'Recreate' },
      resourcePolicy: {
        containerPolicies: [
          {
            containerName: 'server',
            minAllowed: { cpu: '50m', memory: '64Mi' },
            maxAllowed: { cpu: '2', memory: '2Gi' },
            controlledResources: ['cpu', 'memory'],
          },
          { containerName: '*', mode: 'Off' },
        ],
      },
    });
  });

  test.each<[VerticalAutoscaling, string]>([
    [VerticalAutoscaling.initial({ max: MAX }), 'Initial'],
    [VerticalAutoscaling.recreate({ max: MAX }), 'Recreate'],
  ])('has a mode by name, case %#', (given, mode) => {
    expect(vpaOf(given).spec.updatePolicy).toEqual({ updateMode: mode });
  });

  test('is for any controller', () => {
    const verticalAutoscaling = VerticalAutoscaling.recommend();
    const manifests = synth((chart) => {
      new Job(chart, 'migrate', { image: 'ghcr.io/acme/run:1.4.2', verticalAutoscaling });
      new ScheduledJob(chart, 'report', { image: 'ghcr.io/acme/run:1.4.2', schedule: '@daily', verticalAutoscaling });
      new Redis(chart, 'redis', {
        storage: Size.gibibytes(1),
        password: { secret: SecretRef.named('redis'), key: 'passwd' },
        verticalAutoscaling,
      });
    });
    expect(
      manifests.filter(({ kind }) => kind === 'VerticalPodAutoscaler').map(({ spec }) => Object.values(spec.targetRef)),
    ).toEqual([
      ['batch/v1', 'Job', 'app-migrate-1-4-2'],
      ['batch/v1', 'CronJob', 'app-report'],
      ['apps/v1', 'StatefulSet', 'app-redis'],
    ]);
  });

  test('resizes in place from Kubernetes 1.33', () => {
    const lines = (version: string): string[] =>
      linesOf((chart) => {
        new ClusterProfile({ version }).assignTo(chart);
        new WebService(chart, 'web', {
          ...WEB,
          verticalAutoscaling: VerticalAutoscaling.inPlaceOrRecreate({ max: MAX }),
        });
      });
    expect(lines('1.32')).toEqual([expect.stringContaining('or use VerticalAutoscaling.recreate(...)')]);
    expect(lines('1.33')).toEqual([]);
  });

  test.each<[string, VerticalAutoscaling, string[]]>([
    ['no most', VerticalAutoscaling.initial(untyped<VerticalUpdateOptions>({})), ['.max: props/required']],
    ['no most of memory', VerticalAutoscaling.initial({ max: { cpu: Cpu.units(1) } }), ['.max.memory: props/required']],
    [
      'a most below the least',
      VerticalAutoscaling.recommend({ min: { memory: Size.gibibytes(2) }, max: { memory: Size.gibibytes(1) } }),
      ['.max.memory: scaling/max-below-min'],
    ],
    [
      'a bound of what it leaves out',
      VerticalAutoscaling.recommend({ resources: ['cpu'], max: MAX }),
      ['.max.memory: props/conflict'],
    ],
    ['no resources', VerticalAutoscaling.recommend({ resources: [] }), ['.resources: props/empty-list']],
    [
      'another resource',
      VerticalAutoscaling.recommend(untyped<VerticalAutoscalingOptions>({ resources: ['disk'] })),
      ['.resources[0]: props/value'],
    ],
    [
      'no amounts',
      VerticalAutoscaling.recommend(untyped<VerticalAutoscalingOptions>({ min: 5 })),
      ['.min: props/value'],
    ],
    ['a word', untyped<VerticalAutoscaling>('Off'), [': props/value']],
  ])('is refused with %s', (_title, given, messages) => {
    expect(problemsWith(given)).toEqual(messages.map((message) => `[app/web] verticalAutoscaling${message}`));
  });

  test('sets no requests in pods that do not bear them', () => {
    const podResources = PodResources.of({ cpu: Cpu.millis(500), memory: Size.mebibytes(512) });
    const sharing = (verticalAutoscaling: VerticalAutoscaling): string[] =>
      problemsOf((chart) => {
        new ClusterProfile({ version: '1.34' }).assignTo(chart);
        new WebService(chart, 'web', { ...WEB, podResources, verticalAutoscaling });
      });
    expect(sharing(VerticalAutoscaling.initial({ max: MAX }))).toEqual([
      '[app/web] verticalAutoscaling: props/conflict',
    ]);
    expect(sharing(VerticalAutoscaling.recommend())).toEqual([]);

    const password = { secret: SecretRef.named('redis'), key: 'passwd' };
    const servers = (verticalAutoscaling: VerticalAutoscaling): string[] =>
      problemsOf((chart) => {
        new Redis(chart, 'redis', { storage: Size.gibibytes(1), password, verticalAutoscaling });
        new RedisCache(chart, 'cache', { password, verticalAutoscaling });
      });
    expect(servers(VerticalAutoscaling.recreate({ max: MAX }))).toEqual([
      '[app/redis] verticalAutoscaling.resources: props/conflict',
      '[app/cache] verticalAutoscaling.resources: props/conflict',
    ]);
    expect(servers(VerticalAutoscaling.recreate({ resources: ['cpu'], max: { cpu: Cpu.units(1) } }))).toEqual([]);
    expect(servers(VerticalAutoscaling.recommend())).toEqual([]);
  });

  test('does not evict a run', () => {
    const problems = (verticalAutoscaling: VerticalAutoscaling): string[] =>
      problemsOf((chart) => new Job(chart, 'run', { image: 'ghcr.io/acme/run:1.4.2', verticalAutoscaling }));
    expect(problems(VerticalAutoscaling.recreate({ max: MAX }))).toEqual([
      '[app/run] verticalAutoscaling: props/conflict',
    ]);
    expect(problems(VerticalAutoscaling.initial({ max: MAX }))).toEqual([]);
  });
});

describe('a vertical autoscaler beside one of the pods', () => {
  const cpu = Autoscaling.onCpu({ min: 2, max: 4, target: 80 });
  const conflict = (): string => '[app/web] verticalAutoscaling: scaling/two-autoscalers';

  test.each<[string, VerticalAutoscaling, Autoscaling, string[]]>([
    ['the same resource', VerticalAutoscaling.initial({ max: MAX }), cpu, [conflict()]],
    ['recommendations', VerticalAutoscaling.recommend(), cpu, []],
    [
      'another resource',
      VerticalAutoscaling.recreate({ resources: ['memory'], max: { memory: Size.gibibytes(1) } }),
      cpu,
      [],
    ],
    [
      'a metric of your own',
      VerticalAutoscaling.recreate({ max: MAX }),
      Autoscaling.on({ min: 2, max: 4, metrics: [ScalingMetric.pods({ metric: 'a', averageValue: 1 })] }),
      [],
    ],
  ])('on %s (CH08-68)', (_title, vertical, autoscaling, messages) => {
    expect(problemsWith(vertical, { autoscaling })).toEqual(messages);
  });

  test('of others is the same conflict, and so is a second one of others', () => {
    const beside = (spec: object, kind: string, apiVersion: string): string[] =>
      problemsOf((chart) => {
        new WebService(chart, 'web', { ...WEB, verticalAutoscaling: VerticalAutoscaling.initial({ max: MAX }) });
        new ApiObject(chart, 'other', { apiVersion, kind, spec });
      });
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app-web' };
    expect(beside({ scaleTargetRef: target, maxReplicas: 3 }, 'HorizontalPodAutoscaler', 'autoscaling/v2')).toEqual([
      conflict(),
    ]);
    expect(beside({ targetRef: target }, 'VerticalPodAutoscaler', 'autoscaling.k8s.io/v1')).toEqual([
      '[app/other] scaling/two-autoscalers',
    ]);
  });
});

describe('the requests that a vertical autoscaler may set', () => {
  const problems = (
    verticalAutoscaling: VerticalAutoscaling | undefined,
    memory: number,
    limitRange?: LimitRangeOptions,
  ): string[] =>
    problemsOf((chart) => {
      new TenantNamespace(chart, 'tenant', {
        name: 'shop',
        owner: 'jane@example.com',
        team: 'shop',
        purpose: 'the shop',
        quota: Quota.of({ cpu: Cpu.units(100), memory: Size.gibibytes(memory) }),
        limitRange,
      });
      new WebService(chart, 'web', {
        ...WEB,
        resources: Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(128) }),
        verticalAutoscaling,
      });
    });

  test('fit the LimitRange of the namespace', () => {
    const most = { memory: Size.gibibytes(1) };
    const upTo = (memory: Size): VerticalAutoscaling =>
      VerticalAutoscaling.initial({ resources: ['memory'], max: { memory } });
    expect(problems(upTo(Size.gibibytes(1)), 100, { max: most })).toEqual([]);
    expect(problems(upTo(Size.gibibytes(2)), 100, { max: most })).toEqual([
      '[app/tenant] limitRange.max: namespace/limit-range',
    ]);
    expect(problems(VerticalAutoscaling.recommend({ max: { memory: Size.gibibytes(2) } }), 100, { max: most })).toEqual(
      [],
    );
  });

  test('fit a node', () => {
    const large = (cpu: number): string[] =>
      problemsOf((chart) => {
        new ClusterProfile({ allocatable: { cpu: Cpu.units(cpu), memory: Size.gibibytes(14) } }).assignTo(chart);
        new WebService(chart, 'web', { ...WEB, verticalAutoscaling: VerticalAutoscaling.initial({ max: MAX }) });
      });
    expect(large(2)).toEqual([]);
    expect(large(1)).toEqual(['[app/web] verticalAutoscaling.max.cpu: scheduling/pod-too-large']);
  });

  test('count for a quota with their most', () => {
    expect(problems(undefined, 1)).toEqual([]);
    expect(problems(VerticalAutoscaling.recommend({ max: MAX }), 1)).toEqual([]);
    expect(problems(VerticalAutoscaling.recreate({ max: MAX }), 1)).not.toEqual([]);
    // two pods and one of a rollout
    expect(problems(VerticalAutoscaling.recreate({ max: MAX }), 6)).toEqual([]);
    expect(problems(VerticalAutoscaling.recreate({ max: MAX }), 5)).not.toEqual([]);
  });
});
