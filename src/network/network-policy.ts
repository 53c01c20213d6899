import type { NetworkPolicyPort, NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import { type PeerSettings, renderPeer } from './peer';
import { identity } from '../foundation/labels';
import type { Protocol } from '../pod/ports';

export interface PolicyPort {
  readonly port: number;
  readonly protocol: Protocol;
}

/** What may connect, on which ports of the pods. No ports means all. */
export interface PolicyRule {
  readonly peers: readonly PeerSettings[];
  readonly ports: readonly PolicyPort[];
}

export interface PolicySettings {
  readonly name: string;
  readonly namespace?: string;
  readonly egressClosed: boolean;
  readonly ingress: PolicyRule[];
  readonly egress: PolicyRule[];
}

/** Cluster DNS, over both transports: answers that do not fit a datagram come over TCP. */
const DNS: PolicyRule = {
  peers: [{ kind: 'pods', labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system' }],
  ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }],
};

/** A rule once, however often an edge is declared. */
export function addRule(rules: PolicyRule[], rule: PolicyRule): void {
  const key = JSON.stringify(rule);
  if (!rules.some((known) => JSON.stringify(known) === key)) rules.push(rule);
}

/**
 * - Ingress: closed but for the declared edges. The kubelet's probes come from the node, which policies do not cover.
 * - Egress: open, or closed but for DNS and the declared edges.
 */
export function renderNetworkPolicy(settings: PolicySettings): NetworkPolicySpec {
  const { name, namespace, egressClosed } = settings;
  return {
    podSelector: { matchLabels: identity(name) },
    policyTypes: egressClosed ? ['Ingress', 'Egress'] : ['Ingress'],
    ...(settings.ingress.length === 0 ? {} : {
      ingress: settings.ingress.map(({ peers, ports }) => ({ from: peers.map((peer) => renderPeer(peer, namespace)), ...renderPorts(ports) })),
    }),
    ...(egressClosed ? {
      egress: [DNS, ...settings.egress].map(({ peers, ports }) => ({ to: peers.map((peer) => renderPeer(peer, namespace)), ...renderPorts(ports) })),
    } : {}),
  };
}

function renderPorts(ports: readonly PolicyPort[]): { ports?: NetworkPolicyPort[] } {
  return ports.length === 0 ? {} : { ports: ports.map(({ port, protocol }) => ({ port, protocol })) };
}
