import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** Rules for rights and identities. */
export const ACCESS = rules({
  'access/administrator': {
    severity: WARNING,
    practices: ['CH04-39'],
    title: 'No other binding makes its subjects administrators',
    reason:
      'Permanent administrators make mistakes with full rights, and an attacker with their account ' + 'has them.',
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
    title: 'A role carries no label that aggregates it into a built-in role',
    reason: 'Everyone who holds that built-in role would get the rights as well.',
    fix: 'Use another label, and bind the role with an AccessGrant',
    bad:
      "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:staff')], " +
      "labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } });",
    good: "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/api-group': {
    severity: ERROR,
    practices: ['CH04-33'],
    title: 'A rule names the API group of its resources',
    reason: 'A rule with the wrong group matches nothing, and RBAC reports no error.',
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
    title: 'A built-in role is granted unchanged',
    reason: 'A binding names one role, and Kubernetes resets changes to a built-in one.',
    fix: 'Write a second grant for the additional rules',
    bad:
      "const role = AccessRole.view().plus({ resources: ['pods'], verbs: ['delete'] });\nnew AccessGrant(chart, " +
      "'staff', { role, subjects: [Subject.group('oidc:staff')] });",
    good: "new AccessGrant(chart, 'staff', { role: AccessRole.view(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/dangerous-right': {
    severity: ERROR,
    practices: ['CH04-43', 'CH17-29', 'CH02-10', 'CH17-31'],
    title: 'A right that grants more than its name says has a reason',
    reason:
      'Reading Secrets, opening a shell in a pod and writing quotas bring further rights. A reviewer must ' +
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
    reason: "Every pod without its own ServiceAccount runs as 'default'.",
    fix: 'Create a ServiceAccount for the application',
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
    reason: 'It would read the Secrets of all namespaces, including kube-system.',
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
    reason: "'edit' reads all Secrets of the namespace; AccessRole.developer() does not.",
    fix: 'Say why AccessRole.developer() is not enough',
    bad: "new AccessGrant(chart, 'staff', { role: AccessRole.edit(''), subjects: [Subject.group('oidc:staff')] });",
    good: "new AccessGrant(chart, 'staff', { role: AccessRole.developer(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/escalation': {
    severity: ERROR,
    practices: ['CH17-29', 'S002-32', 'CH17-27'],
    title: 'No right lets a subject escalate its own rights',
    reason: 'A subject that can write role bindings, tokens or webhooks can take every right.',
    fix: 'List the rights that the subjects need, and leave roles and bindings to administrators',
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
    title: "No rule combines 'create' or 'deletecollection' with names of objects",
    reason: 'Their requests name no object. Such a rule never applies.',
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
    title: 'The identity of a workload belongs to the cloud of its cluster',
    reason: 'The cluster ignores annotations of another cloud, and the pods have no identity.',
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
    reason: 'A pod in kube-system can have the rights of an administrator.',
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
    title: 'Only administrators start or enter pods where pods have power over the cluster',
    reason: 'A subject that starts or enters a pod acts as its ServiceAccount, or becomes root on the node.',
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
    title: 'Rights to cluster-scoped resources are granted cluster-wide',
    reason: 'A Role matches no cluster-scoped resource, such as nodes.',
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
    title: 'Rights to create workloads are reviewed',
    reason: 'A pod can mount every Secret and use every ServiceAccount of its namespace.',
    fix: 'Review the grant, or use a role that only reads',
    bad:
      "const role = AccessRole.of({ apiGroup: 'apps', resources: ['deployments'], verbs: ['create'] });\nnew " +
      "AccessGrant(chart, 'ci', { role, subjects: [Subject.group('oidc:ci')] });",
    good: "new AccessGrant(chart, 'ci', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:ci')] });",
  },
  'access/subject-identity': {
    severity: ERROR,
    practices: ['CH04-38'],
    title: 'A subject is a group, a user or an account of your own',
    reason: "Names that Kubernetes reserves mean administrators or everybody, such as 'system:authenticated'.",
    fix: 'Bind a group of the identity provider, and spell it as the provider does',
    bad:
      "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: " +
      "[Subject.group('system:authenticated')] });",
    good: "new AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: [Subject.group('oidc:staff')] });",
  },
  'access/subject-namespace': {
    severity: ERROR,
    practices: ['CH04-42'],
    title: 'The namespace of a workload that gets rights is known',
    reason: 'A binding must name the namespace of each ServiceAccount.',
    fix: 'Give the chart of the workload a namespace',
    bad:
      "const bare = new Chart(app, 'bare');\nnew AccessGrant(bare, 'grant', { role: AccessRole.viewer(), " +
      "clusterWide: 'reads all', subjects: [Subject.workload(new WebService(bare, 'web', web))] });",
    good:
      "new AccessGrant(chart, 'grant', { role: AccessRole.viewer(), clusterWide: 'reads all', subjects: " +
      "[Subject.workload(new WebService(chart, 'web', web))] });",
  },
});
