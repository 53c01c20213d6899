import type { AuthenticationSettings, CloudName } from './read-authentication';
import { Verbatim } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';

/** Where the findings about the authentication of a trigger go. */
interface Place {
  readonly problems: Problems;
  readonly prop: string;
}

type Authentication = AuthenticationSettings | undefined;

const RULE = 'scaling/trigger-parameter';

export function hasParameter(authentication: Authentication, name: string): boolean {
  return authentication?.kind === 'secrets' && Object.hasOwn(authentication.parameters, name);
}

/** Refuses one parameter of two that KEDA takes together. */
export function needBoth(authentication: Authentication, { problems, prop }: Place, pair: [string, string]): void {
  const [first, second] = pair;
  const [hasFirst, hasSecond] = pair.map((name) => hasParameter(authentication, name));
  if (hasFirst === hasSecond) return;
  const [present, missing] = hasFirst ? [first, second] : [second, first];
  problems.refuse(`${prop}.authentication`, new Verbatim(`${present} without ${missing}`), 'both, or none', {
    rule: RULE,
    fix: `Add the parameter ${missing}`,
  });
}

const CLOUDS: Readonly<Record<CloudName, { readonly name: string; readonly factory: string }>> = {
  'aws': { name: 'AWS', factory: 'TriggerAuthentication.aws()' },
  'azure-workload': { name: 'Azure', factory: 'TriggerAuthentication.azure()' },
  'gcp': { name: 'Google Cloud', factory: 'TriggerAuthentication.gcp()' },
};

/** Refuses an identity that the trigger does not use: KEDA would connect without credentials. */
export function refuseOtherClouds(
  authentication: Authentication,
  used: readonly CloudName[],
  { problems, prop }: Place,
): void {
  if (authentication?.kind !== 'identity') return;
  const { provider } = authentication.identity;
  if (used.includes(provider)) return;
  const ways = [...used.map((cloud) => CLOUDS[cloud].factory), 'parameters of Secrets'];
  problems.refuse(
    `${prop}.authentication`,
    new Verbatim(`an identity of ${CLOUDS[provider].name}`),
    ways.join(', or '),
    {
      rule: RULE,
      fix: 'Use TriggerAuthentication.secrets(...): this trigger does not use the identity',
    },
  );
}

const CERTIFICATES = ['ca', 'cert', 'key', 'keyPassword'];

/** Refuses certificates that KEDA ignores. `tls` is the prop of the trigger; undefined if it has none. */
export function refuseUnusedCertificates(authentication: Authentication, tls: boolean | undefined, place: Place): void {
  const { problems, prop } = place;
  needBoth(authentication, place, ['cert', 'key']);
  const isInSecret = hasParameter(authentication, 'tls');
  if (tls === true && isInSecret) {
    problems.refuse(`${prop}.tls`, true, 'nothing beside the parameter tls', {
      rule: 'props/conflict',
      fix: 'Keep one of the two: KEDA refuses both together',
    });
  }
  const given = CERTIFICATES.filter((name) => hasParameter(authentication, name));
  if (given.length === 0 || tls === true || isInSecret) return;
  problems.refuse(
    `${prop}.authentication`,
    new Verbatim(`${given.join(', ')} without TLS`),
    tls === undefined ? 'also the parameter tls' : 'tls: true',
    {
      rule: RULE,
      fix:
        tls === undefined
          ? 'Add the parameter tls, from a key with the content enable: KEDA ignores certificates without it'
          : 'Write tls: true: KEDA ignores certificates without it',
    },
  );
}

/** The `authModes` of a Prometheus: KEDA reads them from the trigger alone, and sends no credentials without them. */
export function authModes(authentication: Authentication, place: Place): string | undefined {
  if (authentication?.kind !== 'secrets') return undefined;
  const { problems, prop } = place;
  needBoth(authentication, place, ['username', 'password']);
  needBoth(authentication, place, ['cert', 'key']);
  const isBearer = hasParameter(authentication, 'bearerToken');
  const isBasic = hasParameter(authentication, 'username');
  if (isBearer && isBasic) {
    problems.refuse(`${prop}.authentication`, new Verbatim('bearerToken and username'), 'one of them', {
      rule: RULE,
      fix: 'Keep the token, or user and password: KEDA refuses both together',
    });
  }
  const modes = [
    ...(isBearer ? ['bearer'] : []),
    ...(isBasic ? ['basic'] : []),
    ...(hasParameter(authentication, 'cert') ? ['tls'] : []),
  ];
  if (modes.length === 0 && hasParameter(authentication, 'ca')) {
    problems.refuse(`${prop}.authentication`, new Verbatim('ca alone'), 'credentials beside it', {
      rule: RULE,
      fix: 'Add bearerToken, or username and password, or cert and key: KEDA ignores the certificate without them',
    });
  }
  return modes.length === 0 ? undefined : modes.join(',');
}
