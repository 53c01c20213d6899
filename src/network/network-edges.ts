import { Chart } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { emitApiServerPolicy } from './api-server-policy';
import {
  type AllowOptions,
  choosePort,
  type Connection,
  type IConnectionClient,
  type IConnectionTarget,
  isConnectionTarget,
} from './connection';
import { type Edge, recordEdge } from './edges';
import { type Egress, readEgress } from './egress';
import { recordDirect } from './headless';
import { isClosed, isolationOf } from './isolation';
import { EVERYTHING, type PolicyPort, type PolicyRule, type PolicySettings } from './network-policy';
import { podsOf } from './networked-pods';
import { type IPeer, Peer, type PeerSettings, readPeer, refuseHostNetwork } from './peer';
import { portNumber, protocolName } from './ports';
import { usableEdges } from './usable-edges';
import type { IdentityEndpoint } from '../access/workload-identity';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { warn } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { isInChart, namespaceOf } from '../kernel/model/names';
import { nameNeighbour } from '../kernel/model/same-cluster';
import { listOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    /** A workload requests open egress. */
    readonly openEgress: { readonly owner: IConstruct };
    readonly apiServerEgress: ApiServerEgress;
    /** A workload lists destinations, which apply only with closed egress. */
    readonly destinations: { readonly owner: IConstruct; readonly closesEgress: () => boolean };
  }
}

/** A workload needs egress to the API server, whatever its addresses are. */
export interface ApiServerEgress {
  readonly owner: IConstruct;
  /** The prop that requires it. */
  readonly prop: string;
  readonly needed: () => boolean;
}

/** The value of the prop `egress`, or nothing if it is omitted. */
export type EgressWish = 'open' | 'declared' | undefined;

/** The alternative to a connection to a block of another cluster. */
const TO_OTHER_CLUSTER = 'Export it there with an ExportedService, and connect to an ImportedService here';
const FROM_OTHER_CLUSTER =
  'Export this one with an ExportedService, and connect to an ImportedService there; or allow addresses: ' +
  'Peer.cidr(...)';

const PORTS = listOf(portNumber);

/** The declared connections of one workload, as its network policy and the inventory use them. */
export class NetworkEdges {
  /** The ports on which the API server is open, once anything opens it. */
  private apiServerPorts?: PolicyPort[];

  public constructor(
    private readonly owner: Construct,
    private readonly name: string,
    private readonly wish: EgressWish,
    private readonly problems: Problems,
  ) {
    if (wish === 'open') AppModel.of(owner).add('openEgress', { owner });
  }

  /** The policy with all edges declared so far. */
  public policy(): PolicySettings {
    const { owner, name } = this;
    const namespace = namespaceOf(owner);
    if (isolationOf(owner)?.observed) return { name, namespace, ingress: EVERYTHING, egress: EVERYTHING };
    return { name, namespace, ingress: this.rules('ingress'), egress: this.egressRules(namespace) };
  }

  /** Admits a peer on all `declared` ports, or on those in the options. */
  public allowFrom(peer: IPeer, options: AllowOptions, declared: readonly PolicyPort[]): void {
    const given = this.readPeers(peer, 'allowFrom');
    if (given === undefined) return;
    if (given.peers.length === 0 && !given.late) {
      this.problems.refuse('allowFrom', peer, 'a peer with pods or addresses', {
        rule: 'network/empty-peer',
        fix: 'Use Peer.pods(...) or Peer.cidr(...)',
      });
      return;
    }
    const read = new Reader<AllowOptions>(this.problems, options, 'allowFrom.');
    const wanted = read.optional('ports', PORTS, undefined, {
      fix: `Write numbers of ports that the containers declare, such as [${declared[0]?.port ?? 8080}]`,
    });
    const protocol = read.optional('protocol', protocolName, undefined, {
      fix: 'Write one of these, or remove the prop to open each protocol that the pods declare',
    });
    read.refuseUnknown();
    const raw = read.raw('ports');
    if (Array.isArray(raw) && raw.length === 0) {
      // a rule without ports would open all
      read.refuse('ports', raw, 'at least one port', {
        rule: 'props/empty-list',
        fix: 'Name one, or remove the prop to open all declared ports',
      });
    }
    if (declared.length === 0) {
      this.problems.refuse('allowFrom', undefined, 'a port that the containers declare', {
        rule: 'reference/missing-port',
        // a rule without ports would open all
        fix: "Declare the port, such as a sidecar's or 'metricsPort'",
      });
      return;
    }
    const offered = protocol === undefined ? declared : declared.filter((known) => known.protocol === protocol);
    for (const port of wanted ?? []) {
      if (!offered.some((known) => known.port === port)) {
        const ports = declared
          .map((known) => (protocol === undefined ? known.port : `${known.port}/${known.protocol}`))
          .join(', ');
        read.refuse('ports', port, `ports of the pods (${ports})`, {
          rule: 'reference/missing-port',
          fix: `Name one of these, or declare it in 'extraPorts', with a name and port: ${port}`,
        });
      }
    }
    if (wanted === undefined && offered.length === 0) {
      read.refuse('protocol', protocol, 'a protocol of a port of the pods', {
        rule: 'reference/missing-port',
        fix: 'Name one that the container declares',
      });
    }
    const ports = wanted === undefined ? [...offered] : offered.filter(({ port }) => wanted.includes(port));
    if (Construct.isConstruct(peer)) this.warnOfUnknownNamespace(peer);
    const common = {
      owner: this.owner,
      direction: 'ingress' as const,
      block: Construct.isConstruct(peer) ? peer : undefined,
      ports,
    };
    const { peers, fromOutside, late } = given;
    recordEdge(late ? laterEdge(common, late) : { ...common, peers, fromOutside });
  }

  /**
   * Connects a client to a target: opens both policies and returns the connection details. `wanted` names another port
   * than the main one.
   */
  public connect(client: IConnectionClient, target: IConnectionTarget, wanted?: string): Connection | undefined {
    if (!isConnectionTarget(target)) {
      this.problems.refuse('connectTo', target, 'a block that can be connected to, such as Redis', {
        rule: 'props/value',
        fix: 'Pass a block with a port, such as a WebService or an ExternalService',
      });
      return undefined;
    }
    nameNeighbour(this.owner, target, 'connectTo', TO_OTHER_CLUSTER);
    const offered = target.connectionFor(client);
    const connection = wanted === undefined ? offered : choosePort(offered, wanted, this.problems, 'connectTo.port');
    if (connection === undefined) return undefined;
    const { protocol = 'TCP', targetPort: port = connection.port } = connection;
    target.allowFrom(client, { ports: [port], protocol });
    this.openTo(target, { port, protocol });
    return connection;
  }

  /** The same connection by the headless Service of the target, to the port of its pods. */
  public directly(target: IConnectionTarget, connection: Connection): Connection {
    const { headlessHost, targetPort = connection.port, ...rest } = connection;
    if (headlessHost === undefined) {
      this.problems.refuse('connectTo.headless', true, `false for '${target.node.path}'`, {
        rule: 'network/no-headless-service',
        fix: "Write headless: true in its 'service', or remove the option",
      });
      return connection;
    }
    recordDirect(this.owner, target);
    return { ...rest, host: headlessHost, port: targetPort, targetPort, readHost: undefined };
  }

  /**
   * Opens egress to a block on its pod port, unless another edge does, such as one by which the block admits the
   * client.
   */
  private openTo(target: IPeer, port: PolicyPort): void {
    const given = this.readPeers(target, 'connectTo');
    const block = Construct.isConstruct(target) ? target : undefined;
    // a target without addresses, such as a DNS name, opens egress of its clients by other means
    if (given === undefined || given.peers.length === 0 || (block && podsOf(block))) return;
    recordEdge({
      owner: this.owner,
      direction: 'egress',
      block,
      peers: given.peers,
      ports: [port],
      fromOutside: false,
      fallback: true,
    });
  }

  /** Opens egress to a destination outside the blocks. */
  public openEgress(egress: Egress, prop: string): void {
    const { peers, ports, blocks } = readEgress(egress, this.problems, prop);
    for (const block of blocks) nameNeighbour(this.owner, block, prop, TO_OTHER_CLUSTER);
    if (peers.length === 0 && !egress._kind.toApiServer) return;
    if (egress._kind.toApiServer) this.openApiServer(ports, prop, () => true);
    else recordEdge({ owner: this.owner, direction: 'egress', peers, ports, fromOutside: false });
  }

  /** Records that the caller lists destinations: egress should be closed, at least by a tier or a namespace. */
  public nameDestinations(): void {
    AppModel.of(this.owner).add('destinations', { owner: this.owner, closesEgress: () => this.closesEgress });
  }

  /**
   * Opens egress to the API server, if the ClusterProfile states its addresses, or that its plugin is Cilium. If not,
   * that is an error if it is `needed`.
   */
  public openApiServer(ports: readonly PolicyPort[], prop: string, needed: () => boolean): void {
    const { owner } = this;
    recordEdge({
      owner,
      direction: 'egress',
      ports,
      fromOutside: false,
      late: 'API server',
      get peers() {
        return apiServerOf(owner);
      },
    });
    AppModel.of(owner).add('apiServerEgress', { owner, prop, needed });
    if (this.apiServerPorts === undefined) {
      this.apiServerPorts = [];
      emitApiServerPolicy(owner, this.name, this, this.apiServerPorts, this.problems);
    }
    this.apiServerPorts.push(...ports);
  }

  /**
   * Opens egress to the addresses that hand out credentials of the workload's identity, and to no other metadata
   * service.
   */
  public openIdentity(endpoints: readonly IdentityEndpoint[]): void {
    for (const { cidr, port } of endpoints) {
      recordEdge({
        owner: this.owner,
        direction: 'egress',
        peers: [{ kind: 'cidr', cidr, except: [] }],
        ports: [{ port, protocol: 'TCP' }],
        fromOutside: false,
      });
    }
  }

  /** Whether the pods may only use declared connections. */
  public get closesEgress(): boolean {
    return (
      this.wish === 'declared' ||
      isolationOf(this.owner) !== undefined ||
      (this.wish === undefined && isClosed(this.owner, namespaceOf(this.owner)))
    );
  }

  private egressRules(namespace: string | undefined): PolicySettings['egress'] {
    if (!this.closesEgress) {
      // another policy closes the namespace: only a rule opens egress again
      return isClosed(this.owner, namespace) ? EVERYTHING : undefined;
    }
    return this.rules('egress');
  }

  /** Each rule once, however often an edge is declared. */
  private rules(wanted: Edge['direction']): PolicyRule[] {
    const rules = new Map<string, PolicyRule>();
    for (const { direction, peers, ports } of usableEdges(this.owner)) {
      // a rule without peers would open all
      if (direction === wanted && peers.length > 0) rules.set(JSON.stringify([peers, ports]), { peers, ports });
    }
    return [...rules.values()];
  }

  /**
   * An object without namespace lands in the namespace of `kubectl`. Policies and host names then assume one namespace.
   */
  private warnOfUnknownNamespace(peer: Construct): void {
    if (!isInChart(peer)) return;
    const [known, unknown] = namespaceOf(peer) === undefined ? [this.owner, peer] : [peer, this.owner];
    const namespace = namespaceOf(known);
    if (namespace === undefined || namespaceOf(unknown) !== undefined) return;
    const [there, here] = [known, unknown].map((block) => Chart.of(block).node.path);
    warn(this.owner, {
      rule: 'network/unknown-namespace',
      got: `a connection with '${peer.node.path}', and chart '${here}' without a namespace`,
      expected: `the namespace '${namespace}' of chart '${there}', or another`,
      text:
        `connection with '${peer.node.path}': chart '${here}' has no namespace, and chart '${there}' has ` +
        `'${namespace}'. ` +
        `Policies and host names are right only if both are applied to '${namespace}': give chart '${here}' that ` +
        'namespace or another',
    });
  }

  private readPeers(
    peer: IPeer,
    prop: 'allowFrom' | 'connectTo',
  ): { peers: PeerSettings[]; fromOutside: boolean; late?: Peer } | undefined {
    const given = typeof (peer as Partial<IPeer> | undefined)?.toPeer === 'function' ? peer.toPeer() : undefined;
    if (!(given instanceof Peer)) {
      this.problems.refuse(prop, peer, 'a block, a Peer or an IngressController', {
        rule: 'props/value',
        fix: 'Use Peer.pods(...), Peer.cidr(...) or Peer.fromKplus(...)',
      });
      return undefined;
    }
    if (given._late) return { peers: [], fromOutside: false, late: given };
    const peers = readPeer(given, this.problems, prop);
    // a block without pods has no policy that must find the peer
    if (podsOf(this.owner)) {
      refuseHostNetwork(given, Construct.isConstruct(peer) ? peer.node.path : peer, this.problems, prop);
      // addresses mean the same everywhere
      const named = Construct.isConstruct(peer) && peers.some(({ kind }) => kind !== 'cidr') ? [peer] : [];
      for (const block of new Set([...given._blocks, ...named])) {
        nameNeighbour(this.owner, block, prop, prop === 'allowFrom' ? FROM_OTHER_CLUSTER : TO_OTHER_CLUSTER);
      }
    }
    return peers.length > 0 || given._given.length === 0 ? { peers, fromOutside: given._fromOutside } : undefined;
  }
}

/** An edge to a peer that is read at synthesis. The owner of the peer reports its mistakes. */
function laterEdge(common: Omit<Edge, 'peers' | 'fromOutside' | 'late'>, peer: Peer): Edge {
  return {
    ...common,
    late: peer._late ?? '',
    get peers() {
      return readPeer(peer, new Problems(), 'allowFrom');
    },
    get fromOutside() {
      return peer._fromOutside;
    },
  };
}

function apiServerOf(construct: Construct): PeerSettings[] {
  return clusterOf(construct).apiServer.map((range) => ({ kind: 'cidr', cidr: range, except: [] }));
}
