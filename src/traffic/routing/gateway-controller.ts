import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { readSource, type Source, sourcePeer } from './ingress-controller';
import type {
  ControllerSettings,
  ExistingGatewaySettings,
  GatewayBlock,
  GatewaySettings,
  IRouteController,
} from './route-controller';
import type { Problems } from '../../kernel/findings/problems';
import { seconds } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel, dnsSubdomain } from '../../kernel/schema/syntax';
import type { Peer } from '../../network/peer';
import { portNumber } from '../../network/ports';

declare module '../../kernel/model/cluster-facts' {
  interface ClusterFacts {
    /** The gateway controller of routings that name none. */
    readonly gateway?: GatewayController;
  }
}

/** A Gateway that exists in the cluster, and that this app does not write. */
export interface ExistingGateway {
  /** Name of the Gateway: `kubectl get gateways --all-namespaces`. */
  readonly name: string;

  /**
   * Namespace of the Gateway. Its listeners decide from which namespaces they accept routes.
   *
   * @default - the namespace of the routes
   */
  readonly namespace?: string;

  /**
   * Name of its listener for plain HTTP. Routes with a certificate redirect its requests to HTTPS.
   *
   * @default - no redirect; routes without a certificate attach to all listeners
   */
  readonly httpListener?: string;

  /**
   * Name of its listener for HTTPS, which has the certificate.
   *
   * @default - none: routes with a certificate are an error
   */
  readonly httpsListener?: string;
}

/** Common options of gateway controllers. Set exactly one of `className` and `gateway`. */
export interface GatewayControllerOptions {
  /**
   * Name of its GatewayClass: `kubectl get gatewayclasses`. Each routing then writes a Gateway of its own, and many
   * controllers create a load balancer for each Gateway. To share one, pass a `Gateway` as the controller of routings.
   *
   * @default - `gateway` is used
   */
  readonly className?: string;

  /**
   * An existing Gateway, which the routes attach to.
   *
   * @default - `className` is used
   */
  readonly gateway?: ExistingGateway;

  /**
   * Port of listeners for HTTP; 1 to 65535. Traefik takes the port of its entry point: 8000 in its Helm chart.
   *
   * @default 80: the port of URLs without one
   */
  readonly httpPort?: number;

  /**
   * Port of listeners for TLS; 1 to 65535. Traefik takes the port of its entry point: 8443 in its Helm chart.
   *
   * @default 443: the port of URLs without one
   */
  readonly httpsPort?: number;

  /**
   * How long it may keep sending requests to a stopping pod; 0 to 3600 s. Backends with a shorter `drain` are a
   * warning.
   *
   * @default Duration.seconds(0): proxies in the cluster watch the endpoints
   */
  readonly lag?: Duration;
}

/** A gateway controller whose proxies run as pods. */
export interface GatewayControllerPodOptions extends GatewayControllerOptions {
  /**
   * Labels of the pods that forward requests: the proxies, not the controller that configures them.
   *
   * @default - all pods of the namespace
   */
  readonly podLabels?: { [label: string]: string };
}

/**
 * A controller of the cluster that implements the Gateway API. It states the GatewayClass and the source of the
 * requests: network policies of the backends open only for that source.
 *
 * ```ts
 * new HttpRouting(chart, 'routing', {
 *   host: 'shop.example.com',
 *   tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
 *   authentication: Authentication.byApp(),
 *   controller: GatewayController.inNamespace('traefik', { className: 'traefik', httpPort: 8000, httpsPort: 8443 }),
 *   routes: [{ path: '/', backend: frontend }],
 * });
 * ```
 *
 * @see https://gateway-api.sigs.k8s.io
 */
export class GatewayController implements IRouteController {
  /** A controller whose proxies run as pods of a namespace. */
  public static inNamespace(namespace: string, options: GatewayControllerPodOptions): GatewayController {
    return new GatewayController({ namespace }, options);
  }

  /** A controller on the host network, or a cloud load balancer: requests come from these ranges. */
  public static fromCidrs(ranges: string[], options: GatewayControllerOptions): GatewayController {
    return new GatewayController({ ranges }, options);
  }

  /** `Gateway`. */
  public readonly routeApi: string = 'Gateway';

  private constructor(
    /** @internal */ public readonly _source: Source,
    /** @internal */ public readonly _options: unknown,
  ) {}

  /** The source of the requests. */
  public toPeer(): Peer {
    return sourcePeer(this._source, this._options);
  }
}

/** Whether a value is a gateway of ours: what serves routes of the Gateway API. */
export function isGateway(value: unknown): value is GatewayController | GatewayBlock {
  return value instanceof GatewayController || isGatewayBlock(value);
}

export function isGatewayBlock(value: unknown): value is GatewayBlock {
  return Construct.isConstruct(value) && typeof (value as Partial<GatewayBlock>)._listenerOf === 'function';
}

/** The controller of routes; a `Gateway` reports its own mistakes. */
export function readGateway(
  given: GatewayController | GatewayBlock,
  problems: Problems,
): (() => ControllerSettings | undefined) | undefined {
  if (isGatewayBlock(given)) return () => given._serving();
  const settings = readGatewayController(given, problems);
  return settings && (() => settings);
}

/** The settings of a controller; `undefined` if its source is refused, so that no policy opens for it. */
export function readGatewayController(
  controller: GatewayController,
  problems: Problems,
  prop = 'controller',
): ControllerSettings | undefined {
  const read = new Reader<GatewayControllerPodOptions>(problems, controller._options, `${prop}.`);
  const name = { fix: 'Name the GatewayClass: kubectl get gatewayclasses', practice: 'CH01-25' };
  const className = read.optional('className', dnsSubdomain, undefined, name);
  const existing = read.has('gateway') ? readExisting(read.raw('gateway'), problems, `${prop}.gateway`) : undefined;
  read.conflict('className', 'gateway', { fix: 'Keep one' });
  if (!read.has('className') && !read.has('gateway')) {
    read.refuse('className', undefined, "a GatewayClass, or 'gateway'", { rule: 'props/required', ...name });
  }
  const httpPort = read.optional('httpPort', portNumber, USUAL_PORTS.httpPort);
  const httpsPort = read.optional('httpsPort', portNumber, USUAL_PORTS.httpsPort);
  if (httpPort === httpsPort && read.isSound('httpPort', 'httpsPort')) {
    read.refuse('httpsPort', httpsPort, `another port than httpPort (${httpPort})`, {
      rule: 'gateway/listener',
      fix: 'A port of a Gateway has one protocol: write the port of its entry point for TLS',
    });
  }
  const lag = read.optional('lag', seconds(0, 3600), 0, { fix: 'Write a time such as Duration.seconds(25)' });
  const good = readSource(controller._source, read, problems, prop);
  read.refuseUnknown();
  const gateway: GatewaySettings = { className, existing, httpPort, httpsPort };
  const title = existing
    ? `Gateway '${[existing.namespace, existing.name].filter(Boolean).join('/')}'`
    : `GatewayClass '${className ?? ''}'`;
  return good ? { className: className ?? '', title, traefik: false, ingressNginx: false, lag, gateway } : undefined;
}

function readExisting(given: unknown, problems: Problems, prop: string): ExistingGatewaySettings {
  const read = new Reader<ExistingGateway>(problems, given, `${prop}.`);
  const listener = { fix: 'Name the listener: kubectl get gateway -o yaml' };
  const settings = {
    name: read.required('name', dnsSubdomain, 'invalid', {
      fix: 'Name the Gateway: kubectl get gateways --all-namespaces',
    }),
    namespace: read.optional('namespace', dnsLabel(), undefined, { fix: 'Name the namespace of the Gateway' }),
    httpListener: read.optional('httpListener', dnsSubdomain, undefined, listener),
    httpsListener: read.optional('httpsListener', dnsSubdomain, undefined, listener),
  };
  read.refuseUnknown();
  return settings;
}

/** The ports of listeners, unless the controller has others. */
export const USUAL_PORTS = { httpPort: 80, httpsPort: 443 };

/** Stands in for a refused controller. */
export const REFUSED_GATEWAY: ControllerSettings = {
  className: 'invalid',
  title: "GatewayClass 'invalid'",
  traefik: false,
  ingressNginx: false,
  lag: 0,
  gateway: { className: 'invalid', ...USUAL_PORTS },
};
