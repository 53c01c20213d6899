import type { ContainerSettings } from './container';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';

const SHELLS = new Set(['sh', 'ash', 'bash', 'dash', 'ksh', 'zsh', 'busybox']);

/** Refuses what an image without a shell cannot run: it would fail only in the cluster. */
export function refuseShells(container: ContainerSettings, problems: Problems, prefix: string): void {
  if (container.shell) return;
  const { command, probes, hook, drain } = container;
  refuseCommand(command, problems, `${prefix}command`, "Write the program itself, such as ['/app/server']");
  const seen = new Set<object>();
  for (const kind of ['readiness', 'liveness', 'startup'] as const) {
    const action = probes[kind]?.action;
    // one check can be that of several probes
    if (action?.kind !== 'exec' || seen.has(action)) continue;
    seen.add(action);
    if (action.heartbeat !== undefined) refuseHeartbeat(problems, `${prefix}${kind}`);
    refuseCommand(
      action.command,
      problems,
      `${prefix}${kind}`,
      'Use Probe.httpGet(...), Probe.grpc() or Probe.tcpSocket(), which the kubelet runs itself',
    );
  }
  if (hook?.action.kind !== 'exec') return;
  const prop = `${prefix}preStop`;
  if (!refuseCommand(hook.action.command, problems, prop, 'Write the program itself, or use PreStop.httpGet(...)')) {
    if (drain > 0) refuseWrapper(drain, problems, prop);
  }
}

/** An image without a shell has no `find` either. */
function refuseHeartbeat(problems: Problems, prop: string): void {
  problems.refuse(prop, new Verbatim('Probe.heartbeat(...) beside shell: false'), 'a program of the image', {
    rule: 'workload/no-shell',
    fix: "Use Probe.exec(['/app/check']) with a program of your own, or serve the check on 'metricsPort'",
  });
}

function refuseCommand(command: readonly string[], problems: Problems, prop: string, fix: string): boolean {
  const [program = ''] = command;
  if (!SHELLS.has(program.slice(program.lastIndexOf('/') + 1))) return false;
  problems.refuse(prop, new Verbatim(`'${program}' beside shell: false`), 'a command without a shell', {
    rule: 'workload/no-shell',
    fix,
  });
  return true;
}

/** A container has one handler, so that a shell must run the command and the pause. */
function refuseWrapper(drain: number, problems: Problems, prop: string): void {
  problems.refuse(prop, new Verbatim(`a command beside a drain of ${drain} s, and shell: false`), 'one of the two', {
    rule: 'workload/no-shell',
    fix: `Write drain: Duration.seconds(0), and let the program wait for ${drain} s itself`,
  });
}
