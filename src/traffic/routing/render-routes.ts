import type { CorsSettings, HeaderSettings } from './read-gateway-route';
import type { RouteSettings } from './read-routing';
import { namespaceOf } from '../../kernel/model/names';
import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import type { IRouteBackend } from '../../network/backend';

/** A Gateway and one of its listeners, as a route names them. */
export interface ParentRef {
  readonly name: string;
  readonly namespace?: string;
  readonly sectionName?: string;
}

export interface RouteContext {
  readonly parent: ParentRef;
  readonly host: string;
  /** The namespace of the routes. */
  readonly namespace: string | undefined;
  /** Name of the Traefik Middleware that authenticates. */
  readonly middleware?: string;
}

/** The routes in the order of the API, for readers: an exact path first, then the longest. */
export function inOrder(routes: readonly RouteSettings[]): RouteSettings[] {
  const headers = ({ gateway }: RouteSettings): number => Object.keys(gateway?.matchHeaders ?? {}).length;
  return [...routes].sort(
    (a, b) =>
      a.pathType.localeCompare(b.pathType, 'en') ||
      b.path.length - a.path.length ||
      headers(b) - headers(a) ||
      (a.path < b.path ? -1 : 1),
  );
}

/** The `spec` of an HTTPRoute with these rules. */
export function renderHttpRoute(routes: readonly RouteSettings[], context: RouteContext): object {
  return { ...head(context), rules: routes.map((route) => renderHttpRule(route, context)) };
}

/** The `spec` of an HTTPRoute that sends plain HTTP to HTTPS, without a port in the address: proxies map ports. */
export function renderRedirect(context: RouteContext): object {
  const filter = { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } };
  return { ...head(context), rules: [{ filters: [filter] }] };
}

/** The `spec` of a GRPCRoute with these rules. */
export function renderGrpcRoute(routes: readonly RouteSettings[], context: RouteContext): object {
  return { ...head(context), rules: routes.map((route) => renderGrpcRule(route, context)) };
}

/** The `spec` of a TLSRoute: the Gateway forwards the encrypted connection. */
export function renderTlsRoute(backend: IRouteBackend, context: RouteContext): object {
  return { ...head(context), rules: [{ backendRefs: [backendRef(backend, context)] }] };
}

/** The `spec` of a ReferenceGrant: these routes may lead to these Services of its namespace. */
export function renderBackendGrant(kinds: readonly string[], from: string, services: readonly string[]): object {
  // the API limits the names; without one, all Services are granted
  const named = services.length <= 16 ? services : [undefined];
  return {
    from: kinds.map((kind) => ({ group: GATEWAY_GROUP, kind, namespace: from })),
    to: named.map((name) => ({ group: '', kind: 'Service', ...(name === undefined ? {} : { name }) })),
  };
}

/** The `spec` of a ReferenceGrant: the Gateways of a namespace may use this Secret. */
export function renderSecretGrant(from: string, name: string): object {
  return {
    from: [{ group: GATEWAY_GROUP, kind: 'Gateway', namespace: from }],
    to: [{ group: '', kind: 'Secret', name }],
  };
}

function head({ parent, host }: RouteContext): object {
  return { parentRefs: [parent], hostnames: [host] };
}

function renderHttpRule(route: RouteSettings, context: RouteContext): object {
  const { gateway } = route;
  const filters = httpFilters(route, context);
  return {
    matches: [{ path: pathMatch(route), ...headerMatches(gateway?.matchHeaders) }],
    ...(filters.length > 0 ? { filters } : {}),
    backendRefs: backendRefs(route, context),
    ...(gateway?.timeout === undefined ? {} : { timeouts: { request: `${gateway.timeout}s` } }),
  };
}

function renderGrpcRule(route: RouteSettings, context: RouteContext): object {
  const match = { ...methodMatch(route.path), ...headerMatches(route.gateway?.matchHeaders) };
  const filters = commonFilters(route, context);
  return {
    ...(Object.keys(match).length > 0 ? { matches: [match] } : {}),
    ...(filters.length > 0 ? { filters } : {}),
    backendRefs: backendRefs(route, context),
  };
}

function pathMatch({ path, pathType }: RouteSettings): object {
  return { type: pathType === 'Exact' ? 'Exact' : 'PathPrefix', value: path };
}

/** `/shop.Cart/Add`: the path of a request for a method of a service. */
function methodMatch(path: string): object {
  const [service, method] = path.split('/').filter((part) => part !== '');
  if (service === undefined) return {};
  return { method: { type: 'Exact', service, ...(method === undefined ? {} : { method }) } };
}

function headerMatches(headers: Readonly<Record<string, string>> = {}): object {
  const all = Object.entries(headers);
  return all.length === 0 ? {} : { headers: all.map(([name, value]) => ({ type: 'Exact', name, value })) };
}

/** Authentication sees the request as it came, and everything else follows. */
function httpFilters(route: RouteSettings, context: RouteContext): object[] {
  const { gateway, path, pathType, stripPrefix } = route;
  const target = gateway?.replacePrefix ?? (stripPrefix ? '/' : undefined);
  const rewrite =
    target === undefined
      ? []
      : [
          {
            type: 'URLRewrite',
            urlRewrite: {
              path:
                pathType === 'Exact'
                  ? { type: 'ReplaceFullPath', replaceFullPath: target }
                  : { type: 'ReplacePrefixMatch', replacePrefixMatch: withoutSlash(target, path) },
            },
          },
        ];
  const cors = gateway?.cors ? [{ type: 'CORS', cors: renderCors(gateway.cors) }] : [];
  return [...commonFilters(route, context), ...rewrite, ...cors];
}

/** A prefix is replaced in whole parts, with or without a slash at its end. */
function withoutSlash(target: string, path: string): string {
  return target === '/' || path === '/' ? target : target.replace(/\/$/, '');
}

function commonFilters({ gateway }: RouteSettings, context: RouteContext): object[] {
  const { middleware } = context;
  const mirror = gateway?.mirror;
  return [
    ...(middleware === undefined
      ? []
      : [{ type: 'ExtensionRef', extensionRef: { group: 'traefik.io', kind: 'Middleware', name: middleware } }]),
    ...changes('RequestHeaderModifier', 'requestHeaderModifier', gateway?.requestHeaders),
    ...changes('ResponseHeaderModifier', 'responseHeaderModifier', gateway?.responseHeaders),
    ...(mirror
      ? [
          {
            type: 'RequestMirror',
            requestMirror: {
              backendRef: backendRef(mirror.backend, context),
              ...(mirror.percent < 100 ? { percent: mirror.percent } : {}),
            },
          },
        ]
      : []),
  ];
}

function changes(type: string, field: string, headers: HeaderSettings | undefined): object[] {
  const set = Object.entries(headers?.set ?? {}).map(([name, value]) => ({ name, value }));
  const remove = headers?.remove ?? [];
  if (set.length === 0 && remove.length === 0) return [];
  return [
    { type, [field]: { ...(set.length > 0 ? { set } : {}), ...(remove.length > 0 ? { remove: [...remove] } : {}) } },
  ];
}

function renderCors({ origins, methods, headers, exposeHeaders, credentials, maxAge }: CorsSettings): object {
  return {
    allowOrigins: [...origins],
    ...(credentials ? { allowCredentials: true } : {}),
    ...(methods.length > 0 ? { allowMethods: [...methods] } : {}),
    ...(headers.length > 0 ? { allowHeaders: [...headers] } : {}),
    ...(exposeHeaders.length > 0 ? { exposeHeaders: [...exposeHeaders] } : {}),
    ...(maxAge === undefined ? {} : { maxAge }),
  };
}

/** Weights in percent: those of the others as stated, and the rest for the backend of the route. */
function backendRefs({ backend, gateway }: RouteSettings, context: RouteContext): object[] {
  const split = gateway?.split ?? [];
  if (split.length === 0) return [backendRef(backend, context)];
  const rest = split.reduce((left, { percent }) => left - percent, 100);
  return [
    { ...backendRef(backend, context), weight: rest },
    ...split.map((share) => ({ ...backendRef(share.backend, context), weight: share.percent })),
  ];
}

function backendRef(backend: IRouteBackend, { namespace: own }: RouteContext): object {
  const { serviceName: name, routeServicePort, routeTargetPort } = backend;
  const namespace = namespaceOf(backend);
  return {
    name,
    ...(namespace === undefined || namespace === own ? {} : { namespace }),
    port: routeServicePort ?? routeTargetPort,
  };
}
