import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, Chart, Testing } from 'cdk8s';
import {
  Authentication,
  Autoscaling,
  ClusterRequirements,
  EnvSource,
  HttpRouting,
  IngressController,
  Probe,
  SecretRef,
  Tls,
  WebService,
} from 'cdk8s-best-practices';
import { parseAllDocuments } from 'yaml';
import { eventually, run } from '../../rig/processes';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { ownNamespace, secret } from '../rig/workbench';

const NAMESPACE = ownNamespace('requirements');
const GROUP = 'requirements.example.com';
const GPU = `${GROUP}/gpu`;
const USER = 'requirements-ci';
const { node } = Cluster;

/** An app that presumes what the cluster has, and what it has not. */
function scriptOf(readSecrets = true): string {
  const app = Testing.app();
  const chart = new Chart(app, 'shop', { namespace: NAMESPACE, disableResourceNameHashes: true });
  const cart = new WebService(chart, 'cart', {
    image: 'ghcr.io/acme/cart:1.4.2',
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
    autoscaling: Autoscaling.onCpu({ min: 2, max: 8, target: 80 }),
    egress: 'declared',
    env: { DB_PASSWORD: EnvSource.secret(SecretRef.named('cart-db'), 'password') },
  });
  new HttpRouting(chart, 'routing', {
    host: 'shop.example.com',
    tls: Tls.none(),
    authentication: Authentication.byApp(),
    controller: IngressController.inNamespace('traefik', {
      className: 'traefik',
      podLabels: { 'app.kubernetes.io/name': 'traefik' },
    }),
    routes: [{ path: '/', backend: cart }],
  });
  new ApiObject(chart, 'train', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'train' },
    spec: {
      nodeSelector: { [`${GROUP}/pool`]: 'gpu' },
      priorityClassName: 'requirements-high',
      containers: [
        {
          name: 'main',
          image: 'ghcr.io/acme/train:1.0.0',
          resources: { limits: { [GPU]: 2 } },
          envFrom: [{ configMapRef: { name: 'settings' } }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });
  new ApiObject(chart, 'widget', { apiVersion: `${GROUP}/v1`, kind: 'Widget', metadata: { name: 'widget' } });
  return ClusterRequirements.of(app).toScript({ readSecrets });
}

/** Status and output. kubectl runs as a user with the roles of the guide, and no others. */
async function check(script: string, kubeconfig = node.kubeconfig): Promise<[status: number, lines: string[]]> {
  const asUser = `kubectl() { command kubectl --as=${USER} "$@"; }\n${script}`;
  const output = await run('sh', ['-c', 'sh -s 2>&1; echo status $?'], {
    input: asUser,
    env: { KUBECONFIG: kubeconfig },
  });
  const lines = output.trimEnd().split('\n');
  return [Number(lines.pop()?.replace('status ', '')), lines];
}

/** The roles of the guide, for the namespace of this test. */
function roles(): Manifest[] {
  const guide = readFileSync(join(__dirname, '../../../docs/cluster-requirements.md'), 'utf8');
  const yaml = /```yaml\n([^]*?)```/.exec(guide)?.[1] ?? '';
  const [clusterRole, role] = parseAllDocuments(yaml).map((document) => document.toJSON() as Manifest);
  const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: USER }];
  const binding = (kind: string, of: Manifest, namespace?: string): Manifest => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind,
    metadata: { name: of.metadata.name, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: of.kind, name: of.metadata.name },
    subjects,
  });
  return [
    clusterRole,
    binding('ClusterRoleBinding', clusterRole),
    { ...role, metadata: { ...role.metadata, namespace: NAMESPACE } },
    binding('RoleBinding', role, NAMESPACE),
  ];
}

const missing: Manifest[] = [
  secret(NAMESPACE, 'cart-db', { password: 'x' }),
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: NAMESPACE } },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: NAMESPACE },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Mi' } } },
  },
  { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'requirements-high' }, value: 1 },
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${GROUP}` },
    spec: {
      group: GROUP,
      names: { kind: 'Widget', plural: 'widgets' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  },
];

async function nameOfNode(): Promise<string> {
  return (await node.kubectl('get', 'nodes', '-o', 'name')).trim().split('\n')[0];
}

async function setGpus(operation: 'add' | 'remove'): Promise<void> {
  const patch = ['capacity', 'allocatable'].map((field) => ({
    op: operation,
    path: `/status/${field}/${GPU.replace('/', '~1')}`,
    value: '2',
  }));
  await node.kubectl('patch', await nameOfNode(), '--subresource=status', '--type=json', '-p', JSON.stringify(patch));
}

afterAll(async () => {
  await node.remove(...roles(), ...missing);
  await node.kubectl('label', await nameOfNode(), `${GROUP}/pool-`);
  await setGpus('remove');
});

test('the script says what a real cluster lacks, and passes when it is there', async () => {
  const script = scriptOf();
  const [refused, unanswered] = await check(script);
  expect(refused).toBe(1); // APIs are open to all users, so the missing one is found
  expect(unanswered.filter((line) => /^no answer: .*\(Forbidden\)/.test(line)).length).toBeGreaterThan(5);

  await node.apply(...roles());
  const wanted = [
    `API ${GROUP}/v1 with kind Widget, for shop/widget`,
    `ConfigMap ${NAMESPACE}/settings, for shop/train`,
    `${GPU}: 2 on one node, 2 in all, for shop/train: the most on one node is 0, all nodes have 0`,
    `a node with labels ${GROUP}/pool=gpu, for shop/train`,
    `PersistentVolumeClaim ${NAMESPACE}/data, for shop/train`,
    'PriorityClass requirements-high, for shop/train',
    `Secret ${NAMESPACE}/cart-db (Opaque) with key password, for shop/cart`,
  ];
  await eventually('all that the cluster lacks', async () => {
    const [status, lines] = await check(script);
    const found = lines.filter((line) => line.startsWith('missing: '));
    expect(found.map((line, index) => line.startsWith(`missing: ${wanted[index]}. `))).toEqual(wanted.map(() => true));
    expect([status, lines.filter((line) => line.startsWith('no answer'))]).toEqual([1, []]);
  });

  await node.apply(...missing);
  await node.kubectl('label', await nameOfNode(), `${GROUP}/pool=gpu`);
  await setGpus('add');
  await eventually('nothing is missing', async () => {
    const [, lines] = await check(script);
    expect(lines.filter((line) => /^(missing|no answer): /.test(line))).toEqual([]);
  });
  await node.kubectl('delete', 'secret', 'cart-db', '--namespace', NAMESPACE);
  await node.apply(secret(NAMESPACE, 'cart-db', { user: 'x' }));
  const [one, lines] = await check(script);
  expect([one, lines.filter((line) => line.startsWith('missing: ')).length]).toEqual([1, 1]);
  expect(lines.join('\n')).toContain(': it has no key password. Run ');

  await node.apply(secret(NAMESPACE, 'cart-db', { user: 'x', password: 'y' }));
  const [status, rest] = await check(script);
  // the rig enforces policies without a DaemonSet
  expect(rest.slice(0, -1)).toEqual([expect.stringMatching(/^not checked: a network plugin that enforces/)]);
  expect([status, rest.at(-1)]).toEqual([0, expect.stringMatching(/^(\d+) of \d+ needs are there$/)]);
  figure(
    'The script of ClusterRequirements, with the rights of its guide, finds what a cluster lacks, and passes when it is there',
    `${wanted.length} of ${wanted.length} missing things and a missing key found; then ${rest.at(-1) ?? ''}`,
  );
});

test('the script needs no right to read Secrets if it must not read them', async () => {
  const [status, lines] = await check(scriptOf(false));
  expect([status, lines.filter((line) => line.includes('Secret')).length]).toEqual([0, 1]);
});

test('the script ends with 2 where nothing answers', async () => {
  const [status, lines] = await check(scriptOf(), '/nonexistent');
  expect([status, lines.at(-1)]).toEqual([2, 'kubectl does not reach the cluster of its current context']);
});
