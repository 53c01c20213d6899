import { Yaml } from 'cdk8s';
import { Construct } from 'constructs';
import { Problems } from '../kernel/findings/problems';
import { type Check, listOf, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { hostName } from '../kernel/schema/syntax';
import { endpointAddress } from '../kubernetes/address';
import { portNumber } from '../network/ports';

/** Props of `DnsForwarding`. */
export interface DnsForwardingProps {
  /** The zone that cluster DNS forwards to other servers, such as `corp.example.com`. */
  readonly zone: string;

  /** Addresses of the DNS servers for the zone; 1 to 15. */
  readonly servers: string[];

  /**
   * Port of the servers; 1 to 65535.
   *
   * @default 53
   */
  readonly port?: number;
}

/** The limit of the plugin `forward`. */
const MOST_SERVERS = 15;

/** A foreign zone: forwarding the cluster's own zone would hide its names. */
const zone: Check<string> = that(
  "a DNS zone such as corp.example.com, other than the cluster's own",
  (value) =>
    hostName.read(value, () => undefined) !== undefined &&
    !/^(?:(?:.*\.)?cluster\.local|local|svc)$/.test(value as string),
);

/**
 * Lets the pods of a cluster resolve names of a private zone, such as for `ExternalTarget.dnsName` (CH13-10).
 *
 * It writes no YAML: the DNS configuration is one object for the whole cluster, and belongs to its operators. It
 * returns text for them, in the form that their cluster accepts.
 *
 * ```ts
 * const forwarding = new DnsForwarding(chart, 'corp', { zone: 'corp.example.com', servers: ['10.40.0.53'] });
 * console.log(forwarding.toCorefile());
 * ```
 *
 * @see https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/
 */
export class DnsForwarding extends Construct {
  private readonly problems: Problems;
  private readonly zone: string;
  private readonly servers: readonly string[];
  private readonly port: number;

  public constructor(scope: Construct, id: string, props: DnsForwardingProps) {
    super(scope, id);
    this.problems = new Problems(this);
    const read = new Reader<DnsForwardingProps>(this.problems, props);
    const hint = { fix: "List the addresses of the DNS servers: ['10.40.0.53']", practice: 'CH13-10' };
    this.zone = read.required('zone', zone, 'invalid', {
      fix: "Write the private zone, such as 'corp.example.com'",
      practice: 'CH13-10',
    });
    this.servers = read.required('servers', listOf(endpointAddress), [], hint);
    const given = read.raw('servers');
    if (Array.isArray(given) && (given.length === 0 || given.length > MOST_SERVERS)) {
      read.refuse('servers', given, `1 to ${MOST_SERVERS} addresses`, { rule: 'props/value', ...hint });
    }
    this.port = read.optional('port', portNumber, 53);
    read.refuseUnknown();
  }

  /**
   * A CoreDNS server block. Append it to the key `Corefile` of the ConfigMap `coredns` in `kube-system`, or to the
   * add-on's configuration on EKS.
   *
   * @see https://coredns.io/plugins/forward/
   */
  public toCorefile(): string {
    this.problems.throwIfAny();
    return [
      `${this.zone}:53 {`,
      '    errors',
      '    cache 30',
      `    forward . ${this.upstreams().join(' ')}`,
      '}',
      '',
    ].join('\n');
  }

  /**
   * A ConfigMap `coredns-custom` in `kube-system`, as AKS, k3s and others import it. If one exists, add the key to it.
   *
   * @see https://learn.microsoft.com/azure/aks/coredns-custom
   */
  public toCoreDnsCustom(): string {
    return this.configMap('coredns-custom', { [`${this.zone.replaceAll('.', '-')}.server`]: this.toCorefile() });
  }

  /**
   * A ConfigMap `kube-dns` in `kube-system`, as GKE reads it with kube-dns. If one exists, add the zone to its
   * `stubDomains`.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/kube-dns
   */
  public toKubeDns(): string {
    this.problems.throwIfAny();
    return this.configMap('kube-dns', { stubDomains: JSON.stringify({ [this.zone]: this.upstreams() }) });
  }

  private upstreams(): string[] {
    if (this.port === 53) return [...this.servers];
    return this.servers.map((server) => `${server.includes(':') ? `[${server}]` : server}:${this.port}`);
  }

  private configMap(name: string, data: Record<string, string>): string {
    return Yaml.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'kube-system' }, data });
  }
}
