import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { isGateway, isGatewayBlock, readGateway, REFUSED_GATEWAY } from './gateway-controller';
import { type ListenerRequest, refuseLongHost, requestListener } from './listeners';
import { isOwn, parentOf } from './parent-ref';
import { ANOTHER_GATEWAY, type Entrance, entranceOfCluster, routeBackend } from './read-routing';
import { renderGateway } from './render-gateway';
import { renderBackendGrant, renderTlsRoute, type RouteContext } from './render-routes';
import type { IRouteController } from './route-controller';
import { hostId } from './tls';
import { arrangeObjects, emitLater, type Head } from '../../kernel/emit/emission';
import { type Labels, recommended } from '../../kernel/emit/labels';
import { AppModel } from '../../kernel/facts/app-model';
import { Verbatim } from '../../kernel/findings/describe';
import { Problems } from '../../kernel/findings/problems';
import { namespaceOf } from '../../kernel/model/names';
import { readName } from '../../kernel/model/read-name';
import { nameNeighbour } from '../../kernel/model/same-cluster';
import { claimUnique } from '../../kernel/model/uniqueness';
import { annotationMap, refuseLargeAnnotations } from '../../kernel/schema/annotations';
import { type Check } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel, labelMap, routedHost } from '../../kernel/schema/syntax';
import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import type { IRouteBackend } from '../../network/backend';
import { stateOutside } from '../../network/outside';

/** Props of `TlsRoute`. */
export interface TlsRouteProps {
  /** Host that clients name when they connect (SNI). `*.example.com` stands for all hosts below `example.com`. */
  readonly host: string;

  /** The backend, which has the certificate and ends TLS: a `WebService` or a custom block. */
  readonly backend: IRouteBackend;

  /**
   * What serves the route: a `GatewayController` or a `Gateway`. An Ingress has no field for it.
   *
   * @default - the `gateway` of the `ClusterProfile`; without one, an error
   */
  readonly controller?: IRouteController;

  /**
   * Name of the TLSRoute.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Additional labels.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations of the TLSRoute.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}

interface Settings {
  readonly name: string;
  readonly host: string;
  readonly backend?: IRouteBackend;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
  readonly entrance: Entrance;
}

/**
 * Connections with TLS for one host, which the gateway forwards as they are: the backend has the certificate. It opens
 * the network policy of the backend for the gateway. It needs version 1.5 of the Gateway API and Kubernetes 1.31.
 *
 * ```ts
 * new ClusterProfile({ version: '1.31', gatewayApi: { version: '1.5' } }).assignTo(chart);
 * new TlsRoute(chart, 'vault', {
 *   host: 'vault.example.com',
 *   controller: GatewayController.inNamespace('envoy-gateway-system', { className: 'envoy' }),
 *   backend: frontend,
 * });
 * ```
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/tlsroute/
 */
export class TlsRoute extends Construct {
  /** Name of the TLSRoute. */
  public readonly name: string;

  private readonly problems: Problems;
  private readonly settings: Settings;
  private readonly present = new Map<string, ApiObject>();
  private hasRequested = false;

  public constructor(scope: Construct, id: string, props: TlsRouteProps) {
    super(scope, id);
    this.problems = new Problems(this);
    this.settings = readSettings(this, props, this.problems);
    const { name, host, backend, entrance } = this.settings;
    this.name = name;
    this.arrange();
    if (entrance.ofCluster) AppModel.of(this).add('preparation', { owner: this, prepare: () => this.arrange() });
    stateOutside('tlsRoute', {
      owner: this,
      controller: entrance.settings,
      lacksController: entrance.lacksController,
      backends: backend ? [{ backend, prop: 'backend' }] : [],
    });
    // the rules of its CRD ask for an address by isIP
    AppModel.of(this).add('newField', { owner: this, prop: 'controller', value: 'TLSRoute', minor: 31 });
    claimUnique(this, () => `TLS route '${host}' of ${entrance.settings().title}`, {
      rule: 'routing/duplicate-route',
      fix: 'Each host needs one backend: remove a route',
    });
    if (!backend || !entrance.peer) return;
    backend.allowFrom(entrance.peer, { ports: [backend.routeTargetPort], protocol: 'TCP' });
  }

  /** The TLSRoute. */
  public get route(): ApiObject {
    return this.present.get('Resource')!;
  }

  /** The Gateway of this route alone; none where the controller is a `Gateway` or an existing one. */
  public get gateway(): ApiObject | undefined {
    return this.present.get('Gateway');
  }

  /** The ReferenceGrant for a backend in another namespace. */
  public get referenceGrant(): ApiObject | undefined {
    return this.present.get('Grant');
  }

  private arrange(): void {
    const { gateway } = this.settings.entrance.settings();
    if (gateway?.block && !this.hasRequested) {
      this.hasRequested = true;
      requestListener({ ...this.request(), owner: this, gateway: gateway.block, annotations: {}, solver: false });
    }
    const ids = [
      ...(gateway && isOwn(gateway) ? ['Gateway'] : []),
      'Resource',
      ...(this.needsGrant() ? ['Grant'] : []),
    ];
    arrangeObjects(this, this.present, ids, (id) => {
      if (id === 'Gateway') return this.emit(id, 'Gateway', {}, () => this.renderGateway());
      if (id === 'Resource') {
        return this.emit(id, 'TLSRoute', { annotations: this.settings.annotations }, () =>
          renderTlsRoute(this.settings.backend!, this.context()),
        );
      }
      return this.emitGrant(id);
    });
  }

  private emit(id: string, kind: string, more: Partial<Head['metadata']>, spec: () => object): ApiObject {
    const { name, labels } = this.settings;
    const apiVersion = `${GATEWAY_GROUP}/${kind === 'ReferenceGrant' ? 'v1beta1' : 'v1'}`;
    return emitLater(this, id, { apiVersion, kind, metadata: { name, labels, ...more } }, this.problems, spec);
  }

  private emitGrant(id: string): ApiObject {
    const { name, backend } = this.settings;
    const own = namespaceOf(this) ?? '';
    return this.emit(id, 'ReferenceGrant', { name: `${own}-${name}`, namespace: namespaceOf(backend!) }, () =>
      renderBackendGrant(['TLSRoute'], own, [backend!.serviceName]),
    );
  }

  private needsGrant(): boolean {
    const { backend } = this.settings;
    const [own, theirs] = [namespaceOf(this), backend && namespaceOf(backend)];
    return own !== undefined && theirs !== undefined && own !== theirs;
  }

  private request(): ListenerRequest {
    return { host: this.settings.host, mode: 'passthrough', routesFrom: { namespace: namespaceOf(this) } };
  }

  private renderGateway(): object {
    const { className, gateway } = this.settings.entrance.settings();
    return renderGateway([this.request()], { className, ports: gateway!, namespace: namespaceOf(this) });
  }

  private context(): RouteContext {
    const { name, host, entrance } = this.settings;
    const gateway = entrance.settings().gateway!;
    const section = gateway.existing ? gateway.existing.httpsListener : hostId(host);
    return { parent: parentOf(this, gateway, name, section), host, namespace: namespaceOf(this) };
  }
}

const gatewayCheck: Check<IRouteController> = {
  expected: 'a GatewayController or a Gateway',
  read: (value, refuse) => (isGateway(value) ? value : void refuse(value, gatewayCheck.expected)),
};

function readSettings(route: Construct, props: TlsRouteProps, problems: Problems): Settings {
  const read = new Reader<TlsRouteProps>(problems, props);
  const { name } = readName(route, read, dnsLabel());
  const entrance = readController(route, read, problems);
  const host = read.required('host', routedHost, 'invalid.example.com', {
    fix: "Write the host, such as 'vault.example.com'",
    practice: 'DX-39',
  });
  refuseLongHost(host, problems, 'host');
  const backend = read.required('backend', routeBackend, undefined, {
    fix: 'Pass a WebService or a custom block',
    practice: 'DX-05',
  });
  const labels = read.optional(
    'labels',
    labelMap,
    {},
    {
      fix: 'Map label keys to values',
      practice: 'DX-13',
    },
  );
  const annotations = read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' });
  refuseLargeAnnotations(annotations, problems, 'annotations');
  read.refuseUnknown();
  if (backend?.unroutable !== undefined) {
    read.refuse('backend', new Verbatim(`'${backend.node.path}': ${backend.unroutable}`), 'a backend with endpoints', {
      rule: 'routing/unroutable-backend',
      fix: 'Route to a workload, or to an ExternalService with addresses',
    });
  }
  if (entrance.block) nameNeighbour(route, entrance.block, 'controller', ANOTHER_GATEWAY);
  if (backend) {
    nameNeighbour(
      route,
      backend,
      'backend',
      'Export it there with an ExportedService, and route to an ImportedService',
    );
  }
  return { name, host, backend, labels: recommended(route, name, 'routing', labels), annotations, entrance };
}

function readController(route: Construct, read: Reader<TlsRouteProps>, problems: Problems): Entrance {
  if (!read.has('controller')) return entranceOfCluster(route, (cluster) => cluster.gateway);
  const given = read.optional('controller', gatewayCheck, undefined, {
    fix: "Use GatewayController.inNamespace('traefik') with className: 'traefik', or a Gateway",
    practice: 'CH01-25',
  });
  const settings = isGateway(given) ? readGateway(given, problems) : undefined;
  return {
    settings: () => settings?.() ?? REFUSED_GATEWAY,
    ofCluster: false,
    lacksController: () => false,
    peer: settings && given?.toPeer(),
    block: isGatewayBlock(given) ? given : undefined,
  };
}
