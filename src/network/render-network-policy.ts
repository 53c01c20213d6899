import type { NetworkPolicyPeer, NetworkPolicyPort, NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import type { PolicyPort, PolicySettings } from './network-policy';
import { namespaceNamed, type PeerSettings } from './peer';
import type { DnsFacts } from '../foundation/cluster-facts';
import { identity } from '../foundation/labels';

/**
 * - Ingress: closed but for the declared edges. The kubelet's probes come from the node, which policies do not cover.
 * - Egress: open, or closed but for the DNS of the cluster and the declared edges.
 */
export function renderNetworkPolicy(settings: PolicySettings, dns: DnsFacts): NetworkPolicySpec {
  const { name, namespace, egressClosed } = settings;
  return {
    podSelector: { matchLabels: identity(name) },
    policyTypes: egressClosed ? ['Ingress', 'Egress'] : ['Ingress'],
    ...(settings.ingress.length === 0 ? {} : {
      ingress: settings.ingress.map(({ peers, ports }) => ({ from: peers.map((peer) => renderPeer(peer, namespace)), ...renderPorts(ports) })),
    }),
    ...(egressClosed ? {
      egress: [dns, ...settings.egress].map(({ peers, ports }) => ({ to: peers.map((peer) => renderPeer(peer, namespace)), ...renderPorts(ports) })),
    } : {}),
  };
}

function renderPorts(ports: readonly PolicyPort[]): { ports?: NetworkPolicyPort[] } {
  return ports.length === 0 ? {} : { ports: ports.map(({ port, protocol }) => ({ port, protocol })) };
}

function renderPeer(peer: PeerSettings, policyNamespace: string | undefined): NetworkPolicyPeer {
  if (peer.kind === 'wire') return peer.wire;
  if (peer.kind === 'cidr') {
    return { ipBlock: { cidr: peer.cidr, ...(peer.except.length > 0 ? { except: [...peer.except] } : {}) } };
  }
  const elsewhere = peer.namespace !== undefined && peer.namespace !== policyNamespace;
  return {
    ...(elsewhere ? { namespaceSelector: namespaceNamed(peer.namespace) } : {}),
    podSelector: Object.keys(peer.labels).length > 0 ? { matchLabels: peer.labels } : {},
  };
}
