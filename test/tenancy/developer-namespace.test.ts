import { ApiObject, App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  AccessGrant,
  AccessRole,
  Cpu,
  DeveloperNamespace,
  type DeveloperNamespaceProps,
  Quota,
  Subject,
  WebService,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, untyped, warningsIn, WEB } from '../support';

const SPIKE: DeveloperNamespaceProps = {
  name: 'search-spike',
  owner: 'jane@example.com',
  team: 'search',
  purpose: 'Tries another tokenizer',
};

function spike(props: Partial<DeveloperNamespaceProps> = {}): Manifest[] {
  return synth((chart) => new DeveloperNamespace(chart, 'spike', { ...SPIKE, ...props }));
}

function problemsWith(props: Record<string, unknown>): string[] {
  return problemsOf((chart) => new DeveloperNamespace(chart, 'spike', untyped({ ...SPIKE, ...props }))).map((message) =>
    message.replace(/^\[app\/spike] /, ''),
  );
}

describe('a developer namespace', () => {
  test('says whose it is, what for, and how long it lives (S20, CH02-14, CH02-21, CH02-22, CH04-32)', () => {
    expect(only(spike(), 'Namespace').metadata).toEqual({
      name: 'search-spike',
      labels: expect.objectContaining({
        'team': 'search',
        'cdk8s-best-practices.dev/expires': 'true',
        'pod-security.kubernetes.io/enforce': 'restricted',
      }),
      annotations: { owner: 'jane@example.com', purpose: 'Tries another tokenizer', ttl: '336h' },
    });
    expect(only(spike({ ttl: Duration.days(2) }), 'Namespace').metadata.annotations.ttl).toBe('48h');
  });

  test('has a quota of 10 CPU and 100 GiB (S22, CH02-06, CH02-20)', () => {
    expect(only(spike(), 'ResourceQuota').spec.hard).toMatchObject({
      'requests.cpu': '10',
      'limits.cpu': '10',
      'requests.memory': '100Gi',
      'limits.memory': '100Gi',
      'requests.storage': '100Gi',
    });
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
    expect(
      manifests.filter(({ kind, metadata }) => kind !== 'Namespace' && metadata.namespace !== 'search-spike'),
    ).toEqual([]);
  });

  test('names groups of the identity provider on request (CH02-11)', () => {
    expect(only(spike({ editors: [Subject.group('oidc:search')] }), 'RoleBinding').subjects).toEqual([
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'oidc:search' },
    ]);
  });

  test('lets them look at the whole cluster, but at no Secrets, on request (CH02-18, CH02-19)', () => {
    expect(only(spike({ clusterView: true }), 'ClusterRoleBinding')).toMatchObject({
      metadata: { name: 'search-spike-view' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'User', name: 'jane@example.com' }],
    });
  });

  test('can end at a fixed time, which is compared with a stated now only (CH02-21)', () => {
    expect(only(spike({ expires: '2001-01-01' }), 'Namespace').metadata.annotations).toEqual({
      'expires-at': '2001-01-01',
      'owner': 'jane@example.com',
      'purpose': 'Tries another tokenizer',
    });
    expect(problemsWith({ expires: '2026-12-31', now: '2026-12-30T23:59:59Z' })).toEqual([]);
    expect(problemsWith({ expires: '2026-12-31', now: '2026-12-31T00:00:00Z' })).toEqual([
      'expires: namespace/expired',
    ]);
  });

  test('keeps labels and annotations of the caller', () => {
    expect(
      only(spike({ labels: { cost: 'lab' }, annotations: { ticket: 'X-1' } }), 'Namespace').metadata,
    ).toMatchObject({
      labels: { 'cost': 'lab', 'cdk8s-best-practices.dev/expires': 'true' },
      annotations: { ticket: 'X-1', ttl: '336h' },
    });
  });

  test('has no ServiceAccounts with rights elsewhere (CH02-10)', () => {
    const build = (id: string, props: Record<string, unknown>) =>
      problemsOf((chart) => {
        new DeveloperNamespace(chart, 'spike', SPIKE);
        const inside = new Chart(chart, 'inside', { namespace: 'search-spike' });
        new AccessGrant(
          inside,
          id,
          untyped({
            role: AccessRole.viewer(),
            subjects: [Subject.workload(new WebService(inside, 'web', WEB))],
            ...props,
          }),
        );
      });
    expect(build('own', {})).toEqual([]);
    expect(build('other', { namespace: 'prod' })).toEqual(['[app/spike] name: namespace/rights-elsewhere']);
    expect(build('all', { clusterWide: 'why not' })).toEqual(['[app/spike] name: namespace/rights-elsewhere']);
  });

  test('has no ServiceAccounts with rights elsewhere by bindings of other libraries (CH02-10)', () => {
    const build = (bind: (inside: Chart, account: kplus.ServiceAccount) => void): string[] =>
      problemsOf((chart) => {
        new DeveloperNamespace(chart, 'spike', SPIKE);
        const inside = new Chart(chart, 'inside', { namespace: 'search-spike' });
        bind(
          inside,
          new kplus.ServiceAccount(inside, 'account', { metadata: { name: 'robot', namespace: 'search-spike' } }),
        );
      });
    const raw =
      (id: string, kind: string, namespace: string | undefined, subjects: unknown[]) =>
      (inside: Chart): void => {
        new ApiObject(inside, id, {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind,
          metadata: { name: id, namespace },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
          subjects,
        });
      };
    const robot = { kind: 'ServiceAccount', name: 'robot', namespace: 'search-spike' };
    const refused = ['[app/spike] name: namespace/rights-elsewhere'];
    expect(
      build((inside, account) => {
        const role = new kplus.ClusterRole(inside, 'role');
        role.allowRead(kplus.ApiResource.SECRETS);
        role.bind(account);
      }),
    ).toEqual(refused);
    expect(build(raw('other', 'RoleBinding', 'prod', [robot]))).toEqual(refused);
    expect(build(raw('all', 'ClusterRoleBinding', undefined, [{ kind: 'Group', name: 'a' }, robot]))).toEqual(refused);
    expect(build(raw('own', 'RoleBinding', undefined, [robot]))).toEqual([]);
    expect(
      build(
        raw('others', 'ClusterRoleBinding', undefined, [
          { ...robot, namespace: 'prod' },
          { kind: 'User', name: 'robot' },
        ]),
      ),
    ).toEqual([]);
    expect(build(raw('odd', 'ClusterRoleBinding', undefined, 'nobody' as never))).toEqual([]);
  });

  test('warns of other rights of its owner (CH02-17)', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    new DeveloperNamespace(chart, 'spike', { ...SPIKE, clusterView: true });
    new DeveloperNamespace(chart, 'other', { ...SPIKE, name: 'other', clusterView: true });
    expect(warningsIn(app)).toEqual([]);
    new AccessGrant(chart, 'staff', { role: AccessRole.deployer(), subjects: [Subject.user('jane@example.com')] });
    expect(warningsIn(app)).toEqual([
      '[app/spike] editors: namespace/other-rights',
      '[app/other] editors: namespace/other-rights',
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a short life', { ttl: Duration.minutes(30) }, 'ttl: props/value'],
    ['part of an hour', { ttl: Duration.minutes(90) }, 'ttl: props/value'],
    ['years', { ttl: Duration.days(366) }, 'ttl: props/value'],
    ['text for a Duration', { ttl: '5d' }, 'ttl: props/value'],
    ['two ends', { ttl: Duration.days(1), expires: '2026-12-31' }, 'ttl: props/conflict'],
    ['a date that is none', { expires: '2026-02-31' }, 'expires: props/value'],
    ['a now that is none', { now: 'today' }, 'now: props/value'],
    ['an owner of Kubernetes', { owner: 'system:admin' }, 'subjects[0]: access/subject-identity'],
    ['no editors', { editors: [] }, 'editors: props/empty-list'],
    ['no purpose', { purpose: '' }, 'purpose: props/value'],
    ['a namespace of Kubernetes', { name: 'kube-system' }, 'name: app/object-name'],
    ['null for a quota', { quota: null }, 'quota: props/value'],
    ['labels that are none', { labels: 'x' }, 'labels: props/value'],
    [
      'a life beside its end',
      { expires: '2026-12-31', annotations: { ttl: 'forever' } },
      'annotations: namespace/own-label',
    ],
    ['two lives', { ttl: Duration.days(2), annotations: { ttl: '500h' } }, 'annotations: namespace/own-label'],
    ['another mark', { labels: { 'cdk8s-best-practices.dev/expires': 'false' } }, 'labels: namespace/own-label'],
    ['a prop of another block', { developers: ['a'] }, 'developers: props/unknown'],
  ])('refuses %s (CH02-21)', (_title, props, message) => {
    expect(problemsWith(props)).toEqual([expect.stringContaining(message)]);
  });

  test('asks for all that is missing where no props are passed', () => {
    expect(problemsOf((chart) => new DeveloperNamespace(chart, 'spike', untyped(undefined)))).toEqual(
      ['owner', 'team', 'purpose'].map((prop) => `[app/spike] ${prop}: props/required`),
    );
  });
});
