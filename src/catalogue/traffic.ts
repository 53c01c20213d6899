import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

/** Rules for traffic into and out of the cluster. */
export const TRAFFIC = rules({
  'exposure/foreign-annotation': {
    severity: ERROR,
    practices: ['CH13-16'],
    title: "Annotations of the provider come from the options of 'provider'",
    reason: 'An annotation written by hand can make an internal load balancer public.',
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
    title: 'A node port belongs to one Service',
    reason: 'The API server refuses a second Service with the same node port.',
    fix: 'Change one, or let Kubernetes choose both',
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
    title: 'Node ports stay allocated if the load balancer uses them',
    reason: 'Without node ports, such a load balancer reaches no pod.',
    fix: 'Write allocateNodePorts: true, the default',
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
    reason: 'Some load balancers refuse overlapping ranges, and a range inside another one is redundant.',
    fix: 'Keep the larger range, or write ranges that do not overlap',
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
    reason: 'A public range means the internet.',
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
    title: 'Ranges of clients have the IP family of the load balancer',
    reason: 'A client of the other family cannot reach its address.',
    fix: 'Write ranges of the IP family of the load balancer',
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
    title: 'The load balancer provider is known',
    reason: 'An annotation of the provider makes a load balancer internal. Without it, it would be public.',
    fix: "Set 'provider' in the ClusterProfile or in the exposure",
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
    title: 'An external service with Cilium egress is in a chart with a namespace',
    reason: 'The policy contains the full DNS name of the Service.',
    fix: 'Give the chart a namespace',
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
    title: 'A client of egress by name has pods',
    reason: 'The policy selects the pods of the client by label.',
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
    title: 'Egress to a cluster set uses ranges',
    reason: 'Policies see the pod addresses of the other cluster, not a name.',
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
    reason: 'An ExternalName Service has no cluster IP anyway.',
    fix: 'Write headless: false, the default',
    bad:
      "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com'), headless: " +
      'true });',
    good: "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com') });",
  },
  'external/import-address': {
    severity: ERROR,
    practices: ['CH13-26'],
    title: 'An imported service has an address',
    reason: 'The address of a load balancer is known only after its creation.',
    fix: "Look it up and set 'target', or give the export a hostname",
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
    reason: 'On the same cluster, the load balancer is a detour, and policies do not recognize the client.',
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
    title: 'The DNS name of an external service is outside the cluster',
    reason: 'Policies and host names follow from a connection to the block itself.',
    fix: 'Connect to the block itself',
    bad:
      "new ExternalService(chart, 'db', " +
      "{ port: 5432, target: ExternalTarget.dnsName('db.data.svc.cluster.local') });",
    good: "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com') });",
  },
  'external/port-mapping': {
    severity: ERROR,
    practices: ['CH13-08'],
    title: 'Ports are mapped only if the Service has a cluster IP',
    reason: 'Clients of a DNS name or of a headless Service reach the target directly.',
    fix: "Write the port of the target in 'port': clients use it directly",
    bad:
      "new ExternalService(chart, 'db', { port: 5432, servicePort: 80, target: " +
      "ExternalTarget.dnsName('db.example.com') });",
    good: "new ExternalService(chart, 'db', { port: 5432, target: ExternalTarget.dnsName('db.example.com') });",
  },
  'external/synced-elsewhere': {
    severity: ERROR,
    practices: ['CH13-12'],
    title: 'A syncer has a service without endpoints of its own',
    reason: 'Every apply of the YAML would restore its own endpoints.',
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
    reason: "Two syncers would overwrite each other's endpoints.",
    fix: 'Keep one EndpointSyncer for the service',
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
    title: 'A client with closed egress can reach an external name',
    reason: 'A Kubernetes NetworkPolicy takes addresses only. It would open nothing.',
    fix: 'Add egress: NameEgress.cidrs([...]), or use NameEgress.cilium() or .calico() if the cluster has it',
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
    title: 'Annotations of ingress-nginx have valid values',
    reason: 'A wrong value is ignored, or keeps the controller from loading any configuration.',
    fix: "Write sizes as '20m', and times in seconds without a unit",
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
    title: 'The class of an Ingress is stated once',
    reason: 'The API server refuses the old annotation together with ingressClassName.',
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
    reason: 'The default backend of Traefik serves all hosts.',
    fix: "Keep one, and use a route '/' as the fallback of a single host",
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
    reason: 'It would depend on the controller which one applies.',
    fix: 'Give one of the routes another path',
    bad:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }, { path: '/', backend }] });",
    good:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, " +
      "routes: [{ path: '/', backend }] });",
  },
  'routing/foreign-middleware': {
    severity: ERROR,
    practices: [],
    title: 'A Middleware authenticates behind Traefik only',
    reason: 'Another controller ignores it, and forwards requests that nobody has authenticated.',
    fix: 'Write Authentication.forwardAuth() without a middleware, and configure the controller; or use Traefik',
    bad:
      "new HttpRouting(chart, 'routing', { ...routing, authentication: Authentication.forwardAuth({ middleware: " +
      "'sso' }), routes: [{ path: '/', backend: new WebService(chart, 'web', web) }] });",
    good:
      "const controller = IngressController.inNamespace('traefik', { className: 'traefik' });\n" +
      "new HttpRouting(chart, 'routing', { ...routing, controller, authentication: Authentication.forwardAuth({ " +
      "middleware: 'sso' }), routes: [{ path: '/', backend: new WebService(chart, 'web', web) }] });",
  },
  'routing/no-route': {
    severity: ERROR,
    practices: ['CH01-62'],
    title: 'An HttpRouting has a route or a default backend',
    reason: 'The API server refuses an Ingress without either.',
    fix: "List HttpRoutes, such as one with path: '/' and its backend",
    bad: "new HttpRouting(chart, 'routing', { ...routing, routes: [] });",
    good:
      "new HttpRouting(chart, 'routing', { ...routing, routes: [{ path: '/', backend: new WebService(chart, " +
      "'web', web) }] });",
  },
  'routing/path-type': {
    severity: ERROR,
    waivable: true,
    practices: ['CH01-63'],
    title: 'The controller accepts the type of a path',
    reason:
      'ImplementationSpecific depends on the controller. Before 1.14, ingress-nginx refuses an Ingress ' +
      'with a dot in a path of another type.',
    fix: "Write 'Prefix' or 'Exact'; for ingress-nginx and a path with a dot, 'ImplementationSpecific'",
    bad:
      "const controller = IngressController.inNamespace('ingress-nginx', { className: 'nginx' });\nnew " +
      "HttpRouting(chart, 'routing', { ...routing, controller, routes: [{ path: '/.well-known/x', backend: new " +
      "WebService(chart, 'web', web) }] });",
    good:
      "const controller = IngressController.inNamespace('ingress-nginx', { className: 'nginx' });\nnew " +
      "HttpRouting(chart, 'routing', { ...routing, controller, routes: [{ path: '/.well-known/x', pathType: " +
      "'ImplementationSpecific', backend: new WebService(chart, 'web', web) }] });",
  },
  'routing/short-drain': {
    severity: WARNING,
    practices: ['CH05-18'],
    title: 'A backend drains as long as its load balancer sends requests',
    reason:
      'A load balancer with pod addresses as targets removes a stopping pod late: until ' +
      'then, clients get 502 and 504.',
    fix: "Raise 'drain' and 'terminationGracePeriod' of the backend",
    bad:
      "const controller = IngressController.fromCidrs(['10.0.0.0/16'], { className: 'alb' });\nnew " +
      "HttpRouting(chart, 'routing', { ...routing, controller, routes: [{ path: '/', backend: new WebService(chart, " +
      "'web', web) }] });",
    good:
      "const controller = IngressController.fromCidrs(['10.0.0.0/16'], { className: 'alb' });\nconst backend = new " +
      "WebService(chart, 'web', { ...web, drain: Duration.seconds(25), terminationGracePeriod: " +
      "Duration.seconds(55) });\nnew HttpRouting(chart, 'routing', { ...routing, controller, routes: [{ path: '/', " +
      'backend }] });',
  },
  'routing/shared-certificate': {
    severity: ERROR,
    waivable: true,
    practices: [],
    title: 'A cert-manager certificate is for one host',
    reason:
      'Two Ingresses request two certificates in one Secret, and the second host gets the certificate of the first.',
    fix: "Remove 'secretName': each routing then has its own Secret",
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
    fix: 'Use dedicated annotations, or ask the operators of the controller',
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
    title: 'stripPrefix needs Traefik and a chart with a namespace',
    reason: 'An Ingress has no portable rewrite, and Traefik finds its Middleware by the namespace.',
    fix: 'Serve the full path in the application, or use Traefik',
    bad:
      "new HttpRouting(chart, 'routing', { ...routing, routes: [{ path: '/api', stripPrefix: true, backend: new " +
      "WebService(chart, 'web', web) }] });",
    good:
      "const controller = IngressController.inNamespace('traefik', { className: 'traefik' });\nnew " +
      "HttpRouting(chart, 'routing', { ...routing, controller, routes: [{ path: '/api', stripPrefix: true, backend: " +
      "new WebService(chart, 'web', web) }] });",
  },
  'routing/two-certificates': {
    severity: WARNING,
    practices: [],
    title: 'A host has one certificate of cert-manager',
    reason: 'The controller serves one of the two, and the authority counts both for its rate limit.',
    fix: "Write the same 'secretName' in both, or put all routes of the host into one routing",
    bad:
      "for (const id of ['a', 'b']) new HttpRouting(chart, id, { ...routing, routes: [{ path: `/${id}`, backend: " +
      "new WebService(chart, `${id}-web`, web) }], tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) });",
    good:
      "for (const id of ['a', 'b']) new HttpRouting(chart, id, { ...routing, routes: [{ path: `/${id}`, backend: " +
      "new WebService(chart, `${id}-web`, web) }], tls: Tls.certManager({ clusterIssuer: 'letsencrypt', secretName: " +
      "'shop-tls' }) });",
  },
  'routing/two-issuers': {
    severity: ERROR,
    waivable: true,
    practices: [],
    title: 'An Ingress names one issuer',
    reason: 'With an issuer and a cluster issuer, cert-manager makes no certificate.',
    fix: 'Keep one of them, in Tls.certManager(...)',
    bad:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, tls: " +
      "Tls.certManager({ clusterIssuer: 'letsencrypt' }), routes: [{ path: '/', backend }], annotations: { " +
      "'cert-manager.io/issuer': 'own' } });",
    good:
      "const backend = new WebService(chart, 'web', web);\nnew HttpRouting(chart, 'routing', { ...routing, tls: " +
      "Tls.certManager({ clusterIssuer: 'letsencrypt' }), routes: [{ path: '/', backend }] });",
  },
  'routing/unmatched-path': {
    severity: WARNING,
    practices: ['CH01-62'],
    title: 'A foreign Ingress has no path that never matches',
    reason: 'A pattern, query or fragment in a path of type Prefix or Exact is compared as text, and never matches.',
    fix: "Write the path of a request, such as '/api' for everything below it",
    bad:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'routes', { apiVersion: 'networking.k8s.io/v1', " +
      "kind: 'Ingress', spec: { rules: [{ http: { paths: [{ path: '/api/*', pathType: 'Prefix' }] } }] } });",
    good:
      "new WebService(chart, 'web', web);\nnew ApiObject(chart, 'routes', { apiVersion: 'networking.k8s.io/v1', " +
      "kind: 'Ingress', spec: { rules: [{ http: { paths: [{ path: '/api', pathType: 'Prefix' }] } }] } });",
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
  'routing/solver-node-port': {
    severity: WARNING,
    practices: [],
    title: 'A namespace without node ports admits the Service by which cert-manager proves a host',
    reason: 'That Service is of type NodePort by default: the quota refuses it, and the certificate never comes.',
    fix: "Set http01.ingress.serviceType: ClusterIP in the issuer, and state it: solverService: 'ClusterIP'",
    bad:
      "new TenantNamespace(chart, 'team', { ...tenant, name: 'shop' });\nnew HttpRouting(chart, 'routing', { " +
      '...routing, ' +
      "tls: Tls.certManager({ issuer: 'acme' }), routes: [{ path: '/', backend: new WebService(chart, 'web', { " +
      '...web, ' +
      'replicas: 1 }) }] });',
    good:
      "new TenantNamespace(chart, 'team', { ...tenant, name: 'shop' });\nnew HttpRouting(chart, 'routing', { " +
      '...routing, ' +
      "tls: Tls.certManager({ issuer: 'acme', solverService: 'ClusterIP' }), routes: [{ path: '/', backend: new " +
      "WebService(chart, 'web', { ...web, replicas: 1 }) }] });",
  },
  'routing/unroutable-backend': {
    severity: ERROR,
    practices: ['DX-05'],
    title: 'The backend of a route has endpoints',
    reason: 'Most controllers refuse an ExternalName Service.',
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
