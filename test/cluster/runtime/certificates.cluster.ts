import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Duration, Testing } from 'cdk8s';
import { AccessGrant, AccessRole, Subject, UserCertificate } from 'cdk8s-best-practices';
import { eventually, run } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { STATE } from '../rig/places';
import { manifestsOf, ownNamespace } from '../rig/workbench';

const NAMESPACE = ownNamespace('certificates');
const { node } = Cluster;
const folder = mkdtempSync(join(STATE, 'certificates-'));
const USER = "jane o'hara";
const GROUPS = ['team-shop', 'on-call'];
const REQUESTS = 'certificatesigningrequests';

/** A kubeconfig of one person, with the rights of an administrator, or without any. */
function kubeconfigOf(person: string, administrator: boolean): string {
  const config = JSON.parse(readFileSync(node.kubeconfig, 'utf8')) as Manifest;
  // the administrator of the rig, under another name
  const acting = { ...config.users[0].user, 'as': person, 'as-groups': ['system:masters'] };
  const path = join(folder, `${person}.kubeconfig`);
  writeFileSync(path, JSON.stringify({ ...config, users: administrator ? [{ name: 'admin', user: acting }] : [] }));
  return path;
}

const [alice, bob, jane] = [kubeconfigOf('alice', true), kubeconfigOf('bob', true), kubeconfigOf('jane', false)];

function scriptOf(user: string, groups: string[]): string {
  return UserCertificate.script({ user, groups, expiration: Duration.hours(1) });
}

/** Runs one command of a script in the folder, as a person. */
async function as(kubeconfig: string, script: string, command: string): Promise<string> {
  return run('sh', ['-c', 'cd "$1"; shift; exec sh -s "$1"', 'sh', folder, command], {
    input: script,
    env: { KUBECONFIG: kubeconfig },
  });
}

const nameOf = (script: string): string => /^name='(.*)'$/m.exec(script)![1];

const kubectlOfJane = async (...args: string[]): Promise<string> =>
  run('kubectl', ['--user', USER, '--namespace', NAMESPACE, ...args], { env: { KUBECONFIG: jane } });

test('a user gets a certificate by the script, and is who the script says, with the rights of the grants', async () => {
  const script = scriptOf(USER, GROUPS);
  const app = Testing.app();
  new AccessGrant(new Chart(app, 'app', { namespace: NAMESPACE, disableResourceNameHashes: true }), 'team', {
    name: 'team',
    role: AccessRole.viewer(),
    subjects: [Subject.group('team-shop')],
  });
  await node.apply(...manifestsOf(app));

  await as(jane, script, 'request');
  await as(alice, script, 'submit');
  await expect(as(alice, script, 'approve')).rejects.toThrow(
    'alice has submitted the request: another person must approve it',
  );
  await as(bob, script, 'approve');
  await eventually('the certificate is signed', () => as(alice, script, 'fetch'), 20);
  await expect(node.kubectl('get', REQUESTS, nameOf(script))).rejects.toThrow('not found');
  await as(jane, script, 'install');

  const { username, groups } = (JSON.parse(await kubectlOfJane('auth', 'whoami', '--output', 'json')) as Manifest)
    .status.userInfo as { username: string; groups: string[] };
  // the signer makes one set of all groups, which has an order of its own
  expect([username, [...groups].sort()]).toEqual([USER, [...GROUPS, 'system:authenticated'].sort()]);
  const validity = await run('openssl', [
    'x509',
    '-noout',
    '-startdate',
    '-enddate',
    '-in',
    join(folder, `${nameOf(script)}.crt`),
  ]);
  const [start, end] = [...validity.matchAll(/=(.*)/g)].map(([, date]) => Date.parse(date));
  // the signer begins a little earlier, for clocks that are behind
  expect((end - start) / 60_000).toBeGreaterThan(55);
  expect((end - start) / 60_000).toBeLessThan(70);
  expect(await kubectlOfJane('get', 'pods')).toBe('');
  await expect(kubectlOfJane('get', 'secrets')).rejects.toThrow('Forbidden');
  figure(
    'The cluster signs a user certificate from the generated script, with its user and groups',
    `${username} with ${groups.length - 1} of ${GROUPS.length} groups, by 5 commands of 3 people; pods are shown, Secrets are not`,
  );
});

test('the script refuses to approve what it did not ask for', async () => {
  const script = scriptOf('kim', ['team-shop']);
  const name = nameOf(script);
  const fake = (changed: string): string => changed.replace(`name='${nameOf(changed)}'`, `name='${name}'`);
  const refusals: Record<string, [string, string]> = {
    'other groups': [fake(scriptOf('kim', ['team-shop', 'team-bank'])), 'The request is for subject='],
    'another user': [fake(scriptOf('jane', ['team-shop'])), 'The request is for subject='],
    'another signer': [
      script.replace("signer='kubernetes.io/kube-apiserver-client'", "signer='example.com/other'"),
      'The request is for something else: example.com/other',
    ],
    'a longer time': [
      script.replace('expiration=3600', 'expiration=31536000'),
      'The request is for something else: kubernetes.io/kube-apiserver-client 31536000',
    ],
    'more usages': [
      script.replace('    - client auth\n', '    - client auth\n    - key encipherment\n'),
      'The request is for something else: ',
    ],
  };
  for (const [what, [changed, message]] of Object.entries(refusals)) {
    expect(changed).not.toBe(script);
    await run('sh', ['-c', 'rm -f "$1".key "$1".csr', 'sh', join(folder, name)]);
    await as(jane, changed, 'request');
    await as(alice, changed, 'submit');
    await expect(as(bob, script, 'approve').then(() => what)).rejects.toThrow(message);
    expect([
      what,
      (JSON.parse(await node.kubectl('get', REQUESTS, name, '--output', 'json')) as Manifest).status,
    ]).toEqual([what, {}]);
    await node.kubectl('delete', REQUESTS, name);
  }
  const masters = fake(scriptOf('kim', ['masters']).replace('/O=masters', '/O=system:masters'));
  await run('sh', ['-c', 'rm -f "$1".key "$1".csr', 'sh', join(folder, name)]);
  await as(jane, masters, 'request');
  await expect(as(alice, masters, 'submit')).rejects.toThrow('system:masters');
  figure(
    'The script approves no request for another user, other groups, another signer, a longer time or more usages',
    `${Object.keys(refusals).length} of ${Object.keys(refusals).length} refused; a request for system:masters is refused by the cluster`,
  );
});
