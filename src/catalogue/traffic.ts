import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** What holds for traffic into the cluster and out of it. */
export const TRAFFIC = rules({
  'exposure/foreign-annotation': {
    severity: ERROR,
    practices: ['CH13-16'],
    title: "Annotations of the provider come from the options of 'provider'",
    reason: 'One that is written by hand can make an internal load balancer a public one.',
    fix: "Use the options of 'provider'",
    bad:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'], provider: " +
      'LoadBalancerProvider.aws() });\n' +
      "new ExposedService(chart, 'outside', { backend: new WebService(chart, 'web', web), exposure, annotations: { " +
      "'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' } });",
    good:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'], provider: " +
      'LoadBalancerProvider.aws() });\n' +
      "new ExposedService(chart, 'outside', { backend: new WebService(chart, 'web', web), exposure });",
  },
  'exposure/node-port': {
    severity: ERROR,
    practices: ['CH13-20'],
    title: 'A port of the nodes has one Service',
    reason: 'The API server refuses the second one.',
    fix: 'Change one, or leave both to Kubernetes',
    bad:
      "const exposure = Exposure.nodePort({ sources: ['10.0.0.0/8'] });\nconst backend = new WebService(chart, " +
      "'web', web);\n" +
      "for (const id of ['a', 'b']) new ExposedService(chart, id, { backend, exposure, ports: [{ name: 'http', " +
      'nodePort: 31000 }] });',
    good:
      "const exposure = Exposure.nodePort({ sources: ['10.0.0.0/8'] });\nconst backend = new WebService(chart, " +
      "'web', web);\n" +
      "for (const id of ['a', 'b']) new ExposedService(chart, id, { backend, exposure });",
  },
  'exposure/node-ports-needed': {
    severity: ERROR,
    practices: [],
    title: 'Node ports stay where the load balancer sends to them',
    reason: 'Without them, it reaches nothing.',
    fix: "Leave 'allocateNodePorts' out",
    bad:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'], provider: " +
      "LoadBalancerProvider.aws(), allocateNodePorts: false });\nnew ExposedService(chart, 'outside', { backend: new " +
      "WebService(chart, 'web', web), exposure });",
    good:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'], provider: " +
      "LoadBalancerProvider.aws() });\nnew ExposedService(chart, 'outside', { backend: new WebService(chart, 'web', " +
      'web), exposure });',
  },
  'exposure/overlapping-sources': {
    severity: ERROR,
    practices: [],
    title: 'Ranges of clients do not overlap',
    reason: 'Some load balancers refuse them, and a range within another says nothing.',
    fix: 'Remove one of the two',
    bad:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8', '10.1.0.0/16'], provider: " +
      "LoadBalancerProvider.aws() });\nnew ExposedService(chart, 'outside', { backend: new WebService(chart, 'web', " +
      'web), exposure });',
    good:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'], provider: " +
      "LoadBalancerProvider.aws() });\nnew ExposedService(chart, 'outside', { backend: new WebService(chart, 'web', " +
      'web), exposure });',
  },
  'exposure/public-source': {
    severity: ERROR,
    practices: ['CH13-17'],
    title: 'Clients of an internal load balancer are in private networks',
    reason: 'A public range says that the internet is meant.',
    fix: "List private ranges, such as '10.0.0.0/8', or use Exposure.publicLoadBalancer(...)",
    bad:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['0.0.0.0/0'], provider: " +
      "LoadBalancerProvider.aws() });\nnew ExposedService(chart, 'outside', { backend: new WebService(chart, 'web', " +
      'web), exposure });',
    good:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'], provider: " +
      "LoadBalancerProvider.aws() });\nnew ExposedService(chart, 'outside', { backend: new WebService(chart, 'web', " +
      'web), exposure });',
  },
  'exposure/source-family': {
    severity: ERROR,
    practices: [],
    title: 'Ranges of clients are of the family of the load balancer',
    reason: 'No client of the other family reaches its address.',
    fix: 'Remove the range',
    bad:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8', 'fd00::/8'], provider: " +
      "LoadBalancerProvider.kubeVip('10.40.0.10') });\nnew ExposedService(chart, 'outside', { backend: new " +
      "WebService(chart, 'web', web), exposure });",
    good:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'], provider: " +
      "LoadBalancerProvider.kubeVip('10.40.0.10') });\nnew ExposedService(chart, 'outside', { backend: new " +
      "WebService(chart, 'web', web), exposure });",
  },
  'exposure/unknown-provider': {
    severity: ERROR,
    practices: ['CH13-16'],
    title: 'Who makes the load balancers is known',
    reason: 'What makes one internal is an annotation of the provider: without it, it would be public.',
    fix: "Declare 'provider' in the ClusterProfile, or in the exposure",
    bad:
      "const exposure = Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'] });\nnew ExposedService(chart, " +
      "'outside', { backend: new WebService(chart, 'web', web), exposure });",
    good:
      "new ClusterProfile({ provider: 'aws' }).assignTo(chart);\nconst exposure = " +
      "Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'] });\nnew ExposedService(chart, 'outside', { backend: " +
      "new WebService(chart, 'web', web), exposure });",
  },
  'external/cilium-namespace': {
    severity: ERROR,
    practices: [],
    title: 'An external service by a name, with egress by Cilium, is in a chart with a namespace',
    reason: 'The policy names the full name of the Service.',
    fix: 'Give the chart its namespace',
    bad:
      "const bare = new Chart(app, 'bare');\nconst db = new ExternalService(bare, 'db', { port: 5432, target: " +
      "ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() }) });\nnew WebService(bare, 'web', { " +
      "...web, egress: 'declared' }).connectTo(db);",
    good:
      "const db = new ExternalService(chart, 'db', { port: 5432, target: " +
      "ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() }) });\nnew WebService(chart, 'web', { " +
      "...web, egress: 'declared' }).connectTo(db);",
  },
  'external/client-without-pods': {
    severity: ERROR,
    practices: ['CH13-31'],
    title: 'Egress by name is opened for one set of pods',
    reason: 'The policy selects the pods of the client by their labels.',
    fix: 'Use NameEgress.cidrs([...])',
    bad:
      "const db = new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com', { " +
      'egress: NameEgress.cilium() }) });\n' +
      "const client = Object.assign(new Construct(chart, 'client'), { egressClosed: true, toPeer: () => " +
      "Peer.cidr('10.0.0.0/8') });\ndb.allowFrom(client);",
    good:
      "const db = new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com', { " +
      "egress: NameEgress.cidrs(['10.40.0.0/24']) }) });\n" +
      "const client = Object.assign(new Construct(chart, 'client'), { egressClosed: true, toPeer: () => " +
      "Peer.cidr('10.0.0.0/8') });\ndb.allowFrom(client);",
  },
  'external/egress-of-cluster-set': {
    severity: ERROR,
    practices: ['CH13-31'],
    title: 'Egress to a cluster set is opened by ranges',
    reason: 'Policies see the addresses of the pods of the other cluster, not a name.',
    fix: 'Use NameEgress.cidrs([...]) with its pod ranges',
    bad:
      "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.clusterSet('db', 'data', { egress: " +
      'NameEgress.cilium() }) });',
    good:
      "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.clusterSet('db', 'data', { egress: " +
      "NameEgress.cidrs(['10.50.0.0/16']) }) });",
  },
  'external/headless-name': {
    severity: ERROR,
    practices: ['CH13-08'],
    title: 'A Service for a DNS name is not headless',
    reason: 'It has no address of its own in the cluster anyway.',
    fix: "Leave 'headless' out",
    bad:
      "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com'), headless: " +
      'true });',
    good: "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com') });",
  },
  'external/import-address': {
    severity: ERROR,
    practices: ['CH13-26'],
    title: 'An imported service has an address',
    reason: 'The address of a load balancer is known only when it is there.',
    fix: "Look it up and give 'target', or give the export a hostname",
    bad:
      "const far = new Chart(app, 'far', { namespace: 'shop' });\nnew ClusterProfile({ name: 'far', provider: 'aws' " +
      '}).assignTo(far);\n' +
      "const exported = new ExportedService(far, 'export', { backend: new WebService(far, 'api', web), exposure: " +
      "Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'] }) });\n" +
      "new ImportedService(chart, 'api', { exported });",
    good:
      "const far = new Chart(app, 'far', { namespace: 'shop' });\nnew ClusterProfile({ name: 'far', provider: 'aws' " +
      '}).assignTo(far);\n' +
      "const exported = new ExportedService(far, 'export', { backend: new WebService(far, 'api', web), exposure: " +
      "Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'] }) });\n" +
      "new ImportedService(chart, 'api', { exported, " +
      "target: ExternalTarget.addresses(['10.1.10.1']) });",
  },
  'external/import-of-own-cluster': {
    severity: ERROR,
    practices: ['CH13-26'],
    title: 'A service is imported from another cluster',
    reason: 'On one cluster, the way over the load balancer is longer, and policies do not know the client.',
    fix: 'Connect to the block itself, or give each chart its ClusterProfile',
    bad:
      "new ClusterProfile({ name: 'one', provider: 'aws' }).assignTo(chart);\n" +
      "const exported = new ExportedService(chart, 'export', { backend: new WebService(chart, 'api', web), exposure: " +
      "Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8'] }) });\n" +
      "new ImportedService(chart, 'import', { exported, target: ExternalTarget.addresses(['10.1.10.1']) });",
    good: "new WebService(chart, 'web', web).connectTo(new WebService(chart, 'api', web));",
  },
  'external/name-in-cluster': {
    severity: ERROR,
    practices: ['CH13-09'],
    title: 'A DNS name of an external service is outside of the cluster',
    reason: 'Policies and hosts are right only where the block itself is known.',
    fix: 'Connect to the block itself',
    bad:
      "new ExternalService(chart, 'db', " +
      "{ port: 5432, target: ExternalTarget.dnsName('db.data.svc.cluster.local') });",
    good: "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com') });",
  },
  'external/port-mapping': {
    severity: ERROR,
    practices: ['CH13-08'],
    title: 'Ports are mapped only where the Service has an address',
    reason: 'Clients of a DNS name or of a headless Service reach the target directly.',
    fix: "Leave 'servicePort' out",
    bad:
      "new ExternalService(chart, 'db', { port: 5432, servicePort: 80, target: " +
      "ExternalTarget.dnsName('db.example.com') });",
    good: "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com') });",
  },
  'external/synced-elsewhere': {
    severity: ERROR,
    practices: ['CH13-12'],
    title: 'A syncer writes the endpoints of a service that leaves them to it',
    reason: 'Endpoints in the YAML would be written back each time it is applied.',
    fix: 'Give the service ExternalTarget.synced([...])',
    bad:
      "new ClusterProfile({ apiServer: ['10.0.0.1/32'] }).assignTo(chart);\nconst service = new " +
      "ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.addresses(['10.40.0.10']) });\nnew " +
      "EndpointSyncer(chart, 'sync', { image, service });",
    good:
      "new ClusterProfile({ apiServer: ['10.0.0.1/32'] }).assignTo(chart);\nconst service = new " +
      "ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.synced(['10.40.0.0/24']) });\nnew " +
      "EndpointSyncer(chart, 'sync', { image, service });",
  },
  'external/two-syncers': {
    severity: ERROR,
    practices: ['CH13-12'],
    title: 'A service has one syncer',
    reason: 'Two would overwrite the endpoints of each other.',
    fix: 'Remove one',
    bad:
      "const service = new ExternalService(chart, 'db', { port: 5432, target: " +
      "ExternalTarget.synced(['10.40.0.0/24']) });\nfor (const id of ['a', 'b']) new EndpointSyncer(chart, id, { " +
      'image, service });',
    good:
      "const service = new ExternalService(chart, 'db', { port: 5432, target: " +
      "ExternalTarget.synced(['10.40.0.0/24']) });\nnew EndpointSyncer(chart, 'a', { image, service });",
  },
  'external/unreachable-target': {
    severity: ERROR,
    practices: ['CH13-31'],
    title: 'A client with closed egress is let out to an external name',
    reason: 'Policies of Kubernetes know addresses only: nothing would be open.',
    fix: 'Add egress: NameEgress.cidrs([...]), or NameEgress.cilium() or .calico() where the cluster has it',
    bad:
      "const db = new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com') " +
      "});\nnew WebService(chart, 'web', { ...web, egress: 'declared' }).connectTo(db);",
    good:
      "const db = new ExternalService(chart, 'db', { port: 5432, target: " +
      "ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cidrs(['10.40.0.0/24']) }) });\nnew " +
      "WebService(chart, 'web', { ...web, egress: 'declared' }).connectTo(db);",
  },
  'routing/annotation-value': {
    severity: WARNING,
    practices: [],
    title: 'Annotations of ingress-nginx have values that it reads',
    reason: 'A wrong value is ignored, or keeps the controller from loading any configuration.',
    fix: "Write sizes as '20m', times as seconds without a unit",
    bad:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }], annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '20mb' } " +
      '});',
    good:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }], annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '20m' } " +
      '});',
  },
  'routing/class-annotation': {
    severity: ERROR,
    practices: [],
    title: 'The class of an Ingress is in one place',
    reason: 'The API server refuses the old annotation beside ingressClassName.',
    fix: 'Remove the annotation kubernetes.io/ingress.class',
    bad:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }], annotations: { 'kubernetes.io/ingress.class': 'nginx' } });",
    good:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }], annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '20m' } " +
      '});',
  },
  'routing/duplicate-default-backend': {
    severity: ERROR,
    practices: ['CH09-28'],
    title: 'Traefik has one default backend',
    reason: 'It is that of all hosts.',
    fix: "Keep one, and catch the rest of a host by a route '/'",
    bad:
      "const controller = IngressController.inNamespace('traefik', { className: 'traefik' });\n" +
      "for (const id of ['a', 'b']) new HttpRouting(chart, `routing-${id}`, { ...routing, controller, host: " +
      '`${id}.example.com`, routes: [], defaultBackend: new WebService(chart, id, web) });',
    good:
      "const controller = IngressController.inNamespace('traefik', { className: 'traefik' });\nnew " +
      "HttpRouting(chart, 'routing', { ...routing, controller, routes: [], defaultBackend: new WebService(chart, " +
      "'web', web) });",
  },
  'routing/duplicate-route': {
    severity: ERROR,
    practices: ['CH01-63'],
    title: 'A path of a host has one backend',
    reason: 'Which of two counts depends on the controller.',
    fix: 'Remove one of the routes',
    bad:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }, { path: '/', backend }] });",
    good:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }] });",
  },
  'routing/no-route': {
    severity: ERROR,
    practices: ['CH01-62'],
    title: 'A routing has a route or a default backend',
    reason: 'The API server refuses an Ingress without either.',
    fix: "Write [{ path: '/', backend }]",
    bad: "new HttpRouting(chart, 'routing', { ...routing, routes: [] });",
    good:
      "new HttpRouting(chart, 'routing', { ...routing, routes: [{ path: '/', backend: new WebService(chart, " +
      "'web', web) }] });",
  },
  'routing/shared-certificate': {
    severity: ERROR,
    waivable: true,
    practices: [],
    title: 'A certificate of cert-manager is for one host',
    reason: 'Two Ingresses ask for two certificates in one Secret: the host of the second one has that of the first.',
    fix: "Remove 'secretName': each routing then has its own",
    bad:
      "const backend = new WebService(chart, 'web', web);\nfor (const id of ['a', 'b']) new HttpRouting(chart, id, { " +
      "...routing, host: `${id}.example.com`, routes: [{ path: '/', backend }], tls: Tls.certManager({ " +
      "clusterIssuer: 'letsencrypt', secretName: 'shared' }) });",
    good:
      "const backend = new WebService(chart, 'web', web);\nfor (const id of ['a', 'b']) new HttpRouting(chart, id, { " +
      "...routing, host: `${id}.example.com`, routes: [{ path: '/', backend }], tls: Tls.certManager({ " +
      "clusterIssuer: 'letsencrypt' }) });",
  },
  'routing/snippet': {
    severity: WARNING,
    practices: [],
    title: 'An Ingress has no snippets of nginx configuration',
    reason:
      'ingress-nginx refuses the Ingress unless its operators allow snippets, which can read the Secrets of the ' +
      'controller.',
    fix: 'Use annotations of their own, or ask the operators of the controller',
    bad:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }], annotations: { 'nginx.ingress.kubernetes.io/configuration-snippet': " +
      "'more_set_headers;' } });",
    good:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }], annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '20m' } " +
      '});',
  },
  'routing/strip-prefix': {
    severity: ERROR,
    practices: [],
    title: 'Prefixes are stripped with Traefik, in a chart with a namespace',
    reason: 'An Ingress has no rewrite that all controllers know, and Traefik finds its own by the namespace.',
    fix: 'Let the app serve the path, or use Traefik',
    bad:
      "new HttpRouting(chart, 'routing', { ...routing, routes: [{ path: '/api', stripPrefix: true, backend: new " +
      "WebService(chart, 'web', web) }] });",
    good:
      "const controller = IngressController.inNamespace('traefik', { className: 'traefik' });\nnew " +
      "HttpRouting(chart, 'routing', { ...routing, controller, routes: [{ path: '/api', stripPrefix: true, backend: " +
      "new WebService(chart, 'web', web) }] });",
  },
  'routing/unread-annotation': {
    severity: WARNING,
    practices: [],
    title: 'Annotations of an Ingress are for its controller',
    reason: 'A controller ignores annotations with the prefix of another one, or with an old prefix.',
    fix: 'Write the prefix that the controller reads',
    bad:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }], annotations: { 'ingress.kubernetes.io/proxy-body-size': '20m' } });",
    good:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }], annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '20m' } " +
      '});',
  },
  'routing/unroutable-backend': {
    severity: ERROR,
    practices: ['DX-05'],
    title: 'The backend of a route has endpoints',
    reason: 'Most controllers refuse a Service that stands for a DNS name.',
    fix: 'Route to a workload, or to an ExternalService with addresses',
    bad:
      "const backend = new ExternalService(chart, 'legacy', { port: 80, target: " +
      "ExternalTarget.dnsName('legacy.example.com') });\nnew HttpRouting(chart, 'routing', { ...routing, routes: [{ " +
      "path: '/', backend }] });",
    good:
      "const backend = new ExternalService(chart, 'legacy', { port: 80, target: " +
      "ExternalTarget.addresses(['10.40.0.10']) });\nnew HttpRouting(chart, 'routing', { ...routing, routes: [{ " +
      "path: '/', backend }] });",
  },
});
