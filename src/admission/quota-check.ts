import type { WorkloadDemand } from './demand';
import { toAmounts } from './demand-of-manifest';
import type { LimitRules } from './limit-rules';
import { filledPod } from './limit-rules';
import { claimsOf, countedResource, countObjects, type ObjectCount, servicePorts, type Share } from './object-counts';
import type { Placed } from './placed';
import { missing, podUsage } from './pod-usage';
import { inScope } from './quota-scopes';
import { part, textAt } from './wire';
import { binaryText, decimalText, type Nanos, ONE } from '../foundation/api-quantity';

/** A quota that is too small, or that a pod is refused by. */
export interface QuotaFinding {
  readonly quota: string;
  /** The key in `hard`. */
  readonly key: string;
  /** What is needed, with the sum. */
  readonly got: string;
  readonly expected: string;
  readonly fix: string;
}

export interface QuotaFindings {
  readonly refused: readonly QuotaFinding[];
  /** What would be too much for a time only. */
  readonly tight: readonly QuotaFinding[];
}

const CLASS_KEY = /^(?<storageClass>.+)\.storageclass\.storage\.k8s\.io\/(?<what>requests\.storage|persistentvolumeclaims)$/;
/** Workloads of a sum that a message names; the rest is in one item. */
const NAMED = 12;

interface Needed {
  readonly unit: 'pods' | 'objects' | 'storage';
  readonly now: readonly Share[];
  readonly more: readonly Share[];
}

/** Compares a ResourceQuota, as it is on the wire, with what is placed in its namespace. `rules` are those of its LimitRanges. */
export function checkQuota(quota: unknown, placed: Placed, rules: readonly LimitRules[], unreadable: string[]): QuotaFindings {
  const name = textAt(quota, 'metadata', 'name') ?? '';
  const workloads = placed.workloads
    .map((workload) => ({ ...workload, pod: filledPod(workload.pod, rules).pod }))
    .filter(({ pod }) => inScope(quota, pod))
    .map((workload) => ({ ...workload, usage: podUsage(workload.pod) }));
  const refused: QuotaFinding[] = [];
  const tight: QuotaFinding[] = [];
  for (const [key, hard] of Object.entries(toAmounts(part(quota, 'spec', 'hard'), unreadable)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const text = textOf(key);
    for (const { path, kind, pod } of workloads) {
      const without = missing(pod, key);
      if (without.length > 0) {
        refused.push({ quota: name, key, got: `no value for it in container ${without.map((container) => `'${container}'`).join(', ')} of ${kind} ${path}`, expected: 'one in each container: with this quota, the API refuses other pods', fix: 'Give the container resources, or the LimitRange a default' });
      }
    }
    const needed = neededOf(key, placed, workloads, unreadable);
    if (needed === undefined) continue;
    const now = sum(needed.now);
    const peak = now + sum(needed.more);
    const expected = `at most ${text(hard)} (quota ${key})`;
    if (now > hard) {
      refused.push({ quota: name, key, got: `${text(now)} (${describe(needed.now, text)})`, expected, fix: needed.unit === 'pods' ? 'Raise the quota, or lower replicas, the maximum of autoscaling, or resources' : 'Raise the quota, or remove what is not needed' });
    } else if (peak > hard) {
      tight.push({ quota: name, key, got: `${text(peak)} (${text(now)}, and ${describe(needed.more, text)})`, expected, fix: needed.unit === 'pods' ? 'A rollout waits for pods that still stop; raise the quota if it should not' : 'Raise the quota, or delete old ones in time' });
    }
  }
  return { refused, tight };
}

/** What a quota of that kind has to hold; nothing for a kind that is not known, which the API does not count either. */
function neededOf(key: string, placed: Placed, workloads: ReadonlyArray<WorkloadDemand & { readonly usage: Readonly<Record<string, Nanos>> }>, unreadable: string[]): Needed | undefined {
  if (key === 'services.loadbalancers' || key === 'services.nodeports') return objects(servicePorts(placed, key));
  const resource = countedResource(key);
  if (resource !== undefined && resource !== 'pods') return objects(countObjects(placed, resource));
  const { storageClass, what = key } = CLASS_KEY.exec(key)?.groups ?? {};
  if (what === 'requests.storage' || storageClass !== undefined) {
    const claims = claimsOf(placed, unreadable).filter((claim) => storageClass === undefined || claim.storageClass === storageClass);
    return what === 'requests.storage'
      ? { unit: 'storage', more: [], now: claims.map((claim) => ({ what: claim.what, amount: claim.storage * BigInt(claim.number), sum: () => `${claim.number} x ${binaryText(claim.storage)}` })) }
      : objects({ now: claims.map((claim) => [`of ${claim.what}`, claim.number]), more: [] });
  }
  const shares = (pods: (workload: WorkloadDemand) => number): Share[] => workloads.map((workload) => {
    const each = workload.usage[key] ?? 0n;
    const { kind, path, counted } = workload;
    return { what: `${kind} ${path}`, amount: each * BigInt(pods(workload)), sum: () => `${pods(workload)} pods x ${textOf(key)(each)}${counted === undefined ? '' : `, ${counted}`}` };
  });
  // with no workload there is nothing to tell a kind by, and nothing to count
  return { unit: 'pods', now: shares(({ most, surge }) => most + surge), more: shares(({ stopping }) => stopping) };
}

function objects({ now, more }: ObjectCount): Needed {
  const shares = (counts: ObjectCount['now']): Share[] => counts.map(([what, number]) => ({ what, amount: BigInt(number) * ONE }));
  return { unit: 'objects', now: shares(now), more: shares(more) };
}

function sum(shares: readonly Share[]): Nanos {
  return shares.reduce((total, { amount }) => total + amount, 0n);
}

/** The largest first. */
function describe(shares: readonly Share[], text: (amount: Nanos) => string): string {
  const sorted = shares.filter(({ amount }) => amount > 0n).sort((a, b) => (a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1));
  const named = sorted.slice(0, NAMED).map(({ what, amount, sum: how }) => (how === undefined ? `${text(amount)} ${what}` : `${what}: ${how()} = ${text(amount)}`));
  const rest = sorted.slice(NAMED);
  return [...named, ...(rest.length === 0 ? [] : [`${rest.length} others: ${text(sum(rest))}`])].join('; ');
}

function textOf(key: string): (amount: Nanos) => string {
  return /memory|storage$|hugepages/.test(key) ? binaryText : decimalText;
}
