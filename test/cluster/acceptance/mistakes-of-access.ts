import * as fc from 'fast-check';
import { type Mistake, noLabel, prop } from './mistake';
import { call, type Term, type Terms } from './terms';

const rules = (...given: Term[]): Terms => ({ role: call('AccessRole.of', ...given), clusterWide: undefined });
const rule = (more: Terms): Terms => rules({ resources: ['pods'], verbs: ['get'], ...more });
const subjects = (...given: Terms[]): Terms => ({ subjects: given });

/** Rights that give more than they say, whatever the reason. */
const ESCALATING = fc.constantFrom<Terms>(
  { apiGroup: 'rbac.authorization.k8s.io', resources: ['rolebindings'], verbs: ['create'] },
  { apiGroup: 'rbac.authorization.k8s.io', resources: ['roles'], verbs: ['patch'] },
  { resources: ['serviceaccounts/token'], verbs: ['create'] },
  { resources: ['namespaces'], verbs: ['update'] },
  { apiGroup: 'certificates.k8s.io', resources: ['certificatesigningrequests/approval'], verbs: ['update'] },
);

export const ACCESS_MISTAKES: readonly Mistake[] = [
  prop(
    'AccessGrant',
    'name: no name',
    'name',
    fc.constantFrom<Term>('', 'A', 'a_b', '-a', 'a'.repeat(64), `a.${'a'.repeat(62)}`, 'a/b', null),
  ),
  prop('AccessGrant', 'namespace: no namespace', 'namespace', noLabel(63), (namespace) => ({
    role: call('AccessRole.viewer'),
    clusterWide: undefined,
    namespace,
  })),
  prop('AccessGrant', 'namespace: beside clusterWide', 'namespace', fc.constant('shop'), (namespace) => ({
    role: call('AccessRole.view'),
    clusterWide: 'all',
    namespace,
  })),
  prop(
    'AccessGrant',
    'clusterWide: no reason',
    'clusterWide',
    fc.constantFrom<Term>('', true, null),
    (clusterWide) => ({ role: call('AccessRole.view'), namespace: undefined, clusterWide }),
  ),
  prop('AccessGrant', 'labels: rights for others', 'labels', fc.constantFrom('view', 'edit', 'admin'), (role) => ({
    labels: { [`rbac.authorization.k8s.io/aggregate-to-${role as string}`]: 'true' },
  })),
  prop('AccessGrant', 'role: left out', 'role', fc.constantFrom<Term>(undefined, null, 'view', {})),
  prop('AccessGrant', 'role: no rules', 'role.rules', fc.constant(call('AccessRole.of')), (role) => ({ role })),
  prop(
    'AccessGrant',
    'role: rules beside a role of Kubernetes',
    'role.rules',
    fc.constant(call('AccessRole.view')),
    ($on) => ({
      clusterWide: undefined,
      role: { $on, method: 'plus', args: [{ resources: ['pods'], verbs: ['get'] }] },
    }),
  ),
  prop('AccessGrant', 'role: edit for a whole cluster', 'role', fc.constant('all'), (clusterWide) => ({
    namespace: undefined,
    clusterWide,
    role: call('AccessRole.edit', 'is needed'),
  })),
  prop(
    'AccessGrant',
    'role: workloads of a whole cluster',
    'role',
    fc.constantFrom(
      call('AccessRole.deployer'),
      call('AccessRole.of', { apiGroup: 'apps', resources: ['daemonsets'], verbs: ['create'] }),
    ),
    (role) => ({ namespace: undefined, clusterWide: 'all', role }),
  ),
  prop(
    'AccessGrant',
    'role: a shell in the pods of a whole cluster',
    'role.rules[0]',
    fc.constantFrom<[string, string]>(
      ['pods/exec', 'get'],
      ['pods/attach', 'create'],
      ['pods/ephemeralcontainers', 'patch'],
    ),
    (given) => {
      const [resource, verb] = given as [string, string];
      return {
        namespace: undefined,
        clusterWide: 'all',
        role: call('AccessRole.of', { resources: [resource], verbs: [verb], reason: 'is needed' }),
      };
    },
  ),
  prop(
    'AccessGrant',
    'role: edit without a reason',
    'role.reason',
    fc.constantFrom<Term>('', undefined, null, 7),
    (reason) => ({ clusterWide: undefined, role: call('AccessRole.edit', reason) }),
  ),
  prop(
    'AccessGrant',
    'rule: wildcards',
    'role.rules[0].resources',
    fc.constantFrom<Term>(['*'], ['pods/*'], ['*/scale'], ['Pods'], [''], [], 'pods'),
    (resources) => rule({ resources }),
  ),
  prop(
    'AccessGrant',
    'rule: verbs that escalate',
    'role.rules[0].verbs',
    fc.constantFrom<Term>(['*'], ['bind'], ['escalate'], ['impersonate'], ['GET'], [], ['get', 'get']),
    (verbs) => rule({ verbs }),
  ),
  prop(
    'AccessGrant',
    'rule: another group',
    'role.rules[0].',
    fc.constantFrom<Term>('v1', 'core', '*', 'App', 'batch', null),
    (apiGroup) => rule({ apiGroup }),
  ),
  prop(
    'AccessGrant',
    'rule: a resource of another group',
    'role.rules[0].resources',
    fc.constantFrom('deployments', 'ingresses', 'roles', 'cronjobs'),
    (resource) => rule({ resources: [resource] }),
  ),
  prop(
    'AccessGrant',
    'rule: a resource without namespace',
    'role.rules[0].resources',
    fc.constantFrom<[string, string]>(
      ['', 'nodes'],
      ['', 'persistentvolumes'],
      ['storage.k8s.io', 'csidrivers'],
      ['authentication.k8s.io', 'tokenreviews'],
    ),
    (given) => {
      const [apiGroup, resource] = given as [string, string];
      return rule({ apiGroup, resources: [resource] });
    },
  ),
  prop(
    'AccessGrant',
    'rule: names of objects to be made',
    'role.rules[0].resourceNames',
    fc.constantFrom('create', 'deletecollection'),
    (verb) => rule({ resources: ['configmaps'], verbs: [verb], resourceNames: ['a'] }),
  ),
  prop(
    'AccessGrant',
    'rule: no names of objects',
    'role.rules[0].resourceNames',
    fc.constantFrom<Term>([], ['*'], ['a/b'], [''], ['a', 'a'], 'a', ['..']),
    (resourceNames) => rule({ resourceNames }),
  ),
  prop(
    'AccessGrant',
    'rule: Secrets without a reason',
    'role.rules[0].reason',
    fc.constantFrom('get', 'list', 'patch'),
    (verb) => rule({ resources: ['secrets'], verbs: [verb] }),
  ),
  prop('AccessGrant', 'rule: rights that escalate', 'role.rules[0]', ESCALATING, (given) =>
    rules({ ...(given as Terms), reason: 'is needed' }),
  ),
  prop('AccessGrant', 'subjects: nobody', 'subjects', fc.constantFrom<Term>([], undefined, null, 'jane', [null])),
  prop(
    'AccessGrant',
    'subjects: a group of Kubernetes',
    'subjects[0]',
    fc.constantFrom<Term>(
      'system:masters',
      'SYSTEM:authenticated',
      'kubeadm:cluster-admins',
      '*',
      '',
      ' a',
      'a ',
      'a\nb',
      null,
      7,
    ),
    (name) => subjects(call('Subject.group', name)),
  ),
  prop(
    'AccessGrant',
    'subjects: a user of Kubernetes',
    'subjects[0]',
    fc.constantFrom<Term>('system:admin', 'system:serviceaccount:a:b', '*', null),
    (name) => subjects(call('Subject.user', name)),
  ),
  prop(
    'AccessGrant',
    'subjects: the account of all pods',
    'subjects[0].name',
    fc.constantFrom<Term>('default', 'A', '', null),
    (name) => subjects(call('Subject.serviceAccount', name, 'shop')),
  ),
  prop('AccessGrant', 'subjects: an account without namespace', 'subjects[0].namespace', noLabel(63), (namespace) =>
    subjects(call('Subject.serviceAccount', 'robot', namespace)),
  ),
  prop('AccessGrant', 'subjects: no workload', 'subjects[0]', fc.constantFrom<Term>(null, 'robot', {}), (workload) =>
    subjects(call('Subject.workload', workload)),
  ),
  prop('AccessGrant', 'subjects: the same twice', 'subjects[1]', fc.constant('oidc:a'), (name) =>
    subjects(call('Subject.group', name), call('Subject.group', name)),
  ),
];
