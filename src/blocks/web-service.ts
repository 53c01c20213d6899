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
  /** Port that the process listens on; 1 to 65535. From 1024 up, since it does not run as root. */
  readonly port: number;

  /**
   * Name of the port, for what it speaks.
   *
   * @default 'http'
   */
  readonly portName?: string;

  /**
   * Ports beside the main one.
   *
   * @default - none
   */
  readonly extraPorts?: NamedPort[];

  /**
   * Whether a pod may get traffic (CH05-17). Required: without it, requests are sent to pods that still start.
   * `Probe.portOnly()` is the choice for a server without a health path.
   */
  readonly readiness: Probe;

  /**
   * Whether the process must be restarted (CH05-21). Never a check of its dependencies.
   *
   * @default - the port accepts a connection; none with `readiness: Probe.portOnly()`, which checks the same
   */
  readonly liveness?: Probe;

  /**
   * Whether the process has started; the other probes wait for it.
   *
   * @default - with `startupTimeout`: the check of liveness, or that of readiness; otherwise none
   */
  readonly startup?: Probe;

  /**
   * Time that the process may take to start, for slow starters; 5 to 3600 s.
   *
   * @default - none: it is restarted when liveness fails three times
   */
  readonly startupTimeout?: Duration;

  /**
   * Time for which a stopping pod goes on serving, until every proxy has taken it out of its endpoints (CH05-18); 0 to
   * 3600 s, shorter than `terminationGracePeriod`. The pause is the kubelet's own: the image needs no shell.
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
 * A replicated, stateless service: Deployment, Service, ServiceAccount, PodDisruptionBudget, NetworkPolicy and, when
 * asked, HorizontalPodAutoscaler.
 *
 * - A rollout, a drained node and a scale-down lose no request: readiness decides on traffic, a stopping pod goes on
 *   serving for a while, and a new pod comes before an old one goes. The process must do its part: at SIGTERM, it
 *   answers what still comes on open connections, with `Connection: close`.
 * - The pods meet Pod Security `restricted`.
 * - Only declared edges reach the pods: `connectTo` of another block, routes, `allowFrom`.
 *
 * ```ts
 * new WebService(chart, 'frontend', {
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

/** `servicePort`: that of the Service for the main port. */
function readMain(site: Site<WebServiceProps>, servicePort: number | undefined): ContainerSettings {
  const { read, pod, podWide, problems } = site;
  const ports = readPorts(site, servicePort);
  const drain = read.optional('drain', seconds(0, 3600), 5);
  if (drain >= pod.graceSeconds && read.isSound('drain', 'terminationGracePeriod')) {
    read.refuse('drain', new Verbatim(`${drain} s`), `less than terminationGracePeriod (${pod.graceSeconds} s)`, {
      rule: 'workload/drain',
      fix: 'The process needs time to stop after the drain: raise terminationGracePeriod',
    });
  }
  const container = readContainerBase(read, podWide, problems);
  return { name: 'main', role: 'main', ports, drain, probes: readProbes(read, ports, problems), ...container };
}

/** The main port, and those beside it. */
function readPorts({ read, problems }: Site<WebServiceProps>, servicePort: number | undefined): PortSettings[] {
  const port = read.required('port', portNumber, 8080, { fix: 'Give the port that the process listens on' });
  refusePrivilegedPort(port, problems, 'port', 'let it listen on 8080, and set service.port for clients');
  const main: PortSettings = {
    name: read.optional('portName', portName, 'http'),
    port,
    servicePort: servicePort ?? port,
    protocol: 'TCP',
  };
  const extra = read
    .optional('extraPorts', structs<NamedPort>('a port'), [], { fix: "Write [{ name: 'metrics', port: 9090 }]" })
    .map((given, index) => readNamedPort(given, problems, `extraPorts[${index}]`));
  extra.forEach((other, index) =>
    refusePrivilegedPort(
      other.port,
      problems,
      `extraPorts[${index}].port`,
      'let it listen on another port, and set servicePort for clients',
    ),
  );
  refuseSamePorts([main, ...extra], problems, 'extraPorts');
  return [main, ...extra];
}
