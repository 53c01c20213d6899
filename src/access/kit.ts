import type { RuleSettings } from './rule-settings';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete'];

function rule(apiGroup: string, resources: string[], verbs: string[]): RuleSettings {
  return { apiGroup, resources, verbs };
}

const HELP_DESK: readonly RuleSettings[] = [rule('', ['pods', 'events'], READ)];

const VIEWER: readonly RuleSettings[] = [
  rule(
    '',
    [
      'pods',
      'services',
      'endpoints',
      'configmaps',
      'persistentvolumeclaims',
      'serviceaccounts',
      'events',
      'resourcequotas',
      'limitranges',
    ],
    READ,
  ),
  rule('', ['pods/log'], ['get']),
  rule('apps', ['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'controllerrevisions'], READ),
  rule('batch', ['jobs', 'cronjobs'], READ),
  rule('autoscaling', ['horizontalpodautoscalers'], READ),
  rule('policy', ['poddisruptionbudgets'], READ),
  rule('networking.k8s.io', ['ingresses', 'networkpolicies'], READ),
  rule('discovery.k8s.io', ['endpointslices'], READ),
  rule('metrics.k8s.io', ['pods'], ['get', 'list']),
];

const DEVELOPER: readonly RuleSettings[] = [
  ...VIEWER,
  rule('', ['pods'], ['delete']),
  rule('', ['pods/eviction'], ['create']),
  rule('apps', ['deployments/scale', 'statefulsets/scale'], ['get', 'update', 'patch']),
];

const DEPLOYER: readonly RuleSettings[] = [
  rule('', ['configmaps', 'services', 'serviceaccounts', 'persistentvolumeclaims'], [...READ, ...WRITE]),
  rule('', ['pods', 'events'], READ),
  rule('', ['pods/log'], ['get']),
  rule('apps', ['deployments', 'statefulsets'], [...READ, ...WRITE]),
  rule('apps', ['replicasets', 'controllerrevisions'], READ),
  rule('batch', ['jobs', 'cronjobs'], [...READ, ...WRITE]),
  rule('autoscaling', ['horizontalpodautoscalers'], [...READ, ...WRITE]),
  rule('policy', ['poddisruptionbudgets'], [...READ, ...WRITE]),
  rule('networking.k8s.io', ['ingresses', 'networkpolicies'], [...READ, ...WRITE]),
  rule('discovery.k8s.io', ['endpointslices'], [...READ, ...WRITE]),
];

export const KIT = { helpDesk: HELP_DESK, viewer: VIEWER, developer: DEVELOPER, deployer: DEPLOYER } as const;
