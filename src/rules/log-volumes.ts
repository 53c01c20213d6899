import { warns } from './define';
import type { Warning } from '../kernel/findings/warnings';
import type { ContainerSettings } from '../pod/container';
import type { PodSettings } from '../pod/pod-settings';

/** Logs in a volume that no other container reads. */
export const logVolumes = warns('podTemplate', ({ pod }) =>
  pod.containers.filter(({ role }) => role !== 'init').flatMap((container) => unreadIn(container, pod)),
);

const SYSTEM_LOG = /^\/var\/log(\/|$)/;
const LOG_PATH = /^\/var\/log(\/|$)|\/logs?$|\.log$/;

function unreadIn({ name, role, mounts, scratch }: ContainerSettings, pod: PodSettings): Warning[] {
  return mounts.flatMap(({ path, volume, readOnly }): Warning[] => {
    if (readOnly || !LOG_PATH.test(path) || !keepsFiles(volume, pod)) return [];
    // a store keeps its log of writes at such a path
    if (!SYSTEM_LOG.test(path) && pod.claims.some((claim) => claim.name === volume)) return [];
    const others = pod.containers.filter((other) => other.name !== name && other.role !== 'init');
    if (others.some((other) => other.mounts.some((mount) => mount.volume === volume))) return [];
    const prop = scratch.paths.includes(path) ? 'writablePaths' : 'mount.path';
    const at = role === 'main' ? prop : `${name}.${prop}`;
    return [
      {
        rule: 'workload/log-volume',
        prop: at,
        got: `'${path}'`,
        expected: 'logs at the output of the process',
        text:
          `${at}: logs in the volume at '${path}' do not show in kubectl logs, and no log agent reads them. Log to ` +
          "standard output, or add a Sidecar.logTail(...). Waive 'workload/log-volume' if these are no logs",
      },
    ];
  });
}

/** Whether the pod writes to it: scratch space or a claim. */
function keepsFiles(volume: string, { volumes, claims }: PodSettings): boolean {
  const source = volumes.find(({ name }) => name === volume)?.source;
  if (source === undefined) return claims.some(({ name }) => name === volume);
  return 'emptyDir' in source || 'persistentVolumeClaim' in source || 'ephemeral' in source;
}
