import * as fc from 'fast-check';
import type { Manifest } from '../rig/cluster';

/** Quantities of resources, as a user may spell them. */
type Amounts = Record<string, string>;

interface Resources {
  readonly requests?: Amounts;
  readonly limits?: Amounts;
}

/** A pod by what admission looks at. */
export interface Demand {
  readonly containers: readonly Resources[];
  readonly initContainers: ReadonlyArray<Resources & { readonly sidecar: boolean }>;
  readonly whole?: Resources;
  readonly overhead?: Amounts;
  readonly deadline: boolean;
  readonly important: boolean;
}

export interface DemandingWorkload {
  readonly pod: Demand;
  readonly scale: { readonly kind: string; readonly spec: Manifest };
  readonly autoscaled?: number;
}

/** A namespace with workloads, and the scope of a quota in it. */
export interface DemandingCase {
  /** Whether CPU limits are bounded; every container has one then. */
  readonly cpuLimits: boolean;
  readonly workloads: readonly DemandingWorkload[];
  readonly scope?: 'Terminating' | 'NotTerminating' | 'NotBestEffort' | 'PriorityClass';
}

export const IMPORTANT = 'quota-important';
export const GPU = 'example.com/gpu';

/** CPU in millionths of a core: finer than the API keeps. */
const cpuText = (micros: number): fc.Arbitrary<string> =>
  fc.constantFrom(`${micros}u`, String(micros / 1e6), `${micros / 1000}m`, `${micros}e-6`);
const bytesText = (bytes: number): fc.Arbitrary<string> =>
  fc.constantFrom(
    String(bytes),
    `${bytes}e0`,
    ...(bytes % 1024 === 0 ? [`${bytes / 1024}Ki`] : []),
    ...(bytes % 1000 === 0 ? [`${bytes / 1000}k`] : []),
  );

/** None, a limit only, or both; a request alone where no LimitRange would add a limit to it. */
function pair(
  amount: fc.Arbitrary<number>,
  text: (value: number) => fc.Arbitrary<string>,
  requestAlone: boolean,
): fc.Arbitrary<{ request?: string; limit?: string }> {
  const both = fc
    .tuple(amount, amount)
    .chain(([a, b]) => fc.record({ request: text(Math.min(a, b)), limit: text(Math.max(a, b)) }));
  const limit = amount.chain((value) => fc.record({ limit: text(value) }));
  const request = amount.chain((value) => fc.record({ request: text(value) }));
  return fc.oneof(both, both, limit, fc.constant({}), ...(requestAlone ? [request, request] : []));
}

const cpus = fc.oneof(
  fc.integer({ min: 1, max: 400 }).map((millis) => millis * 1000),
  fc.integer({ min: 1000, max: 400_000 }),
);
const bytes = fc.oneof(
  fc.integer({ min: 4, max: 64 }).map((mebibytes) => mebibytes * 2 ** 20),
  fc.integer({ min: 5000, max: 70_000 }).map((kilobytes) => kilobytes * 1000),
  fc.integer({ min: 2 ** 22, max: 2 ** 26 }),
);

function resources(cpuLimits: boolean): fc.Arbitrary<Resources> {
  return fc
    .record(
      {
        'cpu': pair(cpus, cpuText, !cpuLimits),
        'memory': pair(bytes, bytesText, false),
        'ephemeral-storage': pair(bytes, bytesText, false),
        [GPU]: fc.option(
          fc.integer({ min: 1, max: 3 }).map((count) => ({ request: String(count), limit: String(count) })),
          { nil: {}, freq: 2 },
        ),
      },
      { noNullPrototype: true },
    )
    .map((given) => {
      const of = (which: 'request' | 'limit'): Amounts =>
        Object.fromEntries(
          Object.entries(given as Record<string, { request?: string; limit?: string }>).flatMap(([name, both]) =>
            both[which] === undefined ? [] : [[name, both[which]]],
          ),
        );
      return { requests: of('request'), limits: of('limit') };
    });
}

/** More than all its containers together, as the API wants it. */
const whole: fc.Arbitrary<Resources> = fc.constantFrom<Resources>(
  { requests: { cpu: '5', memory: '600Mi' }, limits: { cpu: '9', memory: '1Gi' } },
  { requests: { cpu: '5000001u', memory: '700000001' } },
);
/** The request follows from it where no container has one. */
const WHOLE_LIMIT: Resources = { limits: { cpu: '9', memory: '1Gi' } };

function demand(cpuLimits: boolean): fc.Arbitrary<Demand> {
  const one = resources(cpuLimits);
  return fc
    .record({
      containers: fc.array(one, { minLength: 1, maxLength: 2 }),
      initContainers: fc.array(
        fc.tuple(one, fc.boolean()).map(([amounts, sidecar]) => ({ ...amounts, sidecar })),
        { maxLength: 3 },
      ),
      whole: fc.option(whole, { nil: undefined, freq: 5 }),
      overhead: fc.option(
        fc.record(
          { cpu: fc.integer({ min: 1, max: 300 }).map((millis) => `${millis}m`), memory: bytes.chain(bytesText) },
          { requiredKeys: [], noNullPrototype: true },
        ),
        { nil: undefined },
      ),
      deadline: fc.boolean(),
      important: fc.boolean(),
    })
    .chain((pod) =>
      fc.constantFrom(pod, pod, pod, pod, {
        ...pod,
        whole: WHOLE_LIMIT,
        containers: [{}],
        initContainers: [{ sidecar: true }],
      }),
    );
}

const few = fc.integer({ min: 1, max: 4 });
const surge = fc.constantFrom(0, 1, 2, '25%', '34%', '100%');

const scale: fc.Arbitrary<DemandingWorkload['scale']> = fc.oneof(
  fc.record({
    kind: fc.constant('Deployment'),
    spec: fc.record({
      replicas: few,
      strategy: fc.oneof(
        fc.constant({ type: 'Recreate' }),
        surge.map((maxSurge) => ({ rollingUpdate: { maxSurge, maxUnavailable: 1 } })),
      ),
    }),
  }),
  fc.record({ kind: fc.constant('Deployment'), spec: fc.record({ replicas: few }) }),
  fc.record({ kind: fc.constantFrom('StatefulSet', 'ReplicaSet'), spec: fc.record({ replicas: few }) }),
  fc.record({
    kind: fc.constantFrom('Job', 'CronJob'),
    spec: fc.record({ parallelism: few, completions: few }, { requiredKeys: [] }),
  }),
  fc.record({ kind: fc.constantFrom('DaemonSet', 'Pod'), spec: fc.constant({}) }),
);

export const demandingCase: fc.Arbitrary<DemandingCase> = fc.boolean().chain((cpuLimits) =>
  fc.record({
    cpuLimits: fc.constant(cpuLimits),
    workloads: fc.array(
      fc
        .record({ pod: demand(cpuLimits), scale, autoscaled: fc.option(few, { nil: undefined }) })
        .map(({ autoscaled, ...rest }) =>
          ['Deployment', 'StatefulSet'].includes(rest.scale.kind) ? { ...rest, autoscaled } : rest,
        ),
      { minLength: 1, maxLength: 2 },
    ),
    scope: fc.option(fc.constantFrom('Terminating', 'NotTerminating', 'NotBestEffort', 'PriorityClass'), {
      nil: undefined,
      freq: 2,
    }),
  }),
);

/** The objects of a workload. */
export function manifestsOfDemand(
  { pod, scale: { kind, spec }, autoscaled }: DemandingWorkload,
  name: string,
): Manifest[] {
  const head = (apiVersion: string, of: string, id: string): Manifest => ({
    apiVersion,
    kind: of,
    metadata: { name: id },
  });
  const podSpec = specOf(pod, name, ['Job', 'CronJob'].includes(kind));
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec };
  const selected = { ...spec, selector: { matchLabels: labels }, template };
  const kinds: Record<string, () => Manifest> = {
    Deployment: () => ({ ...head('apps/v1', kind, name), spec: selected }),
    ReplicaSet: () => ({ ...head('apps/v1', kind, name), spec: selected }),
    DaemonSet: () => ({ ...head('apps/v1', kind, name), spec: selected }),
    StatefulSet: () => ({ ...head('apps/v1', kind, name), spec: { ...selected, serviceName: name } }),
    Job: () => ({ ...head('batch/v1', kind, name), spec: { ...spec, template } }),
    CronJob: () => ({
      ...head('batch/v1', kind, name),
      spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { ...spec, template } } },
    }),
    Pod: () => ({ ...head('v1', kind, name), spec: podSpec }),
  };
  return [
    ...(pod.overhead
      ? [{ ...head('node.k8s.io/v1', 'RuntimeClass', name), handler: 'runc', overhead: { podFixed: pod.overhead } }]
      : []),
    kinds[kind](),
    ...(autoscaled === undefined
      ? []
      : [
          {
            ...head('autoscaling/v2', 'HorizontalPodAutoscaler', name),
            spec: { maxReplicas: autoscaled, scaleTargetRef: { apiVersion: 'apps/v1', kind, name } },
          },
        ]),
  ];
}

/** What Pod Security wants of a container. */
export const RESTRICTED = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

function specOf(pod: Demand, name: string, ends: boolean): Manifest {
  const container = (given: Resources, id: string): Manifest => ({
    name: id,
    image: 'example.com/none:1.0.0',
    resources: { requests: given.requests, limits: given.limits },
    securityContext: RESTRICTED,
  });
  return {
    containers: pod.containers.map((given, index) => container(given, `main-${index}`)),
    initContainers: pod.initContainers.map((given, index) => ({
      ...container(given, `init-${index}`),
      ...(given.sidecar ? { restartPolicy: 'Always' } : {}),
    })),
    ...(pod.whole ? { resources: pod.whole } : {}),
    ...(pod.overhead ? { runtimeClassName: name } : {}),
    ...(pod.deadline && ends ? { activeDeadlineSeconds: 3600 } : {}),
    ...(pod.important ? { priorityClassName: IMPORTANT } : {}),
    ...(ends ? { restartPolicy: 'Never' } : {}),
  };
}
