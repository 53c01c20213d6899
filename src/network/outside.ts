import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import type { FactMap } from '../kernel/facts/fact-map';

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
  readonly controller: () => { readonly className: string; readonly ingressNginx: boolean; readonly lag: number };
  readonly routes: ReadonlyArray<{ readonly path: string; readonly pathType: string; readonly backend: IConstruct }>;
  /** The props that request a stripped prefix. */
  readonly stripping: readonly string[];
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

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly routing: RoutingFact;
    readonly loadBalancer: LoadBalancerFact;
    readonly offer: OfferFact;
    readonly import: ImportFact;
    readonly namedTarget: NamedTargetFact;
  }
}

type OutsideKind = 'routing' | 'loadBalancer' | 'offer' | 'import' | 'namedTarget';

/** States a connection from or to the outside of the cluster. */
export function stateOutside<K extends OutsideKind>(kind: K, fact: FactMap[K]): void {
  AppModel.of(fact.owner).add(kind, fact);
}
