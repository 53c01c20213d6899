import type { IConstruct } from 'constructs';
import { clusterOf } from './cluster-facts';
import { namespaceOf } from './names';
import { sourcedSecrets } from './secret-sources';
import { AppModel } from '../facts/app-model';
import type { Facts } from '../facts/fact-map';

/** A Secret that a block refers to and that must exist on the cluster. */
export interface SecretNeed {
  readonly user: IConstruct;
  /** Omitted for the namespace of the user's chart. */
  readonly namespace?: string;
  readonly name: string;
  readonly type: string;
  readonly keys: readonly string[];
}

/** The keys that a Secret has, as its declaration states them. */
export interface DeclaredSecret {
  readonly owner: IConstruct;
  readonly name: string;
  readonly keys: readonly string[];
}

declare module '../facts/fact-map' {
  interface FactMap {
    /** Known only when the app is complete. */
    readonly secretNeeds: () => readonly SecretNeed[];
    readonly declaredSecret: DeclaredSecret;
  }
}

export function needSecret(need: SecretNeed): void {
  AppModel.of(need.user).add('secretNeeds', () => [need]);
}

/** Says with which Secrets all pods of a namespace pull images. */
export function needPullSecrets(user: IConstruct, namespace: string, names: readonly string[]): void {
  for (const name of names) {
    needSecret({ user, namespace, name, type: 'kubernetes.io/dockerconfigjson', keys: ['.dockerconfigjson'] });
  }
}

/** Needs that are known only when the app is complete. */
export function needSecretsLater(user: IConstruct, read: () => readonly SecretNeed[]): void {
  AppModel.of(user).add('secretNeeds', read);
}

const DEFAULT_TYPE = 'Opaque';

export interface RequiredSecretSettings {
  readonly cluster: string;
  readonly namespace: string | undefined;
  readonly name: string;
  type: string;
  readonly keys: string[];
  readonly users: string[];
}

/**
 * Every Secret that must exist before an app, or a part of it, starts. Each occurs once, in order of cluster, namespace
 * and name. A Secret that an object of the app creates is none of them.
 */
export function requiredSecrets(facts: Facts, inside?: ReadonlySet<IConstruct>): RequiredSecretSettings[] {
  const found = new Map<string, RequiredSecretSettings>();
  const created = sourcedSecrets(facts);
  for (const need of facts
    .all('secretNeeds')
    .flatMap((read) => read())
    .filter(({ user }) => inside?.has(user) ?? true)) {
    const cluster = clusterOf(need.user).name;
    const namespace = need.namespace ?? namespaceOf(need.user);
    const id = JSON.stringify([cluster, namespace ?? '', need.name]);
    if (created.has(id)) continue;
    const entry = found.get(id) ?? { cluster, namespace, name: need.name, type: need.type, keys: [], users: [] };
    for (const key of need.keys) if (!entry.keys.includes(key)) entry.keys.push(key);
    // a reader of some keys does not know the type
    if (entry.type === DEFAULT_TYPE) entry.type = need.type;
    if (!entry.users.includes(need.user.node.path)) entry.users.push(need.user.node.path);
    entry.keys.sort();
    found.set(id, entry);
  }
  return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}
