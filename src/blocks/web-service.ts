import type { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { DeploymentProps } from '../controllers/deployment';
import { Verbatim } from '../kernel/findings/describe';
import { seconds, structs } from '../kernel/schema/checks';
import { portName } from '../kernel/schema/syntax';
import {
  type NamedPort,
  portNumber,
  type PortSettings,
  readNamedPort,
  refusePrivilegedPort,
  refuseSamePorts,
} from '../network/ports';
import { Replicas } from '../parts/replicas';
import { readService, type ServiceOptions } from '../parts/service';
import type { Site } from '../parts/site';
import { type ContainerBaseProps, type ContainerSettings, readContainerBase } from '../pod/container';
import type { Probe } from '../pod/probe';
import { deployedAsStated } from '../workload/deployed-workload';
import { plan, type WorkloadSite } from '../workload/plan';
import { readProbes } from '../workload/probes';
import { ServedWorkload, servedParts } from '../workload/served-workload';
import type { WorkloadProps } from '../workload/workload-props';

/** Props of `WebService`. */
export interface WebServiceProps extends WorkloadProps, ContainerBaseProps, DeploymentProps {
  /** Port that the process listens on; 1 to 65535, and at least 1024, since it does not run as root. */
  readonly port: number;

  /**
   * Name of the port, after its protocol.
   *
   * @default 'http'
   */
  readonly portName?: string;

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

  /**
   * Options of the Service.
   *
   * @default - a ClusterIP with the ports of the container
   */
  readonly service?: ServiceOptions;
}

/**
 * A replicated, stateless service: Deployment, Service, ServiceAccount, PodDisruptionBudget, NetworkPolicy and optional
 * HorizontalPodAutoscaler.
 *
 * - Rollouts, drained nodes and scale-downs lose no requests: readiness controls traffic, a stopping pod keeps serving
 *   for a while, and a new pod starts before an old one stops. The process must cooperate: after SIGTERM, it answers
 *   remaining requests on open connections, with `Connection: close`.
 * - The pods meet Pod Security `restricted`.
 * - Only declared connections reach the pods: `connectTo` of another block, routes, `allowFrom`.
 *
 * ```ts
 * new WebService(chart, 'journal', {
 *   image: 'ghcr.io/example/journal-server:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 * });
 * ```
 */
export class WebService extends ServedWorkload {
  public constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id, props, PLAN);
  }
}

const PLAN = plan({
  kind: () => ({ component: 'web', longestName: 63, hasService: true }),
  read: (site: WorkloadSite<WebServiceProps>) => {
    const service = readService(site);
    const main = readMain(site, service.port);
    return { service, main, replicas: Replicas.read(site, main) };
  },
  controller: deployedAsStated,
  parts: servedParts,
});

const DRAIN = seconds(0, 3600);

/** `servicePort`: the Service port of the main port. */
function readMain(site: Site<WebServiceProps>, servicePort: number | undefined): ContainerSettings {
  const { read, pod, podWide, problems } = site;
  const ports = readPorts(site, servicePort);
  const drain = read.optional('drain', DRAIN, 5);
  if (drain >= pod.graceSeconds && read.isSound('drain', 'terminationGracePeriod')) {
    read.refuse('drain', new Verbatim(`${drain} s`), `less than terminationGracePeriod (${pod.graceSeconds} s)`, {
      rule: 'workload/drain',
      fix: 'Raise terminationGracePeriod: the process needs time to stop after the drain',
    });
  }
  const container = readContainerBase(read, podWide, problems);
  return { name: 'main', role: 'main', ports, drain, probes: readProbes(read, ports, problems), ...container };
}

const EXTRA_PORTS = structs<NamedPort>('a port');

/** The main port and the additional ports. */
function readPorts(
  { read, podWide, problems }: Site<WebServiceProps>,
  servicePort: number | undefined,
): PortSettings[] {
  const port = read.required('port', portNumber, 8080, { fix: 'Give the port that the process listens on' });
  refusePrivilegedPort(port, podWide, problems, 'port', 'use 8080, and set service.port for clients');
  const main: PortSettings = {
    name: read.optional('portName', portName, 'http'),
    port,
    servicePort: servicePort ?? port,
    protocol: 'TCP',
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
