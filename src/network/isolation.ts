import type { IConstruct } from 'constructs';
import type { PolicyRule } from './network-policy';
import type { Labels } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { clusterOf } from '../kernel/model/cluster-facts';

/** Tells the place of a workload among others; pods and policies have it. */
export const TIER_LABEL = 'tier';

/** What a block around several workloads decides about the pods and the policy of one of them. */
export interface Isolation {
  readonly workload: IConstruct;
  /** The block, and which of its decisions it is. */
  readonly around: IConstruct;
  readonly position: number;
  /** The value of the label. */
  readonly tier: string;
  /** Of the pods, the label of the tier among them. */
  readonly labels: Labels;
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
  const decisions = AppModel.of(workload).by('isolation', byWorkload, workload);
  return decisions.length > 1 ? firstOf(decisions) : decisions[0];
}

/** Of several decisions, which are a mistake, the same one in whatever order they were made. */
export function firstOf<T extends Pick<Isolation, 'around' | 'position'>>(decisions: readonly T[]): T {
  return [...decisions].sort((a, b) => compare(a.around.node.path, b.around.node.path) || a.position - b.position)[0];
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
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
