import { Construct } from 'constructs';
import { listOf } from '../foundation/checks';
import { namespaceOf } from '../foundation/names';
import type { Problems } from '../foundation/problems';
import { Reader } from '../foundation/reader';
import type { AllowOptions } from '../network/connection';
import { recordEdge } from '../network/edges';
import { type Egress, readEgress } from '../network/egress';
import { addRule, type PolicyPort, type PolicySettings } from '../network/network-policy';
import { describePeer, type IPeer, Peer, type PeerSettings, readPeer } from '../network/peer';
import { portNumber } from '../pod/ports';

/** The declared edges of one workload: what its network policy is made of, and what the inventory lists. */
export class NetworkEdges {
  public readonly policy: PolicySettings;

  public constructor(private readonly owner: Construct, name: string, egressClosed: boolean, private readonly problems: Problems) {
    this.policy = { name, namespace: namespaceOf(owner), egressClosed, ingress: [], egress: [] };
  }

  /** Lets a peer in on all `declared` ports, or on those of them that the options name. */
  public allowFrom(peer: IPeer, options: AllowOptions, declared: readonly PolicyPort[]): void {
    const peers = this.readPeers(peer, 'allowFrom');
    if (peers === undefined) return;
    if (peers.length === 0) {
      this.problems.refuse('allowFrom', peer, 'a peer with pods or addresses', { fix: 'Name them: Peer.pods(...) or Peer.cidr(...)' });
      return;
    }
    const read = new Reader<AllowOptions>(this.problems, options, 'allowFrom.');
    const wanted = read.optional('ports', listOf(portNumber), undefined, { fix: 'Leave it out for all declared ports' });
    read.refuseUnknown();
    const given = read.raw('ports');
    if (Array.isArray(given) && given.length === 0) {
      // a rule without ports would open all
      read.refuse('ports', given, 'at least one port', { fix: 'Leave it out for all declared ports' });
    }
    for (const port of wanted ?? []) {
      if (!declared.some((known) => known.port === port)) {
        read.refuse('ports', port, `ports of the pods (${declared.map((known) => known.port).join(', ')})`, { fix: 'Name a port that the container declares', practice: 'DX-04' });
      }
    }
    const ports = wanted === undefined ? [...declared] : declared.filter(({ port }) => wanted.includes(port));
    addRule(this.policy.ingress, { peers, ports });
    const from = Construct.isConstruct(peer) ? peer.node.path : peers.map(describePeer).join(' or ');
    recordEdge(this.owner, { from, to: this.owner.node.path, ports: describePorts(ports) });
  }

  /** Lets the pods out to a block, on the port that its pods listen on. The block records the edge. */
  public openTo(target: IPeer, port: number): void {
    const peers = this.readPeers(target, 'connectTo');
    // a target without addresses, such as a DNS name, lets its clients out by other means
    if (peers !== undefined && peers.length > 0) addRule(this.policy.egress, { peers, ports: [{ port, protocol: 'TCP' }] });
  }

  /** Lets the pods out to a destination outside of the blocks. */
  public openEgress(egress: Egress, prop: string): void {
    const { peers, ports } = readEgress(egress, this.problems, prop);
    if (peers.length === 0) return;
    addRule(this.policy.egress, { peers, ports });
    recordEdge(this.owner, { from: this.owner.node.path, to: peers.map(describePeer).join(' or '), ports: describePorts(ports) });
  }

  private readPeers(peer: IPeer, prop: string): PeerSettings[] | undefined {
    const given = typeof (peer as Partial<IPeer> | undefined)?.toPeer === 'function' ? peer.toPeer() : undefined;
    if (!(given instanceof Peer)) {
      this.problems.refuse(prop, peer, 'a block, a Peer or an IngressController', { fix: 'Use Peer.pods(...), Peer.cidr(...) or Peer.fromKplus(...)' });
      return undefined;
    }
    const peers = readPeer(given, this.problems, prop);
    return peers.length > 0 || given._given.length === 0 ? peers : undefined;
  }
}

function describePorts(ports: readonly PolicyPort[]): string {
  return ports.map(({ port }) => port).join(',') || 'all';
}
