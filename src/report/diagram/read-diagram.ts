import type { IConstruct } from 'constructs';
import type { Area, Box, ClusterPart, DiagramData, Link, Range, SizeRange } from './diagram-data';
import type { PassView } from '../../kernel/facts/pass-view';
import { clusterOf } from '../../kernel/model/cluster-facts';
import { namespaceOf, shortName } from '../../kernel/model/names';
import { landingNamespace } from '../../kubernetes/cluster-scoped';
import { podSize } from '../../kubernetes/pod-size';
import { hasPods } from '../../kubernetes/pod-template';
import { bytesQuantity } from '../../kubernetes/quantity';
import type { Edge } from '../../network/edges';
import type { PolicyPort } from '../../network/network-policy';
import type {} from '../../network/outside';
import { describePeer, type PeerSettings } from '../../network/peer';
import { memberOf } from '../../network/tiers/members';
import { allEdges } from '../../network/usable-edges';
import { type WorkloadFacts, workloadsOf } from '../../pod/workload-facts';

/** A box, and where it is. */
interface Placed {
  readonly box: Box;
  readonly cluster: string;
  /** Omitted outside of the app. */
  readonly namespace?: string;
}

interface PlacedLink extends Link {
  readonly cluster: string;
}

/** Reads the blocks inside a part of the app, what they connect to, and where requests enter. */
export function readDiagram(view: PassView, inside: ReadonlySet<IConstruct>): DiagramData {
  const found = new Map<string, Placed>();
  const links = new Map<string, PlacedLink>();
  const put = (placed: Placed): string => {
    if (!found.has(placed.box.id)) found.set(placed.box.id, placed);
    return placed.box.id;
  };
  const link = (cluster: string, from: string, to: string, ports: string, fromOutside: boolean): void => {
    if (from !== to) links.set([from, to, ports].join('\n'), { cluster, from, to, ports, fromOutside });
  };

  const edges = allEdges(view).filter(({ owner }) => inside.has(owner));
  const entered = new Set(edges.filter(({ fromOutside }) => fromOutside).map(({ owner }) => owner));
  const workloads = new Map(workloadsOf(view).map((facts) => [facts.construct, facts]));
  const boxOf = (block: IConstruct): string => {
    const facts = workloads.get(block);
    const box = facts ? workloadBox(view, facts, entered.has(block)) : blockBox(block);
    return put({ box, cluster: clusterOf(block).name, namespace: namespaceOf(block) ?? DEFAULT });
  };

  for (const block of workloads.keys()) if (inside.has(block)) boxOf(block);
  for (const object of view.foreignObjects) {
    if (!inside.has(object) || !hasPods(object) || isRead(object, workloads)) continue;
    const box = { ...blockBox(object), name: object.name, type: object.kind };
    put({ box, cluster: clusterOf(object).name, namespace: landingNamespace(object) ?? DEFAULT });
  }

  const routed = new Set<IConstruct>();
  for (const { owner, host, routes } of view.all('routing')) {
    if (!inside.has(owner)) continue;
    const cluster = clusterOf(owner).name;
    const entry = put({ box: hostBox(cluster, host, owner), cluster });
    for (const { backend, path } of routes) {
      routed.add(backend);
      link(cluster, entry, boxOf(backend), path, true);
    }
  }
  for (const edge of edges) {
    // a host stands for its controller
    if (edge.fromOutside && routed.has(edge.owner)) continue;
    const cluster = clusterOf(edge.owner).name;
    const own = boxOf(edge.owner);
    for (const other of othersOf(edge, cluster, boxOf, put)) {
      const [from, to] = edge.direction === 'ingress' ? [other, own] : [own, other];
      link(cluster, from, to, portsText(edge.ports), edge.fromOutside);
    }
  }
  return { clusters: byCluster([...found.values()], [...links.values()]) };
}

/** The namespace of objects without one, when they are applied without one. */
const DEFAULT = 'default';

function isRead(object: IConstruct, workloads: ReadonlyMap<IConstruct, WorkloadFacts>): boolean {
  for (let scope: IConstruct | undefined = object; scope; scope = scope.node.scope) {
    if (workloads.has(scope)) return true;
  }
  return [...workloads.values()].some(({ readFrom }) => readFrom === object);
}

function othersOf(
  { block, peers }: Edge,
  cluster: string,
  boxOf: (block: IConstruct) => string,
  put: (placed: Placed) => string,
): string[] {
  if (block !== undefined) return [boxOf(block)];
  if (peers.length === 0) return [put({ box: peerBox(cluster, 'anything', 'no peer is named'), cluster })];
  return peers.map((peer) => put({ box: peerBox(cluster, ...peerTexts(peer)), cluster }));
}

function workloadBox(view: PassView, facts: WorkloadFacts, isExposed: boolean): Box {
  const { construct, kind, name, claims } = facts;
  return {
    id: construct.node.path,
    kind: 'workload',
    name,
    type: kind,
    path: construct.node.path,
    tier: memberOf(construct)?.tier.name,
    isExposed,
    data: [
      ...claims.map((claim) => `volume ${claim.name}: ${bytesQuantity(claim.bytes)} for each pod`),
      ...view
        .all('claimMount')
        .filter(({ owner }) => owner === construct)
        .map(({ claim }) => `claim ${claim}`),
    ],
    size: sizeOf(facts),
  };
}

function sizeOf({ containers, overhead, whole, replicas, most }: WorkloadFacts): SizeRange {
  const { requests, limits } = podSize(containers, overhead, whole);
  const range = (amount: number): Range => ({ least: amount * replicas, most: amount * most });
  const stated = (amount: number | undefined): Range | undefined => (amount === undefined ? undefined : range(amount));
  return {
    pods: range(1),
    cpuRequest: range(requests.cpu),
    cpuLimit: stated(limits.cpu),
    memoryRequest: range(requests.memory),
    memoryLimit: stated(limits.memory),
  };
}

function blockBox(block: IConstruct): Box {
  return {
    id: block.node.path,
    kind: 'block',
    name: shortName(block),
    type: block.constructor.name,
    path: block.node.path,
    isExposed: false,
    data: [],
  };
}

function hostBox(cluster: string, host: string, owner: IConstruct): Box {
  const { path } = owner.node;
  return { id: `host ${cluster} ${host}`, kind: 'host', name: host, type: 'host', path, isExposed: true, data: [] };
}

function peerBox(cluster: string, name: string, type: string): Box {
  return { id: `peer ${cluster} ${type} ${name}`, kind: 'peer', name, type, isExposed: false, data: [] };
}

const EVERYWHERE = new Set(['0.0.0.0/0', '::/0']);

/** A name and a description. The two families of addresses of the internet are one box. */
function peerTexts(peer: PeerSettings): [string, string] {
  if (peer.kind === 'cidr' && EVERYWHERE.has(peer.cidr)) {
    return peer.except.length > 0 ? ['internet', 'public addresses'] : ['everywhere', 'all addresses'];
  }
  if (peer.kind !== 'pods') return [describePeer(peer), peer.kind === 'cidr' ? 'addresses' : 'pods'];
  const labels = Object.values(peer.labels).join(', ') || 'all pods';
  return [labels, peer.namespace === undefined ? 'pods' : `pods in namespace ${peer.namespace}`];
}

function portsText(ports: readonly PolicyPort[]): string {
  return (
    ports.map(({ port, protocol }) => (protocol === 'TCP' ? `${port}` : `${port} ${protocol}`)).join(', ') ||
    'all ports'
  );
}

function byCluster(placed: readonly Placed[], links: readonly PlacedLink[]): ClusterPart[] {
  const names = [...new Set(placed.map(({ cluster }) => cluster))].sort();
  return names.map((name) => {
    const here = placed.filter(({ cluster }) => cluster === name);
    const namespaces = [...new Set(here.flatMap(({ namespace }) => namespace ?? []))].sort();
    const area = (namespace: string | undefined): Area => ({
      namespace,
      boxes: here.filter((other) => other.namespace === namespace).map(({ box }) => box),
    });
    const outside = area(undefined);
    return {
      name,
      areas: [...(outside.boxes.length > 0 ? [outside] : []), ...namespaces.map(area)],
      links: links.filter(({ cluster }) => cluster === name),
    };
  });
}
