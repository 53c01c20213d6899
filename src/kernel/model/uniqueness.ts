import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { isNodePort, nodePortsOf } from './node-ports';
import { landingNamespace } from '../../kubernetes/cluster-scoped';
import { AppModel } from '../facts/app-model';
import type { AppView } from '../facts/app-view';
import { type Finding, type RuleHint, toFinding } from '../findings/finding';
import { addSource } from '../findings/sources';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly claim: Claim;
    readonly duplicateAdvice: DuplicateAdvice;
  }
}

/** A thing that may exist once on a cluster. */
interface Claim {
  /** A function where it follows from other facts; it can give nothing. */
  readonly what: string | (() => string | undefined);
  readonly owner: IConstruct;
  readonly hint: RuleHint;
}

interface DuplicateAdvice {
  readonly object: IConstruct;
  readonly hint: RuleHint;
}

const OTHER_NAME: RuleHint = {
  rule: 'app/duplicate-object',
  fix: "Give one of them another id, 'name' or namespace, or assign them to two clusters with ClusterProfile",
};

/** Makes sure that the app of `construct` is searched for duplicate objects. */
export function watchDuplicates(construct: IConstruct): void {
  if (AppModel.of(construct).first(duplicates)) addSource(construct.node.root, duplicates);
}

/** Declares that `what` may exist once on the cluster of `owner`. */
export function claimUnique(owner: IConstruct, what: Claim['what'], hint: RuleHint): void {
  AppModel.of(owner).add('claim', { owner, what, hint });
  watchDuplicates(owner);
}

/** Says what to do about a second object of the name, where another name is no way out. */
export function adviseOnDuplicate(object: IConstruct, hint: RuleHint): void {
  AppModel.of(object).add('duplicateAdvice', { object, hint });
}

/** What an app would create twice on one cluster. Most passes find no name a second time, and look no further. */
function duplicates(view: AppView): Finding[] {
  const { objects } = view;
  const claims = view.all('claim');
  const ports = nodePortsOfOthers(claims, objects);
  const suspects = [
    ...repeated([...claims, ...ports], whatOf).map(({ what, ...claim }): Suspect => ({ ...claim, what: whatOf({ what }) ?? '' })),
    ...repeated(objects, ({ kind, name }) => `${kind} ${name}`).map((object) => suspectOf(object, view)),
  ];
  return suspects.length === 0 ? [] : findingsOf(suspects);
}

function whatOf({ what }: Pick<Claim, 'what'>): string | undefined {
  return typeof what === 'string' ? what : what();
}

/** Those whose key others have, too, in their order. */
function repeated<T>(all: readonly T[], keyOf: (one: T) => string | undefined): T[] {
  const first = new Map<string, T>();
  const found = new Set<T>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const other = first.get(key);
    if (other === undefined) first.set(key, one);
    else found.add(other).add(one);
  }
  return found.size === 0 ? [] : all.filter((one) => found.has(one));
}

interface Suspect {
  readonly what: string;
  readonly owner: IConstruct;
  readonly hint: RuleHint;
}

const byObject = ({ object }: DuplicateAdvice): IConstruct[] => [object];

function suspectOf(object: ApiObject, view: AppView): Suspect {
  return {
    what: `${object.kind}${object.apiGroup === 'core' ? '' : `.${object.apiGroup}`} '${landingNamespace(object) ?? ''}/${object.name}'`,
    owner: object,
    hint: view.by('duplicateAdvice', byObject, object)[0]?.hint ?? OTHER_NAME,
  };
}

/** Services of others are rendered only where a block of ours has a node port that they might have, too. */
function nodePortsOfOthers(own: readonly Claim[], objects: readonly ApiObject[]): Claim[] {
  const ports = own.filter((claim) => isNodePort(whatOf(claim) ?? ''));
  if (ports.length === 0) return [];
  const [wanted, owners] = [new Set(ports.map(whatOf)), new Set(ports.map(({ owner }) => owner))];
  return objects.filter(({ node }) => !owners.has(node.scope as IConstruct))
    .flatMap((object) => nodePortsOf(object).filter((port) => wanted.has(port)).map((what) => ({ what, owner: object, hint: ports[0].hint })));
}

function findingsOf(suspects: readonly Suspect[]): Finding[] {
  const holders = new Map<string, Suspect[]>();
  for (const suspect of suspects) {
    // asked only now: a profile can be assigned after the blocks are there
    const key = `${clusterOf(suspect.owner).name}\n${suspect.what}`;
    const others = holders.get(key);
    if (others) others.push(suspect);
    else holders.set(key, [suspect]);
  }
  return [...holders.values()].filter((same) => same.length > 1).map((same) => {
    const paths = same.map(({ owner }) => owner.node.path).join(', ');
    const [{ what, owner, hint }] = same;
    return toFinding('', { prop: '', subject: what, got: `${same.length} on cluster '${clusterOf(owner).name}' (${paths})`, expected: 'one', ...hint });
  });
}
