import type { RouteSettings, RoutingSettings } from './read-routing';
import { groupBy } from '../../kernel/model/group-by';
import type { IRouteBackend } from '../../network/backend';

/** What one Ingress holds. */
export interface IngressGroup {
  /** What its name ends with beside others. */
  readonly suffix: string;
  readonly routes: readonly RouteSettings[];
  readonly defaultBackend?: IRouteBackend;
  readonly annotations: Record<string, string>;
  /** What its middleware takes away; none without one. */
  readonly stripped?: readonly string[];
}

const ROUTER = 'traefik.ingress.kubernetes.io/router';

/** The annotations that an Ingress can have for Traefik. */
export const TRAEFIK_ANNOTATIONS: readonly string[] = ['tls', 'priority', 'middlewares'].map(
  (name) => `${ROUTER}.${name}`,
);

/**
 * Traefik ranks rules by their length, and an exact one is shorter than a prefix: `Path("/a")` would lose to
 * `PathPrefix("/")`. No rule that fits into an object (1.5 MB) is as long as this number.
 *
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
 */
const ABOVE_ALL_PREFIXES = '10000000';

/**
 * The Ingresses of a routing, at least one. With Traefik there can be several: it reads annotations for all routes of
 * an Ingress, and a default backend only where there are no routes.
 *
 * - Middlewares of the user come before `stripper`: what they decide on is the path that was asked for.
 * - Traefik takes the certificate from an Ingress, but serves its routes over TLS only where the entry point or an
 *   annotation says so. Plain HTTP then answers 404, unless the entry point redirects.
 *
 * @param middlewareOf the middleware of the Ingress with that suffix, as Traefik names it
 */
export function ingressGroups(
  { routes, defaultBackend, annotations, tls, controller }: RoutingSettings,
  middlewareOf: (suffix: string) => string,
): IngressGroup[] {
  if (!controller().traefik) return [{ suffix: '', routes, defaultBackend, annotations }];
  const common = { ...(tls ? { [`${ROUTER}.tls`]: 'true' } : {}), ...annotations };
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
      [`${ROUTER}.middlewares`]: [annotations[`${ROUTER}.middlewares`], middlewareOf(suffix)].filter(Boolean).join(','),
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
  // nothing at all is refused, and not rendered
  return defaultBackend || groups.length === 0
    ? [...groups, { suffix: '-default', routes: [], defaultBackend, annotations: common }]
    : groups;
}

/**
 * Prefix routes by the number of stripped prefixes that theirs is below. A middleware strips the first of its prefixes
 * that the path begins with as text: one with `/a/b` and `/a` would take `/a/b` from `/a/bc`, which is a path of the
 * route `/a`.
 */
function byDepth(routes: readonly RouteSettings[]): RouteSettings[][] {
  const all = new Set(routes.map(strippedPrefix));
  const depthOf = (route: RouteSettings): number =>
    above(strippedPrefix(route)).filter((prefix) => all.has(prefix)).length;
  return [...groupBy(routes, (route) => String(depthOf(route)))]
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, level]) => level);
}

/** Without a slash at the end: a prefix matches the path without one, too. */
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
