import { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isBlock } from '../kernel/findings/sources';

/** A duplicate: `what` exists more than once, and its owners. */
export interface Duplicate {
  readonly what: string;
  /** Two workloads with one name; their other duplicates follow from it. */
  readonly isWorkloadName: boolean;
  readonly owners: readonly IConstruct[];
}

/**
 * Leaves out consequences of another duplicate. Two blocks with one name create several duplicate objects, but the
 * mistake is one.
 */
export function withoutConsequences<T extends Duplicate>(all: readonly T[]): T[] {
  if (all.length < 2) return [...all];
  const workloads = all.filter(({ isWorkloadName }) => isWorkloadName);
  const seen = new Set<string>();
  return all.filter((duplicate) => {
    if (duplicate.isWorkloadName) return true;
    if (workloads.some(({ owners }) => isWithin(duplicate.owners, owners))) return false;
    const blocks = duplicate.owners.map(blockOf);
    const cause =
      `${blocks.map(({ node }) => node.addr).join()} ` + `${blocks.every(isBlock) ? '' : nameIn(duplicate.what)}`;
    const isNew = !seen.has(cause);
    seen.add(cause);
    return isNew;
  });
}

/** Whether each owner is inside one of the blocks, and not all in the same one. */
function isWithin(owners: readonly IConstruct[], blocks: readonly IConstruct[]): boolean {
  const holders = owners.map((owner) => blocks.find((block) => owner.node.scopes.includes(block)));
  return !holders.includes(undefined) && new Set(holders).size > 1;
}

/** The construct that created an object; the object itself if that is a chart. */
function blockOf(owner: IConstruct): IConstruct {
  const { scope } = owner.node;
  return scope === undefined || Chart.isChart(scope) ? owner : scope;
}

/** The name in `Service 'shop/web'`, or the whole text if it names no object. */
function nameIn(what: string): string {
  return /^\S+ '([^']*)'$/.exec(what)?.[1] ?? what;
}
