import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { apiObjectsOf } from './api-objects';
import { clusterOf } from './cluster-facts';
import { isNodePort, nodePortsOf } from './node-ports';
import { PerApp } from './per-app';
import { forgetAnswers, PerSynthesis } from './per-synthesis';
import { landingNamespace } from '../../kubernetes/cluster-scoped';

/** A thing that may exist once on a cluster. */
interface Claim {
  readonly what: string;
  readonly owner: IConstruct;
  readonly fix: string;
}

const claims = new PerApp<Claim[]>((root) => {
  root.node.addValidation({ validate: () => messages.of(root) });
  return [];
});

/** What an app would create twice on one cluster. */
const messages = new PerSynthesis((root) => {
  const [own, objects] = [claims.of(root), apiObjectsOf(root)];
  return duplicates([...own, ...objects.map(claimOf), ...nodePortsOfOthers(own, objects)]);
});

/** Makes sure that the app of `construct` is searched for duplicate objects. */
export function watchDuplicates(construct: IConstruct): void {
  claims.of(construct);
  forgetAnswers();
}

/** Declares that `what` may exist once on the cluster of `owner`. */
export function claimUnique(owner: IConstruct, what: string, fix: string): void {
  claims.of(owner).push({ what, owner, fix });
  forgetAnswers();
}

const fixes = new WeakMap<IConstruct, string>();

/** Says what to do about a second object of the name, where another name is no way out. */
export function adviseOnDuplicate(object: IConstruct, fix: string): void {
  fixes.set(object, fix);
}

function claimOf(object: ApiObject): Claim {
  return {
    what: `${object.kind}${object.apiGroup === 'core' ? '' : `.${object.apiGroup}`} '${landingNamespace(object) ?? ''}/${object.name}'`,
    owner: object,
    fix: fixes.get(object) ?? "Give one of them another id, 'name' or namespace, or assign them to two clusters with ClusterProfile (DX-03)",
  };
}

/** Services of others are rendered only where a block of ours has a node port that they might have, too. */
function nodePortsOfOthers(own: readonly Claim[], objects: readonly ApiObject[]): Claim[] {
  const ports = own.filter(({ what }) => isNodePort(what));
  if (ports.length === 0) return [];
  const [wanted, owners] = [new Set(ports.map(({ what }) => what)), new Set(ports.map(({ owner }) => owner))];
  return objects.filter(({ node }) => !owners.has(node.scope as IConstruct))
    .flatMap((object) => nodePortsOf(object).filter((port) => wanted.has(port)).map((what) => ({ what, owner: object, fix: ports[0].fix })));
}

function duplicates(all: readonly Claim[]): string[] {
  const holders = new Map<string, Claim[]>();
  for (const claim of all) {
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
