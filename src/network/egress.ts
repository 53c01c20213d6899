import type { IConstruct } from 'constructs';
import type { PolicyPort } from './network-policy';
import { Peer, type PeerSettings, readPeer, refuseHostNetwork } from './peer';
import { portNumber } from './ports';
import type { Problems } from '../kernel/findings/problems';
import { listOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { refuseMetadata, withoutMetadata } from '../kubernetes/metadata';

/** Ports of a destination. */
export interface EgressOptions {
  /**
   * TCP ports.
   *
   * @default - all ports; `Egress.internet` and `Egress.apiServer` have their own defaults
   */
  readonly ports?: number[];
}

/** Options of a range of addresses. */
export interface CidrEgressOptions extends EgressOptions {
  /**
   * Smaller ranges inside the range that stay closed.
   *
   * @default - none
   */
  readonly except?: string[];
}

/** The differences between the factories. */
interface EgressKind {
  /** Default ports; omitted for all. */
  readonly ports?: readonly number[];
  /** Options that belong to the peer. */
  readonly peerOptions?: ReadonlyArray<keyof CidrEgressOptions>;
  /** Whether the ClusterProfile decides the peer. */
  readonly toApiServer?: boolean;
}

/** The port of its Service, and the port of most installations. */
export const API_SERVER_PORTS: readonly number[] = [443, 6443];

/** Private, shared and link-local addresses; the last range contains the cloud metadata service. */
const PRIVATE_V4 = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];
const PRIVATE_V6 = ['fc00::/7', 'fe80::/10'];

/**
 * A destination outside the blocks, for a workload with `egress: 'declared'`.
 *
 * ```ts
 * new Worker(chart, 'mailer', {
 *   image: 'ghcr.io/acme/mailer:1.4.2',
 *   liveness: Probe.none(),
 *   egress: 'declared',
 *   egressTo: [
 *     Egress.cidr('10.30.0.0/24', { ports: [5432] }),
 *     Egress.to(Peer.pods({ namespace: 'tracing' }), { ports: [4317] }),
 *   ],
 * });
 * ```
 */
export class Egress {
  /** Public addresses, on port 443 by default. Private ranges and cloud metadata services stay closed. */
  public static internet(options: EgressOptions = {}): Egress {
    const anywhere = Peer.anyOf(
      Peer.cidr('0.0.0.0/0', { except: PRIVATE_V4 }),
      Peer.cidr('::/0', { except: PRIVATE_V6 }),
    );
    return new Egress(anywhere, options, { ports: [443] });
  }

  /**
   * A range of addresses, such as the network of an external database. Cloud metadata services in it stay closed: they
   * hand out credentials of the node.
   */
  public static cidr(range: string, options: CidrEgressOptions = {}): Egress {
    // props of a JavaScript caller are checked where they are used
    const except = (options as CidrEgressOptions | null)?.except;
    return new Egress(Peer.cidr(range, { except }), options, { peerOptions: ['except'] });
  }

  /** Any peer: pods by label, another namespace, objects of cdk8s-plus. */
  public static to(peer: Peer, options: EgressOptions = {}): Egress {
    return new Egress(peer, options);
  }

  /**
   * The API server of the cluster, at the addresses in `apiServer` of the `ClusterProfile`; an error without them.
   * Default ports: 443 of its Service, and 6443 of most installations.
   */
  public static apiServer(options: EgressOptions = {}): Egress {
    return new Egress(Peer.anyOf(), options, { ports: API_SERVER_PORTS, toApiServer: true });
  }

  private constructor(
    /** @internal */ public readonly _peer: Peer,
    /** @internal */ public readonly _options: unknown,
    /** @internal */ public readonly _kind: EgressKind = {},
  ) {}
}

const PORTS = listOf(portNumber);

export function readEgress(
  egress: Egress,
  problems: Problems,
  prop: string,
): { peers: PeerSettings[]; ports: PolicyPort[]; blocks: readonly IConstruct[] } {
  const read = new Reader<CidrEgressOptions>(problems, egress._options, `${prop}.`);
  const { ports: usual = [], peerOptions = [] } = egress._kind;
  const leftOut = usual.join(' and ') || 'all';
  const ports = read.optional('ports', PORTS, usual, {
    fix: `List port numbers, or omit it for ${leftOut}`,
  });
  const given = read.raw('ports');
  if (Array.isArray(given) && given.length === 0) {
    // a rule without ports would open all
    read.refuse('ports', given, 'at least one port', {
      rule: 'props/empty-list',
      fix: `Name one, or remove the prop for ${leftOut}`,
    });
  }
  for (const option of peerOptions) read.raw(option);
  refuseHostNetwork(egress._peer, egress._peer, problems, prop);
  read.refuseUnknown();
  return {
    peers: readPeer(egress._peer, problems, prop).map((peer) => closeMetadata(peer, problems, prop)),
    ports: ports.map((port) => ({ port, protocol: 'TCP' })),
    blocks: (egress._peer as Partial<Peer> | undefined)?._blocks ?? [],
  };
}

/** A range without the cloud metadata services, which would give pods the credentials of their node. */
function closeMetadata(peer: PeerSettings, problems: Problems, prop: string): PeerSettings {
  if (peer.kind !== 'cidr') return peer;
  refuseMetadata(peer.cidr, problems, prop);
  return { ...peer, except: withoutMetadata(peer.cidr, peer.except) };
}
