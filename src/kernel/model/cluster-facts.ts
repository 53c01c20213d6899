import type { IConstruct } from 'constructs';

/** Where the pods of a cluster ask for names, in the words of a network policy. */
export interface DnsFacts {
  readonly peers: ReadonlyArray<
    | { readonly kind: 'pods'; readonly labels: Record<string, string>; readonly namespace: string }
    | { readonly kind: 'cidr'; readonly cidr: string; readonly except: readonly string[] }
  >;
  readonly ports: ReadonlyArray<{ readonly port: number; readonly protocol: 'UDP' | 'TCP' }>;
}

/** What one node has for pods: CPU in milli-cores, memory in bytes. */
export interface AllocatableFacts {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

export type Provider = 'aws' | 'azure' | 'gcp' | 'on-premises';

/**
 * What is known of a cluster. What is left out is unknown, and no check assumes anything of it. A folder adds what has a type of
 * its own, by declaration merging.
 */
export interface ClusterFacts {
  readonly name: string;
  /** The oldest version that runs there, as `1.30`. */
  readonly version: string;
  readonly zones?: number;
  readonly nodes?: number;
  readonly allocatable?: AllocatableFacts;
  readonly provider?: Provider;
  readonly dns: DnsFacts;
  /** Ranges of addresses. */
  readonly apiServer: readonly string[];
}

/** The oldest version that the default output is written for. */
export const OLDEST_MINOR = 30;

/** Over both transports: answers that do not fit a datagram come over TCP. */
export function dnsPorts(port: number): DnsFacts['ports'] {
  return [{ port, protocol: 'UDP' }, { port, protocol: 'TCP' }];
}

/** The pods of cluster DNS, by the label that all installers keep for historical reasons. */
export const KUBE_DNS: DnsFacts = {
  peers: [{ kind: 'pods', labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system' }],
  ports: dnsPorts(53),
};

/** What is assumed of a cluster that nobody has described. */
export const UNKNOWN_CLUSTER: ClusterFacts = { name: 'default', version: `1.${OLDEST_MINOR}`, dns: KUBE_DNS, apiServer: [] };

const assigned = new WeakMap<IConstruct, ClusterFacts>();

/** Declares that all below `scope` is meant for the cluster. */
export function assignCluster(scope: IConstruct, facts: ClusterFacts): void {
  assigned.set(scope, facts);
}

/**
 * What is known of the cluster that a construct is meant for: that of the nearest scope that has one. A profile can be
 * assigned after the blocks are there, so best asked at synthesis.
 */
export function clusterOf(construct: IConstruct): ClusterFacts {
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
    const facts = assigned.get(scope);
    if (facts) return facts;
  }
  return UNKNOWN_CLUSTER;
}

/** Whether the cluster has the features of `1.<minor>`. */
export function isAtLeast(cluster: ClusterFacts, minor: number): boolean {
  return Number(cluster.version.split('.')[1]) >= minor;
}
