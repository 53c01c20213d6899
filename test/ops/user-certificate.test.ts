import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { UserCertificate, type UserCertificateOptions } from '../../src';
import { untyped } from '../support';

/** Answers as a cluster with alice signed in: stores what is created, and approves on request. */
const KUBECTL = `#!/bin/sh
printf '%s\\n' "$*" >> "$BOX/calls"
case $* in
  'create -f -') cat > "$BOX/created" ;;
  *'{.spec.username}') printf '%s' "\${SUBMITTER:-alice}" ;;
  'auth whoami '*) printf '%s' "\${WHOAMI:-bob}" ;;
  *'{.spec.signerName} {.spec.expirationSeconds} {.spec.usages}')
    printf '%s %s ["digital signature","client auth"]' "$(sed -n 's/^  signerName: //p' "$BOX/created")" "\${EXPIRATION:-$(sed -n 's/^  expirationSeconds: //p' "$BOX/created")}" ;;
  *'{.spec.request}') sed -n 's/^  request: //p' "$BOX/created" ;;
  *'{.status.certificate}') [ ! -f "$BOX/certificate" ] || base64 < "$BOX/certificate" | tr -d '\\n' ;;
  'config set-credentials '*) for last in "$@"; do :; done; printf '%s' "$last" > "$BOX/credentials" ;;
esac
`;

/** A folder of one person, with a kubectl that keeps notes. */
class Desk {
  private readonly box = mkdtempSync(join(tmpdir(), 'certificate-'));

  public constructor(private readonly script: string) {
    mkdirSync(join(this.box, 'bin'));
    mkdirSync(join(this.box, 'desk'));
    writeFileSync(join(this.box, 'bin/kubectl'), KUBECTL);
    chmodSync(join(this.box, 'bin/kubectl'), 0o755);
  }

  public run(command: string, env: Record<string, string> = {}) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', this.script, 'certificate.sh', command], {
      cwd: join(this.box, 'desk'),
      env: { PATH: `${this.box}/bin:${process.env.PATH}`, BOX: this.box, HOME: this.box, ...env },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  public openssl(...args: string[]): string {
    const { stdout, stderr, status } = spawnSync('openssl', args, { cwd: join(this.box, 'desk'), encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  public file(extension: string): string {
    return readdirSync(join(this.box, 'desk')).find((file) => file.endsWith(`.${extension}`)) ?? '';
  }

  public mode(extension: string): string {
    return statSync(join(this.box, 'desk', this.file(extension)))
      .mode.toString(8)
      .slice(-3);
  }

  public read(file: string): string {
    return existsSync(join(this.box, file)) ? readFileSync(join(this.box, file), 'utf8') : '';
  }

  /** Signs the request as the cluster does. */
  public sign(): void {
    this.openssl(
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-subj',
      '/CN=ca',
      '-keyout',
      '../ca.key',
      '-out',
      '../ca.crt',
    );
    this.openssl(
      'x509',
      '-req',
      '-in',
      this.file('csr'),
      '-CA',
      '../ca.crt',
      '-CAkey',
      '../ca.key',
      '-CAcreateserial',
      '-days',
      '1',
      '-out',
      '../certificate',
    );
  }

  public remove(): void {
    rmSync(this.box, { recursive: true });
  }
}

function at<T>(options: UserCertificateOptions, use: (desk: Desk) => T): T {
  const desk = new Desk(UserCertificate.script(options));
  try {
    return use(desk);
  } finally {
    desk.remove();
  }
}

const JANE: UserCertificateOptions = { user: 'jane', groups: ['team-shop', 'on-call'] };

describe('the script of a certificate', () => {
  test('makes a key of the user, for nobody else, and a request with name and groups (S18, CH02-12)', () => {
    at(JANE, (desk) => {
      expect(desk.run('request').status).toBe(0);
      expect([desk.mode('key'), desk.file('key'), desk.file('csr')]).toEqual([
        '600',
        'jane-e855021f.key',
        'jane-e855021f.csr',
      ]);
      expect(desk.openssl('req', '-noout', '-subject', '-nameopt', 'RFC2253', '-in', desk.file('csr'))).toBe(
        'subject=CN=jane,O=on-call,O=team-shop\n',
      );
      expect(desk.openssl('pkey', '-noout', '-text', '-in', desk.file('key'))).toContain('NIST CURVE: P-256');
    });
  });

  test('has no key and no certificate in it', () => {
    expect(UserCertificate.script(JANE)).toBe(UserCertificate.script(JANE));
    expect(UserCertificate.script(JANE)).not.toMatch(/BEGIN|PRIVATE|[A-Za-z0-9+/]{60}/);
  });

  test('submits it for the signer of API clients, with a lifetime (S19, CH02-12)', () => {
    at({ user: 'jane', expiration: Duration.hours(8) }, (desk) => {
      desk.run('request');
      expect(desk.run('submit').status).toBe(0);
      const [head, request] = desk.read('created').split('  request: ');
      expect(head).toBe(
        'apiVersion: certificates.k8s.io/v1\nkind: CertificateSigningRequest\nmetadata:\n  name: jane-0f8681cd\nspec:\n  signerName: kubernetes.io/kube-apiserver-client\n  expirationSeconds: 28800\n  usages:\n    - digital signature\n    - client auth\n',
      );
      expect(Buffer.from(request, 'base64').toString()).toBe(desk.read(`desk/${desk.file('csr')}`));
    });
  });

  test('lets another person approve what is meant (S19, CH02-12)', () => {
    at(JANE, (desk) => {
      desk.run('request');
      desk.run('submit');
      expect(desk.run('approve').status).toBe(0);
      expect(desk.read('calls')).toMatch(/\ncertificate approve jane-e855021f\n$/);
    });
  });

  test.each<[string, (desk: Desk) => Record<string, string>, string]>([
    [
      'the one who submitted it',
      () => ({ WHOAMI: 'alice' }),
      'alice has submitted the request: another person must approve it',
    ],
    [
      'another lifetime',
      () => ({ EXPIRATION: '31536000' }),
      'The request is for something else: kubernetes.io/kube-apiserver-client 31536000 ["digital signature","client auth"]',
    ],
  ])('does not approve for %s', (_title, prepare, message) => {
    at(JANE, (desk) => {
      desk.run('request');
      desk.run('submit');
      const { status, stderr } = desk.run('approve', prepare(desk));
      expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
      expect(desk.read('calls')).not.toContain('certificate approve');
    });
  });

  test('does not approve another subject', () => {
    at(JANE, (desk) => {
      desk.openssl(
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        '/O=system:masters/CN=jane',
        '-keyout',
        '../evil.key',
        '-out',
        'jane-e855021f.csr',
      );
      desk.run('submit');
      const { status, stderr } = desk.run('approve');
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining(
          'The request is for subject=CN=jane,O=system:masters, not for subject=CN=jane,O=on-call,O=team-shop',
        ),
      ]);
      expect(desk.read('calls')).not.toContain('certificate approve');
    });
  });

  test('fetches the certificate, deletes the request, and signs the user in (S19)', () => {
    at({ user: '-jane $(id)' }, (desk) => {
      desk.run('request');
      desk.run('submit');
      expect(desk.run('fetch')).toMatchObject({
        status: 1,
        stderr: 'No certificate yet: approve the request, or wait for the signer\n',
      });
      desk.sign();
      expect(desk.run('fetch').status).toBe(0);
      expect(desk.read('calls')).toMatch(/\ndelete certificatesigningrequest jane-id-[0-9a-f]{8}\n$/);
      expect(desk.run('install').status).toBe(0);
      expect(desk.read('credentials')).toBe('-jane $(id)');
    });
  });

  test('does not install the certificate of another key, and does not replace a key', () => {
    at(JANE, (desk) => {
      desk.run('request');
      const key = desk.read(`desk/${desk.file('key')}`);
      expect(desk.run('request')).toMatchObject({
        status: 1,
        stderr: 'jane-e855021f.key exists: remove it to create a new key\n',
      });
      expect(desk.read(`desk/${desk.file('key')}`)).toBe(key);
      desk.openssl(
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        '/CN=jane',
        '-keyout',
        '../other.key',
        '-out',
        'jane-e855021f.crt',
      );
      expect(desk.run('install')).toMatchObject({
        status: 1,
        stderr: 'jane-e855021f.crt does not belong to jane-e855021f.key\n',
      });
    });
  });

  test('says what it can do', () => {
    at(JANE, (desk) =>
      expect(desk.run('')).toMatchObject({
        status: 1,
        stderr: 'usage: certificate.sh request | submit | approve | fetch | install\n',
      }),
    );
  });

  test('takes names as they are, whatever is in them', () => {
    const hostile = fc
      .string({
        minLength: 1,
        maxLength: 20,
        unit: fc.constantFrom(
          'a',
          'B',
          "'",
          '"',
          '$',
          '`',
          '\\',
          '/',
          '+',
          '=',
          ',',
          ';',
          '#',
          '*',
          '(',
          ' ',
          '-',
          'é',
          '%',
        ),
      })
      .filter((name) => name === name.trim());
    fc.assert(
      fc.property(hostile, fc.uniqueArray(hostile, { maxLength: 2 }), (user, groups) =>
        at({ user, groups }, (desk) => {
          expect(desk.run('request')).toMatchObject({ status: 0, stderr: '' });
          const lines = desk
            .openssl('req', '-noout', '-subject', '-nameopt', 'sep_multiline,utf8', '-in', desk.file('csr'))
            .split('\n')
            .slice(1, -1)
            .map((line) => line.trimStart());
          expect(lines).toEqual([...groups.map((group) => `O=${group}`), `CN=${user}`]);
        }),
      ),
      { numRuns: 40, seed: 42 },
    );
  });
});

test.each<[string, Record<string, unknown>, string]>([
  [
    'no user',
    {},
    "prop 'user': got nothing, expected 1 to 64 characters, without control characters or surrounding space, that do not begin with 'system:' or 'kubeadm:'. Name the user as in role bindings (CH02-12)",
  ],
  [
    'a user of Kubernetes',
    { user: 'system:kube-controller-manager' },
    "prop 'user': got 'system:kube-controller-manager', expected 1 to 64 characters",
  ],
  [
    'administrators of kubeadm',
    { user: 'jane', groups: ['kubeadm:cluster-admins'] },
    "prop 'groups[0]': got 'kubeadm:cluster-admins', expected 1 to 64 characters, without control characters or surrounding space, that do not begin with 'system:' or 'kubeadm:'. Use custom groups: reserved groups mean administrators or everyone (CH02-12)",
  ],
  [
    'administrators',
    { user: 'jane', groups: ['system:masters'] },
    "prop 'groups[0]': got 'system:masters', expected 1 to 64 characters, without control characters or surrounding space, that do not begin with 'system:' or 'kubeadm:'. Use custom groups: reserved groups mean administrators or everyone (CH02-12)",
  ],
  ['two lines', { user: 'jane\nO=x' }, "prop 'user': got 'jane O=x', expected 1 to 64 characters"],
  ['a long name', { user: 'x'.repeat(65) }, 'expected 1 to 64 characters'],
  [
    'a group twice',
    { user: 'jane', groups: ['a', 'a'] },
    "prop 'groups': got 'a', expected each group once. Remove one of them",
  ],
  [
    'a short lifetime',
    { user: 'jane', expiration: Duration.minutes(5) },
    "prop 'expiration': got 300 s, expected a Duration of 600 to 31536000 whole seconds. Write Duration.days(30), the default, or another",
  ],
  ['a long lifetime', { user: 'jane', expiration: Duration.days(366) }, "prop 'expiration': got 31622400 s"],
  ['a misspelt option', { user: 'jane', group: 'a' }, "Did you mean 'groups'?"],
])('a certificate is refused for %s (CH02-12)', (_title, options, message) => {
  expect(() => UserCertificate.script(untyped(options))).toThrow(message);
});

test('all bad options are named at once', () => {
  expect(() => UserCertificate.script(untyped({ user: 1, groups: 'a' }))).toThrow(
    /^UserCertificate\.script:\n {2}prop 'user': .*\n {2}prop 'groups': .*$/,
  );
});
