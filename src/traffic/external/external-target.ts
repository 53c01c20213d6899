import type { NameEgress } from './name-egress';

/** Options of a target with a DNS name. */
export interface DnsTargetOptions {
  /**
   * How clients with closed egress may connect.
   *
   * @default - not at all: a connection from a client with `egress: 'declared'` is an error
   */
  readonly egress?: NameEgress;
}

/**
 * The location of an external service. Use the first that applies: fixed addresses, a DNS name, a controller that
 * follows the addresses (CH13-14).
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
   * A DNS name: a Service of type ExternalName, which cluster DNS answers with a CNAME (CH13-08).
   *
   * - Ports are not mapped: the client uses the port of the target.
   * - The client still uses the name of the Service. TLS and virtual hosts check that name. Configure the real name in
   *   the client (server name, `Host`), or use a certificate with both.
   *
   * @param name complete, with at least one dot and none at its end; no address, no scheme, no port
   * @param options how egress is opened
   * @see https://kubernetes.io/docs/concepts/services-networking/service/#externalname
   */
  public static dnsName(name: string, options: DnsTargetOptions = {}): ExternalTarget {
    return new ExternalTarget('name', name, options);
  }

  /**
   * Changing addresses that an `EndpointSyncer` or an existing controller maintains: a Service without selector. The
   * EndpointSlices must use the port names of the Service (CH13-12).
   *
   * @param ranges all addresses that the target may have, as CIDR ranges: clients with closed egress may reach these
   */
  public static synced(ranges: string[]): ExternalTarget {
    return new ExternalTarget('synced', ranges, undefined);
  }

  /**
   * A Service that another cluster of the same cluster set exports with the multi-cluster Services API: an alias of
   * `<service>.<namespace>.svc.clusterset.local`. The importing controller maps its ports.
   *
   * Policies see the pods of the other cluster. Use only `NameEgress.cidrs(...)` with its pod ranges as `egress`.
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
