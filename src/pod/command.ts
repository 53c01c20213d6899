import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';

/** Refuses a command line as one word: no shell splits it, and there is no program of that name. */
export function refuseOneWord(command: readonly string[], problems: Problems, prop: string): void {
  if (command.length !== 1 || !/\S\s+\S/.test(command[0])) return;
  // the line may have a credential
  problems.refuse(prop, new Verbatim('one word with spaces'), 'a word for the program and for each argument', {
    rule: 'workload/one-word',
    fix: "Write ['server', '--verbose'] for the command line 'server --verbose'",
  });
}

/** Conditions of find about the age of a file. */
const AGES = new Set(['-amin', '-anewer', '-atime', '-cmin', '-cnewer', '-ctime', '-mmin', '-mtime', '-newer']);

/** Refuses a check by `find`, which succeeds whether or not it has found the file. */
export function refuseFind(command: readonly string[], problems: Problems, prop: string): void {
  if (!/^(.*\/)?find$/.test(command[0]) || !command.some((word) => AGES.has(word))) return;
  problems.refuse(prop, new Verbatim("'find', which succeeds when no file is found"), 'a command that fails then', {
    rule: 'workload/find-check',
    fix: `Write Probe.exec(['sh', '-c', 'test -n "$(find /tmp/alive -mmin -2)"'])`,
  });
}
