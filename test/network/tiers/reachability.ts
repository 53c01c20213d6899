import { isIPv4 } from 'node:net';
import type { Manifest } from '../../support';

/** A pod, or an address outside of the cluster, which no policy selects. */
export interface Place {
  readonly address: string;
  readonly pod?: { readonly namespace: string; readonly labels: Record<string, string> };
}

/**
 * Whether a packet gets from one place to another, from nothing but the policies of a cluster. Written by the text of
 * the API, and not by what the library does: a pod that some policy selects for a direction gets only what one of these
 * allows, and a connection needs both directions.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function mayReach(policies: Manifest[], from: Place, to: Place, port: number, protocol = 'TCP'): boolean {
  return allows(policies, 'Egress', from, to, port, protocol) && allows(policies, 'Ingress', to, from, port, protocol);
}

function allows(
  policies: Manifest[],
  type: 'Ingress' | 'Egress',
  own: Place,
  other: Place,
  port: number,
  protocol: string,
): boolean {
  const { pod } = own;
  if (!pod) return true;
  const about = policies.filter(
    ({ metadata, spec }) =>
      metadata.namespace === pod.namespace &&
      typesOf(spec as Manifest).includes(type) &&
      holds(spec.podSelector as Manifest, pod.labels),
  );
  if (about.length === 0) return true;
  return about.some(({ metadata, spec }) =>
    ((type === 'Ingress' ? spec.ingress : spec.egress) ?? []).some((rule: Manifest) => {
      const peers: Manifest[] = (type === 'Ingress' ? rule.from : rule.to) ?? [];
      const ports: Manifest[] = rule.ports ?? [];
      return (
        (peers.length === 0 || peers.some((peer) => isMeant(peer, metadata.namespace as string, other))) &&
        (ports.length === 0 ||
          ports.some(
            (term) => (term.protocol ?? 'TCP') === protocol && (term.port === undefined || term.port === port),
          ))
      );
    }),
  );
}

function typesOf(spec: Manifest): string[] {
  return spec.policyTypes ?? ['Ingress', ...(spec.egress ? ['Egress'] : [])];
}

function isMeant(
  { ipBlock, podSelector, namespaceSelector }: Manifest,
  namespace: string,
  { address, pod }: Place,
): boolean {
  if (ipBlock) {
    return (
      inRange(address, ipBlock.cidr as string) && !(ipBlock.except ?? []).some((hole: string) => inRange(address, hole))
    );
  }
  if (!pod) return false;
  const there = namespaceSelector
    ? holds(namespaceSelector as Manifest, { 'kubernetes.io/metadata.name': pod.namespace })
    : pod.namespace === namespace;
  return there && holds((podSelector ?? {}) as Manifest, pod.labels);
}

function holds({ matchLabels = {}, matchExpressions }: Manifest, labels: Record<string, string>): boolean {
  if (matchExpressions) throw new Error('the library writes no expressions');
  return Object.entries(matchLabels as Record<string, string>).every(([key, value]) => labels[key] === value);
}

function inRange(address: string, range: string): boolean {
  const [network, length] = range.split('/');
  if (!isIPv4(address) || !isIPv4(network)) return false;
  const shift = 2 ** (32 - Number(length));
  return Math.floor(numeric(address) / shift) === Math.floor(numeric(network) / shift);
}

const numeric = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
