/** What a diagram shows of an app: plain data, without constructs. */
export interface DiagramData {
  readonly clusters: readonly ClusterPart[];
}

/** One cluster: its namespaces, what is outside of them, and the connections. */
export interface ClusterPart {
  readonly name: string;
  readonly areas: readonly Area[];
  readonly links: readonly Link[];
}

/** A namespace, or what is outside of the app. */
export interface Area {
  /** Omitted for what is outside. */
  readonly namespace?: string;
  readonly boxes: readonly Box[];
}

/** A block, a host, or a peer outside of the app. */
export interface Box {
  readonly id: string;
  readonly kind: 'workload' | 'block' | 'host' | 'peer';
  readonly name: string;
  /** Kind of the controller or of the block. */
  readonly type: string;
  /** Path of the construct. */
  readonly path?: string;
  readonly tier?: string;
  /** Where requests from outside of the cluster enter. */
  readonly isExposed: boolean;
  /** The volumes that keep its data. */
  readonly data: readonly string[];
  readonly size?: SizeRange;
}

/** Numbers of pods, and what all of them request and may use. Each is a range from the fewest to the most pods. */
export interface SizeRange {
  readonly pods: Range;
  /** In milli-cores. */
  readonly cpuRequest: Range;
  /** Omitted if a container has none. */
  readonly cpuLimit?: Range;
  /** In bytes. */
  readonly memoryRequest: Range;
  readonly memoryLimit?: Range;
}

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** A connection between two boxes. */
export interface Link {
  readonly from: string;
  readonly to: string;
  /** Ports, with their protocol unless it is TCP. */
  readonly ports: string;
  /** Whether requests from outside of the cluster use it. */
  readonly fromOutside: boolean;
}
