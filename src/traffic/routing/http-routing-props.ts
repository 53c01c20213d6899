import type { Duration } from 'cdk8s';
import type { Authentication } from './authentication';
import type { IRouteController } from './route-controller';
import type { Tls } from './tls';
import type { IRouteBackend } from '../../network/backend';

/** A share of the requests of a route for another backend. */
export interface SplitBackend {
  /** The backend of the share. */
  readonly backend: IRouteBackend;

  /** The share of the requests in percent; 0 to 100. The backend of the route gets the rest. */
  readonly percent: number;
}

/** A copy of the requests of a route. */
export interface RouteMirror {
  /** The backend that gets the copies. The controller discards its answers. */
  readonly backend: IRouteBackend;

  /**
   * The share of the requests that is copied, in percent; 1 to 100.
   *
   * @default 100: less needs version 1.3 of the Gateway API
   */
  readonly percent?: number;
}

/** Pages of other origins whose scripts may read the answers of a route. */
export interface Cors {
  /** The origins, such as `https://www.example.com`; `https://*.example.com` for all below a domain, `*` for all. */
  readonly origins: string[];

  /**
   * The methods, such as `PUT`.
   *
   * @default - those that browsers allow without asking: `GET`, `HEAD` and `POST`
   */
  readonly methods?: string[];

  /**
   * Names of request headers.
   *
   * @default - those that browsers allow without asking
   */
  readonly headers?: string[];

  /**
   * Names of headers of the answer that scripts may read.
   *
   * @default - those that browsers show to all scripts
   */
  readonly exposeHeaders?: string[];

  /**
   * Whether scripts may send cookies and other credentials of the user. All origins, `*`, are then refused.
   *
   * @default false
   */
  readonly credentials?: boolean;

  /**
   * How long a browser keeps the answer to its question; 1 to 86400 s.
   *
   * @default - decided by the controller
   */
  readonly maxAge?: Duration;
}

/** Changes of headers. */
export interface HeaderChanges {
  /**
   * Values of headers by name. They replace the values that came. At most 16.
   *
   * @default - none
   */
  readonly set?: { [header: string]: string };

  /**
   * Names of headers to remove. At most 16.
   *
   * @default - none
   */
  readonly remove?: string[];
}

/** A route for one path. */
export interface HttpRoute {
  /**
   * Absolute path, such as `/api`. No pattern and no query: those never match. For gRPC, `/shop.Cart` is a service,
   * `/shop.Cart/Add` a method, and `/` everything.
   */
  readonly path: string;

  /**
   * The backend of the requests: a `WebService`, a `StaticSite`, or a custom block. An Ingress reaches only its own
   * namespace, a Gateway all of them.
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
   * Removes the path before forwarding the request: `/api/entries` arrives as `/entries`. Only with Traefik 3, or with
   * a gateway.
   *
   * @default false
   */
  readonly stripPrefix?: boolean;

  /**
   * Replaces the path before forwarding the request: with `/v2`, `/api/entries` arrives as `/v2/entries`. Only with a
   * gateway, as all props below.
   *
   * @default - the path stays
   */
  readonly replacePrefix?: string;

  /**
   * Headers that a request must have, with these values. A route with headers wins over one of the same path without.
   *
   * @default - none
   */
  readonly matchHeaders?: { [header: string]: string };

  /**
   * Time for the whole request, after which the controller answers 504; 1 to 86400 s. Requests that take longer than a
   * stopping pod has left are a warning (S003-120).
   *
   * @default - decided by the controller
   */
  readonly timeout?: Duration;

  /**
   * Other backends that get a share of the requests, such as a new version (CH05-26). At most 15.
   *
   * @default - the backend gets all
   */
  readonly split?: SplitBackend[];

  /**
   * A backend that gets a copy of the requests (CH05-31).
   *
   * @default - none
   */
  readonly mirror?: RouteMirror;

  /**
   * Allows pages of other origins to read the answers. In the standard channel from version 1.5 of the Gateway API.
   *
   * @default - the application decides
   */
  readonly cors?: Cors;

  /**
   * Changes of request headers, before the backend sees them.
   *
   * @default - none
   */
  readonly requestHeaders?: HeaderChanges;

  /**
   * Changes of the headers of the answer.
   *
   * @default - none
   */
  readonly responseHeaders?: HeaderChanges;

  /**
   * Whether the backend speaks gRPC: the route is then a `GRPCRoute`.
   *
   * @default - what the port of the backend says, by its `appProtocol`
   */
  readonly grpc?: boolean;
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
   * What serves the routes: an `IngressController` for an Ingress; a `GatewayController` or a `Gateway` for routes of
   * the Gateway API.
   *
   * @default - the controller of the `ClusterProfile`; without one, an error
   */
  readonly controller?: IRouteController;

  /**
   * Who authenticates the users of the host.
   *
   * @default - not stated: a warning, unless the host is internal
   */
  readonly authentication?: Authentication;

  /** The routes in any order: an exact one takes precedence, then the longest prefix (CH01-63). */
  readonly routes: HttpRoute[];

  /**
   * Backend for requests without a matching route. As an Ingress, Traefik has one for all hosts, and other controllers
   * also use it for unknown hosts; a gateway uses it for this host only. For the rest of this host only, add a route
   * `/`.
   *
   * @default - the controller answers 404
   */
  readonly defaultBackend?: IRouteBackend;

  /**
   * Name of the Ingress, or of the HTTPRoute.
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
   * Annotations of each Ingress or route. Prefer typed props: annotations bind to one controller. Your Traefik
   * middlewares run before the one that strips prefixes; exact routes keep their priority.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}
