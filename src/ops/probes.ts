/** A right to test. */
export interface Right {
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly resourceName?: string;
}

export const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;

function rights(apiGroup: string, resource: string, ...verbs: string[]): Right[] {
  return verbs.map((verb) => ({ verb, apiGroup, resource }));
}

const RBAC = 'rbac.authorization.k8s.io';

/** Namespaced rights that nobody should have by accident. */
export const IN_NAMESPACE: readonly Right[] = [
  ...rights('', 'secrets', 'get', 'list', 'watch', 'create', 'update', 'patch', 'delete'),
  ...rights('', 'pods/exec', 'create', 'get'),
  ...rights('', 'pods/attach', 'create'),
  ...rights('', 'pods/portforward', 'create'),
  ...rights('', 'pods', 'create'),
  ...rights('apps', 'deployments', 'create', 'patch'),
  ...rights('apps', 'daemonsets', 'create'),
  ...rights('batch', 'jobs', 'create'),
  ...rights('', 'serviceaccounts', 'impersonate'),
  ...rights('', 'serviceaccounts/token', 'create'),
  ...rights(RBAC, 'roles', 'create', 'patch', 'bind', 'escalate'),
  ...rights(RBAC, 'rolebindings', 'create', 'delete'),
  ...rights('', 'resourcequotas', 'update', 'delete'),
  ...rights('', 'limitranges', 'update', 'delete'),
  ...rights('networking.k8s.io', 'networkpolicies', 'create', 'delete'),
  ...rights('', 'namespaces', 'patch', 'delete'),
];

/** Cluster-scoped rights that nobody should have by accident. */
export const IN_CLUSTER: readonly Right[] = [
  ...rights('', 'nodes/proxy', 'get', 'create'),
  ...rights('', 'secrets', 'list'),
  ...rights('', 'pods', 'list', 'create'),
  ...rights('', 'namespaces', 'create', 'delete'),
  ...rights('', 'persistentvolumes', 'create'),
  ...rights('', 'users', 'impersonate'),
  ...rights('', 'groups', 'impersonate'),
  ...rights(RBAC, 'clusterroles', 'create', 'bind', 'escalate'),
  ...rights(RBAC, 'clusterrolebindings', 'create'),
  ...rights('certificates.k8s.io', 'certificatesigningrequests/approval', 'update'),
  ...rights('admissionregistration.k8s.io', 'validatingadmissionpolicies', 'create', 'delete'),
  ...rights('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'create'),
  ...rights('apiextensions.k8s.io', 'customresourcedefinitions', 'create'),
];

/** Rights that show whether access ends at the border of the namespace. */
export const ELSEWHERE: readonly Right[] = [
  ...rights('', 'pods', 'get', 'create', 'delete'),
  ...rights('', 'secrets', 'get'),
  ...rights('apps', 'deployments', 'create', 'patch'),
];
