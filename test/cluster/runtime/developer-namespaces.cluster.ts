import { Chart, Duration, Size, Testing } from 'cdk8s';
import { Cpu, DeveloperNamespace, NamespaceReaper, Quota, TenantNamespace } from 'cdk8s-best-practices';
import { eventually } from '../../rig/processes';
import { rightsOf } from '../rig/access';
import { Allocator } from '../rig/allocator';
import { type Answer, Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { KUBECTL, loadKubectlImage } from '../rig/images';
import { manifestsOf, ownNamespace } from '../rig/workbench';

const NAMESPACE = ownNamespace('reaper');
const EXPIRED = 'reaper-expired';
const FRESH = 'reaper-fresh';
/** Its time is over, too, but nobody has said that it may be deleted. */
const TENANT = 'reaper-tenant';
/** Marked, without a time. */
const TIMELESS = 'reaper-timeless';
const REAPER = 'namespace-reaper';
const ACCOUNT = `system:serviceaccount:${NAMESPACE}:${REAPER}`;
const { node } = Cluster;

const manifests = synthesizeAll();
const isBinding = ({ kind }: Manifest): boolean => kind === 'ValidatingAdmissionPolicyBinding';

let reaper: Api;
beforeAll(async () => {
  // the policy is not in force without its binding
  await Promise.all([
    loadKubectlImage(),
    node.apply(...manifests.filter((manifest) => !isBinding(manifest)), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: TIMELESS, labels: { 'cdk8s-best-practices.dev/expires': 'true' } },
    }),
  ]);
  const token = (await node.kubectl('--namespace', NAMESPACE, 'create', 'token', REAPER)).trim();
  reaper = new Api(node, { authorization: `Bearer ${token}` });
});
afterAll(async () => {
  reaper?.close();
  await node.kubectl('delete', 'namespace', TIMELESS, '--wait=false');
  await node.remove(...manifests);
});

test('without its policy, the reaper fails and deletes nothing', async () => {
  const { succeeded, log } = await runNow('unguarded');
  expect({ succeeded, log }).toEqual({
    succeeded: false,
    log: `The policy ${REAPER} does not keep this account from deleting namespace ${NAMESPACE}: nothing is deleted\n`,
  });
  expect(await namespaces()).toEqual([EXPIRED, FRESH, TENANT, TIMELESS]);
  figure(
    'A reaper whose policy is missing fails and deletes nothing',
    `1 run failed, ${(await namespaces()).length} of 4 namespaces are still there`,
  );
});

test('the reaper deletes an expired namespace, and the policy keeps it from all that are not marked', async () => {
  await node.apply(...manifests.filter(isBinding));
  await eventually(
    'the policy is in force',
    async () => expect((await attempt(NAMESPACE)).body.message).toContain(REAPER),
    30,
  );

  const refused = { [TENANT]: 'label', [NAMESPACE]: 'label', [TIMELESS]: 'annotation' };
  for (const [name, what] of Object.entries(refused)) {
    const { status, body } = await reaper.request('DELETE', `/api/v1/namespaces/${name}`);
    expect([name, status, body.message]).toEqual([
      name,
      422,
      expect.stringMatching(
        `ValidatingAdmissionPolicy '${REAPER}' .*denied request: the reaper deletes only namespaces with the ${what} `,
      ),
    ]);
  }
  expect(await attemptsOnKubernetes()).toEqual([
    ['default', 403, expect.stringContaining('this namespace may not be deleted')],
    ['kube-system', 403, expect.stringContaining('this namespace may not be deleted')],
    ['kube-public', 403, expect.stringContaining('this namespace may not be deleted')],
    ['kube-node-lease', 422, expect.stringContaining('the reaper deletes no namespace of Kubernetes')],
  ]);
  expect([...(await rightsOf(node, 'ServiceAccount', ACCOUNT, NAMESPACE))].sort()).toEqual([
    'delete namespaces.',
    'list namespaces.',
  ]);

  // the mark without a time makes the run fail, so that somebody looks
  const { succeeded, log } = await runNow('hourly');
  expect(log.trim().split('\n').sort()).toEqual([
    `${EXPIRED}: deleted`,
    `${TIMELESS}: is marked, but has neither ttl nor expires-at`,
  ]);
  expect(succeeded).toBe(false);
  await eventually(
    'the expired namespace is gone',
    async () => expect(await namespaces()).toEqual([FRESH, TENANT, TIMELESS]),
    30,
  );

  await node.kubectl('annotate', 'namespace', TIMELESS, 'ttl=1h');
  expect(await runNow('again')).toEqual({ succeeded: true, log: '' });
  expect(await namespaces()).toEqual([FRESH, TENANT, TIMELESS]);
  figure(
    'The reaper deletes an expired namespace, and the cluster refuses to let it delete another',
    `1 of 1 expired namespace deleted, 3 of 3 others stay, ${Object.keys(refused).length + 4} of ${Object.keys(refused).length + 4} attempts with its token refused`,
  );
});

test('the commands of the guide make a namespace with the allocator, and take over none that is there', async () => {
  const allocator = new Allocator();
  const { commands } = allocator;
  await allocator.run(commands);
  const name = allocator.namespace;
  try {
    expect((await node.get('', `namespace/${name}`)).metadata).toMatchObject({
      labels: { 'cdk8s-best-practices.dev/expires': 'true' },
      annotations: { owner: 'jane@example.com', ttl: '120h' },
    });
    expect((await node.get(name, 'serviceaccount/default')).automountServiceAccountToken).toBe(false);
    expect((await node.get(name, 'rolebinding/edit')).subjects).toEqual([
      expect.objectContaining({ kind: 'User', name: 'jane@example.com' }),
    ]);
    expect((await node.get(name, `resourcequota/${name}`)).spec.hard['requests.cpu']).toBe('2');

    await node.kubectl('annotate', 'namespace', name, '--overwrite', 'ttl=240h');
    await expect(allocator.run(commands.slice(commands.indexOf('kubectl create')))).rejects.toThrow(
      `namespaces "${name}" already exists`,
    );
    expect((await node.get('', `namespace/${name}`)).metadata.annotations.ttl).toBe('240h');
    figure(
      'The commands of the guide allocate a namespace, and take over none that is there',
      '1 namespace made, 1 second attempt refused',
    );
  } finally {
    await node.kubectl('delete', 'namespace', name, '--wait=false');
  }
});

function synthesizeAll(): Manifest[] {
  const app = Testing.app();
  const tenants = new Chart(app, 'tenants', { disableResourceNameHashes: true });
  const owned = { owner: 'jane@example.com', team: 'reaper', purpose: 'Tests of the reaper' };
  new DeveloperNamespace(tenants, EXPIRED, { name: EXPIRED, ...owned, expires: '2020-02-29' });
  new DeveloperNamespace(tenants, FRESH, { name: FRESH, ...owned, ttl: Duration.hours(1) });
  new TenantNamespace(tenants, TENANT, {
    name: TENANT,
    ...owned,
    expires: '2020-02-29',
    quota: Quota.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }),
  });
  new NamespaceReaper(new Chart(app, 'reaper', { namespace: NAMESPACE, disableResourceNameHashes: true }), 'Default', {
    name: REAPER,
    image: KUBECTL,
  });
  return manifestsOf(app);
}

/** A run of the CronJob, to the end of its first attempt. */
async function runNow(name: string): Promise<{ succeeded: boolean; log: string }> {
  await node.kubectl('--namespace', NAMESPACE, 'create', 'job', name, `--from=cronjob/${REAPER}`);
  const phase = await eventually(`the run ${name} ends`, async () => {
    const [pod] = await node.list(NAMESPACE, 'pods', `batch.kubernetes.io/job-name=${name}`);
    expect(['Succeeded', 'Failed']).toContain(pod?.status.phase);
    return pod.status.phase as string;
  });
  const log = await node.kubectl('--namespace', NAMESPACE, 'logs', `job/${name}`);
  await node.kubectl('--namespace', NAMESPACE, 'delete', 'job', name, '--wait=false');
  return { succeeded: phase === 'Succeeded', log };
}

/** Those of this test that are there and not on their way out. */
async function namespaces(): Promise<string[]> {
  const all = await node.list('', 'namespaces', '');
  return all
    .filter(({ metadata }) => (metadata.name as string).startsWith(`${NAMESPACE}-`))
    .map(({ metadata, status }) =>
      status.phase === 'Terminating' ? `${metadata.name} ends` : (metadata.name as string),
    )
    .sort();
}

async function attempt(name: string): Promise<Answer> {
  return reaper.request('DELETE', `/api/v1/namespaces/${name}?dryRun=All`);
}

/**
 * Dry runs about the namespaces of Kubernetes. Of three, the API server refuses the deletion to everybody, before it
 * asks a policy; the fourth one would go, and is marked for the attempt.
 */
async function attemptsOnKubernetes(): Promise<Array<[string, number, string]>> {
  await node.kubectl('label', 'namespace', 'kube-node-lease', 'cdk8s-best-practices.dev/expires=true');
  await node.kubectl('annotate', 'namespace', 'kube-node-lease', 'ttl=8760h');
  try {
    return await Promise.all(
      ['default', 'kube-system', 'kube-public', 'kube-node-lease'].map(
        async (name): Promise<[string, number, string]> => {
          const { status, body } = await attempt(name);
          return [name, status, body.message as string];
        },
      ),
    );
  } finally {
    await node.kubectl('label', 'namespace', 'kube-node-lease', 'cdk8s-best-practices.dev/expires-');
    await node.kubectl('annotate', 'namespace', 'kube-node-lease', 'ttl-');
  }
}
