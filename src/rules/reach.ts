import type { PodSet } from './pod-sets';
import { type ForeignObject, foreignOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { groupBy } from '../kernel/model/group-by';
import { isPlain } from '../kernel/schema/checks';
import { list, part } from '../kernel/schema/manifest';
import { maySelect } from '../kubernetes/label-selector';
import { isClient } from '../network/clients';
import type { Edge } from '../network/edges';
import { isClosed, isolationOf } from '../network/isolation';
import type { PeerSettings } from '../network/peer';
import { edgesOf, usableEdges } from '../network/usable-edges';

/** A port of pods; without a number, any port. */
export interface PodPort {
  readonly port?: number;
  readonly protocol: string;
}

/** Whether the policies of the server, ours and foreign ones, admit the client. */
export function letsIn(view: PassView, client: PodSet, server: PodSet, port: PodPort): boolean {
  const block = server.ours?.owner;
  if (block !== undefined) {
    if (isolationOf(block)?.observed) return true;
    const edges = edgesOf(block).filter(({ direction }) => direction === 'ingress');
    if (edges.some((edge) => leads(edge, client, server, port))) return true;
  } else if (!isClosed(server.at, server.namespace) && policiesOver(view, server, 'Ingress').length === 0) {
    return true;
  }
  return opensFor(view, server, client, 'Ingress', port);
}

/** Whether the policies of the client, ours and foreign ones, let it connect to the server. */
export function letsOut(view: PassView, client: PodSet, server: PodSet, port: PodPort): boolean {
  const block = client.ours?.owner;
  if (block !== undefined && isClient(block)) {
    if (!block.egressClosed || isolationOf(block)?.observed) return true;
    const edges = usableEdges(block).filter(({ direction }) => direction === 'egress');
    if (edges.some((edge) => leads(edge, server, client, port))) return true;
  } else if (!isClosed(client.at, client.namespace) && policiesOver(view, client, 'Egress').length === 0) {
    return true;
  }
  return opensFor(view, client, server, 'Egress', port);
}

/** Whether the pods are the peer of an edge, on the port. */
function leads({ block, peers, ports }: Edge, other: PodSet, owner: PodSet, { port, protocol }: PodPort): boolean {
  if (port !== undefined && ports.length > 0) {
    if (!ports.some((known) => known.port === port && known.protocol === protocol)) return false;
  }
  if (block !== undefined && block === other.ours?.owner) return true;
  return peers.length === 0 || peers.some((peer) => isPeer(peer, other, owner.namespace));
}

function isPeer(peer: PeerSettings, pods: PodSet, here: string | undefined): boolean {
  if (peer.kind === 'cidr') return isEverything(peer.cidr);
  if (peer.kind === 'wire') return isWirePeer(peer.wire, pods, here);
  const isThere = (peer.namespace ?? here) === pods.namespace;
  return isThere && Object.entries(peer.labels).every(([key, value]) => pods.labels[key] === value);
}

/** Pod addresses are unknown at synthesis. Only this range certainly contains them. */
function isEverything(cidr: unknown): boolean {
  return cidr === '0.0.0.0/0' || cidr === '::/0';
}

function isWirePeer(peer: unknown, pods: PodSet, here: string | undefined): boolean {
  const cidr = part(peer, 'ipBlock', 'cidr');
  if (cidr !== undefined) return isEverything(cidr);
  const namespaces = part(peer, 'namespaceSelector');
  const isName = (key: string): boolean => key === 'kubernetes.io/metadata.name';
  const isThere = isPlain(namespaces)
    ? // other labels of namespaces are not known here: a selector of them may hold
      maySelect(namespaces, { 'kubernetes.io/metadata.name': pods.namespace ?? '' }, isName)
    : here === pods.namespace;
  return isThere && maySelect(part(peer, 'podSelector') ?? {}, pods.labels);
}

type Direction = 'Ingress' | 'Egress';

function opensFor(view: PassView, pods: PodSet, other: PodSet, direction: Direction, port: PodPort): boolean {
  const [rules, peers] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
  return policiesOver(view, pods, direction).some((policy) =>
    list(part(policy.wire, 'spec', rules)).some((rule) => {
      const named = list(part(rule, peers));
      const isNamed = named.length === 0 || named.some((peer) => isWirePeer(peer, other, pods.namespace));
      return isNamed && opensPort(list(part(rule, 'ports')), port);
    }),
  );
}

/** A named port may have any number. */
function opensPort(ports: readonly unknown[], { port, protocol }: PodPort): boolean {
  if (ports.length === 0 || port === undefined) return true;
  return ports.some((rule) => {
    const first = part(rule, 'port');
    if ((part(rule, 'protocol') ?? 'TCP') !== protocol) return false;
    return typeof first !== 'number' || (port >= first && port <= Number(part(rule, 'endPort') ?? first));
  });
}

/** The foreign policies of pods, by direction. Ours follow from the edges. */
function policiesOver(view: PassView, pods: PodSet, direction: Direction): ForeignObject[] {
  const policies = view.derive(policiesByPlace).get(pods.place) ?? [];
  return policies.filter(({ wire }) => {
    const spec = part(wire, 'spec');
    const types = list(part(spec, 'policyTypes'));
    const isOfType =
      types.length > 0 ? types.includes(direction) : direction === 'Ingress' || list(part(spec, 'egress')).length > 0;
    return isOfType && maySelect(part(spec, 'podSelector') ?? {}, pods.labels);
  });
}

function policiesByPlace(view: PassView): ReadonlyMap<string, ForeignObject[]> {
  return groupBy(foreignOf(view, 'networking.k8s.io/NetworkPolicy'), ({ place }) => place);
}
