import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { type Deployed, type DeployedContents, DeployedWorkload, scaledParts } from './deployed-workload';
import type { Plan, WorkloadSite } from './plan';
import type { WorkloadKind } from './read-workload';
import type { PodWorkloadProps, WorkloadProps } from './workload-props';
import { toIngressBackend } from '../interop/cdk8s-plus';
import type { KplusObject } from '../interop/references';
import { identity } from '../kernel/emit/labels';
import { namespaceOf } from '../kernel/model/names';
import type { IRouteBackend } from '../network/backend';
import { type AllowOptions, type Connection, hostFor, type IConnectionTarget } from '../network/connection';
import type { IPeer } from '../network/peer';
import { isInService, type NamedPort, type PortSettings, toNamedPort } from '../network/ports';
import { emitService } from '../parts/render-service';
import type { ServiceSettings } from '../parts/service';

/** What a block with a Deployment behind a Service reads. */
export interface ServedContents extends DeployedContents {
  readonly service: ServiceSettings;
}

/** What the parts of a block with a Deployment behind a Service make. */
export interface Served extends Deployed {
  /** Those of the Service, the main one first. */
  readonly ports: readonly PortSettings[];
  readonly service: ApiObject;
}

/** The step of a plan: a Service, and what every Deployment has. */
export function servedParts(site: WorkloadSite<WorkloadProps>, contents: ServedContents): Served {
  const { service } = contents;
  const sidecars = site.pod.containers.filter(({ role }) => role === 'sidecar');
  const ports = [...contents.main.ports, ...sidecars.flatMap((sidecar) => sidecar.ports.filter(isInService))];
  return { ports, service: emitService(site, ports, service), ...scaledParts(site, contents) };
}

/**
 * A Deployment behind a Service, which others connect to and routes lead to.
 *
 * @internal
 */
export abstract class ServedWorkload<M extends Served = Served>
  extends DeployedWorkload<M>
  implements IConnectionTarget, IRouteBackend
{
  /** The Service. */
  public readonly service: ApiObject;

  private readonly ports: readonly PortSettings[];

  protected constructor(
    scope: Construct,
    id: string,
    props: PodWorkloadProps,
    plan: Plan<PodWorkloadProps, WorkloadKind, ServedContents, M>,
  ) {
    super(scope, id, props, plan);
    this.service = this._made.service;
    this.ports = this._made.ports;
  }

  /**
   * Opens the pods for a peer.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options which ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this._allow(peer, options);
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

  /** Ports of its pods that the Service leads to, the main one first. */
  public get declaredPorts(): NamedPort[] {
    return this.ports.map(toNamedPort);
  }

  /** How `client` reaches the service. */
  public connectionFor(client: IConstruct): Connection {
    const [main] = this.ports;
    return {
      host: hostFor(this.name, namespaceOf(this), namespaceOf(client)),
      port: main.servicePort,
      targetPort: main.port,
      ports: this.declaredPorts,
    };
  }

  /** The Service, as the backend of an Ingress of cdk8s-plus. */
  public toIngressBackend(): KplusObject {
    return toIngressBackend(this.name, this.ports[0].servicePort);
  }
}
