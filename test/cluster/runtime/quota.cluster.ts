import { ApiObject, App, Chart, Size } from 'cdk8s';
import {
  Autoscaling,
  ClusterProfile,
  Cpu,
  DeveloperNamespace,
  Inventory,
  type ObjectCounts,
  Probe,
  Quota,
  type QuotaOptions,
  Redis,
  type RequiredSecret,
  Resources,
  Rollout,
  TenantNamespace,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from 'cdk8s-best-practices';
import * as fc from 'fast-check';
import { parseQuantity } from '../../../src/kubernetes/quantity';
import { eventually } from '../../rig/processes';
import {
  type DemandingCase,
  demandingCase,
  GPU,
  IMPORTANT,
  manifestsOfDemand,
  RESTRICTED,
} from '../acceptance/arbitrary-demand';
import { type LimitsCase, limitsCase } from '../acceptance/arbitrary-limits';
import { type Admission, enforce, enforceLimits, offerAll, usedIn } from '../rig/admission';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { controlled } from '../rig/controlled';
import { figure } from '../rig/figures';
import { PROBE } from '../rig/images';
import { NEWEST } from '../rig/versions';
import { secret } from '../rig/workbench';

const { node } = Cluster;
const api = new Api(node);
afterAll(() => api.close());

const CASES = Number(process.env.QUOTA_CASES ?? 24);
const SEED = Number(process.env.RANDOM_SEED ?? Date.now() % 1_000_000_000);
/** More than any case needs. */
const ROOM: QuotaOptions = {
  cpu: Cpu.units(1000),
  memory: Size.gibibytes(1000),
  pods: 1000,
  storage: Size.gibibytes(1000),
};
const OWNER = { owner: 'tests@example.com', team: 'tests', purpose: 'Compares the library with the API server' };

/** What the library says when the app is synthesized; nothing when it passes. */
function refusals(app: App): string[] {
  try {
    app.synthYaml();
    return [];
  } catch (error) {
    const [title, ...messages] = (error as Error).message.split('\n').map((line) => line.trim());
    if (title !== 'Validation failed with the following errors:') throw error;
    return messages;
  }
}

/** The manifests, also of an app that the library refuses. */
function manifestsOf(app: App): Manifest[] {
  return app.node
    .findAll()
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
    .map((object) => object.toJson() as Manifest);
}

/** Whether the API server takes all that is in the app, at its peak. */
async function admitted(namespace: string, app: App): Promise<Admission> {
  const manifests = manifestsOf(app);
  await enforce(api, namespace, manifests);
  const rest = manifests.filter(({ kind }) => !['Namespace', 'ResourceQuota', 'LimitRange'].includes(kind as string));
  const maxima = new Map(
    rest
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .map(({ spec }) => [`${spec.scaleTargetRef.kind} ${spec.scaleTargetRef.name}`, spec.maxReplicas as number]),
  );
  const all = rest.map((manifest) => controlled(manifest, maxima.get(`${manifest.kind} ${manifest.metadata.name}`)));
  // Secrets that the app refers to are made by somebody else
  const secrets = Inventory.of(app).secrets.map(({ name, type }: RequiredSecret) => secret(namespace, name, {}, type));
  return offerAll(
    api,
    namespace,
    [...all.flatMap(({ objects }) => objects), ...secrets],
    all.flatMap(({ pods }) => pods),
  );
}

/** Runs `work` for all cases, a few at once. */
async function forAll<T>(cases: readonly T[], work: (one: T, index: number) => Promise<void>): Promise<void> {
  const left = cases.map((one, index) => async () => work(one, index));
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let next = left.shift(); next; next = left.shift()) await next();
    }),
  );
}

const amountOf = (text: string): bigint => parseQuantity(text) ?? -1n;

/** What the standard quota of pods counts, and what one with a scope can. */
const SCOPED = ['pods', 'cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];
const UNSCOPED = [
  ...SCOPED,
  'count/pods',
  'ephemeral-storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  `requests.${GPU}`,
];
const keysOf = ({ scope, cpuLimits }: DemandingCase): string[] =>
  (scope === undefined ? UNSCOPED : SCOPED).filter((key) => cpuLimits || key !== 'limits.cpu');

/** A case in a namespace, beside a quota of its own. */
function appOf(given: DemandingCase, namespace: string, hard: Record<string, string>): App {
  const app = new App();
  new ClusterProfile({ version: NEWEST }).assignTo(app);
  const tenants = new Chart(app, 'tenants');
  new TenantNamespace(tenants, namespace, {
    ...OWNER,
    name: namespace,
    quota: given.cpuLimits ? Quota.of(ROOM) : Quota.withoutCpuLimit(ROOM),
  });
  const chart = new Chart(app, 'team', { namespace });
  const scope =
    given.scope === 'PriorityClass'
      ? { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: [IMPORTANT] }] } }
      : given.scope && { scopes: [given.scope] };
  new ApiObject(chart, 'exact', {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'exact' },
    spec: { hard, ...scope },
  });
  given.workloads.forEach((workload, index) =>
    manifestsOfDemand(workload, `${namespace}-${index}`).forEach(
      (manifest) =>
        new ApiObject(
          manifest.kind === 'RuntimeClass' ? tenants : chart,
          `${manifest.kind}-${index}`,
          manifest as never,
        ),
    ),
  );
  return app;
}

/** The sums that the library shows when nothing is allowed. */
function sumsOf(given: DemandingCase, namespace: string): Record<string, string> {
  const messages = refusals(appOf(given, namespace, Object.fromEntries(keysOf(given).map((key) => [key, '0']))));
  const sums = messages.map(
    (message) =>
      /prop 'ResourceQuota exact': got (\S+) \(.*expected at most 0 \(quota (\S+)\)/.exec(message)?.slice(1) as [
        string,
        string,
      ],
  );
  expect(sums).not.toContain(undefined);
  return {
    ...Object.fromEntries(keysOf(given).map((key) => [key, '0'])),
    ...Object.fromEntries(sums.map(([sum, key]) => [key, sum])),
  };
}

/** The next smaller quota that is still a quantity of its kind: a milli-core, a byte, a pod. */
function oneLess(key: string, sum: string): string {
  const unit = /cpu$/.test(key) ? 1_000_000n : 1_000_000_000n;
  const less = (amountOf(sum) - unit) / unit;
  return /cpu$/.test(key) ? `${less}m` : String(less);
}

const text = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

test('a quota of exactly what the library adds up takes random pods, and one of a unit less does not', async () => {
  process.stdout.write(`    quota: seed ${SEED}; RANDOM_SEED=${SEED} repeats it\n`);
  await api.apply({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: IMPORTANT },
    value: 1000,
  });
  const cases = fc.sample(demandingCase, { numRuns: CASES, seed: SEED });
  let [pods, sums] = [0, 0];
  const differences: unknown[] = [];
  await forAll(cases, async (given, index) => {
    const [full, less] = [`quota-${index}`, `quota-${index}-less`];
    const hard = sumsOf(given, full);
    expect(refusals(appOf(given, full, hard))).toEqual([]);
    const exact = await admitted(full, appOf(given, full, hard));
    const expected = Object.fromEntries(Object.entries(hard).map(([key, sum]) => [key, amountOf(sum)]));
    const used = Object.fromEntries(Object.keys(hard).map((key) => [key, amountOf(exact.used[`exact ${key}`])]));
    if (exact.refused.length > 0 || JSON.stringify(used, text) !== JSON.stringify(expected, text)) {
      differences.push({ given, hard, refused: exact.refused, used: exact.used });
    }
    pods += Number(exact.used['exact pods']);

    const present = Object.keys(hard).filter((key) => expected[key] > 0n);
    const key = present[index % present.length] as string | undefined;
    sums += present.length;
    if (key === undefined) return;
    const smaller = { ...sumsOf(given, less), [key]: oneLess(key, hard[key]) };
    expect(refusals(appOf(given, less, smaller))).toEqual([expect.stringContaining(`(quota ${key})`)]);
    const short = await admitted(less, appOf(given, less, smaller));
    if (!short.refused.some((message) => message.includes('exceeded quota: exact') && message.includes(`${key}=`))) {
      differences.push({ given, smaller, refused: short.refused, used: short.used });
    }
  });
  expect(differences).toEqual([]);
  figure(
    'A quota of exactly the sum that the library shows admits all pods at their peak; one milli-core, byte or pod less does not',
    `${CASES} random namespaces with ${pods} pods: ${sums} sums equal to what the API server counts, ${CASES} quotas of a unit less refused by both`,
  );
}, 120_000);

/** A bound, what is placed under it, and how much that is. */
interface Bound {
  readonly key: string;
  readonly sum: number;
  readonly quota: (sum: number) => Partial<QuotaOptions>;
  readonly place: (chart: Chart) => void;
}

const GIBIBYTE = 2 ** 30;
const small = Resources.of({ cpu: Cpu.millis(10), memory: Size.mebibytes(16) });

function raw(chart: Chart, apiVersion: string, kind: string, name: string, rest: object = {}): void {
  new ApiObject(chart, `${kind}-${name}`, { apiVersion, kind, metadata: { name }, ...rest });
}

function service(chart: Chart, name: string, spec: Manifest): void {
  raw(chart, 'v1', 'Service', name, { spec });
}

const ports = (...given: Array<number | undefined>): Manifest[] =>
  given.map((nodePort, index) => ({
    name: `p${index}`,
    port: 80 + index,
    ...(nodePort === undefined ? {} : { nodePort }),
  }));

function claim(chart: Chart, name: string, storage: string, spec: object = {}): void {
  raw(chart, 'v1', 'PersistentVolumeClaim', name, {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...spec },
  });
}

function web(chart: Chart, id = 'web', props: Partial<WebServiceProps> = {}): WebService {
  return new WebService(chart, id, {
    image: PROBE,
    port: 8080,
    replicas: 2,
    resources: small,
    readiness: Probe.httpGet('/readyz'),
    ...props,
  });
}

/** 3 claims of 1 GiB. */
function redis(chart: Chart): Redis {
  return new Redis(chart, 'redis', {
    storage: Size.gibibytes(1),
    storageClassName: 'fast',
    cpu: Cpu.millis(10),
    maxMemory: Size.mebibytes(16),
    password: { secret: new VersionedSecret(chart, 'passwd', { version: 'v1' }), key: 'passwd' },
  });
}

/** Storage of Redis, a claim with another class, and one whose odd size is rounded up by nobody. */
function claims(chart: Chart): void {
  redis(chart);
  claim(chart, 'odd', String(GIBIBYTE + 512), { storageClassName: 'slow' });
  claim(chart, 'old', '1Gi', {});
}

const template = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'main', image: 'example.com/none:1.0.0', securityContext: RESTRICTED }] },
};
const selector = { matchLabels: { app: 'x' } };
const jobTemplate = { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } };
const ofObject =
  (kind: keyof ObjectCounts) =>
  (count: number): Partial<QuotaOptions> => ({ objects: { loadBalancers: 10, nodePorts: 100, [kind]: count } });

const BOUNDS: readonly Bound[] = [
  // with kube-root-ca.crt
  {
    key: 'configmaps',
    sum: 4,
    quota: ofObject('configMaps'),
    place: (chart) => ['a', 'b', 'c'].forEach((id) => new VersionedConfigMap(chart, id, { data: { id } })),
  },
  {
    key: 'secrets',
    sum: 2,
    quota: ofObject('secrets'),
    place: (chart) => {
      raw(chart, 'v1', 'Secret', 'made', { stringData: {} });
      web(chart).mount('/etc/token', new VersionedSecret(chart, 'token', { version: 'v1' }));
    },
  },
  {
    key: 'services',
    sum: 3,
    quota: ofObject('services'),
    place: (chart) => {
      web(chart);
      service(chart, 'name', { type: 'ExternalName', externalName: 'example.com' });
      service(chart, 'plain', { ports: ports(undefined) });
    },
  },
  {
    key: 'services.loadbalancers',
    sum: 2,
    quota: ofObject('loadBalancers'),
    place: (chart) =>
      ['a', 'b'].forEach((name) => service(chart, name, { type: 'LoadBalancer', ports: ports(undefined) })),
  },
  {
    key: 'services.nodeports',
    sum: 6,
    quota: ofObject('nodePorts'),
    place: (chart) => {
      service(chart, 'balanced', { type: 'LoadBalancer', ports: ports(undefined, undefined, undefined) });
      // the API server takes a free port above 30085
      service(chart, 'direct', {
        type: 'LoadBalancer',
        allocateLoadBalancerNodePorts: false,
        ports: ports(undefined, chart.namespace?.endsWith('-less') ? 30000 : 30001),
      });
      service(chart, 'node', { type: 'NodePort', ports: ports(undefined, undefined) });
    },
  },
  { key: 'persistentvolumeclaims', sum: 5, quota: ofObject('persistentVolumeClaims'), place: claims },
  {
    key: 'requests.storage',
    sum: 5 * GIBIBYTE + 512,
    quota: (bytes) => ({ storage: kibibytes(bytes) }),
    place: claims,
  },
  {
    key: 'fast.storageclass.storage.k8s.io/requests.storage',
    sum: 3 * GIBIBYTE,
    quota: (bytes) => ({ storageClasses: { fast: { storage: kibibytes(bytes) } } }),
    place: claims,
  },
  {
    key: 'fast.storageclass.storage.k8s.io/persistentvolumeclaims',
    sum: 3,
    quota: (count) => ({ storageClasses: { fast: { claims: count } } }),
    place: claims,
  },
  {
    key: 'slow.storageclass.storage.k8s.io/requests.storage',
    sum: GIBIBYTE + 512,
    quota: (bytes) => ({ storageClasses: { slow: { storage: kibibytes(bytes) } } }),
    place: claims,
  },
  { key: 'count/serviceaccounts', sum: 2, quota: ofObject('serviceAccounts'), place: (chart) => web(chart) },
  {
    key: 'count/deployments.apps',
    sum: 2,
    quota: ofObject('deployments'),
    place: (chart) => ['a', 'b'].forEach((id) => web(chart, id)),
  },
  {
    key: 'count/replicasets.apps',
    sum: 2,
    quota: ofObject('replicaSets'),
    place: (chart) => ['a', 'b'].forEach((id) => web(chart, id)),
  },
  { key: 'count/statefulsets.apps', sum: 1, quota: ofObject('statefulSets'), place: (chart) => redis(chart) },
  {
    key: 'count/daemonsets.apps',
    sum: 1,
    quota: ofObject('daemonSets'),
    place: (chart) => raw(chart, 'apps/v1', 'DaemonSet', 'agent', { spec: { selector, template } }),
  },
  {
    key: 'count/jobs.batch',
    sum: 2,
    quota: ofObject('jobs'),
    place: (chart) => {
      raw(chart, 'batch/v1', 'Job', 'once', jobTemplate);
      raw(chart, 'batch/v1', 'CronJob', 'often', { spec: { schedule: '0 0 1 1 *', jobTemplate } });
    },
  },
  {
    key: 'count/cronjobs.batch',
    sum: 1,
    quota: ofObject('cronJobs'),
    place: (chart) => raw(chart, 'batch/v1', 'CronJob', 'often', { spec: { schedule: '0 0 1 1 *', jobTemplate } }),
  },
  {
    key: 'count/ingresses.networking.k8s.io',
    sum: 1,
    quota: ofObject('ingresses'),
    place: (chart) =>
      raw(chart, 'networking.k8s.io/v1', 'Ingress', 'way', {
        spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
      }),
  },
  // that of the service, and two of the namespace
  {
    key: 'count/networkpolicies.networking.k8s.io',
    sum: 3,
    quota: ofObject('networkPolicies'),
    place: (chart) => web(chart),
  },
];

/** The next amount that a `Size` can tell. */
function kibibytes(amount: number): Size {
  return Size.kibibytes(Math.ceil(amount / 1024));
}

function boundApp({ quota, place }: Bound, namespace: string, sum: number): App {
  const app = new App();
  new TenantNamespace(new Chart(app, 'tenants'), namespace, {
    ...OWNER,
    name: namespace,
    quota: Quota.of({ ...ROOM, ...quota(sum) }),
  });
  place(new Chart(app, 'team', { namespace }));
  return app;
}

test('a quota of objects and storage takes what the library counts, and one less does not', async () => {
  const differences: unknown[] = [];
  await forAll(BOUNDS, async (bound, index) => {
    const { key, sum } = bound;
    const [full, less] = [`objects-${index}`, `objects-${index}-less`];
    expect([key, refusals(boundApp(bound, full, sum))]).toEqual([key, []]);
    const exact = await admitted(full, boundApp(bound, full, sum));
    const used = exact.used[`${full} ${key}`];
    if (exact.refused.length > 0 || amountOf(used) !== BigInt(sum) * 1_000_000_000n) {
      differences.push({ key, sum, refused: exact.refused, used });
    }

    const smaller = sum > 1000 ? sum - 1024 : sum - 1;
    expect([key, refusals(boundApp(bound, less, smaller))]).toEqual([key, [expect.stringContaining(`(quota ${key})`)]]);
    const short = await admitted(less, boundApp(bound, less, smaller));
    if (!short.refused.some((message) => message.includes(`exceeded quota: ${less}`) && message.includes(key))) {
      differences.push({ key, smaller, refused: short.refused, used: short.used[`${less} ${key}`] });
    }
  });
  expect(differences).toEqual([]);
  figure(
    'A quota of objects or storage admits exactly what the library counts, and refuses it with one less',
    `${BOUNDS.length} kinds: equal to what the API server counts, and refused by both with one object or 1 KiB less`,
  );
}, 120_000);

/**
 * A service whose rollout starts two pods above the maximum of its autoscaler, with an init container that needs most.
 */
function scaled(namespace: string, cpu: number): App {
  const app = new App();
  new TenantNamespace(new Chart(app, 'tenants'), namespace, {
    ...OWNER,
    name: namespace,
    quota: Quota.of({ ...ROOM, cpu: Cpu.millis(cpu), cpuLimit: Cpu.units(100) }),
  });
  web(new Chart(app, 'team', { namespace, disableResourceNameHashes: true }), 'web', {
    replicas: undefined,
    autoscaling: Autoscaling.onCpu({ min: 2, max: 5, target: 80 }),
    rollout: Rollout.rolling({ maxSurge: 2 }),
    initContainers: [
      { name: 'prepare', image: PROBE, resources: Resources.of({ cpu: Cpu.millis(25), memory: Size.mebibytes(16) }) },
    ],
  });
  return app;
}

/** Two pods with a volume of their own each, and one more in a rollout. */
function ephemeral(namespace: string, persistentVolumeClaims: number): App {
  const app = new App();
  new TenantNamespace(new Chart(app, 'tenants'), namespace, {
    ...OWNER,
    name: namespace,
    quota: Quota.of({ ...ROOM, objects: { persistentVolumeClaims } }),
  });
  const volume = {
    name: 'scratch',
    ephemeral: {
      volumeClaimTemplate: {
        spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Gi' } } },
      },
    },
  };
  raw(new Chart(app, 'team', { namespace }), 'apps/v1', 'Deployment', 'cache', {
    spec: {
      replicas: 2,
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector,
      template: { ...template, spec: { ...template.spec, volumes: [volume] } },
    },
  });
  return app;
}

/**
 * Starts a Deployment at `replicas`, the maximum of its autoscaler, and rolls it out. Its pods are never scheduled, so
 * that old ones stay.
 */
async function rollOut(namespace: string, app: App, replicas: number): Promise<() => Promise<Record<string, string>>> {
  const manifests = manifestsOf(app);
  await enforce(api, namespace, manifests);
  const release = (annotations: Record<string, string>): Manifest[] =>
    manifests
      .filter(({ kind }) => !['Namespace', 'ResourceQuota', 'LimitRange'].includes(kind as string))
      .map((manifest) =>
        manifest.kind !== 'Deployment'
          ? manifest
          : {
              ...manifest,
              spec: {
                ...manifest.spec,
                replicas,
                template: {
                  metadata: { ...manifest.spec.template.metadata, annotations },
                  spec: { ...manifest.spec.template.spec, schedulerName: 'none' },
                },
              },
            },
      );
  for (const manifest of release({ release: '1' })) await api.apply(manifest);
  await eventually(`${replicas} pods in ${namespace}`, async () =>
    expect(await usedIn(api, namespace)).toMatchObject({ [`${namespace} pods`]: String(replicas) }),
  );
  for (const manifest of release({ release: '2' })) await api.apply(manifest);
  return async () => usedIn(api, namespace);
}

test('the maximum of an autoscaler and the surge of a rollout take what the library adds up', async () => {
  const [message] = refusals(scaled('peak', 174));
  const [, sum, pods] =
    /got (\S+) \(Deployment team\/web: (\d+) pods x 25m = \1\), expected at most 174m/.exec(message) ?? [];
  expect([sum, pods]).toEqual(['175m', '7']);
  expect(refusals(scaled('peak', 175))).toEqual([]);

  const [full, less] = await Promise.all([
    rollOut('peak', scaled('peak', 175), 5),
    rollOut('peak-less', scaled('peak-less', 174), 5),
  ]);
  await eventually('the peak of the rollout', async () =>
    expect(await full()).toMatchObject({ 'peak pods': pods, 'peak requests.cpu': sum }),
  );
  await eventually('a pod that the quota refuses', async () => {
    expect((await node.list('peak-less', 'events')).map(({ message: told }) => told as string)).toContainEqual(
      expect.stringContaining(
        'exceeded quota: peak-less, requested: requests.cpu=25m, used: requests.cpu=150m, limited: requests.cpu=174m',
      ),
    );
  });
  expect(await less()).toMatchObject({ 'peak-less pods': '6', 'peak-less requests.cpu': '150m' });
  figure(
    'Maximum of the autoscaler plus surge is what the quota counts in a rollout',
    `library: ${pods} pods, ${sum}; status of the quota: ${(await full())['peak pods']} pods, ${(await full())['peak requests.cpu']}; with 174m the 7th pod is refused`,
  );
  await Promise.all(
    ['peak', 'peak-less'].map(async (namespace) =>
      node.kubectl('--namespace', namespace, 'delete', 'deployments', '--all', '--wait=false'),
    ),
  );
});

test('claims of ephemeral volumes take what the library adds up, those of a rollout included', async () => {
  expect(refusals(ephemeral('claims', 3))).toEqual([]);
  expect(refusals(ephemeral('claims-less', 2))).toEqual([
    expect.stringContaining(
      'got 3 (3 of Deployment team/Deployment-cache), expected at most 2 (quota persistentvolumeclaims)',
    ),
  ]);

  const [full, less] = await Promise.all([
    rollOut('claims', ephemeral('claims', 3), 2),
    rollOut('claims-less', ephemeral('claims-less', 2), 2),
  ]);
  await eventually('a claim of each pod', async () =>
    expect(await full()).toMatchObject({
      'claims pods': '3',
      'claims persistentvolumeclaims': '3',
      'claims requests.storage': '3Gi',
    }),
  );
  await eventually('a claim that the quota refuses', async () => {
    expect((await node.list('claims-less', 'events')).map(({ message: told }) => told as string)).toContainEqual(
      expect.stringContaining(
        'exceeded quota: claims-less, requested: persistentvolumeclaims=1, used: persistentvolumeclaims=2, limited: persistentvolumeclaims=2',
      ),
    );
  });
  expect(await less()).toMatchObject({ 'claims-less pods': '3', 'claims-less persistentvolumeclaims': '2' });
  figure(
    'Claims of ephemeral volumes are what the quota counts in a rollout',
    'library: 3 claims for 2 pods and the surge; status of the quota: 3; with room for 2 the third is refused',
  );
  await Promise.all(
    ['claims', 'claims-less'].map(async (namespace) =>
      node.kubectl('--namespace', namespace, 'delete', 'deployments', '--all', '--wait=false'),
    ),
  );
});

test('the namespace of a developer takes 10 CPU and 100 GiB, and not more', async () => {
  const build = (namespace: string, more: boolean): App => {
    const app = new App();
    new DeveloperNamespace(new Chart(app, 'tenants'), namespace, { ...OWNER, name: namespace });
    const chart = new Chart(app, 'team', { namespace });
    const pod = (amounts: object): object => ({
      metadata: { labels: { app: 'x' } },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'example.com/none:1.0.0',
            resources: { requests: amounts, limits: amounts },
            securityContext: RESTRICTED,
          },
        ],
      },
    });
    raw(chart, 'apps/v1', 'ReplicaSet', 'work', {
      spec: { replicas: 10, selector, template: pod({ cpu: '1', memory: '10Gi' }) },
    });
    if (more) {
      raw(chart, 'apps/v1', 'ReplicaSet', 'more', {
        spec: { replicas: 1, selector, template: pod({ cpu: '1m', memory: '4Mi' }) },
      });
    }
    return app;
  };
  expect(refusals(build('developer', false))).toEqual([]);
  const full = await admitted('developer', build('developer', false));
  expect(full).toMatchObject({
    refused: [],
    used: {
      'developer requests.cpu': '10',
      'developer limits.cpu': '10',
      'developer requests.memory': '100Gi',
      'developer limits.memory': '100Gi',
    },
  });

  expect(
    refusals(build('developer-more', true))
      .map((message) => /\(quota \S+\)/.exec(message)?.[0])
      .sort(),
  ).toEqual(['(quota limits.cpu)', '(quota limits.memory)', '(quota requests.cpu)', '(quota requests.memory)']);
  expect((await admitted('developer-more', build('developer-more', true))).refused).toEqual([
    expect.stringContaining('exceeded quota: developer-more'),
  ]);
  figure(
    'The namespace of a developer takes 10 CPU and 100 GiB',
    '10 pods of 1 CPU and 10 GiB admitted, a pod of 1m CPU more refused by both',
  );
});

const LIMITS = 'limits';

/** A tenant with the LimitRange of a case, and one object in it. */
function limitsApp({ limitRange, ofPods }: LimitsCase, object?: Manifest): App {
  const app = new App();
  new TenantNamespace(new Chart(app, 'tenants'), LIMITS, { ...OWNER, name: LIMITS, quota: Quota.of(ROOM), limitRange });
  const chart = new Chart(app, 'team', { namespace: LIMITS });
  if (ofPods) raw(chart, 'v1', 'LimitRange', 'of-pods', { spec: { limits: [ofPods] } });
  if (object) new ApiObject(chart, 'object', object as never);
  return app;
}

/**
 * What a LimitRange does with an object. One that gets a limit below its request is invalid before anything is
 * compared.
 */
type Verdict = 'admitted' | 'refused' | 'given a limit' | 'invalid';

const isInjection = (message: string): boolean => message.includes('with a request and no limit');

/** What the library expects of the API server. */
function expectedVerdicts(messages: readonly string[]): Verdict[] {
  const refused = messages.some((message) => !isInjection(message));
  return messages.some(isInjection)
    ? ['invalid', refused ? 'refused' : 'given a limit']
    : [refused ? 'refused' : 'admitted'];
}

/** What the API server does; any other answer as its message. */
async function verdictOf(object: Manifest): Promise<string> {
  const { status, body } = await api.dryRun({ ...object, metadata: { ...object.metadata, namespace: LIMITS } });
  const verdicts: Record<number, readonly [RegExp, Verdict]> = {
    403: [/(minimum|maximum|max limit to request ratio)/, 'refused'],
    422: [/must be less than or equal to (cpu|memory) limit/, 'invalid'],
  };
  const [pattern, verdict] = verdicts[status] ?? [];
  if (status >= 300) return pattern?.test(body.message as string) ? verdict : (body.message as string);
  const all = ({ spec }: Manifest): Manifest[] =>
    [...(spec.containers ?? []), ...(spec.initContainers ?? [])] as Manifest[];
  const given = all(object).some(({ name, resources }) =>
    ['cpu', 'memory'].some((resource) => {
      const limit = all(body).find((container) => container.name === name)?.resources.limits?.[resource] as
        string | undefined;
      return (
        limit !== undefined &&
        resources.limits?.[resource] === undefined &&
        resources.requests?.[resource] !== undefined
      );
    }),
  );
  return given ? 'given a limit' : 'admitted';
}

test('random LimitRanges refuse and change the containers, pods and claims of which the library says so', async () => {
  const valid = limitsCase.filter((given) => refusals(limitsApp(given)).length === 0);
  const cases = fc.sample(valid, { numRuns: CASES, seed: SEED });
  await enforce(
    api,
    LIMITS,
    manifestsOf(limitsApp(cases[0])).filter(({ kind }) => kind !== 'LimitRange'),
  );
  const seen = new Map<string, number>();
  const count = (...verdicts: Verdict[]): number =>
    verdicts.reduce((sum, verdict) => sum + (seen.get(verdict) ?? 0), 0);
  const differences: unknown[] = [];
  for (const given of cases) {
    await node.kubectl('--namespace', LIMITS, 'delete', 'limitrange/of-pods', '--ignore-not-found');
    const [limits, ...others] = manifestsOf(limitsApp(given)).filter(({ kind }) => kind === 'LimitRange');
    for (const other of others) await api.apply(other);
    // the last, since it is known when it is in force
    await enforceLimits(api, LIMITS, limits);
    const objects = [
      ...given.pods.map((spec) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec })),
      ...given.claims.map((storage) => ({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'claim' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
      })),
    ];
    await Promise.all(
      objects.map(async (object) => {
        const [expected, verdict] = [
          expectedVerdicts(refusals(limitsApp(given, object))) as string[],
          await verdictOf(object),
        ];
        seen.set(verdict, (seen.get(verdict) ?? 0) + 1);
        if (!expected.includes(verdict)) {
          differences.push({
            limits: [limits, ...others].map(({ spec }) => spec as unknown),
            object: object.spec,
            expected,
            verdict,
          });
        }
      }),
    );
  }
  expect(differences.slice(0, 3)).toEqual([]);
  figure(
    'A LimitRange refuses and changes what the library says',
    `${CASES} random LimitRanges, ${count('admitted', 'refused', 'given a limit', 'invalid')} pods and claims at their bounds or a unit beside them: ${count('admitted')} admitted, ${count('refused')} refused, ${count('given a limit', 'invalid')} given a limit against their will, ${differences.length} disagreements`,
  );
}, 120_000);
