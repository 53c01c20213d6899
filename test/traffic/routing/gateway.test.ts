import { App, Chart, Duration, Testing } from 'cdk8s';
import * as fc from 'fast-check';
import {
  AppProtocol,
  Authentication,
  ClusterProfile,
  ExistingNamespace,
  Gateway,
  GatewayController,
  type GatewayProps,
  type HttpRoute,
  HttpRouting,
  type HttpRoutingProps,
  IngressController,
  NetworkTiers,
  SecretRef,
  StaticSite,
  Tls,
  TlsRoute,
  WebService,
  type WebServiceProps,
} from '../../../src';
import {
  type Manifest,
  newChart,
  only,
  problemsOf,
  problemsOfApp,
  synth,
  untyped,
  warningsIn,
  warningsOf,
  WEB,
} from '../../support';

const TRAEFIK = GatewayController.inNamespace('traefik', { className: 'traefik' });
const EXISTING = GatewayController.inNamespace('traefik', {
  gateway: { name: 'shared', namespace: 'front', httpListener: 'web', httpsListener: 'websecure' },
});
const ISSUED = Tls.certManager({ clusterIssuer: 'letsencrypt' });
const BASE = {
  host: 'shop.example.com',
  tls: Tls.none(),
  controller: TRAEFIK,
  authentication: Authentication.byApp(),
};

type RouteWithoutBackend = Omit<HttpRoute, 'backend'>;

function service(chart: Chart, id = 'web', props: Partial<WebServiceProps> = {}): WebService {
  return (chart.node.tryFindChild(id) as WebService | undefined) ?? new WebService(chart, id, { ...WEB, ...props });
}

/** A routing with these routes, all to one block. */
function routing(
  chart: Chart,
  routes: RouteWithoutBackend[] = [{ path: '/' }],
  props: Partial<HttpRoutingProps> = {},
  id = 'routing',
): HttpRouting {
  const backend = service(chart);
  return new HttpRouting(chart, id, { ...BASE, routes: routes.map((route) => ({ backend, ...route })), ...props });
}

function bundle(
  chart: Chart,
  version: string,
  more: Partial<{ channel: 'experimental'; features: string[] }> = {},
): void {
  new ClusterProfile({ gatewayApi: { version, ...more } }).assignTo(chart);
}

function manifests(routes?: RouteWithoutBackend[], props?: Partial<HttpRoutingProps>): Manifest[] {
  return synth((chart) => {
    bundle(chart, '1.5');
    routing(chart, routes, props);
  });
}

/** The rules of the only HTTPRoute that is no redirect. */
function rules(routes?: RouteWithoutBackend[], props?: Partial<HttpRoutingProps>): Manifest[] {
  return only(manifests(routes, props), 'HTTPRoute', 'app-routing').spec.rules;
}

function refusals(routes: unknown[], props: Record<string, unknown> = {}, version = '1.5'): string[] {
  return problemsOf((chart) => {
    bundle(chart, version);
    routing(chart, routes as RouteWithoutBackend[], untyped(props));
  });
}

describe('a routing with a GatewayClass', () => {
  test('is a Gateway and an HTTPRoute in place of an Ingress', () => {
    const all = manifests([{ path: '/api' }, { path: '/' }]);
    expect(all.map(({ kind }) => kind)).not.toContain('Ingress');
    const gateway = only(all, 'Gateway');
    expect(gateway).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      metadata: { name: 'app-routing', namespace: 'shop' },
    });
    expect(gateway.spec).toEqual({
      gatewayClassName: 'traefik',
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
    });
    const route = only(all, 'HTTPRoute');
    expect(route.apiVersion).toBe('gateway.networking.k8s.io/v1');
    expect(route.spec).toEqual({
      parentRefs: [{ name: 'app-routing', sectionName: 'http' }],
      hostnames: ['shop.example.com'],
      rules: [
        { matches: [{ path: { type: 'PathPrefix', value: '/api' } }], backendRefs: [{ name: 'app-web', port: 8080 }] },
        { matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'app-web', port: 8080 }] },
      ],
    });
  });

  test('leads to the port of the Service, and opens the pods for the gateway', () => {
    const all = synth((chart) =>
      routing(chart, [{ path: '/', backend: service(chart, 'w', { service: { port: 80 } }) } as HttpRoute]),
    );
    expect(only(all, 'HTTPRoute').spec.rules[0].backendRefs).toEqual([{ name: 'app-w', port: 80 }]);
    expect(only(all, 'NetworkPolicy', 'app-w').spec.ingress).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'traefik' } },
            podSelector: {},
          },
        ],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ]);
  });

  test('with a certificate has a listener for the host, and redirects plain HTTP to it', () => {
    const controller = GatewayController.inNamespace('traefik', {
      className: 'traefik',
      httpPort: 8000,
      httpsPort: 8443,
    });
    const all = manifests(undefined, { tls: ISSUED, controller });
    const gateway = only(all, 'Gateway');
    expect(gateway.metadata.annotations).toEqual({ 'cert-manager.io/cluster-issuer': 'letsencrypt' });
    expect(gateway.spec.listeners).toEqual([
      { name: 'http', port: 8000, protocol: 'HTTP' },
      {
        name: 'shop.example.com',
        hostname: 'shop.example.com',
        port: 8443,
        protocol: 'HTTPS',
        tls: { mode: 'Terminate', certificateRefs: [{ name: 'app-routing-tls' }] },
      },
    ]);
    expect(only(all, 'HTTPRoute', 'app-routing').spec.parentRefs).toEqual([
      { name: 'app-routing', sectionName: 'shop.example.com' },
    ]);
    // no port: clients see the one of the load balancer
    expect(only(all, 'HTTPRoute', 'app-routing-redirect').spec).toEqual({
      parentRefs: [{ name: 'app-routing', sectionName: 'http' }],
      hostnames: ['shop.example.com'],
      rules: [{ filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] }],
    });
  });

  test('takes a Secret of its namespace as the certificate', () => {
    const chart = newChart();
    const { gateway } = routing(chart, undefined, { tls: Tls.secret(SecretRef.named('cert')) });
    Testing.synth(chart);
    expect(gateway!.toJson().spec.listeners[1].tls.certificateRefs).toEqual([{ name: 'cert' }]);
    expect(gateway!.toJson().metadata).not.toHaveProperty('annotations');
  });

  test('names the listener of a wildcard host, which a listener cannot be called', () => {
    const { listeners } = only(manifests(undefined, { host: '*.example.com', tls: ISSUED }), 'Gateway').spec;
    expect(listeners[1]).toMatchObject({ name: 'wildcard--example.com', hostname: '*.example.com' });
  });

  test('differs from one with an Ingress by the controller only', () => {
    const of = (controller: HttpRoutingProps['controller']): string[] =>
      manifests([{ path: '/api', stripPrefix: true }], { controller, tls: ISSUED })
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .filter((name) => !name.includes('app-web'));
    expect(of(IngressController.inNamespace('traefik', { className: 'traefik' }))).toEqual([
      'Middleware app-routing-strip',
      'Ingress app-routing',
    ]);
    expect(of(TRAEFIK)).toEqual(['Gateway app-routing', 'HTTPRoute app-routing', 'HTTPRoute app-routing-redirect']);
  });
});

describe('a route', () => {
  test('is first if it is exact, then by length and by the number of its headers (CH01-63)', () => {
    const given: RouteWithoutBackend[] = [
      { path: '/' },
      { path: '/a', matchHeaders: { x: '1' } },
      { path: '/a' },
      { path: '/a', pathType: 'Exact' },
    ];
    const order = (routes: RouteWithoutBackend[]): unknown =>
      rules(routes).map(({ matches: [match] }) => [match.path.type, match.path.value, match.headers?.length ?? 0]);
    expect(order(given)).toEqual([
      ['Exact', '/a', 0],
      ['PathPrefix', '/a', 1],
      ['PathPrefix', '/a', 0],
      ['PathPrefix', '/', 0],
    ]);
    expect(order([...given].reverse())).toEqual(order(given));
  });

  test('matches headers (CH05-28)', () => {
    expect(rules([{ path: '/', matchHeaders: { 'x-region': 'eu' } }])[0].matches).toEqual([
      { path: { type: 'PathPrefix', value: '/' }, headers: [{ type: 'Exact', name: 'x-region', value: 'eu' }] },
    ]);
  });

  test.each<[string, RouteWithoutBackend, object]>([
    [
      'a prefix is stripped',
      { path: '/api', stripPrefix: true },
      { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' },
    ],
    [
      'a prefix is replaced',
      { path: '/a', replacePrefix: '/b/' },
      { type: 'ReplacePrefixMatch', replacePrefixMatch: '/b' },
    ],
    [
      'an exact path is replaced',
      { path: '/a', pathType: 'Exact', replacePrefix: '/b/' },
      { type: 'ReplaceFullPath', replaceFullPath: '/b/' },
    ],
    [
      'an exact path is stripped',
      { path: '/a', pathType: 'Exact', stripPrefix: true },
      { type: 'ReplaceFullPath', replaceFullPath: '/' },
    ],
  ])('%s (CH09-30)', (_title, route, path) => {
    expect(rules([route])[0].filters).toEqual([{ type: 'URLRewrite', urlRewrite: { path } }]);
  });

  test('has a timeout for the whole request (S003-120)', () => {
    expect(rules([{ path: '/', timeout: Duration.minutes(1) }])[0].timeouts).toEqual({ request: '60s' });
  });

  test('gives shares of its requests to other backends (CH05-26)', () => {
    const all = synth((chart) => {
      const [next, last] = ['next', 'last'].map((id) => service(chart, id));
      routing(chart, [
        {
          path: '/',
          split: [
            { backend: next, percent: 10 },
            { backend: last, percent: 0 },
          ],
        },
      ]);
    });
    expect(only(all, 'HTTPRoute').spec.rules[0].backendRefs).toEqual([
      { name: 'app-web', port: 8080, weight: 90 },
      { name: 'app-next', port: 8080, weight: 10 },
      { name: 'app-last', port: 8080, weight: 0 },
    ]);
    expect(only(all, 'NetworkPolicy', 'app-next').spec.ingress).toHaveLength(1);
  });

  test.each([
    [undefined, {}],
    [100, {}],
    [5, { percent: 5 }],
  ])('copies %s percent of its requests to another backend (CH05-31)', (percent, expected) => {
    const all = synth((chart) => {
      bundle(chart, '1.5');
      routing(chart, [{ path: '/', mirror: { backend: service(chart, 'shadow'), percent } }]);
    });
    expect(only(all, 'HTTPRoute').spec.rules[0].filters).toEqual([
      {
        type: 'RequestMirror',
        requestMirror: { backendRef: { name: 'app-shadow', port: 8080 }, ...expected },
      },
    ]);
    expect(only(all, 'NetworkPolicy', 'app-shadow').spec.ingress).toHaveLength(1);
  });

  test('allows other origins', () => {
    const cors = {
      origins: ['https://www.example.com'],
      methods: ['GET', 'PUT'],
      headers: ['x-request-id'],
      exposeHeaders: ['etag'],
      credentials: true,
      maxAge: Duration.minutes(10),
    };
    expect(rules([{ path: '/', cors }])[0].filters).toEqual([
      {
        type: 'CORS',
        cors: {
          allowOrigins: ['https://www.example.com'],
          allowMethods: ['GET', 'PUT'],
          allowHeaders: ['x-request-id'],
          exposeHeaders: ['etag'],
          allowCredentials: true,
          maxAge: 600,
        },
      },
    ]);
    expect(rules([{ path: '/', cors: { origins: ['*'] } }])[0].filters[0].cors).toEqual({ allowOrigins: ['*'] });
  });

  test('changes headers of requests and answers', () => {
    const route = {
      path: '/',
      requestHeaders: { set: { 'x-team': 'shop' }, remove: ['x-debug'] },
      responseHeaders: { remove: ['server'] },
    };
    expect(rules([route])[0].filters).toEqual([
      {
        type: 'RequestHeaderModifier',
        requestHeaderModifier: { set: [{ name: 'x-team', value: 'shop' }], remove: ['x-debug'] },
      },
      { type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['server'] } },
    ]);
    expect(rules([{ path: '/', requestHeaders: {} }])[0]).not.toHaveProperty('filters');
  });

  test('asks the middleware that authenticates first', () => {
    const authentication = Authentication.forwardAuth({ middleware: 'single-sign-on' });
    const [first, second] = rules([{ path: '/api', stripPrefix: true }], { authentication })[0].filters;
    expect(first).toEqual({
      type: 'ExtensionRef',
      extensionRef: { group: 'traefik.io', kind: 'Middleware', name: 'single-sign-on' },
    });
    expect(second.type).toBe('URLRewrite');
  });

  test('takes the rest of the host with a default backend, unless another route has it (CH09-28)', () => {
    const paths = (routes: RouteWithoutBackend[]): unknown[] => {
      const all = synth((chart) => {
        const site = new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.4.2' });
        routing(chart, routes, { defaultBackend: site });
      });
      return only(all, 'HTTPRoute').spec.rules.map(({ matches, backendRefs }: Manifest) => [
        matches[0].path.value,
        backendRefs[0].name,
      ]);
    };
    expect(paths([{ path: '/api' }])).toEqual([
      ['/api', 'app-web'],
      ['/', 'app-site'],
    ]);
    expect(paths([])).toEqual([['/', 'app-site']]);
    expect(paths([{ path: '/' }])).toEqual([['/', 'app-web']]);
  });

  test('is in a second HTTPRoute where the first is full: the API takes 16 rules', () => {
    const all = manifests(Array.from({ length: 17 }, (_, index) => ({ path: `/${index + 10}` })));
    expect(only(all, 'HTTPRoute', 'app-routing').spec.rules).toHaveLength(16);
    expect(only(all, 'HTTPRoute', 'app-routing-2').spec.rules).toHaveLength(1);
  });

  test('appears once for a host, path and headers (CH01-63)', () => {
    const headers = { 'x-a': '1' };
    expect(
      refusals([
        { path: '/a', matchHeaders: headers },
        { path: '/a/', matchHeaders: { 'X-A': '1' } },
      ]),
    ).toEqual(['[app/routing] routing/duplicate-route']);
    expect(refusals([{ path: '/a', matchHeaders: headers }, { path: '/a' }])).toEqual([]);
  });
});

describe('gRPC', () => {
  test('is a GRPCRoute with service and method', () => {
    const all = manifests([
      { path: '/shop.Cart/Add', grpc: true, matchHeaders: { 'x-a': '1' } },
      { path: '/shop.Cart', grpc: true },
      { path: '/', grpc: true },
    ]);
    expect(all.map(({ kind }) => kind)).not.toContain('HTTPRoute');
    expect(only(all, 'GRPCRoute').spec).toEqual({
      parentRefs: [{ name: 'app-routing', sectionName: 'http' }],
      hostnames: ['shop.example.com'],
      rules: [
        {
          matches: [
            {
              method: { type: 'Exact', service: 'shop.Cart', method: 'Add' },
              headers: [{ type: 'Exact', name: 'x-a', value: '1' }],
            },
          ],
          backendRefs: [{ name: 'app-web', port: 8080 }],
        },
        {
          matches: [{ method: { type: 'Exact', service: 'shop.Cart' } }],
          backendRefs: [{ name: 'app-web', port: 8080 }],
        },
        { backendRefs: [{ name: 'app-web', port: 8080 }] },
      ],
    });
  });

  test('follows from the protocol of the backend', () => {
    const all = synth((chart) => {
      const backend = service(chart, 'cart', { appProtocol: AppProtocol.grpc() });
      routing(chart, [{ path: '/', backend } as HttpRoute]);
    });
    expect(all.map(({ kind }) => kind).filter((kind) => kind.endsWith('Route'))).toEqual(['GRPCRoute']);
  });

  test('has no paths, rewrites, timeouts and CORS', () => {
    const props = { stripPrefix: true, timeout: Duration.seconds(5), cors: { origins: ['*'] } };
    expect(refusals([{ path: '/api/v1/cart', grpc: true, ...props }])).toEqual([
      '[app/routing] routes[0].stripPrefix: gateway/grpc-route',
      '[app/routing] routes[0].timeout: gateway/grpc-route',
      '[app/routing] routes[0].cors: gateway/grpc-route',
      '[app/routing] routes[0].path: gateway/grpc-route',
    ]);
    expect(refusals([{ path: '/1', grpc: true }])).toEqual(['[app/routing] routes[0].path: gateway/grpc-route']);
  });

  test('beside HTTP for one host is a warning', () => {
    expect(warningsOf((chart) => routing(chart, [{ path: '/' }, { path: '/shop.Cart', grpc: true }]))).toEqual([
      '[app/routing] routes.1: gateway/mixed-protocols',
    ]);
  });
});

describe('an existing Gateway', () => {
  test('serves routes at the listeners that are named', () => {
    const all = manifests(undefined, { controller: EXISTING, tls: Tls.ofGateway() });
    expect(all.map(({ kind }) => kind)).not.toContain('Gateway');
    expect(only(all, 'HTTPRoute', 'app-routing').spec.parentRefs).toEqual([
      { name: 'shared', namespace: 'front', sectionName: 'websecure' },
    ]);
    expect(only(all, 'HTTPRoute', 'app-routing-redirect').spec.parentRefs).toEqual([
      { name: 'shared', namespace: 'front', sectionName: 'web' },
    ]);
  });

  test('in the namespace of the routes needs no namespace, and no redirect without a listener for it', () => {
    const gateway = { name: 'shared', namespace: 'shop', httpsListener: 'tls' };
    const controller = GatewayController.fromCidrs(['10.0.0.0/16'], { gateway });
    const secure = manifests(undefined, { controller, tls: Tls.ofGateway() });
    expect(only(secure, 'HTTPRoute').spec.parentRefs).toEqual([{ name: 'shared', sectionName: 'tls' }]);
    expect(only(manifests(undefined, { controller }), 'HTTPRoute').spec.parentRefs).toEqual([{ name: 'shared' }]);
  });

  test('has its certificate itself (CH01-71)', () => {
    expect(refusals([{ path: '/' }], { controller: EXISTING, tls: ISSUED })).toEqual([
      '[app/routing] tls: gateway/certificate',
    ]);
    const controller = GatewayController.inNamespace('traefik', { gateway: { name: 'shared' } });
    expect(refusals([{ path: '/' }], { controller, tls: Tls.ofGateway() })).toEqual([
      '[app/routing] controller.gateway.httpsListener: gateway/certificate',
    ]);
    expect(refusals([{ path: '/' }], { tls: Tls.ofGateway() })).toEqual(['[app/routing] tls: gateway/certificate']);
  });
});

/** A Gateway in a namespace of its own, and charts of two teams. */
function shared(props: Partial<GatewayProps> = {}): {
  readonly app: App;
  readonly gateway: Gateway;
  readonly shop: Chart;
  readonly search: Chart;
  readonly front: Chart;
} {
  const app = new App();
  const [front, shop, search] = ['front', 'shop', 'search'].map((name) => newChart(name, name, app));
  new ClusterProfile({ version: '1.31', gatewayApi: { version: '1.5' } }).assignTo(app);
  return { app, front, shop, search, gateway: new Gateway(front, 'gateway', { controller: TRAEFIK, ...props }) };
}

describe('a Gateway', () => {
  test('has a listener for each host, for routes of the namespaces that use it', () => {
    const { front, gateway, shop, search } = shared();
    const in_ = (...values: string[]): object => ({
      namespaces: {
        from: 'Selector',
        selector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }] },
      },
    });
    routing(shop, undefined, { controller: gateway, tls: ISSUED });
    routing(search, undefined, { controller: gateway, host: 'search.example.com', tls: ISSUED });
    expect(only(Testing.synth(front) as Manifest[], 'Gateway')).toMatchObject({
      metadata: {
        name: 'front-gateway',
        namespace: 'front',
        annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' },
      },
      spec: {
        gatewayClassName: 'traefik',
        listeners: [
          { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: in_('search', 'shop') },
          {
            name: 'search.example.com',
            tls: { certificateRefs: [{ name: 'search.example.com-tls' }] },
            allowedRoutes: in_('search'),
          },
          { name: 'shop.example.com', allowedRoutes: in_('shop') },
        ],
      },
    });
    const routes = Testing.synth(shop) as Manifest[];
    expect(only(routes, 'HTTPRoute', 'shop-routing').spec.parentRefs).toEqual([
      { name: 'front-gateway', namespace: 'front', sectionName: 'shop.example.com' },
    ]);
    expect(only(routes, 'HTTPRoute', 'shop-routing-redirect').spec.parentRefs[0].sectionName).toBe('http');
  });

  test('of the namespace of its routes accepts routes of that namespace, as listeners do by default', () => {
    const all = synth((chart) => {
      const controller = new Gateway(chart, 'gateway', { controller: TRAEFIK });
      routing(chart, undefined, { controller, tls: ISSUED });
      routing(chart, undefined, { controller, host: 'a.example.com' }, 'other');
    });
    const { listeners } = only(all, 'Gateway').spec;
    expect(listeners.map(({ name, allowedRoutes }: Manifest) => [name, allowedRoutes])).toEqual([
      ['http', undefined],
      ['shop.example.com', undefined],
    ]);
    expect(only(all, 'HTTPRoute', 'app-routing').spec.parentRefs).toEqual([
      { name: 'app-gateway', sectionName: 'shop.example.com' },
    ]);
  });

  test('may use a Secret beside the routes, which agrees by a ReferenceGrant', () => {
    const { front, gateway, shop } = shared();
    routing(shop, undefined, { controller: gateway, tls: Tls.secret(SecretRef.named('cert')) });
    expect(only(Testing.synth(front) as Manifest[], 'Gateway').spec.listeners[1].tls.certificateRefs).toEqual([
      { name: 'cert', namespace: 'shop' },
    ]);
    expect(only(Testing.synth(shop) as Manifest[], 'ReferenceGrant')).toMatchObject({
      metadata: { name: 'shop-routing-certificate', namespace: 'shop' },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'front' }],
        to: [{ group: '', kind: 'Secret', name: 'cert' }],
      },
    });
  });

  test('has listeners of its own, which routes use with Tls.ofGateway()', () => {
    const { app, front, gateway, shop } = shared({ listeners: [{ host: '*.example.com', tls: ISSUED }] });
    routing(shop, undefined, { controller: gateway, tls: Tls.ofGateway() });
    expect(problemsOfApp(app)).toEqual([]);
    const { listeners } = only(Testing.synth(front) as Manifest[], 'Gateway').spec;
    expect(listeners.map(({ name, tls }: Manifest) => [name, tls?.certificateRefs[0].name])).toEqual([
      ['http', undefined],
      ['wildcard--example.com', 'wildcard--example.com-tls'],
    ]);
    expect(listeners[1].allowedRoutes.namespaces.selector.matchExpressions[0].values).toEqual(['shop']);
    expect(only(Testing.synth(shop) as Manifest[], 'HTTPRoute', 'shop-routing').spec.parentRefs[0].sectionName).toBe(
      'wildcard--example.com',
    );
  });

  test('without a listener for the host has no certificate for it', () => {
    const { app, gateway, shop } = shared({ listeners: [{ host: '*.example.org', tls: ISSUED }] });
    routing(shop, undefined, { controller: gateway, tls: Tls.ofGateway() });
    expect(problemsOfApp(app)).toEqual(['[shop/routing] tls: gateway/certificate']);
  });

  test('accepts routes of other apps by labels of their namespaces', () => {
    const { front } = shared({
      listeners: [{ host: '*.example.com', tls: Tls.secret(SecretRef.named('wildcard')) }],
      namespaceLabels: { 'shared-gateway': 'true' },
    });
    for (const { allowedRoutes } of only(Testing.synth(front) as Manifest[], 'Gateway').spec.listeners) {
      expect(allowedRoutes).toEqual({
        namespaces: { from: 'Selector', selector: { matchLabels: { 'shared-gateway': 'true' } } },
      });
    }
  });

  test('takes the controller of the ClusterProfile, and needs one (CH01-25)', () => {
    const chart = newChart();
    new Gateway(chart, 'gateway');
    new ClusterProfile({ gateway: TRAEFIK }).assignTo(chart);
    expect(only(Testing.synth(chart) as Manifest[], 'Gateway').spec.gatewayClassName).toBe('traefik');
    expect(problemsOf((bare) => new Gateway(bare, 'gateway'))).toEqual(['[app/gateway] controller: props/required']);
  });

  test('serves routes that were declared before the profile, and needs a class in it', () => {
    const kinds = (gateway: GatewayController): string[] => {
      const chart = newChart();
      const controller = new Gateway(chart, 'gateway');
      routing(chart, undefined, { controller, tls: ISSUED });
      new ClusterProfile({ gateway }).assignTo(chart);
      const refused = problemsOfApp(App.of(chart));
      if (refused.length > 0) return refused;
      const all = Testing.synth(chart) as Manifest[];
      expect(only(all, 'Gateway').spec.listeners[1].port).toBe(8443);
      expect(only(all, 'NetworkPolicy').spec.ingress).toHaveLength(1);
      return all.map(({ kind }) => kind).filter((kind) => /Ingress|Gateway|Route/.test(kind));
    };
    const traefik = GatewayController.inNamespace('traefik', { className: 'traefik', httpsPort: 8443 });
    expect(kinds(traefik)).toEqual(['Gateway', 'HTTPRoute', 'HTTPRoute']);
    expect(kinds(EXISTING)).toEqual(['[app/gateway] controller: gateway/listener']);
  });

  test('has one issuer for all its certificates', () => {
    const { app, gateway, shop } = shared({ listeners: [{ host: '*.example.org', tls: ISSUED }] });
    routing(shop, undefined, { controller: gateway, tls: Tls.certManager({ issuer: 'own' }) });
    expect(problemsOfApp(app)).toEqual(['[front/gateway] listeners: gateway/two-issuers']);
    expect(
      problemsOf((chart) => {
        new Gateway(chart, 'gateway', { controller: TRAEFIK, annotations: { 'cert-manager.io/issuer': 'a' } });
      }),
    ).toEqual(['[app/gateway] annotations: props/conflict']);
  });

  test('requires certificates of clients where a host relies on them', () => {
    const authentication = Authentication.clientCertificates();
    const without = shared();
    routing(without.shop, undefined, { controller: without.gateway, tls: ISSUED, authentication });
    expect(problemsOfApp(without.app)).toEqual(['[shop/routing] authentication: gateway/client-certificates']);
    const { app, front, gateway, shop } = shared({ clientCertificates: 'client-ca' });
    routing(shop, undefined, { controller: gateway, tls: ISSUED, authentication });
    expect(problemsOfApp(app)).toEqual([]);
    expect(only(Testing.synth(front) as Manifest[], 'Gateway').spec.tls).toEqual({
      frontend: {
        default: { validation: { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'client-ca' }] } },
      },
    });
  });

  test('in a namespace that denies all opens the solver pods of cert-manager there', () => {
    const solvers = (isClosed: boolean): Manifest[] => {
      const { front, gateway, shop } = shared();
      if (isClosed) new ExistingNamespace(front, 'namespace', { defaultDeny: true });
      new ExistingNamespace(shop, 'namespace', { defaultDeny: true });
      routing(shop, undefined, { controller: gateway, tls: ISSUED });
      const all = [front, shop].flatMap((chart) => Testing.synth(chart) as Manifest[]);
      return all.filter(({ metadata }) => metadata.name.endsWith('-acme-solver'));
    };
    expect(solvers(false)).toEqual([]);
    expect(solvers(true).map(({ metadata }) => [metadata.namespace, metadata.name])).toEqual([
      ['front', 'front-gateway-acme-solver'],
    ]);
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['an existing Gateway as its controller', { controller: EXISTING }, ['[app/gateway] controller: gateway/listener']],
    [
      'an ingress controller',
      { controller: IngressController.inNamespace('a', { className: 'traefik' }) },
      ['[app/gateway] controller: props/value'],
    ],
    [
      'a listener without a certificate (CH01-71)',
      { listeners: [{ host: 'a.example.com', tls: Tls.none() }] },
      ['[app/gateway] listeners[0].tls: gateway/listener'],
    ],
    [
      'a listener of itself',
      { listeners: [{ host: 'a.example.com', tls: Tls.ofGateway() }] },
      ['[app/gateway] listeners[0].tls: gateway/listener'],
    ],
    [
      'a listener without anything (DX-39, CH01-71)',
      { listeners: [{}] },
      ['[app/gateway] listeners[0].host: props/required', '[app/gateway] listeners[0].tls: props/required'],
    ],
    ['no ConfigMap', { clientCertificates: 'A_B' }, ['[app/gateway] clientCertificates: props/value']],
  ])('is refused with %s', (_title, props, expected) => {
    expect(
      problemsOf((chart) => {
        bundle(chart, '1.5');
        new Gateway(chart, 'gateway', untyped({ controller: TRAEFIK, ...props }));
      }),
    ).toEqual(expected);
  });

  test('has at most 64 listeners', () => {
    const listeners = Array.from({ length: 64 }, (_, index) => ({ host: `h${index}.example.com`, tls: ISSUED }));
    const refused = (given: typeof listeners): string[] =>
      problemsOf((chart) => new Gateway(chart, 'gateway', { controller: TRAEFIK, listeners: given }));
    expect(refused(listeners)).toEqual(['[app/gateway] listeners: gateway/listener']);
    expect(refused(listeners.slice(1))).toEqual([]);
  });

  test('of another cluster serves no routes', () => {
    const { app, front, gateway, shop } = shared();
    routing(shop, undefined, { controller: gateway });
    new ClusterProfile({ name: 'other' }).assignTo(front);
    expect(problemsOfApp(app)).toEqual(['[shop/routing] controller: reference/other-cluster']);
  });

  test('lets external traffic only into tiers that face the internet, as an ingress controller does', () => {
    const { app, gateway, shop } = shared();
    const tiers = new NetworkTiers(shop, 'tiers', { tiers: [{ name: 'web' }] });
    tiers.add('web', service(shop));
    routing(shop, undefined, { controller: gateway });
    expect(problemsOfApp(app)).toEqual(problemsOfTiers(TRAEFIK));
    expect(problemsOfTiers(TRAEFIK)).toHaveLength(1);
  });

  test('and its routes are in charts with a namespace', () => {
    const app = new App();
    const bare = new Chart(app, 'bare');
    const gateway = new Gateway(newChart('front', 'front', app), 'gateway', { controller: TRAEFIK });
    routing(bare, undefined, { controller: gateway });
    expect(problemsOfApp(app)).toContain('[front/gateway] controller: gateway/listener');
  });
});

function problemsOfTiers(controller: GatewayController): string[] {
  return problemsOf((chart) => {
    const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });
    tiers.add('web', service(chart));
    routing(chart, undefined, { controller });
  }).map((line) => line.replace('[app', '[shop'));
}

test('the objects of a Gateway and of a routing', () => {
  const { front, gateway, shop, search } = shared({ listeners: [{ host: '*.example.org', tls: ISSUED }] });
  const next = service(search, 'next');
  const routes: HttpRoute[] = [
    {
      path: '/',
      backend: service(shop),
      split: [{ backend: next, percent: 10 }],
      timeout: Duration.seconds(15),
      requestHeaders: { set: { 'x-team': 'shop' } },
    },
    { path: '/v1', backend: next, stripPrefix: true, matchHeaders: { 'x-preview': 'yes' } },
  ];
  new HttpRouting(shop, 'routing', { ...BASE, tls: ISSUED, controller: gateway, routes });
  const all = [front, shop].flatMap((chart) => Testing.synth(chart) as Manifest[]);
  expect(all.filter(({ apiVersion }) => apiVersion.startsWith('gateway.'))).toMatchSnapshot();
});

describe('a backend in another namespace', () => {
  function across(controller: HttpRoutingProps['controller']): App {
    const app = new App();
    const [shop, search] = ['shop', 'search'].map((name) => newChart(name, name, app));
    const backend = service(search);
    routing(shop, [{ path: '/', backend } as HttpRoute], { controller });
    return app;
  }

  test('agrees to the routes by a ReferenceGrant', () => {
    const app = across(TRAEFIK);
    const all = Testing.synth(app.charts[0]) as Manifest[];
    expect(only(all, 'HTTPRoute').spec.rules[0].backendRefs).toEqual([
      { name: 'search-web', namespace: 'search', port: 8080 },
    ]);
    const grant = only(all, 'ReferenceGrant');
    expect(grant).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      metadata: { name: 'shop-shop-routing', namespace: 'search' },
    });
    expect(grant.spec).toEqual({
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'shop' }],
      to: [{ group: '', kind: 'Service', name: 'search-web' }],
    });
  });

  test('is out of reach of an Ingress, also where the profile decides the controller', () => {
    const nginx = IngressController.inNamespace('ingress-nginx', { className: 'nginx' });
    const refused = ['[shop/routing] routes[0].backend: reference/other-namespace'];
    expect(problemsOfApp(across(nginx))).toEqual(refused);
    const app = across(undefined);
    new ClusterProfile({ ingressController: nginx }).assignTo(app);
    expect(problemsOfApp(app)).toEqual(refused);
  });
});

describe('a TlsRoute', () => {
  test('is a listener that passes TLS through, and a TLSRoute', () => {
    const all = synth((chart) => {
      new ClusterProfile({ version: '1.31', gatewayApi: { version: '1.5' } }).assignTo(chart);
      new TlsRoute(chart, 'vault', { host: 'vault.example.com', controller: TRAEFIK, backend: service(chart) });
    });
    expect(only(all, 'Gateway').spec.listeners).toEqual([
      {
        name: 'vault.example.com',
        hostname: 'vault.example.com',
        port: 443,
        protocol: 'TLS',
        tls: { mode: 'Passthrough' },
      },
    ]);
    expect(only(all, 'TLSRoute')).toMatchObject({ apiVersion: 'gateway.networking.k8s.io/v1' });
    expect(only(all, 'TLSRoute').spec).toEqual({
      parentRefs: [{ name: 'app-vault', sectionName: 'vault.example.com' }],
      hostnames: ['vault.example.com'],
      rules: [{ backendRefs: [{ name: 'app-web', port: 8080 }] }],
    });
    expect(only(all, 'NetworkPolicy').spec.ingress[0].ports).toEqual([{ port: 8080, protocol: 'TCP' }]);
  });

  test('shares a Gateway, and reaches other namespaces', () => {
    const { app, front, gateway, shop, search } = shared();
    const route = new TlsRoute(shop, 'vault', {
      host: 'vault.example.com',
      controller: gateway,
      backend: service(search),
    });
    expect(problemsOfApp(app)).toEqual([]);
    expect(only(Testing.synth(front) as Manifest[], 'Gateway').spec.listeners).toMatchObject([
      { name: 'vault.example.com', protocol: 'TLS' },
    ]);
    expect(route.gateway).toBeUndefined();
    expect(route.referenceGrant!.toJson()).toMatchObject({
      metadata: { name: 'shop-shop-vault', namespace: 'search' },
      spec: { from: [{ kind: 'TLSRoute', namespace: 'shop' }], to: [{ name: 'search-web' }] },
    });
  });

  test('needs version 1.5 of the Gateway API, Kubernetes 1.31, and a gateway (CH01-25)', () => {
    const refused = (props: Record<string, unknown>): string[] =>
      problemsOf((chart) => {
        const given = { host: 'vault.example.com', controller: TRAEFIK, backend: service(chart), ...props };
        new TlsRoute(chart, 'vault', untyped(given));
      });
    const old = '[app/vault] controller: cluster/version';
    expect(refused({})).toEqual([old, '[app/vault] controller: gateway/version']);
    expect(refused({ controller: undefined })).toEqual([old, '[app/vault] controller: props/required']);
    const ingress = IngressController.inNamespace('traefik', { className: 'traefik' });
    expect(refused({ controller: ingress })).toContain('[app/vault] controller: props/value');
  });

  test('and a routing cannot have one host', () => {
    const { app, gateway, shop } = shared();
    routing(shop, undefined, { controller: gateway, tls: ISSUED });
    new TlsRoute(shop, 'tls', { host: 'shop.example.com', controller: gateway, backend: service(shop) });
    expect(problemsOfApp(app)).toEqual(['[front/gateway] listeners: gateway/listener']);
  });
});

describe('the ClusterProfile', () => {
  test('decides between Ingress and Gateway, whenever it is assigned', () => {
    const kinds = (profile: ClusterProfile | undefined, before: boolean): string[] => {
      const chart = newChart();
      if (before) profile?.assignTo(chart);
      const block = routing(chart, [{ path: '/a' }, { path: '/b' }], { controller: undefined, tls: ISSUED });
      if (!before) profile?.assignTo(chart);
      const all = Testing.synth(chart) as Manifest[];
      expect(block.ingresses).toHaveLength(all.filter(({ kind }) => kind === 'Ingress').length);
      expect(block.httpRoutes).toHaveLength(all.filter(({ kind }) => kind === 'HTTPRoute').length);
      return all.map(({ kind }) => kind).filter((kind) => /Ingress|Gateway|Route/.test(kind));
    };
    const ingressController = IngressController.inNamespace('traefik', { className: 'traefik' });
    for (const before of [true, false]) {
      expect(kinds(new ClusterProfile({ ingressController }), before)).toEqual(['Ingress']);
      expect(kinds(new ClusterProfile({ gateway: TRAEFIK }), before)).toEqual(['Gateway', 'HTTPRoute', 'HTTPRoute']);
    }
  });

  test('a nearer profile turns a Gateway into an Ingress again', () => {
    const chart = newChart();
    const block = routing(chart, undefined, { controller: undefined });
    new ClusterProfile({ gateway: TRAEFIK }).assignTo(chart);
    Testing.synth(chart);
    expect(block.ingress).toBeUndefined();
    const ingressController = IngressController.inNamespace('traefik', { className: 'traefik' });
    new ClusterProfile({ ingressController }).assignTo(block);
    Testing.synth(chart);
    expect([block.ingress?.kind, block.httpRoutes, block.gateway]).toEqual(['Ingress', [], undefined]);
  });

  test('names one of the two controllers', () => {
    const ingressController = IngressController.inNamespace('traefik', { className: 'traefik' });
    expect(problemsOf((chart) => new ClusterProfile({ ingressController, gateway: TRAEFIK }).assignTo(chart))).toEqual([
      '[app] ingressController: props/conflict',
    ]);
  });

  test.each<[string, RouteWithoutBackend, string, string]>([
    ['CORS', { path: '/', cors: { origins: ['*'] } }, '1.4', '1.5'],
    ['a share of copies', { path: '/', mirror: untyped({ percent: 10 }) }, '1.2', '1.3'],
  ])('decides from which version on %s is there', (_title, route, before, since) => {
    const refused = (version: string): string[] =>
      problemsOf((chart) => {
        bundle(chart, version);
        const mirror = route.mirror && { ...route.mirror, backend: service(chart, 'shadow') };
        routing(chart, [{ ...route, mirror }]);
      });
    const [prop] = Object.keys(route).filter((name) => name !== 'path');
    expect(refused(before)).toEqual([`[app/routing] routes[0].${prop}: gateway/version`]);
    expect(refused(since)).toEqual([]);
  });

  test('knows the experimental channel, and takes 1.2 of the standard one for what is not stated', () => {
    const cors = { path: '/', cors: { origins: ['*'] } };
    const refused = ['[app/routing] routes[0].cors: gateway/version'];
    expect(problemsOf((chart) => routing(chart, [cors]))).toEqual(refused);
    const experimental = (version: string): string[] =>
      problemsOf((chart) => {
        bundle(chart, version, { channel: 'experimental' });
        routing(chart, [cors]);
      });
    expect([experimental('1.2'), experimental('1.3')]).toEqual([refused, []]);
  });

  test('has the features of the controller: others are errors', () => {
    const route = { path: '/api', stripPrefix: true, timeout: Duration.seconds(5) };
    const refused = (features: string[]): string[] =>
      problemsOf((chart) => {
        bundle(chart, '1.5', { features });
        routing(chart, [route], { tls: ISSUED });
      });
    expect(refused([])).toEqual([
      '[app/routing] tls: gateway/feature',
      '[app/routing] routes[0].stripPrefix: gateway/feature',
      '[app/routing] routes[0].timeout: gateway/feature',
    ]);
    expect(refused(['HTTPRouteSchemeRedirect', 'HTTPRoutePathRewrite', 'HTTPRouteRequestTimeout'])).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['an older version', { version: '1.1' }, ['[app] gatewayApi.version: props/value']],
    ['no version', {}, ['[app] gatewayApi.version: props/required']],
    ['an unknown channel', { version: '1.5', channel: 'beta' }, ['[app] gatewayApi.channel: props/value']],
    [
      'a sentence as a feature',
      { version: '1.5', features: ['all of it'] },
      ['[app] gatewayApi.features[0]: props/value'],
    ],
  ])('is refused with %s', (_title, gatewayApi, expected) => {
    expect(problemsOf((chart) => new ClusterProfile(untyped({ gatewayApi })).assignTo(chart))).toEqual(expected);
  });
});

describe('an Ingress', () => {
  test('and a Gateway serve one host while it moves, with one certificate', () => {
    const all = (chart: Chart): void => {
      const controller = IngressController.inNamespace('ingress-nginx', { className: 'traefik' });
      const tls = Tls.certManager({ clusterIssuer: 'letsencrypt', secretName: 'shop-tls' });
      routing(chart, undefined, { controller, tls }, 'old');
      routing(chart, undefined, { tls: Tls.secret(SecretRef.named('shop-tls')) });
    };
    expect([problemsOf(all), warningsOf(all)]).toEqual([[], []]);
    const from = only(synth(all), 'NetworkPolicy').spec.ingress.flatMap((rule: Manifest) => rule.from as Manifest[]);
    expect(
      from
        .map(({ namespaceSelector }: Manifest) => namespaceSelector.matchLabels['kubernetes.io/metadata.name'])
        .sort(),
    ).toEqual(['ingress-nginx', 'traefik']);
  });

  test('has no field for the props of a gateway', () => {
    const controller = IngressController.inNamespace('traefik', { className: 'traefik' });
    expect(
      problemsOf((chart) => {
        const backend = service(chart, 'next');
        const route: RouteWithoutBackend = {
          path: '/',
          replacePrefix: '/v2',
          matchHeaders: { x: '1' },
          timeout: Duration.seconds(5),
          split: [{ backend, percent: 10 }],
          mirror: { backend, percent: 10 },
          cors: { origins: ['*'] },
          requestHeaders: { remove: ['x'] },
          responseHeaders: { remove: ['x'] },
          grpc: true,
        };
        routing(chart, [route], { controller });
      }),
    ).toEqual(
      [
        'replacePrefix',
        'matchHeaders',
        'timeout',
        'split',
        'mirror',
        'cors',
        'requestHeaders',
        'responseHeaders',
        'grpc',
      ].map((prop) => `[app/routing] routes[0].${prop}: routing/needs-gateway`),
    );
    expect(refusals([{ path: '/' }], { controller, tls: Tls.ofGateway() })).toEqual([
      '[app/routing] tls: routing/needs-gateway',
    ]);
  });
});

describe('who authenticates', () => {
  const warned = (host: string, authentication?: Authentication): string[] =>
    warningsOf((chart) => routing(chart, undefined, { host, authentication }));

  test('is stated for each host on the internet, by Ingress and by Gateway', () => {
    const silent = ['[app/routing] authentication: routing/unstated-authentication'];
    expect(warned('shop.example.com')).toEqual(silent);
    expect(warned('*.example.com')).toEqual(silent);
    expect(warned('local.example.com')).toEqual(silent);
    const controller = IngressController.inNamespace('traefik', { className: 'traefik' });
    expect(warningsOf((chart) => routing(chart, undefined, { controller, authentication: undefined }))).toEqual(silent);
    for (const stated of [
      Authentication.byApp(),
      Authentication.forwardAuth(),
      Authentication.clientCertificates(),
      Authentication.none(),
    ]) {
      expect(warned('shop.example.com', stated)).toEqual([]);
    }
  });

  test.each([
    'shop.internal',
    'shop.local',
    'localhost',
    'shop',
    'app.test',
    'nas.home.arpa',
    'shop.svc.cluster.local',
  ])('need not be stated for %s', (host) => expect(warned(host)).toEqual([]));

  test('is refused as text, without a warning besides', () => {
    const chart = newChart();
    routing(chart, undefined, untyped({ authentication: 'app' }));
    expect(problemsOfApp(App.of(chart))).toEqual(['[app/routing] authentication: props/value']);
    expect(warningsIn(chart)).toEqual([]);
    const authentication = Authentication.forwardAuth(untyped({ middleware: 'A B' }));
    expect(refusals([{ path: '/' }], { authentication })).toEqual([
      '[app/routing] authentication.middleware: props/value',
    ]);
  });
});

describe('a middleware that authenticates', () => {
  const authentication = Authentication.forwardAuth({ middleware: 'sso' });
  const by = (className: string): IngressController => IngressController.inNamespace('ingress', { className });

  test('is the first of each Ingress of Traefik', () => {
    const annotations = { 'traefik.ingress.kubernetes.io/router.middlewares': 'shop-mine@kubernetescrd' };
    const chains = (props: Partial<HttpRoutingProps>): unknown[] =>
      manifests([{ path: '/' }, { path: '/api', stripPrefix: true }], { controller: by('traefik'), ...props })
        .filter(({ kind }) => kind === 'Ingress')
        .map(({ metadata }) => metadata.annotations?.['traefik.ingress.kubernetes.io/router.middlewares'] as unknown);
    expect(chains({})).toEqual([undefined, 'shop-app-routing-strip@kubernetescrd']);
    expect(chains({ authentication, annotations })).toEqual([
      'shop-sso@kubernetescrd,shop-mine@kubernetescrd',
      'shop-sso@kubernetescrd,shop-mine@kubernetescrd,shop-app-routing-strip@kubernetescrd',
    ]);
  });

  test('is refused for other ingress controllers, and without a namespace', () => {
    const refused = ['[app/routing] authentication.middleware: routing/foreign-middleware'];
    expect(refusals([{ path: '/' }], { controller: by('nginx'), authentication })).toEqual(refused);
    const app = new App();
    routing(new Chart(app, 'app'), undefined, { controller: by('traefik'), authentication });
    expect(problemsOfApp(app)).toEqual(refused);
  });
});

describe('a timeout', () => {
  test('beyond what a stopping pod has left is a warning (CH05-18)', () => {
    const warned = (timeout: number, props: Partial<WebServiceProps> = {}): string[] =>
      warningsOf((chart) => {
        service(chart, 'web', props);
        routing(chart, [{ path: '/', timeout: Duration.seconds(timeout) }]);
      });
    // 30 s of grace, 5 s of which are the drain
    expect(warned(25)).toEqual([]);
    expect(warned(26)).toEqual(['[app/routing] routes.0.timeout: routing/long-timeout']);
    expect(warned(26, { terminationGracePeriod: Duration.seconds(31) })).toEqual([]);
  });
});

describe('mistakes', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['a path with other characters (CH01-63)', { path: '/é' }, ['routes[0].path: gateway/path']],
    ['a path that is too long (CH01-63)', { path: `/${'a'.repeat(1024)}` }, ['routes[0].path: gateway/path']],
    [
      'a new path that is too long (CH01-63)',
      { path: '/', replacePrefix: `/${'a'.repeat(1024)}` },
      ['routes[0].replacePrefix: gateway/path'],
    ],
    [
      'a type of a controller',
      { path: '/', pathType: 'ImplementationSpecific' },
      ['routes[0].pathType: routing/path-type'],
    ],
    ['a number as a timeout', { path: '/', timeout: 5 }, ['routes[0].timeout: props/value']],
    ['a header without a name', { path: '/', matchHeaders: { '': 'x' } }, ["routes[0].matchHeaders['']: props/value"]],
    ['a header without a value', { path: '/', matchHeaders: { x: '' } }, ["routes[0].matchHeaders['x']: props/value"]],
    [
      'a header of two lines',
      { path: '/', requestHeaders: { set: { x: 'a\nb' } } },
      ["routes[0].requestHeaders.set['x']: props/value"],
    ],
    ['a header in two cases', { path: '/', matchHeaders: { a: '1', A: '2' } }, ['routes[0].matchHeaders: props/value']],
    [
      'too many headers',
      { path: '/', matchHeaders: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`x-${index}`, 'a'])) },
      ['routes[0].matchHeaders: props/value'],
    ],
    ['both rewrites', { path: '/', stripPrefix: true, replacePrefix: '/a' }, ['routes[0].stripPrefix: props/conflict']],
    [
      'a share of nothing (DX-05)',
      { path: '/', split: [{ percent: 5 }] },
      ['routes[0].split[0].backend: props/required'],
    ],
    ['no origins', { path: '/', cors: {} }, ['routes[0].cors.origins: props/required']],
    [
      'an origin with a path',
      { path: '/', cors: { origins: ['https://a.example.com/'] } },
      ['routes[0].cors.origins[0]: props/value'],
    ],
    [
      'all origins and one',
      { path: '/', cors: { origins: ['*', 'https://a'] } },
      ['routes[0].cors.origins: props/value'],
    ],
    [
      'a method in small letters',
      { path: '/', cors: { origins: ['*'], methods: ['get'] } },
      ['routes[0].cors.methods[0]: props/value'],
    ],
    [
      'credentials for all',
      { path: '/', cors: { origins: ['*'], credentials: true } },
      ['routes[0].cors.origins: gateway/cors'],
    ],
    ['an unknown prop', { path: '/', cors: { origins: ['*'], age: 5 } }, ['routes[0].cors.age: props/unknown']],
  ])('%s', (_title, route, expected) => {
    expect(refusals([route])).toEqual(expected.map((line) => `[app/routing] ${line}`));
  });

  test('shares of more than all, or to more than 15 others (CH05-26)', () => {
    const refused = (percents: number[]): string[] =>
      problemsOf((chart) => {
        const backend = service(chart, 'next');
        routing(chart, [{ path: '/', split: percents.map((percent) => ({ backend, percent })) }]);
      });
    expect(refused([60, 41])).toEqual(['[app/routing] routes[0].split: gateway/split']);
    expect(refused(Array.from({ length: 16 }, () => 1))).toEqual(['[app/routing] routes[0].split: gateway/split']);
    expect(refused([60, 40])).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no class and no Gateway (CH01-25)', {}, ['controller.className: props/required']],
    ['both', { className: 'a', gateway: { name: 'b' } }, ['controller.className: props/conflict']],
    ['a Gateway without a name', { gateway: {} }, ['controller.gateway.name: props/required']],
    ['one port for both', { className: 'a', httpPort: 443 }, ['controller.httpsPort: gateway/listener']],
    ['no port', { className: 'a', httpPort: 0 }, ['controller.httpPort: props/value']],
    ['an unknown option', { className: 'a', traefik: true }, ['controller.traefik: props/unknown']],
  ])('a controller with %s', (_title, options, expected) => {
    const controller = GatewayController.inNamespace('traefik', untyped(options));
    expect(refusals([{ path: '/' }], { controller })).toEqual(expected.map((line) => `[app/routing] ${line}`));
  });
});

test('each path has the rule that the order of the API gives it, however many routes there are', () => {
  const paths = fc.uniqueArray(fc.constantFrom('/', '/a', '/b', '/a/b', '/a/b/c', '/c', '/c/d'), { minLength: 1 });
  fc.assert(
    fc.property(paths, fc.constantFrom('/', '/a', '/a/b', '/a/bc', '/a/b/c/d', '/c/d', '/x'), (given, asked) => {
      const found = rules(given.map((path) => ({ path }))).find(({ matches: [{ path }] }) =>
        path.value === '/' ? true : `${asked}/`.startsWith(`${path.value}/`),
      );
      const wanted = given
        .filter((path) => path === '/' || `${asked}/`.startsWith(`${path}/`))
        .sort((a, b) => b.length - a.length)[0];
      expect(found?.matches[0].path.value).toBe(wanted);
    }),
    { numRuns: 50 },
  );
});

describe('a host is short enough for the names of its listener and of its Secret', () => {
  // labels of 49 characters and a dot
  const domain = `${`${'a'.repeat(49)}.`.repeat(4)}${'b'.repeat(41)}`;
  const longest = `${'c'.repeat(7)}.${domain}`;

  test.each<[string, string, string[]]>([
    ['249 characters', longest, []],
    ['250 characters', `c${longest}`, [': gateway/listener']],
    ['241 characters', `*.${domain.slice(2)}`, []],
    ['a wildcard of 242 characters', `*.${domain.slice(1)}`, [': gateway/listener']],
  ])('%s', (_title, host, expected) => {
    const refused = (build: (chart: Chart) => void): string[] =>
      problemsOf((chart) => {
        new ClusterProfile({ version: '1.31', gatewayApi: { version: '1.5' } }).assignTo(chart);
        build(chart);
      });
    const at = (prop: string): string[] => expected.map((end) => `[app/${prop}${end}`);
    expect(refused((chart) => routing(chart, undefined, { host }))).toEqual(at('routing] host'));
    expect(
      refused((chart) => new Gateway(chart, 'gateway', { controller: TRAEFIK, listeners: [{ host, tls: ISSUED }] })),
    ).toEqual(at('gateway] listeners[0].host'));
    expect(
      refused((chart) => new TlsRoute(chart, 'vault', { host, controller: TRAEFIK, backend: service(chart) })),
    ).toEqual(at('vault] host'));
  });

  test('an Ingress has no listener', () => {
    const controller = IngressController.inNamespace('traefik', { className: 'traefik' });
    expect(problemsOf((chart) => routing(chart, undefined, { host: `c${longest}`, controller }))).toEqual([]);
  });
});
