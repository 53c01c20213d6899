import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** Rules for the whole app, for references between blocks, and for clusters. */
export const APP = rules({
  'app/duplicate-object': {
    severity: ERROR,
    practices: ['DX-03'],
    title: 'Kind, namespace and name identify one object of a cluster',
    reason: 'The second object would overwrite the first one when both are applied.',
    fix: "Give one of them another id, 'name' or namespace, or assign them to two clusters",
    bad:
      "for (const id of ['one', 'two']) new ApiObject(chart, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: " +
      "{ name: 'settings' } });\nnew WebService(chart, 'web', web);",
    good:
      "for (const id of ['one', 'two']) new ApiObject(chart, id, { apiVersion: 'v1', kind: 'ConfigMap', " +
      "metadata: { name: id } });\nnew WebService(chart, 'web', web);",
  },
  'app/json-patch': {
    severity: ERROR,
    practices: [],
    title: 'A JSON patch fits its object',
    reason: 'cdk8s cannot apply it, and fails without naming the patch.',
    fix: 'Write a path whose parent the object has',
    bad: "new WebService(chart, 'web', web).deployment.addJsonPatch(JsonPatch.replace('/spec/nope/x', 1));",
    good: "new WebService(chart, 'web', web).deployment.addJsonPatch(JsonPatch.replace('/spec/minReadySeconds', 1));",
  },
  'app/object-name': {
    severity: ERROR,
    practices: ['DX-12'],
    title: 'Kubernetes accepts the name',
    reason: 'Names follow from the construct path. Shortening or repairing them could give two objects one name.',
    fix: "Set 'name', or choose other construct ids",
    bad: "new WebService(chart, 'Web', web);",
    good: "new WebService(chart, 'web', web);",
  },
  'app/large-annotations': {
    severity: ERROR,
    practices: [],
    title: 'The annotations of an object have at most 256 KiB',
    reason: 'The API server refuses larger annotations.',
    fix: 'Put large data into a ConfigMap',
    bad: "new WebService(chart, 'web', { ...web, annotations: { data: 'x'.repeat(300_000) } });",
    good: "new WebService(chart, 'web', { ...web, annotations: { data: 'x' } });",
  },
  'app/validation': {
    severity: ERROR,
    practices: [],
    title: 'Validations of other constructs pass',
    reason: 'cdk8s validates every construct. Constructs from elsewhere bring their own messages.',
    fix: 'Do what the message says',
    bad: "chart.node.addValidation({ validate: () => ['the chart needs an owner'] });",
    good: 'chart.node.addValidation({ validate: () => [] });',
  },
  'reference/other-namespace': {
    severity: ERROR,
    practices: ['DX-24'],
    title: 'Pods, Services and Ingresses refer to objects of their own namespace',
    reason: 'Kubernetes resolves such a reference in the same namespace only, and would find nothing.',
    fix: 'Declare the object in a chart of that namespace',
    bad:
      "const other = new Chart(app, 'other', { namespace: 'other' });\nnew WebService(chart, 'web', " +
      "web).mount('/etc/web', new VersionedConfigMap(other, 'config', { data: { a: 'b' } }));",
    good:
      "new WebService(chart, 'web', web).mount('/etc/web', new VersionedConfigMap(chart, 'config', { data: { a: " +
      "'b' } }));",
  },
  'reference/other-cluster': {
    severity: ERROR,
    waivable: true,
    practices: ['DX-26'],
    title: 'Blocks that refer to each other are on one cluster',
    reason: 'On another cluster, the same names and labels mean other objects, or none.',
    fix:
      'Export a service with an ExportedService and import it with an ImportedService; declare the rest on each ' +
      'cluster',
    bad:
      "const other = new Chart(app, 'other', { namespace: 'shop' });\nnew ClusterProfile({ name: 'eu' " +
      '}).assignTo(other);\n' +
      "new WebService(chart, 'web', web).mount('/etc/web', new VersionedConfigMap(other, 'config', { data: { a: 'b' " +
      '} }));',
    good:
      "new ClusterProfile({ name: 'eu' }).assignTo(chart);\nnew WebService(chart, 'web', web).mount('/etc/web', " +
      "new VersionedConfigMap(chart, 'config', { data: { a: 'b' } }));",
  },
  'reference/missing-key': {
    severity: ERROR,
    practices: ['CH04-20'],
    title: 'A reference names a key that the ConfigMap or Secret has',
    reason: 'The pod would not start, or would find an empty directory instead of the file.',
    fix: 'Name a key that it has',
    bad:
      "const config = new VersionedConfigMap(chart, 'config', { data: { level: 'info' } });\nnew " +
      "WebService(chart, 'web', { ...web, env: { LEVEL: config.envValue('loglevel') } });",
    good:
      "const config = new VersionedConfigMap(chart, 'config', { data: { level: 'info' } });\nnew " +
      "WebService(chart, 'web', { ...web, env: { LEVEL: config.envValue('level') } });",
  },
  'reference/secret-type': {
    severity: ERROR,
    waivable: true,
    practices: ['CH04-07'],
    title: 'A Secret of the app has the type and keys that its use requires',
    reason:
      'The kubelet ignores a pull secret of another type, and an ingress controller then serves its own certificate ' +
      'for a host.',
    fix: 'Give the Secret the type that its use requires',
    bad:
      "new ApiObject(chart, 'pull', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pull' }, data: {} });\n" +
      "new WebService(chart, 'web', { ...web, pullSecrets: [SecretRef.named('pull')] });",
    good:
      "new ApiObject(chart, 'pull', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pull' }, type: " +
      "'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 'e30=' } });\n" +
      "new WebService(chart, 'web', { ...web, pullSecrets: [SecretRef.named('pull')] });",
  },
  'reference/missing-port': {
    severity: ERROR,
    practices: ['DX-04'],
    title: 'Probes, peers and routes name ports that the container declares',
    reason: 'Nothing listens there. The probe always fails, or the connection is refused.',
    fix: 'Name a port that the container declares',
    bad: "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz', { port: 9090 }) });",
    good: "new WebService(chart, 'web', { ...web, readiness: Probe.httpGet('/readyz', { port: 8080 }) });",
  },
  'cluster/nodes-per-zone': {
    severity: ERROR,
    practices: [],
    title: 'A cluster has at least one node in each of its zones',
    reason: 'A zone without nodes runs no pods, and checks of zones would be wrong.',
    fix: 'Count the zones that have nodes',
    bad: 'new ClusterProfile({ zones: 3, nodes: 2 }).assignTo(chart);',
    good: 'new ClusterProfile({ zones: 3, nodes: 3 }).assignTo(chart);',
  },
  'cluster/cilium-dns': {
    severity: WARNING,
    practices: [],
    title: 'On Cilium, DNS is opened by its pods',
    reason: 'Cilium knows nodes by their identity. A range of addresses in a policy does not match them.',
    fix:
      'Redirect DNS to the pods of the cache with a CiliumLocalRedirectPolicy, and name these pods with ' +
      'ClusterDns.pods(...)',
    bad: "new ClusterProfile({ networkPlugin: 'cilium', dns: ClusterDns.nodeLocal() }).assignTo(chart);",
    good:
      "new ClusterProfile({ networkPlugin: 'cilium', dns: ClusterDns.pods({ namespace: 'kube-system', labels: { " +
      "'k8s-app': 'node-local-dns' } }) }).assignTo(chart);",
  },
  'cluster/node-feature': {
    severity: ERROR,
    practices: [],
    title: 'Pods use a feature of the nodes only where the nodes have it',
    reason:
      'It depends on the kernel, the container runtime and the file systems, not on the version alone. On a node ' +
      'without it, the pod does not start.',
    fix: "State it in 'nodeFeatures' of the ClusterProfile if all nodes have it",
    bad:
      "new ClusterProfile({ version: '1.36' }).assignTo(chart);\n" +
      "new WebService(chart, 'web', { ...web, userNamespace: true });",
    good:
      "new ClusterProfile({ version: '1.36', nodeFeatures: { userNamespaces: true } }).assignTo(chart);\n" +
      "new WebService(chart, 'web', { ...web, userNamespace: true });",
  },
  'cluster/one-profile': {
    severity: ERROR,
    practices: [],
    title: 'A scope has one ClusterProfile',
    reason: 'A scope belongs to one cluster.',
    fix: 'Keep one, or assign the others to constructs inside the scope',
    bad: "for (const name of ['a', 'b']) new ClusterProfile({ name }).assignTo(chart);",
    good: "new ClusterProfile({ name: 'a' }).assignTo(chart);",
  },
  'cluster/version': {
    severity: ERROR,
    practices: [],
    title: 'A newer field is used only on a cluster version that knows it',
    reason: 'An older API server refuses the field or drops it silently.',
    fix: 'Declare the version in a ClusterProfile',
    bad: "new WebService(chart, 'web', { ...web, service: { trafficDistribution: 'PreferSameNode' } });",
    good:
      "new ClusterProfile({ version: '1.34' }).assignTo(chart);\nnew WebService(chart, 'web', { ...web, service: " +
      "{ trafficDistribution: 'PreferSameNode' } });",
  },
  'cluster/own-nodes': {
    severity: ERROR,
    practices: [],
    title: 'Pods on nodes of the provider need nothing of a node',
    reason:
      'On AWS Fargate, GKE Autopilot and virtual nodes, a DaemonSet gets no pods, and the provider refuses ' +
      'directories, ports and namespaces of the node.',
    fix: 'Run the agent as a sidecar, or on a cluster with nodes of your own',
    waivable: true,
    bad:
      "new ClusterProfile({ ownNodes: false }).assignTo(chart);\nnew ApiObject(chart, 'agent', { apiVersion: " +
      "'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' }, spec: { selector: { matchLabels: { app: 'agent' } " +
      "}, template: { metadata: { labels: { app: 'agent' } }, spec: { containers: [{ name: 'agent', image: " +
      "'ghcr.io/acme/agent:1.0.0' }] } } } });",
    good: "new ClusterProfile({ ownNodes: false }).assignTo(chart);\nnew WebService(chart, 'web', web);",
  },
  'cluster/capacity': {
    severity: WARNING,
    practices: ['CH08-29'],
    title: 'All workloads fit on the nodes when one node fails',
    reason: 'Pods would stay pending while a node is drained or down.',
    fix: 'Add nodes, or lower the maximum of autoscaling or the requests',
    bad:
      'new ClusterProfile({ nodes: 2, allocatable: { cpu: Cpu.millis(150), memory: Size.gibibytes(14) } ' +
      "}).assignTo(chart);\nnew WebService(chart, 'web', web);",
    good:
      'new ClusterProfile({ nodes: 3, allocatable: { cpu: Cpu.millis(3920), memory: Size.gibibytes(14) } ' +
      "}).assignTo(chart);\nnew WebService(chart, 'web', web);",
  },
});
