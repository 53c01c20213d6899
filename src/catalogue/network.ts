import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** Rules for connections, policies and tiers. */
export const NETWORK = rules({
  'grpc/balancing': {
    severity: WARNING,
    practices: [],
    title: 'Clients of an autoscaled gRPC service balance each call',
    reason:
      'A cluster IP balances connections, and a gRPC client keeps one: pods that an autoscaler adds get no calls, ' +
      'and the old ones stay overloaded.',
    fix:
      "Write headless: true in 'service' and in the options of connectTo for clients with round_robin, or let a mesh " +
      'or a gateway balance the calls',
    bad:
      "const cart = new WebService(chart, 'cart', { ...web, appProtocol: AppProtocol.grpc(), readiness: " +
      'Probe.grpc(), autoscaling: Autoscaling.onCpu({ min: 2, max: 9, target: 80 }) });\nnew ' +
      "WebService(chart, 'web', web).connectTo(cart);",
    good:
      "const cart = new WebService(chart, 'cart', { ...web, appProtocol: AppProtocol.grpc(), readiness: " +
      'Probe.grpc(), autoscaling: Autoscaling.onCpu({ min: 2, max: 9, target: 80 }), service: { headless: ' +
      "true } });\nnew WebService(chart, 'web', web).connectTo(cart, { headless: true });",
  },
  'grpc/min-ready': {
    severity: WARNING,
    practices: ['CH05-16'],
    title: 'A rollout behind a headless gRPC Service waits for the clients to resolve its name',
    reason:
      'gRPC clients resolve a name at most every 30 s. A faster rollout can stop all pods that a client knows, and ' +
      'its calls fail until the next resolution.',
    fix: 'Write minReady: Duration.seconds(30), the default with a headless Service, or more',
    bad:
      "new WebService(chart, 'cart', { ...web, appProtocol: AppProtocol.grpc(), readiness: Probe.grpc(), service: { " +
      'headless: true }, minReady: Duration.seconds(5) });',
    good:
      "new WebService(chart, 'cart', { ...web, appProtocol: AppProtocol.grpc(), readiness: Probe.grpc(), service: { " +
      'headless: true } });',
  },
  'network/address-port': {
    severity: WARNING,
    practices: ['DX-04'],
    title: 'The address of a Service uses a port of that Service',
    reason: 'Nothing answers on another port. The port of a Service can differ from the port of its pods.',
    fix: 'Write a port of the Service, or use the variables that connectTo writes',
    bad:
      "const cart = new WebService(chart, 'cart', web);\n" +
      "new WebService(chart, 'web', { ...web, env: { CART_URL: `http://${cart.name}/` } }).connectTo(cart);",
    good:
      "const cart = new WebService(chart, 'cart', web);\n" +
      "new WebService(chart, 'web', { ...web, env: { CART_URL: `http://${cart.name}:8080/` } }).connectTo(cart);",
  },
  'network/address-without-connection': {
    severity: WARNING,
    practices: ['DX-26'],
    title: 'An address of a Service in a text has a declared connection',
    reason: 'The policy of the Service admits declared clients only. Other connections time out.',
    fix: 'Connect the blocks with connectTo, which writes the variables, or open the Service with allowFrom',
    bad:
      "const cart = new WebService(chart, 'cart', web);\n" +
      "new WebService(chart, 'web', { ...web, env: { CART_ADDR: `${cart.name}:8080` } });",
    good:
      "const cart = new WebService(chart, 'cart', web);\n" +
      "new WebService(chart, 'web', { ...web, env: { CART_ADDR: `${cart.name}:8080` } }).connectTo(cart);",
  },
  'network/egress-to-open': {
    severity: ERROR,
    waivable: true,
    practices: [],
    title: 'Destinations are listed only with closed egress',
    reason: 'With open egress, they have no effect but look as if they had.',
    fix: "Write egress: 'declared' beside 'egressTo'. With open egress, no destination needs an entry",
    bad: "new WebService(chart, 'web', { ...web, egressTo: [Egress.internet()] });",
    good: "new WebService(chart, 'web', { ...web, egress: 'declared', egressTo: [Egress.internet()] });",
  },
  'network/empty-peer': {
    severity: ERROR,
    practices: [],
    title: 'A peer has pods or addresses',
    reason: 'A policy rule without peers opens the pods to everyone.',
    fix: 'Use Peer.pods(...) or Peer.cidr(...)',
    bad: "new WebService(chart, 'web', web).allowFrom(Peer.anyOf());",
    good: "new WebService(chart, 'web', web).allowFrom(Peer.cidr('10.20.0.0/16'));",
  },
  'network/except-outside': {
    severity: ERROR,
    practices: [],
    title: 'An exception of a range is a smaller range inside it',
    reason: 'The API server refuses the policy.',
    fix: "List smaller ranges in 'except'",
    bad: "new WebService(chart, 'web', web).allowFrom(Peer.cidr('10.0.0.0/8', { except: ['11.0.0.0/16'] }));",
    good: "new WebService(chart, 'web', web).allowFrom(Peer.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }));",
  },
  'network/host-network-peer': {
    severity: ERROR,
    practices: ['CH10-15'],
    title: 'A peer has pod addresses of its own',
    reason: 'Network policies cannot select pods on the host network.',
    fix: 'Use Peer.cidr(...) with the addresses of the nodes',
    bad:
      "const agents = new Chart(app, 'agents', { namespace: 'agents' });\nconst agent = new " +
      "PrivilegedWorkload(agents, 'agent', { image, owner: 'ops', exceptions: [PrivilegedException.hostNetwork({ " +
      "reason: 'Reads the traffic of the node' })] });\n" +
      "new WebService(chart, 'web', web).allowFrom(agent);",
    good: "new WebService(chart, 'web', web).allowFrom(Peer.cidr('10.0.0.0/16'));",
  },
  'network/metadata-service': {
    severity: ERROR,
    practices: [],
    title: 'No destination is the metadata service of a cloud',
    reason: 'The metadata service hands out the credentials of the node.',
    fix: "Give the workload its own identity with 'workloadIdentity'",
    bad: "new WebService(chart, 'web', { ...web, egress: 'declared', egressTo: [Egress.cidr('169.254.169.254/32')] });",
    good: "new WebService(chart, 'web', { ...web, egress: 'declared', egressTo: [Egress.cidr('10.0.0.0/8')] });",
  },
  'network/no-headless-service': {
    severity: ERROR,
    practices: ['DX-26'],
    title: 'A client that balances itself connects to a block with a headless Service',
    reason: 'There would be no such name, and the client would find no pods.',
    fix: "Write headless: true in 'service' of the block, or connect without the option",
    bad:
      "const cart = new WebService(chart, 'cart', web);\n" +
      "new WebService(chart, 'web', web).connectTo(cart, { headless: true });",
    good:
      "const cart = new WebService(chart, 'cart', { ...web, service: { headless: true } });\n" +
      "new WebService(chart, 'web', web).connectTo(cart, { headless: true });",
  },
  'network/open-egress': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-47'],
    title: 'Workloads of a tier have closed egress',
    reason: 'A workload with open egress bypasses the order of the tiers.',
    fix: "Remove egress: 'open', and list the destinations in 'egressTo'",
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', { ...web, egress: 'open' }));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'network/unknown-api-server': {
    severity: ERROR,
    practices: [],
    title: 'The addresses of the API server are known when egress to it is opened',
    reason: 'A policy names addresses. Without them, it opens nothing.',
    fix: "Set 'apiServer' of the ClusterProfile: kubectl get endpointslices kubernetes",
    bad: "new WebService(chart, 'web', { ...web, egress: 'declared', egressTo: [Egress.apiServer()] });",
    good:
      "new ClusterProfile({ apiServer: ['10.0.0.1/32'] }).assignTo(chart);\nnew WebService(chart, 'web', { " +
      "...web, egress: 'declared', egressTo: [Egress.apiServer()] });",
  },
  'network/unknown-namespace': {
    severity: WARNING,
    practices: [],
    title: 'Charts of connected blocks state their namespace',
    reason: 'Policies and host names are right only if both charts are applied to the same namespace.',
    fix: 'Give the chart a namespace',
    bad:
      "const bare = new Chart(app, 'bare');\nnew WebService(bare, 'web', web).connectTo(new WebService(chart, " +
      "'api', web));",
    good: "new WebService(chart, 'web', web).connectTo(new WebService(chart, 'api', web));",
  },
  'network/unstated-namespace': {
    severity: WARNING,
    practices: ['S002-22'],
    title: 'The app knows whether a namespace with connections denies egress',
    reason:
      'In a namespace that another app closes, each connection needs a policy for egress. In an open namespace, such ' +
      'a policy closes egress. No output is right for both.',
    fix: 'State it: an ExistingNamespace with defaultDeny: true, or false if no policy denies egress',
    bad:
      "const other = new Chart(app, 'other', { namespace: 'other' });\n" +
      "new WebService(other, 'web', web).connectTo(new WebService(other, 'api', web));",
    good:
      "const other = new Chart(app, 'other', { namespace: 'other' });\n" +
      "new ExistingNamespace(other, 'namespace', { defaultDeny: true });\n" +
      "new WebService(other, 'web', web).connectTo(new WebService(other, 'api', web));",
  },
  'network/unreachable-metrics': {
    severity: WARNING,
    practices: [],
    title: 'Pods with scrape annotations, or that a monitor selects, admit their scraper',
    reason: 'The policy of the block denies the scraper, and the metrics are missing.',
    fix: 'Open the port of the metrics with allowFrom(Peer.pods(...)), and name it in ports',
    bad: "new WebService(chart, 'web', { ...web, podAnnotations: { 'prometheus.io/scrape': 'true' } });",
    good:
      "new WebService(chart, 'web', { ...web, podAnnotations: { 'prometheus.io/scrape': 'true' } }).allowFrom(" +
      "Peer.pods({ namespace: 'monitoring', labels: { app: 'prometheus' } }));",
  },
  'network/unreachable-service': {
    severity: WARNING,
    practices: [],
    title: 'A Service has at least one allowed client',
    reason: 'The policy of a block admits declared clients only.',
    fix: 'Connect a client with connectTo, route to it, or open it with allowFrom',
    bad: "new WebService(chart, 'web', web).connectTo(new WebService(chart, 'cart', web));",
    good:
      "const front = new WebService(chart, 'web', web);\nfront.connectTo(new WebService(chart, 'cart', web));\n" +
      "front.allowFrom(Peer.pods({ namespace: 'shop', labels: { app: 'admin' } }));",
  },
  'network/unusable-token': {
    severity: WARNING,
    practices: [],
    title: 'Pods with a token can reach the API server',
    reason: 'Egress to the API server is closed. The token is a risk without a use.',
    fix: 'Add egressTo: [Egress.apiServer()], or write serviceAccountToken: false',
    bad: "new WebService(chart, 'web', { ...web, egress: 'declared', serviceAccountToken: true });",
    good: "new WebService(chart, 'web', { ...web, egress: 'declared' });",
  },
  'network/wait-before-proxy': {
    severity: WARNING,
    practices: [],
    title: 'The proxy of a mesh starts before a wait',
    reason:
      'The traffic of the pod goes through the proxy. One that is no native sidecar starts after the init ' +
      'containers, and the wait never ends.',
    fix: "Request a native sidecar with podAnnotations: { 'sidecar.istio.io/nativeSidecar': 'true' }, or remove 'wait'",
    bad:
      "const db = new WebService(chart, 'db', web);\nnew WebService(chart, 'web', { ...web, podLabels: { " +
      "'sidecar.istio.io/inject': 'true' } }).connectTo(db, { wait: Wait.byProgram(['ask', '$(DB_HOST)']) });",
    good:
      "const db = new WebService(chart, 'db', web);\nnew WebService(chart, 'web', { ...web, podLabels: { " +
      "'sidecar.istio.io/inject': 'true' }, podAnnotations: { 'sidecar.istio.io/nativeSidecar': 'true' } })" +
      ".connectTo(db, { wait: Wait.byProgram(['ask', '$(DB_HOST)']) });",
  },
  'network/wait-circle': {
    severity: ERROR,
    waivable: true,
    practices: [],
    title: 'Clients do not wait for each other',
    reason: 'At the first start, and after an outage of all, none of their pods would start.',
    fix: "Remove 'wait' from one of the connections, and let that client try again itself",
    bad:
      "const [a, b] = ['a', 'b'].map((id) => new WebService(chart, id, web));\n" +
      "a.connectTo(b, { wait: Wait.byProgram(['ask', '$(B_HOST)']) });\n" +
      "b.connectTo(a, { wait: Wait.byProgram(['ask', '$(A_HOST)']) });",
    good:
      "const [a, b] = ['a', 'b'].map((id) => new WebService(chart, id, web));\n" +
      "a.connectTo(b, { wait: Wait.byProgram(['ask', '$(B_HOST)']) });\nb.connectTo(a);",
  },
  'network/wait-for-none': {
    severity: WARNING,
    practices: [],
    title: 'The target of a wait always has a pod',
    reason: 'New pods of the client would wait until the target is scaled up, and a rollout of the client would fail.',
    fix: "Give the target a pod at all times, such as with min: 1, or remove 'wait'",
    bad:
      "const db = new WebService(chart, 'db', { ...web, replicas: 0 });\nnew WebService(chart, 'web', web)" +
      ".connectTo(db, { wait: Wait.byProgram(['ask', '$(DB_HOST)']) });",
    good:
      "const db = new WebService(chart, 'db', web);\nnew WebService(chart, 'web', web)" +
      ".connectTo(db, { wait: Wait.byProgram(['ask', '$(DB_HOST)']) });",
  },
  'network/wait-in-run': {
    severity: ERROR,
    practices: ['CH06-21'],
    title: 'A run waits with a program that waits itself',
    reason:
      'Each failure of an init container counts as a failure of the Job. With a program that asks once, the Job ' +
      "fails after 'backoffLimit' questions.",
    fix: 'Use a program that ends when the target answers, and say waitsItself: true',
    bad:
      "const db = new WebService(chart, 'db', web);\nnew Job(chart, 'migrate', { image })" +
      ".connectTo(db, { wait: Wait.byProgram(['ask', '$(DB_HOST)']) });",
    good:
      "const db = new WebService(chart, 'db', web);\nnew Job(chart, 'migrate', { image })" +
      ".connectTo(db, { wait: Wait.byProgram(['await', '$(DB_HOST)'], { waitsItself: true }) });",
  },
  'tiers/empty-tier': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-46'],
    title: 'Each tier has a workload',
    reason: 'An empty tier is a misspelt or obsolete name.',
    fix: 'Add a workload with add(...), or declare the tier when it has one',
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }, { name: 'api' }] " +
      "});\ntiers.add('web', new WebService(chart, 'web', web));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'tiers/foreign-policy': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-39'],
    title: 'No other policy opens the pods of the tiers',
    reason: 'Policies are additive: no policy closes what another one opens.',
    fix: 'Declare the connection with connectTo(...) or allowFrom(...), or name the policy with except(...)',
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));\n" +
      "new ApiObject(chart, 'open', { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { " +
      'podSelector: {}, ingress: [{}] } });',
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'tiers/foreign-workload': {
    severity: ERROR,
    practices: ['CH09-40'],
    title: 'Workloads of this library are the members of a tier',
    reason: 'Only these have a policy that names their connections.',
    fix: 'Give other pods their own policy, and exempt them with except(...)',
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));\ntiers.add('web', 'legacy');",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'tiers/host-network': {
    severity: ERROR,
    practices: ['CH10-15'],
    title: 'Members of a tier have pod addresses of their own',
    reason: 'Network policies do not apply on the host network.',
    fix: 'Do not add the workload. Allow it with Peer.cidr(...) and the addresses of the nodes',
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));\n" +
      "const agents = new Chart(app, 'agents', { namespace: 'agents' });\n" +
      "tiers.add('web', new PrivilegedWorkload(agents, 'agent', { image, owner: 'ops', exceptions: " +
      "[PrivilegedException.hostNetwork({ reason: 'Reads the traffic of the node' })] }));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'tiers/internet-facing': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-49'],
    title: 'External requests reach only tiers with internetFacing: true',
    reason: 'A routing mistake could expose a database to the internet.',
    fix: 'Route to another tier, or set internetFacing: true',
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'api' }] });\nconst api = new " +
      "WebService(chart, 'api', web);\ntiers.add('api', api);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend: api }] });",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'api', internetFacing: true }] " +
      "});\nconst api = new WebService(chart, 'api', web);\ntiers.add('api', api);\nnew HttpRouting(chart, " +
      "'routing', { ...routing, routes: [{ path: '/', backend: api }] });",
  },
  'tiers/label': {
    severity: ERROR,
    practices: ['CH09-45'],
    title: "The label 'tier' names the tier of the workload",
    reason: 'People, flow logs and meshes rely on the label.',
    fix: "Use another key: the block writes 'tier' for each workload that add(...) names",
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', { ...web, podLabels: { tier: 'front' } }));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'tiers/loose-selector': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-52'],
    title: 'No connection selects pods of the tiers by label',
    reason: 'A selector matches every pod with the labels and bypasses the order of the tiers.',
    fix: "Pass the block itself, or a Peer with a 'namespace' and labels of other pods",
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\nconst workload = new " +
      "WebService(chart, 'web', web);\ntiers.add('web', workload);\nworkload.allowFrom(Peer.pods({ labels: { tier: " +
      "'web' } }));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\nconst workload = new " +
      "WebService(chart, 'web', web);\ntiers.add('web', workload);\nworkload.allowFrom(Peer.pods({ namespace: " +
      "'monitoring', labels: { app: 'prometheus' } }));",
  },
  'tiers/meeting-ranges': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-46'],
    title: 'Ranges of two workloads do not connect them',
    reason: 'One workload may connect to the range, and the other admits it. That is an undeclared connection.',
    fix: "Exclude the addresses of the pods from one of them with a smaller range or 'except'",
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web', internetFacing: true }, { name: " +
      "'api', internetFacing: true }] });\n" +
      "const api = new WebService(chart, 'api', web);\nconst front = new WebService(chart, 'web', { ...web, " +
      "egressTo: [Egress.cidr('10.0.0.0/8')] });\n" +
      "tiers.add('web', front);\ntiers.add('api', api);\napi.allowFrom(Peer.cidr('10.0.0.0/8'));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web', internetFacing: true }, { name: " +
      "'api', internetFacing: true }] });\n" +
      "const api = new WebService(chart, 'api', web);\nconst front = new WebService(chart, 'web', { ...web, " +
      "egressTo: [Egress.cidr('10.40.0.0/16')] });\n" +
      "tiers.add('web', front);\ntiers.add('api', api);\napi.allowFrom(Peer.cidr('10.50.0.0/16'));",
  },
  'tiers/namespace': {
    severity: ERROR,
    practices: ['CH09-52'],
    title: 'Charts of tiers and of their members have a namespace',
    reason: 'Policies apply to a namespace. An unknown namespace cannot be checked.',
    fix: 'Give the chart a namespace',
    bad:
      "const bare = new Chart(app, 'bare');\nconst tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: " +
      "'web' }] });\ntiers.add('web', new WebService(bare, 'web', web));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'tiers/observe': {
    severity: WARNING,
    practices: ['CH09-55'],
    title: "Mode 'observe' is temporary",
    reason: 'It allows every connection to and from the workloads of the tiers.',
    fix: "Remove mode: 'observe' once all connections are declared",
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }], mode: 'observe' " +
      "});\ntiers.add('web', new WebService(chart, 'web', web));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'tiers/one-per-namespace': {
    severity: ERROR,
    practices: ['CH09-48'],
    title: 'A namespace has one NetworkTiers',
    reason: 'Two orders in one namespace contradict each other, and both write the same default deny policy.',
    fix: 'Use one NetworkTiers, and add the workloads of both to it',
    bad:
      "for (const id of ['a', 'b']) new NetworkTiers(chart, `tiers-${id}`, { tiers: [{ name: 'web' }] " +
      "}).add('web', new WebService(chart, id, web));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\nfor (const id of ['a', " +
      "'b']) tiers.add('web', new WebService(chart, id, web));",
  },
  'tiers/order': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-46'],
    title: 'A connection leads from a tier to the next one',
    reason: 'A frontend that reads the database bypasses the checks of the tier in between.',
    fix: 'Connect to the next tier, or put the workloads into other tiers',
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }, { name: 'api' }] });\n" +
      "const [front, api] = ['web', 'api'].map((id) => new WebService(chart, id, web));\ntiers.add('web', " +
      "front);\ntiers.add('api', api);\napi.connectTo(front);",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }, { name: 'api' }] });\n" +
      "const [front, api] = ['web', 'api'].map((id) => new WebService(chart, id, web));\ntiers.add('web', " +
      "front);\ntiers.add('api', api);\nfront.connectTo(api);",
  },
  'tiers/outside-client': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-46'],
    title: 'Clients of a tier are in a tier or exempt',
    reason: 'A client without a tier has no place in the order.',
    fix: 'Add the client to a tier, or exempt it with except(...)',
    bad:
      "const other = new Chart(app, 'other', { namespace: 'other' });\nconst tiers = new NetworkTiers(chart, " +
      "'tiers', { tiers: [{ name: 'web' }] });\n" +
      "const front = new WebService(chart, 'web', web);\ntiers.add('web', front);\nnew WebService(other, 'client', " +
      'web).connectTo(front);',
    good:
      "const other = new Chart(app, 'other', { namespace: 'other' });\nconst tiers = new NetworkTiers(chart, " +
      "'tiers', { tiers: [{ name: 'web' }] });\n" +
      "const front = new WebService(chart, 'web', web);\ntiers.add('web', front);\nconst client = new " +
      "WebService(other, 'client', web);\nclient.connectTo(front);\n" +
      "tiers.except(client, { reason: 'runs the tests' });",
  },
  'tiers/scraped-port': {
    severity: ERROR,
    practices: [],
    title: 'A workload of the tiers has the port to scrape',
    reason: 'The policies would open nothing, and the metrics would be missing.',
    fix: "Declare it in extraPorts: a NamedPort such as one with name: 'metrics', port: 9090",
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));\ntiers.allowScraping(Peer.pods({ namespace: 'monitoring' }));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', { ...web, extraPorts: [{ name: 'metrics', port: 9090 }] " +
      "}));\ntiers.allowScraping(Peer.pods({ namespace: 'monitoring' }));",
  },
  'tiers/two-tiers': {
    severity: ERROR,
    practices: [],
    title: 'A workload is in one tier',
    reason: 'In two tiers, it would be its own neighbour.',
    fix: 'Add the workload to one tier only',
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\nconst front = new " +
      "WebService(chart, 'web', web);\ntiers.add('web', front);\ntiers.add('web', front);",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
  'tiers/uncovered-workload': {
    severity: ERROR,
    waivable: true,
    practices: ['CH09-40'],
    title: 'Every workload of a namespace with tiers is in a tier',
    reason: 'The pods of another workload have no place in the order.',
    fix: 'Add the workload with add(...), or exempt it with except(...)',
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));\nnew WebService(chart, 'other', web);",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));\ntiers.add('web', new WebService(chart, 'other', web));",
  },
  'tiers/unknown-tier': {
    severity: ERROR,
    practices: ['CH09-45'],
    title: 'A workload is added to a declared tier',
    reason: 'The workload would be in no tier.',
    fix: "Use the name of a tier in 'tiers'",
    bad:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));\ntiers.add('wep', new WebService(new Chart(app, 'other', { namespace: 'other' " +
      "}), 'x', web));",
    good:
      "const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });\ntiers.add('web', new " +
      "WebService(chart, 'web', web));",
  },
});
