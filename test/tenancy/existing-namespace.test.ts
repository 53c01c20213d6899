import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { ApiObject, App, Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { quota, TENANT } from './support';
import {
  AccessGrant,
  AccessRole,
  ClusterProfile,
  Cpu,
  DeveloperNamespace,
  Egress,
  ExistingNamespace,
  type ExistingNamespaceProps,
  findingsOf,
  Inventory,
  NamespaceReaper,
  NetworkTiers,
  Peer,
  Quota,
  Redis,
  Resources,
  Rules,
  SecretRef,
  Subject,
  TenantNamespace,
  type TenantNamespaceProps,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from '../../src';
import { allocateNamespace } from '../../src/ops/allocate-namespace';
import { type Manifest, only, pinned, problemsOfApp, untyped, warningsIn, WEB } from '../support';

const folder = mkdtempSync(join(tmpdir(), 'existing-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with these texts as documents. */
function fileOf(name: string, ...documents: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, documents.join('\n---\n'));
  return path;
}

/** The namespace.yaml of the command-line tool. */
async function allocated(...words: string[]): Promise<string> {
  const output = new PassThrough();
  const errors = new PassThrough();
  const given = ['--owner', 'jane@example.com', '--team', 'search', '--purpose', 'Tries things', ...words];
  expect(await allocateNamespace(given, { input: new PassThrough(), output, errors })).toBe(0);
  return fileOf(`${words.join('')}.yaml`, String(output.read()));
}

/** The YAML of a platform with a tenant, in an app of its own. */
function platform(props: Partial<TenantNamespaceProps>): string {
  const app = new App();
  new TenantNamespace(new Chart(app, 'platform'), 'shop', { ...TENANT, quota: quota(), ...props });
  return app.synthYaml();
}

/** An app of two workloads with an edge, and a Redis with replicas. */
function journal(namespace: string, props: Partial<WebServiceProps> = {}): { app: App; chart: Chart } {
  const app = new App();
  const chart = new Chart(app, 'journal', { namespace, disableResourceNameHashes: true });
  const redis = new Redis(chart, 'redis', {
    password: { secret: SecretRef.named('passwd'), key: 'passwd' },
    storage: Size.gibibytes(4),
  });
  const front = new WebService(chart, 'front', { ...WEB, ...props });
  front.connectTo(redis);
  front.allowFrom(Peer.pods({ namespace: 'ingress', labels: { app: 'ingress' } }));
  return { app, chart };
}

function policies({ chart }: { chart: Chart }): Manifest[] {
  return (Testing.synth(chart) as Manifest[]).filter(({ kind }) => kind === 'NetworkPolicy');
}

/** The warnings of the rule; others are about other parts of the app. */
function unstatedIn(app: App): string[] {
  return warningsIn(app).filter((line) => line.endsWith('network/unstated-namespace'));
}

/** What the same app becomes with the tenant in it. */
function besideTenant(props: Partial<TenantNamespaceProps>, place: Partial<WebServiceProps> = {}): unknown {
  const { app, chart } = journal('shop', place);
  new TenantNamespace(new Chart(app, 'platform'), 'shop', { ...TENANT, quota: quota(), ...props });
  return Testing.synth(chart);
}

describe('B15: a namespace that another app has made', () => {
  test('is stated once, and opened as if the TenantNamespace were in the same app (S002-22)', () => {
    const own = journal('shop');
    new ExistingNamespace(own.chart, 'namespace', { defaultDeny: true });
    expect(policies(own).map(({ spec }) => spec.policyTypes as unknown)).toEqual([
      ['Ingress', 'Egress'],
      ['Ingress', 'Egress'],
    ]);
    expect(Testing.synth(own.chart)).toEqual(besideTenant({}));
    expect(unstatedIn(own.app)).toEqual([]);
  });

  test('keeps egress open where it is said to be open', () => {
    const own = journal('shop');
    new ExistingNamespace(own.chart, 'namespace', { defaultDeny: false });
    expect(Testing.synth(own.chart)).toEqual(besideTenant({ defaultDeny: false }));
    expect(unstatedIn(own.app)).toEqual([]);
  });

  test.each([
    ['its egress', { egressTo: [Egress.internet()] }],
    ["egress: 'open'", { egress: 'open' as const }],
    ["egress: 'declared'", { egress: 'declared' as const }],
  ])('%s is written as beside the tenant', (_what, props) => {
    const own = journal('shop', props);
    new ExistingNamespace(own.chart, 'namespace', { defaultDeny: true });
    expect(Testing.synth(own.chart)).toEqual(besideTenant({}, props));
  });

  test('has pull secrets, which all ServiceAccounts name and the inventory lists (CH04-28)', () => {
    const own = journal('shop');
    const pullSecrets = [SecretRef.named('registry'), new VersionedSecret(own.chart, 'other', { version: 'v1' })];
    new ExistingNamespace(own.chart, 'namespace', { defaultDeny: true, pullSecrets });
    const accounts = (Testing.synth(own.chart) as Manifest[]).filter(({ kind }) => kind === 'ServiceAccount');
    expect(accounts.map(({ imagePullSecrets }) => imagePullSecrets as unknown)).toEqual(
      accounts.map(() => [{ name: 'registry' }, { name: 'other-v1' }]),
    );
    expect(Inventory.of(own.app).secrets).toContainEqual({
      cluster: 'default',
      namespace: 'shop',
      name: 'registry',
      type: 'kubernetes.io/dockerconfigjson',
      keys: ['.dockerconfigjson'],
      users: ['journal/namespace', 'journal/redis/ServiceAccount', 'journal/front/ServiceAccount'],
    });
  });

  test('has a quota, with which the sums of all charts are compared (CH08-42)', () => {
    const own = journal('shop');
    const other = new Chart(own.app, 'other', { namespace: 'shop' });
    new WebService(other, 'web', { ...WEB, resources: Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }) });
    new ExistingNamespace(own.chart, 'namespace', {
      defaultDeny: true,
      quota: Quota.of({ cpu: Cpu.units(2), memory: Size.gibibytes(100), storage: Size.gibibytes(8) }),
    });
    expect(problemsOfApp(own.app)).toEqual([
      '[journal/namespace] quota.cpuLimit: namespace/quota',
      '[journal/namespace] quota.cpu: namespace/quota',
      '[journal/namespace] quota.storage: namespace/quota',
    ]);
  });

  test('has a LimitRange, whose bounds hold for workloads of others', () => {
    const app = new App();
    const own = new Chart(app, 'own', { namespace: 'shop' });
    new kplus.Deployment(own, 'web', {
      containers: [{ image: 'ghcr.io/acme/web:1.0.0', resources: { cpu: { limit: kplus.Cpu.units(2) } } }],
    });
    new ExistingNamespace(own, 'namespace', {
      defaultDeny: true,
      quota: quota(),
      limitRange: { max: { cpu: Cpu.units(1) } },
    });
    expect(problemsOfApp(app)).toEqual(['[own/namespace] limitRange.max: namespace/limit-range']);
  });

  test.each<[string, ExistingNamespaceProps, string[]]>([
    ['restricted', { defaultDeny: true, podSecurity: 'restricted' }, ['[own/web/Resource] namespace/pod-security']],
    ['not stated', { defaultDeny: true }, []],
  ])('has a level of Pod Security, with which pods of others are compared: %s', (_what, props, refused) => {
    const app = new App();
    const own = new Chart(app, 'own', { namespace: 'shop' });
    const securityContext = { privileged: true, allowPrivilegeEscalation: true };
    new kplus.Deployment(own, 'web', { containers: [{ image: 'ghcr.io/acme/web:1.0.0', securityContext }] });
    new ExistingNamespace(own, 'namespace', props);
    expect(problemsOfApp(app)).toEqual(refused);
  });

  test('is that of its cluster alone', () => {
    const own = journal('shop');
    new ClusterProfile({ name: 'east' }).assignTo(own.chart);
    new ExistingNamespace(own.app, 'namespace', { name: 'shop', defaultDeny: true });
    expect(policies(own).map(({ spec }) => spec.policyTypes as unknown)).toEqual([['Ingress'], ['Ingress']]);
    expect(unstatedIn(own.app)).toEqual(['[journal] namespace: network/unstated-namespace']);
  });

  test('has the name of the chart that it is in, or one of its own', () => {
    const app = new App();
    const chart = new Chart(app, 'chart', { namespace: 'shop' });
    expect(new ExistingNamespace(chart, 'a', { defaultDeny: true }).name).toBe('shop');
    expect(new ExistingNamespace(chart, 'b', { name: 'blog', defaultDeny: true }).name).toBe('blog');
    expect(new ExistingNamespace(app, 'c', { name: 'cart', defaultDeny: true }).name).toBe('cart');
  });

  test('may be that of a reaper, which a tenant may not', () => {
    const app = new App();
    const chart = new Chart(app, 'reaper', { namespace: 'namespace-reaper' });
    new NamespaceReaper(chart, 'Default', { image: 'ghcr.io/acme/kubectl:1.34.2' });
    new ExistingNamespace(chart, 'namespace', { defaultDeny: false });
    expect(problemsOfApp(app)).toEqual([]);
  });
});

describe('B15: the file of a namespace', () => {
  test('is what the command-line tool writes (CH08-42)', async () => {
    const own = journal('search-x');
    const file = await allocated('--name', 'search-x', '--size', 'medium');
    const stated = new ExistingNamespace(own.chart, 'namespace', { file });
    expect(stated.name).toBe('search-x');
    expect(policies(own).map(({ spec }) => spec.policyTypes as unknown)).toEqual([
      ['Ingress', 'Egress'],
      ['Ingress', 'Egress'],
    ]);
    expect(problemsOfApp(own.app)).toEqual([]);
    expect(unstatedIn(own.app)).toEqual([]);

    new WebService(own.chart, 'large', {
      ...WEB,
      resources: Resources.of({ cpu: Cpu.units(5), memory: Size.gibibytes(1) }),
    });
    expect(problemsOfApp(own.app)).toEqual([
      '[journal/namespace] ResourceQuota search-x: namespace/quota',
      '[journal/namespace] ResourceQuota search-x: namespace/quota',
    ]);
  });

  test('tells that a namespace is that of a developer, in which no account has rights elsewhere', async () => {
    const own = journal('search-y');
    new ExistingNamespace(own.chart, 'namespace', { file: await allocated('--name', 'search-y') });
    new AccessGrant(own.chart, 'grant', {
      namespace: 'prod',
      role: AccessRole.viewer(),
      subjects: [Subject.serviceAccount('journal-front', 'search-y')],
    });
    new NamespaceReaper(own.chart, 'reaper', { image: 'ghcr.io/acme/kubectl:1.34.2' });
    expect(problemsOfApp(own.app)).toEqual(
      expect.arrayContaining([
        '[journal/namespace] name: namespace/rights-elsewhere',
        '[journal/reaper] namespace: reaper/foreign-namespace',
      ]),
    );
  });

  test('is what the app of the platform writes, with several namespaces and whatever is in them', () => {
    const own = journal('shop');
    const other = platform({ name: 'blog', defaultDeny: false, pullSecrets: [SecretRef.named('of-blog')] });
    const file = fileOf('platform.yaml', other, platform({ pullSecrets: [SecretRef.named('registry')] }));
    new ExistingNamespace(own.chart, 'namespace', { file });
    expect(Testing.synth(own.chart)).toEqual(besideTenant({ pullSecrets: [SecretRef.named('registry')] }));
  });

  test('counts what is in the namespace, once (CH08-41)', () => {
    const text = platform({ quota: quota({ objects: { networkPolicies: 3 } }) });
    // two of the tenant, and two of the app
    const own = journal('shop');
    new ExistingNamespace(own.chart, 'namespace', { file: fileOf('counted.yaml', text) });
    expect(problemsOfApp(own.app)).toEqual(['[journal/namespace] ResourceQuota shop: namespace/quota']);
    // of a cluster on which the app runs already
    const again = journal('shop');
    const running = platform({ quota: quota({ objects: { networkPolicies: 4 } }) });
    const file = fileOf('running.yaml', running, ...policies(again).map((policy) => JSON.stringify(policy)));
    new ExistingNamespace(again.chart, 'namespace', { file });
    expect(problemsOfApp(again.app)).toEqual([]);
  });

  test.each([
    ['a list, as kubectl writes it', (items: object[]) => JSON.stringify({ kind: 'List', apiVersion: 'v1', items })],
    ['documents', (items: object[]) => items.map((item) => JSON.stringify(item)).join('\n---\n')],
  ])('is JSON or YAML: %s', (_what, write) => {
    const items = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'deny', namespace: 'shop' },
        spec: { podSelector: {}, policyTypes: ['Egress'] },
      },
    ];
    const own = journal('shop');
    new ExistingNamespace(own.chart, 'namespace', { file: fileOf('list.json', write(items)) });
    expect(only(Testing.synth(own.chart) as Manifest[], 'NetworkPolicy', 'journal-front').spec.policyTypes).toEqual([
      'Ingress',
      'Egress',
    ]);
  });

  test.each<[string, object[], boolean]>([
    ['nothing', [], false],
    ['a policy of ingress for all pods', [{ podSelector: {}, policyTypes: ['Ingress'] }], false],
    ['a policy without types', [{ podSelector: {} }], false],
    [
      'a policy of egress for some pods',
      [{ podSelector: { matchLabels: { a: 'b' } }, policyTypes: ['Egress'] }],
      false,
    ],
    ['a policy of egress for all pods', [{ podSelector: {}, policyTypes: ['Egress'] }], true],
    ['rules of egress for all pods, and no types', [{ egress: [{ to: [{ podSelector: {} }] }] }], true],
    [
      'such a policy, and one that opens all',
      [
        { podSelector: {}, policyTypes: ['Egress'] },
        { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
      ],
      false,
    ],
    ['one that opens a port for all', [{ policyTypes: ['Egress'], egress: [{ ports: [{ port: 53 }] }] }], true],
  ])('tells whether egress is denied: %s', (_what, specs, closed) => {
    const found = specs.map((spec, index) => ({
      kind: 'NetworkPolicy',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: `p${index}`, namespace: 'shop' },
      spec,
    }));
    const file = fileOf(
      'closed.yaml',
      ...[{ kind: 'Namespace', metadata: { name: 'shop' } }, ...found].map((manifest) => JSON.stringify(manifest)),
    );
    const own = journal('shop');
    new ExistingNamespace(own.chart, 'namespace', { file });
    expect(policies(own)[0].spec.policyTypes).toEqual(closed ? ['Ingress', 'Egress'] : ['Ingress']);
  });
});

describe('a statement that is wrong', () => {
  const refused = (props: Record<string, unknown>, namespace?: string): string[] => {
    const app = new App();
    new ExistingNamespace(new Chart(app, 'chart', { namespace }), 'x', untyped<ExistingNamespaceProps>(props));
    return problemsOfApp(app);
  };
  const two = fileOf(
    'two.yaml',
    '{ "kind": "Namespace", "metadata": { "name": "a" } }',
    '{ "kind": "Namespace", "metadata": { "name": "b" } }',
  );

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no name', { defaultDeny: true }, ['[chart/x] name: props/required']],
    ['neither open nor closed', { name: 'shop' }, ['[chart/x] defaultDeny: props/required']],
    ['a bad name', { name: 'Shop', defaultDeny: true }, ['[chart/x] name: props/value']],
    [
      'a level that is none',
      { name: 'shop', defaultDeny: true, podSecurity: 'privileged' },
      ['[chart/x] podSecurity: props/value'],
    ],
    [
      'a LimitRange without a quota',
      { name: 'shop', defaultDeny: true, limitRange: {} },
      ['[chart/x] limitRange: props/conflict'],
    ],
    [
      'a file beside props',
      { file: two, name: 'a', defaultDeny: true, quota: quota() },
      ['[chart/x] file: props/conflict', '[chart/x] file: props/conflict'],
    ],
    [
      'a file that is not there',
      { name: 'a', file: '/no/such/namespace.yaml' },
      ['[chart/x] file: namespace/unreadable-file'],
    ],
    [
      'an address',
      { name: 'a', file: 'https://example.com/namespace.yaml' },
      ['[chart/x] file: namespace/unreadable-file'],
    ],
    ['a file without the namespace', { name: 'c', file: two }, ['[chart/x] file: namespace/unreadable-file']],
    ['a file with several, and no name', { file: two }, ['[chart/x] file: namespace/unreadable-file']],
    ['a bad quota', { name: 'shop', defaultDeny: true, quota: 10 }, ['[chart/x] quota: props/value']],
  ])('%s is one message', (_what, props, messages) => {
    expect(refused(props)).toEqual(messages);
  });

  test('a namespace that the app makes itself, whoever writes it', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    new TenantNamespace(chart, 'tenant', { ...TENANT, quota: quota() });
    new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'raw' } });
    new ExistingNamespace(chart, 'a', { name: 'shop', defaultDeny: false });
    new ExistingNamespace(chart, 'b', { name: 'raw', defaultDeny: false });
    expect(problemsOfApp(app)).toEqual(['[chart/a] name: namespace/made-here', '[chart/b] name: namespace/made-here']);
  });

  test('a namespace that is stated twice', () => {
    const app = new App();
    const chart = new Chart(app, 'chart');
    new ExistingNamespace(chart, 'a', { name: 'shop', defaultDeny: false });
    new ExistingNamespace(chart, 'b', { name: 'shop', defaultDeny: true });
    expect(problemsOfApp(app)).toEqual(['[chart/b] namespace/stated-twice']);
  });
});

describe('B15: a namespace of which nothing is stated', () => {
  test('is a warning where edges would be dead, once, at the first chart', () => {
    const { app, chart } = journal('search-x');
    const other = new Chart(app, 'other', { namespace: 'search-x' });
    new WebService(other, 'client', WEB).connectTo(new WebService(chart, 'server', WEB));
    expect(unstatedIn(app)).toEqual(['[journal] namespace: network/unstated-namespace']);
    expect(problemsOfApp(app)).toEqual([]);
  });

  test('is a warning where a workload wants all connections out', () => {
    const app = new App();
    new WebService(new Chart(app, 'journal', { namespace: 'search-x' }), 'web', { ...WEB, egress: 'open' });
    expect(unstatedIn(app)).toEqual(['[journal] namespace: network/unstated-namespace']);
  });

  test('can be waived, and made an error', () => {
    const waived = journal('search-x');
    Rules.of(waived.app).waive('network/unstated-namespace', waived.chart, {
      reason: 'An open cluster',
      until: '2999-12-31',
    });
    expect(findingsOf(waived.app).map(({ rule, waiver }) => [rule, waiver?.reason])).toContainEqual([
      'network/unstated-namespace',
      'An open cluster',
    ]);
    const strict = journal('search-x');
    Rules.of(strict.app).severity('network/unstated-namespace', untyped('error'));
    expect(problemsOfApp(strict.app)).toEqual(['[journal] namespace: network/unstated-namespace']);
  });

  test.each<[string, () => App]>([
    [
      'a chart without a namespace, as that of Testing.chart()',
      () => {
        const chart = Testing.chart();
        new WebService(chart, 'a', WEB).connectTo(new WebService(chart, 'b', WEB));
        return App.of(chart);
      },
    ],
    [
      'workloads without edges',
      () => {
        const app = new App();
        new WebService(new Chart(app, 'web', { namespace: 'shop' }), 'web', WEB);
        return app;
      },
    ],
    [
      "egress: 'declared', which is right in both",
      () => {
        const app = new App();
        const chart = new Chart(app, 'web', { namespace: 'shop' });
        new WebService(chart, 'a', { ...WEB, egress: 'declared' }).connectTo(new WebService(chart, 'b', WEB));
        return app;
      },
    ],
    ['a namespace of Kubernetes', () => journal('default').app],
    [
      'a Namespace of the app, whoever writes it',
      () => {
        const { app, chart } = journal('shop');
        new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
        return app;
      },
    ],
    [
      'a Namespace in a List of the app',
      () => {
        const { app, chart } = journal('shop');
        const items = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }];
        new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'List', items });
        return app;
      },
    ],
    [
      'a DeveloperNamespace of the app',
      () => {
        const { app } = journal('shop');
        new DeveloperNamespace(new Chart(app, 'platform'), 'x', {
          name: 'shop',
          owner: 'jane',
          team: 'a',
          purpose: 'b',
        });
        return app;
      },
    ],
    [
      'tiers, which close it',
      () => {
        const app = new App();
        const chart = new Chart(app, 'web', { namespace: 'shop' });
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web', allowWithin: true }] });
        const [a, b] = ['a', 'b'].map((id) => new WebService(chart, id, WEB));
        tiers.add('web', a);
        tiers.add('web', b);
        a.connectTo(b);
        return app;
      },
    ],
  ])('is no warning: %s', (_what, build) => {
    const rules = pinned(findingsOf(build())).filter((line) => line.includes('unstated'));
    expect(rules).toEqual([]);
  });
});
