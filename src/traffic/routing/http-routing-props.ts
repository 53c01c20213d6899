import type { IngressController } from './ingress-controller';
import type { Tls } from './tls';
import type { IRouteBackend } from '../../network/backend';

/** Requests of one path. */
export interface HttpRoute {
  /** Absolute path, such as `/api`. No pattern and no query: those never match. */
  readonly path: string;

  /** Where the requests go: a `WebService`, a `StaticSite`, or a block of your own. In the namespace of the routing. */
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

  /**
   * The ingress controller that serves the routes.
   *
   * @default - that of the `ClusterProfile`; without one there, an error
   */
  readonly controller?: IngressController;

  /** The routes, in any order: an exact one wins, then the longest prefix (CH01-63). */
  readonly routes: HttpRoute[];

  /**
   * Where requests go that match no route. Traefik has one for all hosts, others send it those for unknown hosts, too:
   * for what is left of this host alone, add a route `/`.
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
   * Annotations of each Ingress. Prefer typed props: annotations bind to one controller. Middlewares of Traefik come
   * before the one that strips prefixes; exact routes keep their priority.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}
