import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What `read` gives for each process of the machine. It may end meanwhile. */
function processes<T>(read: (pid: number) => T): Array<{ pid: number; value: T }> {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), value: read(Number(name)) }];
      } catch {
        return [];
      }
    });
}

/** The name of a process, in parentheses, may hold anything. */
const parentOf = (pid: number): number =>
  Number(
    readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1],
  );

export function childOf(parent: number): number | undefined {
  return processes(parentOf).find(({ value }) => value === parent)?.pid;
}

const namespaceOf = (pid: number): string => readlinkSync(`/proc/${pid}/ns/pid`);

/** All processes of the process namespace in which `pid` is the first. */
export function family(pid: number): number[] {
  const own = namespaceOf(pid);
  return processes(namespaceOf)
    .filter(({ value }) => value === own)
    .map((each) => each.pid);
}
