import type { ContainerSettings } from './container';
import { type HeartbeatOptions, type ProbeSettings, readTiming } from './probe';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { boolean, seconds, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { directory } from '../kernel/schema/syntax';

const MAX_AGE = seconds(60, 86_400);
const MINUTE = 60;

// the kubelet expands $(NAME) in the command of a check
const heartbeatFile = that<string>(
  "the absolute path of a file, without ':', '$' and parts that are empty, '.' or '..'",
  (value) => directory.read(value, () => undefined) !== undefined && !(value as string).includes('$'),
);

/**
 * The check of the age of a file, without a shell: `find` fails if the file is missing, or if `false` runs for it. The
 * condition is `! -mmin -2`, since `+2` is another age in GNU and in busybox.
 */
export function readHeartbeat(
  given: { readonly _target: unknown; readonly _options: unknown },
  usualPeriod: number,
  graceSeconds: number | undefined,
  problems: Problems,
  prop: string,
): ProbeSettings | undefined {
  const read = new Reader<HeartbeatOptions>(problems, given._options, `${prop}.`);
  const timing = readTiming(read, usualPeriod);
  const maxAge = read.required('maxAge', MAX_AGE, MINUTE, {
    fix: 'Write more than the longest time between two touches, such as Duration.minutes(2)',
  });
  const duringTasks = read.optional('duringTasks', boolean, false);
  const file = heartbeatFile.read(given._target, (value, expected) =>
    problems.refuse(`${prop}.file`, value, expected, {
      rule: 'props/value',
      fix: "Write the file that the process touches, such as '/tmp/alive'",
    }),
  );
  if (read.isSound('maxAge')) refuseAge(read, { maxAge, duringTasks, period: timing.period, graceSeconds });
  read.refuseUnknown();
  if (file === undefined) return undefined;
  const command = ['find', file, '!', '-mmin', `-${Math.ceil(maxAge / MINUTE)}`, '-exec', 'false', '{}', '+'];
  return { action: { kind: 'exec', command, heartbeat: file }, ...timing };
}

interface Ages {
  readonly maxAge: number;
  readonly duringTasks: boolean;
  readonly period: number;
  readonly graceSeconds: number | undefined;
}

function refuseAge(read: Reader<HeartbeatOptions>, { maxAge, duringTasks, period, graceSeconds = 0 }: Ages): void {
  if (maxAge % MINUTE !== 0) {
    read.refuse('maxAge', new Verbatim(`${maxAge} s`), 'whole minutes', {
      rule: 'props/value',
      fix: `Write Duration.minutes(${Math.ceil(maxAge / MINUTE)}): find knows no other ages`,
    });
  } else if (!duringTasks && maxAge < graceSeconds) {
    read.refuse(
      'maxAge',
      new Verbatim(`${maxAge} s`),
      `at least terminationGracePeriod (${graceSeconds} s), the time of the longest task`,
      {
        rule: 'workload/heartbeat-age',
        fix: 'Raise it, or touch the file also during a task and say duringTasks: true',
      },
    );
  } else if (period > maxAge) {
    read.refuse('period', new Verbatim(`${period} s`), `at most maxAge (${maxAge} s)`, {
      rule: 'workload/heartbeat-age',
      fix: 'Lower it: a process that hangs is seen only by the next checks',
    });
  }
}

/**
 * The start of a process with a heartbeat: it has `maxAge` for its first touch. Without it, liveness would fail at once
 * for a file that is missing, or that the restarted container left behind.
 */
export function firstBeat(liveness: ProbeSettings | undefined, period: number): ProbeSettings | undefined {
  if (liveness?.action.kind !== 'exec' || liveness.action.heartbeat === undefined) return undefined;
  const [, , , , minutes] = liveness.action.command;
  const failureThreshold = Math.ceil((-Number(minutes) * MINUTE) / period);
  return { action: liveness.action, initialDelay: 0, period, timeout: liveness.timeout, failureThreshold };
}

/** Refuses a file that the process cannot write: the root file system is read-only. */
export function refuseUnwritable({ probes, mounts }: ContainerSettings, problems: Problems): void {
  const seen = new Set<string>();
  for (const kind of ['liveness', 'startup'] as const) {
    const action = probes[kind]?.action;
    if (action?.kind !== 'exec' || action.heartbeat === undefined || seen.has(action.heartbeat)) continue;
    const file = action.heartbeat;
    seen.add(file);
    const [mount] = mounts
      .filter(({ path }) => file.startsWith(path === '/' ? path : `${path}/`))
      .sort((one, other) => other.path.length - one.path.length);
    if (mount !== undefined && !mount.readOnly) continue;
    const folder = file.slice(0, file.lastIndexOf('/')) || '/';
    problems.refuse(`${kind}.file`, file, 'a file in a writable volume', {
      rule: 'workload/heartbeat-file',
      fix:
        `Write a file in /tmp${folder === '/' ? '' : `, or add '${folder}' to 'writablePaths'`}: the rest of the ` +
        'file system is read-only',
    });
  }
}
