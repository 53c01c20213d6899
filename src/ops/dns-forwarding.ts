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
  /** The zone whose names the cluster's DNS shall ask elsewhere for, such as `corp.example.com`. */
  readonly zone: string;

  /** Addresses of the DNS servers that know the zone; 1 to 15. */
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

/** A zone of others: that of the cluster itself would make its own names unknown. */
const zone: Check<string> = that(
  "a DNS zone such as corp.example.com, other than the cluster's own",
  (value) =>
    hostName.read(value, () => undefined) !== undefined &&
    !/^(?:(?:.*\.)?cluster\.local|local|svc)$/.test(value as string),
);

/**
 * Lets the pods of a cluster find the names of a private zone, such as that of an `ExternalTarget.dnsName` (CH13-10).
 *
 * It writes no YAML: the configuration of DNS is one object for the whole cluster, and belongs to who runs that. It
 * gives the text for them, in the form that their cluster takes.
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
      fix: "Give the private zone, such as 'corp.example.com'",
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
   * A server block of CoreDNS, to be added at the end of the key `Corefile` of the ConfigMap `coredns` in
   * `kube-system`, or of the add-on's configuration on EKS.
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
   * A ConfigMap `coredns-custom` in `kube-system`, as AKS, k3s and others import it. Where there is one already, add
   * the key to it.
   *
   * @see https://learn.microsoft.com/azure/aks/coredns-custom
   */
  public toCoreDnsCustom(): string {
    return this.configMap('coredns-custom', { [`${this.zone.replaceAll('.', '-')}.server`]: this.toCorefile() });
  }

  /**
   * A ConfigMap `kube-dns` in `kube-system`, as GKE reads it where it runs kube-dns. Where there is one already, add
   * the zone to its `stubDomains`.
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
