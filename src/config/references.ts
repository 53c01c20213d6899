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
