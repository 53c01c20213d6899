import type { IRouteBackend } from './backend';
import type { RouteSettings, RoutingSettings } from './read-routing';

/** What one Ingress holds. */
export interface IngressGroup {
  /** What its name ends with beside others. */
  readonly suffix: string;
  readonly routes: readonly RouteSettings[];
  readonly defaultBackend?: IRouteBackend;
  readonly annotations: Record<string, string>;
}

const ROUTER = 'traefik.ingress.kubernetes.io/router';

/**
 * Traefik ranks rules by their length, and an exact one is shorter than a prefix: `Path("/a")` would lose to
 * `PathPrefix("/")`. No rule that fits into an object (1.5 MB) is as long as this number.
 *
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
 */
const ABOVE_ALL_PREFIXES = '10000000';

/**
 * The Ingresses of a routing, at least one. With Traefik there can be several: it reads annotations for all routes of an
 * Ingress, and a default backend only where there are no routes.
 *
 * - Middlewares of the user come before `stripper`: what they decide on is the path that was asked for.
 * - Traefik takes the certificate from an Ingress, but serves its routes over TLS only where the entry point or an
 *   annotation says so. Plain HTTP then answers 404, unless the entry point redirects.
 *
 * @param stripper the middleware that strips prefixes, as Traefik names it
 */
export function ingressGroups({ routes, defaultBackend, annotations, tls, controller }: RoutingSettings, stripper: string): IngressGroup[] {
  if (!controller.traefik) return [{ suffix: '', routes, defaultBackend, annotations }];
  const common = { ...(tls ? { [`${ROUTER}.tls`]: 'true' } : {}), ...annotations };
  const middlewares = [annotations[`${ROUTER}.middlewares`], stripper].filter(Boolean).join(',');
  const groupOf = (suffix: string, pathType: RouteSettings['pathType'], stripping: boolean): IngressGroup => ({
    suffix,
    routes: routes.filter((route) => route.pathType === pathType && route.stripPrefix === stripping),
    annotations: {
      ...common,
      ...(pathType === 'Exact' ? { [`${ROUTER}.priority`]: ABOVE_ALL_PREFIXES } : {}),
      ...(stripping ? { [`${ROUTER}.middlewares`]: middlewares } : {}),
    },
  });
  const groups = [
    groupOf('', 'Prefix', false),
    groupOf('-strip', 'Prefix', true),
    groupOf('-exact', 'Exact', false),
    groupOf('-exact-strip', 'Exact', true),
  ].filter((group) => group.routes.length > 0);
  // nothing at all is refused, and not rendered
  return defaultBackend || groups.length === 0 ? [...groups, { suffix: '-default', routes: [], defaultBackend, annotations: common }] : groups;
}
