import { Construct } from 'constructs';
import type * as Authentications from './authentication';
import type * as GatewayControllers from './gateway-controller';
import type { HttpRoute, HttpRoutingProps } from './http-routing-props';
import { IngressController, readController } from './ingress-controller';
import type * as GatewayRoutes from './read-gateway-route';
import type { ControllerSettings, GatewayBlock, IRouteController } from './route-controller';
import { hostId, needCertificate, readTls, Tls, type TlsSettings } from './tls';
import { type Labels, recommended } from '../../kernel/emit/labels';
import { Verbatim } from '../../kernel/findings/describe';
import { Problems } from '../../kernel/findings/problems';
import { type ClusterFacts, clusterOf } from '../../kernel/model/cluster-facts';
import { namespaceOf } from '../../kernel/model/names';
import { readName } from '../../kernel/model/read-name';
import { nameNeighbour } from '../../kernel/model/same-cluster';
import { claimUnique } from '../../kernel/model/uniqueness';
import { annotationMap } from '../../kernel/schema/annotations';
import { boolean, type Check, instance, oneOf, structs, that } from '../../kernel/schema/checks';
import { routePath } from '../../kernel/schema/http-path';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel, labelMap, routedHost } from '../../kernel/schema/syntax';
import type { IRouteBackend } from '../../network/backend';
import { stateOutside } from '../../network/outside';
import { type IPeer, Peer, type PeerSettings, readPeer } from '../../network/peer';

const LABELS = { fix: 'Map label keys to values', practice: 'DX-13' };

type PathType = 'Prefix' | 'Exact' | 'ImplementationSpecific';

export interface RouteSettings {
  readonly path: string;
  readonly pathType: PathType;
  readonly backend: IRouteBackend;
  readonly stripPrefix: boolean;
  /** Only where the route says more than an Ingress can. */
  readonly gateway?: GatewayRoutes.GatewayRouteSettings;
}

export interface RoutingSettings {
  readonly name: string;
  readonly host: string;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
  /** Read at synthesis, if the ClusterProfile decides it. */
  readonly controller: () => ControllerSettings;
  /** Whether the ClusterProfile decides the controller, which can then change until synthesis. */
  readonly ofCluster: boolean;
  readonly tls?: TlsSettings;
  /** Whether the Gateway has the certificate. */
  readonly tlsOfGateway: boolean;
  readonly authentication?: Authentications.AuthenticationSettings;
  /** The pods or ranges of the controller. */
  readonly entrance: () => readonly PeerSettings[];
  readonly routes: RouteSettings[];
  readonly defaultBackend?: IRouteBackend;
}

/** The settings of a routing. Opens the policies of its backends once the source of the requests is known. */
export function readRouting(routing: Construct, props: HttpRoutingProps, problems: Problems): RoutingSettings {
  const read = new Reader<HttpRoutingProps>(problems, props);
  const { name } = readName(routing, read, dnsLabel());
  const entrance = readEntrance(routing, read, problems);
  const host = read.required('host', routedHost, 'invalid.example.com', {
    fix: "Write the host, such as 'journal.example.com'",
    practice: 'DX-39',
  });
  const labels = read.optional('labels', labelMap, {}, LABELS);
  const annotations = read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' });
  const tls = read.required('tls', instance(Tls, 'a Tls, e.g. Tls.certManager(...) with clusterIssuer'), Tls.none(), {
    fix: 'Use Tls.certManager(...), Tls.secret(...), or Tls.none() for plain HTTP',
    practice: 'CH01-71',
  });
  // a shared Gateway has the certificates of many routings
  const certificate = readTls(routing, tls, entrance.block ? hostId(host) : name, problems);
  const routes = read
    .required('routes', structs<HttpRoute>('a route'), [], {
      fix: "List HttpRoutes, such as one with path: '/', backend: frontend",
      practice: 'CH01-62',
    })
    .map((one, index) => readRoute(one, problems, `routes[${index}]`));
  const settings: RoutingSettings = {
    name,
    host,
    labels: recommended(routing, name, 'routing', labels),
    annotations,
    controller: entrance.settings,
    entrance: () => (entrance.peer ? readPeer(entrance.peer.toPeer(), new Problems(), 'controller') : []),
    ofCluster: entrance.ofCluster,
    tls: certificate,
    tlsOfGateway: tls._kind === 'gateway',
    routes: routes.flatMap(({ route }) => route ?? []),
    defaultBackend: read.optional('defaultBackend', routeBackend, undefined, {
      fix: 'Pass a WebService or a StaticSite',
      practice: 'DX-05',
    }),
    authentication: readWhoAuthenticates(read, problems),
  };
  const given = read.raw('routes');
  if (Array.isArray(given) && given.length === 0 && !read.has('defaultBackend')) {
    read.refuse('routes', given, 'at least one route, or a defaultBackend', {
      rule: 'routing/no-route',
      fix: "List HttpRoutes, such as one with path: '/', backend: frontend",
    });
  }
  read.refuseUnknown();
  if (entrance.block) nameNeighbour(routing, entrance.block, 'controller', ANOTHER_GATEWAY);

  const backends = backendsOf(settings);
  refuseRoutes(routing, settings, backends, problems);
  stateOutside('routing', {
    owner: routing,
    host: settings.host,
    tls: settings.tls,
    annotations: settings.annotations,
    lacksController: entrance.lacksController,
    isTraefik: () => settings.controller().traefik,
    controller: settings.controller,
    routes: settings.routes.map((route) => ({ ...route, isGrpc: speaksGrpc(route) })),
    stripping: settings.routes.flatMap(({ stripPrefix }, index) => (stripPrefix ? `routes[${index}].stripPrefix` : [])),
    tlsOfGateway: settings.tlsOfGateway,
    authentication: settings.authentication,
    isSoundAuthentication: read.isSound('authentication'),
    backends,
    gatewayProps: routes.flatMap(({ gatewayProps }) => gatewayProps),
    grpcBackends: settings.routes.flatMap((route, index) =>
      route.gateway?.grpc === undefined && speaksGrpc(route) ? [`routes[${index}].backend`] : [],
    ),
    certificateAt: entrance.block ?? routing,
  });
  needCertificate(routing, settings.tls);
  if (entrance.peer) {
    for (const target of new Set(backends.map(({ backend: one }) => one))) {
      target.allowFrom(entrance.peer, { ports: [target.routeTargetPort], protocol: 'TCP' });
    }
  }
  return settings;
}

/** What to do about a Gateway of another cluster. */
export const ANOTHER_GATEWAY = 'Declare a Gateway in a chart of this cluster';

/** Whether a route is for gRPC: it says so, or the port of its backend does. */
export function speaksGrpc({ backend: target, gateway }: RouteSettings): boolean {
  return gateway?.grpc ?? target.routeAppProtocol?.isGrpc ?? false;
}

/** The source of a routing's requests. */
export interface Entrance {
  readonly settings: () => ControllerSettings;
  readonly ofCluster: boolean;
  readonly lacksController: () => boolean;
  /** None if it is refused. */
  readonly peer?: IPeer;
  /** The Gateway of the app that serves the routes, if it is one. */
  readonly block?: GatewayBlock;
}

const INVALID = { className: 'invalid', title: "class 'invalid'", ingressNginx: false, lag: 0 };
const REFUSED: ControllerSettings = { ...INVALID, traefik: true };
/** One Ingress until a controller is known; Traefik can add more. */
const UNKNOWN: ControllerSettings = { ...INVALID, traefik: false };

/** Loaded for apps with a gateway only. */
function gateways(): typeof GatewayControllers {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./gateway-controller') as typeof GatewayControllers;
}

const ingressController = instance(IngressController, 'an IngressController, a GatewayController or a Gateway');
const routeController: Check<IRouteController> = {
  expected: ingressController.expected,
  read: (value, refuse) => {
    const isGateway = (value as Partial<IRouteController> | null | undefined)?.routeApi === 'Gateway';
    return isGateway && gateways().isGateway(value) ? value : ingressController.read(value, refuse);
  },
};

/** Reads a controller: the function that reads it anew, since a profile or a Gateway can follow. */
function readServing(given: IRouteController, problems: Problems): (() => ControllerSettings | undefined) | undefined {
  if (!(given instanceof IngressController)) return gateways().readGateway(given as GatewayBlock, problems);
  const settings = readController(given, problems);
  return settings && (() => settings);
}

/** Reads what serves the routes of a block. */
export function readEntrance(
  routing: Construct,
  read: Reader<Pick<HttpRoutingProps, 'controller'>>,
  problems: Problems,
): Entrance {
  if (read.has('controller')) {
    const given = read.optional('controller', routeController, undefined, {
      fix: "Use IngressController.inNamespace('traefik') with className: 'traefik', or .fromCidrs(...)",
      practice: 'CH01-25',
    });
    const settings = given && readServing(given, problems);
    const block = given?.routeApi === 'Gateway' && gateways().isGatewayBlock(given) ? given : undefined;
    return {
      settings: () => settings?.() ?? REFUSED,
      ofCluster: false,
      lacksController: () => false,
      // a Gateway itself has no pods: they are those of its controller
      peer: settings && (block?.toPeer() ?? given),
      block,
    };
  }
  return entranceOfCluster(routing, ({ gateway, ingressController: other }) => gateway ?? other);
}

/** The controller that the profile has for routes that name none. */
export function entranceOfCluster(
  owner: Construct,
  pick: (cluster: ClusterFacts) => IRouteController | undefined,
): Entrance {
  const controller = (): IRouteController | undefined => pick(clusterOf(owner));
  // the profile reports its own mistakes
  const good = (): ControllerSettings | undefined => {
    const found = controller();
    return found && readServing(found, new Problems())?.();
  };
  return {
    settings: () => good() ?? UNKNOWN,
    ofCluster: true,
    lacksController: () => controller() === undefined,
    peer: Peer._later('ingress controller', () => (good() ? controller()?.toPeer() : undefined)),
  };
}

/** Loaded for apps that state it only. */
function readWhoAuthenticates(
  read: Reader<HttpRoutingProps>,
  problems: Problems,
): Authentications.AuthenticationSettings | undefined {
  if (!read.has('authentication')) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { Authentication, readAuthentication } = require('./authentication') as typeof Authentications;
  const given = read.optional('authentication', instance(Authentication, 'an Authentication'), undefined, {
    fix: 'Write Authentication.byApp(), .forwardAuth(), .clientCertificates() or .none()',
  });
  return given && readAuthentication(given, problems);
}

/** A block that a route can lead to. */
export const routeBackend: Check<IRouteBackend> = that(
  'a block with a Service, such as WebService',
  (value) =>
    Construct.isConstruct(value) &&
    typeof (value as Partial<IRouteBackend>).serviceName === 'string' &&
    typeof (value as Partial<IRouteBackend>).routeTargetPort === 'number' &&
    typeof (value as Partial<IRouteBackend>).allowFrom === 'function',
);

/** What a route says of the Gateway API, and the props that say it. */
interface ReadRoute {
  readonly route?: RouteSettings;
  readonly gatewayProps: readonly GatewayRoutes.GatewayProp[];
}

function readRoute(given: unknown, problems: Problems, prop: string): ReadRoute {
  const read = new Reader<HttpRoute>(problems, given, `${prop}.`);
  const target = read.required('backend', routeBackend, undefined, {
    fix: 'Pass a WebService or a StaticSite',
    practice: 'DX-05',
  });
  const route = {
    path: read.required('path', routePath, '/', { fix: "Give an absolute path, such as '/api'" }),
    pathType: read.optional(
      'pathType',
      oneOf<PathType>('Prefix', 'Exact', 'ImplementationSpecific'),
      'Prefix' as const,
      { fix: "Write 'Prefix', the default, or 'Exact'", practice: 'CH01-63' },
    ),
    stripPrefix: read.optional('stripPrefix', boolean, false),
  };
  const more = GATEWAY_PROPS.filter((name) => read.has(name)).length > 0 ? ofGateway(read, problems, prop) : undefined;
  read.refuseUnknown();
  const gateway = more && { gateway: more.settings };
  return { route: target && { ...route, ...gateway, backend: target }, gatewayProps: more?.props ?? [] };
}

/** Loaded for routes that only a gateway serves. */
function ofGateway(
  read: Reader<HttpRoute>,
  problems: Problems,
  prop: string,
): ReturnType<typeof GatewayRoutes.readGatewayRoute> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./read-gateway-route') as typeof GatewayRoutes).readGatewayRoute(read, problems, prop, routeBackend);
}

const GATEWAY_PROPS = [
  'replacePrefix',
  'matchHeaders',
  'timeout',
  'split',
  'mirror',
  'cors',
  'requestHeaders',
  'responseHeaders',
  'grpc',
] as const;

function refuseRoutes(
  routing: Construct,
  { host, controller, routes, defaultBackend }: RoutingSettings,
  backends: readonly NamedBackend[],
  problems: Problems,
): void {
  const own = namespaceOf(routing);
  routes.forEach(({ stripPrefix, path: routed, pathType, gateway }, index) => {
    if (stripPrefix && own === undefined) {
      problems.refuse(`routes[${index}].stripPrefix`, true, 'a chart with a namespace', {
        rule: 'routing/strip-prefix',
        fix: 'Give the chart a namespace: Traefik finds the Middleware by it',
      });
    }
    // for the API, a trailing slash makes no difference to a prefix
    const kind = pathType === 'Exact' ? 'Exact' : 'Prefix';
    const matched = kind === 'Prefix' && routed !== '/' ? routed.replace(/\/$/, '') : routed;
    const headers = headersText(gateway?.matchHeaders ?? {});
    claimUnique(routing, () => `route ${kind} '${host}${matched}'${headers} of ${controller().title}`, {
      rule: 'routing/duplicate-route',
      fix: 'Each path of a host needs one backend: remove a route',
    });
  });
  for (const { backend: target, prop } of backends) {
    if (target.unroutable !== undefined) {
      problems.refuse(prop, new Verbatim(`'${target.node.path}': ${target.unroutable}`), 'a backend with endpoints', {
        rule: 'routing/unroutable-backend',
        fix: 'Route to a workload, or to an ExternalService with addresses',
      });
    }
    nameNeighbour(
      routing,
      target,
      prop,
      'Export it there with an ExportedService, and route to an ImportedService here',
    );
  }
  if (!defaultBackend) return;
  claimUnique(
    routing,
    () => {
      const { className, traefik } = controller();
      return traefik ? `default backend of class '${className}'` : undefined;
    },
    {
      rule: 'routing/duplicate-default-backend',
      fix: "Traefik has one for all hosts: keep one, and use a route '/' as the fallback of a single host",
    },
  );
}

/** The headers of a route as part of what it claims. */
function headersText(headers: Readonly<Record<string, string>>): string {
  const all = Object.entries(headers).map(([name, value]) => `${name.toLowerCase()}: ${value}`);
  return all.length === 0 ? '' : ` with ${all.sort().join(', ')}`;
}

/** The backends of a routing, each with the prop that names it. */
function backendsOf({ routes, defaultBackend }: RoutingSettings): NamedBackend[] {
  const all = routes.flatMap(({ backend: main, gateway }, index): NamedBackend[] => [
    { backend: main, prop: `routes[${index}].backend` },
    ...(gateway?.split ?? []).map((share, rank) => ({
      backend: share.backend,
      prop: `routes[${index}].split[${rank}].backend`,
    })),
    ...(gateway?.mirror ? [{ backend: gateway.mirror.backend, prop: `routes[${index}].mirror.backend` }] : []),
  ]);
  return defaultBackend ? [...all, { backend: defaultBackend, prop: 'defaultBackend' }] : all;
}

interface NamedBackend {
  readonly backend: IRouteBackend;
  readonly prop: string;
}
