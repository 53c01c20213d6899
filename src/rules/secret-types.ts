import type { IConstruct } from 'constructs';
import { foreignPods } from './pod-sets';
import { errorAt } from './verdicts';
import { type ForeignObject, foreignOf, placeOf } from '../foreign/foreign-objects';
import type { PassView } from '../kernel/facts/pass-view';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import type {} from '../kernel/model/required-secrets';
import type {} from '../kernel/model/secret-sources';
import { entries, list, part, textAt } from '../kernel/schema/manifest';
import { podTemplateOf } from '../kubernetes/pod-template';

const TLS = 'kubernetes.io/tls';
const PULL = 'kubernetes.io/dockerconfigjson';
const OLD_PULL = 'kubernetes.io/dockercfg';
const OPAQUE = 'Opaque';

/** The keys that the API server requires of a type. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  [TLS]: ['tls.crt', 'tls.key'],
  [PULL]: ['.dockerconfigjson'],
  [OLD_PULL]: ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

/** A Secret that the app writes, or that a controller writes for it. */
interface KnownSecret {
  readonly at: IConstruct;
  /** How messages name what writes it. */
  readonly title: string;
  readonly type: string;
  /** `undefined` if the content is elsewhere. */
  readonly keys?: readonly string[];
  /** Whether another rule compares the keys with those of the users. */
  readonly isDeclared?: true;
}

/** A use of a Secret, and the type and keys that it requires. */
interface Use {
  readonly at: IConstruct;
  readonly place: string;
  readonly name: string;
  readonly type: string;
  readonly keys: readonly string[];
  readonly what: string;
}

const types: LibraryRule = {
  kinds: ['object', 'sourcedSecret'],
  warns: false,
  judge: (view) => {
    const known = view.derive(knownSecrets);
    if (known.size === 0) return [];
    const uses = [...ownUses(view), ...foreignUses(view)];
    return [
      ...[...known.values()].flatMap(incomplete),
      ...uses.flatMap((use) => {
        const secret = known.get(`${use.place}\n${use.name}`);
        return secret === undefined ? [] : mismatch(use, secret);
      }),
    ];
  },
};

function knownSecrets(view: PassView): Map<string, KnownSecret> {
  const add = (
    { at, title, place }: ForeignObject,
    name: string,
    type = OPAQUE,
    keys?: readonly string[],
  ): readonly [string, KnownSecret] => [`${place}\n${name}`, { at, title, type, keys }];
  return new Map([
    ...view.all('sourcedSecret').map(({ owner, object, name, type, keys }) => {
      const title = `${object.kind} '${name}'`;
      const secret: KnownSecret = { at: owner, title, type, keys, isDeclared: true };
      return [`${placeOf(clusterOf(owner).name, namespaceOf(owner))}\n${name}`, secret] as const;
    }),
    ...foreignOf(view, 'external-secrets.io/ExternalSecret').map((object) => {
      const target = part(object.wire, 'spec', 'target');
      return add(object, textAt(target, 'name') ?? object.name, textAt(target, 'template', 'type'));
    }),
    ...foreignOf(view, 'bitnami.com/SealedSecret').map((object) => {
      const spec = part(object.wire, 'spec');
      return add(object, object.name, textAt(spec, 'template', 'type'), keysOf(part(spec, 'encryptedData')));
    }),
    ...foreignOf(view, 'core/Secret').map((object) =>
      add(object, object.name, textAt(object.wire, 'type'), [
        ...keysOf(part(object.wire, 'data')),
        ...keysOf(part(object.wire, 'stringData')),
      ]),
    ),
  ]);
}

function keysOf(data: unknown): string[] {
  return entries(data).map(([key]) => key);
}

/** Secrets that the API server refuses, whatever their use. */
function incomplete({ at, title, type, keys }: KnownSecret): Verdict[] {
  const needed = Object.hasOwn(KEYS, type) ? KEYS[type] : [];
  const missing = needed.filter((key) => keys !== undefined && !keys.includes(key));
  if (missing.length === 0) return [];
  return [
    errorAt(at, {
      rule: 'reference/secret-type',
      subject: title,
      got: `type ${type} without ${missing.join(', ')}`,
      expected: `the keys ${needed.join(', ')}`,
      fix: 'Add them, or change the type: the API server refuses the Secret',
    }),
  ];
}

function mismatch({ at, type, keys, what, name }: Use, secret: KnownSecret): Verdict[] {
  const isType = type === OPAQUE || type === secret.type || (type === PULL && secret.type === OLD_PULL);
  const missing = secret.isDeclared
    ? []
    : keys.filter((key) => secret.keys !== undefined && !secret.keys.includes(key));
  if (isType && (missing.length === 0 || Object.hasOwn(KEYS, secret.type))) return [];
  return [
    errorAt(at, {
      rule: 'reference/secret-type',
      subject: what,
      got: isType
        ? `Secret '${name}' ('${secret.at.node.path}') without ${missing.join(', ')}`
        : `Secret '${name}' ('${secret.at.node.path}') of type ${secret.type}`,
      expected: isType ? `the keys ${keys.join(', ')}` : `one of type ${type}`,
      fix: isType ? 'Add the keys to the Secret' : `Write type: '${type}' in the Secret`,
    }),
  ];
}

const BLOCK_USES: Readonly<Record<string, string>> = { [TLS]: 'TLS', [PULL]: 'pullSecrets' };

function ownUses(view: PassView): Use[] {
  return view
    .all('secretNeeds')
    .flatMap((read) => read())
    .map(({ user, namespace, name, type, keys }) => ({
      at: user,
      place: placeOf(clusterOf(user).name, namespace ?? namespaceOf(user)),
      name,
      type,
      keys,
      what: Object.hasOwn(BLOCK_USES, type) ? BLOCK_USES[type] : 'a Secret of the pods',
    }));
}

function foreignUses(view: PassView): Use[] {
  const pulls = foreignPods(view).flatMap(({ foreign }) =>
    foreign === undefined
      ? []
      : list(part(podTemplateOf(foreign.wire)?.pod, 'spec', 'imagePullSecrets')).flatMap((secret) =>
          useOf(foreign, textAt(secret, 'name'), PULL, `${foreign.title}: imagePullSecrets`),
        ),
  );
  const accounts = foreignOf(view, 'core/ServiceAccount').flatMap((account) =>
    list(part(account.wire, 'imagePullSecrets')).flatMap((secret) =>
      useOf(account, textAt(secret, 'name'), PULL, `${account.title}: imagePullSecrets`),
    ),
  );
  const hosts = foreignOf(view, 'networking.k8s.io/Ingress').flatMap((ingress) =>
    list(part(ingress.wire, 'spec', 'tls')).flatMap((tls) =>
      useOf(ingress, textAt(tls, 'secretName'), TLS, `${ingress.title}: spec.tls`),
    ),
  );
  const gateways = foreignOf(view, 'gateway.networking.k8s.io/Gateway').flatMap((gateway) =>
    list(part(gateway.wire, 'spec', 'listeners'))
      .flatMap((listener) => list(part(listener, 'tls', 'certificateRefs')))
      .filter((reference) => (textAt(reference, 'namespace') ?? gateway.namespace) === gateway.namespace)
      .flatMap((reference) => useOf(gateway, textAt(reference, 'name'), TLS, `${gateway.title}: spec.listeners`)),
  );
  return [...pulls, ...accounts, ...hosts, ...gateways];
}

function useOf(object: ForeignObject, name: string | undefined, type: string, what: string): Use[] {
  return name === undefined ? [] : [{ at: object.at, place: object.place, name, type, keys: KEYS[type], what }];
}

export const RULES = [types];
