import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { HTTP_LISTENER, type ListenerRequest, refuseLongHost, requestListener } from './listeners';
import { isOwn, parentOf } from './parent-ref';
import { type RouteSettings, type RoutingSettings, speaksGrpc } from './read-routing';
import { renderGateway } from './render-gateway';
import {
  inOrder,
  type ParentRef,
  renderBackendGrant,
  renderGrpcRoute,
  renderHttpRoute,
  renderRedirect,
  renderSecretGrant,
  type RouteContext,
} from './render-routes';
import type { GatewaySettings } from './route-controller';
import { hostId } from './tls';
import { arrangeObjects, emitLater } from '../../kernel/emit/emission';
import type { Problems } from '../../kernel/findings/problems';
import { namespaceOf } from '../../kernel/model/names';
import { refuseLargeAnnotations } from '../../kernel/schema/annotations';
import { GATEWAY_GROUP, MOST_RULES } from '../../kubernetes/gateway-api';

/** An object of a routing: its kind, name and content. */
interface Wanted {
  readonly id: string;
  readonly kind: 'Gateway' | 'HTTPRoute' | 'GRPCRoute' | 'ReferenceGrant';
  readonly name: string;
  /** Unless the namespace of the chart. */
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: () => object;
}

/** The objects of a routing whose controller implements the Gateway API. */
export class GatewayRouting {
  private readonly present = new Map<string, ApiObject>();
  private readonly http: readonly RouteSettings[];
  private readonly grpc: readonly RouteSettings[];
  private hasRequested = false;
  private isChecked = false;

  public constructor(
    private readonly routing: Construct,
    private readonly settings: RoutingSettings,
    private readonly problems: Problems,
  ) {
    refuseLargeAnnotations(settings.annotations, problems, 'annotations');
    const routes = allRoutes(settings);
    this.http = routes.filter((route) => !speaksGrpc(route));
    this.grpc = routes.filter(speaksGrpc);
  }

  public get gateway(): ApiObject | undefined {
    return this.present.get('Gateway');
  }

  public ofKind(kind: 'HTTPRoute' | 'GRPCRoute' | 'ReferenceGrant'): ApiObject[] {
    return [...this.present.values()].filter((object) => object.kind === kind);
  }

  /** Updates the objects to the controller; none if it is one of Ingresses. */
  public arrange(): void {
    const { gateway } = this.settings.controller();
    if (gateway && !this.isChecked) {
      this.isChecked = true;
      refuseLongHost(this.settings.host, this.problems, 'host');
    }
    if (gateway?.block && !this.hasRequested) this.request(gateway.block);
    const wanted = gateway ? this.wanted(gateway) : [];
    arrangeObjects(
      this.routing,
      this.present,
      wanted.map(({ id }) => id),
      (id) => this.emit(wanted.find((one) => one.id === id)!),
    );
  }

  private emit({ id, kind, name, namespace, annotations, spec }: Wanted): ApiObject {
    const apiVersion = `${GATEWAY_GROUP}/${kind === 'ReferenceGrant' ? 'v1beta1' : 'v1'}`;
    const { labels } = this.settings;
    const metadata = {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels },
      annotations: { ...annotations },
    };
    return emitLater(this.routing, id, { apiVersion, kind, metadata }, this.problems, spec);
  }

  /** Asks a Gateway of the app for its listeners. */
  private request(gateway: Construct): void {
    this.hasRequested = true;
    const { tls } = this.settings;
    for (const request of this.requests()) {
      requestListener({
        ...request,
        owner: this.routing,
        gateway,
        annotations: tls?.annotations ?? {},
        solver: tls?.solver !== undefined,
      });
    }
  }

  /** A listener for the host, and one for plain HTTP, which serves the routes or redirects. */
  private requests(): ListenerRequest[] {
    const { host, tls, tlsOfGateway } = this.settings;
    const routesFrom = { namespace: namespaceOf(this.routing) };
    const plain: ListenerRequest = { mode: 'http', routesFrom };
    if (!tls && !tlsOfGateway) return [plain];
    const secret = tls && {
      name: tls.secretName,
      // cert-manager makes it in the namespace of the Gateway
      ...(tls.external ? { namespace: routesFrom.namespace } : {}),
    };
    return [plain, { host, mode: 'https', secret, routesFrom }];
  }

  private wanted(gateway: GatewaySettings): Wanted[] {
    const { name, tls } = this.settings;
    const own: Wanted = {
      id: 'Gateway',
      kind: 'Gateway',
      name,
      annotations: tls?.annotations,
      spec: () => this.renderOwn(),
    };
    return [
      ...(isOwn(gateway) ? [own] : []),
      ...this.parts('HTTPRoute', name, this.http, renderHttpRoute),
      ...this.parts('GRPCRoute', `${name}-grpc`, this.grpc, renderGrpcRoute),
      ...this.redirect(gateway),
      ...this.backendGrants(),
      ...this.secretGrant(gateway),
    ];
  }

  /** A Gateway for the routing alone. */
  private renderOwn(): object {
    const { className = '', ...ports } = this.settings.controller().gateway!;
    return renderGateway(this.requests(), { className, ports, namespace: namespaceOf(this.routing) });
  }

  /** Several routes where the API limits the rules of one: they count as one for the order of their rules. */
  private parts(
    kind: 'HTTPRoute' | 'GRPCRoute',
    base: string,
    routes: readonly RouteSettings[],
    render: typeof renderHttpRoute,
  ): Wanted[] {
    return chunks(routes).map((chunk, index) => {
      const suffix = index === 0 ? '' : `-${index + 1}`;
      return {
        id: kind === 'HTTPRoute' && index === 0 ? 'Resource' : `${kind}${suffix}`,
        kind,
        name: `${base}${suffix}`,
        annotations: this.settings.annotations,
        spec: () => render(chunk, this.context(this.parent())),
      };
    });
  }

  private redirect({ existing }: GatewaySettings): Wanted[] {
    const { name, tls, tlsOfGateway } = this.settings;
    const listener = existing ? existing.httpListener : HTTP_LISTENER;
    if ((!tls && !tlsOfGateway) || listener === undefined) return [];
    const spec = (): object => renderRedirect(this.context(this.parent(listener)));
    return [{ id: 'Redirect', kind: 'HTTPRoute', name: `${name}-redirect`, spec }];
  }

  /** Backends in other namespaces agree to the routes. */
  private backendGrants(): Wanted[] {
    const own = namespaceOf(this.routing);
    const { name, routes, defaultBackend } = this.settings;
    const backends = [
      ...routes.flatMap(({ backend, gateway }) => [
        backend,
        ...(gateway?.split ?? []).map((share) => share.backend),
        ...(gateway?.mirror ? [gateway.mirror.backend] : []),
      ]),
      ...(defaultBackend ? [defaultBackend] : []),
    ];
    const kinds = [...(this.http.length > 0 ? ['HTTPRoute'] : []), ...(this.grpc.length > 0 ? ['GRPCRoute'] : [])];
    const namespaces = [...new Set(backends.map(namespaceOf))].filter((namespace) => namespace !== own).sort();
    return namespaces.flatMap((namespace): Wanted[] => {
      // a rule refuses what has no namespace
      if (namespace === undefined || own === undefined) return [];
      const services = backends.filter((one) => namespaceOf(one) === namespace).map((one) => one.serviceName);
      return [
        {
          id: `Grant-${namespace}`,
          kind: 'ReferenceGrant',
          name: `${own}-${name}`,
          namespace,
          spec: () => renderBackendGrant(kinds, own, [...new Set(services)].sort()),
        },
      ];
    });
  }

  /** A Secret beside the routes agrees to a Gateway in another namespace. */
  private secretGrant({ block }: GatewaySettings): Wanted[] {
    const { name, tls } = this.settings;
    const from = block && namespaceOf(block);
    if (!tls?.external || from === undefined || from === namespaceOf(this.routing)) return [];
    const spec = (): object => renderSecretGrant(from, tls.secretName);
    return [{ id: 'Grant', kind: 'ReferenceGrant', name: `${name}-certificate`, spec }];
  }

  private context(parent: ParentRef): RouteContext {
    const { host, authentication } = this.settings;
    return { parent, host, namespace: namespaceOf(this.routing), middleware: authentication?.middleware };
  }

  /** The listener of the routes; `listener` is that of the redirect. */
  private parent(listener?: string): ParentRef {
    const gateway = this.settings.controller().gateway!;
    return parentOf(this.routing, gateway, this.settings.name, listener ?? this.section(gateway));
  }

  private section({ existing, block }: GatewaySettings): string | undefined {
    const { host, tls, tlsOfGateway } = this.settings;
    const isSecure = tls !== undefined || tlsOfGateway;
    if (existing) return isSecure ? existing.httpsListener : existing.httpListener;
    if (!isSecure) return HTTP_LISTENER;
    return (tlsOfGateway ? block?._listenerOf(host) : undefined) ?? hostId(host);
  }
}

/** The routes, and one for all other requests of the host where there is a backend for them. */
function allRoutes({ routes, defaultBackend: backend }: RoutingSettings): RouteSettings[] {
  const isCovered = routes.some(
    ({ path, pathType, gateway }) =>
      path === '/' && pathType !== 'Exact' && Object.keys(gateway?.matchHeaders ?? {}).length === 0,
  );
  const rest = backend && !isCovered ? [{ path: '/', pathType: 'Prefix', backend, stripPrefix: false } as const] : [];
  return inOrder([...routes, ...rest]);
}

function chunks(routes: readonly RouteSettings[]): RouteSettings[][] {
  const count = Math.ceil(routes.length / MOST_RULES);
  return Array.from({ length: count }, (_, index) => routes.slice(index * MOST_RULES, (index + 1) * MOST_RULES));
}
