import type { Problems } from '../foundation/problems';
import { dnsLabel } from '../foundation/syntax';
import type { PodSettings } from '../pod/pod-template';
import type { MountRequest } from '../pod/volumes';

/** The name of a volume with that source, added unless the pod has it. `wish` is its name where it can be one. */
export function addVolume(pod: PodSettings, wish: string, source: object): string {
  const content = JSON.stringify(source);
  const isScratch = 'emptyDir' in source;
  const known = isScratch ? undefined : pod.volumes.find((volume) => JSON.stringify(volume.source) === content);
  if (known) return known.name;
  const free = (name: string): boolean => !pod.volumes.some((volume) => volume.name === name);
  const valid = dnsLabel().read(wish, () => undefined) !== undefined;
  const name = valid && free(wish) ? wish : `volume-${pod.volumes.length + 1}`;
  pod.volumes.push({ name, source });
  return name;
}

/** Adds a mount to the containers that the request names, or else to the main one. */
export function addMount(pod: PodSettings, request: MountRequest, volume: string, readOnly: boolean, problems: Problems): void {
  const names = request.containers ?? [pod.containers[0].name];
  for (const container of pod.containers.filter(({ name }) => names.includes(name))) {
    if (container.mounts.some(({ path }) => path === request.path)) {
      problems.refuse('mount.path', request.path, `a path that container '${container.name}' has no mount at`, { fix: 'Choose another path, or remove one of the mounts' });
    } else {
      container.mounts.push({ volume, path: request.path, subPath: request.subPath, readOnly });
    }
  }
}
