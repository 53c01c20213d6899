import { Duration, Size } from 'cdk8s';
import * as fc from 'fast-check';
import {
  Autoscaling,
  Cpu,
  DisruptionBudget,
  Probe,
  Quota,
  Resources,
  ScalingMetric,
  ScalingPace,
  TenantNamespace,
  VersionedConfigMap,
  VerticalAutoscaling,
  WebService,
  type WebServiceProps,
} from '../../src';
import { anyProps, anyValue, MESSAGE } from '../random-values';
import { newChart, linesOf, synth, WEB } from '../support';

const RUNS = { numRuns: 300, seed: 42 };

const TIMING = ['initialDelay', 'period', 'timeout', 'failureThreshold', 'port', 'portName'];
const anything = anyValue as fc.Arbitrary<never>;
const BOUNDS = ['min', 'max', 'scaleDownStabilization', 'pace'];
const atPace = (pace: ScalingPace): Partial<WebServiceProps> => ({
  autoscaling: Autoscaling.onCpu({ min: 2, max: 3, target: 80, pace }),
});

describe('a constructor never throws, and the synthesis either succeeds or says what is wrong, for any', () => {
  test.each<[string, fc.Arbitrary<Partial<WebServiceProps>>]>([
    [
      'Resources',
      fc
        .tuple(
          anyProps('cpu', 'cpuLimit', 'memory', 'memoryLimit', 'ephemeralStorage'),
          fc.constantFrom('burstable', 'guaranteed'),
        )
        .map(([options, quality]) => ({ resources: Resources.of(options), quality }) as never),
    ],
    [
      'Resources without CPU limit',
      anyProps('cpu', 'memory', 'memoryLimit').map((options) => ({ resources: Resources.withoutCpuLimit(options) })),
    ],
    [
      'HTTP probe',
      fc
        .tuple(anything, anyProps('scheme', 'headers', ...TIMING))
        .map(([path, options]) => ({ readiness: Probe.httpGet(path, options) })),
    ],
    [
      'options of an HTTP probe',
      anyProps('scheme', 'headers', ...TIMING).map((options) => ({ liveness: Probe.httpGet('/healthz', options) })),
    ],
    [
      'TCP probe',
      anyProps(...TIMING).map((options) => ({ readiness: Probe.tcpSocket(options), liveness: Probe.none() })),
    ],
    ['gRPC probe', anyProps('service', ...TIMING).map((options) => ({ startup: Probe.grpc(options) }))],
    [
      'command as a probe',
      fc
        .tuple(fc.oneof(anything, fc.array(anything) as fc.Arbitrary<never>), anyProps(...TIMING))
        .map(([command, options]) => ({ liveness: Probe.exec(command, options) })),
    ],
    [
      'autoscaling on CPU',
      anyProps('target', ...BOUNDS).map((options) => ({ autoscaling: Autoscaling.onCpu(options) })),
    ],
    [
      'autoscaling on both',
      anyProps('cpu', 'memory', ...BOUNDS).map((options) => ({ autoscaling: Autoscaling.on(options) })),
    ],
    [
      'autoscaling on metrics of your own',
      fc
        .tuple(
          fc.constantFrom('pods', 'object', 'external'),
          anyProps('metric', 'selector', 'value', 'averageValue', 'object'),
          fc.oneof(anyValue, anyProps('apiVersion', 'kind', 'name')),
        )
        .map(([kind, options, object]) => {
          const given = typeof options === 'object' ? { ...(options as object), object } : options;
          const metric = ScalingMetric[kind as 'pods'](given as never);
          return { autoscaling: Autoscaling.on({ min: 2, max: 3, metrics: [metric] }) };
        }),
    ],
    [
      'pace',
      fc
        .tuple(
          anyProps('stabilization', 'select', 'tolerance', 'steps'),
          fc.array(anyProps('percent', 'pods', 'period')),
          anyValue,
        )
        .map(([up, steps, down]) => {
          const given = { up: typeof up === 'object' ? { ...(up as object), steps } : up, down };
          return {
            autoscaling: Autoscaling.onCpu({ min: 2, max: 3, target: 80, pace: ScalingPace.of(given as never) }),
          };
        }),
    ],
    ['slow start', anyProps('startup').map((options) => atPace(ScalingPace.slowStarter(options)))],
    [
      'value in place of metrics and pace',
      fc.tuple(anything, anything).map(([metrics, pace]) => ({
        autoscaling: Autoscaling.on({ min: 2, max: 3, metrics, pace }),
      })),
    ],
    [
      'vertical autoscaling',
      fc
        .tuple(
          fc.constantFrom('recommend', 'initial', 'recreate', 'inPlaceOrRecreate'),
          anyProps('min', 'max', 'resources'),
          fc.oneof(anyValue, anyProps('cpu', 'memory')),
        )
        .map(([mode, options, max]) => {
          const given = typeof options === 'object' ? { ...(options as object), max } : options;
          return { verticalAutoscaling: VerticalAutoscaling[mode as 'initial'](given as never) };
        }),
    ],
    [
      'value in place of a vertical autoscaler or a reason',
      fc.tuple(anything, anything).map(([verticalAutoscaling, holdsNode]) => ({ verticalAutoscaling, holdsNode })),
    ],
    [
      'disruption budget',
      fc.tuple(anything, fc.boolean()).map(([pods, most]) => ({
        budget: most ? DisruptionBudget.maxUnavailable(pods) : DisruptionBudget.minAvailable(pods),
      })),
    ],
    [
      'value in place of a value class',
      fc
        .tuple(anything, anything, anything, anything, anything)
        .map(([resources, readiness, liveness, autoscaling, budget]) => ({
          resources,
          readiness,
          liveness,
          autoscaling,
          budget,
        })),
    ],
    [
      'placement',
      anyProps('spread', 'nodeSelector', 'tolerations', 'priorityClassName').map((props) =>
        typeof props === 'object' && props !== null ? { ...(props as object) } : {},
      ),
    ],
    ['environment', fc.dictionary(fc.string(), anyValue).map((env) => ({ env }) as never)],
    [
      'extra container',
      fc
        .tuple(
          anyProps(
            'name',
            'image',
            'ports',
            'args',
            'env',
            'user',
            'writablePaths',
            'writableSize',
            'liveness',
            'readiness',
          ),
          fc.boolean(),
        )
        .map(([container, beside]) => (beside ? { sidecars: [container] } : { initContainers: [container] })),
    ],
  ])('%s', (_title, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (props) => {
        for (const message of linesOf((chart) => new WebService(chart, 'web', { ...WEB, ...props }))) {
          expect(message).toMatch(MESSAGE);
        }
      }),
      RUNS,
    );
  });

  test('ConfigMap', () => {
    fc.assert(
      fc.property(anyProps('name', 'data', 'reload', 'allowSecretLookingData', 'labels', 'annotations'), (props) => {
        for (const message of linesOf((chart) => new VersionedConfigMap(chart, 'config', props))) {
          expect(message).toMatch(MESSAGE);
        }
      }),
      RUNS,
    );
  });

  test('tenant', () => {
    const names = anyProps(
      'name',
      'owner',
      'team',
      'purpose',
      'expires',
      'quota',
      'limitRange',
      'podSecurity',
      'defaultDeny',
      'developers',
      'pullSecrets',
      'labels',
      'annotations',
    );
    const tenant = {
      name: 'shop',
      owner: 'a',
      team: 'a',
      purpose: 'p',
      quota: Quota.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }),
    };
    fc.assert(
      fc.property(names, (props) => {
        for (const message of linesOf((chart) => new TenantNamespace(chart, 'shop', props))) {
          expect(message).toMatch(MESSAGE);
        }
        const merged = typeof props === 'object' ? { ...tenant, ...(props as object) } : tenant;
        for (const message of linesOf((chart) => new TenantNamespace(chart, 'shop', merged))) {
          expect(message).toMatch(MESSAGE);
        }
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  test('quota and LimitRange', () => {
    const amounts = anyProps('cpu', 'memory', 'ephemeralStorage');
    const quotas = anyProps(
      'cpu',
      'cpuLimit',
      'memory',
      'memoryLimit',
      'pods',
      'ephemeralStorage',
      'storage',
      'storageClasses',
      'objects',
    );
    const limits = fc.record(
      {
        defaultRequest: amounts,
        defaultLimit: amounts,
        min: amounts,
        max: amounts,
        maxRatio: amounts,
        minClaim: anything,
        maxClaim: anything,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(quotas, limits, fc.boolean(), (options, limitRange, limited) => {
        const quota = limited ? Quota.of(options) : Quota.withoutCpuLimit(options);
        for (const message of linesOf(
          (chart) =>
            new TenantNamespace(chart, 'shop', {
              name: 'shop',
              owner: 'a',
              team: 'a',
              purpose: 'p',
              quota,
              limitRange,
            }),
        )) {
          expect(message).toMatch(MESSAGE);
        }
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  test('file or folder of a ConfigMap', () => {
    // no strings: a random one may be the path of a large folder
    const noPath = anyValue.filter((value) => typeof value !== 'string');
    fc.assert(
      fc.property(fc.record({ files: noPath, folder: noPath }, { requiredKeys: [] }), (props) => {
        for (const message of linesOf((chart) => new VersionedConfigMap(chart, 'config', props as never))) {
          expect(message).toMatch(MESSAGE);
        }
      }),
      RUNS,
    );
  });
});

describe('valid values always synthesize:', () => {
  const amount = fc.record({
    cpu: fc.integer({ min: 1, max: 100_000 }),
    memory: fc.integer({ min: 4, max: 1_000_000 }),
    disk: fc.integer({ min: 1, max: 1_000_000 }),
    more: fc.integer({ min: 0, max: 1000 }),
  });
  const resources = amount.map(({ cpu, memory, disk, more }) =>
    Resources.of({
      cpu: Cpu.millis(cpu),
      cpuLimit: more % 2 ? Cpu.millis(cpu + more) : undefined,
      memory: Size.mebibytes(memory),
      memoryLimit: more % 3 ? Size.mebibytes(memory + more) : undefined,
      ephemeralStorage: Size.mebibytes(disk),
    }),
  );
  const duration = (min: number): fc.Arbitrary<Duration> =>
    fc.integer({ min, max: 3600 }).map((amountOf) => Duration.seconds(amountOf));
  const timing = fc.record(
    {
      initialDelay: duration(0),
      period: duration(1),
      timeout: duration(1),
      failureThreshold: fc.integer({ min: 1, max: 1000 }),
    },
    { requiredKeys: [] },
  );
  // of the characters of a path, these are taken for a pattern
  const path = fc.webPath().map((given) => `/${given.replace(/^\/+|[*:$]/g, '')}`);
  const probe = fc.oneof(
    fc.tuple(path, timing).map(([to, options]) => Probe.httpGet(to, options)),
    timing.map((options) => Probe.grpc(options)),
    fc
      .tuple(
        fc.array(
          fc.string({ minLength: 1 }).filter((word) => !word.includes('$')),
          { minLength: 1 },
        ),
        timing,
      )
      .map(([command, options]) => Probe.exec(command, options)),
  );
  // limits are above requests: a target of the whole request can be exceeded
  const scaling = fc
    .record({
      min: fc.integer({ min: 2, max: 100 }),
      more: fc.nat(100),
      target: fc.integer({ min: 1, max: 100 }),
      scaleDownStabilization: duration(0),
    })
    .map(({ min, more, ...rest }) => ({ min, autoscaling: Autoscaling.onCpu({ min, max: min + more, ...rest }) }));
  const budget = (replicas: number): fc.Arbitrary<DisruptionBudget> =>
    fc.oneof(
      fc.integer({ min: 1, max: 10_000 }).map((pods) => DisruptionBudget.maxUnavailable(pods)),
      fc.integer({ min: 1, max: 100 }).map((share) => DisruptionBudget.maxUnavailable(`${share}%`)),
      fc.integer({ min: 0, max: replicas - 1 }).map((pods) => DisruptionBudget.minAvailable(pods)),
      fc.constant(DisruptionBudget.none()),
    );

  test('a WebService', () => {
    const valid = fc.record({
      resources,
      readiness: probe,
      scaled: scaling.chain(({ min, autoscaling }) => budget(min).map((allowed) => ({ autoscaling, budget: allowed }))),
    });
    fc.assert(
      fc.property(valid, ({ scaled, ...props }) => {
        const kinds = synth(
          (chart) => new WebService(chart, 'web', { ...WEB, ...props, liveness: Probe.none(), ...scaled }),
        ).map(({ kind }) => kind);
        expect(kinds).toEqual(
          expect.arrayContaining([
            'Deployment',
            'HorizontalPodAutoscaler',
            'NetworkPolicy',
            'Service',
            'ServiceAccount',
          ]),
        );
      }),
      RUNS,
    );
  });

  test('a ConfigMap', () => {
    const key = fc.stringMatching(/^[a-zA-Z0-9][-._a-zA-Z0-9]{0,30}$/).filter((word) => word !== 'constructor');
    const valid = fc.record({
      data: fc.dictionary(key, fc.string()),
      reload: fc.constantFrom('version' as const, 'watch' as const, 'checksum' as const),
      name: fc.stringMatching(/^[a-z][a-z0-9]{0,51}$/),
    });
    fc.assert(
      fc.property(valid, ({ data, ...props }) => {
        const [manifest] = synth(
          (chart) =>
            new VersionedConfigMap(chart, 'config', { data, ...props, allowSecretLookingData: Object.keys(data) }),
        );
        expect(manifest.data ?? {}).toEqual({ ...data });
        expect(manifest.metadata.name.startsWith(props.name)).toBe(true);
      }),
      RUNS,
    );
  });
});

test('rendering twice gives the same, and changes nothing', () => {
  const web = new WebService(newChart(), 'web', WEB);
  const first = JSON.stringify(web.deployment.toJson());
  expect(JSON.stringify(web.deployment.toJson())).toBe(first);
});
