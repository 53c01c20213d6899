export type ResourceName = 'cpu' | 'memory' | 'ephemeralStorage';

/** Overhead of a RuntimeClass for each pod: CPU in milli-cores, memory in bytes. */
export interface Overhead {
  readonly cpu: number;
  readonly memory: number;
}

/** CPU in milli-cores, memory and disk in bytes. A limit is missing if one container has none. */
export interface PodSize {
  readonly requests: Readonly<Record<ResourceName, number>>;
  readonly limits: Readonly<Partial<Record<ResourceName, number>>>;
}

interface Started {
  readonly role: 'main' | 'init' | 'sidecar';
}

interface Sized extends Started {
  readonly resources: Readonly<Partial<Record<ResourceName, { readonly request: number; readonly limit?: number }>>>;
}

/** Amounts that a pod states as a whole. */
export type Whole = Readonly<Record<'cpu' | 'memory', { readonly request: number; readonly limit?: number }>>;

const RESOURCES: readonly ResourceName[] = ['cpu', 'memory', 'ephemeralStorage'];

/**
 * The size of a pod for the scheduler and for quotas. It is the larger of two sums, plus the overhead: all containers
 * together, or an init container with the sidecars that start before it.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podSize(
  containers: readonly Sized[],
  overhead: Overhead = { cpu: 0, memory: 0 },
  whole?: Whole,
): PodSize {
  const size = sizeOf(containers, overhead);
  if (whole === undefined) return size;
  const { cpu, memory } = whole;
  return {
    requests: {
      ...size.requests,
      cpu: overhead.cpu + cpu.request,
      memory: overhead.memory + memory.request,
    },
    limits: {
      ...size.limits,
      cpu: cpu.limit && overhead.cpu + cpu.limit,
      memory: memory.limit && overhead.memory + memory.limit,
    },
  };
}

function sizeOf(containers: readonly Sized[], overhead: Overhead): PodSize {
  const extra: Record<ResourceName, number> = { ...overhead, ephemeralStorage: 0 };
  const ordered = startOrder(containers);
  const total = (amount: (container: Sized) => number): number =>
    Number(podTotal(ordered, (container) => BigInt(amount(container))));
  const requests = RESOURCES.map((resource) => [
    resource,
    extra[resource] + total(({ resources }) => resources[resource]?.request ?? 0),
  ]);
  const limits = RESOURCES.filter((resource) =>
    containers.every(({ resources }) => resources[resource]?.limit !== undefined),
  ).map((resource) => [resource, extra[resource] + total(({ resources }) => resources[resource]?.limit ?? 0)]);
  return {
    requests: Object.fromEntries(requests) as PodSize['requests'],
    limits: Object.fromEntries(limits) as PodSize['limits'],
  };
}

interface Asking extends Started {
  readonly resources: { readonly extended?: Readonly<Record<string, number>> };
}

/** Whether a pod requests extended resources: most do not. */
export function asksForDevices(containers: readonly Asking[]): boolean {
  return containers.some(({ resources }) => resources.extended !== undefined);
}

/** The number of devices of each extended resource that a pod requests. */
export function podDevices(containers: readonly Asking[]): ReadonlyMap<string, number> {
  const names = new Set(containers.flatMap(({ resources }) => Object.keys(resources.extended ?? {})));
  const ordered = startOrder(containers);
  return new Map(
    [...names].map((name) => [
      name,
      Number(podTotal(ordered, ({ resources }) => BigInt(resources.extended?.[name] ?? 0))),
    ]),
  );
}

/** The same for any amount, exactly. Containers are in start order. */
export function podTotal<C extends Started>(ordered: readonly C[], amount: (container: C) => bigint): bigint {
  let sidecars = 0n;
  let running = 0n;
  let starting = 0n;
  for (const container of ordered) {
    const own = amount(container);
    if (container.role === 'sidecar') sidecars += own;
    else if (container.role === 'main') running += own;
    else if (sidecars + own > starting) starting = sidecars + own;
  }
  return starting > sidecars + running ? starting : sidecars + running;
}

/** Sidecars come before init containers, which may use them. The main container is last. */
export function startOrder<C extends Started>(containers: readonly C[]): readonly C[] {
  if (containers.length === 1) return containers;
  return (['sidecar', 'init', 'main'] as const).flatMap((role) =>
    containers.filter((container) => container.role === role),
  );
}
