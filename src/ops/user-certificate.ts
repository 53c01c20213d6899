import { createHash } from 'node:crypto';
import type { Duration } from 'cdk8s';
import { clientCertificate } from './scripts.generated';
import { isReservedIdentity, RESERVED_PREFIXES } from '../access/reserved-identities';
import { fillScript, shellWord } from '../kernel/emit/script';
import { Problems } from '../kernel/findings/problems';
import { SynthesisError } from '../kernel/findings/synthesis-error';
import { type Check, listOf, seconds, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';

/** The owner of a certificate. */
export interface UserCertificateOptions {
  /** Name of the user, as in role bindings; at most 64 characters. `system:` and `kubeadm:` names are refused. */
  readonly user: string;

  /**
   * Groups of the user, each at most 64 characters. `system:` and `kubeadm:` groups are refused: `system:masters`
   * cannot be revoked, and `kubeadm:cluster-admins` has all rights.
   *
   * @default - none
   */
  readonly groups?: string[];

  /**
   * Validity of the certificate: 10 minutes to 365 days. The cluster may shorten it. Nothing revokes a certificate
   * before its expiry.
   *
   * @default Duration.days(30)
   */
  readonly expiration?: Duration;
}

/** Whole days of the default. */
const DEFAULT_DAYS = 30;
const DAY = 24 * 60 * 60;
/** The minimum of the API. */
const LEAST_SECONDS = 600;

// X.509 limits both to 64 characters; a line break would also break the display of the subject
const subjectName: Check<string> = that(
  `1 to 64 characters, without control characters or surrounding space, that do not begin with ${RESERVED_PREFIXES}`,
  (value) =>
    typeof value === 'string' &&
    value !== '' &&
    [...value].length <= 64 &&
    value === value.trim() &&
    !/\p{Cc}/u.test(value) &&
    !isReservedIdentity(value),
);

/**
 * A certificate for a person. Use it only without an identity provider, which is the better way (CH02-11).
 *
 * It writes no YAML, since a key in version control is no secret. It returns a shell script without secrets; the user
 * creates the key when running it.
 */
export class UserCertificate {
  /**
   * Returns a POSIX shell script with these commands, for openssl and kubectl (CH02-12):
   *
   * - `request`: the user creates a key, readable only for the user, and a request;
   * - `submit`: somebody with access submits the request to the cluster;
   * - `approve`: another person compares subject, signer and lifetime with those of the script, and approves;
   * - `fetch`: gets the certificate, and deletes the request from the cluster;
   * - `install`: the user adds key and certificate to the kubeconfig.
   *
   * The user then has no rights: see `AccessGrant` with `Subject.user` (CH02-13).
   *
   * @throws an Error that lists all invalid options: no construct exists to report them
   * @see https://kubernetes.io/docs/tasks/tls/certificate-issue-client-csr/
   */
  public static script(options: UserCertificateOptions): string {
    const problems = new Problems();
    const read = new Reader<UserCertificateOptions>(problems, options);
    const user = read.required('user', subjectName, '', {
      fix: 'Name the user as in role bindings',
      practice: 'CH02-12',
    });
    const groups = read.optional('groups', listOf(subjectName), [] as string[], {
      fix: 'Use custom groups: reserved groups mean administrators or everyone',
      practice: 'CH02-12',
    });
    const expiration = read.optional('expiration', seconds(LEAST_SECONDS, 365 * DAY), DEFAULT_DAYS * DAY);
    const twice = groups.find((group, index) => groups.indexOf(group) !== index);
    if (twice !== undefined) {
      read.refuse('groups', twice, 'each group once', { rule: 'props/duplicate', fix: 'Remove one of them' });
    }
    read.refuseUnknown();
    const findings = problems.findings();
    if (findings.length > 0) {
      throw new SynthesisError(
        `UserCertificate.script:\n${findings.map(({ message }) => `  ${message}`).join('\n')}`,
        findings,
      );
    }
    const name = objectName(user, groups);
    return fillScript(clientCertificate, {
      file: name,
      name: shellWord(name),
      user: shellWord(user),
      subject: shellWord(subjectOf(user, groups)),
      expiration,
    });
  }

  private constructor() {}
}

/** A readable name for files and for the request, unique to the user. */
function objectName(user: string, groups: readonly string[]): string {
  const readable =
    user
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40) || 'user';
  return `${readable}-${createHash('sha256')
    .update(JSON.stringify([user, groups]))
    .digest('hex')
    .slice(0, 8)}`.replace(/--+/g, '-');
}

/** The subject for `openssl req -subj`, where `\` escapes `/`, `+` and itself. */
function subjectOf(user: string, groups: readonly string[]): string {
  const escape = (text: string): string => text.replace(/[\\/+]/g, String.raw`\$&`);
  return [...groups.map((group) => `/O=${escape(group)}`), `/CN=${escape(user)}`].join('');
}
