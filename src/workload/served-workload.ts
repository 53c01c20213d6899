import type { ApiObject } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { Plan, WorkloadSite } from './plan';
import type { WorkloadKind } from './read-workload';
import { type Scaled, type ScaledContents, scaledParts, ScaledWorkload } from './scaled-workload';
import type { PodWorkloadProps, WorkloadProps } from './workload-props';
import { toIngressBackend } from '../interop/cdk8s-plus';
import type { KplusObject } from '../interop/references';
import { identity, type Labels } from '../kernel/emit/labels';
import { namespaceOf } from '../kernel/model/names';
import type { AppProtocol } from '../network/app-protocol';
import type { IRouteBackend } from '../network/backend';
import { type AllowOptions, type Connection, hostFor, type IConnectionTarget } from '../network/connection';
import type { IPeer } from '../network/peer';
import { type NamedPort, type PortSettings, servicePorts, toNamedPort } from '../network/ports';
import type { ScaledKind } from '../parts/autoscaling';
import { stateGrpc } from '../parts/grpc-service';
import { emitHeadless, emitService } from '../parts/render-service';
import type { ServiceSettings } from '../parts/service';

/** What a block behind a Service reads. */
export interface ServedContents extends ScaledContents {
  readonly service: ServiceSettings;
}

/** The parts of a block behind a Service. */
export interface Served extends Scaled {
  /** Ports of the Service, the main one first. */
  readonly ports: readonly PortSettings[];
  readonly service: ApiObject;
  readonly headlessService?: ApiObject;
}

/** A Service, and the parts of every controller. `selector`: of the pods that the Service leads to. */
export function servedParts(
  site: WorkloadSite<WorkloadProps>,
  contents: ServedContents,
  kind: ScaledKind,
  selector?: Labels,
): Served {
  const { service, replicas } = contents;
  const ports = servicePorts(site.pod.containers, contents.main.ports);
  stateGrpc(site, ports, service, replicas);
  return {
    ports,
    service: emitService(site, ports, service, { selector }),
    headlessService:
      service.headlessName === undefined ? undefined : emitHeadless(site, ports, service.headlessName, service),
    ...scaledParts(site, contents, kind),
  };
}

/**
 * Pods behind a Service, for connections and routes.
 *
 * @internal
 */
export abstract class ServedWorkload extends ScaledWorkload implements IConnectionTarget, IRouteBackend {
  /** The Service. */
  public readonly service: ApiObject;
  /** The headless Service; none without `service.headless`. */
  public readonly headlessService?: ApiObject;

  private readonly ports: readonly PortSettings[];

  protected constructor(
    scope: Construct,
    id: string,
    props: PodWorkloadProps,
    plan: Plan<PodWorkloadProps, WorkloadKind, ServedContents, Served>,
  ) {
    super(scope, id, props, plan);
    const made = this._madeBy(plan);
    this.service = made.service;
    this.headlessService = made.headlessService;
    this.ports = made.ports;
  }

  /**
   * Opens the pods for a peer.
   *
   * @param peer a block, a `Peer`, or an `IngressController`
   * @param options the ports
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this._allow(peer, options);
  }

  /** Name of the Service, for a route. */
  public get serviceName(): string {
    return this.service.name;
  }

  /** Name of the Service's main port, for a route. */
  public get routePort(): string {
    return this.ports[0].name;
  }

  /** Pod port that a route leads to. */
  public get routeTargetPort(): number {
    return this.ports[0].port;
  }

  /** Number of the Service's main port, for a route of the Gateway API. */
  public get routeServicePort(): number | undefined {
    return this.ports[0].servicePort;
  }

  /** What the process speaks on the port that a route leads to, if stated. */
  public get routeAppProtocol(): AppProtocol | undefined {
    return this.ports[0].appProtocol;
  }

  /** Labels that select its pods and no other pods of the namespace. */
  public get selectorLabels(): { [label: string]: string } {
    return identity(this.name);
  }

  /** Ports of its pods that the Service leads to, the main one first. */
  public get declaredPorts(): NamedPort[] {
    return this.ports.map(toNamedPort);
  }

  /** Connection details for `client`. */
  public connectionFor(client: IConstruct): Connection {
    const [main] = this.ports;
    const qualified = (service: ApiObject): string => hostFor(service.name, namespaceOf(this), namespaceOf(client));
    const { headlessService } = this;
    return {
      host: qualified(this.service),
      port: main.servicePort,
      targetPort: main.port,
      ports: this.declaredPorts,
      ...(headlessService === undefined ? {} : { headlessHost: qualified(headlessService) }),
    };
  }

  /** The Service, as the backend of a cdk8s-plus Ingress. */
  public toIngressBackend(): KplusObject {
    return toIngressBackend(this.serviceName, this.ports[0].servicePort);
  }
}
