import type { HTTPIngressPath, IngressSpec } from 'kubernetes-types/networking/v1';
import type { RouteSettings, RoutingSettings } from './read-routing';
import type { IRouteBackend } from '../../network/backend';

/** Longest path first, for readers: the API itself selects the longest match. */
function sorted(routes: readonly RouteSettings[]): RouteSettings[] {
  return [...routes].sort(
    (a, b) => b.path.length - a.path.length || a.pathType.localeCompare(b.pathType, 'en') || (a.path < b.path ? -1 : 1),
  );
}

export function renderIngress(
  settings: RoutingSettings,
  routes: readonly RouteSettings[],
  defaultBackend: IRouteBackend | undefined,
): IngressSpec {
  const { host, tls, controller } = settings;
  return {
    ingressClassName: controller().className,
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
