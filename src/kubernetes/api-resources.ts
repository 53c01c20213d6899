import { isClusterScoped } from './cluster-scoped';

/** Groups whose resources are known and stable; others grow with each version. */
const CLOSED: Readonly<Record<string, readonly string[]>> = {
  '': [
    'bindings',
    'componentstatuses',
    'configmaps',
    'endpoints',
    'events',
    'limitranges',
    'namespaces',
    'nodes',
    'persistentvolumeclaims',
    'persistentvolumes',
    'pods',
    'podtemplates',
    'replicationcontrollers',
    'resourcequotas',
    'secrets',
    'serviceaccounts',
    'services',
    // not stored: names of what a request may impersonate
    'users',
    'groups',
  ],
  'apps': ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  'autoscaling': ['horizontalpodautoscalers'],
  'batch': ['cronjobs', 'jobs'],
  'policy': ['poddisruptionbudgets'],
  'rbac.authorization.k8s.io': ['clusterrolebindings', 'clusterroles', 'rolebindings', 'roles'],
};

/** Resources of other groups that callers often look for in the core group. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  ingresses: 'networking.k8s.io',
  networkpolicies: 'networking.k8s.io',
  endpointslices: 'discovery.k8s.io',
  leases: 'coordination.k8s.io',
  storageclasses: 'storage.k8s.io',
  customresourcedefinitions: 'apiextensions.k8s.io',
};

/** Groups of Kubernetes whose resources share names with other groups. */
const NAMESAKES = /(^|\.)(metrics|events)\.k8s\.io$/;

/** The group of a resource, if known. */
export function groupOf(resource: string): string | undefined {
  if (Object.hasOwn(ELSEWHERE, resource)) return ELSEWHERE[resource];
  return Object.keys(CLOSED).find((group) => CLOSED[group].includes(resource));
}

/** Whether a group is known to lack a resource. */
export function isMissing(group: string, resource: string): boolean {
  if (Object.hasOwn(CLOSED, group)) return !CLOSED[group].includes(resource);
  const home = groupOf(resource);
  return group.endsWith('.k8s.io') && home !== undefined && home !== group && !NAMESAKES.test(group);
}

/** Whether a text is an API group. Only groups of Kubernetes itself have no dot: all others are DNS names. */
export function isGroup(group: string): boolean {
  return Object.hasOwn(CLOSED, group) || group.includes('.');
}

/** Whether a Role cannot grant a resource because it has no namespace. A Namespace counts as inside itself. */
export function isOutsideNamespaces(group: string, resource: string): boolean {
  return (
    isClusterScoped(group === '' ? resource : `${resource}.${group}`) && !(group === '' && resource === 'namespaces')
  );
}
