import type { WebServiceProps } from './web-service-props';
import type { Problems } from '../kernel/findings/problems';
import { seconds } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import type { PortSettings } from '../network/ports';
import { type ContainerBaseProps, type ContainerSettings, LIVENESS_PERIOD, type PodWide, probeInstance, type ProbesSettings, READINESS_PERIOD, readContainerBase, refuseSameLiveness, STARTUP_PERIOD } from '../pod/container';
import { isSameCheck, Probe, type ProbeSettings, readProbe } from '../pod/probe';

/** The three probes of a service: readiness as given, liveness and startup derived where they are left out. */
export function readProbes(read: Reader<WebServiceProps>, ports: readonly PortSettings[], problems: Problems): ProbesSettings {
  const readinessProbe = read.required('readiness', probeInstance, Probe.portOnly(), { fix: "Give Probe.httpGet('/readyz'), or Probe.portOnly() for a server without a health path", practice: 'CH05-17' });
  const readiness = readProbe(readinessProbe, ports, READINESS_PERIOD, problems, 'readiness');
  if (readiness === undefined && ['none', 'sameAsReadiness'].includes(readinessProbe._kind)) {
    read.refuse('readiness', `Probe.${readinessProbe._kind}()`, 'a check', { rule: 'workload/no-readiness', fix: "Give Probe.httpGet('/readyz'), or Probe.portOnly()" });
  }
  const liveness = readLiveness(read, readiness, ports, problems);
  return { readiness, liveness, startup: readStartup(read, { readiness, liveness }, ports, problems) };
}

function readLiveness(read: Reader<WebServiceProps>, readiness: ProbeSettings | undefined, ports: readonly PortSettings[], problems: Problems): ProbeSettings | undefined {
  const given = read.optional('liveness', probeInstance, undefined, { fix: "Use Probe.httpGet('/healthz')" });
  if (given === undefined) {
    const byPort = readProbe(Probe.tcpSocket(), ports, LIVENESS_PERIOD, problems, 'liveness');
    return byPort && readiness && isSameCheck(byPort, readiness) ? undefined : byPort;
  }
  if (given._kind === 'sameAsReadiness') return readiness && { ...readiness, period: LIVENESS_PERIOD };
  const liveness = readProbe(given, ports, LIVENESS_PERIOD, problems, 'liveness');
  refuseSameLiveness({ readiness, liveness }, problems, 'liveness');
  return liveness;
}

function readStartup(read: Reader<WebServiceProps>, { readiness, liveness }: ProbesSettings, ports: readonly PortSettings[], problems: Problems): ProbeSettings | undefined {
  const given = read.optional('startup', probeInstance, undefined, { fix: "Use Probe.httpGet('/healthz')" });
  const timeout = read.optional('startupTimeout', seconds(STARTUP_PERIOD, 3600), undefined, { fix: 'Give the longest time that a start may take, such as Duration.minutes(2)' });
  if (given?._kind === 'none' && timeout !== undefined) {
    read.refuse('startup', 'Probe.none()', "a check, beside 'startupTimeout'", { rule: 'props/conflict', fix: "Leave 'startup' out for the check of liveness" });
  }
  if (given === undefined && timeout === undefined) return undefined;
  const derived = given === undefined ? liveness ?? readiness : given._kind === 'sameAsReadiness' ? readiness : undefined;
  const check = derived ? { ...derived, initialDelay: 0, period: STARTUP_PERIOD } : given && readProbe(given, ports, STARTUP_PERIOD, problems, 'startup');
  return check && timeout !== undefined ? { ...check, failureThreshold: Math.ceil(timeout / check.period) } : check;
}

/** The main container of a process that nobody connects to. */
export function readPortless(read: Reader<ContainerBaseProps & { readonly liveness?: Probe }>, podWide: PodWide, problems: Problems): ContainerSettings {
  const container = readContainerBase(read, podWide, problems);
  return { name: 'main', role: 'main', ports: [], drain: 0, probes: { liveness: readExecLiveness(read, problems) }, ...container };
}

/** The liveness of pods that nothing listens in. */
function readExecLiveness(read: Reader<{ readonly liveness?: Probe }>, problems: Problems): ProbeSettings | undefined {
  const given = read.optional('liveness', probeInstance, undefined, { fix: "Use Probe.exec(['my-check'])" });
  if (given === undefined) return undefined;
  if (given._kind !== 'exec') {
    read.refuse('liveness', given, 'Probe.exec(...): nothing listens', { rule: 'workload/portless-liveness', fix: "Use Probe.exec(['my-check']), or leave it out" });
    return undefined;
  }
  return readProbe(given, [], LIVENESS_PERIOD, problems, 'liveness');
}
