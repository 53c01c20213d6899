import { readdirSync, readFileSync } from 'node:fs';
import type { Manifest } from './cluster';

export function isReady({ status }: Manifest): boolean {
  return ((status.conditions ?? []) as Manifest[]).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  );
}

/** The processes of a pod, those of its sandbox among them: the kubelet names cgroups by the UID of the pod. */
export function processesOf({ metadata }: Manifest): string[] {
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && readProcess(name, 'cgroup').includes(`pod${metadata.uid}`),
  );
}

/** A file below /proc/<pid>; empty when the process has ended. */
export function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
