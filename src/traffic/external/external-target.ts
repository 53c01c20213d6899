import type { NameEgress } from './name-egress';

/** Options of a target with a DNS name. */
export interface DnsTargetOptions {
  /**
   * How clients with closed egress are let out to it.
   *
   * @default - not at all: a connection from a client with `egress: 'declared'` is an error
   */
  readonly egress?: NameEgress;
}

/**
 * Where an external service is. Take the first that applies: fixed addresses, a DNS name, a controller that follows
 * the addresses (CH13-14).
 *
 * ```ts
 * const database = new ExternalService(chart, 'database', {
 *   target: ExternalTarget.dnsName('db.example.com'),
 *   port: 5432,
 * });
 * frontend.connectTo(database);
 * ```
 */
export class ExternalTarget {
  /**
   * Fixed addresses, each an endpoint: a Service without selector and EndpointSlices (CH13-03).
   *
   * @param addresses IPv4 and IPv6, at least one
   */
  public static addresses(addresses: string[]): ExternalTarget {
    return new ExternalTarget('addresses', addresses, undefined);
  }

  /**
   * A DNS name: a Service of type ExternalName, for which cluster DNS answers with a CNAME (CH13-08).
   *
   * - No port is mapped: the client uses the port of the target.
   * - The client still speaks to the name of the Service. TLS checks and virtual hosts go by the name that the client
   *   uses, so tell it the real one (server name, `Host`), or let the certificate have both.
   *
   * @param name complete, with at least one dot and none at its end; no address, no scheme, no port
   * @param options how egress is opened
   * @see https://kubernetes.io/docs/concepts/services-networking/service/#externalname
   */
  public static dnsName(name: string, options: DnsTargetOptions = {}): ExternalTarget {
    return new ExternalTarget('name', name, options);
  }

  /**
   * Addresses that change, kept up to date by an `EndpointSyncer` or by a controller that you already run: a Service
   * without selector. Whoever writes the EndpointSlices gives their ports the names that the Service has (CH13-12).
   *
   * @param ranges all addresses that the target may have, as CIDR ranges: what clients with closed egress may reach
   */
  public static synced(ranges: string[]): ExternalTarget {
    return new ExternalTarget('synced', ranges, undefined);
  }

  /**
   * A Service that another cluster of the same cluster set exports with the multi-cluster Services API: an alias of
   * `<service>.<namespace>.svc.clusterset.local`. Its ports are mapped by the importing controller.
   *
   * Policies see the pods of the other cluster, so `egress` can only be `NameEgress.cidrs(...)`, with its pod ranges.
   *
   * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-multicluster/1645-multi-cluster-services-api
   */
  public static clusterSet(service: string, namespace: string, options: DnsTargetOptions = {}): ExternalTarget {
    return new ExternalTarget('clusterSet', { service, namespace }, options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'addresses' | 'name' | 'synced' | 'clusterSet',
    /** @internal */ public readonly _value: unknown,
    /** @internal */ public readonly _options: unknown,
  ) {}
}
