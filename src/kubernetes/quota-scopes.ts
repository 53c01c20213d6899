import type { PodDemand } from './pod-demand';
import { list, part, textAt } from '../kernel/schema/manifest';

/**
 * Whether a quota counts a pod. Without scopes, it counts all; with several, pods in every scope.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes
 */
export function inScope(quota: unknown, pod: PodDemand): boolean {
  const plain = list(part(quota, 'spec', 'scopes')).map((scope) => ({
    scopeName: scope,
    operator: 'Exists',
    values: [],
  }));
  return [...plain, ...list(part(quota, 'spec', 'scopeSelector', 'matchExpressions'))].every((selector) =>
    matches(selector, pod),
  );
}

/** Whether a quota counts only claims, by their VolumeAttributesClass. */
export function isOfClaims(quota: unknown): boolean {
  return list(part(quota, 'spec', 'scopeSelector', 'matchExpressions')).some(
    (selector) => textAt(selector, 'scopeName') === 'VolumeAttributesClass',
  );
}

function matches(selector: unknown, pod: PodDemand): boolean {
  switch (textAt(selector, 'scopeName')) {
    case 'Terminating':
      return pod.deadline;
    case 'NotTerminating':
      return !pod.deadline;
    case 'BestEffort':
      return isBestEffort(pod);
    case 'NotBestEffort':
      return !isBestEffort(pod);
    case 'PriorityClass':
      return matchesPriority(selector, pod.priorityClass);
    // affinity to pods of other namespaces is unknown here, and rare
    default:
      return false;
  }
}

function matchesPriority(selector: unknown, priorityClass: string | undefined): boolean {
  const among = priorityClass !== undefined && list(part(selector, 'values')).includes(priorityClass);
  switch (textAt(selector, 'operator')) {
    case 'In':
      return among;
    case 'NotIn':
      return !among;
    case 'DoesNotExist':
      return priorityClass === undefined;
    default:
      return priorityClass !== undefined;
  }
}

function isBestEffort({ containers, whole }: PodDemand): boolean {
  const amounts = [...containers, ...(whole ? [whole] : [])].flatMap(({ requests, limits }) => [requests, limits]);
  return amounts.every(({ cpu = 0n, memory = 0n }) => cpu === 0n && memory === 0n);
}
