import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { withoutConsequences } from './same-cause';
import { foreignOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { type RuleHint, toFinding } from '../kernel/findings/finding';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { isNodePort, nodePortsOf } from '../kernel/model/node-ports';
import { type Claim, type DuplicateAdvice } from '../kernel/model/uniqueness';
import { list, part, textAt } from '../kernel/schema/manifest';
import { landingNamespace } from '../kubernetes/cluster-scoped';

const OTHER_NAME: RuleHint = {
  rule: 'app/duplicate-object',
  fix: "Give one of them another id, 'name' or namespace, or assign them to two clusters with ClusterProfile",
};

/** Duplicate objects on one cluster. Most passes find no repeated name and stop early. */
const duplicates: LibraryRule = {
  kinds: ['object', 'claim', 'lateClaim'],
  warns: false,
  judge: (view) => {
    const [claims, objects] = [repeatedClaims(view), repeatedObjects(view)];
    if (claims.length + objects.length === 0) return [];
    return verdictsOf([...claims, ...objects.map((object) => suspectOf(object, view))]);
  },
};

const byWhat = ({ what }: Claim): string[] => [what];
/** Claims of node ports. */
const byNodePort = ({ what }: Claim): boolean[] => (isNodePort(what) ? [true] : []);

function repeatedClaims(view: PassView): Suspect[] {
  const late = view.all('lateClaim').flatMap(({ owner, what, hint }): Claim[] => {
    const now = what();
    return now === undefined ? [] : [{ owner, hint, what: now }];
  });
  const others = [...late, ...nodePortsOfOthers(view), ...routesOfOthers(view)];
  const shared = view.shared('claim', byWhat);
  if (shared.size + others.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { what } of others) counts.set(what, (counts.get(what) ?? view.by('claim', byWhat, what).length) + 1);
  const isRepeated = ({ what }: Claim): boolean => shared.has(what) || (counts.get(what) ?? 0) > 1;
  return [...view.all('claim'), ...others].filter(isRepeated);
}

const keyOf = ({ kind, name }: ApiObject): string => `${kind} ${name}`;
const byKey = (object: ApiObject): string[] => [keyOf(object)];

/**
 * Objects with a repeated kind and name. Ours are indexed; those of other libraries are searched in each pass.
 */
function repeatedObjects(view: PassView): ApiObject[] {
  const suspicious = new Set(view.shared('object', byKey));
  const foreign = new Set<string>();
  for (const object of view.foreignObjects) {
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

function suspectOf(object: ApiObject, view: PassView): Suspect {
  return {
    what:
      `${object.kind}${object.apiGroup === 'core' ? '' : `.${object.apiGroup}`} ` +
      `'${landingNamespace(object) ?? ''}/${object.name}'`,
    owner: object,
    hint: view.by('duplicateAdvice', byObject, object)[0]?.hint ?? OTHER_NAME,
  };
}

/** Services of other libraries are rendered only if a block of ours claims a node port. */
function nodePortsOfOthers(view: PassView): Claim[] {
  const ports = view.by('claim', byNodePort, true);
  if (ports.length === 0) return [];
  const [wanted, owners] = [new Set(ports.map(({ what }) => what)), new Set(ports.map(({ owner }) => owner))];
  return view.objects
    .filter(({ node }) => !owners.has(node.scope as IConstruct))
    .flatMap((object) =>
      nodePortsOf(object)
        .filter((port) => wanted.has(port))
        .map((what) => ({ what, owner: object, hint: ports[0].hint })),
    );
}

/** Reports each duplicate at the construct that was declared last. */
function verdictsOf(suspects: readonly Suspect[]): Verdict[] {
  const holders = new Map<string, Suspect[]>();
  for (const suspect of suspects) {
    // looked up late: a profile can be assigned after the blocks exist
    const key = `${clusterOf(suspect.owner).name}\n${suspect.what}`;
    const others = holders.get(key);
    if (others) others.push(suspect);
    else holders.set(key, [suspect]);
  }
  const found = [...holders.values()]
    .filter((same) => same.length > 1)
    .map((same) => ({
      what: same[0].what,
      hint: same[0].hint,
      isWorkloadName: same[0].hint.rule === 'workload/duplicate-name',
      owners: same.map(({ owner }) => owner),
    }));
  return withoutConsequences(found).map(({ what, hint, owners }) => {
    const paths = owners.map(({ node: { path } }) => path);
    const got = `${owners.length} on cluster '${clusterOf(owners[0]).name}' (${paths.join(', ')})`;
    const construct = owners[owners.length - 1];
    const finding = toFinding(construct.node.path, { prop: '', subject: what, got, expected: 'one', ...hint });
    return { construct, finding };
  });
}

const ROUTE: RuleHint = {
  rule: 'routing/duplicate-route',
  fix: 'Each path of a host needs one backend: remove a route',
};

/** The routes of other Ingresses, as a routing claims its own. */
function routesOfOthers(view: PassView): Claim[] {
  return foreignOf(view, 'networking.k8s.io/Ingress').flatMap(({ at, wire }) => {
    const className =
      textAt(wire, 'spec', 'ingressClassName') ??
      textAt(wire, 'metadata', 'annotations', 'kubernetes.io/ingress.class');
    return list(part(wire, 'spec', 'rules')).flatMap((rule) =>
      list(part(rule, 'http', 'paths')).flatMap((given) => {
        const [host, path, type] = [textAt(rule, 'host'), textAt(given, 'path'), textAt(given, 'pathType')];
        // without them, the default class and all hosts are meant
        if (className === undefined || host === undefined || path === undefined || type === undefined) return [];
        const matched = type === 'Prefix' && path !== '/' ? path.replace(/\/$/, '') : path;
        return [{ what: `route ${type} '${host}${matched}' of class '${className}'`, owner: at, hint: ROUTE }];
      }),
    );
  });
}

export const RULES = [duplicates];
