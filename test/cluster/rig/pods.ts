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

/** The container's process 1, of a pod with one container; that of the pod's sandbox is another one. */
export function firstProcess(pod: Manifest): string {
  const found = processesOf(pod).find((pid) => {
    const { Name: name, NSpid: ids = '' } = statusOf(pid);
    return ids.endsWith('\t1') && name !== 'pause';
  });
  if (found === undefined) throw new Error(`no process of ${pod.metadata.name}`);
  return found;
}

/** What the kernel says of a process. */
export function statusOf(pid: string): Record<string, string> {
  const lines = readProcess(pid, 'status').trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
}
