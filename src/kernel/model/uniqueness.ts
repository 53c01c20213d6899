import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { isNodePort, nodePortsOf } from './node-ports';
import { landingNamespace } from '../../kubernetes/cluster-scoped';
import { addCheck, AppModel } from '../facts/app-model';
import type { AppView } from '../facts/app-view';

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
  readonly fix: string;
}

interface DuplicateAdvice {
  readonly object: IConstruct;
  readonly fix: string;
}

/** Makes sure that the app of `construct` is searched for duplicate objects. */
export function watchDuplicates(construct: IConstruct): void {
  if (AppModel.of(construct).first(duplicates)) addCheck(construct.node.root, duplicates);
}

/** Declares that `what` may exist once on the cluster of `owner`. */
export function claimUnique(owner: IConstruct, what: Claim['what'], fix: string): void {
  AppModel.of(owner).add('claim', { owner, what, fix });
  watchDuplicates(owner);
}

/** Overrides the suggested fix where renaming is no way out. */
export function adviseOnDuplicate(object: IConstruct, fix: string): void {
  AppModel.of(object).add('duplicateAdvice', { object, fix });
}

/** What an app would create twice on one cluster. Most passes find no name a second time, and look no further. */
function duplicates(view: AppView): string[] {
  const { objects } = view;
  const claims = view.all('claim');
  const ports = nodePortsOfOthers(claims, objects);
  const suspects = [
    ...repeated([...claims, ...ports], whatOf).map((claim): Found => ({ owner: claim.owner, fix: claim.fix, what: whatOf(claim) ?? '' })),
    ...repeated(objects, ({ kind, name }) => `${kind} ${name}`).map(nameOf),
  ];
  return suspects.length === 0 ? [] : messagesOf(suspects, view);
}

function whatOf({ what }: Claim): string | undefined {
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

interface Found {
  readonly what: string;
  readonly owner: IConstruct;
  /** Left out for the name of an object. */
  readonly fix?: string;
}

function nameOf(object: ApiObject): Found {
  return {
    what: `${object.kind}${object.apiGroup === 'core' ? '' : `.${object.apiGroup}`} '${landingNamespace(object) ?? ''}/${object.name}'`,
    owner: object,
  };
}

/** Services of others are rendered only where a block of ours has a node port that they might have, too. */
function nodePortsOfOthers(own: readonly Claim[], objects: readonly ApiObject[]): Claim[] {
  const ports = own.filter((claim) => isNodePort(whatOf(claim) ?? ''));
  if (ports.length === 0) return [];
  const [wanted, owners] = [new Set(ports.map(whatOf)), new Set(ports.map(({ owner }) => owner))];
  return objects.filter(({ node }) => !owners.has(node.scope as IConstruct))
    .flatMap((object) => nodePortsOf(object).filter((port) => wanted.has(port)).map((what) => ({ what, owner: object, fix: ports[0].fix })));
}

const byObject = ({ object }: DuplicateAdvice): IConstruct[] => [object];

function fixOf({ owner, fix }: Found, view: AppView): string {
  return fix ?? view.by('duplicateAdvice', byObject, owner)[0]?.fix
    ?? "Give one of them another id, 'name' or namespace, or assign them to two clusters with ClusterProfile (DX-03)";
}

function messagesOf(all: readonly Found[], view: AppView): string[] {
  const holders = new Map<string, Found[]>();
  for (const claim of all) {
    // asked only now: a profile can be assigned after the blocks are there
    const key = `${clusterOf(claim.owner).name}\n${claim.what}`;
    const others = holders.get(key);
    if (others) others.push(claim);
    else holders.set(key, [claim]);
  }
  return [...holders.values()].filter((same) => same.length > 1).map((same) => {
    const paths = same.map(({ owner }) => owner.node.path).join(', ');
    return `${same[0].what}: got ${same.length} on cluster '${clusterOf(same[0].owner).name}' (${paths}), expected one. ${fixOf(same[0], view)}`;
  });
}
