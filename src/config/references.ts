import { Construct, type IConstruct } from 'constructs';
import type { ISecretRef, SecretKeyRef } from '../interop/references';
import { unquoted, Verbatim } from '../kernel/findings/describe';
import type { Hint } from '../kernel/findings/finding';
import type { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import { nameObject } from '../kernel/model/same-cluster';
import { type Check, confidential, isPlain } from '../kernel/schema/checks';
import { configKey, dnsSubdomain } from '../kernel/schema/syntax';

/** The name of a Secret that `owner` may use. */
export function readSecretName(
  owner: IConstruct,
  secret: ISecretRef,
  problems: Problems,
  prop: string,
): string | undefined {
  const name = secretName(secret, problems, prop);
  if (name !== undefined) refuseOtherNamespace(owner, secret, problems, prop);
  return name;
}

/** The name of a Secret in any namespace. */
export function secretName(secret: ISecretRef, problems: Problems, prop: string): string | undefined {
  const { kind = SECRET, name } = (secret ?? {}) as Partial<ISecretRef>;
  if (typeof name !== 'string' || kind !== SECRET) {
    // it may be the credential itself
    problems.refuse(prop, unquoted(secret), 'a Secret reference', {
      rule: 'props/value',
      fix: "Use SecretRef.named('...') or a VersionedSecret",
    });
    return undefined;
  }
  return dnsSubdomain.read(name, (given, expected) =>
    problems.refuse(`${prop}.name`, given, expected, { rule: 'app/object-name', fix: 'Write the name of the Secret' }),
  );
}

/** The kind of Secrets; plain JavaScript may omit it. */
const SECRET = 'Secret';

/** Refuses an object of another namespace. A rule refuses another cluster, when all profiles are assigned. */
export function refuseOtherNamespace(owner: IConstruct, other: unknown, problems: Problems, prop: string): void {
  if (Construct.isConstruct(other) && !refusesNamespace(owner, other, problems, prop)) {
    nameObject({ owner, other, prop, ...DECLARE_THERE });
  }
}

/** The expectation and fix for an object on another cluster. */
export const DECLARE_THERE = { expected: 'an object', fix: 'Declare it in a chart of that cluster' };

/** Refuses an object that the pods of `owner` cannot find in their namespace; returns whether it did. */
export function refusesNamespace(owner: IConstruct, other: IConstruct, problems: Problems, prop: string): boolean {
  const namespace = foreignNamespace(owner, other);
  if (namespace === undefined) return false;
  problems.refuse(
    prop,
    new Verbatim(`'${other.node.path}' in namespace '${namespace}'`),
    `an object of namespace '${namespaceOf(owner)}'`,
    {
      rule: 'reference/other-namespace',
      fix: 'Declare it in a chart of that namespace: pods can only use objects of their own namespace',
    },
  );
  return true;
}

/** The namespace of `other`, if it is known to differ from that of `owner`. */
export function foreignNamespace(owner: IConstruct, other: unknown): string | undefined {
  if (!Construct.isConstruct(other)) return undefined;
  const [theirs, own] = [namespaceOf(other), namespaceOf(owner)];
  return own !== undefined && theirs !== own ? theirs : undefined;
}

/** One key of a Secret. */
export const secretKeyRef: Check<SecretKeyRef> = confidential({
  expected: 'a SecretKeyRef: a Secret, and a key of it',
  read(value, refuse) {
    if (!isPlain(value) || !isPlain(value.secret) || typeof value.key !== 'string') {
      return void refuse(value, this.expected);
    }
    const key = configKey.read(value.key, (given, expected) => refuse(given, expected, '.key'));
    return key === undefined ? undefined : (value as unknown as SecretKeyRef);
  },
});

/** The password of another block, unless its Secret is in a namespace that `owner` does not use. */
export function usablePassword(
  owner: IConstruct,
  target: IConstruct,
  password: SecretKeyRef | undefined,
  problems: Problems,
  prop: string,
  hint: Hint,
): SecretKeyRef | undefined {
  // a Secret that is known only by name is in the namespace of the target
  const elsewhere =
    password && foreignNamespace(owner, Construct.isConstruct(password.secret) ? password.secret : target);
  if (elsewhere === undefined) return password;
  problems.refuse(
    prop,
    new Verbatim(`a password in namespace '${elsewhere}'`),
    `one in namespace '${namespaceOf(owner)}', whose Secrets the pods can mount`,
    { rule: 'reference/other-namespace', ...hint },
  );
  return undefined;
}
