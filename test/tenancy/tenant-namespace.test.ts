import { App, Chart, Size, Testing } from 'cdk8s';
import { Secret, ServiceAccount } from 'cdk8s-plus-27';
import { quota, TENANT, tenant, tenantObjects } from './support';
import {
  AccessRole,
  ClusterDns,
  ClusterProfile,
  Cpu,
  Egress,
  Inventory,
  Quota,
  type QuotaOptions,
  Resources,
  Subject,
  TenantNamespace,
  type TenantNamespaceProps,
  WebService,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, refusedBy, synth, untyped, WEB } from '../support';

const objects = tenantObjects();

describe('the Namespace', () => {
  const { metadata } = only(objects, 'Namespace');

  test('tells whom to ask, the team and the purpose (CH02-14, CH02-22)', () => {
    expect(metadata.annotations).toEqual({ owner: 'shop-oncall@example.com', purpose: 'The web shop' });
    expect(metadata.labels.team).toBe('shop');
    expect(metadata.labels).not.toHaveProperty('owner');
  });

  test('has an owner that can be a label as one, to be searched by', () => {
    expect(only(tenantObjects({ owner: 'alice' }), 'Namespace').metadata.labels.owner).toBe('alice');
  });

  test('tells when it is no longer needed (CH02-21)', () => {
    expect(only(tenantObjects({ expires: '2026-12-31' }), 'Namespace').metadata.annotations['expires-at']).toBe(
      '2026-12-31',
    );
  });

  test('enforces Pod Security restricted as of the cluster, and warns and records as of the newest version (CH10-02, CH10-03, CH10-10, CH10-24)', () => {
    const app = new App();
    const chart = newChart('ignored', 'platform', app);
    new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota() });
    new ClusterProfile({ version: '1.33' }).assignTo(app);
    const { labels } = only(Testing.synth(chart) as Manifest[], 'Namespace').metadata;
    expect(
      Object.fromEntries(Object.entries(labels as object).filter(([key]) => key.startsWith('pod-security'))),
    ).toEqual({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'v1.33',
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/warn-version': 'latest',
      'pod-security.kubernetes.io/audit': 'restricted',
      'pod-security.kubernetes.io/audit-version': 'latest',
    });
  });

  test('can admit pods of others by name, and still tells what is not restricted (CH10-34)', () => {
    const { labels } = only(tenantObjects({ podSecurity: 'baseline' }), 'Namespace').metadata;
    expect(labels['pod-security.kubernetes.io/enforce']).toBe('baseline');
    expect(labels['pod-security.kubernetes.io/warn']).toBe('restricted');
  });

  test("has no namespace, and all else the tenant's, whatever that of the chart is (CH08-36)", () => {
    const found = synth(
      (chart) => new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota(), developers: ['oidc:shop'] }),
    );
    expect(found.map(({ kind, metadata: { namespace } }) => `${kind} ${namespace}`)).toEqual([
      'Namespace undefined',
      'ResourceQuota shop',
      'LimitRange shop',
      'ServiceAccount shop',
      'NetworkPolicy shop',
      'NetworkPolicy shop',
      'Role shop',
      'RoleBinding shop',
    ]);
  });

  test('is the unit of a team: quota, defaults, closed network and rights (CH02-10, CH08-31, CH08-32, SYS-12-01, S08-11)', () => {
    expect(objects.map(({ kind }) => kind as string)).toEqual([
      'Namespace',
      'ResourceQuota',
      'LimitRange',
      'ServiceAccount',
      'NetworkPolicy',
      'NetworkPolicy',
    ]);
  });
});

describe('the ResourceQuota', () => {
  const hard = (options: QuotaOptions): Record<string, string> =>
    only(tenantObjects({ quota: Quota.of(options) }), 'ResourceQuota').spec.hard;

  test('bounds requests and limits, disk, pods and objects (CH08-38, CH08-39, CH08-41, CH02-20)', () => {
    expect(hard({ cpu: Cpu.units(2), memory: Size.gibibytes(4) })).toEqual({
      'requests.cpu': '2',
      'limits.cpu': '8',
      'requests.memory': '4Gi',
      'limits.memory': '4Gi',
      'requests.ephemeral-storage': '10Gi',
      'limits.ephemeral-storage': '10Gi',
      'requests.storage': '0',
      'pods': '20',
      'services': '20',
      'services.loadbalancers': '0',
      'services.nodeports': '0',
      'configmaps': '100',
      'secrets': '100',
      'persistentvolumeclaims': '0',
    });
  });

  test('is that of the book where it is stated (S22, S08-12, S08-13)', () => {
    expect(hard({ cpu: Cpu.units(10), memory: Size.gibibytes(100), cpuLimit: Cpu.units(10) })).toMatchObject({
      'requests.cpu': '10',
      'limits.cpu': '10',
      'requests.memory': '100Gi',
      'limits.memory': '100Gi',
    });
    expect(
      hard({
        cpu: Cpu.units(1),
        memory: Size.gibibytes(1),
        cpuLimit: Cpu.units(2),
        memoryLimit: Size.gibibytes(2),
        storage: Size.gibibytes(10),
        objects: { persistentVolumeClaims: 5 },
      }),
    ).toMatchObject({
      'requests.cpu': '1',
      'requests.memory': '1Gi',
      'limits.cpu': '2',
      'limits.memory': '2Gi',
      'persistentvolumeclaims': '5',
      'requests.storage': '10Gi',
    });
  });

  test('bounds storage in all and of single classes (CH08-40)', () => {
    expect(
      hard({
        cpu: Cpu.units(1),
        memory: Size.gibibytes(1),
        storage: Size.gibibytes(50),
        storageClasses: { fast: { storage: Size.gibibytes(10), claims: 2 } },
      }),
    ).toMatchObject({
      'requests.storage': '50Gi',
      'fast.storageclass.storage.k8s.io/requests.storage': '10Gi',
      'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '2',
      'persistentvolumeclaims': '10',
    });
  });

  test('bounds any kind of object by the key that the API has for it', () => {
    const kinds = {
      serviceAccounts: 1,
      deployments: 2,
      replicaSets: 3,
      statefulSets: 4,
      daemonSets: 5,
      jobs: 6,
      cronJobs: 7,
      ingresses: 8,
      networkPolicies: 9,
      loadBalancers: 2,
    };
    expect(hard({ cpu: Cpu.units(1), memory: Size.gibibytes(1), objects: kinds })).toMatchObject({
      'count/serviceaccounts': '1',
      'count/deployments.apps': '2',
      'count/replicasets.apps': '3',
      'count/statefulsets.apps': '4',
      'count/daemonsets.apps': '5',
      'count/jobs.batch': '6',
      'count/cronjobs.batch': '7',
      'count/ingresses.networking.k8s.io': '8',
      'count/networkpolicies.networking.k8s.io': '9',
      'services.loadbalancers': '2',
      'services.nodeports': '8',
    });
  });

  test('leaves CPU limits alone where workloads have none', () => {
    const found = tenantObjects({ quota: Quota.withoutCpuLimit({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }) });
    expect(only(found, 'ResourceQuota').spec.hard).not.toHaveProperty(['limits.cpu']);
    expect(only(found, 'LimitRange').spec.limits[0].default).toEqual({
      'memory': '128Mi',
      'ephemeral-storage': '256Mi',
    });
  });
});

describe('the LimitRange', () => {
  const item = (props: Partial<TenantNamespaceProps>): Manifest =>
    only(tenantObjects(props), 'LimitRange').spec.limits[0];

  test('has a default for all that the quota is of, the request below the limit (CH08-44, CH08-45, CH08-46, CH08-47, CH08-15)', () => {
    expect(item({})).toEqual({
      type: 'Container',
      default: { 'cpu': '400m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
      defaultRequest: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
      min: { cpu: '1m', memory: '4Mi' },
    });
  });

  test('is that of the book where it is stated (S08-14)', () => {
    expect(
      item({
        limitRange: { defaultRequest: { memory: Size.mebibytes(256) }, defaultLimit: { memory: Size.mebibytes(512) } },
      }),
    ).toMatchObject({ default: { memory: '512Mi' }, defaultRequest: { memory: '256Mi' } });
  });

  test('has no maximum that nobody has stated: nodes are chosen by requests, and a limit may be above what they have', () => {
    const app = new App();
    new ClusterProfile({ nodes: 3, allocatable: { cpu: Cpu.millis(3920), memory: Size.gibibytes(14) } }).assignTo(app);
    const tenants = new Chart(app, 'tenants');
    // with a maximum of 14Gi, the API would refuse the ratio: 14Gi / 2Gi is less
    new TenantNamespace(tenants, 'shop', {
      ...TENANT,
      quota: quota({ cpu: Cpu.units(4), memory: Size.gibibytes(8), pods: 10 }),
      limitRange: { min: { memory: Size.gibibytes(2) }, maxRatio: { memory: 8 } },
    });
    const web = newChart('shop', 'web', app);
    new WebService(web, 'web', {
      ...WEB,
      replicas: 1,
      resources: Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(2) }),
    });
    expect(
      only(Testing.synth(web) as Manifest[], 'Deployment').spec.template.spec.containers[0].resources.limits.cpu,
    ).toBe('4');
    expect(only(Testing.synth(tenants) as Manifest[], 'LimitRange').spec.limits[0]).not.toHaveProperty('max');
  });

  test('lets defaults give way to what is stated', () => {
    expect(
      item({
        limitRange: { max: { cpu: Cpu.millis(50) }, min: { memory: Size.mebibytes(200) }, maxRatio: { cpu: 2 } },
      }),
    ).toEqual({
      type: 'Container',
      default: { 'cpu': '50m', 'memory': '200Mi', 'ephemeral-storage': '256Mi' },
      defaultRequest: { 'cpu': '50m', 'memory': '200Mi', 'ephemeral-storage': '256Mi' },
      min: { cpu: '1m', memory: '200Mi' },
      max: { cpu: '50m' },
      maxLimitRequestRatio: { cpu: '2' },
    });
  });

  test('bounds single claims', () => {
    const { limits } = only(
      tenantObjects({ limitRange: { minClaim: Size.gibibytes(1), maxClaim: Size.gibibytes(100) } }),
      'LimitRange',
    ).spec;
    expect(limits[1]).toEqual({ type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '100Gi' } });
  });
});

describe('the network', () => {
  test('is closed in both directions but for DNS, where the cluster has it (S002-22)', () => {
    const app = new App();
    new ClusterProfile({ dns: ClusterDns.openShift() }).assignTo(app);
    const chart = newChart(undefined, 'platform', app);
    new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota() });
    const found = Testing.synth(chart) as Manifest[];
    expect(only(found, 'NetworkPolicy', 'tenant-default-deny').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    expect(only(found, 'NetworkPolicy', 'tenant-allow-dns').spec).toMatchObject({
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        {
          ports: [
            { port: 5353, protocol: 'UDP' },
            { port: 5353, protocol: 'TCP' },
          ],
        },
      ],
    });
  });

  test('lets a workload out along its declared edges only, without being told', () => {
    const app = new App();
    const chart = newChart('shop', 'web', app);
    new WebService(chart, 'web', { ...WEB, egressTo: [Egress.cidr('203.0.113.0/24', { ports: [5432] })] });
    tenant(app);
    expect(only(Testing.synth(chart) as Manifest[], 'NetworkPolicy').spec).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      egress: [{}, { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }],
    });
  });

  test('stays open where it is meant to', () => {
    expect(tenantObjects({ defaultDeny: false }).map(({ kind }) => kind as string)).not.toContain('NetworkPolicy');
  });
});

describe('rights', () => {
  test('are those of a narrow role, bound to groups in the namespace (CH02-13, CH02-16)', () => {
    const found = tenantObjects({ developers: ['oidc:team-shop', 'oidc:leads'] });
    expect(only(found, 'RoleBinding')).toMatchObject({
      metadata: { name: 'developers', namespace: 'shop', labels: { team: 'shop' } },
      roleRef: { kind: 'Role', name: 'developers' },
      subjects: [
        { kind: 'Group', name: 'oidc:team-shop' },
        { kind: 'Group', name: 'oidc:leads' },
      ],
    });
    expect(JSON.stringify(only(found, 'Role').rules)).not.toMatch(/secrets|exec|"create","update"/);
  });

  test('can be given to others by name', () => {
    const found = synth((chart) => {
      new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota() }).grant(
        'deployer',
        AccessRole.deployer(),
        Subject.serviceAccount('ci', 'ci'),
      );
    });
    expect(only(found, 'RoleBinding')).toMatchObject({
      metadata: { name: 'deployer', namespace: 'shop' },
      subjects: [{ kind: 'ServiceAccount', name: 'ci', namespace: 'ci' }],
    });
  });
});

describe('pull Secrets', () => {
  const app = new App();
  const secrets = new Chart(app, 'secrets', { namespace: 'elsewhere' });
  const web = newChart('shop', 'web', app);
  new WebService(web, 'web', { ...WEB, pullSecrets: [Secret.fromSecretName(web, 'own', 'own')] });
  tenant(app, { pullSecrets: [Secret.fromSecretName(secrets, 'registry', 'registry')] });
  const others = newChart('other', 'others', app);
  new WebService(others, 'web', WEB);

  test('are named by the ServiceAccount default and by those of all our workloads in the namespace (CH04-28)', () => {
    const accounts = (Testing.synth(web) as Manifest[]).filter(({ kind }) => kind === 'ServiceAccount');
    expect(accounts.map(({ imagePullSecrets }) => imagePullSecrets)).toEqual([[{ name: 'own' }, { name: 'registry' }]]);
    expect((Testing.synth(others) as Manifest[]).find(({ kind }) => kind === 'ServiceAccount')).not.toHaveProperty(
      'imagePullSecrets',
    );
  });

  test('are among the Secrets that the cluster must hold', () => {
    expect(Inventory.of(app).secrets).toContainEqual(
      expect.objectContaining({ namespace: 'shop', name: 'registry', type: 'kubernetes.io/dockerconfigjson' }),
    );
  });

  test('leave the token of the ServiceAccount default unmounted (S000-86)', () => {
    const [account] = tenantObjects({}).filter(({ kind }) => kind === 'ServiceAccount');
    expect(account).toMatchObject({
      metadata: { name: 'default', namespace: 'shop' },
      automountServiceAccountToken: false,
    });
    expect(account).not.toHaveProperty('imagePullSecrets');
  });
});

describe('refuses', () => {
  const refused = (props: Record<string, unknown>): string[] =>
    problemsOf(
      (chart) =>
        new TenantNamespace(chart, 'shop', untyped<TenantNamespaceProps>({ ...TENANT, quota: quota(), ...props })),
    );

  test.each([
    'default',
    'kube-system',
    'kube-anything',
    'openshift',
    'openshift-dns',
    'Shop',
    'a.b',
    'a'.repeat(64),
    '-a',
  ])('the name %s (CH08-34, CH08-35, S000-62)', (name) => {
    expect(refused({ name })).toEqual(['[app/shop] name: app/object-name']);
  });

  test.each(['shop', 'kube', 'my-default', 'a', '1shop', 'a'.repeat(63)])('not the name %s', (name) => {
    expect(refused({ name })).toEqual([]);
  });

  const cases: Array<[Record<string, unknown>, string]> = [
    [{ owner: undefined }, 'owner: props/required'],
    [{ team: 'Team shop' }, 'team: props/value'],
    [{ team: '' }, 'team: props/value'],
    [{ purpose: '' }, 'purpose: props/value'],
    [{ expires: '2026-02-30' }, 'expires: props/value'],
    [{ expires: '2026-12-31T18:00:00+20:00' }, 'expires: props/value'],
    [{ expires: '30d' }, 'expires: props/value'],
    [{ podSecurity: 'privileged' }, 'podSecurity: props/value'],
    [{ labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } }, 'labels: namespace/own-label'],
    [{ annotations: { purpose: 'x' } }, 'annotations: namespace/own-label'],
    [{ expires: '2026-12-31', labels: { 'cdk8s-best-practices.dev/expires': 'true' } }, 'labels: namespace/own-label'],
    [{ annotations: { ttl: '1h' } }, 'annotations: namespace/own-label'],
    [{ quota: undefined }, 'quota: props/required'],
    [{ quota: Quota.of(untyped({ memory: Size.gibibytes(1) })) }, 'quota.cpu: props/required'],
    [{ quota: quota({ cpuLimit: Cpu.units(1) }) }, 'quota.cpuLimit: namespace/quota-limit-below-request'],
    [{ quota: quota({ memoryLimit: Size.gibibytes(1) }) }, 'quota.memoryLimit: namespace/quota-limit-below-request'],
    [
      {
        quota: Quota.withoutCpuLimit(untyped({ cpu: Cpu.units(1), memory: Size.gibibytes(1), cpuLimit: Cpu.units(4) })),
      },
      'quota.cpuLimit: props/unknown',
    ],
    [{ quota: quota({ pods: 0 }) }, 'quota.pods: props/value'],
    [{ quota: quota({ objects: untyped({ configMaps: 1.5 }) }) }, 'quota.objects.configMaps: props/value'],
    [{ quota: quota({ objects: untyped({ pvc: 1 }) }) }, 'quota.objects.pvc: props/unknown'],
    [
      { quota: quota({ storage: Size.gibibytes(1), storageClasses: { fast: { storage: Size.gibibytes(2) } } }) },
      "quota.storageClasses['fast'].storage: namespace/storage-class-quota",
    ],
    [{ quota: quota({ storageClasses: { 'a b': {} } }) }, "quota.storageClasses['a b']: props/value"],
    [
      { limitRange: { defaultRequest: { cpu: Cpu.units(2) }, defaultLimit: { cpu: Cpu.units(1) } } },
      'limitRange.defaultLimit.cpu: namespace/limit-range-order',
    ],
    [
      { limitRange: { min: { cpu: Cpu.units(2) }, max: { cpu: Cpu.units(1) } } },
      'limitRange.defaultLimit.cpu: namespace/limit-range-order',
    ],
    [{ limitRange: { maxRatio: { cpu: 0.5 } } }, 'limitRange.maxRatio.cpu: props/value'],
    [
      {
        limitRange: {
          maxRatio: { memory: 5 },
          min: { memory: Size.mebibytes(100) },
          max: { memory: Size.mebibytes(200) },
        },
      },
      'limitRange.maxRatio.memory: namespace/limit-range-ratio',
    ],
    [
      { limitRange: { maxRatio: { cpu: 2 }, defaultLimit: { cpu: Cpu.units(1) } } },
      'limitRange.maxRatio.cpu: namespace/limit-range-ratio',
    ],
    [
      { limitRange: { minClaim: Size.gibibytes(2), maxClaim: Size.gibibytes(1) } },
      'limitRange.maxClaim: namespace/limit-range-order',
    ],
    [{ limitRange: { default: {} } }, 'limitRange.default: props/unknown'],
    [{ limitRange: 5 }, 'limitRange: props/object'],
    [
      {
        quota: Quota.withoutCpuLimit({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }),
        limitRange: { max: { cpu: Cpu.units(1) } },
      },
      'limitRange.max.cpu: namespace/cpu-limit-in-range',
    ],
    [{ developers: ['system:masters'] }, 'subjects[0]: access/subject-identity'],
    [{ pullSecrets: 'hunter2' }, 'pullSecrets: props/value'],
    [{ pullSecrets: ['registry'] }, 'pullSecrets[0]: props/value'],
    [{ ttl: '30d' }, 'ttl: props/unknown'],
  ];

  test('the level privileged (CH10-35)', () => {
    expect(refused({ podSecurity: 'privileged' })).toHaveLength(1);
  });

  test('a default request above the default limit (CH08-47)', () => {
    expect(
      refused({ limitRange: { defaultRequest: { cpu: Cpu.units(2) }, defaultLimit: { cpu: Cpu.units(1) } } }),
    ).toHaveLength(1);
  });

  test.each(cases.map(([props, message]) => [message, props] as const))('%s', (message, props) => {
    expect(refused(props).map((text) => text.replace(/^\[[^\]]+\] /, ''))).toEqual([message]);
  });

  test('the mark of namespaces that a reaper may delete, also as a label of the chart', () => {
    const chart = new Chart(new App(), 'app', { labels: { 'cdk8s-best-practices.dev/expires': 'true' } });
    new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota() });
    expect(refusedBy(() => Testing.synth(chart), chart)).toEqual(['[app/shop] labels: namespace/own-label']);
  });

  test('two namespaces of one name on one cluster, not on two', () => {
    const build = (chart: Chart): void => {
      new TenantNamespace(chart, 'one', { ...TENANT, quota: quota() });
      const other = new TenantNamespace(chart, 'two', { ...TENANT, quota: quota() });
      if (chart.node.id === 'app') return;
      new ClusterProfile({ name: 'b' }).assignTo(other);
    };
    expect(problemsOf(build)).toEqual(['[app/two/Resource] app/duplicate-object']);
    const chart = newChart(undefined, 'other');
    build(chart);
    expect(Testing.synth(chart)).toHaveLength(12);
  });
});

test('other libraries can use the ServiceAccounts that they make beside it', () => {
  const app = new App();
  tenant(app);
  const web = newChart('shop', 'web', app);
  new ServiceAccount(web, 'own');
  expect(Testing.synth(web)).toHaveLength(1);
});
