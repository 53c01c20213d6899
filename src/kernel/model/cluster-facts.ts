import type { IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';

/** The DNS servers of the pods, as peers of a network policy. */
export interface DnsFacts {
  readonly peers: ReadonlyArray<
    | { readonly kind: 'pods'; readonly labels: Record<string, string>; readonly namespace: string }
    | { readonly kind: 'cidr'; readonly cidr: string; readonly except: readonly string[] }
  >;
  readonly ports: ReadonlyArray<{ readonly port: number; readonly protocol: 'UDP' | 'TCP' }>;
}

/** Allocatable resources of one node: CPU in milli-cores, memory in bytes. */
export interface AllocatableFacts {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
}

export type NetworkPlugin = 'aws' | 'azure' | 'calico' | 'cilium' | 'gke';

export type Provider = 'aws' | 'azure' | 'gcp' | 'on-premises';

/**
 * What is known of a cluster. Checks assume nothing about missing values. A folder adds values of its own types by
 * declaration merging.
 */
export interface ClusterFacts {
  readonly name: string;
  /** The oldest version of the cluster, such as `1.30`. */
  readonly version: string;
  readonly zones?: number;
  readonly nodes?: number;
  readonly allocatable?: AllocatableFacts;
  readonly provider?: Provider;
  readonly networkPlugin?: NetworkPlugin;
  /** Whether pods run on nodes that the team administers. */
  readonly ownNodes: boolean;
  readonly dns: DnsFacts;
  /** CIDR ranges. */
  readonly apiServer: readonly string[];
  readonly nodeFeatures?: Readonly<Record<NodeFeature, boolean>>;
  /** Namespace of KEDA's operator. */
  readonly kedaNamespace?: string;
  /** Names of its ClusterSecretStores. */
  readonly secretStores?: readonly string[];
}

/** What nodes can if their kernel, runtime and file systems can. */
export type NodeFeature = 'userNamespaces' | 'supplementalGroupsPolicy';

/** The oldest version that the default output supports. */
export const OLDEST_MINOR = 30;

/** Both protocols: DNS answers that exceed a datagram use TCP. */
export function dnsPorts(port: number): DnsFacts['ports'] {
  return [
    { port, protocol: 'UDP' },
    { port, protocol: 'TCP' },
  ];
}

/** The pods of cluster DNS, by a label that all installers keep for historical reasons. */
export const KUBE_DNS: DnsFacts = {
  peers: [{ kind: 'pods', labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system' }],
  ports: dnsPorts(53),
};

/** The facts of a cluster without a profile. */
export const UNKNOWN_CLUSTER: ClusterFacts = {
  name: 'default',
  version: `1.${OLDEST_MINOR}`,
  ownNodes: true,
  dns: KUBE_DNS,
  apiServer: [],
};

declare module '../facts/fact-map' {
  interface FactMap {
    readonly cluster: ClusterAssignment;
    readonly newField: NewField;
    readonly nodeFeature: NodeFeatureUse;
  }
}

/** A prop that asks for a feature of the nodes. */
export interface NodeFeatureUse {
  readonly owner: IConstruct;
  readonly prop: string;
  readonly value: true | 'Strict';
  readonly feature: NodeFeature;
}

/** A value that older clusters do not know. */
export interface NewField {
  readonly owner: IConstruct;
  readonly prop: string;
  readonly value: string;
  /** The first minor version that knows the value. */
  readonly minor: number;
  /** What to write for an older cluster: an imperative clause. */
  readonly fallback?: string;
}

/** Assigns everything inside a scope to a cluster. */
export interface ClusterAssignment {
  /** The scope. */
  readonly owner: IConstruct;
  readonly facts: ClusterFacts;
  /** The profile; the same object if it is assigned to several scopes. */
  readonly profile: object;
}

const byScope = ({ owner }: ClusterAssignment): IConstruct[] => [owner];

/** The assignments of a scope itself; more than one is a mistake. */
export function assignmentsOf(scope: IConstruct): readonly ClusterAssignment[] {
  return AppModel.of(scope).by('cluster', byScope, scope);
}

/**
 * The assignment of the nearest scope of a construct. Call it at synthesis, since a profile can be assigned later.
 */
export function assignmentOf(construct: IConstruct): ClusterAssignment | undefined {
  const model = AppModel.of(construct);
  if (model.all('cluster').length === 0) return undefined;
  for (let scope: IConstruct | undefined = construct; scope; scope = scope.node.scope) {
    const found = model.by('cluster', byScope, scope);
    if (found.length > 0) return found.length === 1 ? found[0] : firstByContent(found);
  }
  return undefined;
}

/** Picks one of several assignments, which are a mistake, independently of their order. */
function firstByContent(assignments: readonly ClusterAssignment[]): ClusterAssignment {
  const key = ({ facts }: ClusterAssignment): string => JSON.stringify([facts.name, facts.version, facts]);
  return assignments.reduce((first, other) => (key(other) < key(first) ? other : first));
}

/**
 * The facts of the cluster of a construct. Call it at synthesis, since a profile can be assigned later.
 */
export function clusterOf(construct: IConstruct): ClusterFacts {
  return assignmentOf(construct)?.facts ?? UNKNOWN_CLUSTER;
}

/** Whether the cluster has the features of `1.<minor>`. */
export function isAtLeast(cluster: ClusterFacts, minor: number): boolean {
  return Number(cluster.version.split('.')[1]) >= minor;
}
