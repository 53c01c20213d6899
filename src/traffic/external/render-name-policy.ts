import type { Labels } from '../../kernel/emit/labels';
import type { DnsFacts } from '../../kernel/model/cluster-facts';
import type { PolicyPort } from '../../network/network-policy';
import type { Protocol } from '../../network/ports';

/** The policy that allows one client to connect to a DNS name. */
export interface NamePolicySettings {
  /** Labels of the client's pods. */
  readonly selector: Labels;
  /** The name, and the alias that the client looks up. */
  readonly names: readonly string[];
  /** In any order, possibly with duplicates. */
  readonly ports: readonly PolicyPort[];
}

/**
 * The part of a `CiliumNetworkPolicy` that this library writes.
 * @see https://docs.cilium.io/en/stable/security/policy/language/
 */
interface CiliumPolicySpec {
  readonly endpointSelector: { readonly matchLabels: Labels };
  readonly egress: CiliumEgressRule[];
}

interface CiliumEgressRule {
  readonly toEndpoints?: Array<{ readonly matchLabels: Labels }>;
  readonly toFQDNs?: Array<{ readonly matchName: string }>;
  readonly toPorts: Array<{
    readonly ports: Array<{ readonly port: string; readonly protocol: Protocol }>;
    readonly rules?: { readonly dns: Array<{ readonly matchPattern: string }> };
  }>;
}

/**
 * The DNS rule sends lookups through the Cilium proxy, which learns the addresses from the answers. It matches all
 * names: a lookup tries the search domains first, and the NetworkPolicy of the client opens DNS anyway.
 */
export function renderCiliumPolicy({ selector, names, ports }: NamePolicySettings, dns: DnsFacts): CiliumPolicySpec {
  const servers = dns.peers.flatMap((peer) =>
    peer.kind === 'pods' ? [{ matchLabels: ciliumLabels(peer.labels, peer.namespace) }] : [],
  );
  return {
    endpointSelector: { matchLabels: selector },
    egress: [
      {
        toEndpoints: servers,
        toPorts: [
          {
            ports: dns.ports.map(({ port, protocol }) => ({ port: String(port), protocol })),
            rules: { dns: [{ matchPattern: '*' }] },
          },
        ],
      },
      {
        toFQDNs: names.map((matchName) => ({ matchName })),
        toPorts: [
          {
            ports: byProtocol(ports).flatMap(({ protocol, numbers }) =>
              numbers.map((port) => ({ port: String(port), protocol })),
            ),
          },
        ],
      },
    ],
  };
}

/** Labels with their source, as Cilium stores them. Without a namespace, Cilium uses the namespace of the policy. */
function ciliumLabels(labels: Labels, namespace: string): Labels {
  const prefixed = Object.entries(labels).map(([key, value]): [string, string] => [`k8s:${key}`, value]);
  return { 'k8s:io.kubernetes.pod.namespace': namespace, ...Object.fromEntries(prefixed) };
}

/**
 * The part of a Calico `NetworkPolicy` that this library writes.
 * @see https://docs.tigera.io/calico-enterprise/latest/reference/resources/networkpolicy
 */
interface CalicoPolicySpec {
  readonly selector: string;
  readonly types: Array<'Egress'>;
  readonly egress: Array<{
    readonly action: 'Allow';
    readonly protocol: Protocol;
    readonly destination: { readonly domains: string[]; readonly ports: number[] };
  }>;
}

/**
 * Calico learns the addresses from the answers of its trusted DNS servers, and follows CNAMEs. A Calico rule has one
 * protocol.
 */
export function renderCalicoPolicy({ selector, names, ports }: NamePolicySettings): CalicoPolicySpec {
  return {
    selector: Object.entries(selector)
      .map(([key, value]) => `${key} == '${value}'`)
      .join(' && '),
    types: ['Egress'],
    egress: byProtocol(ports).map(({ protocol, numbers }) => ({
      action: 'Allow',
      protocol,
      destination: { domains: [names[0]], ports: numbers },
    })),
  };
}

const PROTOCOLS: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

/** The port numbers of each used protocol, in order. */
function byProtocol(ports: readonly PolicyPort[]): Array<{ protocol: Protocol; numbers: number[] }> {
  return PROTOCOLS.map((protocol) => {
    const numbers = ports.filter((port) => port.protocol === protocol).map(({ port }) => port);
    return { protocol, numbers: [...new Set(numbers)].sort((a, b) => a - b) };
  }).filter(({ numbers }) => numbers.length > 0);
}
