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
import { inScope } from '../kubernetes/quota-scopes';

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

const CLASS_KEY =
  /^(?<storageClass>.+)\.storageclass\.storage\.k8s\.io\/(?<what>requests\.storage|persistentvolumeclaims)$/;
/** Workloads of a sum that a message names; the rest is in one item. */
const NAMED = 12;

interface Needed {
  readonly unit: 'pods' | 'objects' | 'storage';
  readonly now: Sum;
  /** For a time. */
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
  /** As the LimitRanges leave it. */
  readonly pod: PodDemand;
  readonly usage: Amounts;
}

/**
 * Compares a ResourceQuota, as it is on the wire, with what is placed in its namespace. `rules` are those of its
 * LimitRanges.
 */
export function checkQuota(
  quota: unknown,
  placed: Placed,
  rules: readonly LimitRules[],
  unreadable: string[],
): QuotaFindings {
  const name = textAt(quota, 'metadata', 'name') ?? '';
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
          fix: 'Give the container resources, or the LimitRange a default',
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
            ? 'Raise the quota, or delete old ones in time'
            : 'A rollout waits for pods that still stop; raise the quota if it should not',
      });
    }
  }
  return { refused, tight };
}

/** What a quota of that kind has to hold; nothing for a kind that is not known, which the API does not count either. */
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
            more: claims.map((claim) => [`of pods of ${claim.what} that still stop`, claim.stopping]),
          },
          'storage',
        );
  }
  // with no workload there is nothing to tell a kind by, and nothing to count
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
