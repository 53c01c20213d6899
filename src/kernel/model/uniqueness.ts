import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { isNodePort, nodePortsOf } from './node-ports';
import { withoutConsequences } from './same-cause';
import { landingNamespace } from '../../kubernetes/cluster-scoped';
import { AppModel } from '../facts/app-model';
import type { AppView } from '../facts/app-view';
import { type Finding, type RuleHint, toFinding } from '../findings/finding';
import { addSource } from '../findings/sources';

declare module '../facts/fact-map' {
  interface FactMap {
    readonly object: ApiObject;
    readonly claim: Claim;
    readonly lateClaim: LateClaim;
    readonly duplicateAdvice: DuplicateAdvice;
  }
}

/** A thing that may exist once on a cluster. */
interface Claim {
  readonly what: string;
  readonly owner: IConstruct;
  readonly hint: RuleHint;
}

/** One that follows from other facts; it can be nothing. */
interface LateClaim {
  readonly what: () => string | undefined;
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

const OWN = Symbol.for('cdk8s-best-practices/own');

/** Makes sure that the app of an object of ours has no second one of its name. */
export function watchDuplicates(object: ApiObject): void {
  const model = AppModel.of(object);
  Object.defineProperty(object, OWN, { value: true });
  model.add('object', object);
  watch(object, model);
}

/** Declares that `what` may exist once on the cluster of `owner`. */
export function claimUnique(owner: IConstruct, what: Claim['what'] | LateClaim['what'], hint: RuleHint): void {
  const model = AppModel.of(owner);
  if (typeof what === 'string') model.add('claim', { owner, what, hint });
  else model.add('lateClaim', { owner, what, hint });
  watch(owner, model);
}

function watch(construct: IConstruct, model: AppModel): void {
  if (model.first(duplicates)) addSource(construct.node.root, duplicates);
}

/** Says what to do about a second object of the name, where another name is no way out. */
export function adviseOnDuplicate(object: IConstruct, hint: RuleHint): void {
  AppModel.of(object).add('duplicateAdvice', { object, hint });
}

/** What an app would create twice on one cluster. Most passes find no name a second time, and look no further. */
function duplicates(view: AppView): Finding[] {
  const [claims, objects] = [repeatedClaims(view), repeatedObjects(view)];
  return claims.length + objects.length === 0 ? [] : findingsOf([...claims, ...objects.map((object) => suspectOf(object, view))]);
}

const byWhat = ({ what }: Claim): string[] => [what];
/** Those that are node ports. */
const byNodePort = ({ what }: Claim): boolean[] => (isNodePort(what) ? [true] : []);

function repeatedClaims(view: AppView): Suspect[] {
  const late = view.all('lateClaim').flatMap(({ owner, what, hint }): Claim[] => {
    const now = what();
    return now === undefined ? [] : [{ owner, hint, what: now }];
  });
  const others = [...late, ...nodePortsOfOthers(view)];
  const shared = view.shared('claim', byWhat);
  if (shared.size + others.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { what } of others) counts.set(what, (counts.get(what) ?? view.by('claim', byWhat, what).length) + 1);
  const isRepeated = ({ what }: Claim): boolean => shared.has(what) || (counts.get(what) ?? 0) > 1;
  return [...view.all('claim'), ...others].filter(isRepeated);
}

const keyOf = ({ kind, name }: ApiObject): string => `${kind} ${name}`;
const byKey = (object: ApiObject): string[] => [keyOf(object)];

/** Objects whose kind and name others have, too. Those of ours are known; those of others are looked for in each pass. */
function repeatedObjects(view: AppView): ApiObject[] {
  const suspicious = new Set(view.shared('object', byKey));
  const foreign = new Set<string>();
  for (const object of view.objects) {
    if (OWN in object) continue;
    const key = keyOf(object);
    if (foreign.has(key) || view.by('object', byKey, key).length > 0) suspicious.add(key);
    foreign.add(key);
  }
  return suspicious.size === 0 ? [] : view.objects.filter((object) => suspicious.has(keyOf(object)));
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
function nodePortsOfOthers(view: AppView): Claim[] {
  const ports = view.by('claim', byNodePort, true);
  if (ports.length === 0) return [];
  const [wanted, owners] = [new Set(ports.map(({ what }) => what)), new Set(ports.map(({ owner }) => owner))];
  return view.objects.filter(({ node }) => !owners.has(node.scope as IConstruct))
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
  const found = [...holders.values()].filter((same) => same.length > 1).map((same) => ({
    what: same[0].what,
    hint: same[0].hint,
    isWorkloadName: same[0].hint.rule === 'workload/duplicate-name',
    owners: same.map(({ owner }) => owner),
  }));
  return withoutConsequences(found).map(({ what, hint, owners }) => {
    const paths = owners.map(({ node: { path } }) => path);
    const got = `${owners.length} on cluster '${clusterOf(owners[0]).name}' (${paths.join(', ')})`;
    // of the one that was declared last: the others may have been there for long
    return toFinding(paths[paths.length - 1], { prop: '', subject: what, got, expected: 'one', ...hint });
  });
}
