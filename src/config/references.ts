import { Construct, type IConstruct } from 'constructs';
import type { ISecretRef } from '../interop/references';
import { unquoted, Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { namespaceOf } from '../kernel/model/names';
import { nameObject } from '../kernel/model/same-cluster';
import { dnsSubdomain } from '../kernel/schema/syntax';

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

/** The name of a Secret, in whatever namespace. */
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
    problems.refuse(`${prop}.name`, given, expected, { rule: 'app/object-name', fix: 'Give the name of the Secret' }),
  );
}

/** The kind of Secrets; plain JavaScript may leave it out. */
const SECRET = 'Secret';

/** Refuses what is in another namespace. A rule refuses what is on another cluster, when all profiles are assigned. */
export function refuseOtherNamespace(owner: IConstruct, other: unknown, problems: Problems, prop: string): void {
  if (Construct.isConstruct(other) && !refusesNamespace(owner, other, problems, prop)) {
    nameObject({ owner, other, prop, ...DECLARE_THERE });
  }
}

/** What is expected of an object on another cluster, and what to do. */
export const DECLARE_THERE = { expected: 'an object', fix: 'Declare it in a chart of that one' };

/** Refuses what the pods of `owner` do not find beside them; tells whether it did. */
export function refusesNamespace(owner: IConstruct, other: IConstruct, problems: Problems, prop: string): boolean {
  const namespace = foreignNamespace(owner, other);
  if (namespace === undefined) return false;
  problems.refuse(
    prop,
    new Verbatim(`'${other.node.path}' in namespace '${namespace}'`),
    `an object of namespace '${namespaceOf(owner)}'`,
    {
      rule: 'reference/other-namespace',
      fix: 'Only what is in the own namespace can be used: declare it in a chart of that one',
    },
  );
  return true;
}

/** The namespace of `other`, where it is known to be another one than that of `owner`. */
export function foreignNamespace(owner: IConstruct, other: unknown): string | undefined {
  if (!Construct.isConstruct(other)) return undefined;
  const [theirs, own] = [namespaceOf(other), namespaceOf(owner)];
  return own !== undefined && theirs !== own ? theirs : undefined;
}
