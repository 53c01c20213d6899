import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import type { FactMap } from '../kernel/facts/fact-map';

/** Routes of a host. */
export interface RoutingFact {
  readonly owner: IConstruct;
  /** Whether neither the block nor its cluster has a controller. */
  readonly lacksController: () => boolean;
  readonly isTraefik: () => boolean;
  /** The props that ask for a stripped prefix. */
  readonly stripping: readonly string[];
  /** Those of the caller. */
  readonly annotations: Readonly<Record<string, string>>;
  /** The class, where it is known. */
  readonly className: () => string | undefined;
  readonly paths: readonly string[];
  readonly host: string;
  /** The Secret to which cert-manager writes the certificate of the host. */
  readonly certificate?: string;
}

/** A load balancer, and who makes it: read at synthesis, where that follows from the cluster. */
export interface LoadBalancerFact {
  readonly owner: IConstruct;
  /** The prop that asks for it. */
  readonly prop: string;
  /** Whether the cluster is to tell who makes it. */
  readonly ofCluster: boolean;
  readonly allocatesNodePorts: boolean;
  readonly provider: () => { readonly nodePorts: 'needed' | 'unused' | 'unknown' } | undefined;
}

/** Annotations of a caller beside those of who makes the load balancer. */
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

/** A target outside of the cluster that only has a DNS name. */
export interface NamedTargetFact {
  readonly owner: IConstruct;
  readonly host: string;
  /** How policies can let clients out to it; none where nobody has said so. */
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

/** States what comes from outside of the cluster, or goes there. */
export function stateOutside<K extends OutsideKind>(kind: K, fact: FactMap[K]): void {
  AppModel.of(fact.owner).add(kind, fact);
}
