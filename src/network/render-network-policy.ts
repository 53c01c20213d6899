import type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from 'kubernetes-types/networking/v1';
import { EVERYTHING, type PolicyPort, type PolicyRule, type PolicySettings } from './network-policy';
import { namespaceNamed, type PeerSettings } from './peer';
import { identity } from '../kernel/emit/labels';
import type { DnsFacts } from '../kernel/model/cluster-facts';

/**
 * - Ingress: closed except declared connections. Probes of the kubelet come from the node, which policies do not cover.
 * - Egress: open, or closed except cluster DNS and declared connections.
 */
export function renderNetworkPolicy(settings: PolicySettings, dns: DnsFacts): NetworkPolicySpec {
  const { name, egress } = settings;
  return {
    podSelector: { matchLabels: identity(name) },
    policyTypes: egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'],
    ingress: renderIngress(settings),
    egress: egress === undefined ? undefined : renderEgress(egress, settings.namespace, dns),
  };
}

/**
 * Selects all pods of its namespace and allows nothing. Another policy can still open something: policies are additive,
 * and none denies what another allows.
 */
export function renderDefaultDeny(): NetworkPolicySpec {
  return { podSelector: {}, policyTypes: ['Ingress', 'Egress'] };
}

/** Allows DNS for all pods of a namespace, including those of other libraries. Nothing works without DNS. */
export function renderAllowDns(dns: DnsFacts, namespace: string): NetworkPolicySpec {
  return { podSelector: {}, policyTypes: ['Egress'], egress: renderEgress([], namespace, dns) };
}

/** The pods with which cert-manager proves a host, and the port on which they answer. */
const SOLVER_LABEL = 'acme.cert-manager.io/http01-solver';
const SOLVER_PORT = 8089;

/** Opens the solver pods of cert-manager for an ingress controller. */
export function renderSolverPolicy(peers: readonly PeerSettings[], namespace: string | undefined): NetworkPolicySpec {
  const ports: PolicyPort[] = [{ port: SOLVER_PORT, protocol: 'TCP' }];
  return {
    podSelector: { matchLabels: { [SOLVER_LABEL]: 'true' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: peers.map((peer) => renderPeer(peer, namespace)), ports: renderPorts(ports) }],
  };
}

function renderIngress({ ingress, namespace }: PolicySettings): NetworkPolicyIngressRule[] | undefined {
  if (ingress === EVERYTHING) return [{}];
  return ingress.length === 0
    ? undefined
    : ingress.map(({ peers, ports }) => ({
        from: peers.map((peer) => renderPeer(peer, namespace)),
        ports: renderPorts(ports),
      }));
}

function renderEgress(
  egress: readonly PolicyRule[] | typeof EVERYTHING,
  namespace: string | undefined,
  dns: DnsFacts,
): NetworkPolicyEgressRule[] {
  if (egress === EVERYTHING) return [{}];
  return [dns, ...egress].map(({ peers, ports }) => ({
    to: peers.map((peer) => renderPeer(peer, namespace)),
    ports: renderPorts(ports),
  }));
}

function renderPorts(ports: readonly PolicyPort[]): NetworkPolicyPort[] | undefined {
  return ports.length === 0 ? undefined : ports.map(({ port, protocol }) => ({ port, protocol }));
}

function renderPeer(peer: PeerSettings, policyNamespace: string | undefined): NetworkPolicyPeer {
  if (peer.kind === 'wire') return peer.wire;
  if (peer.kind === 'cidr') {
    return { ipBlock: { cidr: peer.cidr, except: peer.except.length > 0 ? [...peer.except] : undefined } };
  }
  const elsewhere = peer.namespace !== undefined && peer.namespace !== policyNamespace;
  return {
    namespaceSelector: elsewhere ? namespaceNamed(peer.namespace) : undefined,
    podSelector: Object.keys(peer.labels).length > 0 ? { matchLabels: peer.labels } : {},
  };
}
