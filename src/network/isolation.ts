import type { IConstruct } from 'constructs';
import type { PolicyRule } from './network-policy';
import { AppModel } from '../kernel/facts/app-model';
import { clusterOf } from '../kernel/model/cluster-facts';

/** What a block around several workloads decides about the policy of one of them. */
export interface Isolation {
  readonly workload: IConstruct;
  /** In words, for messages: `tier 'web'`. */
  readonly by: string;
  /** Whether everything is let in and out, to see what traffic there is. */
  readonly observed: boolean;
  /** Where the pods go whatever their workload declares. */
  readonly egress: readonly PolicyRule[];
}

/** A namespace with a policy that denies all pods both directions. */
interface Closure {
  /** The block that emits the policy. */
  readonly by: IConstruct;
  readonly namespace: string | undefined;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly isolation: Isolation;
    readonly closure: Closure;
  }
}

const byWorkload = ({ workload }: Isolation): IConstruct[] => [workload];
const byCloser = ({ by }: Closure): IConstruct[] => [by];
const byNamespace = ({ namespace }: Closure): string[] => [namespace ?? ''];

/** Closes the egress of a workload but for declared edges, or opens both directions. */
export function isolate(isolation: Isolation): void {
  AppModel.of(isolation.workload).add('isolation', isolation);
}

export function isolationOf(workload: IConstruct): Isolation | undefined {
  return AppModel.of(workload).by('isolation', byWorkload, workload)[0];
}

/** Declares that `by` emits a policy that denies all pods of a namespace both directions. */
export function closeNamespace(by: IConstruct, namespace: string | undefined): void {
  AppModel.of(by).add('closure', { by, namespace });
}

/** Whether a construct emits such policies. */
export function closesNamespaces(construct: IConstruct): boolean {
  return AppModel.of(construct).by('closure', byCloser, construct).length > 0;
}

/** Whether a namespace is closed on the cluster of `construct`. */
export function isClosed(construct: IConstruct, namespace: string | undefined): boolean {
  const closers = AppModel.of(construct).by('closure', byNamespace, namespace ?? '');
  return closers.some(({ by }) => clusterOf(by).name === clusterOf(construct).name);
}
