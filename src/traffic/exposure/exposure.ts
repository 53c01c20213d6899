import type { LoadBalancerProvider } from './load-balancer-provider';

/** The clients, and how their addresses reach the pods. */
export interface ExposureOptions {
  /**
   * Ranges of the clients, at least one. The pods are opened only for these. With an IPv6 range, the Service has both
   * IP families if the cluster supports them.
   */
  readonly sources: string[];

  /**
   * Which nodes forward a connection. `Local`: nodes with a pod of the backend, and the pod sees the client address.
   * `Cluster`: all nodes, and the pod sees a node address. A network policy then cannot distinguish clients, and
   * `nodeRanges` is also required.
   *
   * @default 'Local': a policy by client range works only with it
   * @see
   * https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip
   */
  readonly externalTrafficPolicy?: 'Local' | 'Cluster';

  /**
   * Ranges of the nodes; required with `externalTrafficPolicy: 'Cluster'`, and not allowed otherwise.
   *
   * @default - none
   */
  readonly nodeRanges?: string[];
}

/** Options of a load balancer. */
export interface LoadBalancerOptions extends ExposureOptions {
  /**
   * The load balancer provider.
   *
   * @default - the provider of the `ClusterProfile`; without one, an error
   */
  readonly provider?: LoadBalancerProvider;

  /**
   * Port on each node for health checks of the load balancer; 30000 to 32767. Only with `Local`. It is immutable.
   *
   * @default - any free one
   */
  readonly healthCheckNodePort?: number;

  /**
   * Whether the Service also gets a port on each node.
   *
   * @default - false for MetalLB, which does not use node ports; otherwise true, the default of the API
   */
  readonly allocateNodePorts?: boolean;
}

/** Options of `Exposure.clusterSet`. */
export interface ClusterSetOptions {
  /** Pod ranges of the other clusters, at least one: connections come directly from the pods. */
  readonly sources: string[];

  /**
   * API group and version of `ServiceExport` on the clusters: the standard one, or GKE's own.
   *
   * @default 'multicluster.x-k8s.io/v1alpha1': all implementations except GKE's support it
   */
  readonly apiVersion?: 'multicluster.x-k8s.io/v1alpha1' | 'multicluster.x-k8s.io/v1beta1' | 'net.gke.io/v1';
}

/** How pods are exposed outside the cluster. */
export class Exposure {
  /** A load balancer with a private address (CH13-15). */
  public static internalLoadBalancer(options: LoadBalancerOptions): Exposure {
    return new Exposure('internal', options);
  }

  /**
   * A load balancer with a public address. State the clients: `sources: ['0.0.0.0/0']` means everyone, in networks with
   * IPv6 together with `'::/0'` (CH13-17).
   * For HTTP, prefer `HttpRouting`: one load balancer for all routes, with TLS.
   */
  public static publicLoadBalancer(options: LoadBalancerOptions): Exposure {
    return new Exposure('public', options);
  }

  /** A port on each node, without a load balancer or for one that you manage yourself (CH13-19). */
  public static nodePort(options: ExposureOptions): Exposure {
    return new Exposure('nodePort', options);
  }

  /**
   * All clusters of a cluster set, through the multi-cluster Services API; only for `ExportedService`. It exports the
   * Service of the block itself, under its name and namespace.
   *
   * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-multicluster/1645-multi-cluster-services-api
   */
  public static clusterSet(options: ClusterSetOptions): Exposure {
    return new Exposure('clusterSet', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'internal' | 'public' | 'nodePort' | 'clusterSet',
    /** @internal */ public readonly _options: unknown,
  ) {}
}
