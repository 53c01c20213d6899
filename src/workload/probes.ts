import type { Duration } from 'cdk8s';
import type { Problems } from '../kernel/findings/problems';
import { seconds } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { METRICS, portNumber, type PortSettings, refusePrivilegedPort } from '../network/ports';
import type { Site } from '../parts/site';
import {
  type ContainerBaseProps,
  type ContainerSettings,
  LIVENESS_PERIOD,
  probeInstance,
  type ProbesSettings,
  READINESS_PERIOD,
  readContainerBase,
  refuseSameLiveness,
  STARTUP_PERIOD,
} from '../pod/container';
import type * as Heartbeat from '../pod/heartbeat';
import { type HookedContainerProps, readPreStop } from '../pod/pre-stop';
import { isSameCheck, Probe, type ProbeSettings, readProbe, readSameCheck } from '../pod/probe';

/** The probe props of a service. */
interface ServedProbes {
  readonly readiness: Probe;
  readonly liveness?: Probe;
  readonly startup?: Probe;
  readonly startupTimeout?: Duration;
}

/** Reads the three probes of a service. Liveness and startup are derived if omitted. */
export function readProbes(
  read: Reader<ServedProbes>,
  ports: readonly PortSettings[],
  problems: Problems,
): ProbesSettings {
  const readinessProbe = read.required('readiness', probeInstance, Probe.portOnly(), {
    fix: "Use Probe.httpGet('/readyz'), or Probe.portOnly() for a server without a health path",
    practice: 'CH05-17',
  });
  const readiness = readProbe(readinessProbe, ports, READINESS_PERIOD, problems, 'readiness');
  if (readiness === undefined && ['none', 'sameAsReadiness'].includes(readinessProbe._kind)) {
    read.refuse('readiness', `Probe.${readinessProbe._kind}()`, 'a check', {
      rule: 'workload/no-readiness',
      fix: "Use Probe.httpGet('/readyz'), or Probe.portOnly()",
    });
  }
  const liveness = readLiveness(read, readiness, ports, problems);
  return { readiness, liveness, startup: readStartup(read, { readiness, liveness }, ports, problems) };
}

function readLiveness(
  read: Reader<ServedProbes>,
  readiness: ProbeSettings | undefined,
  ports: readonly PortSettings[],
  problems: Problems,
): ProbeSettings | undefined {
  const given = read.optional('liveness', probeInstance, undefined, { fix: "Use Probe.httpGet('/healthz')" });
  if (given === undefined) {
    const byPort = readProbe(Probe.tcpSocket(), ports, LIVENESS_PERIOD, problems, 'liveness');
    return byPort && readiness && isSameCheck(byPort, readiness) ? undefined : byPort;
  }
  if (given._kind === 'sameAsReadiness') {
    return readiness && readSameCheck(given, readiness, LIVENESS_PERIOD, problems, 'liveness');
  }
  const liveness = readProbe(given, ports, LIVENESS_PERIOD, problems, 'liveness');
  refuseSameLiveness({ readiness, liveness }, problems, 'liveness');
  return liveness;
}

const STARTUP_TIMEOUT = seconds(STARTUP_PERIOD, 3600);

function readStartup(
  read: Reader<ServedProbes>,
  { readiness, liveness }: ProbesSettings,
  ports: readonly PortSettings[],
  problems: Problems,
): ProbeSettings | undefined {
  const given = read.optional('startup', probeInstance, undefined, { fix: "Use Probe.httpGet('/healthz')" });
  const timeout = read.optional('startupTimeout', STARTUP_TIMEOUT, undefined, {
    fix: 'Set the longest time that a start may take, such as Duration.minutes(2)',
  });
  if (given?._kind === 'none' && timeout !== undefined) {
    read.refuse('startup', 'Probe.none()', "a check, or no 'startupTimeout'", {
      rule: 'props/conflict',
      fix: "Omit 'startup' to use the liveness check",
    });
  }
  if (given === undefined && timeout === undefined) return undefined;
  const derived = liveness ?? readiness;
  const check =
    given === undefined
      ? derived && { ...derived, initialDelay: 0, period: STARTUP_PERIOD }
      : given._kind === 'sameAsReadiness'
        ? readiness && readSameCheck(given, { ...readiness, initialDelay: 0 }, STARTUP_PERIOD, problems, 'startup')
        : readProbe(given, ports, STARTUP_PERIOD, problems, 'startup');
  return check && timeout !== undefined ? { ...check, failureThreshold: Math.ceil(timeout / check.period) } : check;
}

/** The probe props of a process without clients. */
interface PrivateProbes {
  readonly liveness?: Probe;
  readonly startup?: Probe;
  readonly metricsPort?: number;
}

/** The main container of a process that runs to completion. */
export function readPortless(site: Site<ContainerBaseProps & HookedContainerProps & PrivateProbes>): ContainerSettings {
  const { read, podWide, problems } = site;
  const liveness = read.optional('liveness', probeInstance, Probe.none(), { fix: "Use Probe.exec(['my-check'])" });
  const checked = readPrivateProbe(site, 'liveness', liveness, []);
  const first = startOf(checked);
  const probes = first === undefined ? { liveness: checked } : { liveness: checked, startup: first };
  const hook = readPreStop(read, { ...podWide, ports: [], drain: 0 }, problems);
  return {
    name: 'main',
    role: 'main',
    ports: [],
    drain: 0,
    probes,
    ...hook,
    ...readContainerBase(read, podWide, problems),
  };
}

/** The prop `metricsPort`, if it is stated. */
export function readMetricsPort(read: Reader<{ readonly metricsPort?: number }>): PortSettings[] {
  const port = read.optional('metricsPort', portNumber, undefined, {
    fix: 'Write the port that serves the metrics, such as 9090',
  });
  return port === undefined ? [] : [{ name: METRICS, port, servicePort: port, protocol: 'TCP' }];
}

/** The main container of a long-running process that serves at most metrics. */
export function readPrivate(site: Site<ContainerBaseProps & HookedContainerProps & PrivateProbes>): ContainerSettings {
  const { read, podWide, problems } = site;
  const ports = readMetricsPort(read);
  for (const { port } of ports) refusePrivilegedPort(port, podWide, problems, 'metricsPort', 'use another port');
  const liveness = read.required('liveness', probeInstance, Probe.none(), {
    fix: "Use Probe.exec(['my-check']), or Probe.none() if no check is possible",
    practice: 'CH05-21',
  });
  const startup = read.optional('startup', probeInstance, Probe.none(), { fix: "Use Probe.exec(['my-check'])" });
  const checked = readPrivateProbe(site, 'liveness', liveness, ports);
  const probes = {
    liveness: checked,
    startup: read.has('startup') ? readPrivateProbe(site, 'startup', startup, ports) : startOf(checked),
  };
  const hook = readPreStop(read, { ...podWide, ports, drain: 0 }, problems);
  return {
    name: 'main',
    role: 'main',
    ports,
    drain: 0,
    probes,
    ...hook,
    ...readContainerBase(read, podWide, problems),
  };
}

/** Loaded for processes with a heartbeat only. */
function loadHeartbeat(): typeof Heartbeat {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../pod/heartbeat') as typeof Heartbeat;
}

function startOf(liveness: ProbeSettings | undefined): ProbeSettings | undefined {
  const isBeat = liveness?.action.kind === 'exec' && liveness.action.heartbeat !== undefined;
  return isBeat ? loadHeartbeat().firstBeat(liveness, STARTUP_PERIOD) : undefined;
}

function readPrivateProbe(
  { problems, podWide }: Site,
  prop: 'liveness' | 'startup',
  given: Probe,
  ports: readonly PortSettings[],
): ProbeSettings | undefined {
  const period = prop === 'liveness' ? LIVENESS_PERIOD : STARTUP_PERIOD;
  if (given._kind === 'heartbeat') {
    return loadHeartbeat().readHeartbeat(given, period, podWide.graceSeconds, problems, prop);
  }
  const isSeen =
    given._kind === 'exec' || given._kind === 'none' || (ports.length > 0 && given._kind !== 'sameAsReadiness');
  if (isSeen) return readProbe(given, ports, period, problems, prop);
  problems.refuse(prop, given, 'Probe.exec(...): nothing listens', {
    rule: 'workload/portless-liveness',
    fix: "Use Probe.exec(['my-check']), or Probe.none()",
  });
  return undefined;
}
