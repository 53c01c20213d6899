import type { IConstruct } from 'constructs';
import { fromKplus } from '../interop/cdk8s-plus';
import type { INetworkPolicyPeer } from '../interop/references';
import type { Problems } from '../kernel/findings/problems';
import { listOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsLabel, labelMap } from '../kernel/schema/syntax';
import { cidr, excludedFrom } from '../kubernetes/address';
import type { LabelSelector } from '../kubernetes/label-selector';

/** One end of a connection, as a NetworkPolicy describes it. */
export interface IPeer {
  /** The pods or addresses of the peer. */
  toPeer(): Peer;
}

/** Pods by label. */
export interface PodPeerOptions {
  /**
   * Labels of the pods.
   *
   * @default - all pods of the namespace
   */
  readonly labels?: { [label: string]: string };

  /**
   * Namespace of the pods.
   *
   * @default - the namespace of the policy
   */
  readonly namespace?: string;
}

/** Exceptions of a range. */
export interface CidrPeerOptions {
  /**
   * Smaller ranges inside the range to exclude.
   *
   * @default - none
   */
  readonly except?: string[];
}

export type PeerSettings =
  | { readonly kind: 'pods'; readonly labels: Record<string, string>; readonly namespace?: string }
  | { readonly kind: 'cidr'; readonly cidr: string; readonly except: readonly string[] }
  | { readonly kind: 'wire'; readonly wire: object };

interface Given {
  readonly kind: PeerSettings['kind'];
  readonly value: unknown;
  readonly options: unknown;
}

interface PeerContent {
  readonly given: readonly Given[];
  readonly fromOutside: boolean;
  readonly hostNetwork: boolean;
  readonly blocks: readonly IConstruct[];
}

const NOBODY: PeerContent = { given: [], fromOutside: false, hostNetwork: false, blocks: [] };

function known(content: PeerContent): () => PeerContent {
  return () => content;
}

/**
 * Pods or addresses at one end of a connection.
 *
 * ```ts
 * frontend.allowFrom(Peer.pods({ namespace: 'monitoring', labels: { app: 'prometheus' } }), { ports: [8080] });
 * frontend.allowFrom(Peer.cidr('10.20.0.0/16'));
 * ```
 */
export class Peer implements IPeer {
  /** Pods of one namespace, by label. */
  public static pods(options: PodPeerOptions): Peer {
    return new Peer(known({ ...NOBODY, given: [{ kind: 'pods', value: undefined, options }] }));
  }

  /** A range of addresses, such as `10.0.0.0/8`. */
  public static cidr(range: string, options: CidrPeerOptions = {}): Peer {
    return new Peer(known({ ...NOBODY, given: [{ kind: 'cidr', value: range, options }] }));
  }

  /** A peer of cdk8s-plus: its pods, namespaces or IP blocks. */
  public static fromKplus(peer: INetworkPolicyPeer): Peer {
    // a block of this library knows more about its pods than cdk8s-plus needs
    const own = peer as unknown as Partial<IPeer> | null | undefined;
    const given: unknown = typeof own?.toPeer === 'function' ? own.toPeer() : undefined;
    return given instanceof Peer
      ? given
      : new Peer(known({ ...NOBODY, given: [{ kind: 'wire', value: peer, options: {} }] }));
  }

  /** Several peers as one. */
  public static anyOf(...peers: Peer[]): Peer {
    const all = peers.map((peer: unknown) =>
      peer instanceof Peer ? peer : Peer.fromKplus(peer as INetworkPolicyPeer),
    );
    const content = (): PeerContent => ({
      given: all.flatMap(({ _given }) => _given),
      fromOutside: all.some(({ _fromOutside }) => _fromOutside),
      hostNetwork: all.some(({ _hostNetwork }) => _hostNetwork),
      blocks: all.flatMap(({ _blocks }) => _blocks),
    });
    const late = all.flatMap(({ _late }) => _late ?? []);
    return late.length > 0 ? new Peer(content, late.join(', ')) : new Peer(known(content()));
  }

  /**
   * A peer that is known only at synthesis, and nothing until then. The name distinguishes two of them.
   *
   * @internal
   */
  public static _later(name: string, read: () => Peer | undefined): Peer {
    return new Peer(() => read()?.content() ?? NOBODY, name);
  }

  private constructor(
    private readonly content: () => PeerContent,
    /** Its name, if it is known only at synthesis. @internal */ public readonly _late?: string,
  ) {}

  /** @internal */
  public get _given(): readonly Given[] {
    return this.content().given;
  }

  /**
   * Whether its pods forward external requests.
   *
   * @internal
   */
  public get _fromOutside(): boolean {
    return this.content().fromOutside;
  }

  /**
   * Whether its pods use the host network.
   *
   * @internal
   */
  public get _hostNetwork(): boolean {
    return this.content().hostNetwork;
  }

  /**
   * The blocks of this library that own the pods.
   *
   * @internal
   */
  public get _blocks(): readonly IConstruct[] {
    return this.content().blocks;
  }

  /**
   * The same pods, as the pods of a block.
   *
   * @internal
   */
  public _ofBlock(block: IConstruct): Peer {
    return new Peer(known({ ...this.content(), blocks: [block] }));
  }

  /**
   * The same pods, as the pods of an ingress controller.
   *
   * @internal
   */
  public _asEntrance(): Peer {
    return new Peer(known({ ...this.content(), fromOutside: true }));
  }

  /**
   * The same pods, on the host network.
   *
   * @internal
   */
  public _onHostNetwork(): Peer {
    return new Peer(known({ ...this.content(), hostNetwork: true }));
  }

  /** Returns itself. */
  public toPeer(): Peer {
    return this;
  }
}

const NAMESPACE = dnsLabel();

export function readPeer(peer: Peer, problems: Problems, prop: string): PeerSettings[] {
  if (!((peer as unknown) instanceof Peer)) {
    problems.refuse(prop, peer, 'a Peer', {
      rule: 'props/value',
      fix: 'Use Peer.pods(...), Peer.cidr(...) or Peer.fromKplus(...)',
    });
    return [];
  }
  return peer._given.flatMap(({ kind, value, options }): PeerSettings[] => {
    if (kind === 'wire') return readKplusPeer(value, problems, prop);
    if (kind === 'cidr') return readCidr(value, options, problems, prop);
    const read = new Reader<PodPeerOptions>(problems, options, `${prop}.`);
    const pods: PeerSettings = {
      kind,
      labels: read.optional('labels', labelMap, {}, { fix: 'Map label keys to values' }),
      namespace: read.optional('namespace', NAMESPACE, undefined, { fix: 'Name the namespace of the pods' }),
    };
    read.refuseUnknown();
    return [pods];
  });
}

/**
 * Refuses pods on the host network as an end of a policy: most network plugins treat them as the node, and match no pod
 * to its addresses.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
 */
export function refuseHostNetwork(peer: unknown, given: unknown, problems: Problems, prop: string): void {
  if (!(peer instanceof Peer && peer._hostNetwork)) return;
  problems.refuse(
    prop,
    given,
    'pods with their own addresses: network policies cannot select pods on the host network',
    { rule: 'network/host-network-peer', fix: 'Use Peer.cidr(...) with the addresses of the nodes' },
  );
}

const EXCEPT = listOf(cidr);

function readCidr(value: unknown, options: unknown, problems: Problems, prop: string): PeerSettings[] {
  const hint = { fix: "Write the network address and its prefix length, such as '10.20.0.0/16'" };
  const range = cidr.read(value, (given, expected) =>
    problems.refuse(prop, given, expected, { rule: 'props/value', ...hint }),
  );
  const read = new Reader<CidrPeerOptions>(problems, options, `${prop}.`);
  const except = read.optional('except', EXCEPT, [], hint);
  read.refuseUnknown();
  if (range === undefined) return [];
  for (const excluded of except) {
    if (!excludedFrom(excluded, range)) {
      read.refuse('except', excluded, `a smaller range inside ${range}`, {
        rule: 'network/except-outside',
        ...hint,
      });
    }
  }
  return [{ kind: 'cidr', cidr: range, except }];
}

function readKplusPeer(value: unknown, problems: Problems, prop: string): PeerSettings[] {
  const peer = value as INetworkPolicyPeer | undefined;
  if (typeof peer?.toNetworkPolicyPeerConfig !== 'function') {
    problems.refuse(prop, value, 'a network policy peer of cdk8s-plus', {
      rule: 'props/value',
      fix: 'Pass a workload, Pods, Namespaces or an IP block',
    });
    return [];
  }
  const { ipBlock, podSelector } = peer.toNetworkPolicyPeerConfig() as KplusPeer;
  if (ipBlock) {
    const { cidr: range, except = [] } = fromKplus(ipBlock) ?? {};
    return readCidr(range, { except }, problems, prop);
  }
  const pods = fromKplus(podSelector?.labelSelector);
  const { labelSelector, names } = podSelector?.namespaces ?? {};
  const namespaces = fromKplus(labelSelector) as LabelSelector | undefined;
  const base = { podSelector: pods ?? {} };
  if (names === undefined) {
    return [{ kind: 'wire', wire: namespaces ? { ...base, namespaceSelector: namespaces } : base }];
  }
  // as a selector, an empty list would mean all namespaces
  if (names.length === 0) {
    problems.refuse(prop, names, 'namespaces with at least one name', {
      rule: 'props/empty-list',
      fix: "Omit 'names' to select all namespaces with the labels",
    });
  }
  return names.map((name) => {
    const matchLabels = { ...namespaces?.matchLabels, ...namespaceNamed(name).matchLabels };
    return { kind: 'wire', wire: { ...base, namespaceSelector: { ...namespaces, matchLabels } } };
  });
}

/** A network policy peer as cdk8s-plus describes it. */
interface KplusPeer {
  readonly ipBlock?: object;
  readonly podSelector?: {
    readonly labelSelector: object;
    readonly namespaces?: { readonly labelSelector?: object; readonly names?: string[] };
  };
}

/** Selects a namespace by the label that the API server sets on it. */
export function namespaceNamed(name: string): { matchLabels: Record<string, string> } {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

/** A description of a peer, for the list of edges. */
export function describePeer(peer: PeerSettings): string {
  if (peer.kind === 'cidr') {
    return peer.except.length === 0 ? peer.cidr : `${peer.cidr} without ${peer.except.join(', ')}`;
  }
  if (peer.kind === 'wire') return JSON.stringify(peer.wire);
  const labels =
    Object.entries(peer.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || 'all pods';
  return peer.namespace === undefined ? labels : `${peer.namespace}/${labels}`;
}
