import type { Duration } from 'cdk8s';
import { refuseFind } from './command';
import { type HttpAction, type HttpRequestOptions, readHttpRequest, readPort, readWords } from './handler';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { integer, seconds, text } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { PortSettings } from '../network/ports';

/** Timing and threshold of a probe. */
export interface ProbeTiming {
  /**
   * Time before the first check; 0 to 3600 s.
   *
   * @default Duration.seconds(0): prefer `startupTimeout` of the block for slow starters
   */
  readonly initialDelay?: Duration;

  /**
   * Time between two checks; 1 to 3600 s.
   *
   * @default - 5 s for readiness and startup, 10 s for liveness
   */
  readonly period?: Duration;

  /**
   * Time after which a check counts as failed; 1 to 3600 s.
   *
   * @default Duration.seconds(2): the 1 s of Kubernetes fails during short CPU throttling
   */
  readonly timeout?: Duration;

  /**
   * Consecutive failed checks until the probe fails; 1 to 1000.
   *
   * @default 3
   */
  readonly failureThreshold?: number;
}

/** The port that a probe checks. */
export interface PortProbeOptions extends ProbeTiming {
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
}

/** Options of an HTTP check. */
export interface HttpProbeOptions extends PortProbeOptions, HttpRequestOptions {}

/** Options of a gRPC check. */
export interface GrpcProbeOptions extends PortProbeOptions {
  /**
   * Service name in the health request.
   *
   * @default - none: the server as a whole
   */
  readonly service?: string;
}

/** Options of a heartbeat. */
export interface HeartbeatOptions extends ProbeTiming {
  /**
   * Age at which the file shows that the process hangs; 60 to 86400 s, in whole minutes. At least
   * `terminationGracePeriod`, the time of the longest task, unless `duringTasks`.
   */
  readonly maxAge: Duration;

  /**
   * Whether the process also touches the file during a task.
   *
   * @default false: it touches the file once a task, so that `maxAge` must cover the longest one
   */
  readonly duringTasks?: boolean;
}

type Kind = 'httpGet' | 'tcpSocket' | 'grpc' | 'exec' | 'heartbeat' | 'sameAsReadiness' | 'none';

export type ProbeAction =
  | HttpAction
  | { readonly kind: 'tcpSocket'; readonly port: string }
  | { readonly kind: 'grpc'; readonly port: number; readonly service?: string }
  | {
      readonly kind: 'exec';
      readonly command: readonly string[];
      /** The file whose age the command checks. */
      readonly heartbeat?: string;
    };

export interface ProbeSettings {
  readonly action: ProbeAction;
  readonly initialDelay: number;
  readonly period: number;
  readonly timeout: number;
  readonly failureThreshold: number;
}

/**
 * How the kubelet checks a container.
 *
 * - *Readiness*: can it get traffic? Check what a request needs.
 * - *Liveness*: must it be restarted? Check only the process: a check of dependencies would restart every replica when
 *   one of them fails.
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz', { timeout: Duration.seconds(3) }),
 *   liveness: Probe.httpGet('/healthz'),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export class Probe {
  /** Succeeds if the path returns a status from 200 to 399. `path` starts with `/`, and may have a query. */
  public static httpGet(path: string, options: HttpProbeOptions = {}): Probe {
    return new Probe('httpGet', path, options);
  }

  /** Succeeds if the port accepts a connection. */
  public static tcpSocket(options: PortProbeOptions = {}): Probe {
    return new Probe('tcpSocket', undefined, options);
  }

  /** Succeeds if the gRPC health service returns SERVING. The kubelet asks without TLS. */
  public static grpc(options: GrpcProbeOptions = {}): Probe {
    return new Probe('grpc', undefined, options);
  }

  /** Succeeds if the command exits with 0 in the container. Each check starts a process: prefer the others. */
  public static exec(command: string[], options: ProbeTiming = {}): Probe {
    return new Probe('exec', command, options);
  }

  /**
   * Liveness of a `Worker`, a `SingletonWorker`, a `Job` or a `ScheduledJob`: succeeds while the process touches a
   * file. The image needs the programs `find` and `false`, and no shell: images of Debian, Ubuntu and Alpine have them,
   * distroless ones do not. Without `startup`, the process has `maxAge` for its first touch.
   *
   * @param file in a writable directory of the container: `/tmp/alive`
   * @param options the age, and the times of the check
   */
  public static heartbeat(file: string, options: HeartbeatOptions): Probe {
    return new Probe('heartbeat', file, options);
  }

  /**
   * Readiness for a server without a health path: the port accepts a connection. It checks nothing behind the port, so
   * you choose it by name. The block then adds no liveness probe, which would be the same check.
   */
  public static portOnly(options: PortProbeOptions = {}): Probe {
    return new Probe('tcpSocket', undefined, options);
  }

  /**
   * Uses the readiness check as liveness, for an app whose readiness depends only on itself. It takes over
   * `initialDelay` and `timeout`, and a `failureThreshold` above 3. A readiness that fails at once must not restart the
   * process at once.
   *
   * @param timing what differs: `period` is 10 s for liveness and 5 s for startup, unless it is stated
   */
  public static sameAsReadiness(timing: ProbeTiming = {}): Probe {
    return new Probe('sameAsReadiness', undefined, timing);
  }

  /** Omits a probe that the block would otherwise add. */
  public static none(): Probe {
    return new Probe('none', undefined, {});
  }

  private constructor(
    /** @internal */ public readonly _kind: Kind,
    /** @internal */ public readonly _target: unknown,
    /** @internal */ public readonly _options: unknown,
  ) {}
}

const DEFAULT_TIMEOUT = 2;
const DEFAULT_FAILURES = 3;

/** The check of one probe; `undefined` if it is refused or has no own check (`none`, `sameAsReadiness`). */
export function readProbe(
  given: Probe,
  ports: readonly PortSettings[],
  period: number,
  problems: Problems,
  prop: string,
): ProbeSettings | undefined {
  if (given._kind === 'none' || given._kind === 'sameAsReadiness') return undefined;
  if (given._kind === 'heartbeat') return refuseHeartbeat(problems, prop);
  const read = new Reader<HttpProbeOptions & GrpcProbeOptions>(problems, given._options, `${prop}.`);
  const timing = readTiming(read, period);
  const action = readAction(given, given._kind, read, ports, problems, prop);
  read.refuseUnknown();
  return action && { action, ...timing };
}

/** Requests show better than a file that a server runs, and no traffic waits for a process without clients. */
function refuseHeartbeat(problems: Problems, prop: string): undefined {
  problems.refuse(prop, new Verbatim('Probe.heartbeat(...)'), 'a check of a server', {
    rule: 'workload/heartbeat-place',
    fix:
      "Use Probe.httpGet('/healthz') or Probe.exec(['my-check']): a heartbeat is the liveness of a Worker, a " +
      'SingletonWorker, a Job or a ScheduledJob',
  });
  return undefined;
}

/** The check of readiness, at other times. */
export function readSameCheck(
  given: Probe,
  readiness: ProbeSettings,
  period: number,
  problems: Problems,
  prop: string,
): ProbeSettings {
  const read = new Reader<ProbeTiming>(problems, given._options, `${prop}.`);
  const own = readTiming(read, period);
  read.refuseUnknown();
  const { action, initialDelay, timeout, failureThreshold } = readiness;
  return {
    action,
    period: own.period,
    initialDelay: read.has('initialDelay') ? own.initialDelay : initialDelay,
    timeout: read.has('timeout') ? own.timeout : timeout,
    failureThreshold: read.has('failureThreshold')
      ? own.failureThreshold
      : Math.max(DEFAULT_FAILURES, failureThreshold),
  };
}

type Timing = Omit<ProbeSettings, 'action'>;

const INITIAL_DELAY = seconds(0, 3600);
const PERIOD = seconds(1, 3600);
const FAILURE_THRESHOLD = integer(1, 1000);

export function readTiming(read: Reader<ProbeTiming>, usualPeriod: number): Timing {
  return {
    initialDelay: read.optional('initialDelay', INITIAL_DELAY, 0),
    period: read.optional('period', PERIOD, usualPeriod),
    timeout: read.optional('timeout', PERIOD, DEFAULT_TIMEOUT),
    failureThreshold: read.optional('failureThreshold', FAILURE_THRESHOLD, DEFAULT_FAILURES),
  };
}

const CHECK = {
  what: 'a check',
  secretFix: 'Serve the check without one, or let Probe.exec(...) run a script that reads a mounted Secret',
};

function readAction(
  given: Probe,
  kind: ProbeAction['kind'],
  read: Reader<HttpProbeOptions & GrpcProbeOptions>,
  ports: readonly PortSettings[],
  problems: Problems,
  prop: string,
): ProbeAction | undefined {
  if (kind === 'exec') {
    const command = readWords(given._target, problems, {
      ...CHECK,
      prop,
      example: "Probe.exec(['my-check', '--quick'])",
    });
    if (command) refuseFind(command, problems, prop);
    return command && { kind, command };
  }
  if (kind === 'httpGet') {
    const place = { ...CHECK, prop, example: "Probe.httpGet('/readyz')" };
    const request = readHttpRequest(given._target, read, ports, problems, place);
    const asked = ports.find(({ name }) => name === request?.port);
    if (request?.scheme === 'HTTP') refuseWithoutTls(asked, problems, prop, "Add scheme: 'HTTPS' to the options");
    return request;
  }
  const port = readPort(read, ports, problems, prop);
  if (kind === 'grpc') {
    refuseWithoutTls(port, problems, prop, "Use Probe.httpGet(...) with scheme: 'HTTPS', or Probe.tcpSocket()");
    const service = read.optional('service', text, undefined, {
      fix: 'Write the name of the gRPC service, or remove the prop to check the whole server',
    });
    // the API accepts only a number here
    return port && { kind, port: port.port, service };
  }
  return port && { kind, port: port.name };
}

/** Refuses a check without TLS of a port that speaks TLS. */
function refuseWithoutTls(port: PortSettings | undefined, problems: Problems, prop: string, fix: string): void {
  if (port?.appProtocol?.name !== 'https') return;
  problems.refuse(
    prop,
    new Verbatim(`a check without TLS of port '${port.name}'`),
    'a check that the port can answer',
    {
      rule: 'workload/probe-without-tls',
      fix,
    },
  );
}

/** Whether two probes have the same check, whatever their timing. */
export function isSameCheck(one: ProbeSettings, other: ProbeSettings): boolean {
  return JSON.stringify(one.action) === JSON.stringify(other.action);
}
