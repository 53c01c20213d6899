import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { apiObjectsOf } from './api-objects';
import { clusterOf } from './cluster-facts';
import { isNodePort, nodePortsOf } from './node-ports';
import { PerApp } from './per-app';
import { forgetAnswers, PerSynthesis } from './per-synthesis';
import { landingNamespace } from '../../kubernetes/cluster-scoped';
import { type Finding, type RuleHint, toFinding } from '../findings/finding';
import { addSource } from '../findings/sources';

/** A thing that may exist once on a cluster. */
interface Claim {
  readonly what: string;
  readonly owner: IConstruct;
  readonly hint: RuleHint;
}

const claims = new PerApp<Claim[]>((root) => {
  addSource(root, () => findings.of(root));
  return [];
});

/** What an app would create twice on one cluster. */
const findings = new PerSynthesis((root) => {
  const [own, objects] = [claims.of(root), apiObjectsOf(root)];
  return duplicates([...own, ...objects.map(claimOf), ...nodePortsOfOthers(own, objects)]);
});

const OTHER_NAME: RuleHint = {
  rule: 'app/duplicate-object',
  fix: "Give one of them another id, 'name' or namespace, or assign them to two clusters with ClusterProfile",
};

/** Makes sure that the app of `construct` is searched for duplicate objects. */
export function watchDuplicates(construct: IConstruct): void {
  claims.of(construct);
  forgetAnswers();
}

/** Declares that `what` may exist once on the cluster of `owner`. */
export function claimUnique(owner: IConstruct, what: string, hint: RuleHint): void {
  claims.of(owner).push({ what, owner, hint });
  forgetAnswers();
}

const hints = new WeakMap<IConstruct, RuleHint>();

/** Says what to do about a second object of the name, where another name is no way out. */
export function adviseOnDuplicate(object: IConstruct, hint: RuleHint): void {
  hints.set(object, hint);
}

function claimOf(object: ApiObject): Claim {
  return {
    what: `${object.kind}${object.apiGroup === 'core' ? '' : `.${object.apiGroup}`} '${landingNamespace(object) ?? ''}/${object.name}'`,
    owner: object,
    hint: hints.get(object) ?? OTHER_NAME,
  };
}

/** Services of others are rendered only where a block of ours has a node port that they might have, too. */
function nodePortsOfOthers(own: readonly Claim[], objects: readonly ApiObject[]): Claim[] {
  const ports = own.filter(({ what }) => isNodePort(what));
  if (ports.length === 0) return [];
  const [wanted, owners] = [new Set(ports.map(({ what }) => what)), new Set(ports.map(({ owner }) => owner))];
  return objects.filter(({ node }) => !owners.has(node.scope as IConstruct))
    .flatMap((object) => nodePortsOf(object).filter((port) => wanted.has(port)).map((what) => ({ what, owner: object, hint: ports[0].hint })));
}

function duplicates(all: readonly Claim[]): Finding[] {
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
    const [{ what, owner, hint }] = same;
    return toFinding('', { prop: '', subject: what, got: `${same.length} on cluster '${clusterOf(owner).name}' (${paths})`, expected: 'one', ...hint });
  });
}
