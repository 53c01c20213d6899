import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { deployment, raw } from './samples';
import { ClusterRequirements } from '../../src';
import { shellWord } from '../../src/kernel/emit/script';
import { newChart } from '../support';

/** A kubectl of a cluster that holds everything, unless one of `answers` matches first: a pattern, and what it does. */
function run(script: string, answers: ReadonlyArray<readonly [string, string]> = []) {
  const box = mkdtempSync(join(tmpdir(), 'requirements-'));
  const kubectl = [
    '#!/bin/sh',
    'shift',
    `printf '%s\\n' "$*" >> "${box}/calls"`,
    'notFound() { echo "Error from server (NotFound): \\"x\\" not found" >&2; exit 1; }',
    'forbidden() { echo "Error from server (Forbidden): no rights" >&2; echo "Hint" >&2; exit 1; }',
    'case "$*" in',
    ...[...answers, ...HELD].map(([pattern, answer]) => `  ${pattern}) ${answer} ;;`),
    'esac',
  ].join('\n');
  try {
    writeFileSync(join(box, 'kubectl'), kubectl);
    chmodSync(join(box, 'kubectl'), 0o755);
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
      env: { PATH: `${box}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    return { status, stdout, stderr, calls: readFileSync(join(box, 'calls'), 'utf8').trimEnd().split('\n') };
  } finally {
    rmSync(box, { recursive: true });
  }
}

const lines = (...texts: string[]): string => `printf '%s\\n' ${texts.map(shellWord).join(' ')}`;

const HELD: ReadonlyArray<readonly [string, string]> = [
  ['"get --raw /version"', `echo '{ "major": "1",\n "minor": "37+" }'`],
  [
    '"get --raw /apis/"*',
    `echo '{"resources":[{"kind":"ScaledObject"},{"kind": "TriggerAuthentication"},{"kind":"Widget"}]}'`,
  ],
  ['"get secrets "*', lines('type:Opaque', 'a', 'pass', 'user')],
  ['"get configmaps "*', lines('type:<no value>', 'a.json')],
  ['*" -o go-template={{range .status.conditions}}"*', lines('Accepted=True', 'Ready=True', 'Programmed=True')],
  ['"get storageclasses"*" -o go-template="*', lines('<no value>', 'true')],
  ['"get ingressclasses"*" -o go-template="*', lines('true')],
  ['"get deployments.apps,"*', lines('keda-operator', 'keda-operator', 'cilium', '<no value>')],
  ['"get services "*', lines('address')],
  ['*".status.allocatable"*', lines('2', '4')],
  ['*" --selector=topology.kubernetes.io/zone "*', lines('a', 'b', 'a')],
  ['*', 'echo found'],
];

function everything(): string {
  const app = new App();
  const chart = newChart('shop', 'app', app);
  deployment(
    chart,
    'api',
    {
      serviceAccountName: 'reader',
      nodeSelector: { pool: 'gpu' },
      containers: [
        {
          name: 'main',
          env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'user' } } }],
          resources: { limits: { 'nvidia.com/gpu': 3 } },
        },
      ],
      volumes: [{ name: 'a', configMap: { name: 'settings', items: [{ key: 'a.json', path: 'a' }] } }],
      topologySpreadConstraints: [
        { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule', minDomains: 2 },
      ],
    },
    { replicas: 2 },
  );
  raw(chart, 'scaler', 'keda.sh/v1alpha1', 'ScaledObject', {
    spec: { scaleTargetRef: { name: 'api' }, minReplicaCount: 2, triggers: [{ type: 'cpu' }] },
  });
  raw(chart, 'widget', 'acme.io/v1', 'Widget');
  raw(chart, 'data', 'v1', 'PersistentVolumeClaim', { spec: {} });
  raw(chart, 'gateway', 'networking.k8s.io/v1', 'Ingress', {
    metadata: { annotations: { 'cert-manager.io/cluster-issuer': 'le' } },
    spec: {},
  });
  raw(chart, 'lb', 'v1', 'Service', { spec: { type: 'LoadBalancer' } });
  raw(chart, 'policy', 'networking.k8s.io/v1', 'NetworkPolicy', {
    spec: {
      egress: [
        { to: [{ podSelector: { matchLabels: { app: 'later' } } }] },
        {
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
        },
      ],
    },
  });
  return ClusterRequirements.of(app).toScript();
}

const script = everything();
const total = script.split('\n').filter((line) => line.startsWith('check ')).length;

describe('the script', () => {
  test('passes where the cluster holds everything, and only reads', () => {
    const { status, stdout, stderr, calls } = run(script);
    expect([status, stdout, stderr]).toEqual([0, `${total} of ${total} needs are there\n`, '']);
    expect(calls.filter((call) => !call.startsWith('get '))).toEqual([]);
    // no values of Secrets
    expect(calls.filter((call) => call.includes('secrets'))).toEqual([
      'get secrets db --namespace=shop -o go-template=type:{{.type}}{{"\\n"}}{{range $key, $value := .data}}{{$key}}{{"\\n"}}{{end}}{{range $key, $value := .binaryData}}{{$key}}{{"\\n"}}{{end}}',
    ]);
  });

  const NONE = 'exit 0';
  test.each([
    ['"get --raw /version"', `echo '{"minor":"29"}'`, 'Kubernetes 1.30 or newer: it is 1.29. Upgrade the cluster'],
    ['"get namespaces shop "*', 'notFound', 'Namespace shop, for app/api, '],
    [
      '"get secrets db "*',
      'notFound',
      'Secret shop/db (Opaque) with key user, for app/api. Run kubectl create secret generic db --from-file=user=FILE --namespace shop',
    ],
    [
      '"get secrets db "*',
      lines('type:x', 'other'),
      'Secret shop/db (Opaque) with key user, for app/api: its type is not Opaque, it has no key user. Run',
    ],
    [
      '"get configmaps settings "*',
      lines('b.json'),
      'ConfigMap shop/settings with key a.json, for app/api: it has no key a.json. Apply',
    ],
    ['"get serviceaccounts reader "*', 'notFound', 'ServiceAccount shop/reader, for app/api. Apply what writes it'],
    [
      '"get --raw /apis/keda.sh/v1alpha1"',
      'notFound',
      'CustomResourceDefinition scaledobjects.keda.sh, which serves ScaledObject of keda.sh/v1alpha1, for app/scaler. Install it with KEDA: https://keda.sh/docs/latest/deploy/',
    ],
    [
      '"get --raw /apis/acme.io/v1"',
      `echo '{"resources":[{"kind":"Gadget"}]}'`,
      'API acme.io/v1 with kind Widget, for app/widget. Install',
    ],
    [
      '"get --raw /apis/metrics.k8s.io/v1beta1"',
      'echo "Error from server (ServiceUnavailable): the server is currently unable to handle the request" >&2; exit 1',
      'metrics API metrics.k8s.io, for app/scaler: its server does not answer. Install metrics-server',
    ],
    [
      '"get --raw /apis/metrics.k8s.io/v1beta1"',
      'notFound',
      'metrics API metrics.k8s.io, for app/scaler. Install metrics-server',
    ],
    [
      '"get clusterissuers.cert-manager.io le "*',
      'echo "error: the server doesn\'t have a resource type \\"clusterissuers\\"" >&2; exit 1',
      'ClusterIssuer le, for app/gateway. Apply',
    ],
    [
      '"get clusterissuers.cert-manager.io le "*',
      lines('Ready=False'),
      'ClusterIssuer le, for app/gateway: it is not Ready, so no controller serves it. Apply',
    ],
    ['"get storageclasses"*', lines('<no value>', 'false'), 'a default StorageClass, for app/data. Annotate'],
    ['"get ingressclasses"*', NONE, 'a default IngressClass, for app/gateway. Annotate'],
    [
      '*".status.allocatable"*',
      NONE,
      'nvidia.com/gpu: 3 on one node, 6 in all, for app/api: the most on one node is 0, all nodes have 0. Add nodes',
    ],
    [
      '*".status.allocatable"*',
      lines('2', '2', '2'),
      'nvidia.com/gpu: 3 on one node, 6 in all, for app/api: the most on one node is 2. Add nodes',
    ],
    ['"get nodes --selector=pool=gpu "*', NONE, 'a node with labels pool=gpu, for app/api. Add or label a node'],
    [
      '*" --selector=topology.kubernetes.io/zone "*',
      lines('a', 'a'),
      'nodes with 2 or more values of label topology.kubernetes.io/zone, for app/api: there are 1. Add nodes',
    ],
    [
      '"get pods --namespace=kube-system --selector=k8s-app=kube-dns "*',
      NONE,
      'pods kube-system/k8s-app=kube-dns, for app/policy. Install',
    ],
  ])('says what is missing: %s answers %s', (pattern, answer, line) => {
    const { status, stdout, stderr } = run(script, [[pattern, answer]]);
    expect(stdout.startsWith(`missing: ${line}`)).toBe(true);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect([status, stderr]).toEqual([1, `1 of ${total} needs are missing\n`]);
  });

  test.each([
    [
      '"get deployments.apps,"*',
      lines('web'),
      ['controller KEDA, for app/scaler', 'a network plugin that enforces NetworkPolicies, for app/policy'],
    ],
    ['*"--selector=app=later "*', NONE, ['pods shop/app=later, for app/policy']],
    ['"get services "*', NONE, ['a provider of load balancers, for app/lb']],
    ['"get --raw /version"', 'echo {}', ['Kubernetes 1.30 or newer']],
  ])('says what it cannot check, and passes: %s', (pattern, answer, needs) => {
    const { status, stdout, calls } = run(script, [[pattern, answer]]);
    const printed = stdout.trimEnd().split('\n');
    expect(printed.slice(0, -1).map((line) => line.replace(/^not checked: (.*): .*$/, '$1'))).toEqual(needs);
    expect([status, printed.at(-1)]).toEqual([0, `${total - needs.length} of ${total} needs are there`]);
    // asked once for all controllers
    expect(calls.filter((call) => call.startsWith('get deployments.apps,'))).toHaveLength(1);
  });

  test('exits with 2 where the user lacks a right, and still reports what is missing', () => {
    const refused = run(script, [['"get nodes "*', 'forbidden']]);
    expect(refused.stdout.trimEnd().split('\n')).toEqual(
      [
        'nvidia.com/gpu: 3 on one node, 6 in all, for app/api',
        'a node with labels pool=gpu, for app/api',
        'nodes with 2 or more values of label topology.kubernetes.io/zone, for app/api',
      ].map((need) => `no answer: ${need}: Error from server (Forbidden): no rights`),
    );
    expect([refused.status, refused.stderr]).toEqual([
      2,
      `3 of ${total} needs got no answer: does the user have the rights?\n`,
    ]);
    expect(
      run(script, [
        ['"get nodes "*', 'forbidden'],
        ['"get namespaces "*', 'notFound'],
      ]).status,
    ).toBe(1);
  });

  test('exits with 2 at once where kubectl does not reach the cluster', () => {
    const { status, stdout, stderr, calls } = run(script, [['*', 'echo "connection refused" >&2; exit 1']]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe('connection refused\nkubectl does not reach the cluster of its current context\n');
    expect(new Set(calls)).toEqual(new Set(['get --raw /version']));
  });

  test('does not ask for Secrets where it must not', () => {
    const app = new App();
    deployment(newChart('shop', 'app', app), 'api', { imagePullSecrets: [{ name: 'registry' }] });
    const { status, stdout, calls } = run(ClusterRequirements.of(app).toScript({ readSecrets: false }));
    expect(status).toBe(0);
    expect(stdout).toContain(
      'not checked: Secret shop/registry (kubernetes.io/dockerconfigjson) with key .dockerconfigjson, for app/api: the script does not read Secrets\n',
    );
    expect(calls.filter((call) => call.includes('secret'))).toEqual([]);
  });

  test('reads sizes of huge pages, which have a suffix', () => {
    const app = new App();
    deployment(newChart('shop', 'app', app), 'api', {
      containers: [{ name: 'main', resources: { limits: { 'hugepages-2Mi': '64Mi' } } }],
    });
    const pages = ClusterRequirements.of(app).toScript();
    const statusFor = (...amounts: string[]) => run(pages, [['*".status.allocatable"*', lines(...amounts)]]).status;
    expect([statusFor('0', '128Mi'), statusFor('0', '0')]).toEqual([0, 1]);
  });

  test('asks in the namespace of the context where the app states none', () => {
    const app = new App();
    const chart = newChart(undefined, 'app', app);
    raw(chart, 'p', 'v1', 'Pod', {
      spec: { serviceAccountName: 'x', imagePullSecrets: [{ name: 'y' }], containers: [] },
    });
    const namespaced = JSON.stringify(run(ClusterRequirements.of(app).toScript()).calls).includes('--namespace');
    expect(namespaced).toBe(chart.namespace !== undefined);
  });

  test('quotes whatever a name has in it', () => {
    fc.assert(
      fc.property(
        fc.string({
          minLength: 1,
          maxLength: 12,
          unit: fc.constantFrom('a', "'", '"', '$', '`', '\\', '(', ')', ';', '&', ' ', '!'),
        }),
        (name) => {
          const app = new App();
          deployment(newChart('shop', 'app', app), 'api', { serviceAccountName: `x${name}x` });
          const { status, calls } = run(ClusterRequirements.of(app).toScript());
          expect(status).toBe(0);
          expect(calls).toContain(`get serviceaccounts x${name}x --namespace=shop -o name`);
        },
      ),
      { numRuns: 25, seed: 42 },
    );
  });
});
