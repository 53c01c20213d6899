import type { IConstruct } from 'constructs';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';
import { isInChart } from '../kernel/model/names';

/** Refuses an object on another cluster. Charts of several clusters share what is outside all charts. */
export function refuseForeignCluster(
  owner: IConstruct,
  other: IConstruct,
  problems: Problems,
  prop: string,
  { expected, fix }: { readonly expected: string; readonly fix: string },
): void {
  const [theirs, own] = [clusterOf(other).name, clusterOf(owner).name];
  if (theirs === own || !isInChart(other)) return;
  problems.refuse(
    prop,
    new Verbatim(`'${other.node.path}' on cluster '${theirs}'`),
    `${expected} on cluster '${own}'`,
    {
      rule: 'reference/other-cluster',
      fix,
    },
  );
}
