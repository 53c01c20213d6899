import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { container, deployment, problemsOfTenant, quota, synthTenant, tenant } from './support';
import {
  Autoscaling,
  ClusterProfile,
  Cpu,
  Inventory,
  Quota,
  type QuotaOptions,
  Redis,
  Resources,
  Rollout,
  TenantNamespace,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from '../../src';
import { newChart, WEB } from '../support';

const RAISE = 'Raise the quota, or lower replicas, the maximum of autoscaling, or resources (CH08-42)';
const REMOVE = 'Raise the quota, or remove what is not needed (CH08-42)';

function web(chart: Chart, props: Partial<WebServiceProps> = {}, id = 'web'): WebService {
  return new WebService(chart, id, {
    ...WEB,
    resources: Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(128) }),
    ...props,
  });
}

function redis(chart: Chart, storageClassName?: string): Redis {
  return new Redis(chart, 'redis', {
    storage: Size.gibibytes(10),
    storageClassName,
    password: { secret: new VersionedSecret(chart, 'passwd', { version: 'v1' }), key: 'passwd' },
  });
}

function raw(chart: Chart, id: string, apiVersion: string, kind: string, rest: object): ApiObject {
  return new ApiObject(chart, id, { apiVersion, kind, metadata: { name: id }, ...rest });
}

const withQuota = (options: Partial<QuotaOptions>, place: (chart: Chart) => unknown): string[] =>
  problemsOfTenant({ quota: quota(options) }, place);
const warningsWith = (options: Partial<QuotaOptions>, place: (chart: Chart) => unknown): string[] => {
  const { app, messages } = synthTenant({ quota: quota(options) }, place);
  expect(messages).toEqual([]);
  return Inventory.of(app)
    .warnings.filter(({ path }) => path === 'platform/shop')
    .map(({ message }) => message);
};

describe('the sums of a namespace against its quota', () => {
  test('count the maximum of autoscaling and the surge of a rollout, workload by workload (CH08-42, S002-29)', () => {
    const place = (chart: Chart): void => {
      web(chart, {
        autoscaling: Autoscaling.onCpu({ min: 2, max: 10, target: 80 }),
        rollout: Rollout.rolling({ maxSurge: 2 }),
      });
      web(chart, { replicas: 3, resources: Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }) }, 'api');
    };
    expect(withQuota({ cpu: Cpu.millis(5200), cpuLimit: Cpu.units(1000) }, place)).toEqual([]);
    expect(withQuota({ cpu: Cpu.millis(5199), cpuLimit: Cpu.units(1000) }, place)).toEqual([
      `[platform/shop] prop 'quota.cpu': got 5200m (Deployment web/api: 4 pods x 1 = 4; Deployment web/web: 12 pods x 100m = 1200m), expected at most 5199m (quota requests.cpu). ${RAISE}`,
    ]);
  });

  test.each<[string, Partial<QuotaOptions>, Partial<QuotaOptions>, string]>([
    [
      'CPU limits',
      { cpuLimit: Cpu.millis(800), cpu: Cpu.millis(200) },
      { cpuLimit: Cpu.millis(799), cpu: Cpu.millis(200) },
      "prop 'quota.cpuLimit': got 800m (Deployment web/web: 2 pods x 400m = 800m), expected at most 799m (quota limits.cpu)",
    ],
    [
      'memory requests',
      { memory: Size.kibibytes(262_144), memoryLimit: Size.gibibytes(9) },
      { memory: Size.kibibytes(262_143), memoryLimit: Size.gibibytes(9) },
      "prop 'quota.memory': got 256Mi (Deployment web/web: 2 pods x 128Mi = 256Mi), expected at most 262143Ki (quota requests.memory)",
    ],
    [
      'disk',
      { ephemeralStorage: Size.mebibytes(512) },
      { ephemeralStorage: Size.mebibytes(511) },
      "prop 'quota.ephemeralStorage': got 512Mi (Deployment web/web: 2 pods x 256Mi = 512Mi), expected at most 511Mi (quota requests.ephemeral-storage)",
    ],
    [
      'pods',
      { pods: 2, ephemeralStorage: Size.gibibytes(9) },
      { pods: 1, ephemeralStorage: Size.gibibytes(9) },
      "prop 'quota.pods': got 2 (Deployment web/web: 2 pods x 1 = 2), expected at most 1 (quota pods)",
    ],
  ])('fit to the unit: %s (S08-12)', (_, fits, tooSmall, message) => {
    const place = (chart: Chart): unknown => web(chart, { replicas: 1 });
    expect(withQuota(fits, place)).toEqual([]);
    expect(withQuota(tooSmall, place)).toContain(`[platform/shop] ${message}. ${RAISE}`);
  });

  test('fit to the byte', () => {
    const place =
      (bytes: number) =>
      (chart: Chart): void => {
        web(chart, { replicas: 1, rollout: Rollout.recreate() });
        raw(chart, 'exact', 'v1', 'ResourceQuota', { spec: { hard: { memory: String(bytes) } } });
      };
    expect(withQuota({}, place(128 * 2 ** 20))).toEqual([]);
    expect(withQuota({}, place(128 * 2 ** 20 - 1))).toEqual([
      `[platform/shop] prop 'ResourceQuota exact': got 128Mi (Deployment web/web: 1 pods x 128Mi = 128Mi), expected at most 134217727 (quota memory). ${RAISE}`,
    ]);
  });

  test('are of amounts as the API keeps them: thousandths in pods, bytes in claims, rounded up', () => {
    const place = (chart: Chart): void => {
      deployment(chart, 'odd', 3, [container({ cpu: '100.2m', memory: '64Mi' })], {
        spec: { strategy: { type: 'Recreate' } },
      });
      raw(chart, 'claim', 'v1', 'PersistentVolumeClaim', { spec: { resources: { requests: { storage: '0.5' } } } });
    };
    expect(withQuota({ cpu: Cpu.millis(303), storage: Size.kibibytes(1) }, place)).toEqual([]);
    expect(withQuota({ cpu: Cpu.millis(302) }, place)[0]).toContain(
      'got 303m (Deployment web/odd: 3 pods x 101m = 303m)',
    );
    expect(withQuota({ storage: Size.gibibytes(0) }, place)[1]).toContain(
      'got 1 (PersistentVolumeClaim web/claim: 1 x 1 = 1)',
    );
  });

  test('take the limit of a pod as a whole for its request, where no container states one', () => {
    const place =
      (requests: object) =>
      (chart: Chart): void =>
        void deployment(chart, 'whole', 1, [container(requests)], {
          spec: { strategy: { type: 'Recreate' } },
          pod: { resources: { limits: { cpu: '2' } } },
        });
    expect(withQuota({ cpu: Cpu.units(1) }, place({}))[0]).toContain('got 2 (Deployment web/whole: 1 pods x 2 = 2)');
    expect(withQuota({ cpu: Cpu.units(1) }, place({ cpu: '500m' }))).toEqual([]);
  });

  test('fill the containers of such a pod with the LimitRange before, as from Kubernetes 1.37 on', () => {
    const place =
      (version: string) =>
      (chart: Chart): void => {
        new ClusterProfile({ version }).assignTo(chart.node.root);
        raw(chart, 'limits', 'v1', 'LimitRange', {
          spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '300m' } }] },
        });
        deployment(chart, 'whole', 1, [container({})], {
          spec: { strategy: { type: 'Recreate' } },
          pod: { resources: { limits: { cpu: '2' } } },
        });
      };
    expect(withQuota({ cpu: Cpu.units(1) }, place('1.36'))[0]).toContain('got 2 (');
    expect(withQuota({ cpu: Cpu.units(1) }, place('1.37'))).toEqual([]);
  });

  test('take a request of a pod beyond the limits of its containers for its limit, as from Kubernetes 1.37 on', () => {
    const place =
      (version: string, limits: object) =>
      (chart: Chart): void => {
        new ClusterProfile({ version }).assignTo(chart.node.root);
        deployment(chart, 'whole', 1, [container({ cpu: '100m' }, limits)], {
          spec: { strategy: { type: 'Recreate' } },
          pod: { resources: { requests: { cpu: '2' } } },
        });
        deployment(chart, 'other', 1, [container({ cpu: '100m' }, { cpu: '2' })], {
          spec: { strategy: { type: 'Recreate' } },
        });
      };
    const limit = { cpu: Cpu.units(3), cpuLimit: Cpu.units(3) };
    expect(withQuota(limit, place('1.36', { cpu: '500m' }))).toEqual([]);
    expect(withQuota(limit, place('1.37', { cpu: '500m' }))[0]).toContain('got 4 (');
  });

  test('warn of pods that still stop while new ones start', () => {
    expect(warningsWith({ pods: 6 }, (chart) => web(chart, { replicas: 3 }))).toEqual([]);
    expect(warningsWith({ pods: 5 }, (chart) => web(chart, { replicas: 3 }))).toEqual([
      'quota.pods: 6 (4, and Deployment web/web: 2 pods x 1 = 2) temporarily, expected at most 5 (quota pods). A rollout waits for terminating pods. Raise the quota to avoid the wait (CH08-42)',
    ]);
    expect(warningsWith({ pods: 3 }, (chart) => web(chart, { replicas: 3, rollout: Rollout.recreate() }))).toEqual([]);
  });

  test('take workloads of other libraries from their manifests', () => {
    const place = (chart: Chart): void => {
      deployment(chart, 'plain', 4, [container({ cpu: '0.25', memory: '64Mi' })], {
        spec: { strategy: { rollingUpdate: { maxSurge: '50%' } } },
      });
      new kplus.Deployment(chart, 'kplus', {
        replicas: 2,
        strategy: kplus.DeploymentStrategy.recreate(),
        containers: [
          {
            image: 'ghcr.io/acme/x:1',
            resources: {
              cpu: { request: kplus.Cpu.units(1), limit: kplus.Cpu.units(1) },
              memory: { request: Size.mebibytes(64), limit: Size.mebibytes(64) },
            },
          },
        ],
      });
      raw(chart, 'set', 'apps/v1', 'StatefulSet', {
        spec: { replicas: 2, template: { spec: { containers: [container({ cpu: 1, memory: '1e6' })] } } },
      });
      raw(chart, 'job', 'batch/v1', 'Job', {
        spec: {
          parallelism: 5,
          completions: 3,
          template: { spec: { containers: [container({ cpu: '1', memory: '8M' })] } },
        },
      });
      raw(chart, 'cron', 'batch/v1', 'CronJob', {
        spec: {
          concurrencyPolicy: 'Forbid',
          jobTemplate: { spec: { template: { spec: { containers: [container({ cpu: '1', memory: '8M' })] } } } },
        },
      });
      raw(chart, 'pod', 'v1', 'Pod', {
        spec: {
          initContainers: [container({ cpu: '3', memory: '8M' }, undefined, 'init')],
          containers: [container({ cpu: '1', memory: '8M' })],
        },
      });
      raw(chart, 'replicas', 'apps/v1', 'ReplicaSet', {
        spec: { replicas: 3, template: { spec: { containers: [container({ cpu: '1', memory: '8M' })] } } },
      });
    };
    expect(withQuota({ cpu: Cpu.millis(1500), cpuLimit: Cpu.units(100) }, place)[0]).toBe(
      "[platform/shop] prop 'quota.cpu': got 15500m (Job web/job: 3 pods x 1 = 3; Pod web/pod: 1 pods x 3 = 3; ReplicaSet web/replicas: 3 pods x 1 = 3; Deployment web/kplus/Resource: 2 pods x 1 = 2; " +
        `StatefulSet web/set: 2 pods x 1 = 2; Deployment web/plain: 6 pods x 250m = 1500m; CronJob web/cron: 1 pods x 1 = 1), expected at most 1500m (quota requests.cpu). ${RAISE}`,
    );
  });

  test('tell workloads by API group and kind: what others call the same has no pods that are known here', () => {
    const place = (chart: Chart): void => {
      const template = { spec: { containers: [container({ cpu: '1', memory: '8M' })] } };
      raw(chart, 'volcano', 'batch.volcano.sh/v1alpha1', 'Job', { spec: { minAvailable: 3 } });
      raw(chart, 'pod', 'example.com/v1', 'Pod', template);
      raw(chart, 'set', 'apps.kruise.io/v1beta1', 'StatefulSet', { spec: { replicas: 2, template } });
      raw(chart, 'real', 'apps/v1', 'StatefulSet', { spec: { replicas: 1, template } });
      raw(chart, 'scaler', 'autoscaling/v2', 'HorizontalPodAutoscaler', {
        spec: {
          maxReplicas: 8,
          scaleTargetRef: { apiVersion: 'apps.kruise.io/v1beta1', kind: 'StatefulSet', name: 'real' },
        },
      });
      raw(chart, 'other', 'example.com/v1', 'HorizontalPodAutoscaler', {
        spec: { maxReplicas: 8, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'real' } },
      });
    };
    expect(withQuota({ cpu: Cpu.units(1), pods: 1 }, place)).toEqual([]);
    expect(withQuota({ cpu: Cpu.millis(999) }, place)[0]).toContain(
      'got 1 (StatefulSet web/real: 1 pods x 1 = 1), expected at most 999m',
    );
  });

  test('count a pod of a DaemonSet on each node, and say from where the number is', () => {
    const build = (nodes?: number): string => {
      const app = new App();
      new ClusterProfile({ name: 'prod', nodes }).assignTo(app);
      tenant(app, { quota: quota({ cpu: Cpu.millis(500) }) });
      const chart = newChart('shop', 'web', app);
      raw(chart, 'agent', 'apps/v1', 'DaemonSet', {
        spec: { template: { spec: { containers: [container({ cpu: '1', memory: '8M' })] } } },
      });
      try {
        app.synthYaml();
        return '';
      } catch (error) {
        return /\(DaemonSet[^)]*\)/.exec((error as Error).message)?.[0] ?? '';
      }
    };
    expect(build(5)).toBe("(DaemonSet web/agent: 5 pods x 1, the nodes of ClusterProfile 'prod' = 5)");
    expect(build()).toBe("(DaemonSet web/agent: 1 pods x 1, one, since the ClusterProfile 'prod' has no 'nodes' = 1)");
  });

  test('take the maximum of an autoscaler of another library, and the overhead of a RuntimeClass', () => {
    const place = (chart: Chart): void => {
      raw(chart, 'sandbox', 'node.k8s.io/v1', 'RuntimeClass', { handler: 'x', overhead: { podFixed: { cpu: '50m' } } });
      deployment(chart, 'plain', 2, [container({ cpu: '100m', memory: '8M' })], {
        spec: { strategy: { type: 'Recreate' } },
        pod: { runtimeClassName: 'sandbox' },
      });
      raw(chart, 'scaler', 'autoscaling/v2', 'HorizontalPodAutoscaler', {
        spec: { maxReplicas: 8, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'plain' } },
      });
    };
    expect(withQuota({ cpu: Cpu.millis(1200) }, place)).toEqual([]);
    expect(withQuota({ cpu: Cpu.millis(1199) }, place)[0]).toContain(
      'got 1200m (Deployment web/plain: 8 pods x 150m = 1200m)',
    );
  });

  test.each<[string, (chart: Chart, target: WebService) => unknown]>([
    ['cdk8s-plus', (chart, target) => new kplus.HorizontalPodAutoscaler(chart, 'scaler', { target, maxReplicas: 20 })],
    [
      'another library',
      (chart, { name }) =>
        raw(chart, 'scaler', 'autoscaling/v2', 'HorizontalPodAutoscaler', {
          spec: { maxReplicas: 20, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } },
        }),
    ],
  ])('take the surge of a rollout from the maximum of an autoscaler of %s (CH08-42)', (_, scale) => {
    const place = (rollout: Rollout) => (chart: Chart) => scale(chart, web(chart, { rollout }));
    expect(withQuota({ pods: 40 }, place(Rollout.rolling({ maxSurge: '100%' })))).toEqual([]);
    expect(withQuota({ pods: 39 }, place(Rollout.rolling({ maxSurge: '100%' })))[0]).toContain(
      "prop 'quota.pods': got 40 (Deployment web/web: 40 pods x 1 = 40)",
    );
    expect(warningsWith({ pods: 39 }, place(Rollout.rolling({ maxSurge: 2 })))).toEqual([
      'quota.pods: 40 (22, and Deployment web/web: 18 pods x 1 = 18) temporarily, expected at most 39 (quota pods). A rollout waits for terminating pods. Raise the quota to avoid the wait (CH08-42)',
    ]);
  });

  test('see what a JSON patch made of a workload', () => {
    const place = (replicas: number) => (chart: Chart) =>
      web(chart, { replicas: 1 }).deployment.addJsonPatch(JsonPatch.replace('/spec/replicas', replicas));
    expect(withQuota({ pods: 9, ephemeralStorage: Size.gibibytes(9) }, place(8))).toEqual([]);
    expect(withQuota({ pods: 9, ephemeralStorage: Size.gibibytes(9) }, place(9))[0]).toContain(
      "prop 'quota.pods': got 10 (Deployment web/web/Resource: 10 pods x 1 = 10)",
    );
  });

  test('are of one namespace on one cluster (CH02-06)', () => {
    const app = new App();
    tenant(app, { quota: quota({ pods: 4, ephemeralStorage: Size.gibibytes(9) }) });
    web(newChart('shop', 'one', app), { replicas: 1 });
    web(newChart('shop', 'two', app), { replicas: 1 });
    web(newChart('other', 'three', app), { replicas: 9 });
    const elsewhere = newChart('shop', 'four', app);
    new ClusterProfile({ name: 'b' }).assignTo(elsewhere);
    web(elsewhere, { replicas: 9 });
    expect(() => app.synthYaml()).not.toThrow();
  });

  test('name the largest workloads, and the rest in one', () => {
    const place = (chart: Chart): void => {
      for (let index = 0; index < 15; index++) web(chart, { replicas: 1, rollout: Rollout.recreate() }, `web-${index}`);
    };
    expect(withQuota({ pods: 14 }, place)[0]).toContain(
      'Deployment web/web-11: 1 pods x 1 = 1; 3 others: 3), expected at most 14',
    );
  });

  test('say which quantity the API cannot read', () => {
    expect(withQuota({}, (chart) => deployment(chart, 'plain', 1, [container({ cpu: 'one' })]))).toEqual([
      "[platform/shop] prop 'quota': got cpu: \"one\" in Deployment web/plain, expected a quantity that the API can read. Use a quantity such as '500m', '1.5' or '2Gi' (CH08-42)",
    ]);
  });

  test('heed quotas of others in the namespace, too', () => {
    const place = (chart: Chart): void => {
      web(chart, { replicas: 1 });
      raw(chart, 'theirs', 'v1', 'ResourceQuota', { spec: { hard: { 'count/pods': '1' } } });
      raw(chart, 'batch', 'v1', 'ResourceQuota', { spec: { hard: { pods: '0' }, scopes: ['Terminating'] } });
    };
    expect(withQuota({}, place)).toEqual([
      `[platform/shop] prop 'ResourceQuota theirs': got 2 (Deployment web/web: 2 pods x 1 = 2), expected at most 1 (quota count/pods). ${RAISE}`,
    ]);
  });

  test('equal a plain evaluation of random workloads, and fit to the milli-core and the byte', () => {
    const size = fc.record({
      cpu: fc.integer({ min: 1, max: 5000 }),
      memory: fc.integer({ min: 4 * 2 ** 20, max: 2 ** 34 }),
    });
    const workload = fc.record({
      replicas: fc.integer({ min: 1, max: 9 }),
      surge: fc.integer({ min: 1, max: 3 }),
      main: size,
      init: fc.option(size, { nil: undefined }),
      ours: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(workload, { minLength: 1, maxLength: 5 }), (workloads) => {
        const place = (chart: Chart): void =>
          workloads.forEach(({ replicas, surge, main, init, ours }, index) => {
            const resources = ({ cpu, memory }: typeof main): Resources =>
              Resources.of({ cpu: Cpu.millis(cpu), memory: Size.kibibytes(Math.floor(memory / 1024)) });
            const wire = ({ cpu, memory }: typeof main): object => ({
              cpu: `${cpu}m`,
              memory: Math.floor(memory / 1024) * 1024,
            });
            if (ours) {
              web(
                chart,
                {
                  replicas,
                  rollout: Rollout.rolling({ maxSurge: surge }),
                  resources: resources(main),
                  ...(init
                    ? { initContainers: [{ name: 'init', image: 'ghcr.io/acme/i:1.0', resources: resources(init) }] }
                    : {}),
                },
                `w${index}`,
              );
            } else {
              deployment(chart, `w${index}`, replicas, [container(wire(main))], {
                spec: { strategy: { rollingUpdate: { maxSurge: surge } } },
                ...(init ? { pod: { initContainers: [container(wire(init), undefined, 'init')] } } : {}),
              });
            }
          });
        const total = (of: (some: { cpu: number; memory: number }) => number): number =>
          workloads.reduce(
            (sum, { replicas, surge, main, init }) =>
              sum + (replicas + Math.min(replicas, surge)) * Math.max(of(main), init ? of(init) : 0),
            0,
          );
        const [cpu, kibibytes] = [total((some) => some.cpu), total((some) => Math.floor(some.memory / 1024))];
        const exact = {
          cpu: Cpu.millis(cpu),
          cpuLimit: Cpu.units(100_000),
          memory: Size.kibibytes(kibibytes),
          ephemeralStorage: Size.gibibytes(100),
        };
        expect(withQuota(exact, place)).toEqual([]);
        expect(
          withQuota({ ...exact, cpu: Cpu.millis(Math.max(1, cpu - 1)) }, place).some((message) =>
            message.includes(`prop 'quota.cpu': got ${cpu % 1000 === 0 ? cpu / 1000 : `${cpu}m`} (`),
          ),
        ).toBe(cpu > 1);
        expect(
          withQuota(
            { ...exact, memory: Size.kibibytes(kibibytes - 1), memoryLimit: Size.gibibytes(100_000) },
            place,
          ).some((message) => message.includes("prop 'quota.memory'")),
        ).toBe(kibibytes > 4096);
      }),
      { numRuns: 40 },
    );
  });
});

describe('storage', () => {
  test('of claims of a StatefulSet counts once for each pod, in all and in its class (CH08-40)', () => {
    const classes = (fast: number): Partial<QuotaOptions> => ({
      storage: Size.gibibytes(31),
      storageClasses: { fast: { storage: Size.gibibytes(fast), claims: 3 } },
    });
    const place = (chart: Chart): void => {
      redis(chart, 'fast');
      raw(chart, 'own', 'v1', 'PersistentVolumeClaim', {
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      });
    };
    expect(withQuota(classes(30), place)).toEqual([]);
    expect(withQuota(classes(29), place)).toEqual([
      `[platform/shop] prop 'quota.storageClasses['fast'].storage': got 30Gi (StatefulSet web/redis: 3 x 10Gi = 30Gi), expected at most 29Gi (quota fast.storageclass.storage.k8s.io/requests.storage). ${REMOVE}`,
    ]);
    expect(withQuota({ storage: Size.gibibytes(30) }, place)[0]).toBe(
      `[platform/shop] prop 'quota.storage': got 31Gi (StatefulSet web/redis: 3 x 10Gi = 30Gi; PersistentVolumeClaim web/own: 1 x 1Gi = 1Gi), expected at most 30Gi (quota requests.storage). ${REMOVE}`,
    );
  });

  test('of claims in a quota for a VolumeAttributesClass is unknown: the class of a claim can change', () => {
    const place =
      (scopeName: string) =>
      (chart: Chart): void => {
        redis(chart);
        raw(chart, 'gold', 'v1', 'ResourceQuota', {
          spec: {
            hard: { 'requests.storage': '1Gi' },
            scopeSelector: { matchExpressions: [{ scopeName, operator: 'In', values: ['gold'] }] },
          },
        });
      };
    expect(withQuota({ storage: Size.gibibytes(30) }, place('VolumeAttributesClass'))).toEqual([]);
    expect(withQuota({ storage: Size.gibibytes(30) }, place('PriorityClass'))).toHaveLength(1);
  });

  describe('of generic ephemeral volumes counts once for each pod, those of a rollout included (CH08-40)', () => {
    const ephemeral = {
      volumeClaimTemplate: {
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'fast',
          resources: { requests: { storage: '10Gi' } },
        },
      },
    };
    const raws = (chart: Chart): ApiObject =>
      deployment(chart, 'cache', 3, [container({ cpu: '1m', memory: '8Mi' })], {
        spec: { strategy: { rollingUpdate: { maxSurge: 2 } } },
        pod: {
          volumes: [
            { name: 'scratch', ephemeral },
            { name: 'other', emptyDir: {} },
          ],
        },
      });
    const options = (storage: number, claims: number): Partial<QuotaOptions> => ({
      storage: Size.gibibytes(storage),
      storageClasses: { fast: { storage: Size.gibibytes(storage), claims } },
      objects: { persistentVolumeClaims: claims },
    });

    test('in all keys of claims', () => {
      expect(withQuota(options(50, 5), raws)).toEqual([]);
      expect(withQuota(options(49, 4), raws)).toEqual([
        `[platform/shop] prop 'quota.storageClasses['fast'].claims': got 5 (5 of Deployment web/cache), expected at most 4 (quota fast.storageclass.storage.k8s.io/persistentvolumeclaims). ${REMOVE}`,
        `[platform/shop] prop 'quota.storageClasses['fast'].storage': got 50Gi (Deployment web/cache: 5 x 10Gi = 50Gi), expected at most 49Gi (quota fast.storageclass.storage.k8s.io/requests.storage). ${REMOVE}`,
        `[platform/shop] prop 'quota.objects.persistentVolumeClaims': got 5 (5 of Deployment web/cache), expected at most 4 (quota persistentvolumeclaims). ${REMOVE}`,
        `[platform/shop] prop 'quota.storage': got 50Gi (Deployment web/cache: 5 x 10Gi = 50Gi), expected at most 49Gi (quota requests.storage). ${REMOVE}`,
      ]);
    });

    test('with a warning of pods that still stop', () => {
      const WAITS = 'A rollout waits for terminating pods. Raise the quota to avoid the wait (CH08-42)';
      expect(warningsWith(options(60, 6), raws)).toEqual([]);
      expect(warningsWith(options(59, 5), raws)).toEqual([
        `quota.storageClasses['fast'].claims: 6 (5, and 1 of terminating pods of Deployment web/cache) temporarily, expected at most 5 (quota fast.storageclass.storage.k8s.io/persistentvolumeclaims). ${WAITS}`,
        `quota.storageClasses['fast'].storage: 60Gi (50Gi, and Deployment web/cache: 1 x 10Gi = 10Gi) temporarily, expected at most 59Gi (quota fast.storageclass.storage.k8s.io/requests.storage). ${WAITS}`,
        `quota.objects.persistentVolumeClaims: 6 (5, and 1 of terminating pods of Deployment web/cache) temporarily, expected at most 5 (quota persistentvolumeclaims). ${WAITS}`,
        `quota.storage: 60Gi (50Gi, and Deployment web/cache: 1 x 10Gi = 10Gi) temporarily, expected at most 59Gi (quota requests.storage). ${WAITS}`,
      ]);
    });

    test('mounted into a workload of this library, too', () => {
      const ours = (chart: Chart): void => {
        const spec = {
          ...ephemeral.volumeClaimTemplate.spec,
          resources: { requests: { storage: kplus.k8s.Quantity.fromString('10Gi') } },
        };
        // cdk8s-plus has no factory for it
        const AnyVolume = kplus.Volume as unknown as new (...args: unknown[]) => kplus.Volume;
        web(chart, { replicas: 1 }).mount(
          '/scratch',
          new AnyVolume(chart, 'volume', 'scratch', { ephemeral: { volumeClaimTemplate: { spec } } }),
        );
      };
      expect(withQuota(options(20, 2), ours)).toEqual([]);
      expect(withQuota(options(19, 2), ours)[0]).toContain('got 20Gi (Deployment web/web: 2 x 10Gi = 20Gi)');
    });

    test('against the bounds of a LimitRange', () => {
      expect(problemsOfTenant({ limitRange: { maxClaim: Size.gibibytes(9) } }, raws)).toEqual([
        "[platform/shop] prop 'limitRange.maxClaim': got a storage request of 10Gi in Deployment web/cache, expected at most 9Gi. Change the resources, or raise the maximum (CH08-44)",
      ]);
    });
  });

  test('is for teams that ask for it', () => {
    expect(withQuota({ storage: Size.gibibytes(0) }, redis).map((message) => message.replace(/got.*/, 'got'))).toEqual([
      "[platform/shop] prop 'quota.objects.persistentVolumeClaims': got",
      "[platform/shop] prop 'quota.storage': got",
    ]);
  });
});

describe('object counts', () => {
  const counted = (objects: QuotaOptions['objects'], place: (chart: Chart) => unknown): string[] =>
    withQuota({ objects }, place).map((message) => message.replace('[platform/shop] ', '').replace(`. ${REMOVE}`, ''));

  test('are those of all libraries, with kube-root-ca.crt as a ConfigMap (CH08-41)', () => {
    const place = (chart: Chart): void => {
      new VersionedConfigMap(chart, 'ours', { data: { a: '1' } });
      new kplus.ConfigMap(chart, 'theirs', { data: { a: '1' } });
      raw(chart, 'plain', 'v1', 'ConfigMap', { data: {} });
    };
    expect(counted({ configMaps: 4 }, place)).toEqual([]);
    expect(counted({ configMaps: 3 }, place)).toEqual([
      "prop 'quota.objects.configMaps': got 4 (3 in the app; 1 kube-root-ca.crt), expected at most 3 (quota configmaps)",
    ]);
  });

  test('warn where there is no room for the next versions of ConfigMaps', () => {
    const place = (chart: Chart): unknown => new VersionedConfigMap(chart, 'ours', { data: { a: '1' } });
    expect(warningsWith({ objects: { configMaps: 3 } }, place)).toEqual([]);
    expect(warningsWith({ objects: { configMaps: 2 } }, place)).toEqual([
      'quota.objects.configMaps: 3 (2, and 1 next versions, while old ones stay for rollbacks) temporarily, expected at most 2 (quota configmaps). Raise the quota, or delete old objects in time (CH08-42)',
    ]);
  });

  test('count the ServiceAccount default, whoever writes it', () => {
    expect(counted({ serviceAccounts: 2 }, (chart) => web(chart))).toEqual([]);
    expect(counted({ serviceAccounts: 1 }, (chart) => web(chart))).toEqual([
      "prop 'quota.objects.serviceAccounts': got 2 (2 in the app), expected at most 1 (quota count/serviceaccounts)",
    ]);
  });

  test('count Secrets that the app refers to and others create', () => {
    expect(counted({ secrets: 1 }, (chart) => redis(chart))).toEqual([]);
    expect(counted({ secrets: 0 }, (chart) => redis(chart))).toEqual([
      "prop 'quota.objects.secrets': got 1 (1 that the app refers to), expected at most 0 (quota secrets)",
    ]);
  });

  const service =
    (id: string, spec: object) =>
    (chart: Chart): ApiObject =>
      raw(chart, id, 'v1', 'Service', { spec: { ports: [{ port: 80 }, { port: 443, nodePort: 30443 }], ...spec } });

  test('count the ports of load balancers as node ports, unless they have none', () => {
    expect(counted({ loadBalancers: 1, nodePorts: 2 }, service('public', { type: 'LoadBalancer' }))).toEqual([]);
    expect(counted({ loadBalancers: 1, nodePorts: 1 }, service('public', { type: 'LoadBalancer' }))).toEqual([
      "prop 'quota.objects.nodePorts': got 2 (2 of Service web/public), expected at most 1 (quota services.nodeports)",
    ]);
    expect(
      counted(
        { loadBalancers: 1, nodePorts: 1 },
        service('public', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }),
      ),
    ).toEqual([]);
    expect(counted({ nodePorts: 1 }, service('ports', { type: 'NodePort' }))).toEqual([
      "prop 'quota.objects.nodePorts': got 2 (2 of Service web/ports), expected at most 1 (quota services.nodeports)",
    ]);
  });

  test('have none of both unless it is said', () => {
    expect(counted({}, service('public', { type: 'LoadBalancer' }))).toEqual([
      "prop 'quota.objects.loadBalancers': got 1 (1 of Service web/public), expected at most 0 (quota services.loadbalancers)",
      "prop 'quota.objects.nodePorts': got 2 (2 of Service web/public), expected at most 0 (quota services.nodeports)",
    ]);
    expect(counted({}, service('inside', { type: 'ClusterIP' }))).toEqual([]);
  });

  test('count what Kubernetes makes of Deployments and CronJobs', () => {
    const cron = (chart: Chart): ApiObject =>
      raw(chart, 'cron', 'batch/v1', 'CronJob', {
        spec: {
          jobTemplate: {
            spec: {
              template: { spec: { restartPolicy: 'Never', containers: [container({ cpu: '1m', memory: '8Mi' })] } },
            },
          },
        },
      });
    expect(counted({ replicaSets: 0, jobs: 0 }, (chart) => [web(chart), cron(chart)])).toEqual([
      "prop 'quota.objects.jobs': got 1 (1 of CronJobs), expected at most 0 (quota count/jobs.batch)",
      "prop 'quota.objects.replicaSets': got 1 (1 of Deployments), expected at most 0 (quota count/replicasets.apps)",
    ]);
    expect(warningsWith({ objects: { replicaSets: 10, jobs: 4 } }, (chart) => [web(chart), cron(chart)])).toEqual([
      'quota.objects.jobs: 5 (1, and 4 finished ones of CronJobs) temporarily, expected at most 4 (quota count/jobs.batch). Raise the quota, or delete old objects in time (CH08-42)',
      'quota.objects.replicaSets: 11 (1, and 10 old ones of Deployments, for rollbacks) temporarily, expected at most 10 (quota count/replicasets.apps). Raise the quota, or delete old objects in time (CH08-42)',
    ]);
  });

  test('find every kind by its name in the API', () => {
    expect(
      counted({ networkPolicies: 3, ingresses: 1, services: 1, deployments: 1 }, (chart) => [
        web(chart),
        raw(chart, 'in', 'networking.k8s.io/v1', 'Ingress', {}),
      ]),
    ).toEqual([]);
    expect(
      counted({ networkPolicies: 2, ingresses: 0, services: 0, deployments: 0 }, (chart) => [
        web(chart),
        raw(chart, 'in', 'networking.k8s.io/v1', 'Ingress', {}),
      ]),
    ).toEqual([
      "prop 'quota.objects.deployments': got 1 (1 in the app), expected at most 0 (quota count/deployments.apps)",
      "prop 'quota.objects.ingresses': got 1 (1 in the app), expected at most 0 (quota count/ingresses.networking.k8s.io)",
      "prop 'quota.objects.networkPolicies': got 3 (3 in the app), expected at most 2 (quota count/networkpolicies.networking.k8s.io)",
      "prop 'quota.objects.services': got 1 (1 in the app), expected at most 0 (quota services)",
    ]);
  });
});

describe('the LimitRange against the workloads of its namespace', () => {
  test('refuses to give a CPU limit to a container that shall have none (CH08-46)', () => {
    const unlimited = (chart: Chart): unknown =>
      web(chart, { resources: Resources.withoutCpuLimit({ cpu: Cpu.millis(100), memory: Size.mebibytes(128) }) });
    expect(withQuota({}, unlimited)).toEqual([
      "[platform/shop] prop 'limitRange.defaultLimit': got a cpu limit of 400m for container 'main' of Deployment web/web, with a request and no limit, expected no default limit, or a limit in the container. Use Quota.withoutCpuLimit(...) for the namespace, or give the container a CPU limit (CH08-44)",
    ]);
    expect(
      problemsOfTenant({ quota: Quota.withoutCpuLimit({ cpu: Cpu.units(10), memory: Size.gibibytes(10) }) }, unlimited),
    ).toEqual([]);
  });

  test('gives values to containers that want them, and they count', () => {
    const none = (chart: Chart): unknown =>
      web(chart, { replicas: 1, rollout: Rollout.recreate(), resources: Resources.none() });
    expect(withQuota({ cpu: Cpu.millis(100), pods: 10 }, none)).toEqual([]);
    expect(withQuota({ cpu: Cpu.millis(99), cpuLimit: Cpu.units(1), pods: 10 }, none)[0]).toContain(
      'got 100m (Deployment web/web: 1 pods x 100m = 100m)',
    );
  });

  test('refuses what it would refuse on the cluster', () => {
    const limits = (limitRange: object): string[] =>
      problemsOfTenant({ limitRange }, (chart) => web(chart)).map((message) => message.replace('[platform/shop] ', ''));
    expect(limits({ max: { cpu: Cpu.millis(399) } })).toEqual([
      "prop 'limitRange.max': got a cpu limit of 400m in container 'main' of Deployment web/web, expected at most 399m. Change the resources, or raise the maximum (CH08-44)",
    ]);
    expect(limits({ max: { cpu: Cpu.millis(400) } })).toEqual([]);
    expect(limits({ min: { memory: Size.mebibytes(129) } })).toEqual([
      "prop 'limitRange.min': got a memory request of 128Mi in container 'main' of Deployment web/web, expected at least 129Mi. Change the resources, or lower the minimum (CH08-44)",
    ]);
    expect(limits({ maxRatio: { cpu: 3 } })).toEqual([
      "prop 'limitRange.maxRatio': got a cpu ratio of limit to request of 4 in container 'main' of Deployment web/web, expected at most 3 times the request. Change the resources, or raise the maximum (CH08-44)",
    ]);
    expect(limits({ maxRatio: { cpu: 4 } })).toEqual([]);
  });

  test('refuses claims of the wrong size', () => {
    expect(problemsOfTenant({ limitRange: { maxClaim: Size.gibibytes(9) } }, redis)).toEqual([
      "[platform/shop] prop 'limitRange.maxClaim': got a storage request of 10Gi in StatefulSet web/redis, expected at most 9Gi. Change the resources, or raise the maximum (CH08-44)",
    ]);
  });

  test('refuses a pod without CPU limit where a quota of others asks for one and nothing gives a default', () => {
    const place = (chart: Chart): void => {
      web(chart, { resources: Resources.withoutCpuLimit({ cpu: Cpu.millis(100), memory: Size.mebibytes(128) }) });
      raw(chart, 'theirs', 'v1', 'ResourceQuota', { spec: { hard: { 'limits.cpu': '100' } } });
    };
    expect(
      problemsOfTenant({ quota: Quota.withoutCpuLimit({ cpu: Cpu.units(10), memory: Size.gibibytes(10) }) }, place),
    ).toEqual([
      "[platform/shop] prop 'ResourceQuota theirs': got no value for it in container 'main' of Deployment web/web, expected one in each container: with this quota, the API refuses other pods. Set resources on the container, or a default in the LimitRange (CH08-42)",
    ]);
  });

  test('of others counts, too, also for whole pods', () => {
    const place = (chart: Chart): void => {
      web(chart);
      raw(chart, 'theirs', 'v1', 'LimitRange', { spec: { limits: [{ type: 'Pod', max: { cpu: '200m' } }] } });
    };
    expect(problemsOfTenant({}, place)).toEqual([
      "[platform/shop] prop 'LimitRange theirs': got a cpu limit of 400m in the pods of Deployment web/web, expected at most 200m. Change the resources, or raise the maximum (CH08-44)",
    ]);
  });
});

test('warns of quotas that promise more than the cluster has, once a cluster (CH08-43)', () => {
  const app = new App();
  new ClusterProfile({
    name: 'prod',
    nodes: 2,
    allocatable: { cpu: Cpu.units(4), memory: Size.gibibytes(16), pods: 50 },
  }).assignTo(app);
  const platform = new Chart(app, 'platform');
  for (const name of ['shop', 'blog']) {
    new TenantNamespace(platform, name, {
      name,
      owner: 'a',
      team: name,
      purpose: 'p',
      quota: Quota.of({ cpu: Cpu.units(5), memory: Size.gibibytes(16), pods: 50 }),
    });
  }
  app.synthYaml();
  expect(Inventory.of(app).warnings).toEqual([
    {
      path: 'platform/shop',
      message:
        "quota.cpu: the quotas of 2 namespaces add up to 10, and the ClusterProfile 'prod' says 8 on 2 nodes. Lower quotas or add nodes before all teams use what they have (CH08-43)",
    },
  ]);
});
