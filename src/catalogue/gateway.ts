import { rules, Severity } from './rule';

const { ERROR, WARNING } = Severity;

const gateway = "const gateway = GatewayController.inNamespace('traefik', { className: 'traefik' });\n";
const backend = "const backend = new WebService(chart, 'web', web);\n";
const ROUTE = "path: '/', backend";
const routed = (props: string, route = ROUTE): string =>
  `${gateway}${backend}new HttpRouting(chart, 'routing', ` +
  `{ ...routing, controller: gateway, ${props}routes: [{ ${route} }] });`;
const byIngress = (props: string, route = ROUTE): string =>
  `${backend}new HttpRouting(chart, 'routing', { ...routing, ${props}routes: [{ ${route} }] });`;
const listenersBy = (issuer: string): string =>
  `${gateway}const listeners = ['a', 'b'].map((name) => ({ host: \`\${name}.example.com\`, ` +
  `tls: Tls.certManager({ clusterIssuer: ${issuer} }) }));\n` +
  "new Gateway(chart, 'gateway', { controller: gateway, listeners });";
const bundle = (version: string): string =>
  `new ClusterProfile({ gatewayApi: { version: '${version}' } }).assignTo(chart);\n`;
const corsOf = (origin: string): string =>
  `${bundle('1.5')}${routed('', `path: '/', backend, cors: { origins: ['${origin}'], credentials: true }`)}`;
const cors = "path: '/', backend, cors: { origins: ['https://www.example.com'] }";

/** Rules for routes of the Gateway API, and for what an Ingress lacks beside them. */
export const GATEWAY = rules({
  'gateway/certificate': {
    severity: ERROR,
    practices: ['CH01-71'],
    title: 'The listener of a Gateway has the certificate of its host',
    reason: 'A route of the Gateway API has no field for a certificate, and the Gateway terminates TLS.',
    fix: 'Use Tls.ofGateway() for a Gateway with listeners, and Tls.certManager(...) or Tls.secret(...) otherwise',
    bad: routed('tls: Tls.ofGateway(), '),
    good: routed("tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }), "),
  },
  'gateway/client-certificates': {
    severity: ERROR,
    waivable: true,
    practices: [],
    title: 'A Gateway requires client certificates where a host relies on them',
    reason: 'Without the setting, the Gateway forwards requests of clients without a certificate.',
    fix: "Set 'clientCertificates' of the Gateway",
    bad:
      `${bundle('1.5')}${gateway}${backend}const shared = new Gateway(chart, 'gateway', { controller: gateway });\n` +
      "new HttpRouting(chart, 'routing', { ...routing, controller: shared, authentication: " +
      "Authentication.clientCertificates(), routes: [{ path: '/', backend }] });",
    good:
      `${bundle('1.5')}${gateway}${backend}const shared = new Gateway(chart, 'gateway', { controller: gateway, ` +
      "clientCertificates: 'client-ca' });\n" +
      "new HttpRouting(chart, 'routing', { ...routing, controller: shared, authentication: " +
      "Authentication.clientCertificates(), routes: [{ path: '/', backend }] });",
  },
  'gateway/cors': {
    severity: ERROR,
    practices: [],
    title: 'Origins that may send credentials are named',
    reason: 'With all origins, any page could act as its visitor.',
    fix: 'List the origins, or remove credentials',
    bad: corsOf('*'),
    good: corsOf('https://www.example.com'),
  },
  'gateway/feature': {
    severity: ERROR,
    waivable: true,
    practices: [],
    title: 'The gateway controller implements what the routes use',
    reason: 'A controller ignores a field that it does not know, or answers 500 for the whole route.',
    fix: 'Remove the prop, or correct gatewayApi.features of the ClusterProfile',
    bad:
      "new ClusterProfile({ gatewayApi: { version: '1.5', features: ['HTTPRoutePathRewrite'] } }).assignTo(chart);\n" +
      routed('', cors),
    good:
      "new ClusterProfile({ gatewayApi: { version: '1.5', features: ['HTTPRouteCORS'] } }).assignTo(chart);\n" +
      routed('', cors),
  },
  'gateway/grpc-route': {
    severity: ERROR,
    practices: [],
    title: 'A route for gRPC matches services and methods',
    reason: 'A GRPCRoute has no fields for other paths, timeouts, rewrites and CORS.',
    fix: "Write '/', '/shop.Cart' or '/shop.Cart/Add' as the path, and remove the other props",
    bad: routed('', "path: '/api/v1/cart', backend, grpc: true"),
    good: routed('', "path: '/shop.Cart/Add', backend, grpc: true"),
  },
  'gateway/listener': {
    severity: ERROR,
    practices: [],
    title: 'The listeners of a Gateway fit its routes and each other',
    reason: 'The API server refuses two listeners of one port and host, and a Gateway accepts routes by namespace.',
    fix: 'Give each host one use, each protocol one port, and each chart a namespace',
    bad:
      "const controller = GatewayController.inNamespace('traefik', { className: 'traefik', httpPort: 443 });\n" +
      byIngress('controller, '),
    good: routed(''),
  },
  'gateway/mixed-protocols': {
    severity: WARNING,
    practices: [],
    title: 'A host has routes for HTTP or for gRPC',
    reason: 'Controllers may reject a GRPCRoute and an HTTPRoute with one host at one listener: the newer one.',
    fix: 'Give gRPC a host of its own',
    bad: routed('', "path: '/', backend }, { path: '/shop.Cart', backend, grpc: true"),
    good: routed('', "path: '/shop.Cart', backend, grpc: true"),
  },
  'gateway/path': {
    severity: ERROR,
    practices: ['CH01-63'],
    title: 'A path of the Gateway API has the characters of a URL',
    reason: 'The API server refuses others.',
    fix: 'Encode the other characters in percent',
    bad: routed('', "path: '/é', backend"),
    good: routed('', "path: '/%C3%A9', backend"),
  },
  'gateway/split': {
    severity: ERROR,
    practices: ['CH05-26'],
    title: 'The shares of a route are at most 100 percent together',
    reason: 'The backend of the route gets what the shares leave.',
    fix: 'Write smaller shares',
    bad:
      "const next = new WebService(chart, 'next', web);\n" +
      routed('', "path: '/', backend, split: [{ backend: next, percent: 60 }, { backend: next, percent: 60 }]"),
    good:
      "const next = new WebService(chart, 'next', web);\n" +
      routed('', "path: '/', backend, split: [{ backend: next, percent: 10 }]"),
  },
  'gateway/two-issuers': {
    severity: ERROR,
    waivable: true,
    practices: [],
    title: 'The certificates of a Gateway have one issuer',
    reason: 'cert-manager reads the issuer from an annotation of the Gateway, which has one value.',
    fix: 'Use one issuer, or a Gateway for each',
    bad: listenersBy('name'),
    good: listenersBy("'one'"),
  },
  'gateway/version': {
    severity: ERROR,
    practices: [],
    title: 'The CRDs of the cluster have the fields of the routes',
    reason: 'The API server refuses an unknown field, or drops it silently.',
    fix: 'State the version of the CRDs in gatewayApi of a ClusterProfile',
    bad: `${bundle('1.4')}${routed('', cors)}`,
    good: `${bundle('1.5')}${routed('', cors)}`,
  },
  'routing/long-timeout': {
    severity: WARNING,
    practices: ['CH05-18'],
    title: 'A request ends before a stopping pod does',
    reason: 'A pod that is deleted ends after its grace period, and with it all requests that still run.',
    fix: "Raise 'terminationGracePeriod' of the backend, or shorten the timeout",
    bad: routed('', "path: '/', backend, timeout: Duration.seconds(60)"),
    good: routed('', "path: '/', backend, timeout: Duration.seconds(20)"),
  },
  'routing/needs-gateway': {
    severity: ERROR,
    practices: [],
    title: 'Routes that an Ingress cannot express have a gateway as their controller',
    reason: 'An Ingress has fields for hosts, paths, backends and certificates only.',
    fix: 'Use a GatewayController or a Gateway, or remove the prop',
    bad: byIngress('', "path: '/', backend, timeout: Duration.seconds(9)"),
    good: routed('', "path: '/', backend, timeout: Duration.seconds(9)"),
  },
  'routing/unstated-authentication': {
    severity: WARNING,
    practices: [],
    title: 'A host on the internet states who authenticates its users',
    reason: 'Everyone can reach it. An admin page that nobody protects looks like a page that is for everyone.',
    fix: 'Write Authentication.byApp(), .forwardAuth(), .clientCertificates() or .none()',
    bad: byIngress('authentication: undefined, '),
    good: byIngress(''),
  },
});
