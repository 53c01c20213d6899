import type { ContainerSettings } from './container';

export type ResourceName = 'cpu' | 'memory' | 'ephemeralStorage';

/** What a RuntimeClass adds to a pod: CPU in milli-cores, memory in bytes. */
export interface Overhead {
  readonly cpu: number;
  readonly memory: number;
}

/** CPU in milli-cores, memory and disk in bytes. A limit is missing where one container has none. */
export interface PodSize {
  readonly requests: Readonly<Record<ResourceName, number>>;
  readonly limits: Readonly<Partial<Record<ResourceName, number>>>;
}

type Sized = Pick<ContainerSettings, 'role' | 'resources'>;

const RESOURCES: readonly ResourceName[] = ['cpu', 'memory', 'ephemeralStorage'];

/**
 * The size of a pod as the scheduler and quotas see it: the larger of what its containers need together, and of what any
 * init container needs beside the sidecars that were started before it; and the overhead.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podSize(containers: readonly Sized[], overhead: Overhead = { cpu: 0, memory: 0 }): PodSize {
  const extra: Record<ResourceName, number> = { ...overhead, ephemeralStorage: 0 };
  const requests = RESOURCES.map((resource) => [resource, extra[resource] + total(containers, ({ resources }) => resources[resource]?.request ?? 0)]);
  const limits = RESOURCES
    .filter((resource) => containers.every(({ resources }) => resources[resource]?.limit !== undefined))
    .map((resource) => [resource, extra[resource] + total(containers, ({ resources }) => resources[resource]?.limit ?? 0)]);
  return { requests: Object.fromEntries(requests) as PodSize['requests'], limits: Object.fromEntries(limits) as PodSize['limits'] };
}

function total(containers: readonly Sized[], amount: (container: Sized) => number): number {
  let sidecars = 0;
  let running = 0;
  let starting = 0;
  for (const container of startOrder(containers)) {
    if (container.role === 'sidecar') sidecars += amount(container);
    else if (container.role === 'init') starting = Math.max(starting, sidecars + amount(container));
    else running += amount(container);
  }
  return Math.max(starting, sidecars + running);
}

/** Sidecars come before init containers, so that these can use them; the main container is the last. */
export function startOrder<C extends Pick<ContainerSettings, 'role'>>(containers: readonly C[]): C[] {
  return (['sidecar', 'init', 'main'] as const).flatMap((role) => containers.filter((container) => container.role === role));
}
