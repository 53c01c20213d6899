import { type ClaimDemand, titleOf, type WorkloadDemand } from './demand';
import { toClaim } from './demand-of-manifest';
import type { Placed } from './placed';
import { VersionedConfigMap } from '../config/versioned-config-map';
import { countAt, list, part, textAt } from '../kernel/schema/manifest';
import type { Nanos } from '../kubernetes/quantity';

/** A share of a quota. */
export interface Share {
  readonly what: string;
  readonly amount: Nanos;
  /** The calculation of the amount. */
  readonly sum?: () => string;
}

/** The number of objects, and of further ones that may exist temporarily. */
export interface ObjectCount {
  readonly now: ReadonlyArray<readonly [what: string, number: number]>;
  readonly more: ReadonlyArray<readonly [what: string, number: number]>;
}

/** Quotas with their own names for what `count/<resource>` also counts. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

/**
 * `ingresses.networking.k8s.io` for a quota `count/ingresses.networking.k8s.io`; nothing for another kind of quota.
 */
export function countedResource(key: string): string | undefined {
  if (OWN_NAMES.has(key)) return key;
  return key.startsWith('count/') ? key.slice('count/'.length) : undefined;
}

/**
 * Objects of a resource: those of the app from any library, and those that Kubernetes creates.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#object-count-quota
 */
export function countObjects(placed: Placed, resource: string): ObjectCount {
  const counted = placed.ofResource(resource);
  const existing = placed.existingOf(resource);
  const now: Array<readonly [string, number]> = counted.length > 0 ? [['in the app', counted.length]] : [];
  if (existing.length > 0) now.push(['in the namespace', existing.length]);
  const more: Array<readonly [string, number]> = [];
  const unnamed = (name: string): boolean =>
    !counted.some((object) => object.name === name) && !existing.some((object) => object.name === name);
  if (resource === 'configmaps') {
    if (unnamed('kube-root-ca.crt')) now.push(['kube-root-ca.crt', 1]);
    const versioned = counted.filter(
      ({ node: { scope } }) => scope instanceof VersionedConfigMap && scope.reload === 'version',
    ).length;
    if (versioned > 0) more.push(['next versions, while old ones stay for rollbacks', versioned]);
  }
  if (resource === 'serviceaccounts' && unnamed('default')) now.push(['default', 1]);
  if (resource === 'secrets') {
    const needed = [...placed.secrets].filter(unnamed).length;
    if (needed > 0) now.push(['that the app refers to', needed]);
  }
  if (resource === 'persistentvolumeclaims') {
    for (const workload of placed.workloads) {
      const numbers = workload.claims.map((claim) => numberOf(claim, workload));
      const [number, stopping] = [
        total(numbers.map((each) => each.number)),
        total(numbers.map((each) => each.stopping)),
      ];
      if (number > 0) now.push([`of ${titleOf(workload)}`, number]);
      if (stopping > 0) more.push([`of terminating pods of ${titleOf(workload)}`, stopping]);
    }
  }
  if (resource === 'replicasets.apps') {
    const deployments = placed.ofResource('deployments.apps');
    if (deployments.length > 0) now.push(['of Deployments', deployments.length]);
    const history = deployments.reduce(
      (sum, object) => sum + (countAt(placed.wireOf(object), 'spec', 'revisionHistoryLimit') ?? 10),
      0,
    );
    if (history > 0) more.push(['old ones of Deployments, for rollbacks', history]);
  }
  if (resource === 'jobs.batch') {
    const cronJobs = placed.ofResource('cronjobs.batch').map((object) => placed.wireOf(object));
    if (cronJobs.length > 0) now.push(['of CronJobs', cronJobs.length]);
    const history = cronJobs.reduce<number>(
      (sum, job) =>
        sum +
        (countAt(job, 'spec', 'successfulJobsHistoryLimit') ?? 3) +
        (countAt(job, 'spec', 'failedJobsHistoryLimit') ?? 1),
      0,
    );
    if (history > 0) more.push(['finished ones of CronJobs', history]);
  }
  return { now, more };
}

/**
 * Quota of Services beyond their count. A load balancer has a node port for each port, unless disabled.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/quota/v1/evaluator/core/services.go
 */
export function servicePorts(placed: Placed, key: 'services.loadbalancers' | 'services.nodeports'): ObjectCount {
  const now = placed.ofResource('services').flatMap((object): Array<readonly [string, number]> => {
    const manifest = placed.wireOf(object);
    const type = textAt(manifest, 'spec', 'type');
    const ports = list(part(manifest, 'spec', 'ports'));
    const explicit = ports.filter((port) => (countAt(port, 'nodePort') ?? 0) !== 0);
    const isBalancer = type === 'LoadBalancer';
    const allocated =
      isBalancer && part(manifest, 'spec', 'allocateLoadBalancerNodePorts') === false ? explicit : ports;
    const nodePorts = isBalancer || type === 'NodePort' ? allocated.length : 0;
    const number = key === 'services.loadbalancers' ? Number(isBalancer) : nodePorts;
    return number === 0 ? [] : [[`of Service ${object.node.path}`, number]];
  });
  return { now, more: [] };
}

/** Claims of one kind. */
export interface ClaimCount {
  readonly what: string;
  readonly number: number;
  /** Of terminating pods. */
  readonly stopping: number;
  readonly storage: Nanos;
  readonly storageClass?: string;
}

/** Claims with their requested storage: claims of workloads count once for each pod. */
export function claimsOf(placed: Placed, unreadable: string[]): ClaimCount[] {
  const single = placed.ofResource('persistentvolumeclaims').map((object) => ({
    what: `PersistentVolumeClaim ${object.node.path}`,
    number: 1,
    stopping: 0,
    ...toClaim(placed.wireOf(object), unreadable),
  }));
  const templates = placed.workloads.flatMap((workload) =>
    workload.claims.map((claim) => ({ what: titleOf(workload), ...numberOf(claim, workload), ...claim })),
  );
  return [...single, ...templates];
}

/** The number of claims for each claim of a workload. */
function numberOf(
  { ephemeral }: ClaimDemand,
  { most, surge, stopping }: WorkloadDemand,
): Pick<ClaimCount, 'number' | 'stopping'> {
  return ephemeral ? { number: most + surge, stopping } : { number: most, stopping: 0 };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
