import type { IConstruct } from 'constructs';
import type { IPeer } from '../../network/peer';

/** What serves routes: an `IngressController`, a `GatewayController`, or a `Gateway` of the app. */
export interface IRouteController extends IPeer {
  /** The API of the routes: `Ingress` or `Gateway`. */
  readonly routeApi: string;
}

/** A Gateway of the cluster that the app does not write. */
export interface ExistingGatewaySettings {
  readonly name: string;
  /** Its namespace; none for that of the routes. */
  readonly namespace?: string;
  readonly httpListener?: string;
  readonly httpsListener?: string;
}

/** A Gateway of the app, as its routes see it. */
export interface GatewayBlock extends IConstruct, IRouteController {
  readonly name: string;
  /** Its controller, as its routes see it. @internal */
  _serving(): ControllerSettings;
  /** The name of its listener with a certificate for a host. @internal */
  _listenerOf(host: string): string | undefined;
}

/** What is known of a controller that implements the Gateway API. */
export interface GatewaySettings {
  /** The GatewayClass, unless a Gateway exists. */
  readonly className?: string;
  readonly existing?: ExistingGatewaySettings;
  readonly block?: GatewayBlock;
  readonly httpPort: number;
  readonly httpsPort: number;
}

export interface ControllerSettings {
  /** The IngressClass or the GatewayClass; empty for a Gateway that exists. */
  readonly className: string;
  /** For messages: `class 'traefik'`, `Gateway 'edge/shared'`. */
  readonly title: string;
  readonly traefik: boolean;
  readonly ingressNginx: boolean;
  /** Seconds. */
  readonly lag: number;
  /** Only of a controller that implements the Gateway API. */
  readonly gateway?: GatewaySettings;
}
