import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import type { FactMap } from '../kernel/facts/fact-map';
import type { GatewayBundle, GatewayFeature } from '../kubernetes/gateway-api';

/** Routes of a host. */
export interface RoutingFact {
  readonly owner: IConstruct;
  readonly host: string;
  readonly tls?: {
    readonly secretName: string;
    /** Whether the Secret comes from outside the app. */
    readonly external: boolean;
    readonly annotations: Readonly<Record<string, string>>;
    /** The Service of the cert-manager solver, if there is one. */
    readonly solver?: 'NodePort' | 'ClusterIP';
  };
  /** Annotations of the caller. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether neither the block nor its cluster has a controller. */
  readonly lacksController: () => boolean;
  readonly isTraefik: () => boolean;
  readonly controller: () => RoutingController;
  readonly routes: readonly RoutedPath[];
  /** The props that request a stripped prefix. */
  readonly stripping: readonly string[];
  /** Whether a Gateway has the certificate of the host. */
  readonly tlsOfGateway: boolean;
  /** Who authenticates the users of the host, if it is stated. */
  readonly authentication?: { readonly kind: string; readonly middleware?: string };
  /** Whether the statement is no mistake. */
  readonly isSoundAuthentication: boolean;
  /** All backends, each with the prop that names it. */
  readonly backends: ReadonlyArray<{ readonly backend: IConstruct; readonly prop: string }>;
  /** Props that only a gateway can serve. */
  readonly gatewayProps: ReadonlyArray<{ readonly prop: string; readonly feature?: GatewayFeature }>;
  /** Props of routes that are for gRPC because their backend is. */
  readonly grpcBackends: readonly string[];
  /** The block in whose namespace the certificate is. */
  readonly certificateAt: IConstruct;
}

/** What serves the routes. */
export interface RoutingController {
  readonly className: string;
  /** For messages: `class 'traefik'`, `Gateway 'edge/shared'`. */
  readonly title: string;
  readonly ingressNginx: boolean;
  readonly lag: number;
  /** Only where routes of the Gateway API are served. */
  readonly gateway?: {
    readonly existing?: { readonly httpsListener?: string };
    readonly block?: IConstruct;
  };
}

interface RoutedPath {
  readonly path: string;
  readonly pathType: string;
  readonly backend: IConstruct;
  readonly isGrpc: boolean;
  readonly stripPrefix: boolean;
  readonly gateway?: { readonly timeout?: number; readonly replacePrefix?: string; readonly cors?: object };
}

/** A Gateway of the app. */
export interface GatewayFact {
  readonly owner: IConstruct;
  readonly lacksController: () => boolean;
  /** The Gateway that its controller has already; none if it makes Gateways of a class. */
  readonly existing: () => string | undefined;
  /** What it has listeners for. */
  readonly listeners: () => readonly ListenerNeed[];
  /** Annotations by which cert-manager makes the certificates. */
  readonly issuers: () => ReadonlyArray<Readonly<Record<string, string>>>;
  readonly clientCertificates?: string;
  /** The name of its listener with a certificate for a host. */
  readonly listenerOf: (host: string) => string | undefined;
}

interface ListenerNeed {
  readonly owner?: IConstruct;
  readonly host?: string;
  readonly mode: 'http' | 'https' | 'passthrough';
  readonly routesFrom?: { readonly namespace: string | undefined };
}

/** Encrypted connections for a host. */
export interface TlsRouteFact {
  readonly owner: IConstruct;
  readonly controller: () => RoutingController;
  readonly lacksController: () => boolean;
  readonly backends: ReadonlyArray<{ readonly backend: IConstruct; readonly prop: string }>;
}

/** A load balancer and its provider, which is read at synthesis if it follows from the cluster. */
export interface LoadBalancerFact {
  readonly owner: IConstruct;
  /** The prop that requests it. */
  readonly prop: string;
  /** Whether the ClusterProfile decides the provider. */
  readonly ofCluster: boolean;
  readonly allocatesNodePorts: boolean;
  readonly provider: () => { readonly nodePorts: 'needed' | 'unused' | 'unknown' } | undefined;
}

/** Annotations of a caller in addition to those of the provider. */
export interface OfferFact {
  readonly owner: IConstruct;
  readonly annotations: Readonly<Record<string, string>>;
  readonly provided: () => Readonly<Record<string, string>>;
}

/** A service of another cluster. */
export interface ImportFact {
  readonly owner: IConstruct;
  readonly exported: IConstruct;
}

/** An external target that only has a DNS name. */
export interface NamedTargetFact {
  readonly owner: IConstruct;
  readonly host: string;
  /** Name of its Service. */
  readonly service: string;
  /** How policies open egress to it; none if that is not declared. */
  readonly egress?: 'cidrs' | 'cilium' | 'calico';
}

declare module '../kernel/model/cluster-facts' {
  interface ClusterFacts {
    /** The CRDs of the Gateway API and the features of the controller; nothing if they are not stated. */
    readonly gatewayApi?: GatewayBundle;
  }
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly routing: RoutingFact;
    readonly gateway: GatewayFact;
    readonly tlsRoute: TlsRouteFact;
    readonly loadBalancer: LoadBalancerFact;
    readonly offer: OfferFact;
    readonly import: ImportFact;
    readonly namedTarget: NamedTargetFact;
  }
}

/** The DNS name that a block only is an alias of. */
export function nameBehind(block: IConstruct): string | undefined {
  return AppModel.of(block)
    .all('namedTarget')
    .find(({ owner }) => owner === block)?.host;
}

type OutsideKind = 'routing' | 'gateway' | 'tlsRoute' | 'loadBalancer' | 'offer' | 'import' | 'namedTarget';

/** States a connection from or to the outside of the cluster. */
export function stateOutside<K extends OutsideKind>(kind: K, fact: FactMap[K]): void {
  AppModel.of(fact.owner).add(kind, fact);
}
