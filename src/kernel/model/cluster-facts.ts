import type { IConstruct } from 'constructs';
import { AppModel } from '../facts/app-model';

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
 * What is known of a cluster. What is left out is unknown, and no check assumes anything of it. A folder adds what has
 * a type of its own, by declaration merging.
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
  return [
    { port, protocol: 'UDP' },
    { port, protocol: 'TCP' },
  ];
}

/** The pods of cluster DNS, by the label that all installers keep for historical reasons. */
export const KUBE_DNS: DnsFacts = {
  peers: [{ kind: 'pods', labels: { 'k8s-app': 'kube-dns' }, namespace: 'kube-system' }],
  ports: dnsPorts(53),
};

/** What is assumed of a cluster that nobody has described. */
export const UNKNOWN_CLUSTER: ClusterFacts = {
  name: 'default',
  version: `1.${OLDEST_MINOR}`,
  dns: KUBE_DNS,
  apiServer: [],
};

declare module '../facts/fact-map' {
  interface FactMap {
    readonly cluster: ClusterAssignment;
    readonly newField: NewField;
  }
}

/** A value that older clusters do not know. */
export interface NewField {
  readonly owner: IConstruct;
  readonly prop: string;
  readonly value: string;
  /** The first minor version that knows it. */
  readonly minor: number;
}

/** All below a scope is meant for a cluster. */
export interface ClusterAssignment {
  /** The scope. */
  readonly owner: IConstruct;
  readonly facts: ClusterFacts;
  /** What says so: the same where it says so of several scopes. */
  readonly profile: object;
}

const byScope = ({ owner }: ClusterAssignment): IConstruct[] => [owner];

/** What has been said of a scope itself; more than one thing is a mistake. */
export function assignmentsOf(scope: IConstruct): readonly ClusterAssignment[] {
  return AppModel.of(scope).by('cluster', byScope, scope);
}

/**
 * What counts for a construct: what has been said of the nearest scope. A profile can be assigned later: best asked at
 * synthesis.
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

/** Of several, which is a mistake, the same one in whatever order they were assigned. */
function firstByContent(assignments: readonly ClusterAssignment[]): ClusterAssignment {
  const key = ({ facts }: ClusterAssignment): string => JSON.stringify([facts.name, facts.version, facts]);
  return assignments.reduce((first, other) => (key(other) < key(first) ? other : first));
}

/**
 * What is known of the cluster that a construct is meant for. A profile can be assigned later: best asked at synthesis.
 */
export function clusterOf(construct: IConstruct): ClusterFacts {
  return assignmentOf(construct)?.facts ?? UNKNOWN_CLUSTER;
}

/** Whether the cluster has the features of `1.<minor>`. */
export function isAtLeast(cluster: ClusterFacts, minor: number): boolean {
  return Number(cluster.version.split('.')[1]) >= minor;
}
