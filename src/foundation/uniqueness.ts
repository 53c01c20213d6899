import type { IConstruct } from 'constructs';
import { apiObjectsOf } from './api-objects';
import { clusterOf } from './cluster-facts';
import { landingNamespace } from './cluster-scoped';
import { PerApp } from './per-app';

/** A thing that may exist once on a cluster. */
interface Claim {
  readonly what: string;
  readonly owner: IConstruct;
  readonly fix: string;
}

/**
 * Finds what an app would create twice on one cluster.
 *
 * The question concerns the whole app, but cdk8s validates once for every chart: the answer is kept until something
 * is added, and no longer than the current tick, since a synthesis is one synchronous call.
 */
class Uniqueness {
  private readonly claims: Claim[] = [];
  private answer: string[] | undefined;

  public constructor(private readonly root: IConstruct) {
    root.node.addValidation({ validate: () => this.messages() });
  }

  public add(claim: Claim): void {
    this.claims.push(claim);
    this.answer = undefined;
  }

  public forget(): void {
    this.answer = undefined;
  }

  private messages(): string[] {
    if (this.answer === undefined) {
      this.answer = duplicates([...this.claims, ...this.objects()]);
      queueMicrotask(() => this.forget());
    }
    return this.answer;
  }

  private objects(): Claim[] {
    return apiObjectsOf(this.root).map((object) => ({
      what: `${object.kind}${object.apiGroup === 'core' ? '' : `.${object.apiGroup}`} '${landingNamespace(object) ?? ''}/${object.name}'`,
      owner: object,
      fix: "Give one of them another id, 'name' or namespace, or assign them to two clusters with ClusterProfile (DX-03)",
    }));
  }
}

const perApp = new PerApp((root) => new Uniqueness(root));

/** Makes sure that the app of `construct` is searched for duplicate objects. */
export function watchDuplicates(construct: IConstruct): void {
  perApp.of(construct).forget();
}

/** Declares that `what` may exist once on the cluster of `owner`. */
export function claimUnique(owner: IConstruct, what: string, fix: string): void {
  perApp.of(owner).add({ what, owner, fix });
}

function duplicates(claims: readonly Claim[]): string[] {
  const holders = new Map<string, Claim[]>();
  for (const claim of claims) {
    // asked only now: a profile can be assigned after the blocks are there
    const key = `${clusterOf(claim.owner).name}\n${claim.what}`;
    const others = holders.get(key);
    if (others) others.push(claim);
    else holders.set(key, [claim]);
  }
  return [...holders.values()].filter((same) => same.length > 1).map((same) => {
    const paths = same.map(({ owner }) => owner.node.path).join(', ');
    return `${same[0].what}: got ${same.length} on cluster '${clusterOf(same[0].owner).name}' (${paths}), expected one. ${same[0].fix}`;
  });
}
