import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { DeploymentSpec, DeploymentStrategy } from 'kubernetes-types/apps/v1';
import type { Rescale } from './facts';
import { readProbes } from './probes';
import { defaultDeadline, longestStart } from './progress';
import { readRollout, Rollout, type RolloutSettings, scaleOf } from './rollout';
import { ServingWorkload } from './serving-workload';
import type { WebServiceProps } from './web-service-props';
import { toIngressBackend } from '../interop/cdk8s-plus';
import type { KplusObject } from '../interop/references';
import { emitLater } from '../kernel/emit/emission';
import { identity, versionLabel } from '../kernel/emit/labels';
import { Verbatim } from '../kernel/findings/describe';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import { instance, integer, seconds, structs } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { portName } from '../kernel/schema/syntax';
import type { IRouteBackend } from '../network/backend';
import { type Connection, hostFor } from '../network/connection';
import { hasInjectedProxy } from '../network/injected-proxy';
import { type NamedPort, portNumber, type PortSettings, readNamedPort, refusePrivilegedPort, refuseSamePorts } from '../network/ports';
import { renderService } from '../parts/render-service';
import { readService, type ServiceSettings } from '../parts/service';
import { imageVersion, readContainerBase } from '../pod/container';
import { renderPodTemplate } from '../pod/render-pod-template';
import { Autoscaling, type AutoscalingSettings, readAutoscaling, refuseMissingRequests, refuseUnreachableTargets } from '../scaling/autoscaling';
import { renderAutoscaler } from '../scaling/render-autoscaler';

/** In place of a number of replicas that is refused: nothing is too much for them. */
const MANY = 10_000;

/**
 * A replicated, stateless service: Deployment, Service, ServiceAccount, PodDisruptionBudget, NetworkPolicy and, when
 * asked, HorizontalPodAutoscaler.
 *
 * - A rollout, a drained node and a scale-down lose no request: readiness decides on traffic, a stopping pod goes on
 *   serving for a while, and a new pod comes before an old one goes. The process must do its part: at SIGTERM, it answers
 *   what still comes on open connections, with `Connection: close`.
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
export class WebService extends ServingWorkload implements IRouteBackend {
  /** The Deployment. */
  public readonly deployment: ApiObject;
  /** The Service. */
  public readonly service: ApiObject;
  /** The PodDisruptionBudget; none with `DisruptionBudget.none()`. */
  public readonly disruptionBudget?: ApiObject;
  /** Whether an autoscaler owns the number of replicas: ours, or another one that `markHasAutoscaler` tells of. */
  public hasAutoscaler: boolean;
  /** The HorizontalPodAutoscaler; none without `autoscaling`. */
  public readonly autoscaler?: ApiObject;

  private readonly settings: DeploymentSettings;
  private readonly ports: PortSettings[];
  private readonly serviceSettings: ServiceSettings;

  public constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id, props, { component: 'web', longestName: 63, revisionLabel: 'pod-template-hash', claims: [] });
    const read = this._reader(props);

    this.serviceSettings = readService(read.raw('service'), this, this._problems);
    this.ports = this.readPorts(read);
    const drain = read.optional('drain', seconds(0, 3600), 5, { fix: 'Leave it out for 5 s' });
    if (drain >= this._pod.graceSeconds && read.isSound('drain', 'terminationGracePeriod')) {
      read.refuse('drain', new Verbatim(`${drain} s`), `less than terminationGracePeriod (${this._pod.graceSeconds} s)`, { rule: 'workload/drain', fix: 'The process needs time to stop after the drain: raise terminationGracePeriod' });
    }
    const container = readContainerBase(read, this._podWide, this._problems);
    const probes = readProbes(read, this.ports, this._problems);
    this._setContainers({ name: 'main', role: 'main', ports: this.ports, drain, probes, ...container }, read);
    this.settings = this.readDeployment(read);
    this.hasAutoscaler = this.settings.autoscaling !== undefined;
    const leastReplicas = this.settings.autoscaling?.min ?? this.settings.replicas ?? 2;

    const deploymentHead = this._head('apps/v1', 'Deployment', this.name, { annotations: this._annotations, labels: versionLabel(imageVersion(this._pod.containers[0].image)) });
    this.deployment = emitLater(this, 'Resource', deploymentHead, this._problems, () => this.renderDeployment());
    this.service = emitLater(this, 'Service', this._head('v1', 'Service', this.name, { annotations: this.serviceSettings.annotations }), this._problems, () => renderService(this.ports, identity(this.name), this.serviceSettings, clusterOf(this)));
    const scaledTo: Rescale = (most) => scaleOf(this.settings.rollout, leastReplicas, most);
    this._record('Deployment', () => scaledTo(this.settings.autoscaling?.max ?? leastReplicas), [], scaledTo);
    this.disruptionBudget = this._emitBudget(read, read.isSound('replicas') ? leastReplicas : MANY);
    this.autoscaler = this.settings.autoscaling && this.emitAutoscaler(this.settings.autoscaling);
    this._refuseUnknown(read);
  }

  /** Name of the Service, for a route. */
  public get serviceName(): string {
    return this.name;
  }

  /** Name of the Service's main port, for a route. */
  public get routePort(): string {
    return this.ports[0].name;
  }

  /** Port of the pods that a route leads to. */
  public get routeTargetPort(): number {
    return this.ports[0].port;
  }

  /** Labels that its pods have, and no others of the namespace. */
  public get selectorLabels(): { [label: string]: string } {
    return identity(this.name);
  }

  /** Ports of its pods, the main one first. */
  public get declaredPorts(): NamedPort[] {
    return this.ports.map((port) => ({ ...port }));
  }

  /** How `client` reaches the service. */
  public connectionFor(client: IConstruct): Connection {
    const [main] = this.ports;
    return { host: hostFor(this.name, namespaceOf(this), namespaceOf(client)), port: main.servicePort, targetPort: main.port };
  }

  /** The Service, as the backend of an Ingress of cdk8s-plus. */
  public toIngressBackend(): KplusObject {
    return toIngressBackend(this.name, this.ports[0].servicePort);
  }

  /**
   * Hands the number of replicas to an autoscaler that the block does not write, such as one of KEDA: the Deployment has
   * none then. Those of cdk8s-plus call it themselves.
   */
  public markHasAutoscaler(): void {
    if (this.settings.autoscaling !== undefined) {
      this._problems.add({ rule: 'scaling/two-owners', prop: 'autoscaling', got: 'a second autoscaler', expected: 'one owner of the number of replicas', fix: 'Remove one of the two' });
    }
    if (this.settings.replicasGiven) {
      this._problems.add({ rule: 'scaling/two-owners', prop: 'replicas', got: 'a number beside an autoscaler', expected: 'one owner of the number of replicas', fix: "Remove 'replicas'" });
    }
    this.hasAutoscaler = true;
  }

  /** The Deployment, for an autoscaler of cdk8s-plus. */
  public toScalingTarget(): KplusObject {
    return {
      apiVersion: this.deployment.apiVersion,
      kind: this.deployment.kind,
      name: this.name,
      containers: this.containers as object[],
      // cdk8s-plus refuses an autoscaler beside a number
      replicas: this.settings.replicasGiven ? this.settings.replicas : undefined,
    };
  }

  /**
   * A rolling update starts the new pod beside the old one.
   *
   * @internal
   */
  protected _hasSeveralPods(): boolean {
    const { replicas, rollout } = this.settings;
    return this.hasAutoscaler || replicas > 1 || rollout.kind !== 'Recreate';
  }

  /** @internal */
  protected _onePodFix(): string | undefined {
    return 'For one pod at a time, set replicas: 1 and rollout: Rollout.recreate()';
  }

  /** @internal */
  protected _refuseUnknown(read: Reader<WebServiceProps>): void {
    read.refuseUnknown();
  }

  private readPorts(read: Reader<WebServiceProps>): PortSettings[] {
    const port = read.required('port', portNumber, 8080, { fix: 'Give the port that the process listens on' });
    refusePrivilegedPort(port, this._problems, 'port', 'let it listen on 8080, and set service.port for clients');
    const main: PortSettings = {
      name: read.optional('portName', portName, 'http', { fix: "Leave it out for 'http'" }),
      port,
      servicePort: this.serviceSettings.port ?? port,
      protocol: 'TCP',
    };
    const extra = read.optional('extraPorts', structs('a port'), [], { fix: "Write [{ name: 'metrics', port: 9090 }]" })
      .map((given, index) => readNamedPort(given, this._problems, `extraPorts[${index}]`));
    extra.forEach((other, index) => refusePrivilegedPort(other.port, this._problems, `extraPorts[${index}].port`, 'let it listen on another port, and set servicePort for clients'));
    refuseSamePorts([main, ...extra], this._problems, 'extraPorts');
    return [main, ...extra];
  }

  private readDeployment(read: Reader<WebServiceProps>): DeploymentSettings {
    const autoscaling = read.optional('autoscaling', instance(Autoscaling, 'an Autoscaling, e.g. Autoscaling.onCpu({ min: 2, max: 10, target: 80 })'), undefined, { fix: 'Use Autoscaling.onCpu(...)' });
    read.conflict('replicas', 'autoscaling', { rule: 'scaling/two-owners', fix: "Remove 'replicas': the autoscaler owns the number, and applying the YAML again would reset it" });
    const replicas = read.optional('replicas', integer(0, 10_000), 2, { fix: 'Leave it out for 2', practice: 'CH01-11' });
    const scaling = autoscaling && readAutoscaling(autoscaling, this._problems, 'autoscaling');
    if (scaling) {
      refuseUnreachableTargets(scaling, this._pod.containers[0], this._problems);
      this._problems.atSynth((problems) => refuseMissingRequests(scaling, this._pod.containers, problems));
    }

    const rollout = read.optional('rollout', instance(Rollout, 'a Rollout, e.g. Rollout.rolling({ maxSurge: 2 })'), Rollout.rolling(), { fix: 'Use Rollout.rolling(...) or Rollout.recreate()' });
    const minReady = read.optional('minReady', seconds(0, 3600), 5, { fix: 'Leave it out for 5 s' });
    const start = longestStart(this._pod.containers);
    const progressDeadline = read.optional('progressDeadline', seconds(1, 86_400), defaultDeadline(this._pod.containers, minReady), { fix: 'Leave it out for 10 minutes', practice: 'CH05-36' });
    if (progressDeadline <= start + minReady && read.isSound('progressDeadline', 'minReady')) {
      const expected = start > 0 ? `more than the ${start} s that the probes give a start, and minReady (${minReady} s)` : `more than minReady (${minReady} s)`;
      read.refuse('progressDeadline', new Verbatim(`${progressDeadline} s`), expected, { rule: 'workload/progress-deadline', fix: 'Raise it' });
    }
    return {
      replicas,
      replicasGiven: read.has('replicas'),
      autoscaling: scaling,
      rollout: readRollout(rollout, scaling?.min ?? (read.isSound('replicas') ? replicas : MANY), this._problems, 'rollout'),
      minReady,
      progressDeadline,
      revisionHistory: read.optional('revisionHistory', integer(0, 100), 10, { fix: 'Leave it out for 10' }),
    };
  }

  private emitAutoscaler(settings: AutoscalingSettings): ApiObject {
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: this.name };
    return emitLater(this, 'HorizontalPodAutoscaler', this._head('autoscaling/v2', 'HorizontalPodAutoscaler'), this._problems, () => {
      const [main, ...others] = this._pod.containers;
      return renderAutoscaler(settings, target, main.name, others.some(({ role }) => role === 'sidecar') || hasInjectedProxy(this._pod.labels()));
    });
  }

  private renderDeployment(): DeploymentSpec {
    const { settings } = this;
    return {
      replicas: this.hasAutoscaler ? undefined : settings.replicas,
      selector: { matchLabels: identity(this.name) },
      strategy: renderStrategy(settings.rollout),
      minReadySeconds: settings.minReady,
      progressDeadlineSeconds: settings.progressDeadline,
      revisionHistoryLimit: settings.revisionHistory,
      template: renderPodTemplate(this._pod),
    };
  }
}

interface DeploymentSettings {
  readonly replicas: number;
  readonly replicasGiven: boolean;
  readonly autoscaling?: AutoscalingSettings;
  readonly rollout: RolloutSettings;
  readonly minReady: number;
  readonly progressDeadline: number;
  readonly revisionHistory: number;
}

function renderStrategy(settings: RolloutSettings): DeploymentStrategy {
  if (settings.kind === 'Recreate') return { type: 'Recreate' };
  const { maxSurge, maxUnavailable } = settings;
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
}
