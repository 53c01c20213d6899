import type { IConstruct } from 'constructs';
import { foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import type {} from '../kernel/model/secret-sources';
import { list, part } from '../kernel/schema/manifest';

/** A store of the External Secrets Operator in the app. */
interface KnownStore {
  readonly kind: string;
  readonly name: string;
  readonly cluster: string;
  readonly namespace?: string;
  /** The namespaces that it serves; none if all do, or if a selector says so. */
  readonly serves?: readonly string[];
}

/** A store as an ExternalSecret names it. */
export interface NamedStore {
  readonly at: IConstruct;
  readonly cluster: string;
  readonly namespace: string | undefined;
  readonly kind: string;
  readonly name: string;
}

function readStores(view: PassView): KnownStore[] {
  return [
    ...view.all('secretStore').map(({ owner, name }) => ({
      kind: 'SecretStore',
      name,
      cluster: clusterOf(owner).name,
      namespace: namespaceOf(owner),
    })),
    ...foreignOf(view, 'external-secrets.io/SecretStore', 'external-secrets.io/ClusterSecretStore').map(
      ({ kind, name, cluster, namespace, wire }) => ({ kind, name, cluster, namespace, serves: servedBy(wire) }),
    ),
  ];
}

function servedBy(store: unknown): readonly string[] | undefined {
  const conditions = list(part(store, 'spec', 'conditions'));
  const isOpen = conditions.some(
    (condition) =>
      part(condition, 'namespaceSelector') !== undefined || part(condition, 'namespaceRegexes') !== undefined,
  );
  if (conditions.length === 0 || isOpen) return undefined;
  return conditions.flatMap((condition) =>
    list(part(condition, 'namespaces')).filter((name) => typeof name === 'string'),
  );
}

function statedStores(view: PassView): ReadonlySet<string> {
  return new Set(
    view
      .all('storeUse')
      .filter(({ isStated }) => isStated)
      .map(({ owner, name }) => `${placeOf(clusterOf(owner).name, namespaceOf(owner))}\n${name}`),
  );
}

/** Why no store answers to the name; `undefined` if one does. */
export interface MissingStore {
  readonly got: string;
  readonly expected: string;
  readonly fix: string;
}

export function missingStore(view: PassView, use: NamedStore): MissingStore | undefined {
  const { at, kind, name, cluster, namespace } = use;
  const all = view.derive(readStores).filter((store) => store.cluster === cluster);
  const isClusterWide = kind === 'ClusterSecretStore';
  const named = all.filter((store) => store.name === name);
  const own = named.filter((store) => store.kind === kind);
  const found = own.find((store) => isClusterWide || store.namespace === namespace);
  const got = `${kind} '${name}'`;
  if (found?.serves !== undefined && namespace !== undefined && !found.serves.includes(namespace)) {
    return {
      got: `${got}, whose conditions name ${found.serves.join(', ')}`,
      expected: `a store for the namespace '${namespace}'`,
      fix: 'Add the namespace to spec.conditions of the store',
    };
  }
  if (found !== undefined) return undefined;
  if (isClusterWide && (clusterOf(at).secretStores ?? []).includes(name)) return undefined;
  if (!isClusterWide && view.derive(statedStores).has(`${placeOf(cluster, namespace)}\n${name}`)) return undefined;
  const expected = isClusterWide
    ? 'a ClusterSecretStore of the app or of the ClusterProfile'
    : `a SecretStore of the app in the namespace of the ExternalSecret`;
  if (own.length > 0) {
    return {
      got: `${got} of namespace '${own[0].namespace ?? ''}'`,
      expected,
      fix: 'Declare a SecretStore in a chart of this namespace: a store serves its own namespace only',
    };
  }
  if (named.length > 0) {
    return {
      got: `${got}, and the app has a ${named[0].kind} of that name`,
      expected,
      fix: isClusterWide ? 'Pass the SecretStore itself' : "Use SecretStoreRef.clusterWide('...')",
    };
  }
  return {
    got: `${got}, which the app does not have`,
    expected,
    fix: isClusterWide
      ? "List it in 'secretStores' of the ClusterProfile"
      : "Declare a SecretStore, or write SecretStoreRef.existing('...') if another app writes it",
  };
}
