import type { GatewayController } from './gateway-controller';
import type { Tls } from './tls';

/** A listener with a certificate for routes that bring none: `Tls.ofGateway()`. */
export interface GatewayListener {
  /**
   * The host, or `*.example.com` for all hosts below `example.com`.
   */
  readonly host: string;

  /** The certificate, in the namespace of the Gateway. */
  readonly tls: Tls;
}

/** Props of `Gateway`. */
export interface GatewayProps {
  /**
   * The controller, with its GatewayClass.
   *
   * @default - the `gateway` of the `ClusterProfile`; without one, an error
   */
  readonly controller?: GatewayController;

  /**
   * Listeners beside those of the routings that name this Gateway: wildcard certificates, and hosts of other apps.
   *
   * @default - one for plain HTTP, and one for each host of a routing with TLS
   */
  readonly listeners?: GatewayListener[];

  /**
   * Labels of the namespaces whose routes the listeners accept. Needed for routes of other apps.
   *
   * @default - each listener accepts routes of the namespaces that use it in this app
   */
  readonly namespaceLabels?: { [label: string]: string };

  /**
   * Name of a ConfigMap in the namespace of the Gateway. Its entry `ca.crt` has the authorities of client certificates,
   * which all listeners with TLS then require. In the standard channel from version 1.5 of the Gateway API.
   *
   * @default - clients need no certificate
   */
  readonly clientCertificates?: string;

  /**
   * Name of the Gateway.
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
   * Annotations of the Gateway. The issuer of cert-manager comes from `tls`.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}
