import type { IConstruct } from 'constructs';
import type { PolicyRule } from './network-policy';
import type { Labels } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { clusterOf } from '../kernel/model/cluster-facts';

/** Label of the tier of a workload, on pods and policies. */
export const TIER_LABEL = 'tier';

/** The decision of a surrounding block about the pods and the policy of one workload. */
export interface Isolation {
  readonly workload: IConstruct;
  /** The block, and the position of this decision among its decisions. */
  readonly around: IConstruct;
  readonly position: number;
  /** The value of the label. */
  readonly tier: string;
  /** Pod labels, including the label of the tier. */
  readonly labels: Labels;
  /** Text for messages: `tier 'web'`. */
  readonly by: string;
  /** Whether all traffic is allowed, for observation. */
  readonly observed: boolean;
  /** Destinations of the pods in addition to those of the workload. */
  readonly egress: readonly PolicyRule[];
}

/** A namespace with a default deny policy for both directions. */
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

/** Closes the egress of a workload except declared connections, or opens both directions. */
export function isolate(isolation: Isolation): void {
  AppModel.of(isolation.workload).add('isolation', isolation);
}

export function isolationOf(workload: IConstruct): Isolation | undefined {
  const decisions = AppModel.of(workload).by('isolation', byWorkload, workload);
  return decisions.length > 1 ? firstOf(decisions) : decisions[0];
}

/** Picks one of several decisions, which are a mistake, independently of their order. */
export function firstOf<T extends Pick<Isolation, 'around' | 'position'>>(decisions: readonly T[]): T {
  return [...decisions].sort((a, b) => compare(a.around.node.path, b.around.node.path) || a.position - b.position)[0];
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Declares that `by` emits a default deny policy for both directions of a namespace. */
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
