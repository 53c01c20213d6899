import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import {
  AccessGrant, type AccessGrantProps, AccessRole, type AccessRule, Autoscaling, ClusterProfile, ExportedService, Exposure, ExternalService, ExternalTarget, HttpRouting, IngressController,
  Inventory, Job, NameEgress, NamespaceReaper, PrivilegedException, PrivilegedWorkload, Redis, ScheduledJob, StaticSite, Subject, Tls, VersionedConfigMap, VersionedSecret, WebService,
} from '../../src';
import { resourceOf } from '../../src/kubernetes/resource-name';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

const GROUP = [Subject.group('oidc:team-shop')];

/** The manifests of one grant. */
function grant(props: Partial<AccessGrantProps>): Manifest[] {
  return synth((chart) => new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: GROUP, ...props }));
}

/** What is wrong with a grant, without the path. */
function problemsWith(props: Record<string, unknown>): string[] {
  return problemsOf((chart) => new AccessGrant(chart, 'staff', untyped({ role: AccessRole.viewer(), subjects: GROUP, ...props })))
    .map((message) => message.replace(/^\[app\/staff] /, ''));
}

function problemsWithRule(rule: Partial<AccessRule>, extra: Record<string, unknown> = {}): string[] {
  return problemsWith({ role: AccessRole.of({ resources: ['pods'], verbs: ['get'], ...rule }), ...extra });
}

/** Whether a role of the kit has a right. */
function may(role: AccessRole, verb: string, resource: string, apiGroup = ''): boolean {
  const { rules } = only(grant({ role }), 'Role');
  return rules.some((rule: Manifest) => rule.apiGroups.includes(apiGroup) && rule.resources.includes(resource) && rule.verbs.includes(verb));
}

/** As `ApiObject.apiGroup`. */
function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.split('/')[0] : 'core';
}

const ROUTING = { host: 'shop.example.com', tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }), controller: IngressController.inNamespace('traefik', { className: 'traefik' }) };

const KIT = { helpDesk: AccessRole.helpDesk(), viewer: AccessRole.viewer(), developer: AccessRole.developer(), deployer: AccessRole.deployer() };

describe('a grant', () => {
  test('is a Role and a RoleBinding of one namespace that fit each other (CH04-31, CH04-34, CH04-35, CH17-31, CH17-34, S000-88, S002-25)', () => {
    const manifests = grant({ role: AccessRole.of({ apiGroup: 'apps', resources: ['deployments/scale'], verbs: ['get', 'patch'], resourceNames: ['web'] }) });
    expect(manifests.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([['Role', 'shop', 'app-staff'], ['RoleBinding', 'shop', 'app-staff']]);
    expect(only(manifests, 'Role').rules).toEqual([{ apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['get', 'patch'], resourceNames: ['web'] }]);
    expect(only(manifests, 'RoleBinding')).toMatchObject({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'app-staff' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'oidc:team-shop' }],
    });
  });

  test('is for the namespace that is named, whatever that of the chart is (CH04-42, CH02-16)', () => {
    expect(grant({ namespace: 'checkout' }).map(({ metadata }) => metadata.namespace)).toEqual(['checkout', 'checkout']);
  });

  test('for the whole cluster is a ClusterRole with a reason, and in no namespace (CH04-34)', () => {
    const manifests = grant({ clusterWide: 'inventory of all teams', role: AccessRole.of({ resources: ['nodes'], verbs: ['get', 'list'] }) });
    expect(manifests.map(({ kind, metadata }) => [kind, 'namespace' in metadata, metadata.annotations])).toEqual([
      ['ClusterRole', false, { 'kubernetes.io/description': 'inventory of all teams' }],
      ['ClusterRoleBinding', false, { 'kubernetes.io/description': 'inventory of all teams' }],
    ]);
    expect(only(manifests, 'ClusterRoleBinding').roleRef).toMatchObject({ kind: 'ClusterRole', name: 'app-staff' });
  });

  test('refers to `view` and `edit` of Kubernetes, and writes no role', () => {
    expect(only(grant({ role: AccessRole.view() }), 'RoleBinding').roleRef).toMatchObject({ kind: 'ClusterRole', name: 'view' });
    expect(grant({ role: AccessRole.edit('own sandbox') }).map(({ kind, metadata }) => [kind, metadata.annotations])).toEqual([['RoleBinding', { 'kubernetes.io/description': 'own sandbox' }]]);
    expect(grant({ role: AccessRole.view(), clusterWide: 'who interferes' }).map(({ kind }) => kind)).toEqual(['ClusterRoleBinding']);
  });

  test('names users, ServiceAccounts and workloads of other namespaces (CH04-30, CH04-37)', () => {
    const app = new App();
    const web = new WebService(newChart('front', 'front', app), 'web', WEB);
    const chart = newChart('shop', 'app', app);
    new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.user('jane@example.com'), Subject.serviceAccount('flux', 'flux-system'), Subject.workload(web)] });
    expect(only(chart.toJson(), 'RoleBinding').subjects).toEqual([
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'jane@example.com' },
      { kind: 'ServiceAccount', name: 'flux', namespace: 'flux-system' },
      { kind: 'ServiceAccount', name: 'front-web', namespace: 'front' },
    ]);
  });

  test('takes a workload without namespace into that of the binding, and refuses it where there is none', () => {
    const bind = (namespace?: string) => {
      const chart = new Chart(new App(), 'app');
      new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), namespace, subjects: [Subject.workload(new WebService(chart, 'web', WEB))] });
      return only(chart.toJson(), 'RoleBinding').subjects;
    };
    expect(bind('shop')).toEqual([{ kind: 'ServiceAccount', name: 'app-web', namespace: 'shop' }]);
    expect(() => bind()).toThrow("[app/staff] prop 'subjects[0]': got 'app/web' in a chart without namespace, expected a workload whose namespace is known. Give its chart a namespace: a binding names that of each ServiceAccount (CH04-42)");
  });

  test('has a name that labels can have, which are shorter than names of roles', () => {
    expect(grant({ name: `a.${'b'.repeat(61)}` })[0].metadata.labels['app.kubernetes.io/instance']).toHaveLength(63);
    expect(() => grant({ name: `a.${'b'.repeat(62)}` })).toThrow(`prop 'name': got 'a.${'b'.repeat(58)}...', expected at most 63 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Set 'name', or choose other construct ids (DX-12)`);
  });

  test('is refused twice on one cluster only, also where it has no namespace', () => {
    const app = new App();
    for (const [id, namespace] of [['one', 'a'], ['two', 'b']]) {
      const chart = newChart(namespace, id, app);
      new ClusterProfile({ name: id }).assignTo(chart);
      new AccessGrant(chart, 'staff', { name: 'staff', role: AccessRole.view(), clusterWide: 'reading', subjects: GROUP });
    }
    expect(() => app.synthYaml()).not.toThrow();
    new AccessGrant(app.charts[0], 'again', { name: 'staff', role: AccessRole.view(), clusterWide: 'reading', subjects: GROUP });
    expect(() => app.synthYaml()).toThrow("ClusterRoleBinding.rbac.authorization.k8s.io '/staff': got 2 on cluster 'one'");
  });
});

describe('the kit', () => {
  test.each(Object.entries(KIT))('%s has no wildcard, no Secrets, no shell and no rights on rights (CH17-29, CH04-43, S000-84, S003-78)', (_name, role) => {
    const { rules } = only(grant({ role }), 'Role');
    expect(JSON.stringify(rules)).not.toMatch(/\*|secrets|exec|attach|portforward|proxy|token|roles|rolebindings|"(bind|escalate|impersonate|deletecollection)"/);
    expect(rules.length).toBeGreaterThan(0);
  });

  test('helpDesk reads pods and events alone (CH04-45, S40, S41, SYS-17-08)', () => {
    expect(only(grant({ role: AccessRole.helpDesk() }), 'Role').rules).toEqual([{ apiGroups: [''], resources: ['pods', 'events'], verbs: ['get', 'list', 'watch'] }]);
  });

  test('viewer reads, and does nothing else (CH02-19, CH17-32, S002-24)', () => {
    const { rules } = only(grant({ role: AccessRole.viewer() }), 'Role');
    expect([...new Set(rules.flatMap(({ verbs }: Manifest) => verbs))].sort()).toEqual(['get', 'list', 'watch']);
  });

  test('developer debugs and scales, and creates no pods (S002-23, S002-55, S003-03)', () => {
    const { developer } = KIT;
    expect([may(developer, 'get', 'pods/log'), may(developer, 'delete', 'pods'), may(developer, 'patch', 'deployments/scale', 'apps'), may(developer, 'list', 'pods', 'metrics.k8s.io')]).toEqual([true, true, true, true]);
    expect([may(developer, 'create', 'pods'), may(developer, 'patch', 'deployments', 'apps'), may(developer, 'create', 'jobs', 'batch'), may(developer, 'patch', 'networkpolicies', 'networking.k8s.io')]).toEqual([false, false, false, false]);
  });

  test('deployer writes, and viewer reads, the objects of our blocks in one namespace (CH04-40, CH04-41, S000-87)', () => {
    const written = synth((chart) => {
      const config = new VersionedConfigMap(chart, 'config', { data: { a: '1' } });
      const password = { secret: new VersionedSecret(chart, 'passwd', { version: 'v1' }), key: 'passwd' };
      const web = new WebService(chart, 'web', { ...WEB, autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }) });
      web.mount('/etc/web', config);
      web.connectTo(new Redis(chart, 'redis', { storage: Size.gibibytes(1), password }));
      new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.4.2' });
      new Job(chart, 'once', { image: 'ghcr.io/acme/web:1.4.2' });
      new ScheduledJob(chart, 'often', { image: 'ghcr.io/acme/web:1.4.2', schedule: '@hourly', activeDeadline: Duration.minutes(20) });
      new ExternalService(chart, 'legacy', { port: 5432, target: ExternalTarget.addresses(['10.1.2.3']) });
      new HttpRouting(chart, 'routing', { ...ROUTING, routes: [{ path: '/', backend: web }] });
    });
    const resources = [...new Set(written.map(({ apiVersion, kind }) => resourceOf({ apiGroup: groupOf(apiVersion as string), kind })))];
    expect(resources.sort()).toEqual([
      'configmaps', 'cronjobs.batch', 'deployments.apps', 'endpointslices.discovery.k8s.io', 'horizontalpodautoscalers.autoscaling', 'ingresses.networking.k8s.io', 'jobs.batch',
      'networkpolicies.networking.k8s.io', 'poddisruptionbudgets.policy', 'serviceaccounts', 'services', 'statefulsets.apps',
    ]);
    for (const resource of resources) {
      const [name, ...group] = resource.split('.');
      for (const verb of ['get', 'create', 'patch', 'delete']) expect([resource, verb, may(KIT.deployer, verb, name, group.join('.'))]).toEqual([resource, verb, true]);
      expect([resource, may(KIT.viewer, 'list', name, group.join('.'))]).toEqual([resource, true]);
    }
  });

  test('can be extended by the kinds of add-ons that some blocks write (CH04-40)', () => {
    const written = synth((chart) => {
      const web = new WebService(chart, 'web', { ...WEB, egress: 'declared' });
      new HttpRouting(chart, 'routing', { ...ROUTING, routes: [{ path: '/', backend: web, stripPrefix: true }] });
      new ExportedService(chart, 'export', { backend: web, exposure: Exposure.clusterSet({ sources: ['10.20.0.0/16'] }) });
      web.connectTo(new ExternalService(chart, 'billing', { port: 443, target: ExternalTarget.dnsName('billing.example.com', { egress: NameEgress.cilium() }) }));
      web.connectTo(new ExternalService(chart, 'rates', { port: 443, target: ExternalTarget.dnsName('rates.example.com', { egress: NameEgress.calico() }) }));
    });
    const missing = written.map(({ apiVersion, kind }) => [groupOf(apiVersion as string), resourceOf({ apiGroup: 'core', kind })])
      .filter(([group, resource]) => !may(KIT.deployer, 'create', resource, group === 'core' ? '' : group));
    const kinds = [...new Set(missing.map((pair) => pair.join('/')))].sort();
    expect(kinds).toEqual(['cilium.io/ciliumnetworkpolicies', 'multicluster.x-k8s.io/serviceexports', 'projectcalico.org/networkpolicies', 'traefik.io/middlewares']);
    for (const [apiGroup, resource] of missing) {
      expect(may(KIT.deployer.plus({ apiGroup, resources: [resource], verbs: ['create'] }), 'create', resource, apiGroup)).toBe(true);
    }
    const guide = readFileSync(join(__dirname, '../../docs/access.md'), 'utf8');
    for (const [apiGroup, resource] of missing) expect(guide).toMatch(new RegExp(`^\\|.*\`${apiGroup}\`.*\`${resource}\``, 'm'));
  });

  test('can be extended, with a reason where the right gives more than it says', () => {
    const role = AccessRole.developer().plus({ resources: ['pods/exec'], verbs: ['create', 'get'], reason: 'no tracing yet' });
    expect(may(role, 'create', 'pods/exec')).toBe(true);
    expect(only(grant({ role }), 'Role').metadata.annotations).toEqual({ 'kubernetes.io/description': 'no tracing yet' });
    expect(may(AccessRole.developer(), 'create', 'pods/exec')).toBe(false);
  });
});

describe('rules of a caller', () => {
  test.each<[string, Partial<AccessRule>, string]>([
    ['any verb', { verbs: ['*'] }, "prop 'role.rules[0].verbs[0]': got '*', expected 'get' or 'list' or 'watch' or 'create' or 'update' or 'patch' or 'delete' or 'deletecollection'. List what is needed (CH17-29)"],
    ['bind', { apiGroup: 'rbac.authorization.k8s.io', resources: ['roles'], verbs: ['bind'] }, "prop 'role.rules[0].verbs[0]': got 'bind', expected 'get' or 'list' or 'watch' or 'create' or 'update' or 'patch' or 'delete' or 'deletecollection'. Remove it: 'bind' lets the subject give itself any right (CH17-29)"],
    ['escalate', { apiGroup: 'rbac.authorization.k8s.io', resources: ['roles'], verbs: ['escalate'] }, "Remove it: 'escalate' lets the subject give itself any right (CH17-29)"],
    ['impersonate', { resources: ['users'], verbs: ['impersonate'] }, "Remove it: 'impersonate' lets the subject give itself any right (CH17-29)"],
    ['any resource', { resources: ['*'] }, "prop 'role.rules[0].resources[0]': got '*', expected a resource in the plural and lower case, such as 'pods' or 'pods/log', without '*'. List what is needed (CH17-29)"],
    ['any subresource', { resources: ['pods/*'] }, "got 'pods/*', expected a resource in the plural"],
    ['any group', { apiGroup: '*' }, "prop 'role.rules[0].apiGroup': got '*', expected '' for the core group, 'apps', 'batch', 'autoscaling', 'policy' or a group with a dot. Write a rule for each group (CH04-33)"],
    ['any name', { resourceNames: ['*'] }, "prop 'role.rules[0].resourceNames[0]': got '*', expected the name of an object, without '*', '/' and '%'. Name the objects, or leave it out for all"],
    ['a version for a group', { apiGroup: 'v1' }, "Write '', or leave it out (CH04-33)"],
    ['the group that the book prints', { apiGroup: 'app', resources: ['deployments'] }, "got 'app', expected '' for the core group"],
    ['a group of history', { apiGroup: 'extensions', resources: ['deployments'] }, "got 'extensions', expected '' for the core group"],
    ['a resource of another group', { resources: ['deployments'] }, "prop 'role.rules[0].resources': got 'deployments', expected a resource of the API group ''. Set apiGroup: 'apps' (CH04-33)"],
    ['a resource of the core group elsewhere', { apiGroup: 'certificates.k8s.io', resources: ['nodes/proxy'] }, "got 'nodes/proxy', expected a resource of the API group 'certificates.k8s.io'. Set apiGroup: '' (CH04-33)"],
    ['a resource that nobody has', { resources: ['pod'] }, "got 'pod', expected a resource of the API group ''. Look it up with kubectl api-resources (CH04-33)"],
    ['a resource without namespace', { resources: ['nodes'] }, "prop 'role.rules[0].resources': got 'nodes', expected a resource that is in a namespace. Set 'clusterWide', with the reason (CH04-34)"],
    ['no resource', { resources: [] }, "prop 'role.rules[0].resources': got [], expected at least one. Name one, or remove the rule"],
    ['no verb', { verbs: [] }, "prop 'role.rules[0].verbs': got [], expected at least one. Name one, or remove the rule"],
    ['no name, which means all', { resourceNames: [] }, "prop 'role.rules[0].resourceNames': got [], expected at least one. Leave it out for all objects"],
    ['a verb twice', { verbs: ['get', 'get'] }, "prop 'role.rules[0].verbs': got 'get', expected each once. Remove one of them"],
    ['create of named objects', { verbs: ['get', 'create'], resourceNames: ['a'] }, "prop 'role.rules[0].resourceNames': got ['a'], expected no names beside 'create'. Give 'create' a rule of its own: its requests name no object, so that the rule would never apply (CH04-44)"],
    ['deletecollection of named objects', { verbs: ['deletecollection'], resourceNames: ['a'] }, "expected no names beside 'deletecollection'"],
    ['writing roles', { apiGroup: 'rbac.authorization.k8s.io', resources: ['rolebindings'], verbs: ['create'] }, "prop 'role.rules[0]': got 'create' on 'rolebindings', expected rights that do not escalate. Remove it: it lets the subject give rights to others, and take theirs (CH17-29)"],
    ['tokens', { resources: ['serviceaccounts/token'], verbs: ['create'] }, "got 'create' on 'serviceaccounts/token', expected rights that do not escalate. Remove it: it lets the subject act as every ServiceAccount (CH17-29)"],
    ['labels of the namespace', { resources: ['namespaces'], verbs: ['patch'] }, 'Remove it: it lets the subject lift Pod Security by a label (CH17-29)'],
    ['webhooks', { apiGroup: 'admissionregistration.k8s.io', resources: ['validatingwebhookconfigurations'], verbs: ['patch'] }, 'Remove it: it lets the subject switch off policies, or read all that is written to the cluster (CH17-27)'],
    ['listing Secrets', { resources: ['secrets'], verbs: ['list'] }, "prop 'role.rules[0].reason': got nothing, expected a reason for 'list' on 'secrets'. Say why, since it reveals or replaces Secrets, and name the Secrets in 'resourceNames' (CH04-43)"],
    ['reading a Secret', { resources: ['secrets'], verbs: ['get'], resourceNames: ['a'] }, "expected a reason for 'get' on 'secrets'"],
    ['a shell', { resources: ['pods/exec'], verbs: ['get'] }, "expected a reason for 'get' on 'pods/exec'. Say why, since it gives the Secrets and the identity of the pods (CH17-29)"],
    ['an empty reason', { resources: ['pods/exec'], verbs: ['get'], reason: '' }, "prop 'role.rules[0].reason': got '', expected a non-empty string. Say why the right is needed"],
    ['a misspelt prop', untyped({ resourceName: ['a'] }), "prop 'role.rules[0].resourceName': got an unknown prop, expected one of apiGroup, reason, resourceNames, resources, verbs. Did you mean 'resourceNames'?"],
  ])('may not name %s (CH04-33, CH04-43, CH04-44, CH17-27, CH17-29, SYS-17-06)', (_title, rule, message) => {
    expect(problemsWithRule(rule)).toEqual([expect.stringContaining(message)]);
  });

  test.each(['nodes/proxy', 'nodes/status'])('%s is no way around, not even for the whole cluster (S002-32)', (resource) => {
    expect(problemsWithRule({ resources: [resource], verbs: ['get', 'update'] }, { clusterWide: 'monitoring' })).toHaveLength(1);
  });

  test('certificates are not approved (CH17-29)', () => {
    expect(problemsWithRule({ apiGroup: 'certificates.k8s.io', resources: ['certificatesigningrequests/approval'], verbs: ['update'] }, { clusterWide: 'onboarding' })).toEqual([
      "prop 'role.rules[0]': got 'update' on 'certificatesigningrequests/approval', expected rights that do not escalate. Remove it: it lets the subject make certificates for anybody (CH17-29)",
    ]);
  });

  test.each<[string, Partial<AccessRule>]>([
    ['named Secrets with a reason', { resources: ['secrets'], resourceNames: ['cert'], reason: 'renews it' }],
    ['one watched ConfigMap', { resources: ['configmaps'], verbs: ['get', 'list', 'watch'], resourceNames: ['leader'] }],
    ['a shell in a named pod', { resources: ['pods/exec'], verbs: ['create'], resourceNames: ['db-0'], reason: 'psql' }],
    ['custom resources', { apiGroup: 'acme.example.com', resources: ['widgets', 'widgets/status'] }],
    ['metrics of pods', { apiGroup: 'metrics.k8s.io' }],
    ['a new Secret', { resources: ['secrets'], verbs: ['create'] }],
  ])('may name %s', (_title, rule) => {
    expect(problemsWithRule(rule)).toEqual([]);
  });

  test.each([
    'admissionregistration.k8s.io/validatingadmissionpolicies', 'apiregistration.k8s.io/apiservices', 'authentication.k8s.io/tokenreviews', 'authorization.k8s.io/selfsubjectaccessreviews',
    'authorization.k8s.io/subjectaccessreviews', 'cert-manager.io/clusterissuers', 'certificates.k8s.io/certificatesigningrequests', 'certificates.k8s.io/clustertrustbundles',
    'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations', 'metrics.k8s.io/nodes', 'networking.k8s.io/ipaddresses', 'networking.k8s.io/servicecidrs', 'storage.k8s.io/csidrivers',
    'storage.k8s.io/csinodes', 'storage.k8s.io/volumeattachments',
  ])('may name %s, which is in no namespace, for the whole cluster only (CH04-34)', (resource) => {
    const [apiGroup, name] = resource.split('/');
    expect(problemsWithRule({ apiGroup, resources: [name] })).toEqual([`prop 'role.rules[0].resources': got '${name}', expected a resource that is in a namespace. Set 'clusterWide', with the reason (CH04-34)`]);
    expect(problemsWithRule({ apiGroup, resources: [name] }, { clusterWide: 'a test' })).toEqual([]);
  });

  test.each([['', 'namespaces'], ['authorization.k8s.io', 'localsubjectaccessreviews'], ['cert-manager.io', 'issuers'], ['certificates.k8s.io', 'podcertificaterequests']])('may name %s/%s in a namespace', (apiGroup, name) => {
    expect(problemsWithRule({ apiGroup, resources: [name] })).toEqual([]);
  });

  test('that create workloads come with a warning (CH17-29)', () => {
    const chart = newChart();
    new AccessGrant(chart, 'staff', { subjects: GROUP, role: AccessRole.of({ apiGroup: 'batch', resources: ['jobs'], verbs: ['create'] }) });
    new AccessGrant(chart, 'deploy', { subjects: GROUP, role: AccessRole.deployer() });
    expect(Inventory.of(chart).warnings).toEqual([{ path: 'app/staff', message: 'the role creates or changes workloads: its subjects can mount every Secret of the namespace and use each of its ServiceAccounts (CH17-29)' }]);
  });
});

describe('a grant where pods have power over more than their namespace', () => {
  const warningsOf = (role: AccessRole, power: PrivilegedException | 'reaper', namespace = 'agents'): string[] => {
    const app = new App();
    new AccessGrant(newChart('shop', 'app', app), 'staff', { role, subjects: GROUP, namespace });
    const agents = newChart('agents', 'agents', app);
    if (power === 'reaper') new NamespaceReaper(agents, 'agent', { image: 'ghcr.io/acme/kubectl:1.34.2' });
    else new PrivilegedWorkload(agents, 'agent', { image: 'ghcr.io/acme/agent:3.1.0', owner: 'platform', exceptions: [power] });
    return Inventory.of(app).warnings.filter(({ path }) => path === 'app/staff').map(({ message }) => message);
  };
  const WHY = { reason: 'Reads the logs of all pods' };
  const NODE = PrivilegedException.hostPath('/var/log', WHY);
  const SHELL = AccessRole.viewer().plus({ resources: ['pods/exec'], verbs: ['create'], reason: 'support' });

  test.each<[string, AccessRole, PrivilegedException | 'reaper', string]>([
    ['a deployer of pods that have the node', AccessRole.deployer(), NODE, "'create' on 'deployments' in namespace 'agents', that of 'agents/agent': whoever has it is root on the nodes: Pod Security admits everything there (CH10-35)"],
    ['edit beside them', AccessRole.edit('sandbox'), NODE, "'create' on 'pods' in namespace 'agents', that of 'agents/agent': whoever has it is root on the nodes: Pod Security admits everything there (CH10-35)"],
    ['a shell in them', SHELL, NODE, "'create' on 'pods/exec' in namespace 'agents', that of 'agents/agent': whoever has it is root on the nodes: Pod Security admits everything there (CH10-35)"],
    ['edit beside a reaper', AccessRole.edit('sandbox'), 'reaper', "'create' on 'pods' in namespace 'agents', that of 'agents/agent': whoever has it gets its ServiceAccount, which deletes namespaces (CH02-25)"],
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
    ['no role', { role: undefined }, "prop 'role': got nothing, expected an AccessRole, e.g. AccessRole.developer(). Use a factory of AccessRole (CH04-35)"],
    ['a name for a role', { role: 'cluster-admin' }, "prop 'role': got 'cluster-admin', expected an AccessRole, e.g. AccessRole.developer(). Use a factory of AccessRole (CH04-35)"],
    ['a role without rules', { role: AccessRole.of() }, "prop 'role.rules': got [], expected at least one rule. Write { resources: ['pods'], verbs: ['get', 'list', 'watch'] }"],
    ['edit without a reason', { role: AccessRole.edit('') }, "prop 'role.reason': got '', expected a non-empty string. Say why AccessRole.developer() is not enough: 'edit' reads all Secrets (CH04-43)"],
    ['edit of the whole cluster', { role: AccessRole.edit('why not'), clusterWide: 'lazy' }, "prop 'role': got 'edit', expected a role that does not read the Secrets of all namespaces. Bind it in single namespaces, or use AccessRole.view() (CH04-43)"],
    ['workloads of the whole cluster', { role: AccessRole.deployer(), clusterWide: 'one pipeline for all' }, "prop 'role': got 'create' on 'deployments' in all namespaces, expected no right to create or change workloads: those in kube-system can be administrators. Grant it in single namespaces (CH17-31)"],
    ['a rule for workloads of the whole cluster', { role: AccessRole.developer().plus({ apiGroup: 'batch', resources: ['jobs'], verbs: ['get', 'patch'], resourceNames: ['backup'] }), clusterWide: 'backups' }, "prop 'role.rules[0]': got 'patch' on 'jobs' in all namespaces, expected no right to create or change workloads: those in kube-system can be administrators. Grant it in single namespaces (CH17-31)"],
    ['a shell in the pods of the whole cluster', { role: AccessRole.of({ resources: ['pods/attach', 'pods/exec'], verbs: ['create'], reason: 'support' }), clusterWide: 'support' }, "prop 'role.rules[0]': got 'create' on 'pods/attach' in all namespaces, expected no right to enter pods: those in kube-system can be administrators. Grant it in single namespaces (CH17-31)"],
    ['a shell over WebSockets', { role: AccessRole.of({ resources: ['pods/exec'], verbs: ['get'], resourceNames: ['web-0'], reason: 'support' }), clusterWide: 'support' }, "prop 'role.rules[0]': got 'get' on 'pods/exec' in all namespaces, expected no right to enter pods"],
    ['a container in the pods of the whole cluster', { role: AccessRole.viewer().plus({ resources: ['pods/ephemeralcontainers'], verbs: ['get', 'patch'], reason: 'debugging' }), clusterWide: 'support' }, "prop 'role.rules[0]': got 'patch' on 'pods/ephemeralcontainers' in all namespaces, expected no right to enter pods"],
    ['rules beside view', { role: AccessRole.view().plus({ resources: ['pods'], verbs: ['delete'] }) }, "prop 'role.rules': got rules beside 'view', expected a role of its own. Write a second grant for the additional rules (CH04-35)"],
    ['no subjects', { subjects: [] }, "prop 'subjects': got [], expected at least one. Write [Subject.group('oidc:team-shop')] (CH04-38)"],
    ['text for a subject', { subjects: ['team'] }, "prop 'subjects[0]': got 'team', expected a Subject, e.g. Subject.group('oidc:team-shop'). Write [Subject.group('oidc:team-shop')] (CH04-38)"],
    ['administrators', { subjects: [Subject.group('system:masters')] }, "prop 'subjects[0]': got 'system:masters', expected a name without space at its ends, that is not '*' and does not begin with 'system:' or 'kubeadm:'. Bind a group of the identity provider: those of Kubernetes mean administrators, or everybody (CH04-38)"],
    ['administrators of kubeadm', { subjects: [Subject.group('kubeadm:cluster-admins')] }, "prop 'subjects[0]': got 'kubeadm:cluster-admins', expected a name without space at its ends, that is not '*' and does not begin with 'system:' or 'kubeadm:'. Bind a group of the identity provider: those of Kubernetes mean administrators, or everybody (CH04-38)"],
    ['everybody', { subjects: [Subject.group('system:authenticated')] }, "got 'system:authenticated', expected a name"],
    ['nobody in particular', { subjects: [Subject.user('system:anonymous')] }, "got 'system:anonymous', expected a name"],
    ['a star', { subjects: [Subject.group('*')] }, "prop 'subjects[0]': got '*', expected a name without space at its ends, that is not '*' and does not begin with 'system:' or 'kubeadm:'. Spell it as the identity provider does (CH04-38)"],
    ['space around a name', { subjects: [Subject.group('team ')] }, "got 'team ', expected a name without space at its ends"],
    ['a group twice', { subjects: [Subject.group('a'), Subject.group('a')] }, "prop 'subjects[1]': got 'a', expected each subject once. Remove one of them"],
    ['the ServiceAccount of all pods', { subjects: [Subject.serviceAccount('default', 'shop')] }, "prop 'subjects[0].name': got 'default', expected a ServiceAccount of one application. Make one of its own: all pods without one run as 'default' (CH04-37)"],
    ['a ServiceAccount without namespace', { subjects: [Subject.serviceAccount('ci', '')] }, "prop 'subjects[0].namespace': got '', expected at most 63 lower-case letters, digits and '-', starting and ending with a letter or digit. Name the namespace of the ServiceAccount"],
    ['a workload that is none', { subjects: [Subject.workload('web' as never)] }, "prop 'subjects[0]': got 'web', expected a workload or a ServiceAccount. Pass the block itself"],
    ['a namespace for the whole cluster', { clusterWide: 'x', namespace: 'shop' }, "prop 'namespace': got 'shop' beside 'clusterWide': 'x', expected one of the two. Keep one"],
    ['true in place of a reason', { clusterWide: true }, "prop 'clusterWide': got true, expected a non-empty string. Say why the rights are for all namespaces, or leave it out (CH04-34)"],
    ['a bad namespace', { namespace: 'Shop' }, "prop 'namespace': got 'Shop', expected at most 63 lower-case letters"],
    ['rights for everybody who looks', { clusterWide: 'x', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } }, "prop 'labels': got 'rbac.authorization.k8s.io/aggregate-to-view', expected labels that do not begin with 'rbac.authorization.k8s.io/'. Remove it: everybody with the role that it adds to would have the rights (CH17-29)"],
    ['a misspelt prop', { subject: GROUP }, "Did you mean 'subjects'?"],
  ])('%s (CH04-34, CH04-35, CH04-37, CH04-38, CH04-39, CH04-43, S000-86)', (_title, props, message) => {
    expect(problemsWith(props)).toEqual([expect.stringContaining(message)]);
  });

  test('labels of its chart that give its rights to others (CH17-29)', () => {
    const chart = new Chart(new App(), 'app', { namespace: 'shop', labels: { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' } });
    new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: GROUP });
    expect(() => Testing.synth(chart)).toThrow("[app/staff] prop 'labels': got 'rbac.authorization.k8s.io/aggregate-to-edit', expected labels that do not begin with 'rbac.authorization.k8s.io/'");
  });

  test('a rule that is none', () => {
    expect(problemsWith({ role: AccessRole.of('pods' as never) })).toContain("prop 'role.rules[0]': got 'pods', expected an object. Pass the props as an object literal");
  });

  test('and what is refused is not rendered', () => {
    const { binding, role } = new AccessGrant(newChart(), 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('system:masters')] });
    expect(() => binding.toJson()).toThrow('[app/staff]');
    expect(() => role?.toJson()).toThrow('[app/staff]');
  });
});
