import { at, isSet, isTrue, items, type Place } from './place';

/** What a pod uses of its node. */
export interface HostUses {
  /** Fields of the pod: `hostNetwork`, `hostPID`, `hostIPC`. */
  readonly namespaces: readonly Place[];
  /** Privileged containers. */
  readonly privileged: readonly Place[];
  /** The `hostPath` of volumes. */
  readonly paths: readonly Place[];
  /** The `hostPort` of containers. */
  readonly ports: readonly Place[];
}

export function hostUses(spec: Place): HostUses {
  const containers = containersOf(spec);
  return {
    namespaces: ['hostNetwork', 'hostPID', 'hostIPC'].map((field) => at(spec, field)).filter(isTrue),
    privileged: containers.filter((container) => isTrue(at(container, 'securityContext', 'privileged'))),
    paths: items(at(spec, 'volumes'))
      .map((volume) => at(volume, 'hostPath'))
      .filter(isSet),
    ports: containers
      .flatMap((container) => items(at(container, 'ports')))
      .map((port) => at(port, 'hostPort'))
      .filter((port) => isSet(port) && port.value !== 0),
  };
}

export function containersOf(spec: Place): Place[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap((field) => items(at(spec, field)));
}
