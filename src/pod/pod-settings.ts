import type { ContainerSettings } from './container';
import type { PlacementSettings } from './placement';
import type { User } from './security';
import type { VolumeSettings } from './volumes';
import type { Labels } from '../foundation/labels';

/** The pods of a workload, whatever its kind. Lists and annotations that mounts and edges add to are mutable. */
export interface PodSettings {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
  readonly user: User;
  readonly mountToken: boolean;
  readonly graceSeconds: number;
  readonly placement: PlacementSettings;
  /** The label by which the controller tells the revisions of its pods apart. */
  readonly revisionLabel: 'pod-template-hash' | 'controller-revision-hash';
  /** The main container first. */
  readonly containers: ContainerSettings[];
  readonly volumes: VolumeSettings[];
}

/** What the scheduler reserves for one pod: init containers run one after another, before the others but beside sidecars. */
export function podRequest(pod: Pick<PodSettings, 'containers'>, resource: 'cpu' | 'memory'): number {
  let sidecars = 0;
  let running = 0;
  let starting = 0;
  for (const { role, resources } of [...pod.containers].sort(bySidecarsFirst)) {
    const request = resources[resource]?.request ?? 0;
    if (role === 'sidecar') sidecars += request;
    if (role === 'main') running += request;
    if (role === 'init') starting = Math.max(starting, sidecars + request);
  }
  return Math.max(starting, sidecars + running);
}

function bySidecarsFirst(a: ContainerSettings, b: ContainerSettings): number {
  return Number(b.role === 'sidecar') - Number(a.role === 'sidecar');
}
