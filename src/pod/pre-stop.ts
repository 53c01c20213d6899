import type { Duration } from 'cdk8s';
import { type HttpAction, type HttpRequestOptions, readHttpRequest, readWords } from './handler';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { boolean, instance, seconds } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { PortSettings } from '../network/ports';

/** Options of a hook before the stop of a container. */
export interface ExecHookOptions {
  /**
   * Longest time that the hook takes; 1 to 3600 s. Hook and `drain` together are shorter than `terminationGracePeriod`,
   * as the process needs time to stop afterwards.
   *
   * @default Duration.seconds(5)
   */
  readonly duration?: Duration;

  /**
   * Whether the hook runs before the `drain`. Use it for a hook that only tells others, such as the removal from a
   * registry.
   *
   * @default false: a hook that makes the process refuse requests would lose those that proxies still send
   */
  readonly beforeDrain?: boolean;
}

/** Options of an HTTP hook. */
export interface HttpHookOptions extends HttpRequestOptions {
  /**
   * Port of the container, by number.
   *
   * @default - the first port of the container
   */
  readonly port?: number;

  /**
   * Port of the container, by name. Excludes `port`.
   *
   * @default - the first port of the container
   */
  readonly portName?: string;

  /**
   * Longest time until the response; 1 to 3600 s, shorter than `terminationGracePeriod`.
   *
   * @default Duration.seconds(5)
   */
  readonly duration?: Duration;
}

/**
 * A hook of your own, which the kubelet runs in a container before it sends SIGTERM. The process gets the signal when
 * the hook has ended. A container has one hook: beside a `drain`, the library writes a shell command that does both.
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   preStop: PreStop.exec(['/app/leave-cluster'], { duration: Duration.seconds(10) }),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
 */
export class PreStop {
  /**
   * Runs a command in the container. Beside a `drain`, the image needs `sh` and `sleep`.
   *
   * @param command the words of the command; no shell reads them
   * @param options duration and order
   */
  public static exec(command: string[], options: ExecHookOptions = {}): PreStop {
    return new PreStop('exec', command, options);
  }

  /**
   * Sends a GET request to the container. It excludes a `drain`, as a container has one hook: let the response wait
   * instead.
   *
   * @param path starts with `/`, and may have a query
   * @param options port and duration
   */
  public static httpGet(path: string, options: HttpHookOptions = {}): PreStop {
    return new PreStop('httpGet', path, options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'exec' | 'httpGet',
    /** @internal */ public readonly _target: unknown,
    /** @internal */ public readonly _options: unknown,
  ) {}
}

/** The hook prop of a container. */
export interface HookedContainerProps {
  /**
   * What the kubelet does in the container before it sends SIGTERM. The hooks of all containers start together: that of
   * a sidecar does not wait until the main container has stopped, only its SIGTERM does.
   *
   * @default - nothing besides the `drain`, if the block has one
   */
  readonly preStop?: PreStop;
}

export interface HookSettings {
  readonly action:
    HttpAction | { readonly kind: 'exec'; readonly command: readonly string[]; readonly first?: boolean };
  /** In seconds. */
  readonly duration: number;
}

const PRE_STOP = instance(PreStop, "a PreStop, e.g. PreStop.exec(['/app/leave'])");
const DURATION = seconds(1, 3600);
const DEFAULT_DURATION = 5;

/** What a hook must fit to. */
export interface HookPlace {
  readonly ports: readonly PortSettings[];
  /** Seconds of the pause, 0 for none; `undefined` if the prop is refused, so that nothing is compared with it. */
  readonly drain: number | undefined;
  /** Of the pod; `undefined` in the same case. */
  readonly graceSeconds: number | undefined;
}

/** Reads the hook of a container. `prefix` is the path of its props. */
export function readPreStop(
  props: Reader<HookedContainerProps>,
  place: HookPlace,
  problems: Problems,
  prefix = '',
): { readonly hook?: HookSettings } {
  const given = props.optional('preStop', PRE_STOP, undefined, {
    fix: "Use PreStop.exec(['/app/leave']) or PreStop.httpGet('/leave')",
  });
  if (given === undefined) return {};
  const prop = `${prefix}preStop`;
  const read = new Reader<ExecHookOptions & HttpHookOptions>(problems, given._options, `${prop}.`);
  const duration = read.optional('duration', DURATION, DEFAULT_DURATION);
  const action = readAction(given, read, place, problems, prop);
  read.refuseUnknown();
  if (action === undefined) return {};
  const { drain, graceSeconds } = place;
  if (drain === undefined) return { hook: { action, duration } };
  if (action.kind === 'httpGet' && drain > 0) {
    problems.refuse(prop, new Verbatim(`PreStop.httpGet(...) beside a drain of ${drain} s`), 'one hook', {
      rule: 'workload/two-hooks',
      fix:
        `Write drain: Duration.seconds(0), and let the response wait for ${drain} s, ` +
        'or use PreStop.exec(...), which can do both',
    });
  } else if (graceSeconds !== undefined && read.isSound('duration') && drain + duration >= graceSeconds) {
    const sum = drain > 0 ? `${drain} s of drain and ${duration} s of the hook` : `${duration} s`;
    problems.refuse(`${prop}.duration`, new Verbatim(sum), `less than terminationGracePeriod (${graceSeconds} s)`, {
      rule: 'workload/hook-grace',
      fix: 'Raise terminationGracePeriod: the process needs time to stop after the hook',
    });
  }
  return { hook: { action, duration } };
}

const HOOK = {
  what: 'a hook',
  secretFix: 'Let PreStop.exec(...) run a program that reads a mounted Secret',
};

function readAction(
  given: PreStop,
  read: Reader<ExecHookOptions & HttpHookOptions>,
  { ports }: HookPlace,
  problems: Problems,
  prop: string,
): HookSettings['action'] | undefined {
  if (given._kind === 'httpGet') {
    return readHttpRequest(given._target, read, ports, problems, {
      ...HOOK,
      prop,
      example: "PreStop.httpGet('/leave')",
    });
  }
  const first = read.optional('beforeDrain', boolean, false);
  const command = readWords(given._target, problems, { ...HOOK, prop, example: "PreStop.exec(['/app/leave'])" });
  return command && { kind: 'exec', command, first };
}
