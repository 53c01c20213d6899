import { createHash } from 'node:crypto';
import type { Duration } from 'cdk8s';
import { clientCertificate } from './scripts.generated';
import { isReservedIdentity, RESERVED_PREFIXES } from '../access/reserved-identities';
import { fillScript, shellWord } from '../kernel/emit/script';
import { Problems } from '../kernel/findings/problems';
import { SynthesisError } from '../kernel/findings/synthesis-error';
import { type Check, listOf, seconds, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';

/** Whom a certificate is for. */
export interface UserCertificateOptions {
  /** Name of the user, as roles are bound to it; at most 64 characters. No `system:` and `kubeadm:` names. */
  readonly user: string;

  /**
   * Groups of the user, each at most 64 characters. No `system:` groups: `system:masters` can never be taken away. No
   * `kubeadm:` groups: kubeadm binds `kubeadm:cluster-admins` to all rights.
   *
   * @default - none
   */
  readonly groups?: string[];

  /**
   * How long the certificate is valid: 10 minutes to 365 days. The cluster may shorten it. Nothing revokes a
   * certificate before its time.
   *
   * @default Duration.days(30)
   */
  readonly expiration?: Duration;
}

/** Whole days of the default. */
const DEFAULT_DAYS = 30;
const DAY = 24 * 60 * 60;
/** The API's least. */
const LEAST_SECONDS = 600;

// X.509 limits both to 64 characters; what would break a line breaks the display of the subject, too
const subjectName: Check<string> = that(
  `1 to 64 characters, without control characters and space at the ends, that do not begin with ${RESERVED_PREFIXES}`,
  (value) =>
    typeof value === 'string' &&
    value !== '' &&
    [...value].length <= 64 &&
    value === value.trim() &&
    !/\p{Cc}/u.test(value) &&
    !isReservedIdentity(value),
);

/**
 * A certificate for a person where there is no identity provider, which would be the better way (CH02-11).
 *
 * It writes no YAML: a key in version control is no key. What is written is a shell script, in which there is no secret
 * either; the key is made where the user runs it.
 *
 * ```ts
 * const script = UserCertificate.script({ user: 'jane', groups: ['team-shop'], expiration: Duration.days(30) });
 * writeFileSync('onboard-jane.sh', script);
 * ```
 */
export class UserCertificate {
  /**
   * A POSIX shell script with these commands, for openssl and kubectl (CH02-12):
   *
   * - `request`: the user makes a key, readable for nobody else, and a request;
   * - `submit`: somebody with access hands the request to the cluster;
   * - `approve`: another person compares subject, signer and lifetime with those of the script, and approves;
   * - `fetch`: gets the certificate, and deletes the request from the cluster;
   * - `install`: the user adds key and certificate to the kubeconfig.
   *
   * The user has no rights then: see `AccessGrant` with `Subject.user` (CH02-13).
   *
   * @throws an Error that names all bad options: there is no construct to report them
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
      fix: 'Name groups of your own: those of Kubernetes mean administrators, or everybody',
      practice: 'CH02-12',
    });
    const expiration = read.optional('expiration', seconds(LEAST_SECONDS, 365 * DAY), DEFAULT_DAYS * DAY);
    const twice = groups.find((group, index) => groups.indexOf(group) !== index);
    if (twice !== undefined) {
      read.refuse('groups', twice, 'each once', { rule: 'props/duplicate', fix: 'Remove one of them' });
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

/** A name for files and for the request: readable, and not that of another user. */
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

/** The subject in the words of `openssl req -subj`, in which `\` takes the meaning from `/`, `+` and itself. */
function subjectOf(user: string, groups: readonly string[]): string {
  const escape = (text: string): string => text.replace(/[\\/+]/g, String.raw`\$&`);
  return [...groups.map((group) => `/O=${escape(group)}`), `/CN=${escape(user)}`].join('');
}
