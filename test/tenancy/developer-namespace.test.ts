import { ApiObject, App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { AccessGrant, AccessRole, Cpu, DeveloperNamespace, type DeveloperNamespaceProps, Inventory, Quota, Subject, WebService } from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

const SPIKE: DeveloperNamespaceProps = { name: 'search-spike', owner: 'jane@example.com', team: 'search', purpose: 'Tries another tokenizer' };

function spike(props: Partial<DeveloperNamespaceProps> = {}): Manifest[] {
  return synth((chart) => new DeveloperNamespace(chart, 'spike', { ...SPIKE, ...props }));
}

function problemsWith(props: Record<string, unknown>): string[] {
  return problemsOf((chart) => new DeveloperNamespace(chart, 'spike', untyped({ ...SPIKE, ...props }))).map((message) => message.replace(/^\[app\/spike] /, ''));
}

describe('a developer namespace', () => {
  test('says whose it is, what for, and how long it lives (S20, CH02-14, CH02-21, CH02-22, CH04-32)', () => {
    expect(only(spike(), 'Namespace').metadata).toEqual({
      name: 'search-spike',
      labels: expect.objectContaining({ 'team': 'search', 'cdk8s-best-practices.dev/expires': 'true', 'pod-security.kubernetes.io/enforce': 'restricted' }),
      annotations: { owner: 'jane@example.com', purpose: 'Tries another tokenizer', ttl: '336h' },
    });
    expect(only(spike({ ttl: Duration.days(2) }), 'Namespace').metadata.annotations.ttl).toBe('48h');
  });

  test('has a quota of 10 CPU and 100 GiB (S22, CH02-06, CH02-20)', () => {
    expect(only(spike(), 'ResourceQuota').spec.hard).toMatchObject({ 'requests.cpu': '10', 'limits.cpu': '10', 'requests.memory': '100Gi', 'limits.memory': '100Gi', 'requests.storage': '100Gi' });
    const small = only(spike({ quota: Quota.of({ cpu: Cpu.units(2), memory: Size.gibibytes(4) }) }), 'ResourceQuota');
    expect(small.spec.hard).toMatchObject({ 'requests.cpu': '2', 'requests.memory': '4Gi' });
  });

  test('gives its owner edit in the namespace, and nothing else (S21, CH02-01, CH02-10, CH02-13, CH02-15, CH02-16)', () => {
    const manifests = spike();
    expect(only(manifests, 'RoleBinding')).toMatchObject({
      metadata: { name: 'edit', namespace: 'search-spike' },
      roleRef: { kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'User', name: 'jane@example.com' }],
    });
    expect(manifests.filter(({ kind }) => /^ClusterRole/.test(kind))).toEqual([]);
    expect(manifests.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'search-spike')).toEqual([]);
  });

  test('names groups of the identity provider on request (CH02-11)', () => {
    expect(only(spike({ editors: [Subject.group('oidc:search')] }), 'RoleBinding').subjects).toEqual([{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'oidc:search' }]);
  });

  test('lets them look at the whole cluster, but at no Secrets, on request (CH02-18, CH02-19)', () => {
    expect(only(spike({ clusterView: true }), 'ClusterRoleBinding')).toMatchObject({
      metadata: { name: 'search-spike-view' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', name: 'jane@example.com' }],
    });
  });

  test('can end at a fixed time, which is compared with a stated now only (CH02-21)', () => {
    expect(only(spike({ expires: '2001-01-01' }), 'Namespace').metadata.annotations).toEqual({ 'expires-at': '2001-01-01', 'owner': 'jane@example.com', 'purpose': 'Tries another tokenizer' });
    expect(problemsWith({ expires: '2026-12-31', now: '2026-12-30T23:59:59Z' })).toEqual([]);
    expect(problemsWith({ expires: '2026-12-31', now: '2026-12-31T00:00:00Z' })).toEqual(["prop 'expires': got '2026-12-31', expected a time after 'now' (2026-12-31T00:00:00Z). Give a later one, or remove the namespace (CH02-21)"]);
  });

  test('keeps labels and annotations of the caller', () => {
    expect(only(spike({ labels: { cost: 'lab' }, annotations: { ticket: 'X-1' } }), 'Namespace').metadata).toMatchObject({ labels: { 'cost': 'lab', 'cdk8s-best-practices.dev/expires': 'true' }, annotations: { ticket: 'X-1', ttl: '336h' } });
  });

  test('has no ServiceAccounts with rights elsewhere (CH02-10)', () => {
    const build = (id: string, props: Record<string, unknown>) => problemsOf((chart) => {
      new DeveloperNamespace(chart, 'spike', SPIKE);
      const inside = new Chart(chart, 'inside', { namespace: 'search-spike' });
      new AccessGrant(inside, id, untyped({ role: AccessRole.viewer(), subjects: [Subject.workload(new WebService(inside, 'web', WEB))], ...props }));
    });
    expect(build('own', {})).toEqual([]);
    expect(build('other', { namespace: 'prod' })).toEqual([
      "[app/spike] prop 'name': got the ServiceAccount 'app-inside-web' with rights in namespace 'prod' ('app/inside/other'), expected ServiceAccounts without rights elsewhere. Move the workload to another namespace: whoever may edit this one can act as it (CH02-10)",
    ]);
    expect(build('all', { clusterWide: 'why not' })).toEqual([expect.stringContaining("got the ServiceAccount 'app-inside-web' with rights in all namespaces ('app/inside/all')")]);
  });

  test('has no ServiceAccounts with rights elsewhere by bindings of other libraries (CH02-10)', () => {
    const build = (bind: (inside: Chart, account: kplus.ServiceAccount) => void): string[] => problemsOf((chart) => {
      new DeveloperNamespace(chart, 'spike', SPIKE);
      const inside = new Chart(chart, 'inside', { namespace: 'search-spike' });
      bind(inside, new kplus.ServiceAccount(inside, 'account', { metadata: { name: 'robot', namespace: 'search-spike' } }));
    });
    const raw = (id: string, kind: string, namespace: string | undefined, subjects: unknown[]) => (inside: Chart): void => {
      new ApiObject(inside, id, { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata: { name: id, namespace }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects });
    };
    const robot = { kind: 'ServiceAccount', name: 'robot', namespace: 'search-spike' };
    const refused = (where: string, path: string): string[] => [
      `[app/spike] prop 'name': got the ServiceAccount 'robot' with rights ${where} ('app/inside/${path}'), expected ServiceAccounts without rights elsewhere. Move the workload to another namespace: whoever may edit this one can act as it (CH02-10)`,
    ];
    expect(build((inside, account) => {
      const role = new kplus.ClusterRole(inside, 'role');
      role.allowRead(kplus.ApiResource.SECRETS);
      role.bind(account);
    })).toEqual([expect.stringContaining("got the ServiceAccount 'robot' with rights in all namespaces ('app/inside/role/")]);
    expect(build(raw('other', 'RoleBinding', 'prod', [robot]))).toEqual(refused("in namespace 'prod'", 'other'));
    expect(build(raw('all', 'ClusterRoleBinding', undefined, [{ kind: 'Group', name: 'a' }, robot]))).toEqual(refused('in all namespaces', 'all'));
    expect(build(raw('own', 'RoleBinding', undefined, [robot]))).toEqual([]);
    expect(build(raw('others', 'ClusterRoleBinding', undefined, [{ ...robot, namespace: 'prod' }, { kind: 'User', name: 'robot' }]))).toEqual([]);
    expect(build(raw('odd', 'ClusterRoleBinding', undefined, 'nobody' as never))).toEqual([]);
  });

  test('warns of other rights of its owner (CH02-17)', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    new DeveloperNamespace(chart, 'spike', { ...SPIKE, clusterView: true });
    new DeveloperNamespace(chart, 'other', { ...SPIKE, name: 'other', clusterView: true });
    expect(Inventory.of(app).warnings).toEqual([]);
    new AccessGrant(chart, 'staff', { role: AccessRole.deployer(), subjects: [Subject.user('jane@example.com')] });
    expect(Inventory.of(app).warnings).toEqual(['spike', 'other'].map((id) => ({ path: `app/${id}`, message: "'jane@example.com' has other rights, too ('app/staff'): they reach beyond the namespace (CH02-17)" })));
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a short life', { ttl: Duration.minutes(30) }, "prop 'ttl': got 1800 s, expected a Duration of whole hours, 1 to 8760. Leave it out for 14 days (CH02-21)"],
    ['part of an hour', { ttl: Duration.minutes(90) }, "prop 'ttl': got 5400 s, expected a Duration of whole hours, 1 to 8760"],
    ['years', { ttl: Duration.days(366) }, "prop 'ttl': got 31622400 s"],
    ['text for a Duration', { ttl: '5d' }, "prop 'ttl': got '5d', expected a Duration of whole hours"],
    ['two ends', { ttl: Duration.days(1), expires: '2026-12-31' }, "prop 'ttl': got a Duration beside 'expires': '2026-12-31', expected one of the two. Keep one (CH02-21)"],
    ['a date that is none', { expires: '2026-02-31' }, "prop 'expires': got '2026-02-31', expected a date"],
    ['a now that is none', { now: 'today' }, "prop 'now': got 'today', expected a time such as '2026-12-31T18:00:00Z'"],
    ['an owner of Kubernetes', { owner: 'system:admin' }, "prop 'subjects[0]': got 'system:admin', expected a name"],
    ['no editors', { editors: [] }, "prop 'editors': got [], expected at least one. Leave it out for the owner (CH02-15)"],
    ['no purpose', { purpose: '' }, "prop 'purpose': got '', expected a non-empty string"],
    ['a namespace of Kubernetes', { name: 'kube-system' }, "prop 'name': got 'kube-system'"],
    ['null for a quota', { quota: null }, "prop 'quota': got null, expected a Quota"],
    ['labels that are none', { labels: 'x' }, "prop 'labels': got 'x', expected a map"],
    ['a life beside its end', { expires: '2026-12-31', annotations: { ttl: 'forever' } }, "prop 'annotations': got 'ttl', expected annotations that no other prop sets. Use 'ttl' of a DeveloperNamespace"],
    ['two lives', { ttl: Duration.days(2), annotations: { ttl: '500h' } }, "prop 'annotations': got 'ttl', expected annotations that no other prop sets"],
    ['another mark', { labels: { 'cdk8s-best-practices.dev/expires': 'false' } }, "prop 'labels': got 'cdk8s-best-practices.dev/expires', expected labels that no other prop sets"],
    ['a prop of another block', { developers: ['a'] }, "prop 'developers': got an unknown prop"],
  ])('refuses %s (CH02-21)', (_title, props, message) => {
    expect(problemsWith(props)).toEqual([expect.stringContaining(message)]);
  });

  test('asks for all that is missing where no props are passed', () => {
    expect(problemsOf((chart) => new DeveloperNamespace(chart, 'spike', untyped(undefined as never)))).toEqual(['owner', 'team', 'purpose'].map((prop) => expect.stringContaining(`prop '${prop}': got nothing`)));
  });
});
