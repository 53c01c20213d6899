import type { IngressController } from './ingress-controller';
import type { Tls } from './tls';
import type { IRouteBackend } from '../../network/backend';

/** A route for one path. */
export interface HttpRoute {
  /** Absolute path, such as `/api`. No pattern and no query: those never match. */
  readonly path: string;

  /**
   * The backend of the requests: a `WebService`, a `StaticSite`, or a custom block, in the namespace of the routing.
   */
  readonly backend: IRouteBackend;

  /**
   * `Prefix` matches whole parts of the path: `/api` and `/api/entries`, but not `/apis`; Traefik needs its option
   * `strictPrefixMatching` for that. `Exact` matches the path alone, and wins over all prefixes.
   * `ImplementationSpecific` means something else in each controller: it is taken for ingress-nginx alone, where it is
   * a prefix of text, and the only type that releases before 1.14 take for a path with a dot.
   *
   * @default 'Prefix'
   */
  readonly pathType?: 'Prefix' | 'Exact' | 'ImplementationSpecific';

  /**
   * Removes the path before forwarding the request: `/api/entries` arrives as `/entries`. Traefik 3 only.
   *
   * @default false
   */
  readonly stripPrefix?: boolean;
}

/** Props of `HttpRouting`. */
export interface HttpRoutingProps {
  /**
   * Host of the routes. Without one, they would match every host of the cluster (DX-39). `*.example.com` stands for
   * each host with one label before `example.com`: cert-manager needs a DNS-01 solver for its certificate.
   */
  readonly host: string;

  /** Source of the certificate; `Tls.none()` for plain HTTP (CH01-71). */
  readonly tls: Tls;

  /**
   * The ingress controller that serves the routes.
   *
   * @default - the controller of the `ClusterProfile`; without one, an error
   */
  readonly controller?: IngressController;

  /** The routes in any order: an exact one takes precedence, then the longest prefix (CH01-63). */
  readonly routes: HttpRoute[];

  /**
   * Backend for requests without a matching route. Traefik has one for all hosts, and other controllers also use it for
   * unknown hosts. For the rest of this host only, add a route `/`.
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
   * Additional labels.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations of each Ingress. Prefer typed props: annotations bind to one controller. Your Traefik middlewares run
   * before the one that strips prefixes; exact routes keep their priority.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}
