import type { RouteSettings, RoutingSettings } from './read-routing';
import { groupBy } from '../../kernel/model/group-by';
import type { IRouteBackend } from '../../network/backend';

/** The content of one Ingress. */
export interface IngressGroup {
  /** The suffix of its name if there are several. */
  readonly suffix: string;
  readonly routes: readonly RouteSettings[];
  readonly defaultBackend?: IRouteBackend;
  readonly annotations: Record<string, string>;
  /** The prefixes that its middleware strips, if any. */
  readonly stripped?: readonly string[];
}

const ROUTER = 'traefik.ingress.kubernetes.io/router';

/** The Traefik annotations that an Ingress can have. */
export const TRAEFIK_ANNOTATIONS: readonly string[] = ['tls', 'priority', 'middlewares'].map(
  (name) => `${ROUTER}.${name}`,
);

/**
 * Traefik ranks rules by length, and an exact rule is shorter than a prefix rule: `Path("/a")` would lose to
 * `PathPrefix("/")`. This number exceeds the length of every rule that fits into an object (1.5 MB).
 *
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
 */
const ABOVE_ALL_PREFIXES = '10000000';

/**
 * The Ingresses of a routing, at least one. With Traefik there can be several: it applies annotations to all routes of
 * an Ingress, and uses a default backend only without routes.
 *
 * - The middleware that authenticates comes first, then those of the user: they see the original path.
 * - Traefik takes the certificate from an Ingress, but serves its routes over TLS only if the entry point or an
 *   annotation requires it. Plain HTTP then returns 404, unless the entry point redirects.
 *
 * @param traefikName a middleware of the namespace, as Traefik names it
 */
export function ingressGroups(
  { name, routes, defaultBackend, annotations, tls, controller, authentication }: RoutingSettings,
  traefikName: (middleware: string) => string,
): IngressGroup[] {
  if (!controller().traefik) return [{ suffix: '', routes, defaultBackend, annotations }];
  const first = authentication?.middleware === undefined ? [] : [traefikName(authentication.middleware)];
  const inChain = (...ours: readonly string[]): Record<string, string> => {
    const chain = [...first, annotations[`${ROUTER}.middlewares`], ...ours].filter(Boolean);
    return chain.length === 0 ? {} : { [`${ROUTER}.middlewares`]: chain.join(',') };
  };
  const common = { ...(tls ? { [`${ROUTER}.tls`]: 'true' } : {}), ...annotations, ...inChain() };
  const routesOf = (pathType: RouteSettings['pathType'], stripping: boolean): RouteSettings[] =>
    routes.filter((route) => route.pathType === pathType && route.stripPrefix === stripping);
  const priority = { [`${ROUTER}.priority`]: ABOVE_ALL_PREFIXES };
  const strip = (
    suffix: string,
    stripping: readonly RouteSettings[],
    more: Record<string, string> = {},
  ): IngressGroup => ({
    suffix,
    routes: stripping,
    annotations: {
      ...common,
      ...more,
      ...inChain(traefikName(`${name}${suffix}`)),
    },
    stripped: longestFirst(stripping.map(strippedPrefix)),
  });
  const groups = [
    { suffix: '', routes: routesOf('Prefix', false), annotations: common },
    ...byDepth(routesOf('Prefix', true)).map((level, depth) =>
      strip(depth === 0 ? '-strip' : `-strip-${depth + 1}`, level),
    ),
    { suffix: '-exact', routes: routesOf('Exact', false), annotations: { ...common, ...priority } },
    strip('-exact-strip', routesOf('Exact', true), priority),
  ].filter((group) => group.routes.length > 0);
  // no routes at all: refused, and not rendered
  return defaultBackend || groups.length === 0
    ? [...groups, { suffix: '-default', routes: [], defaultBackend, annotations: common }]
    : groups;
}

/**
 * Groups prefix routes by the number of stripped prefixes above them. A middleware strips the first of its prefixes
 * that the path starts with as text. With `/a/b` and `/a`, it would strip `/a/b` from `/a/bc`, a path of the route
 * `/a`.
 */
function byDepth(routes: readonly RouteSettings[]): RouteSettings[][] {
  const all = new Set(routes.map(strippedPrefix));
  const depthOf = (route: RouteSettings): number =>
    above(strippedPrefix(route)).filter((prefix) => all.has(prefix)).length;
  return [...groupBy(routes, (route) => String(depthOf(route)))]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, level]) => level);
}

/** Without a final slash: a prefix also matches the path without one. */
function strippedPrefix({ path }: RouteSettings): string {
  return path === '/' ? path : path.replace(/\/$/, '');
}

/** `/`, `/a` and `/a/b` for `/a/b/c`. */
function above(prefix: string): string[] {
  const parts = prefix === '/' ? [] : prefix.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/') || '/');
}

function longestFirst(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}
