import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What `read` gives for each process of the machine. It may end meanwhile. */
function processes<T>(read: (pid: number) => T): Array<{ pid: number; value: T }> {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      return [{ pid: Number(name), value: read(Number(name)) }];
    } catch {
      return [];
    }
  });
}

/** State and parent of a process; its name, in parentheses, may hold anything. */
function stat(pid: number): { state: string; parent: number } {
  const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return { state, parent: Number(parent) };
}

export function childOf(parent: number): number | undefined {
  return processes(stat).find(({ value }) => value.parent === parent)?.pid;
}

const namespaceOf = (pid: number): string => readlinkSync(`/proc/${pid}/ns/pid`);

/** All processes of the process namespace in which `pid` is the first. */
export function family(pid: number): number[] {
  const own = namespaceOf(pid);
  return processes(namespaceOf).filter(({ value }) => value === own).map((each) => each.pid);
}

export const isStopped = (pid: number): boolean => stat(pid).state === 'T';
