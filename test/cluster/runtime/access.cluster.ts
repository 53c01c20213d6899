import { type App, Chart, Size, Testing } from 'cdk8s';
import {
  type AccessExpectation,
  AccessGrant,
  AccessReview,
  AccessRole,
  Cpu,
  DeveloperNamespace,
  Quota,
  Subject,
  TenantNamespace,
} from 'cdk8s-best-practices';
import { eventually, run } from '../../rig/processes';
import { groupsOf, rightsOf } from '../rig/access';
import { Api } from '../rig/api';
import { Cluster, type Manifest } from '../rig/cluster';
import { figure } from '../rig/figures';
import { manifestsOf, ownNamespace } from '../rig/workbench';

const NAMESPACE = ownNamespace('access');
const TENANT = 'access-tenant';
const SPIKE = 'access-spike';
const { node } = Cluster;
const api = new Api(node);
afterAll(() => api.close());

const ROLES: Record<string, AccessRole> = {
  helpdesk: AccessRole.helpDesk(),
  viewer: AccessRole.viewer(),
  developer: AccessRole.developer(),
  deployer: AccessRole.deployer(),
  view: AccessRole.view(),
};

/**
 * Every role of the kit for a group and for a ServiceAccount, in a namespace and, but for `deployer`, for all; and
 * those that namespaces bring along.
 */
function build(): App {
  const app = Testing.app();
  const platform = new Chart(app, 'platform', { disableResourceNameHashes: true });
  const owned = { owner: 'jane@example.com', team: 'access', purpose: 'Tests of access' };
  const tenant = new TenantNamespace(platform, 'tenant', {
    name: TENANT,
    ...owned,
    quota: Quota.of({ cpu: Cpu.units(1), memory: Size.gibibytes(1) }),
    developers: ['oidc:tenant'],
  });
  tenant.grant('deployer', AccessRole.deployer(), Subject.serviceAccount('ci', TENANT));
  new DeveloperNamespace(platform, 'spike', { name: SPIKE, ...owned, clusterView: true });

  const chart = new Chart(app, 'kit', { namespace: NAMESPACE, disableResourceNameHashes: true });
  const grant = (name: string, role: AccessRole, clusterWide?: string): AccessGrant =>
    new AccessGrant(chart, name, {
      name: `access-${name}`,
      role,
      subjects: [Subject.group(`oidc:${name}`), Subject.serviceAccount(name, NAMESPACE)],
      clusterWide,
    });
  for (const [name, role] of Object.entries(ROLES)) {
    grant(name, role);
    if (name !== 'deployer') grant(`${name}-everywhere`, role, 'a test');
  }
  grant('editor', AccessRole.edit('a test'));
  grant(
    'named',
    AccessRole.of(
      { apiGroup: 'coordination.k8s.io', resources: ['leases'], verbs: ['get', 'update'], resourceNames: ['leader'] },
      { apiGroup: 'coordination.k8s.io', resources: ['leases'], verbs: ['create'] },
      { resources: ['pods/exec'], verbs: ['create', 'get'], reason: 'a test' },
    ),
  );
  // roles of one person add up; those of Kubernetes have more than a review asks for
  const several = (user: string, ...roles: AccessRole[]): void =>
    roles.forEach((role, index) => {
      new AccessGrant(chart, `${user}-${index}`, {
        name: `access-${user}-${index}`,
        role,
        subjects: [Subject.user(`${user}@example.com`)],
      });
    });
  several('kim', AccessRole.helpDesk(), AccessRole.of({ resources: ['services'], verbs: ['list'] }));
  several('lee', AccessRole.viewer(), AccessRole.view());
  several(
    'max',
    AccessRole.developer(),
    AccessRole.edit('a test'),
    AccessRole.of({ apiGroup: 'coordination.k8s.io', resources: ['leases'], verbs: ['get'] }),
  );
  return app;
}

const app = build();
const { expectations } = AccessReview.of(app);

beforeAll(async () => {
  await node.apply(...manifestsOf(app));
  const first = Object.values(
    Object.fromEntries(
      expectations
        .filter(({ allowed }) => allowed)
        .reverse()
        .map((expectation) => [expectation.subject, expectation]),
    ),
  );
  await eventually('the API server knows all grants', async () => expect(await differences(first)).toEqual([]), 20);
});
afterAll(async () => node.remove(...manifestsOf(app)));

const described = ({
  subjectKind,
  subject,
  namespace,
  verb,
  apiGroup,
  resource,
  subresource,
  resourceName,
}: AccessExpectation): string =>
  [subjectKind, subject, 'in', namespace ?? 'all', verb, rightOf({ apiGroup, resource, subresource }), resourceName]
    .filter(Boolean)
    .join(' ');

function rightOf({
  apiGroup,
  resource,
  subresource,
}: Pick<AccessExpectation, 'apiGroup' | 'resource' | 'subresource'>): string {
  return `${resource}${subresource === undefined ? '' : `/${subresource}`}.${apiGroup}`;
}

async function isAllowed({
  subjectKind,
  subject,
  namespace,
  verb,
  apiGroup,
  resource,
  subresource,
  resourceName,
}: AccessExpectation): Promise<boolean> {
  const { status, body } = await api.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: subjectKind === 'Group' ? 'somebody' : subject,
      groups: groupsOf(subjectKind, subject),
      resourceAttributes: { namespace, verb, group: apiGroup, resource, subresource, name: resourceName },
    },
  });
  if (status !== 201) {
    throw new Error(
      `${described({ subjectKind, subject, namespace, verb, apiGroup, resource, subresource, resourceName } as AccessExpectation)}: ${body.message}`,
    );
  }
  return body.status.allowed as boolean;
}

/** Questions that the cluster answers in another way than the app. */
async function differences(asked: readonly AccessExpectation[]): Promise<string[]> {
  const answers = await Promise.all(asked.map(isAllowed));
  return asked.flatMap((expectation, index) =>
    answers[index] === expectation.allowed
      ? []
      : `${described(expectation)}: ${answers[index] ? 'allowed' : 'refused'}`,
  );
}

test('the cluster gives each subject what the grants promise, and refuses what they do not', async () => {
  expect(await differences(expectations)).toEqual([]);

  const promised = expectations.filter(({ allowed }) => allowed).length;
  const subjects = new Set(expectations.map(({ subjectKind, subject }) => `${subjectKind} ${subject}`)).size;
  figure(
    'Each role can do what it promises and no more, verb by verb, for groups, users and ServiceAccounts',
    `${expectations.length} questions about ${subjects} subjects: ${promised} allowed, ${expectations.length - promised} refused, 0 answers differ`,
  );
});

test('the rights that the cluster lists for a subject are those of its grants, and there are no others', async () => {
  const grown = /^(view|editor|view-everywhere|(lee|max|jane)@example.com)$/;
  const subjects = new Map(
    expectations
      .filter(({ subject }) => !grown.test(subject.replace(/^.*:/, '')))
      .map((expectation) => [`${expectation.subjectKind} ${expectation.subject}`, expectation]),
  );
  const namespaces = [NAMESPACE, TENANT, 'kube-system'];
  let rights = 0;
  for (const { subjectKind, subject } of subjects.values()) {
    for (const namespace of namespaces) {
      const granted = expectations.filter(
        (one) => one.subject === subject && one.allowed && (one.namespace === undefined || one.namespace === namespace),
      );
      const promised = new Set(
        granted.map(({ verb, resourceName, ...right }) =>
          [verb, rightOf(right), resourceName].filter(Boolean).join(' '),
        ),
      );
      const listed = await rightsOf(node, subjectKind, subject, namespace);
      expect([subject, namespace, [...listed].sort()]).toEqual([subject, namespace, [...promised].sort()]);
      rights += listed.size;
    }
  }
  figure(
    'A subject has no permissions except those of its grants',
    `${subjects.size} subjects in ${namespaces.length} namespaces: the ${rights} rights that the API server lists are the promised ones`,
  );
});

/** Runs the printed script; one that fails answers what it has printed. */
async function runScript(script: string): Promise<string> {
  return run('sh', ['-s'], { input: script, env: { KUBECONFIG: node.kubeconfig } }).catch(
    (error: Error) => error.message,
  );
}

test('the printed script agrees with kubectl, and finds rights that somebody has granted beside the app', async () => {
  const reviewed = Testing.app();
  const chart = new Chart(reviewed, 'scripts', { namespace: NAMESPACE, disableResourceNameHashes: true });
  const desk = new AccessGrant(chart, 'desk', {
    name: 'script-desk',
    role: AccessRole.helpDesk(),
    subjects: [Subject.group("oidc:it's the desk")],
  });
  const own = new AccessGrant(chart, 'own', {
    name: 'script-own',
    role: AccessRole.of(
      { resources: ['pods/log'], verbs: ['get'] },
      { apiGroup: 'metrics.k8s.io', resources: ['pods'], verbs: ['list'] },
      { apiGroup: 'coordination.k8s.io', resources: ['leases'], verbs: ['get'], resourceNames: ['leader'] },
      { apiGroup: 'not-installed.example.com', resources: ['widgets'], verbs: ['get'] },
    ),
    subjects: [Subject.serviceAccount('own', NAMESPACE)],
  });
  const foreign: Manifest = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'script-foreign', namespace: NAMESPACE },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: "oidc:it's the desk" }],
  };
  await node.apply(...manifestsOf(reviewed), foreign);
  // the questions about metrics need their API, which a busy metrics server leaves unserved for a moment
  await node.kubectl('wait', '--for=condition=Available', 'apiservice/v1beta1.metrics.k8s.io', '--timeout=60s');
  const [ofOwn, ofDesk] = [own, desk].map((grant) => AccessReview.of(grant));
  const both = [...ofOwn.expectations, ...ofDesk.expectations];
  const expected = (
    await Promise.all(both.map(async (expectation) => (await isAllowed(expectation)) !== expectation.allowed))
  ).filter(Boolean).length;
  const [agreed, found] = await Promise.all([runScript(ofOwn.toScript()), runScript(ofDesk.toScript())]);
  const unserved = ofOwn.expectations.filter(({ apiGroup }) => apiGroup === 'not-installed.example.com').length;
  const answered = ofOwn.expectations.length - unserved;
  expect(agreed).toBe(
    `${answered} answers as expected\n${unserved} questions about APIs that the cluster does not serve\n`,
  );
  expect(found).toContain(`${expected} of ${ofDesk.expectations.length} answers differ\n`);
  figure(
    'The script of an AccessReview gets the same answers with kubectl, and finds a foreign binding',
    `${answered} of ${answered} answers as expected; with a foreign binding to admin, ${expected} of ${ofDesk.expectations.length} differ`,
  );
});
