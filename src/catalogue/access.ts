import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** What holds for rights and identities. */
export const ACCESS = rules({
  'access/administrator': {
    severity: WARNING,
    practices: ['CH04-39'],
    title: 'No binding of others makes its subjects administrators',
    reason:
      'Who is administrator all the time makes mistakes with the rights of one, and whoever takes over the account ' +
      'has them.',
    fix: 'Bind a role with the rights that are needed, or use an AccessGrant',
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'admin', { apiVersion: " +
      "'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', roleRef: { apiGroup: " +
      "'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'Group', name: " +
      "'ops' }] });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'admin', { apiVersion: " +
      "'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', roleRef: { apiGroup: " +
      "'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'Group', name: 'ops' }] " +
      '});',
  },
  'access/aggregated-role': {
    severity: ERROR,
    practices: ['CH17-29'],
    title: 'A role has no label that adds it to roles of Kubernetes',
    reason: 'Everybody who has that role of Kubernetes would have the rights, too.',
    fix: 'Remove the label',
    bad:
      "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:staff')], " +
      "labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } });",
    good: "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/api-group': {
    severity: ERROR,
    practices: ['CH04-33'],
    title: 'A rule names the API group that its resources have',
    reason: 'A rule of the wrong group matches nothing, and RBAC reports nothing.',
    fix: "Set 'apiGroup' to the group of the resource: kubectl api-resources",
    bad:
      "const role = AccessRole.of({ resources: ['deployments'], verbs: ['get'] });\nnew AccessGrant(chart, " +
      "'staff', { role, subjects: [Subject.group('oidc:staff')] });",
    good:
      "const role = AccessRole.of({ apiGroup: 'apps', resources: ['deployments'], verbs: ['get'] });\nnew " +
      "AccessGrant(chart, 'staff', { role, subjects: [Subject.group('oidc:staff')] });",
  },
  'access/built-in-with-rules': {
    severity: ERROR,
    practices: ['CH04-35'],
    title: 'A role of Kubernetes is granted as it is',
    reason: 'A binding names one role: rules of your own cannot be added to one that Kubernetes keeps.',
    fix: 'Write a second grant for the additional rules',
    bad:
      "const role = AccessRole.view().plus({ resources: ['pods'], verbs: ['delete'] });\nnew AccessGrant(chart, " +
      "'staff', { role, subjects: [Subject.group('oidc:staff')] });",
    good: "new AccessGrant(chart, 'staff', { role: AccessRole.view(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/dangerous-right': {
    severity: ERROR,
    practices: ['CH04-43', 'CH17-29', 'CH02-10', 'CH17-31'],
    title: 'A right that gives more than it says has a reason',
    reason:
      'Reading Secrets, a shell in a pod or writing quotas give other rights along. Whoever reviews the grant must ' +
      'know why.',
    fix: "Add a 'reason' to the rule, or narrow the right",
    bad:
      "const role = AccessRole.of({ resources: ['pods/exec'], verbs: ['create'] });\nnew AccessGrant(chart, " +
      "'staff', { role, subjects: [Subject.group('oidc:staff')] });",
    good:
      "const role = AccessRole.of({ resources: ['pods/exec'], verbs: ['create'], reason: 'no tracing yet' " +
      "});\nnew AccessGrant(chart, 'staff', { role, subjects: [Subject.group('oidc:staff')] });",
  },
  'access/default-service-account': {
    severity: ERROR,
    practices: ['CH04-37'],
    title: "No rights for the ServiceAccount 'default'",
    reason: 'All pods without a ServiceAccount of their own run as it.',
    fix: 'Make a ServiceAccount for the application',
    bad:
      "new AccessGrant(chart, 'ci', { role: AccessRole.viewer(), subjects: [Subject.serviceAccount('default', " +
      "'shop')] });",
    good:
      "new AccessGrant(chart, 'ci', { role: AccessRole.viewer(), subjects: [Subject.serviceAccount('ci', " +
      "'shop')] });",
  },
  'access/edit-cluster-wide': {
    severity: ERROR,
    practices: ['CH04-43'],
    title: "The role 'edit' is bound in single namespaces",
    reason: 'It reads the Secrets of all namespaces, those of kube-system among them.',
    fix: 'Bind it in single namespaces, or use AccessRole.view()',
    bad:
      "new AccessGrant(chart, 'staff', { role: AccessRole.edit('they run it'), clusterWide: 'all teams', " +
      "subjects: [Subject.group('oidc:staff')] });",
    good:
      "new AccessGrant(chart, 'staff', { role: AccessRole.edit('they run it'), subjects: " +
      "[Subject.group('oidc:staff')] });",
  },
  'access/edit-reason': {
    severity: ERROR,
    practices: ['CH04-43'],
    title: "The role 'edit' has a reason",
    reason: 'It reads all Secrets of the namespace; AccessRole.developer() does not.',
    fix: 'Say why AccessRole.developer() is not enough',
    bad: "new AccessGrant(chart, 'staff', { role: AccessRole.edit(''), subjects: [Subject.group('oidc:staff')] });",
    good: "new AccessGrant(chart, 'staff', { role: AccessRole.developer(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/escalation': {
    severity: ERROR,
    practices: ['CH17-29', 'S002-32', 'CH17-27'],
    title: 'No right by which a subject gives itself more rights',
    reason: 'Whoever writes role bindings, tokens or webhooks has all rights in the end.',
    fix: 'Remove the rule: what needs the right is done by administrators',
    bad:
      "const role = AccessRole.of({ apiGroup: 'rbac.authorization.k8s.io', resources: ['rolebindings'], verbs: " +
      "['create'] });\nnew AccessGrant(chart, 'staff', { role, subjects: [Subject.group('oidc:staff')] });",
    good:
      "const role = AccessRole.of({ apiGroup: 'rbac.authorization.k8s.io', resources: ['rolebindings'], verbs: " +
      "['get'] });\nnew AccessGrant(chart, 'staff', { role, subjects: [Subject.group('oidc:staff')] });",
  },
  'access/nameless-verb': {
    severity: ERROR,
    practices: ['CH04-44'],
    title: "'create' and 'deletecollection' stand in no rule with names of objects",
    reason: 'Their requests name no object, so that such a rule never applies.',
    fix: 'Give the verb a rule of its own',
    bad:
      "const role = AccessRole.of({ resources: ['configmaps'], verbs: ['create'], resourceNames: ['settings'] " +
      "});\nnew AccessGrant(chart, 'staff', { role, subjects: [Subject.group('oidc:staff')] });",
    good:
      "const role = AccessRole.of({ resources: ['configmaps'], verbs: ['get'], resourceNames: ['settings'] " +
      "});\nnew AccessGrant(chart, 'staff', { role, subjects: [Subject.group('oidc:staff')] });",
  },
  'access/other-cloud': {
    severity: ERROR,
    practices: [],
    title: 'The identity of a workload is one of the cloud of its cluster',
    reason: 'The annotations of another cloud mean nothing there, and the pods have no identity.',
    fix: 'Use the factory of WorkloadIdentity for that cloud',
    bad:
      "new ClusterProfile({ provider: 'azure' }).assignTo(chart);\nnew WebService(chart, 'web', { ...web, " +
      'workloadIdentity: WorkloadIdentity.gcp() });',
    good:
      "new ClusterProfile({ provider: 'gcp' }).assignTo(chart);\nnew WebService(chart, 'web', { ...web, " +
      'workloadIdentity: WorkloadIdentity.gcp() });',
  },
  'access/pods-of-kubernetes': {
    severity: ERROR,
    practices: ['CH17-31'],
    title: 'Rights to start, change or enter pods are granted in single namespaces',
    reason: 'In kube-system, such a pod can be an administrator.',
    fix: 'Grant it in single namespaces',
    bad:
      "new AccessGrant(chart, 'ci', { role: AccessRole.deployer(), clusterWide: 'one pipeline', subjects: " +
      "[Subject.group('oidc:ci')] });",
    good:
      "new AccessGrant(chart, 'ci', { role: AccessRole.viewer(), clusterWide: 'one dashboard', subjects: " +
      "[Subject.group('oidc:ci')] });",
  },
  'access/powerful-pods': {
    severity: WARNING,
    practices: [],
    title: 'Nobody but administrators starts or enters pods where pods have power over the cluster',
    reason: 'Whoever starts or enters a pod acts as its ServiceAccount, or is root on the node.',
    fix: 'Grant the right in another namespace',
    bad:
      "new NamespaceReaper(chart, 'reaper', { image });\nconst role = AccessRole.of({ resources: ['pods/exec'], " +
      "verbs: ['create'], reason: 'support' });\nnew AccessGrant(chart, 'staff', { role, subjects: " +
      "[Subject.group('oidc:staff')] });",
    good:
      "new NamespaceReaper(chart, 'reaper', { image });\nnew AccessGrant(chart, 'staff', { role: " +
      "AccessRole.viewer(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/resource-scope': {
    severity: ERROR,
    practices: ['CH04-34'],
    title: 'Rights to what is in no namespace are granted for the whole cluster',
    reason: 'In a Role, a rule for nodes or volumes matches nothing.',
    fix: "Set 'clusterWide', with the reason",
    bad:
      "const role = AccessRole.of({ resources: ['nodes'], verbs: ['list'] });\nnew AccessGrant(chart, 'staff', { " +
      "role, subjects: [Subject.group('oidc:staff')] });",
    good:
      "const role = AccessRole.of({ resources: ['nodes'], verbs: ['list'] });\nnew AccessGrant(chart, 'staff', { " +
      "role, clusterWide: 'capacity', subjects: [Subject.group('oidc:staff')] });",
  },
  'access/starts-pods': {
    severity: WARNING,
    practices: ['CH17-29'],
    title: 'Who creates workloads is known to read the Secrets of the namespace',
    reason: 'A pod can mount every Secret and use each ServiceAccount of its namespace.',
    fix: 'Review it: a role that only reads has no such right',
    bad:
      "const role = AccessRole.of({ apiGroup: 'apps', resources: ['deployments'], verbs: ['create'] });\nnew " +
      "AccessGrant(chart, 'ci', { role, subjects: [Subject.group('oidc:ci')] });",
    good: "new AccessGrant(chart, 'ci', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:ci')] });",
  },
  'access/subject-identity': {
    severity: ERROR,
    practices: ['CH04-38'],
    title: 'A subject is a group, a user or an account of your own',
    reason:
      "Names of Kubernetes mean administrators, or everybody: 'system:authenticated' is anyone with any credential.",
    fix: 'Bind a group of the identity provider, spelt as it is there',
    bad:
      "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: " +
      "[Subject.group('system:authenticated')] });",
    good: "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/subject-namespace': {
    severity: ERROR,
    practices: ['CH04-42'],
    title: 'The namespace of a workload that gets rights is known',
    reason: 'A binding names the namespace of each ServiceAccount.',
    fix: 'Give its chart a namespace',
    bad:
      "const bare = new Chart(app, 'bare');\nnew AccessGrant(bare, 'grant', { role: AccessRole.viewer(), " +
      "clusterWide: 'reads all', subjects: [Subject.workload(new WebService(bare, 'web', web))] });",
    good:
      "new AccessGrant(chart, 'grant', { role: AccessRole.viewer(), clusterWide: 'reads all', subjects: " +
      "[Subject.workload(new WebService(chart, 'web', web))] });",
  },
});
