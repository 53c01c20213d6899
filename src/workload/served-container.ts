import type { Duration } from 'cdk8s';
import { readProbes } from './probes';
import type { PodWorkloadProps } from './workload-props';
import { Verbatim } from '../kernel/findings/describe';
import { seconds, structs } from '../kernel/schema/checks';
import { portName } from '../kernel/schema/syntax';
import type { AppProtocol } from '../network/app-protocol';
import {
  type NamedPort,
  portNumber,
  type PortSettings,
  readAppProtocol,
  readNamedPort,
  refusePrivilegedPort,
  refuseSamePorts,
} from '../network/ports';
import type { Site } from '../parts/site';
import { type ContainerBaseProps, type ContainerSettings, readContainerBase } from '../pod/container';
import { type HookedContainerProps, readPreStop } from '../pod/pre-stop';
import type { Probe } from '../pod/probe';

/** Props of the main container of a service: ports, probes and shutdown. */
export interface ServedContainerProps extends ContainerBaseProps, HookedContainerProps {
  /** Port that the process listens on; 1 to 65535, and at least 1024, since it does not run as root. */
  readonly port: number;

  /**
   * Name of the port, after its protocol.
   *
   * @default - 'http', and 'tcp' for a `StatefulService`; 'grpc' with `AppProtocol.grpc()`
   */
  readonly portName?: string;

  /**
   * What the process speaks on the port.
   *
   * @default - not stated: a mesh or a gateway assumes HTTP/1.1, or guesses
   */
  readonly appProtocol?: AppProtocol;

  /**
   * Additional ports.
   *
   * @default - none
   */
  readonly extraPorts?: NamedPort[];

  /**
   * Whether a pod may get traffic (CH05-17). Required: without it, starting pods would get requests. Use
   * `Probe.portOnly()` for a server without a health path.
   */
  readonly readiness: Probe;

  /**
   * Whether the process must be restarted (CH05-21). Never check dependencies here.
   *
   * @default - the port accepts a connection; none with `readiness: Probe.portOnly()`, which checks the same
   */
  readonly liveness?: Probe;

  /**
   * Whether the process has started; the other probes wait for it.
   *
   * @default - with `startupTimeout`: the liveness check, or the readiness check; otherwise none
   */
  readonly startup?: Probe;

  /**
   * Time limit for slow starters; 5 to 3600 s.
   *
   * @default - none: liveness failing three times restarts it
   */
  readonly startupTimeout?: Duration;

  /**
   * Time for which a stopping pod keeps serving, until every proxy has removed its endpoint (CH05-18); 0 to 3600 s,
   * shorter than `terminationGracePeriod`. The kubelet waits itself: the image needs no shell.
   *
   * @default Duration.seconds(5)
   */
  readonly drain?: Duration;
}

const DRAIN = seconds(0, 3600);

/** `servicePort`: the Service port of the main port. `usualName`: its name, unless it is stated. */
export function readServedContainer(
  site: Site<ServedContainerProps & PodWorkloadProps>,
  servicePort: number | undefined,
  usualName: string,
): ContainerSettings {
  const { read, pod, podWide, problems } = site;
  const ports = readPorts(site, servicePort, usualName);
  const drain = read.optional('drain', DRAIN, 5);
  if (drain >= pod.graceSeconds && read.isSound('drain', 'terminationGracePeriod')) {
    read.refuse('drain', new Verbatim(`${drain} s`), `less than terminationGracePeriod (${pod.graceSeconds} s)`, {
      rule: 'workload/drain',
      fix: 'Raise terminationGracePeriod: the process needs time to stop after the drain',
    });
  }
  const container = readContainerBase(read, podWide, problems);
  const fits = read.isSound('drain') && drain < pod.graceSeconds;
  const hook = readPreStop(read, { ...podWide, ports, drain: fits ? drain : undefined }, problems);
  return { name: 'main', role: 'main', ports, drain, probes: readProbes(read, ports, problems), ...hook, ...container };
}

const EXTRA_PORTS = structs<NamedPort>('a port');

/** The main port and the additional ports. */
function readPorts(
  { read, podWide, problems }: Site<ServedContainerProps>,
  servicePort: number | undefined,
  usualName: string,
): PortSettings[] {
  const port = read.required('port', portNumber, 8080, { fix: 'Give the port that the process listens on' });
  refusePrivilegedPort(port, podWide, problems, 'port', 'use 8080, and set service.port for clients');
  const spoken = readAppProtocol(read);
  const main: PortSettings = {
    name: read.optional('portName', portName, spoken.appProtocol?.isGrpc ? 'grpc' : usualName),
    port,
    servicePort: servicePort ?? port,
    protocol: 'TCP',
    ...spoken,
  };
  const extra = read
    .optional('extraPorts', EXTRA_PORTS, [], {
      fix: "List NamedPorts, such as one with name: 'metrics', port: 9090",
    })
    .map((given, index) => readNamedPort(given, problems, `extraPorts[${index}]`));
  extra.forEach((other, index) =>
    refusePrivilegedPort(
      other.port,
      podWide,
      problems,
      `extraPorts[${index}].port`,
      'use another port, and set servicePort for clients',
    ),
  );
  refuseSamePorts([main, ...extra], problems, 'extraPorts');
  return [main, ...extra];
}
