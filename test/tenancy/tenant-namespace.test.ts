import { App, Chart, Size, Testing } from 'cdk8s';
import { Secret, ServiceAccount } from 'cdk8s-plus-27';
import { quota, TENANT, tenant, tenantObjects } from './support';
import {
  AccessRole, ClusterDns, ClusterProfile, Cpu, Egress, Inventory, Quota, type QuotaOptions, Resources, Subject, TenantNamespace, type TenantNamespaceProps, WebService,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

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
    expect(only(tenantObjects({ expires: '2026-12-31' }), 'Namespace').metadata.annotations['expires-at']).toBe('2026-12-31');
  });

  test('enforces Pod Security restricted as of the cluster, and warns and records as of the newest version (CH10-02, CH10-03, CH10-10, CH10-24)', () => {
    const app = new App();
    const chart = newChart('ignored', 'platform', app);
    new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota() });
    new ClusterProfile({ version: '1.33' }).assignTo(app);
    const { labels } = only(Testing.synth(chart) as Manifest[], 'Namespace').metadata;
    expect(Object.fromEntries(Object.entries(labels as object).filter(([key]) => key.startsWith('pod-security')))).toEqual({
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

  test('has no namespace, and all else the tenant\'s, whatever that of the chart is (CH08-36)', () => {
    const found = synth((chart) => new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota(), developers: ['oidc:shop'] }));
    expect(found.map(({ kind, metadata: { namespace } }) => `${kind} ${namespace}`)).toEqual([
      'Namespace undefined', 'ResourceQuota shop', 'LimitRange shop', 'ServiceAccount shop', 'NetworkPolicy shop', 'NetworkPolicy shop', 'Role shop', 'RoleBinding shop',
    ]);
  });

  test('is the unit of a team: quota, defaults, closed network and rights (CH02-10, CH08-31, CH08-32, SYS-12-01, S08-11)', () => {
    expect(objects.map(({ kind }) => kind as string)).toEqual(['Namespace', 'ResourceQuota', 'LimitRange', 'ServiceAccount', 'NetworkPolicy', 'NetworkPolicy']);
  });
});

describe('the ResourceQuota', () => {
  const hard = (options: QuotaOptions): Record<string, string> => only(tenantObjects({ quota: Quota.of(options) }), 'ResourceQuota').spec.hard;

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
    expect(hard({ cpu: Cpu.units(10), memory: Size.gibibytes(100), cpuLimit: Cpu.units(10) })).toMatchObject({ 'requests.cpu': '10', 'limits.cpu': '10', 'requests.memory': '100Gi', 'limits.memory': '100Gi' });
    expect(hard({ cpu: Cpu.units(1), memory: Size.gibibytes(1), cpuLimit: Cpu.units(2), memoryLimit: Size.gibibytes(2), storage: Size.gibibytes(10), objects: { persistentVolumeClaims: 5 } })).toMatchObject({
      'requests.cpu': '1', 'requests.memory': '1Gi', 'limits.cpu': '2', 'limits.memory': '2Gi', 'persistentvolumeclaims': '5', 'requests.storage': '10Gi',
    });
  });

  test('bounds storage in all and of single classes (CH08-40)', () => {
    expect(hard({ cpu: Cpu.units(1), memory: Size.gibibytes(1), storage: Size.gibibytes(50), storageClasses: { fast: { storage: Size.gibibytes(10), claims: 2 } } })).toMatchObject({
      'requests.storage': '50Gi',
      'fast.storageclass.storage.k8s.io/requests.storage': '10Gi',
      'fast.storageclass.storage.k8s.io/persistentvolumeclaims': '2',
      'persistentvolumeclaims': '10',
    });
  });

  test('bounds any kind of object by the key that the API has for it', () => {
    const kinds = { serviceAccounts: 1, deployments: 2, replicaSets: 3, statefulSets: 4, daemonSets: 5, jobs: 6, cronJobs: 7, ingresses: 8, networkPolicies: 9, loadBalancers: 2 };
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
    expect(only(found, 'LimitRange').spec.limits[0].default).toEqual({ 'memory': '128Mi', 'ephemeral-storage': '256Mi' });
  });
});

describe('the LimitRange', () => {
  const item = (props: Partial<TenantNamespaceProps>): Manifest => only(tenantObjects(props), 'LimitRange').spec.limits[0];

  test('has a default for all that the quota is of, the request below the limit (CH08-44, CH08-45, CH08-46, CH08-47, CH08-15)', () => {
    expect(item({})).toEqual({
      type: 'Container',
      default: { 'cpu': '400m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
      defaultRequest: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
      min: { cpu: '1m', memory: '4Mi' },
    });
  });

  test('is that of the book where it is stated (S08-14)', () => {
    expect(item({ limitRange: { defaultRequest: { memory: Size.mebibytes(256) }, defaultLimit: { memory: Size.mebibytes(512) } } })).toMatchObject({ default: { memory: '512Mi' }, defaultRequest: { memory: '256Mi' } });
  });

  test('has no maximum that nobody has stated: nodes are chosen by requests, and a limit may be above what they have', () => {
    const app = new App();
    new ClusterProfile({ nodes: 3, allocatable: { cpu: Cpu.millis(3920), memory: Size.gibibytes(14) } }).assignTo(app);
    const tenants = new Chart(app, 'tenants');
    // with a maximum of 14Gi, the API would refuse the ratio: 14Gi / 2Gi is less
    new TenantNamespace(tenants, 'shop', { ...TENANT, quota: quota({ cpu: Cpu.units(4), memory: Size.gibibytes(8), pods: 10 }), limitRange: { min: { memory: Size.gibibytes(2) }, maxRatio: { memory: 8 } } });
    const web = newChart('shop', 'web', app);
    new WebService(web, 'web', { ...WEB, replicas: 1, resources: Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(2) }) });
    expect(only(Testing.synth(web) as Manifest[], 'Deployment').spec.template.spec.containers[0].resources.limits.cpu).toBe('4');
    expect(only(Testing.synth(tenants) as Manifest[], 'LimitRange').spec.limits[0]).not.toHaveProperty('max');
  });

  test('lets defaults give way to what is stated', () => {
    expect(item({ limitRange: { max: { cpu: Cpu.millis(50) }, min: { memory: Size.mebibytes(200) }, maxRatio: { cpu: 2 } } })).toEqual({
      type: 'Container',
      default: { 'cpu': '50m', 'memory': '200Mi', 'ephemeral-storage': '256Mi' },
      defaultRequest: { 'cpu': '50m', 'memory': '200Mi', 'ephemeral-storage': '256Mi' },
      min: { cpu: '1m', memory: '200Mi' },
      max: { cpu: '50m' },
      maxLimitRequestRatio: { cpu: '2' },
    });
  });

  test('bounds single claims', () => {
    const { limits } = only(tenantObjects({ limitRange: { minClaim: Size.gibibytes(1), maxClaim: Size.gibibytes(100) } }), 'LimitRange').spec;
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
    expect(only(found, 'NetworkPolicy', 'tenant-default-deny').spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(only(found, 'NetworkPolicy', 'tenant-allow-dns').spec).toMatchObject({ podSelector: {}, policyTypes: ['Egress'], egress: [{ ports: [{ port: 5353, protocol: 'UDP' }, { port: 5353, protocol: 'TCP' }] }] });
  });

  test('lets a workload out along its declared edges only, without being told', () => {
    const app = new App();
    const chart = newChart('shop', 'web', app);
    new WebService(chart, 'web', { ...WEB, egressTo: [Egress.cidr('203.0.113.0/24', { ports: [5432] })] });
    tenant(app);
    expect(only(Testing.synth(chart) as Manifest[], 'NetworkPolicy').spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [{}, { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }] });
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
      subjects: [{ kind: 'Group', name: 'oidc:team-shop' }, { kind: 'Group', name: 'oidc:leads' }],
    });
    expect(JSON.stringify(only(found, 'Role').rules)).not.toMatch(/secrets|exec|"create","update"/);
  });

  test('can be given to others by name', () => {
    const found = synth((chart) => {
      new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota() }).grant('deployer', AccessRole.deployer(), Subject.serviceAccount('ci', 'ci'));
    });
    expect(only(found, 'RoleBinding')).toMatchObject({ metadata: { name: 'deployer', namespace: 'shop' }, subjects: [{ kind: 'ServiceAccount', name: 'ci', namespace: 'ci' }] });
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
    expect((Testing.synth(others) as Manifest[]).find(({ kind }) => kind === 'ServiceAccount')).not.toHaveProperty('imagePullSecrets');
  });

  test('are among the Secrets that the cluster must hold', () => {
    expect(Inventory.of(app).secrets).toContainEqual(expect.objectContaining({ namespace: 'shop', name: 'registry', type: 'kubernetes.io/dockerconfigjson' }));
  });

  test('leave the token of the ServiceAccount default unmounted (S000-86)', () => {
    const [account] = tenantObjects({}).filter(({ kind }) => kind === 'ServiceAccount');
    expect(account).toMatchObject({ metadata: { name: 'default', namespace: 'shop' }, automountServiceAccountToken: false });
    expect(account).not.toHaveProperty('imagePullSecrets');
  });
});

describe('refuses', () => {
  const refused = (props: Record<string, unknown>): string[] => problemsOf((chart) => new TenantNamespace(chart, 'shop', untyped<TenantNamespaceProps>({ ...TENANT, quota: quota(), ...props })));
  const NAMES = "at most 63 lower-case letters, digits and '-', starting and ending with a letter or digit; not 'default', 'openshift', 'kube-...' or 'openshift-...'. Set 'name', or choose other construct ids (DX-12)";

  test.each(['default', 'kube-system', 'kube-anything', 'openshift', 'openshift-dns', 'Shop', 'a.b', 'a'.repeat(64), '-a'])('the name %s (CH08-34, CH08-35, S000-62)', (name) => {
    expect(refused({ name })).toEqual([expect.stringMatching(/^\[app\/shop\] prop 'name': got '/)]);
    expect(refused({ name })[0]).toContain(`, expected ${NAMES}`);
  });

  test.each(['shop', 'kube', 'my-default', 'a', '1shop', 'a'.repeat(63)])('not the name %s', (name) => {
    expect(refused({ name })).toEqual([]);
  });

  const cases: Array<[Record<string, unknown>, string]> = [
    [{ owner: undefined }, "prop 'owner': got nothing, expected a non-empty string. Name whom to ask: a person, an address or a channel (CH02-14)"],
    [{ team: 'Team shop' }, "prop 'team': got 'Team shop', expected at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, not empty. Name the team, such as 'shop' (CH02-22)"],
    [{ team: '' }, "prop 'team': got '', expected at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit, not empty. Name the team, such as 'shop' (CH02-22)"],
    [{ purpose: '' }, "prop 'purpose': got '', expected a non-empty string. Say what the namespace is for (CH02-22)"],
    [{ expires: '2026-02-30' }, "prop 'expires': got '2026-02-30', expected a date such as '2026-12-31', or a time such as '2026-12-31T18:00:00Z'. Leave it out if it stays (CH02-21)"],
    [{ expires: '2026-12-31T18:00:00+20:00' }, "prop 'expires': got '2026-12-31T18:00:00+20:00', expected a date such as '2026-12-31', or a time such as '2026-12-31T18:00:00Z'. Leave it out if it stays (CH02-21)"],
    [{ expires: '30d' }, "prop 'expires': got '30d', expected a date such as '2026-12-31', or a time such as '2026-12-31T18:00:00Z'. Leave it out if it stays (CH02-21)"],
    [{ podSecurity: 'privileged' }, "prop 'podSecurity': got 'privileged', expected 'restricted' or 'baseline'. Leave it out for 'restricted'; privileged pods need a namespace of their own (CH10-35)"],
    [{ labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } }, "prop 'labels': got 'pod-security.kubernetes.io/enforce', expected labels that no other prop sets. Use the prop of that purpose"],
    [{ annotations: { purpose: 'x' } }, "prop 'annotations': got 'purpose', expected annotations that no other prop sets. Use the prop of that purpose"],
    [{ expires: '2026-12-31', labels: { 'cdk8s-best-practices.dev/expires': 'true' } }, "prop 'labels': got 'cdk8s-best-practices.dev/expires', expected labels that no other prop sets. Use 'ttl' of a DeveloperNamespace"],
    [{ annotations: { ttl: '1h' } }, "prop 'annotations': got 'ttl', expected annotations that no other prop sets. Use 'ttl' of a DeveloperNamespace"],
    [{ quota: undefined }, "prop 'quota': got nothing, expected a Quota, e.g. Quota.of({ cpu, memory }). Give what the team may use: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) }) (CH08-38)"],
    [{ quota: Quota.of(untyped({ memory: Size.gibibytes(1) })) }, "prop 'quota.cpu': got nothing, expected a Cpu of at least 1 milli-core, e.g. Cpu.millis(500). Give what the pods of the team may request together (CH08-39)"],
    [{ quota: quota({ cpuLimit: Cpu.units(1) }) }, "prop 'quota.cpuLimit': got 1, expected at least cpu (1000). Raise it: no limit is below its request (CH08-39)"],
    [{ quota: quota({ memoryLimit: Size.gibibytes(1) }) }, "prop 'quota.memoryLimit': got 1Gi, expected at least memory (1000Gi). Raise it: no limit is below its request (CH08-39)"],
    [{ quota: Quota.withoutCpuLimit(untyped({ cpu: Cpu.units(1), memory: Size.gibibytes(1), cpuLimit: Cpu.units(4) })) }, "prop 'quota.cpuLimit': got an unknown prop, expected one of cpu, ephemeralStorage, memory, memoryLimit, objects, pods, storage, storageClasses. Remove it"],
    [{ quota: quota({ pods: 0 }) }, "prop 'quota.pods': got 0, expected an integer from 1 to 100000. Leave it out for one for each 100m of cpu"],
    [{ quota: quota({ objects: untyped({ configMaps: 1.5 }) }) }, "prop 'quota.objects.configMaps': got 1.5, expected an integer from 0 to 100000. Leave it out for the default (CH08-41)"],
    [{ quota: quota({ objects: untyped({ pvc: 1 }) }) }, "prop 'quota.objects.pvc': got an unknown prop, expected one of configMaps, cronJobs, daemonSets, deployments, ingresses, jobs, loadBalancers, networkPolicies, nodePorts, persistentVolumeClaims, replicaSets, secrets, serviceAccounts, services, statefulSets. Remove it"],
    [{ quota: quota({ storage: Size.gibibytes(1), storageClasses: { fast: { storage: Size.gibibytes(2) } } }) }, "prop 'quota.storageClasses['fast'].storage': got 2Gi, expected at most what all classes have together (1Gi). Raise 'quota.storage' (CH08-40)"],
    [{ quota: quota({ storageClasses: { 'a b': {} } }) }, "prop 'quota.storageClasses['a b']': got 'a b', expected the name of a StorageClass, at most 225 characters. Write { fast: { storage: Size.gibibytes(10) } } (CH08-40)"],
    [{ limitRange: { defaultRequest: { cpu: Cpu.units(2) }, defaultLimit: { cpu: Cpu.units(1) } } }, "prop 'limitRange.defaultLimit.cpu': got 1, expected at least 'limitRange.defaultRequest.cpu' (2). Order them: min, defaultRequest, defaultLimit, max (CH08-47)"],
    [{ limitRange: { min: { cpu: Cpu.units(2) }, max: { cpu: Cpu.units(1) } } }, "prop 'limitRange.defaultLimit.cpu': got 1, expected at least 'limitRange.defaultRequest.cpu' (2). Order them: min, defaultRequest, defaultLimit, max (CH08-47)"],
    [{ limitRange: { maxRatio: { cpu: 0.5 } } }, "prop 'limitRange.maxRatio.cpu': got 0.5, expected a number from 1 to 1000 with up to three decimals. Leave it out for any"],
    [{ limitRange: { maxRatio: { memory: 5 }, min: { memory: Size.mebibytes(100) }, max: { memory: Size.mebibytes(200) } } }, "prop 'limitRange.maxRatio.memory': got 5, expected at most max / min (2): the API refuses more. Lower it, or leave it out (CH08-44)"],
    [{ limitRange: { maxRatio: { cpu: 2 }, defaultLimit: { cpu: Cpu.units(1) } } }, "prop 'limitRange.maxRatio.cpu': got 2, expected at least that of the defaults (10). Raise it, or bring the defaults together (CH08-44)"],
    [{ limitRange: { minClaim: Size.gibibytes(2), maxClaim: Size.gibibytes(1) } }, "prop 'limitRange.maxClaim': got 1Gi, expected at least 'limitRange.minClaim' (2Gi). Order them: min, defaultRequest, defaultLimit, max (CH08-47)"],
    [{ limitRange: { default: {} } }, "prop 'limitRange.default': got an unknown prop, expected one of defaultLimit, defaultRequest, max, maxClaim, maxRatio, min, minClaim. Remove it"],
    [{ limitRange: 5 }, "prop 'limitRange': got 5, expected an object. Pass the props as an object literal"],
    [{ quota: Quota.withoutCpuLimit({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }), limitRange: { max: { cpu: Cpu.units(1) } } }, "prop 'limitRange.max.cpu': got 1, expected nothing with Quota.withoutCpuLimit(...): containers would get a CPU limit, or be refused. Remove it, or use Quota.of(...) (CH08-44)"],
    [{ developers: ['system:masters'] }, "prop 'subjects[0]': got 'system:masters', expected a name without space at its ends, that is not '*' and does not begin with 'system:' or 'kubeadm:'. Bind a group of the identity provider: those of Kubernetes mean administrators, or everybody (CH04-38)"],
    [{ pullSecrets: 'hunter2' }, "prop 'pullSecrets': got a string, expected a list, each item a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"],
    [{ pullSecrets: ['registry'] }, "prop 'pullSecrets[0]': got a string, expected a Secret reference. Use new VersionedSecret(...) or Secret.fromSecretName(...)"],
    [{ ttl: '30d' }, "prop 'ttl': got an unknown prop, expected one of annotations, defaultDeny, developers, expires, labels, limitRange, name, owner, podSecurity, pullSecrets, purpose, quota, team. Remove it"],
  ];

  test('the level privileged (CH10-35)', () => {
    expect(refused({ podSecurity: 'privileged' })).toHaveLength(1);
  });

  test('a default request above the default limit (CH08-47)', () => {
    expect(refused({ limitRange: { defaultRequest: { cpu: Cpu.units(2) }, defaultLimit: { cpu: Cpu.units(1) } } })).toHaveLength(1);
  });

  test.each(cases.map(([props, message]) => [message, props] as const))('%s', (message, props) => {
    expect(refused(props).map((text) => text.replace(/^\[[^\]]+\] /, ''))).toEqual([message]);
  });

  test('the mark of namespaces that a reaper may delete, also as a label of the chart', () => {
    const chart = new Chart(new App(), 'app', { labels: { 'cdk8s-best-practices.dev/expires': 'true' } });
    new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota() });
    expect(() => Testing.synth(chart)).toThrow("[app/shop] prop 'labels': got 'cdk8s-best-practices.dev/expires', expected labels that no other prop sets. Use 'ttl' of a DeveloperNamespace");
  });

  test('two namespaces of one name on one cluster, not on two', () => {
    const build = (chart: Chart): void => {
      new TenantNamespace(chart, 'one', { ...TENANT, quota: quota() });
      const other = new TenantNamespace(chart, 'two', { ...TENANT, quota: quota() });
      if (chart.node.id === 'app') return;
      new ClusterProfile({ name: 'b' }).assignTo(other);
    };
    expect(problemsOf(build)[0]).toContain("Namespace '/shop': got 2 on cluster 'default' (app/one/Resource, app/two/Resource), expected one");
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
