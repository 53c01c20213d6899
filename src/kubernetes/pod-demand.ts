import { podTotal } from './pod-size';
import { MILLI, type Nanos, ONE, parseQuantity, roundUp } from './quantity';
import { entries, list, part, textAt } from '../kernel/schema/manifest';

/** Amounts by API resource name: `cpu`, `memory`, `ephemeral-storage`, `nvidia.com/gpu`. */
export type Amounts = Readonly<Record<string, Nanos>>;

export interface ContainerDemand {
  readonly name: string;
  readonly role: 'main' | 'init' | 'sidecar';
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** Of its claim, which exists as long as the pod. */
  readonly devices?: ReadonlyArray<{ readonly deviceClass: string; readonly count: number }>;
  /** Whether it is meant to use the resources of its pod. */
  readonly shared?: true;
}

/** Resources of a pod as a whole. */
export interface WholeDemand {
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** Whether the API adds missing requests after the LimitRanges, as from Kubernetes 1.37 on, and not before them. */
  readonly defaultsLast?: boolean;
}

export interface PodDemand {
  /** In start order. */
  readonly containers: readonly ContainerDemand[];
  /** What the RuntimeClass adds. */
  readonly overhead: Amounts;
  /** Resources of the pod as a whole, instead of the sums of its containers. */
  readonly whole?: WholeDemand;
  readonly priorityClass?: string;
  /** Whether the pod has a deadline, which the quota scope `Terminating` selects. */
  readonly deadline: boolean;
}

/** Parses a map of quantities; collects those that the API refuses. */
export function toAmounts(map: unknown, unreadable: string[]): Amounts {
  return Object.fromEntries(
    entries(map).flatMap(([name, given]) => {
      const amount = parseQuantity(given);
      if (amount === undefined) unreadable.push(`${name}: ${JSON.stringify(given)}`);
      return amount === undefined ? [] : [[name, amount]];
    }),
  );
}

/**
 * Amounts of containers, pods and LimitRanges. The API keeps thousandths of these, rounded up. It keeps amounts of a
 * ResourceQuota unchanged.
 */
export function toStoredAmounts(map: unknown, unreadable: string[]): Amounts {
  return Object.fromEntries(
    Object.entries(toAmounts(map, unreadable)).map(([name, amount]) => [name, roundUp(amount, MILLI)]),
  );
}

/** The containers of a pod in start order, from its `spec`. Collects quantities that the API refuses. */
export function containersIn(spec: unknown, unreadable: string[]): ContainerDemand[] {
  const read = (container: unknown, role: ContainerDemand['role']): ContainerDemand => ({
    name: textAt(container, 'name') ?? '',
    role,
    requests: toStoredAmounts(part(container, 'resources', 'requests'), unreadable),
    limits: toStoredAmounts(part(container, 'resources', 'limits'), unreadable),
  });
  return [
    ...list(part(spec, 'initContainers')).map((container) =>
      read(container, part(container, 'restartPolicy') === 'Always' ? 'sidecar' : 'init'),
    ),
    ...list(part(spec, 'containers')).map((container) => read(container, 'main')),
  ];
}

/** Resources that a pod may state as a whole. */
const WHOLE = /^(cpu|memory|hugepages-.+)$/;
const COMPUTE: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** A quota of one of these requires that each container states it; other quotas do not. */
const REQUIRED: Readonly<Record<string, readonly ['requests' | 'limits', string]>> = {
  'cpu': ['requests', 'cpu'],
  'memory': ['requests', 'memory'],
  'requests.cpu': ['requests', 'cpu'],
  'requests.memory': ['requests', 'memory'],
  'limits.cpu': ['limits', 'cpu'],
  'limits.memory': ['limits', 'memory'],
};

export interface PodAmounts {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

/** The size of a pod without its overhead, as a LimitRange for pods sees it. */
export function podAmounts(pod: PodDemand): PodAmounts {
  return {
    requests: { ...sums(pod.containers, 'requests'), ...pick(pod.whole?.requests) },
    limits: { ...sums(pod.containers, 'limits'), ...pick(pod.whole?.limits) },
  };
}

/**
 * What a pod uses of each quota.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/quota/v1/evaluator/core/pods.go
 */
export function podUsage(pod: PodDemand): Amounts {
  const { requests, limits } = podAmounts(pod);
  const usage: Record<string, Nanos> = { 'pods': ONE, 'count/pods': ONE };
  for (const resource of new Set([...Object.keys(requests), ...Object.keys(pod.overhead)])) {
    const amount = (requests[resource] ?? 0n) + (pod.overhead[resource] ?? 0n);
    if (COMPUTE.has(resource) || resource.startsWith('hugepages-')) usage[resource] = amount;
    usage[`requests.${resource}`] = amount;
  }
  for (const [resource, amount] of Object.entries(limits)) {
    if (!COMPUTE.has(resource)) continue;
    // no overhead for a resource without a limit
    usage[`limits.${resource}`] = amount === 0n ? 0n : amount + (pod.overhead[resource] ?? 0n);
  }
  for (const { devices = [] } of pod.containers) {
    for (const { deviceClass, count } of devices) {
      const key = `${deviceClass}.deviceclass.resource.k8s.io/devices`;
      usage[key] = (usage[key] ?? 0n) + BigInt(count) * ONE;
    }
  }
  return usage;
}

/** Containers that lack what the quota requires; the API refuses their pods. */
export function missing(pod: PodDemand, key: string): string[] {
  const required = REQUIRED[key] as (typeof REQUIRED)[string] | undefined;
  if (
    required === undefined ||
    Object.keys(pick(pod.whole?.requests)).length + Object.keys(pick(pod.whole?.limits)).length > 0
  ) {
    return [];
  }
  const [which, resource] = required;
  return pod.containers.filter((container) => !(resource in container[which])).map(({ name }) => name);
}

/** The limits of all containers of a pod together. */
export function limitSums(containers: readonly ContainerDemand[]): Amounts {
  return sums(containers, 'limits');
}

function sums(containers: readonly ContainerDemand[], which: 'requests' | 'limits'): Record<string, Nanos> {
  const resources = new Set(containers.flatMap((container) => Object.keys(container[which])));
  return Object.fromEntries(
    [...resources].map((resource) => [resource, podTotal(containers, (container) => container[which][resource] ?? 0n)]),
  );
}

function pick(whole: Amounts = {}): Record<string, Nanos> {
  return Object.fromEntries(Object.entries(whole).filter(([resource]) => WHOLE.test(resource)));
}
