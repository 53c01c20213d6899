import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** Rules for namespaces, privileged workloads, the reaper and Redis. */
export const TENANCY = rules({
  'namespace/applied-late': {
    severity: WARNING,
    practices: [],
    title: 'The chart of a Namespace is applied before the charts that place objects in it',
    reason: 'The first application fails: the API server refuses objects of a namespace that does not exist yet.',
    fix: 'Write chart.addDependency(chartOfTheNamespace), which numbers the files in that order',
    bad:
      "new TenantNamespace(new Chart(app, 'tenants'), 'team', { ...tenant, name: 'shop' });\nnew " +
      "WebService(chart, 'web', web);",
    good:
      "const tenants = new Chart(app, 'tenants');\nnew TenantNamespace(tenants, 'team', { ...tenant, name: 'shop' " +
      '});\n' +
      "new WebService(chart, 'web', web);\nchart.addDependency(tenants);",
  },
  'namespace/cpu-limit-in-range': {
    severity: ERROR,
    practices: ['CH08-44'],
    title: 'With a quota without CPU limits, the LimitRange has none either',
    reason: 'Containers would get a CPU limit anyway, or be refused.',
    fix: 'Use Quota.of(...), or bound memory only',
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, quota: Quota.withoutCpuLimit({ cpu: Cpu.units(10), memory: " +
      'Size.gibibytes(20) }), limitRange: { max: { cpu: Cpu.units(1) } } });',
    good: "new TenantNamespace(chart, 'team', { ...tenant, limitRange: { max: { cpu: Cpu.units(1) } } });",
  },
  'namespace/expired': {
    severity: ERROR,
    practices: ['CH02-21'],
    title: 'The expiry of a namespace is in the future',
    reason: 'The reaper would delete the namespace immediately.',
    fix: "Set a time after 'now'",
    bad:
      "new DeveloperNamespace(chart, 'spike', { owner: 'jane@example.com', team: 'search', purpose: 'A spike', " +
      "expires: '2026-01-01', now: '2026-02-01T00:00:00Z' });",
    good:
      "new DeveloperNamespace(chart, 'spike', { owner: 'jane@example.com', team: 'search', purpose: 'A spike', " +
      "expires: '2026-03-01', now: '2026-02-01T00:00:00Z' });",
  },
  'namespace/limit-range': {
    severity: ERROR,
    waivable: true,
    practices: ['CH08-44'],
    title: 'Workloads of a namespace fit its LimitRange',
    reason: 'The API server refuses the pods, and only events of the ReplicaSet show it.',
    fix: "Write resources within the bounds that the message names, or change 'limitRange'",
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, limitRange: { max: { cpu: Cpu.millis(300) } } });\nnew " +
      "WebService(new Chart(app, 'team', { namespace: 'team' }), 'web', web);",
    good:
      "new TenantNamespace(chart, 'team', { ...tenant, limitRange: { max: { cpu: Cpu.units(1) } } });\nnew " +
      "WebService(new Chart(app, 'team', { namespace: 'team' }), 'web', web);",
  },
  'namespace/limit-range-order': {
    severity: ERROR,
    practices: ['CH08-47'],
    title: 'A LimitRange keeps the order min, defaultRequest, defaultLimit, max',
    reason: 'The API server refuses the LimitRange, or every pod with its defaults.',
    fix: 'Write amounts that rise: min, defaultRequest, defaultLimit, max',
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, limitRange: { defaultRequest: { cpu: Cpu.units(2) }, " +
      'defaultLimit: { cpu: Cpu.units(1) } } });',
    good:
      "new TenantNamespace(chart, 'team', { ...tenant, limitRange: { defaultRequest: { cpu: Cpu.units(1) }, " +
      'defaultLimit: { cpu: Cpu.units(2) } } });',
  },
  'namespace/limit-range-ratio': {
    severity: ERROR,
    practices: ['CH08-44'],
    title: 'The maximum ratio of limit to request fits the other bounds',
    reason: 'The API server refuses the LimitRange, or pods with its defaults.',
    fix: "Change 'maxRatio', or reduce the ratio of the defaults",
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, limitRange: { maxRatio: { cpu: 2 }, defaultLimit: { cpu: " +
      'Cpu.units(1) } } });',
    good: "new TenantNamespace(chart, 'team', { ...tenant, limitRange: { maxRatio: { cpu: 2 } } });",
  },
  'namespace/made-here': {
    severity: ERROR,
    practices: [],
    title: 'ExistingNamespace states a namespace that another app creates',
    reason: 'The library knows the namespaces of the app, and a second statement can contradict them.',
    fix: 'State the namespaces of other apps only',
    bad:
      "new TenantNamespace(chart, 'team', tenant);\n" +
      "new ExistingNamespace(chart, 'stated', { name: 'team', defaultDeny: true });",
    good: "new ExistingNamespace(chart, 'stated', { name: 'team', defaultDeny: true });",
  },
  'namespace/other-rights': {
    severity: WARNING,
    practices: ['CH02-17'],
    title: 'Developers have rights in their namespace only',
    reason: 'Other grants reach beyond the namespace.',
    fix: 'Review the other grant',
    bad:
      "new DeveloperNamespace(chart, 'spike', { owner: 'jane@example.com', team: 'search', purpose: 'A spike' " +
      "});\nnew AccessGrant(chart, 'staff', { role: AccessRole.viewer(), subjects: " +
      "[Subject.user('jane@example.com')] });",
    good: "new DeveloperNamespace(chart, 'spike', { owner: 'jane@example.com', team: 'search', purpose: 'A spike' });",
  },
  'namespace/overcommitted-cluster': {
    severity: WARNING,
    practices: ['CH08-43'],
    title: 'The quotas of a cluster fit its capacity',
    reason: 'When all teams use their quotas, pods stay pending.',
    fix: 'Lower quotas or add nodes',
    bad:
      'new ClusterProfile({ nodes: 2, allocatable: { cpu: Cpu.units(4), memory: Size.gibibytes(14) } ' +
      "}).assignTo(chart);\nnew TenantNamespace(chart, 'team', tenant);",
    good:
      'new ClusterProfile({ nodes: 5, allocatable: { cpu: Cpu.units(4), memory: Size.gibibytes(14) } ' +
      "}).assignTo(chart);\nnew TenantNamespace(chart, 'team', tenant);",
  },
  'namespace/own-label': {
    severity: ERROR,
    practices: [],
    title: 'Labels and annotations with a prop are set by that prop',
    reason: 'A second value would contradict the prop, such as the Pod Security level or the expiry.',
    fix: 'Use the prop for that purpose',
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, labels: { 'pod-security.kubernetes.io/enforce': " +
      "'privileged' } });",
    good: "new TenantNamespace(chart, 'team', { ...tenant, podSecurity: 'baseline' });",
  },
  'namespace/pod-security': {
    severity: ERROR,
    waivable: true,
    practices: ['CH10-02'],
    title: 'Foreign pods meet the Pod Security level of their namespace',
    reason: 'The API server accepts the workload but refuses its pods, and only events of the ReplicaSet show it.',
    fix: 'Change these fields, use a block of this library, or move the workload to its own namespace',
    bad:
      "new TenantNamespace(chart, 'team', tenant);\nnew kplus.Deployment(new Chart(app, 'team', { namespace: 'team' " +
      "}), 'web', { containers: [{ image, securityContext: { user: 0, ensureNonRoot: false } }] });",
    good:
      "new TenantNamespace(chart, 'team', tenant);\nnew WebService(new Chart(app, 'team', { namespace: 'team' " +
      "}), 'web', web);",
  },
  'namespace/quota': {
    severity: ERROR,
    waivable: true,
    practices: ['CH08-42'],
    title: 'Workloads of a namespace fit its quotas',
    reason: 'The API server refuses the excess pods or objects, and only events show it.',
    fix: 'Raise the quota, or lower replicas, the maximum of autoscaling or resources',
    bad:
      "new TenantNamespace(chart, 'team', tenant);\nnew WebService(new Chart(app, 'team', { namespace: 'team' }), " +
      "'web', { ...web, replicas: 200 });",
    good:
      "new TenantNamespace(chart, 'team', tenant);\nnew WebService(new Chart(app, 'team', { namespace: 'team' " +
      "}), 'web', { ...web, replicas: 2 });",
  },
  'namespace/quota-limit-below-request': {
    severity: ERROR,
    practices: ['CH08-39'],
    title: 'The limit of a quota is at least its request',
    reason: 'Part of the requests would never be usable.',
    fix: 'Raise the limit',
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, quota: Quota.of({ cpu: Cpu.units(10), cpuLimit: " +
      'Cpu.units(1), memory: Size.gibibytes(20) }) });',
    good:
      "new TenantNamespace(chart, 'team', { ...tenant, quota: Quota.of({ cpu: Cpu.units(10), cpuLimit: " +
      'Cpu.units(20), memory: Size.gibibytes(20) }) });',
  },
  'namespace/reserved': {
    severity: WARNING,
    practices: ['CH08-34', 'CH08-35'],
    title: 'Workloads have their own namespace',
    reason:
      "In 'kube-...', anyone who may start a pod can become an administrator, and upgrades change objects. 'default' " +
      'has no owner, no quota and no policy.',
    fix: 'Give the chart its own namespace',
    bad: "new WebService(new Chart(app, 'agents', { namespace: 'kube-system' }), 'web', web);",
    good: "new WebService(new Chart(app, 'agents', { namespace: 'agents' }), 'web', web);",
  },
  'namespace/rights-elsewhere': {
    severity: ERROR,
    waivable: true,
    practices: ['CH02-10'],
    title: 'ServiceAccounts of a developer namespace have no rights outside it',
    reason: 'A subject that may edit the namespace can act as them.',
    fix: 'Move the workload to another namespace',
    bad:
      "new DeveloperNamespace(chart, 'spike', { name: 'spike', owner: 'jane@example.com', team: 'search', purpose: " +
      "'A spike' });\nconst inside = new Chart(app, 'inside', { namespace: 'spike' });\n" +
      "new AccessGrant(inside, 'all', { role: AccessRole.viewer(), namespace: 'prod', subjects: " +
      "[Subject.workload(new WebService(inside, 'web', web))] });",
    good:
      "new DeveloperNamespace(chart, 'spike', { name: 'spike', owner: 'jane@example.com', team: 'search', purpose: " +
      "'A spike' });\nconst inside = new Chart(app, 'inside', { namespace: 'spike' });\n" +
      "new AccessGrant(inside, 'own', { role: AccessRole.viewer(), subjects: [Subject.workload(new " +
      "WebService(inside, 'web', web))] });",
  },
  'namespace/stated-twice': {
    severity: ERROR,
    practices: [],
    title: 'A namespace is stated once',
    reason: 'Two statements can contradict each other.',
    fix: 'Keep one ExistingNamespace: it counts for all charts of the cluster',
    bad:
      "new ExistingNamespace(chart, 'stated', { name: 'team', defaultDeny: true });\n" +
      "new ExistingNamespace(chart, 'again', { name: 'team', defaultDeny: false });",
    good: "new ExistingNamespace(chart, 'stated', { name: 'team', defaultDeny: true });",
  },
  'namespace/storage-class-quota': {
    severity: ERROR,
    practices: ['CH08-40'],
    title: 'The quota of a storage class is at most that of all classes together',
    reason: 'The excess would never be usable.',
    fix: "Raise 'quota.storage'",
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, quota: Quota.of({ cpu: Cpu.units(10), memory: " +
      'Size.gibibytes(20), storage: Size.gibibytes(1), storageClasses: { fast: { storage: Size.gibibytes(2) } } }) });',
    good:
      "new TenantNamespace(chart, 'team', { ...tenant, quota: Quota.of({ cpu: Cpu.units(10), memory: " +
      'Size.gibibytes(20), storage: Size.gibibytes(2), storageClasses: { fast: { storage: Size.gibibytes(2) } } }) });',
  },
  'namespace/tight-quota': {
    severity: WARNING,
    practices: ['CH08-42'],
    title: 'The quota leaves room for a rollout',
    reason: 'A rollout stalls until stopping pods are gone.',
    fix: 'Raise the quota, or accept the wait',
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, quota: Quota.of({ cpu: Cpu.units(10), memory: " +
      "Size.gibibytes(20), pods: 3 }) });\nnew WebService(new Chart(app, 'team', { namespace: 'team' }), 'web', { " +
      '...web, replicas: 2 });',
    good:
      "new TenantNamespace(chart, 'team', tenant);\nnew WebService(new Chart(app, 'team', { namespace: 'team' " +
      "}), 'web', { ...web, replicas: 2 });",
  },
  'namespace/unreadable-file': {
    severity: ERROR,
    practices: [],
    title: 'The file of a namespace has its manifests',
    reason: 'Without it, the library cannot open connections or check sums.',
    fix: 'Write it with cdk8s-developer-namespace, with the app of the platform, or with kubectl get --output yaml',
    bad: "new ExistingNamespace(chart, 'stated', { name: 'team', file: 'no-such-file.yaml' });",
    good: "new ExistingNamespace(chart, 'stated', { name: 'team', defaultDeny: true });",
  },
  'namespace/unstated': {
    severity: WARNING,
    practices: ['CH08-36'],
    title: 'All workloads of an app state their namespace, or none does',
    reason: "A workload without a namespace lands in the current namespace of 'kubectl', such as 'default'.",
    fix: 'Give its chart a namespace',
    bad: "new WebService(chart, 'web', web);\nnew WebService(new Chart(app, 'admin'), 'web', web);",
    good:
      "new WebService(chart, 'web', web);\nnew WebService(new Chart(app, 'admin', { namespace: 'admin' }), " +
      "'web', web);",
  },
  'namespace/unreadable-quantity': {
    severity: ERROR,
    practices: ['CH08-42'],
    title: 'Quantities in objects of other libraries are valid',
    reason: 'The API server refuses invalid quantities, and quotas cannot be checked.',
    fix: "Use a quantity such as '500m', '1.5' or '2Gi'",
    bad:
      "new TenantNamespace(chart, 'team', tenant);\nconst securityContext = { runAsNonRoot: true, seccompProfile: { " +
      'type: ' +
      "'RuntimeDefault' } };\nconst container = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } " +
      "};\nconst resources = { requests: { cpu: 'one', memory: '64Mi' }, " +
      "limits: { cpu: '1', memory: '64Mi' } };\n" +
      "new ApiObject(new Chart(app, 'team', { namespace: 'team' }), 'pod', { apiVersion: 'v1', kind: 'Pod', spec: { " +
      "securityContext, containers: [{ name: 'main', image, resources, securityContext: container }] } });",
    good:
      "new TenantNamespace(chart, 'team', tenant);\nconst securityContext = { runAsNonRoot: true, seccompProfile: { " +
      'type: ' +
      "'RuntimeDefault' } };\nconst container = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } " +
      "};\nconst resources = { requests: { cpu: '100m', memory: '64Mi' }, " +
      "limits: { cpu: '200m', memory: '64Mi' } };\n" +
      "new ApiObject(new Chart(app, 'team', { namespace: 'team' }), 'pod', { apiVersion: 'v1', kind: 'Pod', spec: { " +
      "securityContext, containers: [{ name: 'main', image, resources, securityContext: container }] } });",
  },
  'privileged/capabilities-without-root': {
    severity: ERROR,
    practices: [],
    title: 'Capabilities need the exception rootUser',
    reason: 'Added capabilities have no effect for other users.',
    fix: 'Add PrivilegedException.rootUser(...), or remove the capabilities',
    bad:
      "new PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.capabilities(['NET_ADMIN'], { reason: 'Sets routes on the node' })] });",
    good:
      "const why = { reason: 'Sets routes on the node' };\nnew PrivilegedWorkload(chart, 'agent', { image, " +
      "owner: 'ops', exceptions: [PrivilegedException.capabilities(['NET_ADMIN'], why), " +
      'PrivilegedException.rootUser(why)] });',
  },
  'privileged/exceptions': {
    severity: WARNING,
    practices: ['CH10-28'],
    title: 'Exceptions to Pod Security are reviewed',
    reason: 'The namespace admits pods of a less restrictive level.',
    fix: 'Review the exceptions: annotations of the workload state the reasons',
    bad:
      "new PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostPath('/var/log', { reason: 'Ships the logs of the node' })] });",
    good: "new WebService(chart, 'web', web);",
  },
  'privileged/host-network': {
    severity: WARNING,
    practices: ['CH10-15'],
    title: 'Processes on the host network are protected by other means than policies',
    reason: 'Network policies do not apply on the host network.',
    fix: 'Review the workload, and let the process authenticate its clients',
    bad:
      "new PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostNetwork({ reason: 'Reads the traffic of the node' })] });",
    good: "new WebService(chart, 'web', web);",
  },
  'privileged/host-network-policy': {
    severity: ERROR,
    practices: ['CH10-15'],
    title: 'Pods on the host network have no peers',
    reason: 'Network policies do not apply there. The pods would look protected, but be open.',
    fix: 'Remove the peer. A peer with closed egress needs Egress.cidr(...) with the addresses of the nodes',
    bad:
      "const agent = new PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostNetwork({ reason: 'Reads the traffic of the node' })] " +
      "});\nagent.allowFrom(Peer.pods({ namespace: 'monitoring' }));",
    good:
      "new PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostNetwork({ reason: 'Reads the traffic of the node' })] });",
  },
  'privileged/host-path': {
    severity: ERROR,
    practices: ['CH10-29'],
    title: 'A path of the node does not hand over the node',
    reason: 'A process that writes to such a path, or uses a socket in it, becomes root on the node.',
    fix: 'Mount only the directory that is needed, or set handsOverNode: true',
    bad:
      "new PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostPath('/', { reason: 'Ships the logs of the node' })] });",
    good:
      "new PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostPath('/var/log', { reason: 'Ships the logs of the node' })] });",
  },
  'privileged/namespace': {
    severity: ERROR,
    practices: ['CH10-35'],
    title: 'A privileged workload has its own chart and namespace',
    reason: 'The namespace admits the exceptions. It must not be a namespace of Kubernetes.',
    fix: 'Give the workload a chart with its own namespace',
    bad:
      "const chartOfKubernetes = new Chart(app, 'agents', { namespace: 'kube-system' });\nnew " +
      "PrivilegedWorkload(chartOfKubernetes, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostPath('/var/log', { reason: 'Ships the logs of the node' })] });",
    good:
      "const agents = new Chart(app, 'agents', { namespace: 'agents' });\nnew PrivilegedWorkload(agents, " +
      "'agent', { image, owner: 'ops', exceptions: [PrivilegedException.hostPath('/var/log', { reason: 'Ships the " +
      "logs of the node' })] });",
  },
  'privileged/sandbox': {
    severity: WARNING,
    practices: ['CH10-41'],
    title: 'A sandbox is not combined with exceptions that open the node',
    reason: 'Many sandboxes refuse such pods, and the others no longer isolate them.',
    fix: "Remove 'runtimeClass' or the exceptions",
    bad:
      "const runtimeClass = new RuntimeClass(chart, 'gvisor', { handler: 'runsc' });\nnew " +
      "PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', runtimeClass, exceptions: " +
      "[PrivilegedException.hostPath('/var/log', { reason: 'Ships the logs of the node' })] });",
    good:
      "new WebService(chart, 'web', { ...web, runtimeClass: new RuntimeClass(chart, 'gvisor', { handler: 'runsc' " +
      '}) });',
  },
  'privileged/shared-namespace': {
    severity: ERROR,
    waivable: true,
    practices: ['CH10-35'],
    title: 'The namespace of a privileged workload has no other workloads',
    reason: 'Pod Security admits the exceptions for every pod of the namespace.',
    fix: 'Give the workload a chart with its own namespace',
    bad:
      "new PrivilegedWorkload(chart, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostPath('/var/log', { reason: 'Ships the logs of the node' })] });\nnew " +
      "WebService(chart, 'web', web);",
    good:
      "const agents = new Chart(app, 'agents', { namespace: 'agents' });\nnew PrivilegedWorkload(agents, " +
      "'agent', { image, owner: 'ops', exceptions: [PrivilegedException.hostPath('/var/log', { reason: 'Ships the " +
      "logs of the node' })] });\nnew WebService(chart, 'web', web);",
  },
  'privileged/surge': {
    severity: ERROR,
    practices: [],
    title: 'A pod on the host network leaves its node before its successor starts',
    reason: 'The old pod holds the ports of the node, and the scheduler keeps the new one pending.',
    fix: 'Write Rollout.rolling(...) with maxUnavailable: 1 and maxSurge: 0, the default',
    bad:
      "new NodeAgent(chart, 'agent', { image, owner: 'ops', metricsPort: 9100, rollout: Rollout.rolling({ maxSurge: " +
      "1 }), exceptions: [PrivilegedException.hostNetwork({ reason: 'Reads the traffic of the node' })] });",
    good:
      "new NodeAgent(chart, 'agent', { image, owner: 'ops', metricsPort: 9100, exceptions: " +
      "[PrivilegedException.hostNetwork({ reason: 'Reads the traffic of the node' })] });",
  },
  'reaper/closed-egress': {
    severity: ERROR,
    practices: ['CH02-25'],
    title: 'The reaper reaches the API server',
    reason: 'A run needs the API server for everything it does.',
    fix: 'Add Egress.apiServer(), and set the addresses in the ClusterProfile',
    bad: "new NamespaceReaper(chart, 'reaper', { image, egress: 'declared' });",
    good:
      "new ClusterProfile({ apiServer: ['10.0.0.1/32'] }).assignTo(chart);\nnew NamespaceReaper(chart, 'reaper', " +
      "{ image, egress: 'declared', egressTo: [Egress.apiServer()] });",
  },
  'reaper/foreign-namespace': {
    severity: ERROR,
    waivable: true,
    practices: ['CH02-25'],
    title: 'The reaper is not in the namespace of a team',
    reason: 'Anyone who starts pods there can use its ServiceAccount, which deletes namespaces.',
    fix: 'Put the reaper into a chart with a namespace that only administrators can use',
    bad:
      "new ClusterProfile({ apiServer: ['10.0.0.1/32'] }).assignTo(app);\nnew TenantNamespace(new Chart(app, " +
      "'platform'), 'team', tenant);\n" +
      "new NamespaceReaper(new Chart(app, 'reaping', { namespace: 'team' }), 'reaper', { image, egressTo: " +
      '[Egress.apiServer()] });',
    good:
      "new TenantNamespace(new Chart(app, 'platform'), 'team', tenant);\nnew NamespaceReaper(new Chart(app, " +
      "'reaping', { namespace: 'namespace-reaper' }), 'reaper', { image });",
  },
  'reaper/namespace': {
    severity: ERROR,
    practices: ['CH02-25'],
    title: 'The reaper has its own chart and namespace',
    reason: 'Its rights belong to a ServiceAccount of that namespace.',
    fix: "Give the reaper a Chart of its own, with namespace: 'namespace-reaper'",
    bad: "new NamespaceReaper(new Chart(app, 'reaping', { namespace: 'kube-public' }), 'reaper', { image });",
    good: "new NamespaceReaper(new Chart(app, 'reaping', { namespace: 'namespace-reaper' }), 'reaper', { image });",
  },
  'redis/directive': {
    severity: ERROR,
    practices: [],
    title: 'The server knows each directive of redis.conf, and the block leaves it to the user',
    reason: 'The server would not start, or the guarantees of the block would break.',
    fix: 'Write a directive of this version of the server, or use the prop of the block',
    bad: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password, config: { maxmemory: '1gb' } });",
    good: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password, maxMemory: Size.gibibytes(1) });",
  },
  'redis/server-version': {
    severity: ERROR,
    practices: [],
    title: 'The image runs Redis 7.0 or later, or Valkey',
    reason: 'The block needs limits and files that older servers lack.',
    fix: 'Use an image of Redis 7.0 or later, or of Valkey',
    bad:
      "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password, " +
      "image: 'docker.io/library/redis:6.2.14' });",
    good:
      "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password, image: " +
      "'docker.io/library/redis:7.2.11' });",
  },
  'redis/two-replicas': {
    severity: WARNING,
    practices: ['CH01-54'],
    title: 'Redis has one member or at least three',
    reason: 'With two members, there is one replica, and none while it restarts.',
    fix: 'Write replicas: 3, the default, or more',
    bad: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password, replicas: 2 });",
    good: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password, replicas: 3 });",
  },
  'redis/volume-size': {
    severity: ERROR,
    practices: ['DX-20'],
    title: 'The volume of Redis has room for several copies of the data',
    reason: 'A rewrite of the append-only file keeps several copies of the data on the volume.',
    fix: "Enlarge 'storage', or lower 'maxMemory'",
    bad: "new Redis(chart, 'redis', { storage: Size.gibibytes(1), password, maxMemory: Size.gibibytes(1) });",
    good: "new Redis(chart, 'redis', { storage: Size.gibibytes(10), password, maxMemory: Size.gibibytes(1) });",
  },
});
