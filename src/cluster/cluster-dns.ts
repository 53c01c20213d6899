import type { Problems } from '../kernel/findings/problems';
import { type DnsFacts, dnsPorts, KUBE_DNS } from '../kernel/model/cluster-facts';
import { type Check, listOf, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel, labelMap } from '../kernel/schema/syntax';
import { cidr } from '../kubernetes/address';
import { portNumber } from '../network/ports';

/** The pods of your own DNS. */
export interface DnsPodOptions {
  /** Namespace of the pods. */
  readonly namespace: string;

  /**
   * Labels of the pods.
   *
   * @default - all pods of the namespace
   */
  readonly labels?: { [label: string]: string };

  /**
   * Port that the pods listen on; 1 to 65535. Network policies use it instead of the Service port.
   *
   * @default 53
   */
  readonly port?: number;
}

/** The documented address of NodeLocal DNSCache. */
const NODE_LOCAL = '169.254.20.10';

const OPENSHIFT: DnsPodOptions = {
  namespace: 'openshift-dns',
  labels: { 'dns.operator.openshift.io/daemonset-dns': 'default' },
  port: 5353,
};

/**
 * The DNS servers of the pods. Network policies that close egress allow DNS to them over UDP and TCP.
 *
 * ```ts
 * new ClusterProfile({ name: 'prod-eu', dns: ClusterDns.nodeLocal() }).assignTo(chart);
 * ```
 */
export class ClusterDns {
  /** The pods `k8s-app: kube-dns` in `kube-system`, port 53: CoreDNS in most installations and managed clusters. */
  public static kubeDns(): ClusterDns {
    return new ClusterDns('kubeDns', undefined);
  }

  /**
   * NodeLocal DNSCache, and the pods of `kubeDns()`, which answer while a cache restarts.
   *
   * @param addresses addresses of the caches, 169.254.20.10 by default. With kube-proxy in iptables mode, they also
   * serve the Service address of `kube-dns`: list both
   * @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/
   */
  public static nodeLocal(addresses: string[] = [NODE_LOCAL]): ClusterDns {
    return new ClusterDns('nodeLocal', addresses);
  }

  /** The pods of the OpenShift DNS operator, in `openshift-dns`, port 5353. */
  public static openShift(): ClusterDns {
    return new ClusterDns('pods', OPENSHIFT);
  }

  /** Pods with another namespace, label or port. */
  public static pods(options: DnsPodOptions): ClusterDns {
    return new ClusterDns('pods', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'kubeDns' | 'nodeLocal' | 'pods',
    /** @internal */ public readonly _value: unknown,
  ) {}
}

const address: Check<string> = that(
  `an address such as ${NODE_LOCAL}`,
  (value) => typeof value === 'string' && range(value) !== undefined,
);

export function readDns(dns: ClusterDns, problems: Problems, prop: string): DnsFacts {
  if (dns._kind === 'kubeDns') return KUBE_DNS;
  if (dns._kind === 'nodeLocal') return readNodeLocal(dns._value, problems, prop);
  const read = new Reader<DnsPodOptions>(problems, dns._value, `${prop}.`);
  const namespace = read.required('namespace', dnsLabel(), 'kube-system', {
    fix: 'Name the namespace of the DNS pods',
  });
  const labels = read.optional('labels', labelMap, {}, { fix: 'Map label keys to values' });
  const port = read.optional('port', portNumber, 53, { fix: 'Give the port that the pods listen on' });
  read.refuseUnknown();
  return { peers: [{ kind: 'pods', labels, namespace }], ports: dnsPorts(port) };
}

function readNodeLocal(addresses: unknown, problems: Problems, prop: string): DnsFacts {
  const hint = { fix: `Write '${NODE_LOCAL}', the default, or the address of the node-local cache` };
  const good =
    listOf(address).read(addresses, (given, expected, at = '') =>
      problems.refuse(`${prop}.addresses${at}`, given, expected, { rule: 'props/value', ...hint }),
    ) ?? [];
  if (Array.isArray(addresses) && addresses.length === 0) {
    problems.refuse(`${prop}.addresses`, addresses, 'at least one address', { rule: 'props/empty-list', ...hint });
  }
  const caches = good.map((one) => ({ kind: 'cidr' as const, cidr: range(one) ?? '', except: [] }));
  return { peers: [...caches, ...KUBE_DNS.peers], ports: KUBE_DNS.ports };
}

/** One address as a range. */
function range(one: string): string | undefined {
  return [`${one}/32`, `${one}/128`].find(
    (candidate) =>
      !one.includes('/') &&
      cidr.read(candidate, () => undefined) !== undefined &&
      candidate.endsWith('/128') === one.includes(':'),
  );
}
