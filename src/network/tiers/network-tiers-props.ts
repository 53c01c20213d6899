import type { Mesh } from './mesh';

/** One tier. */
export interface NetworkTier {
  /** Name: at most 63 lower-case letters, digits and `-`. The pods have it as the label `tier` (CH09-45). */
  readonly name: string;

  /**
   * Whether requests from outside of the cluster may reach the tier: routes, ingress controllers, ranges of addresses.
   *
   * @default false: nothing is on the internet but what says so (CH09-49)
   */
  readonly internetFacing?: boolean;

  /**
   * Whether workloads of the tier may connect to each other, such as services of one tier. Replicas of one workload
   * may where it needs that (`Redis`), whatever is said here.
   *
   * @default false: a workload is reached from the tier before its own only
   */
  readonly allowWithin?: boolean;
}

/** Props of `NetworkTiers`. */
export interface NetworkTiersProps {
  /** The tiers in order: each is reached from the one before it. */
  readonly tiers: NetworkTier[];

  /**
   * `observe` writes policies that let everything in and out, to find the real traffic in a test bed (CH09-55). What is
   * wrong with the declared edges is an error all the same.
   *
   * @default 'enforce'
   */
  readonly mode?: 'enforce' | 'observe';

  /**
   * A service mesh that puts its proxy into the pods.
   *
   * @default - none: a mesh is worth its price only for features that are needed (CH09-56)
   */
  readonly mesh?: Mesh;
}

/** Options of a workload in a tier. */
export interface TierMemberOptions {
  /**
   * Whether requests from outside of the cluster may reach this workload.
   *
   * @default - as its tier says
   */
  readonly internetFacing?: boolean;
}

/** Why something is in no tier. */
export interface TierExceptionOptions {
  /** The reason, for whoever reads the code; shown by `toText()`. */
  readonly reason: string;
}

/** Which metrics are read. */
export interface ScrapeOptions {
  /**
   * Name of the port of the metrics. Workloads without such a port are not opened.
   *
   * @default 'metrics'
   */
  readonly portName?: string;
}

/** Someone may reach someone on a port. What is not in the matrix is denied. */
export interface TierConnection {
  /** Construct path of the client, or a peer in words. */
  readonly from: string;
  /** Tier of the client, where it is in one. */
  readonly fromTier?: string;
  /** Construct path of the server, or a peer in words. */
  readonly to: string;
  /** Tier of the server, where it is in one. */
  readonly toTier?: string;
  /**
   * Port of the pods.
   *
   * @default - all ports
   */
  readonly port?: number;
  /**
   * Transport protocol.
   *
   * @default - all of them
   */
  readonly protocol?: string;
}
