import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import {
  AccessGrant,
  type AccessGrantProps,
  AccessRole,
  type AccessRule,
  Autoscaling,
  ClusterProfile,
  ExportedService,
  Exposure,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  IngressController,
  Inventory,
  Job,
  NameEgress,
  NamespaceReaper,
  PrivilegedException,
  PrivilegedWorkload,
  Redis,
  ScheduledJob,
  StaticSite,
  Subject,
  Tls,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
} from '../../src';
import { resourceOf } from '../../src/kubernetes/resource-name';
import { type Manifest, newChart, only, problemsOf, refusedBy, synth, untyped, warningsIn, WEB } from '../support';

const GROUP = [Subject.group('oidc:team-shop')];

/** The manifests of one grant. */
function grant(props: Partial<AccessGrantProps>): Manifest[] {
  return synth((chart) => new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: GROUP, ...props }));
}

/** What is wrong with a grant, without the path. */
function problemsWith(props: Record<string, unknown>): string[] {
  return problemsOf(
    (chart) => new AccessGrant(chart, 'staff', untyped({ role: AccessRole.viewer(), subjects: GROUP, ...props })),
  ).map((message) => message.replace(/^\[app\/staff] /, ''));
}

function problemsWithRule(rule: Partial<AccessRule>, extra: Record<string, unknown> = {}): string[] {
  return problemsWith({ role: AccessRole.of({ resources: ['pods'], verbs: ['get'], ...rule }), ...extra });
}

/** Whether a role of the kit has a right. */
function may(role: AccessRole, verb: string, resource: string, apiGroup = ''): boolean {
  const { rules } = only(grant({ role }), 'Role');
  return rules.some(
    (rule: Manifest) =>
      rule.apiGroups.includes(apiGroup) && rule.resources.includes(resource) && rule.verbs.includes(verb),
  );
}

/** As `ApiObject.apiGroup`. */
function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core';
}

const ROUTING = {
  host: 'shop.example.com',
  tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
  controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
};

const KIT = {
  helpDesk: AccessRole.helpDesk(),
  viewer: AccessRole.viewer(),
  developer: AccessRole.developer(),
  deployer: AccessRole.deployer(),
};

describe('a grant', () => {
  test('is a Role and a RoleBinding of one namespace that fit each other (CH04-31, CH04-34, CH04-35, CH17-31, CH17-34, S000-88, S002-25)', () => {
    const manifests = grant({
      role: AccessRole.of({
        apiGroup: 'apps',
        resources: ['deployments/scale'],
        verbs: ['get', 'patch'],
        resourceNames: ['web'],
      }),
    });
    expect(manifests.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
      ['Role', 'shop', 'app-staff'],
      ['RoleBinding', 'shop', 'app-staff'],
    ]);
    expect(only(manifests, 'Role').rules).toEqual([
      { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get', 'patch'], resourceNames: ['web'] },
    ]);
    expect(only(manifests, 'RoleBinding')).toMatchObject({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'app-staff' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'oidc:team-shop' }],
    });
  });

  test('is for the namespace that is named, whatever that of the chart is (CH04-42, CH02-16)', () => {
    expect(grant({ namespace: 'checkout' }).map(({ metadata }) => metadata.namespace)).toEqual([
      'checkout',
      'checkout',
    ]);
  });

  test('for the whole cluster is a ClusterRole with a reason, and in no namespace (CH04-34)', () => {
    const manifests = grant({
      clusterWide: 'inventory of all teams',
      role: AccessRole.of({ resources: ['nodes'], verbs: ['get', 'list'] }),
    });
    expect(manifests.map(({ kind, metadata }) => [kind, 'namespace' in metadata, metadata.annotations])).toEqual([
      ['ClusterRole', false, { 'kubernetes.io/description': 'inventory of all teams' }],
      ['ClusterRoleBinding', false, { 'kubernetes.io/description': 'inventory of all teams' }],
    ]);
    expect(only(manifests, 'ClusterRoleBinding').roleRef).toMatchObject({ kind: 'ClusterRole', name: 'app-staff' });
  });

  test('refers to `view` and `edit` of Kubernetes, and writes no role', () => {
    expect(only(grant({ role: AccessRole.view() }), 'RoleBinding').roleRef).toMatchObject({
      kind: 'ClusterRole',
      name: 'view',
    });
    expect(
      grant({ role: AccessRole.edit('own sandbox') }).map(({ kind, metadata }) => [kind, metadata.annotations]),
    ).toEqual([['RoleBinding', { 'kubernetes.io/description': 'own sandbox' }]]);
    expect(grant({ role: AccessRole.view(), clusterWide: 'who interferes' }).map(({ kind }) => kind)).toEqual([
      'ClusterRoleBinding',
    ]);
  });

  test('names users, ServiceAccounts and workloads of other namespaces (CH04-30, CH04-37)', () => {
    const app = new App();
    const web = new WebService(newChart('front', 'front', app), 'web', WEB);
    const chart = newChart('shop', 'app', app);
    new AccessGrant(chart, 'staff', {
      role: AccessRole.viewer(),
      subjects: [
        Subject.user('jane@example.com'),
        Subject.serviceAccount('flux', 'flux-system'),
        Subject.workload(web),
      ],
    });
    expect(only(chart.toJson(), 'RoleBinding').subjects).toEqual([
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane@example.com' },
      { kind: 'ServiceAccount', name: 'flux', namespace: 'flux-system' },
      { kind: 'ServiceAccount', name: 'front-web', namespace: 'front' },
    ]);
  });

  test('takes a workload without namespace into that of the binding, and refuses it where there is none', () => {
    const bind = (namespace?: string) => {
      const chart = new Chart(new App(), 'app');
      new AccessGrant(chart, 'staff', {
        role: AccessRole.viewer(),
        namespace,
        subjects: [Subject.workload(new WebService(chart, 'web', WEB))],
      });
      return only(chart.toJson(), 'RoleBinding').subjects;
    };
    expect(bind('shop')).toEqual([{ kind: 'ServiceAccount', name: 'app-web', namespace: 'shop' }]);
    expect(() => bind()).toThrow("[app/staff] prop 'subjects[0]': got 'app/web' in a chart without namespace");
  });

  test('has a name that labels can have, which are shorter than names of roles', () => {
    expect(grant({ name: `a.${'b'.repeat(61)}` })[0].metadata.labels['app.kubernetes.io/instance']).toHaveLength(63);
    expect(problemsWith({ name: `a.${'b'.repeat(62)}` })).toEqual(['name: app/object-name']);
  });

  test('is refused twice on one cluster only, also where it has no namespace', () => {
    const app = new App();
    for (const [id, namespace] of [
      ['one', 'a'],
      ['two', 'b'],
    ]) {
      const chart = newChart(namespace, id, app);
      new ClusterProfile({ name: id }).assignTo(chart);
      new AccessGrant(chart, 'staff', {
        name: 'staff',
        role: AccessRole.view(),
        clusterWide: 'reading',
        subjects: GROUP,
      });
    }
    expect(() => app.synthYaml()).not.toThrow();
    new AccessGrant(app.charts[0], 'again', {
      name: 'staff',
      role: AccessRole.view(),
      clusterWide: 'reading',
      subjects: GROUP,
    });
    expect(() => app.synthYaml()).toThrow(
      "ClusterRoleBinding.rbac.authorization.k8s.io '/staff': got 2 on cluster 'one'",
    );
  });
});

describe('the kit', () => {
  test.each(Object.entries(KIT))(
    '%s has no wildcard, no Secrets, no shell and no rights on rights (CH17-29, CH04-43, S000-84, S003-78)',
    (_name, role) => {
      const { rules } = only(grant({ role }), 'Role');
      expect(JSON.stringify(rules)).not.toMatch(
        /\*|secrets|exec|attach|portforward|proxy|token|roles|rolebindings|"(bind|escalate|impersonate|deletecollection)"/,
      );
      expect(rules.length).toBeGreaterThan(0);
    },
  );

  test('helpDesk reads pods and events alone (CH04-45, S40, S41, SYS-17-08)', () => {
    expect(only(grant({ role: AccessRole.helpDesk() }), 'Role').rules).toEqual([
      { apiGroups: [''], resources: ['pods', 'events'], verbs: ['get', 'list', 'watch'] },
    ]);
  });

  test('viewer reads, and does nothing else (CH02-19, CH17-32, S002-24)', () => {
    const { rules } = only(grant({ role: AccessRole.viewer() }), 'Role');
    expect([...new Set(rules.flatMap(({ verbs }: Manifest) => verbs))].sort()).toEqual(['get', 'list', 'watch']);
  });

  test('developer debugs and scales, and creates no pods (S002-23, S002-55, S003-03)', () => {
    const { developer } = KIT;
    expect([
      may(developer, 'get', 'pods/log'),
      may(developer, 'delete', 'pods'),
      may(developer, 'patch', 'deployments/scale', 'apps'),
      may(developer, 'list', 'pods', 'metrics.k8s.io'),
    ]).toEqual([true, true, true, true]);
    expect([
      may(developer, 'create', 'pods'),
      may(developer, 'patch', 'deployments', 'apps'),
      may(developer, 'create', 'jobs', 'batch'),
      may(developer, 'patch', 'networkpolicies', 'networking.k8s.io'),
    ]).toEqual([false, false, false, false]);
  });

  test('deployer writes, and viewer reads, the objects of our blocks in one namespace (CH04-40, CH04-41, S000-87)', () => {
    const written = synth((chart) => {
      const config = new VersionedConfigMap(chart, 'config', { data: { a: '1' } });
      const password = { secret: new VersionedSecret(chart, 'passwd', { version: 'v1' }), key: 'passwd' };
      const web = new WebService(chart, 'web', {
        ...WEB,
        autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }),
      });
      web.mount('/etc/web', config);
      web.connectTo(new Redis(chart, 'redis', { storage: Size.gibibytes(1), password }));
      new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.4.2' });
      new Job(chart, 'once', { image: 'ghcr.io/acme/web:1.4.2' });
      new ScheduledJob(chart, 'often', {
        image: 'ghcr.io/acme/web:1.4.2',
        schedule: '@hourly',
        activeDeadline: Duration.minutes(20),
      });
      new ExternalService(chart, 'legacy', { port: 5432, target: ExternalTarget.addresses(['10.1.2.3']) });
      new HttpRouting(chart, 'routing', { ...ROUTING, routes: [{ path: '/', backend: web }] });
    });
    const resources = [
      ...new Set(written.map(({ apiVersion, kind }) => resourceOf({ apiGroup: groupOf(apiVersion as string), kind }))),
    ];
    expect(resources.sort()).toEqual([
      'configmaps',
      'cronjobs.batch',
      'deployments.apps',
      'endpointslices.discovery.k8s.io',
      'horizontalpodautoscalers.autoscaling',
      'ingresses.networking.k8s.io',
      'jobs.batch',
      'networkpolicies.networking.k8s.io',
      'poddisruptionbudgets.policy',
      'serviceaccounts',
      'services',
      'statefulsets.apps',
    ]);
    for (const resource of resources) {
      const [name, ...group] = resource.split('.');
      for (const verb of ['get', 'create', 'patch', 'delete']) {
        expect([resource, verb, may(KIT.deployer, verb, name, group.join('.'))]).toEqual([resource, verb, true]);
      }
      expect([resource, may(KIT.viewer, 'list', name, group.join('.'))]).toEqual([resource, true]);
    }
  });

  test('can be extended by the kinds of add-ons that some blocks write (CH04-40)', () => {
    const written = synth((chart) => {
      const web = new WebService(chart, 'web', { ...WEB, egress: 'declared' });
      new HttpRouting(chart, 'routing', { ...ROUTING, routes: [{ path: '/', backend: web, stripPrefix: true }] });
      new ExportedService(chart, 'export', {
        backend: web,
        exposure: Exposure.clusterSet({ sources: ['10.20.0.0/16'] }),
      });
      web.connectTo(
        new ExternalService(chart, 'billing', {
          port: 443,
          target: ExternalTarget.dnsName('billing.example.com', { egress: NameEgress.cilium() }),
        }),
      );
      web.connectTo(
        new ExternalService(chart, 'rates', {
          port: 443,
          target: ExternalTarget.dnsName('rates.example.com', { egress: NameEgress.calico() }),
        }),
      );
    });
    const missing = written
      .map(({ apiVersion, kind }) => [groupOf(apiVersion as string), resourceOf({ apiGroup: 'core', kind })])
      .filter(([group, resource]) => !may(KIT.deployer, 'create', resource, group === 'core' ? '' : group));
    const kinds = [...new Set(missing.map((pair) => pair.join('/')))].sort();
    expect(kinds).toEqual([
      'cilium.io/ciliumnetworkpolicies',
      'multicluster.x-k8s.io/serviceexports',
      'projectcalico.org/networkpolicies',
      'traefik.io/middlewares',
    ]);
    for (const [apiGroup, resource] of missing) {
      expect(
        may(KIT.deployer.plus({ apiGroup, resources: [resource], verbs: ['create'] }), 'create', resource, apiGroup),
      ).toBe(true);
    }
    const guide = readFileSync(join(__dirname, '../../docs/access.md'), 'utf8');
    for (const [apiGroup, resource] of missing) {
      expect(guide).toMatch(new RegExp(`^\\|.*\`${apiGroup}\`.*\`${resource}\``, 'm'));
    }
  });

  test('can be extended, with a reason where the right gives more than it says', () => {
    const role = AccessRole.developer().plus({
      resources: ['pods/exec'],
      verbs: ['create', 'get'],
      reason: 'no tracing yet',
    });
    expect(may(role, 'create', 'pods/exec')).toBe(true);
    expect(only(grant({ role }), 'Role').metadata.annotations).toEqual({
      'kubernetes.io/description': 'no tracing yet',
    });
    expect(may(AccessRole.developer(), 'create', 'pods/exec')).toBe(false);
  });
});

describe('rules of a caller', () => {
  test.each<[string, Partial<AccessRule>, string]>([
    ['any verb', { verbs: ['*'] }, 'role.rules[0].verbs[0]: props/value'],
    [
      'bind',
      { apiGroup: 'rbac.authorization.k8s.io', resources: ['roles'], verbs: ['bind'] },
      'role.rules[0].verbs[0]: props/value',
    ],
    [
      'escalate',
      { apiGroup: 'rbac.authorization.k8s.io', resources: ['roles'], verbs: ['escalate'] },
      'role.rules[0].verbs[0]: props/value',
    ],
    ['impersonate', { resources: ['users'], verbs: ['impersonate'] }, 'role.rules[0].verbs[0]: props/value'],
    ['any resource', { resources: ['*'] }, 'role.rules[0].resources[0]: props/value'],
    ['any subresource', { resources: ['pods/*'] }, 'role.rules[0].resources[0]: props/value'],
    ['any group', { apiGroup: '*' }, 'role.rules[0].apiGroup: access/api-group'],
    ['any name', { resourceNames: ['*'] }, 'role.rules[0].resourceNames[0]: props/value'],
    ['a version for a group', { apiGroup: 'v1' }, 'role.rules[0].apiGroup: access/api-group'],
    [
      'the group that the book prints',
      { apiGroup: 'app', resources: ['deployments'] },
      'role.rules[0].apiGroup: access/api-group',
    ],
    [
      'a group of history',
      { apiGroup: 'extensions', resources: ['deployments'] },
      'role.rules[0].apiGroup: access/api-group',
    ],
    ['a resource of another group', { resources: ['deployments'] }, 'role.rules[0].resources: access/api-group'],
    [
      'a resource of the core group elsewhere',
      { apiGroup: 'certificates.k8s.io', resources: ['nodes/proxy'] },
      'role.rules[0].resources: access/api-group',
    ],
    ['a resource that nobody has', { resources: ['pod'] }, 'role.rules[0].resources: access/api-group'],
    ['a resource without namespace', { resources: ['nodes'] }, 'role.rules[0].resources: access/resource-scope'],
    ['no resource', { resources: [] }, 'role.rules[0].resources: props/empty-list'],
    ['no verb', { verbs: [] }, 'role.rules[0].verbs: props/empty-list'],
    ['no name, which means all', { resourceNames: [] }, 'role.rules[0].resourceNames: props/empty-list'],
    ['a verb twice', { verbs: ['get', 'get'] }, 'role.rules[0].verbs: props/duplicate'],
    [
      'create of named objects',
      { verbs: ['get', 'create'], resourceNames: ['a'] },
      'role.rules[0].resourceNames: access/nameless-verb',
    ],
    [
      'deletecollection of named objects',
      { verbs: ['deletecollection'], resourceNames: ['a'] },
      'role.rules[0].resourceNames: access/nameless-verb',
    ],
    [
      'writing roles',
      { apiGroup: 'rbac.authorization.k8s.io', resources: ['rolebindings'], verbs: ['create'] },
      'role.rules[0]: access/escalation',
    ],
    ['tokens', { resources: ['serviceaccounts/token'], verbs: ['create'] }, 'role.rules[0]: access/escalation'],
    ['labels of the namespace', { resources: ['namespaces'], verbs: ['patch'] }, 'role.rules[0]: access/escalation'],
    [
      'webhooks',
      { apiGroup: 'admissionregistration.k8s.io', resources: ['validatingwebhookconfigurations'], verbs: ['patch'] },
      'role.rules[0]: access/escalation',
    ],
    ['listing Secrets', { resources: ['secrets'], verbs: ['list'] }, 'role.rules[0].reason: access/dangerous-right'],
    [
      'reading a Secret',
      { resources: ['secrets'], verbs: ['get'], resourceNames: ['a'] },
      'role.rules[0].reason: access/dangerous-right',
    ],
    ['a shell', { resources: ['pods/exec'], verbs: ['get'] }, 'role.rules[0].reason: access/dangerous-right'],
    ['an empty reason', { resources: ['pods/exec'], verbs: ['get'], reason: '' }, 'role.rules[0].reason: props/value'],
    ['a misspelt prop', untyped({ resourceName: ['a'] }), 'role.rules[0].resourceName: props/unknown'],
  ])('may not name %s (CH04-33, CH04-43, CH04-44, CH17-27, CH17-29, SYS-17-06)', (_title, rule, message) => {
    expect(problemsWithRule(rule)).toEqual([message]);
  });

  test.each(['nodes/proxy', 'nodes/status'])(
    '%s is no way around, not even for the whole cluster (S002-32)',
    (resource) => {
      expect(
        problemsWithRule({ resources: [resource], verbs: ['get', 'update'] }, { clusterWide: 'monitoring' }),
      ).toHaveLength(1);
    },
  );

  test('certificates are not approved (CH17-29)', () => {
    expect(
      problemsWithRule(
        { apiGroup: 'certificates.k8s.io', resources: ['certificatesigningrequests/approval'], verbs: ['update'] },
        { clusterWide: 'onboarding' },
      ),
    ).toEqual(['role.rules[0]: access/escalation']);
  });

  test.each<[string, Partial<AccessRule>]>([
    ['named Secrets with a reason', { resources: ['secrets'], resourceNames: ['cert'], reason: 'renews it' }],
    [
      'one watched ConfigMap',
      { resources: ['configmaps'], verbs: ['get', 'list', 'watch'], resourceNames: ['leader'] },
    ],
    [
      'a shell in a named pod',
      { resources: ['pods/exec'], verbs: ['create'], resourceNames: ['db-0'], reason: 'psql' },
    ],
    ['custom resources', { apiGroup: 'acme.example.com', resources: ['widgets', 'widgets/status'] }],
    ['metrics of pods', { apiGroup: 'metrics.k8s.io' }],
    ['a new Secret', { resources: ['secrets'], verbs: ['create'] }],
  ])('may name %s', (_title, rule) => {
    expect(problemsWithRule(rule)).toEqual([]);
  });

  test.each([
    'admissionregistration.k8s.io/validatingadmissionpolicies',
    'apiregistration.k8s.io/apiservices',
    'authentication.k8s.io/tokenreviews',
    'authorization.k8s.io/selfsubjectaccessreviews',
    'authorization.k8s.io/subjectaccessreviews',
    'cert-manager.io/clusterissuers',
    'certificates.k8s.io/certificatesigningrequests',
    'certificates.k8s.io/clustertrustbundles',
    'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations',
    'metrics.k8s.io/nodes',
    'networking.k8s.io/ipaddresses',
    'networking.k8s.io/servicecidrs',
    'storage.k8s.io/csidrivers',
    'storage.k8s.io/csinodes',
    'storage.k8s.io/volumeattachments',
  ])('may name %s, which is in no namespace, for the whole cluster only (CH04-34)', (resource) => {
    const [apiGroup, name] = resource.split('/');
    expect(problemsWithRule({ apiGroup, resources: [name] })).toEqual([
      'role.rules[0].resources: access/resource-scope',
    ]);
    expect(problemsWithRule({ apiGroup, resources: [name] }, { clusterWide: 'a test' })).toEqual([]);
  });

  test.each([
    ['', 'namespaces'],
    ['authorization.k8s.io', 'localsubjectaccessreviews'],
    ['cert-manager.io', 'issuers'],
    ['certificates.k8s.io', 'podcertificaterequests'],
  ])('may name %s/%s in a namespace', (apiGroup, name) => {
    expect(problemsWithRule({ apiGroup, resources: [name] })).toEqual([]);
  });

  test('that create workloads come with a warning (CH17-29)', () => {
    const chart = newChart();
    new AccessGrant(chart, 'staff', {
      subjects: GROUP,
      role: AccessRole.of({ apiGroup: 'batch', resources: ['jobs'], verbs: ['create'] }),
    });
    new AccessGrant(chart, 'deploy', { subjects: GROUP, role: AccessRole.deployer() });
    expect(warningsIn(chart)).toEqual(['[app/staff] role: access/starts-pods']);
  });
});

describe('a grant where pods have power over more than their namespace', () => {
  const warningsOf = (role: AccessRole, power: PrivilegedException | 'reaper', namespace = 'agents'): string[] => {
    const app = new App();
    new AccessGrant(newChart('shop', 'app', app), 'staff', { role, subjects: GROUP, namespace });
    const agents = newChart('agents', 'agents', app);
    if (power === 'reaper') {
      new NamespaceReaper(agents, 'agent', { image: 'ghcr.io/acme/kubectl:1.34.2' });
    } else {
      new PrivilegedWorkload(agents, 'agent', {
        image: 'ghcr.io/acme/agent:3.1.0',
        owner: 'platform',
        exceptions: [power],
      });
    }
    return Inventory.of(app)
      .warnings.filter(({ path }) => path === 'app/staff')
      .map(({ message }) => message);
  };
  const WHY = { reason: 'Reads the logs of all pods' };
  const NODE = PrivilegedException.hostPath('/var/log', WHY);
  const SHELL = AccessRole.viewer().plus({ resources: ['pods/exec'], verbs: ['create'], reason: 'support' });

  test.each<[string, AccessRole, PrivilegedException | 'reaper', string]>([
    [
      'a deployer of pods that have the node',
      AccessRole.deployer(),
      NODE,
      "'create' on 'deployments' in namespace 'agents', the namespace of 'agents/agent': a subject with this right can become root on the nodes: Pod Security admits everything there (CH10-35)",
    ],
    [
      'edit beside them',
      AccessRole.edit('sandbox'),
      NODE,
      "'create' on 'pods' in namespace 'agents', the namespace of 'agents/agent': a subject with this right can become root on the nodes: Pod Security admits everything there (CH10-35)",
    ],
    [
      'a shell in them',
      SHELL,
      NODE,
      "'create' on 'pods/exec' in namespace 'agents', the namespace of 'agents/agent': a subject with this right can become root on the nodes: Pod Security admits everything there (CH10-35)",
    ],
    [
      'edit beside a reaper',
      AccessRole.edit('sandbox'),
      'reaper',
      "'create' on 'pods' in namespace 'agents', the namespace of 'agents/agent': a subject with this right can use its ServiceAccount, which deletes namespaces (CH02-25)",
    ],
  ])('warns: %s (CH10-35, CH02-25)', (_title, role, power, message) => {
    expect(warningsOf(role, power)).toEqual([message]);
  });

  test('does not warn where no pods are started or entered, in other namespaces, and where Pod Security still holds', () => {
    expect(warningsOf(AccessRole.developer(), NODE)).toEqual([]);
    expect(warningsOf(AccessRole.view(), 'reaper')).toEqual([]);
    expect(warningsOf(AccessRole.deployer(), NODE, 'shop')).toEqual([]);
    expect(warningsOf(AccessRole.deployer(), PrivilegedException.rootUser(WHY))).toEqual([]);
  });
});

describe('a grant refuses', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['no role', { role: undefined }, 'role: props/required'],
    ['a name for a role', { role: 'cluster-admin' }, 'role: props/value'],
    ['a role without rules', { role: AccessRole.of() }, 'role.rules: props/empty-list'],
    ['edit without a reason', { role: AccessRole.edit('') }, 'role.reason: access/edit-reason'],
    [
      'edit of the whole cluster',
      { role: AccessRole.edit('why not'), clusterWide: 'lazy' },
      'role: access/edit-cluster-wide',
    ],
    [
      'workloads of the whole cluster',
      { role: AccessRole.deployer(), clusterWide: 'one pipeline for all' },
      'role: access/pods-of-kubernetes',
    ],
    [
      'a rule for workloads of the whole cluster',
      {
        role: AccessRole.developer().plus({
          apiGroup: 'batch',
          resources: ['jobs'],
          verbs: ['get', 'patch'],
          resourceNames: ['backup'],
        }),
        clusterWide: 'backups',
      },
      'role.rules[0]: access/pods-of-kubernetes',
    ],
    [
      'a shell in the pods of the whole cluster',
      {
        role: AccessRole.of({ resources: ['pods/attach', 'pods/exec'], verbs: ['create'], reason: 'support' }),
        clusterWide: 'support',
      },
      'role.rules[0]: access/pods-of-kubernetes',
    ],
    [
      'a shell over WebSockets',
      {
        role: AccessRole.of({ resources: ['pods/exec'], verbs: ['get'], resourceNames: ['web-0'], reason: 'support' }),
        clusterWide: 'support',
      },
      'role.rules[0]: access/pods-of-kubernetes',
    ],
    [
      'a container in the pods of the whole cluster',
      {
        role: AccessRole.viewer().plus({
          resources: ['pods/ephemeralcontainers'],
          verbs: ['get', 'patch'],
          reason: 'debugging',
        }),
        clusterWide: 'support',
      },
      'role.rules[0]: access/pods-of-kubernetes',
    ],
    [
      'rules beside view',
      { role: AccessRole.view().plus({ resources: ['pods'], verbs: ['delete'] }) },
      'role.rules: access/built-in-with-rules',
    ],
    ['no subjects', { subjects: [] }, 'subjects: props/empty-list'],
    ['text for a subject', { subjects: ['team'] }, 'subjects[0]: props/value'],
    ['administrators', { subjects: [Subject.group('system:masters')] }, 'subjects[0]: access/subject-identity'],
    [
      'administrators of kubeadm',
      { subjects: [Subject.group('kubeadm:cluster-admins')] },
      'subjects[0]: access/subject-identity',
    ],
    ['everybody', { subjects: [Subject.group('system:authenticated')] }, 'subjects[0]: access/subject-identity'],
    ['nobody in particular', { subjects: [Subject.user('system:anonymous')] }, 'subjects[0]: access/subject-identity'],
    ['a star', { subjects: [Subject.group('*')] }, 'subjects[0]: access/subject-identity'],
    ['space around a name', { subjects: [Subject.group('team ')] }, 'subjects[0]: access/subject-identity'],
    ['a group twice', { subjects: [Subject.group('a'), Subject.group('a')] }, 'subjects[1]: props/duplicate'],
    [
      'the ServiceAccount of all pods',
      { subjects: [Subject.serviceAccount('default', 'shop')] },
      'subjects[0].name: access/default-service-account',
    ],
    [
      'a ServiceAccount without namespace',
      { subjects: [Subject.serviceAccount('ci', '')] },
      'subjects[0].namespace: props/value',
    ],
    ['a workload that is none', { subjects: [Subject.workload('web' as never)] }, 'subjects[0]: props/value'],
    ['a namespace for the whole cluster', { clusterWide: 'x', namespace: 'shop' }, 'namespace: props/conflict'],
    ['true in place of a reason', { clusterWide: true }, 'clusterWide: props/value'],
    ['a bad namespace', { namespace: 'Shop' }, 'namespace: props/value'],
    [
      'rights for everybody who looks',
      { clusterWide: 'x', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
      'labels: access/aggregated-role',
    ],
    ['a misspelt prop', { subject: GROUP }, 'subject: props/unknown'],
  ])('%s (CH04-34, CH04-35, CH04-37, CH04-38, CH04-39, CH04-43, S000-86)', (_title, props, message) => {
    expect(problemsWith(props)).toEqual([message]);
  });

  test('labels of its chart that give its rights to others (CH17-29)', () => {
    const chart = new Chart(new App(), 'app', {
      namespace: 'shop',
      labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' },
    });
    new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: GROUP });
    expect(refusedBy(() => Testing.synth(chart), chart)).toEqual(['[app/staff] labels: access/aggregated-role']);
  });

  test('a rule that is none', () => {
    expect(problemsWith({ role: AccessRole.of('pods' as never) })).toContain('role.rules[0]: props/object');
  });

  test('and what is refused is not rendered', () => {
    const { binding, role } = new AccessGrant(newChart(), 'staff', {
      role: AccessRole.viewer(),
      subjects: [Subject.group('system:masters')],
    });
    expect(() => binding.toJson()).toThrow('[app/staff]');
    expect(() => role?.toJson()).toThrow('[app/staff]');
  });
});
