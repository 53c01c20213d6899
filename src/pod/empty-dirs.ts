import type { ContainerSettings } from './container';
import type { VolumeSettings } from './volumes';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { podSize } from '../kubernetes/pod-size';
import { ONE, parseQuantity, bytesQuantity } from '../kubernetes/quantity';

/** A mounted directory with a size limit, which is lost with the pod. */
export interface EmptyDir {
  readonly volume: string;
  readonly bytes: number;
  readonly inMemory: boolean;
}

/** None for another volume type, or without a limit. */
export function readEmptyDir({ name, source }: VolumeSettings): EmptyDir | undefined {
  const { emptyDir } = source as { emptyDir?: { medium?: string; sizeLimit?: string } };
  const limit = parseQuantity(emptyDir?.sizeLimit);
  return limit === undefined
    ? undefined
    : { volume: name, bytes: Number(limit / ONE), inMemory: emptyDir?.medium === 'Memory' };
}

/**
 * Reserves disk, unless the caller has stated the amount. The kubelet limits all containers together.
 */
export function reserveDisk({ resources }: ContainerSettings, { bytes, inMemory }: EmptyDir): void {
  if (!inMemory) resources.reserved?.push(bytes);
}

/** Refuses directories that can never be full: the pod would be evicted, or a container killed, before. */
export function refuseTooLarge(
  containers: readonly ContainerSettings[],
  dirs: readonly EmptyDir[],
  problems: Problems,
): void {
  for (const { volume, bytes } of dirs.filter(({ inMemory }) => inMemory)) {
    const limits = containers
      .filter(({ mounts }) => mounts.some((mount) => mount.volume === volume))
      .map(({ resources }) => resources.memory?.limit ?? Infinity);
    const most = limits.reduce((sum, limit) => sum + limit, 0);
    if (limits.length > 0 && bytes > most) {
      problems.refuse(
        'mount.storage',
        new Verbatim(`${bytesQuantity(bytes)} in memory`),
        `at most the memory limit of the containers that mount it (${bytesQuantity(most)})`,
        {
          rule: 'workload/memory-volume',
          fix: "Raise 'memory', or lower 'sizeLimit': the volume counts as memory, and its containers would be killed",
        },
      );
    }
  }
  const onDisk = dirs.filter(({ inMemory }) => !inMemory);
  const limit = podSize(containers).limits.ephemeralStorage;
  const scratch = containers
    .filter(({ role }) => role !== 'init')
    .map(({ scratch: { paths, bytes } }) => paths.length * bytes);
  const wanted = [...onDisk.map(({ bytes }) => bytes), ...scratch].reduce((sum, bytes) => sum + bytes, 0);
  if (onDisk.length > 0 && limit !== undefined && limit < wanted) {
    problems.refuse(
      'resources.ephemeralStorage',
      new Verbatim(`${bytesQuantity(limit)} for the pod`),
      `at least the ${bytesQuantity(wanted)} of /tmp, writablePaths and mounted emptyDirs`,
      {
        rule: 'workload/ephemeral-storage',
        fix: "Raise it, or lower 'sizeLimit': the kubelet would evict the pod before they are full",
      },
    );
  }
}
