import type { Mesh } from './mesh';

/** A tier. */
export interface NetworkTier {
  /** Name: at most 63 lower-case letters, digits and `-`. It becomes the pod label `tier` (CH09-45). */
  readonly name: string;

  /**
   * Whether external requests may reach the tier: routes, ingress controllers, ranges of addresses.
   *
   * @default false: only explicitly marked tiers are exposed (CH09-49)
   */
  readonly internetFacing?: boolean;

  /**
   * Whether workloads of the tier may connect to each other. Replicas of one workload may always do so if it needs
   * that, such as `Redis`.
   *
   * @default false: only the tier before may connect to a workload
   */
  readonly allowWithin?: boolean;
}

/** Props of `NetworkTiers`. */
export interface NetworkTiersProps {
  /** The tiers in order: each admits connections from the one before it. */
  readonly tiers: NetworkTier[];

  /**
   * `observe` writes policies that allow all traffic, to find the real traffic in a test environment (CH09-55).
   * Mistakes in declared connections are still errors.
   *
   * @default 'enforce'
   */
  readonly mode?: 'enforce' | 'observe';

  /**
   * A service mesh that injects its proxy into the pods.
   *
   * @default - none: a mesh pays off only if its features are needed (CH09-56)
   */
  readonly mesh?: Mesh;
}

/** Options of a workload in a tier. */
export interface TierMemberOptions {
  /**
   * Whether external requests may reach this workload.
   *
   * @default - the value of its tier
   */
  readonly internetFacing?: boolean;
}

/** Options of an exception. */
export interface TierExceptionOptions {
  /** The reason, for readers of the code; `toText()` shows it. */
  readonly reason: string;
}

/** Options of metrics scraping. */
export interface ScrapeOptions {
  /**
   * Name of the metrics port. Workloads without such a port stay closed.
   *
   * @default 'metrics'
   */
  readonly portName?: string;
}

/** An allowed connection on a port. Connections that are not in the matrix are denied. */
export interface TierConnection {
  /** Construct path of the client, or a description of a peer. */
  readonly from: string;
  /** Tier of the client, if any. */
  readonly fromTier?: string;
  /** Construct path of the server, or a description of a peer. */
  readonly to: string;
  /** Tier of the server, if any. */
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
