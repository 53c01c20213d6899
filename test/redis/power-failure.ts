import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from './sandbox';

/** When power fails: before or after the n-th call of a program. Between them, the shell itself writes. */
export interface Moment {
  readonly when: 'before' | 'after';
  readonly call: number;
}

/** Programs with which scripts change files. */
const PROGRAMS = ['mkdir', 'mv', 'rm', 'sync'];

/** Takes a turn, and ends the script at its moment. `sync` notes which files are on the disk. */
const wrapper = (program: string): string => `#!/bin/sh
PATH=\${PATH#*:}
read -r call < "$BOX/call"
call=$((call + 1))
echo "$call" > "$BOX/call"
fail() {
  kill -KILL "$PPID"
  exit 1
}
[ "$MOMENT" != "before $call" ] || fail
${program} "$@"
code=$?
${program === 'sync' ? 'ls -di "$@" >> "$BOX/synced"' : ''}
[ "$MOMENT" != "after $call" ] || fail
exit "$code"
`;

/**
 * Runs a script until power fails. What was written and not synced is empty then. Gives false when the script ended
 * before that moment.
 */
export function runUntilPowerFails(
  sandbox: Sandbox,
  { when, call }: Moment,
  script: string,
  ...args: readonly string[]
): boolean {
  const at = (file: string): string => join(sandbox.box, file);
  mkdirSync(at('first'), { recursive: true });
  for (const program of PROGRAMS) {
    writeFileSync(at(`first/${program}`), wrapper(program));
    chmodSync(at(`first/${program}`), 0o755);
  }
  writeFileSync(at('call'), '0\n');
  writeFileSync(at('synced'), '');
  const before = new Map(IDS.filter((file) => existsSync(at(file))).map((file) => [file, statSync(at(file)).ino]));
  const { code } = sandbox.runIn({ MOMENT: `${when} ${call}` }, script, ...args);
  const synced = new Set(
    readFileSync(at('synced'), 'utf8')
      .split('\n')
      .map((line) => Number(line.trim().split(' ')[0])),
  );
  rmSync(at('first'), { recursive: true });
  if (code !== null) return false;
  for (const file of IDS.filter((name) => existsSync(at(name)))) {
    const { ino } = statSync(at(file));
    if (before.get(file) !== ino && !synced.has(ino)) truncateSync(at(file));
  }
  return true;
}

const IDS = ['data/dataset', 'data/joining', 'data/dataset.new', 'data/joining.new', 'run/by-hand', 'run/by-hand.new'];
