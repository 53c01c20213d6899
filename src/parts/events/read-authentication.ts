import type { IConstruct } from 'constructs';
import { TriggerAuthentication, type TriggerIdentityOptions } from './trigger-authentication';
import { readSecretName, secretKeyRef } from '../../config/references';
import { VersionedSecret } from '../../config/versioned-secret';
import type { SecretKeyRef } from '../../interop/references';
import type { Problems } from '../../kernel/findings/problems';
import { keyPart } from '../../kernel/findings/prop-path';
import { needSecret } from '../../kernel/model/required-secrets';
import { boolean, instance, mapOf, matching } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsSubdomain, roleArn, uuid } from '../../kernel/schema/syntax';

/** A parameter from a key of a Secret, and the prop that names it. */
export interface Parameter {
  readonly from: SecretKeyRef;
  readonly prop: string;
}

/** Clouds, as KEDA names them. */
export type CloudName = 'aws' | 'azure-workload' | 'gcp';

/** The `podIdentity` of a TriggerAuthentication. */
interface IdentityOfTrigger {
  readonly provider: CloudName;
  readonly roleArn?: string;
  readonly identityOwner?: 'workload';
  readonly identityId?: string;
}

/** How KEDA authenticates: by an object that the block writes, or by an existing one. */
export type AuthenticationSettings =
  | { readonly kind: 'secrets'; readonly parameters: Readonly<Record<string, Parameter>> }
  | { readonly kind: 'identity'; readonly identity: IdentityOfTrigger }
  | {
      readonly kind: 'existing';
      readonly reference: { readonly kind: string; readonly name: string };
    };

export const AUTHENTICATION = instance(
  TriggerAuthentication,
  'a TriggerAuthentication, e.g. TriggerAuthentication.secrets(...)',
);
export const AUTHENTICATION_FIX = { fix: 'Use TriggerAuthentication.secrets(...) or TriggerAuthentication.aws()' };

const PARAMETER = matching(/^[A-Za-z][A-Za-z0-9]*$/, 63, 'the name of a parameter, such as password');
const PARAMETERS = mapOf(PARAMETER, secretKeyRef);

/** `known` are the parameters of the trigger; any if it is omitted. */
export function readAuthentication(
  given: TriggerAuthentication,
  problems: Problems,
  prop: string,
  known?: readonly string[],
): AuthenticationSettings | undefined {
  const { _kind: kind, _given: value } = given;
  if (kind === 'secrets') return readSecrets(value, problems, prop, known);
  if (kind === 'TriggerAuthentication' || kind === 'ClusterTriggerAuthentication') {
    const name = dnsSubdomain.read(value, (refused, expected) =>
      problems.refuse(`${prop}.name`, refused, expected, {
        rule: 'app/object-name',
        fix: `Write the name of the ${kind}`,
      }),
    );
    return name === undefined ? undefined : { kind: 'existing', reference: { kind, name } };
  }
  const read = new Reader<TriggerIdentityOptions>(problems, value, `${prop}.`);
  const [isAws, isAzure] = [kind === 'aws', kind === 'azure-workload'];
  const hint = { fix: 'Copy it from the console of the cloud' };
  const role = isAws ? read.optional('roleArn', roleArn, undefined, hint) : undefined;
  const ofWorkload = isAws ? read.optional('ofWorkload', boolean, false) : false;
  const identityId = isAzure ? read.optional('clientId', uuid, undefined, hint) : undefined;
  if (isAws && ofWorkload) read.conflict('roleArn', 'ofWorkload', { fix: 'Keep one: KEDA assumes one role' });
  read.refuseUnknown();
  return {
    kind: 'identity',
    identity: {
      provider: kind,
      roleArn: role,
      identityOwner: ofWorkload && role === undefined ? 'workload' : undefined,
      identityId,
    },
  };
}

function readSecrets(
  value: unknown,
  problems: Problems,
  prop: string,
  known: readonly string[] | undefined,
): AuthenticationSettings | undefined {
  const parameters = PARAMETERS.read(value, (refused, expected, at = '', fix?) =>
    problems.refuse(`${prop}${at}`, refused, expected, {
      rule: 'props/value',
      fix: fix ?? "Write the Secret and the key, such as SecretRef.named('rabbit') and 'uri'",
    }),
  );
  if (parameters === undefined) return undefined;
  const names = Object.keys(parameters);
  if (names.length === 0) {
    problems.refuse(prop, value, 'at least one parameter', {
      rule: 'props/empty-list',
      fix: 'Name the parameters that the trigger needs, or remove the prop',
    });
    return undefined;
  }
  for (const name of known === undefined ? [] : names.filter((one) => !known.includes(one))) {
    problems.refuse(`${prop}${keyPart(name)}`, name, `a parameter of the trigger: ${known!.join(', ')}`, {
      rule: 'scaling/trigger-parameter',
      fix: 'Write one of these: KEDA ignores others',
    });
  }
  return {
    kind: 'secrets',
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, from]) => [name, { from, prop: `${prop}${keyPart(name)}` }]),
    ),
  };
}

/**
 * The `spec` of a TriggerAuthentication, and the names of its Secrets; refuses Secrets that KEDA does not find in the
 * namespace.
 */
export function authenticationSpec(
  owner: IConstruct,
  settings: Exclude<AuthenticationSettings, { kind: 'existing' }>,
  problems: Problems,
): { readonly spec: object; readonly secrets: readonly string[] } {
  if (settings.kind === 'identity') return { spec: { podIdentity: settings.identity }, secrets: [] };
  const references = Object.entries(settings.parameters)
    .map(([parameter, { from, prop }]) => {
      const { secret, key } = from;
      const name = readSecretName(owner, secret, problems, `${prop}.secret`);
      if (name !== undefined) {
        const versioned = (secret as unknown) instanceof VersionedSecret ? (secret as VersionedSecret) : undefined;
        const type = versioned?.type ?? 'Opaque';
        needSecret({ user: owner, name, type, keys: [...(versioned?.keys ?? []), key] });
      }
      return { parameter, name, key };
    })
    .sort((a, b) => (a.parameter < b.parameter ? -1 : 1));
  return { spec: { secretTargetRef: references }, secrets: references.flatMap(({ name }) => name ?? []) };
}
