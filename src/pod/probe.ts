import type { Duration } from 'cdk8s';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { anyText, confidential, integer, listOf, mapOf, matching, oneOf, seconds, text } from '../kernel/schema/checks';
import { askedPath } from '../kernel/schema/http-path';
import { Reader } from '../kernel/schema/reader';
import { portName } from '../kernel/schema/syntax';
import { type PortSettings, portNumber } from '../network/ports';
import { type Suspicion, suspicionOf, suspiciousWord } from '../secrets-scan/credentials';

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
export interface HttpProbeOptions extends PortProbeOptions {
  /**
   * Scheme of the request. Certificates are not verified.
   *
   * @default 'HTTP'
   */
  readonly scheme?: 'HTTP' | 'HTTPS';

  /**
   * Headers of the request. A credential is an error (CH01-37): a probe cannot read a Secret.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };
}

/** Options of a gRPC check. */
export interface GrpcProbeOptions extends PortProbeOptions {
  /**
   * Service name in the health request.
   *
   * @default - none: the server as a whole
   */
  readonly service?: string;
}

type Kind = 'httpGet' | 'tcpSocket' | 'grpc' | 'exec' | 'sameAsReadiness' | 'none';

export type ProbeAction =
  | {
      readonly kind: 'httpGet';
      readonly path: string;
      readonly port: string;
      readonly scheme: 'HTTP' | 'HTTPS';
      readonly headers: Record<string, string>;
    }
  | { readonly kind: 'tcpSocket'; readonly port: string }
  | { readonly kind: 'grpc'; readonly port: number; readonly service?: string }
  | { readonly kind: 'exec'; readonly command: readonly string[] };

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

  /** Succeeds if the gRPC health service returns SERVING. */
  public static grpc(options: GrpcProbeOptions = {}): Probe {
    return new Probe('grpc', undefined, options);
  }

  /** Succeeds if the command exits with 0 in the container. Each check starts a process: prefer the others. */
  public static exec(command: string[], options: ProbeTiming = {}): Probe {
    return new Probe('exec', command, options);
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

function refuseSecret({ certain, what }: Suspicion, problems: Problems, prop: string): void {
  problems.add({
    rule: certain ? 'secret/in-probe' : 'secret/by-name',
    prop,
    got: what,
    expected: 'a check without credentials',
    fix: 'Serve the check without one, or let Probe.exec(...) run a script that reads a mounted Secret',
  });
}

// the API server accepts fewer characters than RFC 9110
const headerName = matching(/^[-0-9A-Za-z]+$/, 256, "an HTTP header name of letters, digits and '-'");

/** The check of one probe; `undefined` if it is refused or has no own check (`none`, `sameAsReadiness`). */
export function readProbe(
  given: Probe,
  ports: readonly PortSettings[],
  period: number,
  problems: Problems,
  prop: string,
): ProbeSettings | undefined {
  if (given._kind === 'none' || given._kind === 'sameAsReadiness') return undefined;
  const read = new Reader<HttpProbeOptions & GrpcProbeOptions>(problems, given._options, `${prop}.`);
  const timing = readTiming(read, period);
  const action = readAction(given, given._kind, read, ports, problems, prop);
  read.refuseUnknown();
  return action && { action, ...timing };
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

function readTiming(read: Reader<ProbeTiming>, usualPeriod: number): Timing {
  return {
    initialDelay: read.optional('initialDelay', INITIAL_DELAY, 0),
    period: read.optional('period', PERIOD, usualPeriod),
    timeout: read.optional('timeout', PERIOD, DEFAULT_TIMEOUT),
    failureThreshold: read.optional('failureThreshold', FAILURE_THRESHOLD, DEFAULT_FAILURES),
  };
}

const SCHEME = oneOf<'HTTP' | 'HTTPS'>('HTTP', 'HTTPS');
const HEADERS = confidential(mapOf(headerName, confidential(anyText)));

function readAction(
  given: Probe,
  kind: ProbeAction['kind'],
  read: Reader<HttpProbeOptions & GrpcProbeOptions>,
  ports: readonly PortSettings[],
  problems: Problems,
  prop: string,
): ProbeAction | undefined {
  if (kind === 'exec') return readExec(given._target, problems, prop);
  const port = readPort(read, ports, problems, prop);
  if (kind === 'httpGet') {
    const path = askedPath.read(given._target, (value, expected) =>
      problems.refuse(prop, value, expected, { rule: 'props/value', fix: "Write Probe.httpGet('/readyz')" }),
    );
    const scheme = read.optional('scheme', SCHEME, 'HTTP');
    const headers = read.optional('headers', HEADERS, {}, { fix: 'Map header names to values' });
    for (const [name, value] of Object.entries(headers)) {
      const suspicion = suspicionOf(name, value);
      if (suspicion) refuseSecret(suspicion, problems, `${prop}.headers${keyPart(name)}`);
    }
    return path === undefined || port === undefined ? undefined : { kind, path, port: port.name, scheme, headers };
  }
  if (kind === 'grpc') {
    const service = read.optional('service', text, undefined, {
      fix: 'Write the name of the gRPC service, or remove the prop to check the whole server',
    });
    // the API accepts only a number here
    return port && { kind, port: port.port, service };
  }
  return port && { kind, port: port.name };
}

function readExec(command: unknown, problems: Problems, prop: string): ProbeAction | undefined {
  const words = confidential(listOf(confidential(text))).read(command, (value, expected, at = '') => {
    problems.refuse(`${prop}${at}`, value, expected, {
      rule: 'props/value',
      fix: "Write Probe.exec(['my-check', '--quick'])",
    });
  });
  if (words?.length === 0) {
    problems.refuse(prop, command, 'at least one word', {
      rule: 'props/empty-list',
      fix: "Write Probe.exec(['my-check', '--quick'])",
    });
    return undefined;
  }
  const suspicious = suspiciousWord(words ?? []);
  if (suspicious) refuseSecret(suspicious, problems, `${prop}[${suspicious.index}]`);
  return words && { kind: 'exec', command: words };
}

function readPort(
  read: Reader<PortProbeOptions>,
  ports: readonly PortSettings[],
  problems: Problems,
  prop: string,
): PortSettings | undefined {
  read.conflict('port', 'portName', { fix: 'Keep one' });
  const port = read.optional('port', portNumber, undefined, {
    fix: 'Write a port that the container declares, such as 8080',
  });
  const name = read.optional('portName', portName, undefined, {
    fix: "Write the name of a port that the container declares, such as 'http'",
  });
  const found = ports.find(
    (candidate) =>
      candidate.protocol === 'TCP' &&
      (port === undefined || candidate.port === port) &&
      (name === undefined || candidate.name === name),
  );
  if (!found) {
    const known = ports.map((candidate) => `${candidate.port} '${candidate.name}'`).join(', ') || 'none';
    problems.refuse(prop, port ?? name, `one of the container's TCP ports (${known})`, {
      rule: 'reference/missing-port',
      fix: 'Name a port that the container declares',
    });
  }
  return found;
}

/** Whether two probes have the same check, whatever their timing. */
export function isSameCheck(one: ProbeSettings, other: ProbeSettings): boolean {
  return JSON.stringify(one.action) === JSON.stringify(other.action);
}
