import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { HTTPIngressPath, IngressSpec } from 'kubernetes-types/networking/v1';
import type { IRouteBackend } from './backend';
import { type ControllerSettings, IngressController, readController } from './ingress-controller';
import { readTls, Tls, type TlsSettings } from './tls';
import { anyText, boolean, type Check, instance, listOf, mapOf, oneOf, that, text } from '../foundation/checks';
import { Verbatim } from '../foundation/describe';
import { emit, emitLater } from '../foundation/emission';
import { type Labels, recommended } from '../foundation/labels';
import { namespaceOf, pathName } from '../foundation/names';
import { Problems } from '../foundation/problems';
import { Reader } from '../foundation/reader';
import { needSecret } from '../foundation/required-secrets';
import { dnsLabel, hostName, labelKey, labelValue } from '../foundation/syntax';
import { claimUnique } from '../foundation/uniqueness';

/** Requests of one path. */
export interface HttpRoute {
  /** Absolute path, such as `/api`. */
  readonly path: string;

  /** Where the requests go: a `WebService`, a `StaticSite`, or a block of your own. In the namespace of the routing. */
  readonly backend: IRouteBackend;

  /**
   * `Prefix` matches whole parts of the path: `/api` and `/api/entries`, but not `/apis`. `Exact` matches the path alone.
   * `ImplementationSpecific` is refused: it means something else in each controller.
   *
   * @default 'Prefix'
   */
  readonly pathType?: 'Prefix' | 'Exact';

  /**
   * Takes the path away before the request is sent on: `/api/entries` arrives as `/entries`. Traefik 3 only.
   *
   * @default false
   */
  readonly stripPrefix?: boolean;
}

/** Props of `HttpRouting`. */
export interface HttpRoutingProps {
  /** Host that the routes belong to. Without one, they would answer for every host of the cluster (DX-39). */
  readonly host: string;

  /** Where the certificate comes from; `Tls.none()` for plain HTTP (CH01-71). */
  readonly tls: Tls;

  /** The ingress controller that serves the routes. */
  readonly controller: IngressController;

  /** The routes, in any order: the longest path wins (CH01-63). */
  readonly routes: HttpRoute[];

  /**
   * Where requests go that match no route.
   *
   * @default - the controller answers 404
   */
  readonly defaultBackend?: IRouteBackend;

  /**
   * Name of the Ingress.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Labels beside the recommended ones.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations of the Ingress. Prefer typed props: annotations bind to one controller.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}

interface RouteSettings {
  readonly path: string;
  readonly pathType: 'Prefix' | 'Exact';
  readonly backend: IRouteBackend;
  readonly stripPrefix: boolean;
}

interface RoutingSettings {
  readonly name: string;
  readonly host: string;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
  readonly controller: ControllerSettings;
  readonly tls?: TlsSettings;
  readonly routes: RouteSettings[];
  readonly defaultBackend?: IRouteBackend;
}

/**
 * Routes of one host by path: an Ingress. It opens the network policy of each backend for the ingress controller.
 *
 * ```ts
 * new HttpRouting(chart, 'routing', {
 *   host: 'journal.example.com',
 *   tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
 *   controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
 *   routes: [{ path: '/api', backend: frontend }, { path: '/', backend: site }],
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 */
export class HttpRouting extends Construct {
  /** Name of the Ingress. */
  public readonly name: string;
  /** The Ingress. */
  public readonly ingress: ApiObject;
  /** The Ingress of the routes that strip their prefix, where there are others too: a rewrite holds for a whole Ingress. */
  public readonly strippingIngress?: ApiObject;
  /** The Traefik middleware that strips the prefixes; none without `stripPrefix`. */
  public readonly middleware?: ApiObject;

  private readonly problems: Problems;

  public constructor(scope: Construct, id: string, props: HttpRoutingProps) {
    super(scope, id);
    this.problems = new Problems(this);
    const settings = readRouting(this, props, this.problems);
    this.name = settings.name;

    const stripping = settings.routes.filter(({ stripPrefix }) => stripPrefix);
    const plain = settings.routes.filter(({ stripPrefix }) => !stripPrefix);
    const emitPlain = (): ApiObject => this.emitIngress('Resource', settings, settings.name, plain, {}, settings.defaultBackend);
    if (stripping.length === 0) {
      this.ingress = emitPlain();
      return;
    }
    this.middleware = emit(this, 'Middleware', {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: { name: `${settings.name}-strip`, labels: settings.labels },
      spec: { stripPrefix: { prefixes: sorted(stripping).map(({ path }) => path) } },
    });
    const annotation = { 'traefik.ingress.kubernetes.io/router.middlewares': `${namespaceOf(this)}-${settings.name}-strip@kubernetescrd` };
    // the API refuses an Ingress without rules
    if (plain.length === 0 && settings.defaultBackend === undefined) {
      this.ingress = this.emitIngress('Resource', settings, settings.name, stripping, annotation);
      return;
    }
    this.ingress = emitPlain();
    // one Ingress asks cert-manager for the certificate, both use it
    const shared = settings.tls && { ...settings.tls, annotations: {} };
    this.strippingIngress = this.emitIngress('StrippingIngress', { ...settings, tls: shared }, `${settings.name}-strip`, stripping, annotation);
  }

  private emitIngress(id: string, settings: RoutingSettings, name: string, routes: RouteSettings[], extra: Record<string, string>, defaultBackend?: IRouteBackend): ApiObject {
    const annotations = { ...settings.tls?.annotations, ...settings.annotations, ...extra };
    const head = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, labels: settings.labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    };
    return emitLater(this, id, head, this.problems, () => renderIngress(settings, routes, defaultBackend));
  }
}

function readRouting(routing: HttpRouting, props: HttpRoutingProps, problems: Problems): RoutingSettings {
  const read = new Reader<HttpRoutingProps>(problems, props);
  const name = read.optional('name', text, pathName(routing), { fix: 'Leave it out for the construct path' });
  const nameRule = dnsLabel();
  if (nameRule.read(name, () => undefined) === undefined) {
    problems.refuse('name', name, nameRule.expected, { fix: "Set 'name', or choose other construct ids", practice: 'DX-12' });
  }
  const controllerHint = { fix: "Use IngressController.inNamespace('traefik', { className: 'traefik' }) or IngressController.fromCidrs(...)", practice: 'CH01-25' };
  const controller = read.required<IngressController | undefined>('controller', instance(IngressController, 'an IngressController'), undefined, controllerHint);
  const controllerSettings = controller && readController(controller, problems);
  const settings: RoutingSettings = {
    name,
    host: read.required('host', hostName, 'invalid.example.com', { fix: "Give the host, such as 'journal.example.com'", practice: 'DX-39' }),
    labels: recommended(routing, name, 'routing', read.optional('labels', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values', practice: 'DX-13' })),
    annotations: read.optional('annotations', mapOf(labelKey, anyText), {}, { fix: 'Map annotation names to text' }),
    controller: controllerSettings ?? { className: 'invalid', traefik: true },
    tls: readTls(routing, read.required('tls', instance(Tls, 'a Tls, e.g. Tls.certManager({ clusterIssuer })'), Tls.none(), { fix: 'Use Tls.certManager(...), Tls.secret(...), or Tls.none() for plain HTTP', practice: 'CH01-71' }), name, problems),
    routes: read.required('routes', listOf(that<unknown>('a route', () => true)), [], { fix: "Write [{ path: '/', backend: frontend }]", practice: 'CH01-62' })
      .flatMap((given, index) => readRoute(given, problems, `routes[${index}]`)),
    defaultBackend: read.optional('defaultBackend', backend, undefined, { fix: 'Pass a WebService or a StaticSite', practice: 'DX-05' }),
  };
  const given = read.raw('routes');
  if (Array.isArray(given) && given.length === 0 && !read.has('defaultBackend')) {
    read.refuse('routes', given, 'at least one route, or a defaultBackend', { fix: "Write [{ path: '/', backend: frontend }]", practice: 'CH01-62' });
  }
  read.refuseUnknown();

  refuseRoutes(routing, settings, problems);
  if (settings.tls?.external) {
    needSecret({ user: routing, name: settings.tls.secretName, type: 'kubernetes.io/tls', keys: ['tls.crt', 'tls.key'] });
  }
  if (controller && controllerSettings) for (const target of backendsOf(settings)) target.allowFrom(controller, { ports: [target.routeTargetPort] });
  return settings;
}

const backend: Check<IRouteBackend> = that('a block with a Service, such as WebService', (value) => Construct.isConstruct(value) && typeof (value as Partial<IRouteBackend>).serviceName === 'string' && typeof (value as Partial<IRouteBackend>).allowFrom === 'function');

const path: Check<string> = that("a path that starts with '/', without spaces, '//' and '..'", (value) => typeof value === 'string' && /^\/\S*$/.test(value) && !value.includes('//') && !/(^|\/)\.{1,2}(\/|$)/.test(value));

function readRoute(given: unknown, problems: Problems, prop: string): RouteSettings[] {
  const read = new Reader<HttpRoute>(problems, given, `${prop}.`);
  const target = read.required<IRouteBackend | undefined>('backend', backend, undefined, { fix: 'Pass a WebService or a StaticSite', practice: 'DX-05' });
  const route = {
    path: read.required('path', path, '/', { fix: "Give an absolute path, such as '/api'" }),
    pathType: read.optional('pathType', oneOf<'Prefix' | 'Exact'>('Prefix', 'Exact'), 'Prefix' as const, { fix: "Leave it out for 'Prefix'; other types mean something else in each controller", practice: 'CH01-63' }),
    stripPrefix: read.optional('stripPrefix', boolean, false, { fix: 'Leave it out for false' }),
  };
  read.refuseUnknown();
  return target === undefined ? [] : [{ ...route, backend: target }];
}

function refuseRoutes(routing: HttpRouting, { host, controller, routes, defaultBackend }: RoutingSettings, problems: Problems): void {
  const own = namespaceOf(routing);
  routes.forEach(({ stripPrefix, path: routed, pathType, backend: target }, index) => {
    if (stripPrefix && !controller.traefik) {
      problems.refuse(`routes[${index}].stripPrefix`, true, 'false: an Ingress has no rewrite that all controllers know', { fix: "Let the app serve the path, or use Traefik: className 'traefik', or traefik: true" });
    }
    if (stripPrefix && own === undefined) {
      problems.refuse(`routes[${index}].stripPrefix`, true, 'a chart with a namespace', { fix: 'Traefik finds the rewrite by its namespace: give the chart one' });
    }
    refuseNamespace(target, own, problems, `routes[${index}].backend`);
    // as the API sees it, a trailing slash makes no difference to a prefix
    const matched = pathType === 'Prefix' && routed !== '/' ? routed.replace(/\/$/, '') : routed;
    claimUnique(routing, `route ${pathType} '${host}${matched}' of class '${controller.className}'`, 'Each path of a host needs one backend: remove a route (CH01-63)');
  });
  if (defaultBackend) refuseNamespace(defaultBackend, own, problems, 'defaultBackend');
}

function refuseNamespace(target: IRouteBackend, own: string | undefined, problems: Problems, prop: string): void {
  const theirs = namespaceOf(target);
  if (theirs !== own) {
    problems.refuse(prop, new Verbatim(`'${target.node.path}' in namespace '${theirs ?? ''}'`), `a backend in namespace '${own ?? ''}'`, { fix: 'An Ingress reaches only its own namespace: put the routing beside the backend', practice: 'DX-24' });
  }
}

function backendsOf({ routes, defaultBackend }: RoutingSettings): Set<IRouteBackend> {
  return new Set([...routes.map((route) => route.backend), ...(defaultBackend ? [defaultBackend] : [])]);
}

/** Longest path first, for readers: the API itself picks the longest match. */
function sorted(routes: readonly RouteSettings[]): RouteSettings[] {
  return [...routes].sort((a, b) => b.path.length - a.path.length || a.pathType.localeCompare(b.pathType, 'en') || (a.path < b.path ? -1 : 1));
}

function renderIngress(settings: RoutingSettings, routes: readonly RouteSettings[], defaultBackend: IRouteBackend | undefined): IngressSpec {
  const { host, tls, controller } = settings;
  return {
    ingressClassName: controller.className,
    ...(defaultBackend ? { defaultBackend: renderBackend(defaultBackend) } : {}),
    ...(tls ? { tls: [{ hosts: [host], secretName: tls.secretName }] } : {}),
    ...(routes.length > 0 ? { rules: [{ host, http: { paths: sorted(routes).map(renderPath) } }] } : {}),
  };
}

function renderPath(route: RouteSettings): HTTPIngressPath {
  return { path: route.path, pathType: route.pathType, backend: renderBackend(route.backend) };
}

function renderBackend({ serviceName, routePort }: IRouteBackend): HTTPIngressPath['backend'] {
  return { service: { name: serviceName, port: { name: routePort } } };
}
