import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { isInChart } from './names';
import { Verbatim } from '../findings/describe';
import type { Problems } from '../findings/problems';

const asked = new WeakMap<IConstruct, Set<IConstruct>>();

/**
 * Refuses a block of another cluster, where its names and labels mean other objects, or none.
 *
 * - Asked at synthesis: a profile can be assigned later.
 * - Once for two blocks that name each other, as both ends of an edge do: the first one says it.
 */
export function refuseOtherCluster(owner: IConstruct, other: IConstruct, problems: Problems, prop: string, fix: string): void {
  if (owner === other || asked.get(other)?.has(owner)) return;
  const known = asked.get(owner);
  if (known) known.add(other);
  else asked.set(owner, new Set([other]));
  problems.atSynth((late) => refuseForeignCluster(owner, other, late, prop, { expected: 'a block', fix }));
}

/** The same, to be asked at synthesis. What is outside of all charts is shared by those of several clusters. */
export function refuseForeignCluster(owner: IConstruct, other: IConstruct, problems: Problems, prop: string, { expected, fix }: { readonly expected: string; readonly fix: string }): void {
  const [theirs, own] = [clusterOf(other).name, clusterOf(owner).name];
  if (theirs === own || !isInChart(other)) return;
  problems.refuse(prop, new Verbatim(`'${other.node.path}' on cluster '${theirs}'`), `${expected} on cluster '${own}'`, { rule: 'reference/other-cluster', fix });
}
