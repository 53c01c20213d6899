import type { IConstruct } from 'constructs';
import type { PolicyRule } from './network-policy';
import { clusterOf } from '../kernel/model/cluster-facts';
import { PerApp } from '../kernel/model/per-app';

/** What a block around several workloads decides about the policy of one of them. */
export interface Isolation {
  /** In words, for messages: `tier 'web'`. */
  readonly by: string;
  /** Whether everything is let in and out, to see what traffic there is. */
  readonly observed: boolean;
  /** Where the pods go whatever their workload declares. */
  readonly egress: readonly PolicyRule[];
}

interface Isolations {
  readonly workloads: Map<IConstruct, Isolation>;
  /** Namespaces with a policy that denies all pods both directions, and the blocks that emit it. */
  readonly closed: Map<string, IConstruct[]>;
  readonly closers: Set<IConstruct>;
}

const perApp = new PerApp<Isolations>(() => ({ workloads: new Map(), closed: new Map(), closers: new Set() }));

/** Closes the egress of a workload but for declared edges, or opens both directions. */
export function isolate(workload: IConstruct, isolation: Isolation): void {
  perApp.of(workload).workloads.set(workload, isolation);
}

export function isolationOf(workload: IConstruct): Isolation | undefined {
  return perApp.of(workload).workloads.get(workload);
}

/** Declares that `by` emits a policy that denies all pods of a namespace both directions. */
export function closeNamespace(by: IConstruct, namespace: string | undefined): void {
  const { closed, closers } = perApp.of(by);
  closers.add(by);
  closed.set(namespace ?? '', [...closed.get(namespace ?? '') ?? [], by]);
}

/** Whether a construct emits such policies. */
export function closesNamespaces(construct: IConstruct): boolean {
  return perApp.of(construct).closers.has(construct);
}

/** Whether a namespace is closed on the cluster of `construct`. */
export function isClosed(construct: IConstruct, namespace: string | undefined): boolean {
  const closers = perApp.of(construct).closed.get(namespace ?? '') ?? [];
  return closers.some((by) => clusterOf(by).name === clusterOf(construct).name);
}
