import { Construct } from 'constructs';
import type { HttpRoute, HttpRoutingProps } from './http-routing-props';
import { type ControllerSettings, IngressController, readController } from './ingress-controller';
import { readTls, Tls, type TlsSettings } from './tls';
import { type Labels, recommended } from '../../kernel/emit/labels';
import { Verbatim } from '../../kernel/findings/describe';
import { Problems } from '../../kernel/findings/problems';
import { clusterOf } from '../../kernel/model/cluster-facts';
import { namespaceOf } from '../../kernel/model/names';
import { readName } from '../../kernel/model/read-name';
import { needSecret } from '../../kernel/model/required-secrets';
import { nameNeighbour } from '../../kernel/model/same-cluster';
import { claimUnique } from '../../kernel/model/uniqueness';
import { annotationMap } from '../../kernel/schema/annotations';
import { boolean, type Check, instance, mapOf, oneOf, structs, that } from '../../kernel/schema/checks';
import { routePath } from '../../kernel/schema/http-path';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel, labelKey, labelValue, routedHost } from '../../kernel/schema/syntax';
import type { IRouteBackend } from '../../network/backend';
import { stateOutside } from '../../network/outside';
import { type IPeer, Peer, type PeerSettings, readPeer } from '../../network/peer';

type PathType = 'Prefix' | 'Exact' | 'ImplementationSpecific';

export interface RouteSettings {
  readonly path: string;
  readonly pathType: PathType;
  readonly backend: IRouteBackend;
  readonly stripPrefix: boolean;
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
  const settings: RoutingSettings = {
    name,
    host: read.required('host', routedHost, 'invalid.example.com', {
      fix: "Write the host, such as 'journal.example.com'",
      practice: 'DX-39',
    }),
    labels: recommended(
      routing,
      name,
      'routing',
      read.optional('labels', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
    ),
    annotations: read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' }),
    controller: entrance.settings,
    entrance: () => (entrance.peer ? readPeer(entrance.peer.toPeer(), new Problems(), 'controller') : []),
    ofCluster: entrance.ofCluster,
    tls: readTls(
      routing,
      read.required('tls', instance(Tls, 'a Tls, e.g. Tls.certManager(...) with clusterIssuer'), Tls.none(), {
        fix: 'Use Tls.certManager(...), Tls.secret(...), or Tls.none() for plain HTTP',
        practice: 'CH01-71',
      }),
      name,
      problems,
    ),
    routes: read
      .required('routes', structs<HttpRoute>('a route'), [], {
        fix: "List HttpRoutes, such as one with path: '/', backend: frontend",
        practice: 'CH01-62',
      })
      .flatMap((given, index) => readRoute(given, problems, `routes[${index}]`)),
    defaultBackend: read.optional('defaultBackend', backend, undefined, {
      fix: 'Pass a WebService or a StaticSite',
      practice: 'DX-05',
    }),
  };
  const given = read.raw('routes');
  if (Array.isArray(given) && given.length === 0 && !read.has('defaultBackend')) {
    read.refuse('routes', given, 'at least one route, or a defaultBackend', {
      rule: 'routing/no-route',
      fix: "List HttpRoutes, such as one with path: '/', backend: frontend",
    });
  }
  read.refuseUnknown();

  refuseRoutes(routing, settings, problems);
  stateOutside('routing', {
    owner: routing,
    host: settings.host,
    tls: settings.tls,
    annotations: settings.annotations,
    lacksController: entrance.lacksController,
    isTraefik: () => settings.controller().traefik,
    controller: settings.controller,
    routes: settings.routes,
    stripping: settings.routes.flatMap(({ stripPrefix }, index) => (stripPrefix ? `routes[${index}].stripPrefix` : [])),
  });
  if (settings.tls?.external) {
    needSecret({
      user: routing,
      name: settings.tls.secretName,
      type: 'kubernetes.io/tls',
      keys: ['tls.crt', 'tls.key'],
    });
  }
  if (entrance.peer) {
    for (const target of backendsOf(settings)) {
      target.allowFrom(entrance.peer, { ports: [target.routeTargetPort], protocol: 'TCP' });
    }
  }
  return settings;
}

/** The source of a routing's requests. */
interface Entrance {
  readonly settings: () => ControllerSettings;
  readonly ofCluster: boolean;
  readonly lacksController: () => boolean;
  /** None if it is refused. */
  readonly peer?: IPeer;
}

const REFUSED: ControllerSettings = { className: 'invalid', traefik: true, ingressNginx: false, lag: 0 };
/** One Ingress until a controller is known; Traefik can add more. */
const UNKNOWN: ControllerSettings = { className: 'invalid', traefik: false, ingressNginx: false, lag: 0 };

function readEntrance(routing: Construct, read: Reader<HttpRoutingProps>, problems: Problems): Entrance {
  if (read.has('controller')) {
    const given = read.optional('controller', instance(IngressController, 'an IngressController'), undefined, {
      fix: "Use IngressController.inNamespace('traefik') with className: 'traefik', or .fromCidrs(...)",
      practice: 'CH01-25',
    });
    const settings = given && readController(given, problems);
    return {
      settings: () => settings ?? REFUSED,
      ofCluster: false,
      lacksController: () => false,
      peer: settings && given,
    };
  }
  const controller = (): IngressController | undefined => clusterOf(routing).ingressController;
  // the profile reports its own mistakes
  const good = (): ControllerSettings | undefined => {
    const found = controller();
    return found && readController(found, new Problems());
  };
  return {
    settings: () => good() ?? UNKNOWN,
    ofCluster: true,
    lacksController: () => controller() === undefined,
    peer: Peer._later('ingress controller', () => (good() ? controller()?.toPeer() : undefined)),
  };
}

const backend: Check<IRouteBackend> = that(
  'a block with a Service, such as WebService',
  (value) =>
    Construct.isConstruct(value) &&
    typeof (value as Partial<IRouteBackend>).serviceName === 'string' &&
    typeof (value as Partial<IRouteBackend>).routeTargetPort === 'number' &&
    typeof (value as Partial<IRouteBackend>).allowFrom === 'function',
);

function readRoute(given: unknown, problems: Problems, prop: string): RouteSettings[] {
  const read = new Reader<HttpRoute>(problems, given, `${prop}.`);
  const target = read.required('backend', backend, undefined, {
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
  read.refuseUnknown();
  return target === undefined ? [] : [{ ...route, backend: target }];
}

function refuseRoutes(
  routing: Construct,
  { host, controller, routes, defaultBackend }: RoutingSettings,
  problems: Problems,
): void {
  const own = namespaceOf(routing);
  routes.forEach(({ stripPrefix, path: routed, pathType, backend: target }, index) => {
    if (stripPrefix && own === undefined) {
      problems.refuse(`routes[${index}].stripPrefix`, true, 'a chart with a namespace', {
        rule: 'routing/strip-prefix',
        fix: 'Give the chart a namespace: Traefik finds the Middleware by it',
      });
    }
    refuseBackend(routing, target, own, problems, `routes[${index}].backend`);
    // for the API, a trailing slash makes no difference to a prefix
    const kind = pathType === 'Exact' ? 'Exact' : 'Prefix';
    const matched = kind === 'Prefix' && routed !== '/' ? routed.replace(/\/$/, '') : routed;
    claimUnique(routing, () => `route ${kind} '${host}${matched}' of class '${controller().className}'`, {
      rule: 'routing/duplicate-route',
      fix: 'Each path of a host needs one backend: remove a route',
    });
  });
  if (!defaultBackend) return;
  refuseBackend(routing, defaultBackend, own, problems, 'defaultBackend');
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

function refuseBackend(
  routing: Construct,
  target: IRouteBackend,
  own: string | undefined,
  problems: Problems,
  prop: string,
): void {
  if (target.unroutable !== undefined) {
    problems.refuse(prop, new Verbatim(`'${target.node.path}': ${target.unroutable}`), 'a backend with endpoints', {
      rule: 'routing/unroutable-backend',
      fix: 'Route to a workload, or to an ExternalService with addresses',
    });
  }
  const theirs = namespaceOf(target);
  if (theirs !== own) {
    problems.refuse(
      prop,
      new Verbatim(`'${target.node.path}' in namespace '${theirs ?? ''}'`),
      `a backend in namespace '${own ?? ''}'`,
      {
        rule: 'reference/other-namespace',
        fix: 'An Ingress reaches only its own namespace: put the routing into the chart of the backend',
      },
    );
  }
  nameNeighbour(routing, target, prop, 'Export it there with an ExportedService, and route to an ImportedService here');
}

function backendsOf({ routes, defaultBackend }: RoutingSettings): Set<IRouteBackend> {
  return new Set([...routes.map((route) => route.backend), ...(defaultBackend ? [defaultBackend] : [])]);
}
