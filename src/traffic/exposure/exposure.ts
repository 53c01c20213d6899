import type { LoadBalancerProvider } from './load-balancer-provider';

/** Who may connect, and how their addresses reach the pods. */
export interface ExposureOptions {
  /**
   * Ranges of the clients, at least one. The pods are opened for them alone. With an IPv6 range, the Service has both
   * families where the cluster has them.
   */
  readonly sources: string[];

  /**
   * Which nodes pass a connection on. `Local`: those with a pod of the backend, and the pod sees the address of the
   * client. `Cluster`: all, and the pod sees the address of a node: a network policy cannot tell clients apart then,
   * and needs `nodeRanges`, too.
   *
   * @default 'Local': a policy by client range works with no other
   * @see
   * https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip
   */
  readonly externalTrafficPolicy?: 'Local' | 'Cluster';

  /**
   * Ranges of the nodes; with `externalTrafficPolicy: 'Cluster'`, where they are required.
   *
   * @default - none
   */
  readonly nodeRanges?: string[];
}

/** Options of a load balancer. */
export interface LoadBalancerOptions extends ExposureOptions {
  /**
   * Who makes it.
   *
   * @default - by the provider of the `ClusterProfile`; without one, an error
   */
  readonly provider?: LoadBalancerProvider;

  /**
   * Port of each node where the load balancer asks whether a pod is there; 30000 to 32767. With `Local` alone. It
   * cannot be changed later.
   *
   * @default - any free one
   */
  readonly healthCheckNodePort?: number;

  /**
   * Whether the Service has a port on each node, too.
   *
   * @default - false for MetalLB, which does not use them; else true, as the API has it
   */
  readonly allocateNodePorts?: boolean;
}

/** Options of `Exposure.clusterSet`. */
export interface ClusterSetOptions {
  /** Ranges of the pods of the other clusters, at least one: connections come from them directly. */
  readonly sources: string[];

  /**
   * Group and version of `ServiceExport` that the clusters have: that of the API, or GKE's own.
   *
   * @default 'multicluster.x-k8s.io/v1alpha1': the one that all implementations but GKE's know
   */
  readonly apiVersion?: 'multicluster.x-k8s.io/v1alpha1' | 'multicluster.x-k8s.io/v1beta1' | 'net.gke.io/v1';
}

/**
 * How pods are offered outside of the cluster.
 *
 * ```ts
 * new ExposedService(chart, 'frontend-nodes', {
 *   backend: frontend,
 *   exposure: Exposure.nodePort({ sources: ['10.20.0.0/16'] }),
 * });
 * ```
 */
export class Exposure {
  /** A load balancer with an address of the private network (CH13-15). */
  public static internalLoadBalancer(options: LoadBalancerOptions): Exposure {
    return new Exposure('internal', options);
  }

  /**
   * A load balancer with an address of the internet. Say for whom: `sources: ['0.0.0.0/0']` is everybody, in networks
   * with IPv6 together with `'::/0'` (CH13-17).
   * For HTTP, prefer `HttpRouting`: one load balancer for all, with TLS.
   */
  public static publicLoadBalancer(options: LoadBalancerOptions): Exposure {
    return new Exposure('public', options);
  }

  /** A port of each node, where there is no load balancer, or one that you keep yourself (CH13-19). */
  public static nodePort(options: ExposureOptions): Exposure {
    return new Exposure('nodePort', options);
  }

  /**
   * All clusters of a cluster set, by the multi-cluster Services API; for `ExportedService` alone. The Service of the
   * block itself is exported, under its name and namespace.
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
