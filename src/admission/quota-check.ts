import { titleOf, type WorkloadDemand } from './demand';
import { memoized } from './memoized';
import {
  type ClaimCount,
  claimsOf,
  countedResource,
  countObjects,
  type ObjectCount,
  servicePorts,
  type Share,
} from './object-counts';
import type { Placed } from './placed';
import { part, textAt } from '../kernel/schema/manifest';
import { filledPod, type LimitRules } from '../kubernetes/limit-rules';
import { type Amounts, missing, type PodDemand, podUsage, toAmounts } from '../kubernetes/pod-demand';
import { binaryText, decimalText, type Nanos, ONE } from '../kubernetes/quantity';
import { inScope, isOfClaims } from '../kubernetes/quota-scopes';

/** A quota that is too small, or that refuses a pod. */
export interface QuotaFinding {
  readonly quota: string;
  /** The key in `hard`. */
  readonly key: string;
  /** The required amount, with its sum. */
  readonly got: string;
  readonly expected: string;
  readonly fix: string;
}

export interface QuotaFindings {
  readonly refused: readonly QuotaFinding[];
  /** Excess during rollouts only. */
  readonly tight: readonly QuotaFinding[];
}

const CLASS_KEY =
  /^(?<storageClass>.+)\.storageclass\.storage\.k8s\.io\/(?<what>requests\.storage|persistentvolumeclaims)$/;
/** Maximum number of workloads of a sum in a message; the rest is one item. */
const NAMED = 12;

interface Needed {
  readonly unit: 'pods' | 'objects' | 'storage';
  readonly now: Sum;
  /** Temporary. */
  readonly more: Sum;
}

interface Sum {
  readonly amount: Nanos;
  /** For messages. */
  readonly shares: () => readonly Share[];
}

/** A workload whose pods a quota counts. */
interface Counted {
  readonly workload: WorkloadDemand;
  /** After the LimitRanges. */
  readonly pod: PodDemand;
  readonly usage: Amounts;
}

/**
 * Compares a ResourceQuota in wire format with the contents of its namespace. `rules` are those of its LimitRanges.
 */
export function checkQuota(
  quota: unknown,
  placed: Placed,
  rules: readonly LimitRules[],
  unreadable: string[],
): QuotaFindings {
  const name = textAt(quota, 'metadata', 'name') ?? '';
  // the class of a claim can change after its creation
  if (isOfClaims(quota)) return { refused: [], tight: [] };
  const admitted = memoized((asked: PodDemand): Omit<Counted, 'workload'> | undefined => {
    const { pod } = filledPod(asked, rules);
    return inScope(quota, pod) ? { pod, usage: podUsage(pod) } : undefined;
  });
  const counted = placed.workloads.flatMap((workload): Counted[] => {
    const pod = admitted(workload.pod);
    return pod === undefined ? [] : [{ workload, ...pod }];
  });
  const refused: QuotaFinding[] = [];
  const tight: QuotaFinding[] = [];
  for (const [key, hard] of Object.entries(toAmounts(part(quota, 'spec', 'hard'), unreadable)).sort(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const text = textOf(key);
    const missingIn = memoized((pod: PodDemand) => missing(pod, key));
    for (const { workload, pod } of counted) {
      const without = missingIn(pod);
      if (without.length > 0) {
        refused.push({
          quota: name,
          key,
          got:
            `no value for it in container ${without.map((container) => `'${container}'`).join(', ')} of ` +
            `${titleOf(workload)}`,
          expected: 'one in each container: with this quota, the API refuses other pods',
          fix: 'Set resources on the container, or a default in the LimitRange',
        });
      }
    }
    const needed = neededOf(key, placed, counted, unreadable);
    if (needed === undefined) continue;
    const now = needed.now.amount;
    const peak = now + needed.more.amount;
    const expected = `at most ${text(hard)} (quota ${key})`;
    if (now > hard) {
      refused.push({
        quota: name,
        key,
        got: `${text(now)} (${describe(needed.now.shares(), text)})`,
        expected,
        fix:
          needed.unit === 'pods'
            ? 'Raise the quota, or lower replicas, the maximum of autoscaling, or resources'
            : 'Raise the quota, or remove what is not needed',
      });
    } else if (peak > hard) {
      tight.push({
        quota: name,
        key,
        got: `${text(peak)} (${text(now)}, and ${describe(needed.more.shares(), text)})`,
        expected,
        fix:
          needed.unit === 'objects'
            ? 'Raise the quota, or delete old objects in time'
            : 'A rollout waits for terminating pods. Raise the quota to avoid the wait',
      });
    }
  }
  return { refused, tight };
}

/** The required amount for a quota; nothing for an unknown kind, which the API does not count either. */
function neededOf(key: string, placed: Placed, counted: readonly Counted[], unreadable: string[]): Needed | undefined {
  if (key === 'services.loadbalancers' || key === 'services.nodeports') return objects(servicePorts(placed, key));
  const resource = countedResource(key);
  if (resource !== undefined && resource !== 'pods') {
    return objects(countObjects(placed, resource), resource === 'persistentvolumeclaims' ? 'storage' : 'objects');
  }
  const { storageClass, what = key } = CLASS_KEY.exec(key)?.groups ?? {};
  if (what === 'requests.storage' || storageClass !== undefined) {
    const claims = claimsOf(placed, unreadable).filter(
      (claim) => storageClass === undefined || claim.storageClass === storageClass,
    );
    return what === 'requests.storage'
      ? {
          unit: 'storage',
          now: ofStorage(claims, ({ number }) => number),
          more: ofStorage(claims, ({ stopping }) => stopping),
        }
      : objects(
          {
            now: claims.map((claim) => [`of ${claim.what}`, claim.number]),
            more: claims.map((claim) => [`of terminating pods of ${claim.what}`, claim.stopping]),
          },
          'storage',
        );
  }
  // without a workload, there is no kind and nothing to count
  return {
    unit: 'pods',
    now: ofPods(key, counted, ({ most, surge }) => most + surge),
    more: ofPods(key, counted, ({ stopping }) => stopping),
  };
}

function ofPods(key: string, counted: readonly Counted[], podsOf: (workload: WorkloadDemand) => number): Sum {
  const share = ({ workload, usage }: Counted): Share => {
    const [pods, each] = [podsOf(workload), usage[key] ?? 0n];
    return {
      what: titleOf(workload),
      amount: each * BigInt(pods),
      sum: () => `${pods} pods x ${textOf(key)(each)}${workload.counted === undefined ? '' : `, ${workload.counted}`}`,
    };
  };
  return {
    amount: counted.reduce((sum, { workload, usage }) => sum + (usage[key] ?? 0n) * BigInt(podsOf(workload)), 0n),
    shares: () => counted.map(share),
  };
}

function ofStorage(claims: readonly ClaimCount[], numberOf: (claim: ClaimCount) => number): Sum {
  return sumOf(
    claims.map((claim) => ({
      what: claim.what,
      amount: claim.storage * BigInt(numberOf(claim)),
      sum: () => `${numberOf(claim)} x ${binaryText(claim.storage)}`,
    })),
  );
}

function objects({ now, more }: ObjectCount, unit: Needed['unit'] = 'objects'): Needed {
  const sum = (counts: ObjectCount['now']): Sum =>
    sumOf(counts.map(([what, number]) => ({ what, amount: BigInt(number) * ONE })));
  return { unit, now: sum(now), more: sum(more) };
}

function sumOf(shares: readonly Share[]): Sum {
  return { amount: total(shares), shares: () => shares };
}

function total(shares: readonly Share[]): Nanos {
  return shares.reduce((sum, { amount }) => sum + amount, 0n);
}

/** The largest first. */
function describe(shares: readonly Share[], text: (amount: Nanos) => string): string {
  const sorted = shares
    .filter(({ amount }) => amount > 0n)
    .sort((a, b) => (a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1));
  const named = sorted
    .slice(0, NAMED)
    .map(({ what, amount, sum: how }) =>
      how === undefined ? `${text(amount)} ${what}` : `${what}: ${how()} = ${text(amount)}`,
    );
  const rest = sorted.slice(NAMED);
  return [...named, ...(rest.length === 0 ? [] : [`${rest.length} others: ${text(total(rest))}`])].join('; ');
}

function textOf(key: string): (amount: Nanos) => string {
  return /memory|storage$|hugepages/.test(key) ? binaryText : decimalText;
}
