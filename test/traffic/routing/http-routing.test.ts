import { ApiObject, App, Chart, Duration, JsonPatch, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import {
  Authentication,
  ClusterProfile,
  type HttpRoute,
  HttpRouting,
  type HttpRoutingProps,
  IngressController,
  type IRouteBackend,
  StaticSite,
  Tls,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from '../../../src';
import {
  linesOf,
  type Manifest,
  newChart,
  only,
  problemsOf,
  problemsOfApp,
  refusedBy,
  synth,
  untyped,
  warningsOf,
  WEB,
} from '../../support';

const TRAEFIK = IngressController.inNamespace('traefik', { className: 'traefik' });
const NGINX = IngressController.inNamespace('ingress-nginx', { className: 'nginx' });
const BASE = {
  host: 'shop.example.com',
  tls: Tls.none(),
  controller: TRAEFIK,
  authentication: Authentication.byApp(),
};

type RouteWithoutBackend = Omit<HttpRoute, 'backend'>;

/** A routing with these routes, all to one block. */
function routing(
  chart: Chart,
  routes: RouteWithoutBackend[],
  props: Partial<HttpRoutingProps> = {},
  id = 'routing',
): HttpRouting {
  const backend = (chart.node.tryFindChild('web') as WebService | undefined) ?? new WebService(chart, 'web', WEB);
  return new HttpRouting(chart, id, { ...BASE, routes: routes.map((route) => ({ ...route, backend })), ...props });
}

function ingress(props: Partial<HttpRoutingProps> = {}, routes: RouteWithoutBackend[] = [{ path: '/' }]): Manifest {
  return only(
    synth((chart) => routing(chart, routes, props)),
    'Ingress',
  );
}

function refusals(props: Record<string, unknown>, routes: Array<Record<string, unknown>> = [{ path: '/' }]): string[] {
  return problemsOf((chart) => routing(chart, untyped(routes), untyped(props)));
}

test('is one Ingress with host, class and the named port of each backend (CH01-62, S09-09, CH09-24, CH09-25)', () => {
  const found = ingress();
  expect(found).toMatchObject({
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name: 'app-routing', namespace: 'shop' },
  });
  expect(found.spec).toEqual({
    ingressClassName: 'traefik',
    rules: [
      {
        host: 'shop.example.com',
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'app-web', port: { name: 'http' } } } }],
        },
      },
    ],
  });
  expect(found.metadata).not.toHaveProperty('annotations');
});

test('takes name, labels and annotations (DX-13, CH09-32)', () => {
  const { metadata } = ingress({ name: 'front', labels: { team: 'web' }, annotations: { note: 'x' } });
  expect(metadata).toMatchObject({
    name: 'front',
    labels: { 'team': 'web', 'app.kubernetes.io/instance': 'front' },
    annotations: { note: 'x' },
  });
});

test('a name that Kubernetes refuses is refused (DX-12)', () => {
  expect(refusals({ name: 'Front' })).toEqual(['[app/routing] name: app/object-name']);
});

describe('routes', () => {
  test('are sorted, the longest path first, whatever the order of their declaration (CH01-63)', () => {
    const paths = ['/', '/api/v1', '/zoo', '/api', '/api/v1/entries'].map((path) => ({ path }));
    const order = (routes: RouteWithoutBackend[]): unknown =>
      ingress({}, routes).spec.rules[0].http.paths.map(({ path }: Manifest) => path);
    expect(order(paths)).toEqual(['/api/v1/entries', '/api/v1', '/api', '/zoo', '/']);
    expect(order([...paths].reverse())).toEqual(order(paths));
  });

  test('of one path, the exact one is first', () => {
    const { paths } = ingress({ controller: NGINX }, [{ path: '/api' }, { path: '/api', pathType: 'Exact' }]).spec
      .rules[0].http;
    expect(paths.map(({ pathType }: Manifest) => pathType)).toEqual(['Exact', 'Prefix']);
  });

  test('ImplementationSpecific is refused, but for ingress-nginx by row B11 (CH01-63)', () => {
    const route = { path: '/.well-known/x', pathType: 'ImplementationSpecific' } as const;
    const refused = ['[app/routing] routes[0].pathType: routing/path-type'];
    const other = { className: 'internal' };
    expect(refusals({}, [route])).toEqual(refused);
    expect(refusals({ controller: IngressController.inNamespace('a', other) }, [route])).toEqual(refused);
    expect(
      refusals({ controller: IngressController.inNamespace('a', { ...other, ingressNginx: true }) }, [route]),
    ).toEqual([]);
    expect(ingress({ controller: NGINX }, [route]).spec.rules[0].http.paths[0]).toMatchObject(route);
    expect(refusals({ controller: NGINX }, [{ path: '/', pathType: 'implementationSpecific' }])).toEqual([
      '[app/routing] routes[0].pathType: props/value',
    ]);
  });

  test.each(['/.well-known/x', '/v1.0/', '/~a', '/a;b', '/a%20b', '/é'])(
    'ingress-nginx refuses %s as Prefix or Exact, and takes it otherwise (row B11)',
    (path) => {
      const controllers = [
        { controller: NGINX },
        { controller: IngressController.fromCidrs(['10.0.0.0/16'], { className: 'internal', ingressNginx: true }) },
      ];
      for (const controller of controllers) {
        for (const pathType of ['Prefix', 'Exact']) {
          expect(refusals(controller, [{ path: '/' }, { path, pathType }])).toEqual([
            '[app/routing] routes[1].path: routing/path-type',
          ]);
        }
        expect(refusals(controller, [{ path: '/a_b-C/9' }, { path, pathType: 'ImplementationSpecific' }])).toEqual([]);
      }
      expect(refusals({}, [{ path }])).toEqual([]);
      const later = { controller: IngressController.inNamespace('a', { className: 'nginx', ingressNginx: false }) };
      expect(refusals(later, [{ path }])).toEqual([]);
    },
  );

  test('of a text and of whole parts are one prefix for ingress-nginx (row B11)', () => {
    const routes = [{ path: '/a' }, { path: '/a/', pathType: 'ImplementationSpecific' }];
    expect(refusals({ controller: NGINX }, routes)).toEqual(['[app/routing] routing/duplicate-route']);
  });

  test.each<[string, string]>([
    ['/api/*', "Write '/api': "],
    ['/*', "Write '/': "],
    ['/a?b=1', "Write '/a': a query "],
    ['/a#b', "Write '/a': a fragment "],
    ['/^v[0-9]+', "Write '/': "],
    ['/{id}', "Write '/': "],
    ['/users/:id', "Write '/users': "],
    ['/a/(b|c)', "Write '/a': "],
    ['/`a`', "Write '/': "],
    ['/a\\d', "Write '/': "],
    ['/a$', "Write '/': "],
    ['/100%', 'Give an absolute path'],
  ])('the path %s never matches, and is refused (row B6)', (path, fix) => {
    for (const pathType of ['Prefix', 'Exact', 'ImplementationSpecific']) {
      expect(refusals({ controller: NGINX }, [{ path, pathType }])).toEqual([
        '[app/routing] routes[0].path: props/value',
      ]);
    }
    const build = (chart: Chart): HttpRouting => routing(chart, [{ path }]);
    expect(linesOf(build)).toEqual([expect.stringContaining(`. ${fix}`)]);
  });

  test('in Ingresses of others that never match are said (row B6)', () => {
    const paths = ['/api/*', '/a?b=1', '/api', '/^v[0-9]+'].map((path) => ({ path, pathType: 'Prefix' }));
    const others = [
      { path: '/x*', pathType: 'ImplementationSpecific' },
      { path: '/{id}', pathType: 'Exact' },
    ];
    const rules = [{ http: { paths } }, { host: 'a.example.com', http: { paths: others } }, {}];
    const raw = (chart: Chart, id: string, annotations?: Record<string, string>): ApiObject =>
      new ApiObject(chart, id, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { annotations },
        spec: { rules },
      });
    const line = '[app/raw] spec.rules: routing/unmatched-path';
    expect(
      warningsOf((chart) => {
        const web = new WebService(chart, 'web', WEB);
        new HttpRouting(chart, 'routing', { ...BASE, routes: [{ path: '/', backend: web }] });
        raw(chart, 'raw');
        raw(chart, 'patterns', { 'nginx.ingress.kubernetes.io/use-regex': 'true' });
      }),
    ).toEqual([line, line, line, line]);
  });

  test('of health checks of load balancers are held to the same (row B6)', () => {
    const annotations = {
      'alb.ingress.kubernetes.io/healthcheck-path': '/health*',
      'alb.ingress.kubernetes.io/healthcheck-port': '*',
    };
    const path = "annotations['alb.ingress.kubernetes.io/healthcheck-path']: props/value";
    expect(refusals({ annotations })).toEqual([`[app/routing] ${path}`]);
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, service: { annotations } }))).toEqual([
      `[app/web] service.${path}`,
    ]);
    const good = { 'alb.ingress.kubernetes.io/healthcheck-path': '/healthz?full=1' };
    expect(refusals({ annotations: good })).toEqual([]);
  });

  test('an ALB wants a longer drain of its backends (row B11)', () => {
    const ALB = IngressController.fromCidrs(['10.0.0.0/16'], { className: 'alb' });
    const warned = (controller: IngressController | undefined, web: Partial<WebServiceProps> = {}): string[] =>
      warningsOf((chart) => {
        new ClusterProfile({ ingressController: ALB }).assignTo(chart);
        const backend = new WebService(chart, 'web', { ...WEB, ...web });
        const site = new StaticSite(chart, 'site', { image: 'ghcr.io/acme/site:1.4.2', drain: Duration.seconds(25) });
        new HttpRouting(chart, 'routing', {
          ...BASE,
          controller,
          routes: [
            { path: '/a', backend: site },
            { path: '/b', backend },
            { path: '/c', backend },
          ],
        });
      });
    const short = ['[app/routing] routes.1.backend: routing/short-drain'];
    expect(warned(ALB)).toEqual(short);
    expect(warned(undefined)).toEqual(short);
    expect(warned(ALB, { drain: Duration.seconds(25) })).toEqual([]);
    expect(warned(TRAEFIK)).toEqual([]);
    const slow = { className: 'gce', lag: Duration.seconds(60) };
    expect(warned(IngressController.fromCidrs(['10.0.0.0/16'], slow))).toEqual([
      '[app/routing] routes.0.backend: routing/short-drain',
      ...short,
    ]);
    const none = { className: 'alb', lag: Duration.seconds(0) };
    expect(warned(IngressController.fromCidrs(['10.0.0.0/16'], none))).toEqual([]);
  });

  test.each(['api', '', '/a b', '/a//b', '/../b', '/a%2fb', '/%2F', 5])('the path %j is refused', (path) => {
    expect(refusals({}, [{ path }])).toEqual(['[app/routing] routes[0].path: props/value']);
  });

  test('at least one is needed, unless there is a default backend (CH01-62)', () => {
    expect(refusals({}, [])).toEqual(['[app/routing] routes: routing/no-route']);
  });

  test('a left out backend is one message (DX-05)', () => {
    expect(
      problemsOf((chart) => new HttpRouting(chart, 'routing', untyped({ ...BASE, routes: [{ path: '/' }] }))),
    ).toEqual(['[app/routing] routes[0].backend: props/required']);
  });

  test('a backend that is no construct is refused (DX-05)', () => {
    const backend = { serviceName: 'web', routePort: 'http', allowFrom: () => undefined };
    expect(
      problemsOf((chart) => new HttpRouting(chart, 'routing', untyped({ ...BASE, routes: [{ path: '/', backend }] }))),
    ).toEqual(['[app/routing] routes[0].backend: props/value']);
  });

  test('a backend of another namespace is refused (DX-24)', () => {
    const app = new App();
    const web = new WebService(newChart('blog', 'blog', app), 'web', WEB);
    new HttpRouting(newChart('shop', 'app', app), 'routing', { ...BASE, routes: [{ path: '/', backend: web }] });
    expect(refusedBy(() => app.synthYaml(), app)).toEqual([
      '[app/routing] routes[0].backend: reference/other-namespace',
    ]);
  });

  test('a block of your own may be a backend', () => {
    const opened: unknown[] = [];
    const found = synth((chart) => {
      const own = Object.assign(newChart('shop', 'own', chart.node.root as App), {
        serviceName: 'legacy',
        routePort: 'web',
        routeTargetPort: 8081,
        allowFrom: (...args: unknown[]) => opened.push(args),
      }) as IRouteBackend;
      new HttpRouting(chart, 'routing', { ...BASE, routes: [{ path: '/', backend: own }] });
    });
    expect(only(found, 'Ingress').spec.rules[0].http.paths[0].backend).toEqual({
      service: { name: 'legacy', port: { name: 'web' } },
    });
    expect(opened).toEqual([[TRAEFIK, { ports: [8081], protocol: 'TCP' }]]);
  });
});

describe('one path of one host', () => {
  test('belongs to one route of a routing (CH01-63)', () => {
    expect(refusals({}, [{ path: '/api' }, { path: '/api' }])).toEqual(['[app/routing] routing/duplicate-route']);
  });

  test('a trailing slash makes no other prefix', () => {
    expect(refusals({}, [{ path: '/api' }, { path: '/api/' }])).toEqual(['[app/routing] routing/duplicate-route']);
    expect(
      refusals({}, [
        { path: '/api', pathType: 'Exact' },
        { path: '/api/', pathType: 'Exact' },
      ]),
    ).toEqual([]);
  });

  test('belongs to one routing of the app', () => {
    const app = new App();
    for (const id of ['a', 'b']) routing(newChart('shop', id, app), [{ path: '/' }]);
    expect(problemsOfApp(app)).toContain('[b/routing] routing/duplicate-route');
  });

  test('may be used on another cluster, host or class again', () => {
    const app = new App();
    for (const name of ['east', 'west']) {
      const chart = newChart('shop', name, app);
      new ClusterProfile({ name }).assignTo(chart);
      routing(chart, [{ path: '/' }]);
    }
    const more = newChart('shop', 'more', app);
    new ClusterProfile({ name: 'east' }).assignTo(more);
    routing(more, [{ path: '/' }], { host: 'other.example.com' }, 'host');
    routing(more, [{ path: '/' }], { controller: NGINX }, 'class');
    expect(() => app.synthYaml()).not.toThrow();
  });
});

describe('TLS', () => {
  test('comes from a ClusterIssuer of cert-manager (CH01-71, CH09-26, CH09-27)', () => {
    const found = ingress({ tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) });
    expect(found.metadata.annotations).toEqual({
      'cert-manager.io/cluster-issuer': 'letsencrypt',
      'traefik.ingress.kubernetes.io/router.tls': 'true',
    });
    expect(found.spec.tls).toEqual([{ hosts: ['shop.example.com'], secretName: 'app-routing-tls' }]);
  });

  test('or from an Issuer, into a Secret of any name', () => {
    const found = ingress({ tls: Tls.certManager({ issuer: 'own', secretName: 'cert' }) });
    expect(found.metadata.annotations).toMatchObject({ 'cert-manager.io/issuer': 'own' });
    expect(found.spec.tls[0].secretName).toBe('cert');
  });

  test('or is in a Secret already', () => {
    const found = synth((chart) =>
      routing(chart, [{ path: '/' }], { tls: Tls.secret(Secret.fromSecretName(chart, 'cert', 'shop-tls')) }),
    );
    expect(only(found, 'Ingress').spec.tls).toEqual([{ hosts: ['shop.example.com'], secretName: 'shop-tls' }]);
    const versioned = synth((chart) =>
      routing(chart, [{ path: '/' }], { tls: Tls.secret(new VersionedSecret(chart, 'cert', { version: 'v3' })) }),
    );
    expect(only(versioned, 'Ingress').spec.tls[0].secretName).toBe('cert-v3');
  });

  test('or is left out by name', () => {
    expect(ingress({ tls: Tls.none() }).spec).not.toHaveProperty('tls');
  });

  test('is never left out by accident (CH01-71)', () => {
    expect(refusals({ tls: undefined })).toEqual(['[app/routing] tls: props/required']);
  });

  test.each([
    ['no issuer', {}, 'tls.clusterIssuer: props/required'],
    ['two issuers', { issuer: 'a', clusterIssuer: 'b' }, 'tls.clusterIssuer: props/conflict'],
    ['an unknown option', { clusterIssuer: 'b', isuer: 'a' }, 'tls.isuer: props/unknown'],
  ])('with %s is refused', (_, options, message) => {
    expect(refusals({ tls: Tls.certManager(options) })).toEqual([`[app/routing] ${message}`]);
  });

  test('by a Secret of another namespace is refused (DX-24)', () => {
    const app = new App();
    const shop = newChart('shop', 'shop', app);
    const secret = new VersionedSecret(newChart('other', 'other', app), 'cert', { version: 'v1' });
    routing(shop, [{ path: '/' }], { tls: Tls.secret(secret) });
    expect(refusedBy(() => app.synthYaml(), app)).toEqual(['[shop/routing] tls: reference/other-namespace']);
  });

  test('by a Secret without a name is refused (DX-12)', () => {
    expect(refusals({ tls: Tls.secret({ name: '' } as never) })).toEqual(['[app/routing] tls.name: app/object-name']);
  });

  test.each([undefined, null, 'cert', {}])('by the Secret %j is refused', (secret) => {
    expect(refusals({ tls: Tls.secret(secret as never) })).toEqual(['[app/routing] tls: props/value']);
  });
});

test('a host is needed: without one the routes would answer for every host (DX-39)', () => {
  expect(refusals({ host: undefined })).toEqual(['[app/routing] host: props/required']);
});

test('a controller is needed (CH01-25, CH09-29)', () => {
  expect(refusals({ controller: undefined })).toEqual(['[app/routing] controller: props/required']);
});

describe('the traffic source', () => {
  const from = (controller: IngressController): unknown =>
    only(
      synth((chart) => routing(chart, [{ path: '/' }, { path: '/api' }], { controller })),
      'NetworkPolicy',
    ).spec.ingress;
  const ports = [{ port: 8080, protocol: 'TCP' }];

  test('is let in to each backend, and nobody else', () => {
    expect(from(TRAEFIK)).toEqual([
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'traefik' } }, podSelector: {} }],
        ports,
      },
    ]);
  });

  test('may be pods with labels', () => {
    expect(from(IngressController.inNamespace('edge', { className: 'nginx', podLabels: { app: 'nginx' } }))).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } },
            podSelector: { matchLabels: { app: 'nginx' } },
          },
        ],
        ports,
      },
    ]);
  });

  test('may be ranges of addresses', () => {
    expect(from(IngressController.fromCidrs(['10.0.0.0/16', 'fd00::/8'], { className: 'alb' }))).toEqual([
      { from: [{ ipBlock: { cidr: '10.0.0.0/16' } }, { ipBlock: { cidr: 'fd00::/8' } }], ports },
    ]);
  });

  test('opens the default backend too', () => {
    const found = synth((chart) => routing(chart, [], { defaultBackend: new WebService(chart, 'fallback', WEB) }));
    expect(only(found, 'NetworkPolicy', 'app-fallback').spec.ingress).toHaveLength(1);
  });

  test('a label left out as undefined is no label', () => {
    const controller = IngressController.inNamespace('edge', {
      className: 'nginx',
      podLabels: untyped({ app: undefined }),
    });
    expect(ingress({ controller }).spec.ingressClassName).toBe('nginx');
  });

  test.each([
    [
      'an empty namespace',
      IngressController.inNamespace('', { className: 'nginx' }),
      'controller.namespace: props/value',
    ],
    ['no class', IngressController.inNamespace('edge', untyped({})), 'controller.className: props/required'],
    ['no range', IngressController.fromCidrs([], { className: 'nginx' }), 'controller.ranges: props/empty-list'],
    [
      'a host for a range',
      IngressController.fromCidrs(['10.0.0.5/16'], { className: 'nginx' }),
      'controller.ranges[0]: props/value',
    ],
    [
      'a bad label',
      IngressController.inNamespace('edge', { className: 'nginx', podLabels: { 'a b': 'c' } }),
      "controller.podLabels['a b']: props/value",
    ],
  ])('is refused with %s (CH01-25)', (_, controller, finding) => {
    expect(refusals({ controller })).toEqual([`[app/routing] ${finding}`]);
  });
});

describe('a default backend', () => {
  const FALLBACK = { service: { name: 'app-fallback', port: { name: 'http' } } };
  const withFallback = (
    props: Partial<HttpRoutingProps>,
    routes: RouteWithoutBackend[] = [{ path: '/api' }],
  ): Manifest[] =>
    synth((chart) => routing(chart, routes, { defaultBackend: new WebService(chart, 'fallback', WEB), ...props }));

  test('takes what no route matches (CH09-28)', () => {
    expect(only(withFallback({ controller: NGINX }), 'Ingress').spec).toMatchObject({
      defaultBackend: FALLBACK,
      rules: [{ host: 'shop.example.com' }],
    });
  });

  test('has an Ingress without routes with Traefik, which does not see it beside some', () => {
    const found = withFallback({ tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) });
    expect(only(found, 'Ingress', 'app-routing').spec).not.toHaveProperty('defaultBackend');
    const { metadata, spec } = only(found, 'Ingress', 'app-routing-default');
    expect(metadata.annotations).toEqual({ 'traefik.ingress.kubernetes.io/router.tls': 'true' });
    expect(spec).toEqual({
      ingressClassName: 'traefik',
      defaultBackend: FALLBACK,
      tls: [{ hosts: ['shop.example.com'], secretName: 'app-routing-tls' }],
    });
  });

  test('exists once with Traefik, which has one for all hosts (CH09-28)', () => {
    const two = (controller: IngressController): string[] =>
      problemsOf((chart) => {
        for (const host of ['a', 'b']) {
          routing(
            chart,
            [],
            { host: `${host}.example.com`, controller, defaultBackend: new WebService(chart, `fallback-${host}`, WEB) },
            host,
          );
        }
      });
    expect(two(NGINX)).toEqual([]);
    expect(two(TRAEFIK)).toEqual(['[app/b] routing/duplicate-default-backend']);
  });
});

/** What each middleware strips. */
function strippedBy(manifests: Manifest[]): Record<string, string[]> {
  return Object.fromEntries(
    manifests
      .filter(({ kind }) => kind === 'Middleware')
      .map(({ metadata, spec }) => [metadata.name, spec.stripPrefix.prefixes]),
  );
}

/** Whether Traefik sees a prefix in a path. */
function startsWith(path: string, prefix: string, isStrict: boolean): boolean {
  return isStrict ? `${path}/`.startsWith(prefix.replace(/\/?$/, '/')) : path.startsWith(prefix);
}

/**
 * The path that the backend sees, as Traefik works it out: one router for each path, the longest rule first where no
 * priority is stated, and of the prefixes of a middleware the first with which the path begins as text.
 */
function serve(manifests: Manifest[], asked: string, isStrict: boolean): string | undefined {
  const routers = manifests
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap(({ metadata: { annotations = {} }, spec }) =>
      spec.rules[0].http.paths.map(({ path, pathType }: Manifest) => ({
        matches: pathType === 'Exact' ? asked === path : startsWith(asked, path as string, isStrict),
        priority: Number(annotations['traefik.ingress.kubernetes.io/router.priority'] ?? 0) || (path as string).length,
        middleware: annotations['traefik.ingress.kubernetes.io/router.middlewares'] as string | undefined,
      })),
    );
  const [router] = routers.filter(({ matches }) => matches).sort((a, b) => b.priority - a.priority);
  if (router?.middleware === undefined) return router && asked;
  const prefix =
    strippedBy(manifests)[router.middleware.replace(/^shop-(.*)@kubernetescrd$/, '$1')].find((start) =>
      asked.startsWith(start),
    ) ?? '';
  return asked.slice(prefix.length).replace(/^\/?/, '/');
}

describe('an exact route', () => {
  const EXACT = { path: '/login', pathType: 'Exact' } as const;
  const PRIORITY = { 'traefik.ingress.kubernetes.io/router.priority': '10000000' };
  const pathsOf = (found: Manifest[], name: string): unknown =>
    only(found, 'Ingress', name).spec.rules[0].http.paths.map(({ path }: Manifest) => path);

  test('comes before all prefixes with Traefik, which would take the longer rule (CH01-63)', () => {
    const found = synth((chart) => routing(chart, [{ path: '/' }, EXACT, { path: '/login' }]));
    expect(pathsOf(found, 'app-routing')).toEqual(['/login', '/']);
    expect(only(found, 'Ingress', 'app-routing').metadata).not.toHaveProperty('annotations');
    expect(pathsOf(found, 'app-routing-exact')).toEqual(['/login']);
    expect(only(found, 'Ingress', 'app-routing-exact').metadata.annotations).toEqual(PRIORITY);
  });

  test('alone, too: a prefix of the host can be in another routing', () => {
    const { metadata } = ingress({ annotations: { 'traefik.ingress.kubernetes.io/router.priority': '5' } }, [EXACT]);
    expect(metadata).toMatchObject({ name: 'app-routing', annotations: PRIORITY });
  });

  test('that strips its path has an Ingress of its own, too', () => {
    const found = synth((chart) =>
      routing(chart, [{ path: '/' }, { ...EXACT, stripPrefix: true }, { path: '/old', stripPrefix: true }]),
    );
    expect(pathsOf(found, 'app-routing-strip')).toEqual(['/old']);
    expect(pathsOf(found, 'app-routing-exact-strip')).toEqual(['/login']);
    expect(only(found, 'Ingress', 'app-routing-exact-strip').metadata.annotations).toEqual({
      ...PRIORITY,
      'traefik.ingress.kubernetes.io/router.middlewares': 'shop-app-routing-exact-strip@kubernetescrd',
    });
    expect(strippedBy(found)).toEqual({ 'app-routing-strip': ['/old'], 'app-routing-exact-strip': ['/login'] });
  });

  test('stays beside the others for another controller', () => {
    const found = ingress({ controller: NGINX }, [{ path: '/' }, EXACT]);
    expect(found.spec.rules[0].http.paths).toHaveLength(2);
    expect(found.metadata).not.toHaveProperty('annotations');
  });
});

test('a default backend alone makes an Ingress without rules', () => {
  const { spec } = only(
    synth((chart) => routing(chart, [], { defaultBackend: new WebService(chart, 'fallback', WEB) })),
    'Ingress',
  );
  expect(spec).toEqual({
    ingressClassName: 'traefik',
    defaultBackend: { service: { name: 'app-fallback', port: { name: 'http' } } },
  });
});

test('a route opens the port that it leads to, and no other', () => {
  const chart = newChart();
  new WebService(chart, 'web', { ...WEB, extraPorts: [{ name: 'metrics', port: 9090 }] });
  routing(chart, [{ path: '/' }]);
  expect(only(Testing.synth(chart) as Manifest[], 'NetworkPolicy', 'app-web').spec.ingress[0].ports).toEqual([
    { port: 8080, protocol: 'TCP' },
  ]);
});

describe('stripPrefix', () => {
  test('leaves the certificate to the other Ingress, when there is one', () => {
    const chart = newChart();
    const { ingress: plain, ingresses } = routing(chart, [{ path: '/' }, { path: '/old', stripPrefix: true }], {
      tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
    });
    const annotations = Testing.synth(chart)
      .filter(({ kind }) => kind === 'Ingress')
      .map(({ metadata }) => Object.keys(metadata.annotations));
    expect(plain).toBe(ingresses[0]);
    expect(ingresses.map(({ name }) => name)).toEqual(['app-routing', 'app-routing-strip']);
    expect(annotations).toEqual([
      ['cert-manager.io/cluster-issuer', 'traefik.ingress.kubernetes.io/router.tls'],
      ['traefik.ingress.kubernetes.io/router.middlewares', 'traefik.ingress.kubernetes.io/router.tls'],
    ]);
  });

  test('another controller gets no annotation of Traefik', () => {
    const { metadata } = ingress({ controller: NGINX, tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }) });
    expect(metadata.annotations).toEqual({ 'cert-manager.io/cluster-issuer': 'letsencrypt' });
  });

  const STRIPPED = [
    { path: '/old', stripPrefix: true },
    { path: '/older', stripPrefix: true },
  ];

  test('puts its routes into an Ingress of their own, with the middleware of Traefik (CH09-30)', () => {
    const found = synth((chart) => routing(chart, [{ path: '/' }, ...STRIPPED]));
    const paths = (name: string): unknown =>
      only(found, 'Ingress', name).spec.rules[0].http.paths.map(({ path }: Manifest) => path);
    expect(paths('app-routing')).toEqual(['/']);
    expect(paths('app-routing-strip')).toEqual(['/older', '/old']);
    expect(only(found, 'Ingress', 'app-routing').metadata).not.toHaveProperty('annotations');
    expect(only(found, 'Ingress', 'app-routing-strip').metadata.annotations).toEqual({
      'traefik.ingress.kubernetes.io/router.middlewares': 'shop-app-routing-strip@kubernetescrd',
    });
    expect(only(found, 'Middleware')).toMatchObject({
      apiVersion: 'traefik.io/v1alpha1',
      metadata: { name: 'app-routing-strip' },
      spec: { stripPrefix: { prefixes: ['/older', '/old'] } },
    });
  });

  test('of all routes leaves no Ingress without rules: the API refuses such', () => {
    const found = synth((chart) => routing(chart, STRIPPED));
    const single = only(found, 'Ingress');
    expect(single.spec.rules[0].http.paths).toHaveLength(2);
    expect(single.metadata).toMatchObject({
      name: 'app-routing',
      annotations: { 'traefik.ingress.kubernetes.io/router.middlewares': 'shop-app-routing-strip@kubernetescrd' },
    });
  });

  test('strips the longest prefix, with or without the slash at its end', () => {
    const found = synth((chart) =>
      routing(
        chart,
        ['/ab/', '/abc', '/a/c'].map((path) => ({ path, stripPrefix: true })),
      ),
    );
    expect(only(found, 'Middleware').spec.stripPrefix.prefixes).toEqual(['/a/c', '/abc', '/ab']);
  });

  test('of a prefix below another one has an Ingress and a middleware of its own: Traefik would take the longer one from `/a/bc`, too', () => {
    const found = synth((chart) =>
      routing(
        chart,
        ['/a', '/a/b/', '/a/b/c', '/x', '/x/y'].map((path) => ({ path, stripPrefix: true })),
      ),
    );
    expect(strippedBy(found)).toEqual({
      'app-routing-strip': ['/a', '/x'],
      'app-routing-strip-2': ['/a/b', '/x/y'],
      'app-routing-strip-3': ['/a/b/c'],
    });
    expect(
      found
        .filter(({ kind }) => kind === 'Ingress')
        .map(({ metadata, spec }) => [
          metadata.name,
          metadata.annotations,
          spec.rules[0].http.paths.map(({ path }: Manifest) => path),
        ]),
    ).toEqual([
      [
        'app-routing',
        { 'traefik.ingress.kubernetes.io/router.middlewares': 'shop-app-routing-strip@kubernetescrd' },
        ['/a', '/x'],
      ],
      [
        'app-routing-strip-2',
        { 'traefik.ingress.kubernetes.io/router.middlewares': 'shop-app-routing-strip-2@kubernetescrd' },
        ['/a/b/', '/x/y'],
      ],
      [
        'app-routing-strip-3',
        { 'traefik.ingress.kubernetes.io/router.middlewares': 'shop-app-routing-strip-3@kubernetescrd' },
        ['/a/b/c'],
      ],
    ]);
  });

  test('of the root leaves other prefixes alone', () => {
    expect(
      strippedBy(
        synth((chart) =>
          routing(
            chart,
            ['/', '/a'].map((path) => ({ path, stripPrefix: true })),
          ),
        ),
      ),
    ).toEqual({ 'app-routing-strip': ['/'], 'app-routing-strip-2': ['/a'] });
  });

  test('of an exact route takes nothing from a prefix', () => {
    const found = synth((chart) =>
      routing(chart, [
        { path: '/a', stripPrefix: true },
        { path: '/a/b', pathType: 'Exact', stripPrefix: true },
        { path: '/a/b/c', pathType: 'Exact', stripPrefix: true },
      ]),
    );
    expect(strippedBy(found)).toEqual({ 'app-routing-strip': ['/a'], 'app-routing-exact-strip': ['/a/b/c', '/a/b'] });
  });

  test('takes from each path the prefix of its route, as Traefik compares (CH09-30)', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
    const route = fc.record({
      path,
      pathType: fc.constantFrom('Prefix' as const, 'Exact' as const),
      stripPrefix: fc.boolean(),
    });
    const routes = fc.uniqueArray(route, {
      minLength: 1,
      maxLength: 6,
      selector: (given) => `${given.pathType} ${given.path}`,
    });
    fc.assert(
      fc.property(routes, path, fc.boolean(), (given, asked, isStrict) => {
        const served = serve(
          synth((chart) => routing(chart, given)),
          asked,
          isStrict,
        );
        const matching = given.filter(({ path: prefix, pathType }) =>
          pathType === 'Exact' ? asked === prefix : startsWith(asked, prefix, isStrict),
        );
        const [best] = matching.sort(
          (a, b) => Number(b.pathType === 'Exact') - Number(a.pathType === 'Exact') || b.path.length - a.path.length,
        );
        expect(served).toBe(
          best === undefined || !best.stripPrefix ? best && asked : asked.slice(best.path.length).replace(/^\/?/, '/'),
        );
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  test('comes after the middlewares of the annotations, which keep their say', () => {
    const annotations = {
      'traefik.ingress.kubernetes.io/router.middlewares': 'shop-auth@kubernetescrd,shop-limit@kubernetescrd',
    };
    const found = synth((chart) => routing(chart, [{ path: '/' }, ...STRIPPED], { annotations }));
    expect(only(found, 'Ingress', 'app-routing').metadata.annotations).toEqual(annotations);
    expect(only(found, 'Ingress', 'app-routing-strip').metadata.annotations).toEqual({
      'traefik.ingress.kubernetes.io/router.middlewares':
        'shop-auth@kubernetescrd,shop-limit@kubernetescrd,shop-app-routing-strip@kubernetescrd',
    });
  });

  test('is refused for other controllers', () => {
    expect(refusals({ controller: NGINX }, [{ path: '/old', stripPrefix: true }])).toEqual([
      '[app/routing] routes[0].stripPrefix: routing/strip-prefix',
    ]);
  });

  test('is taken for a Traefik by another class name', () => {
    const controller = IngressController.inNamespace('edge', { className: 'edge', traefik: true });
    expect(refusals({ controller }, [{ path: '/old', stripPrefix: true }])).toEqual([]);
  });

  test('needs a namespace, by which Traefik finds the middleware', () => {
    const app = new App();
    routing(new Chart(app, 'bare'), [{ path: '/old', stripPrefix: true }]);
    expect(refusedBy(() => app.synthYaml(), app)).toEqual([
      '[bare/routing] routes[0].stripPrefix: routing/strip-prefix',
    ]);
  });
});

test('objects are public and take a JSON patch', () => {
  const chart = newChart();
  const {
    ingresses: [plain, stripping],
    middleware,
  } = routing(chart, [{ path: '/' }, { path: '/old', stripPrefix: true }]);
  expect([plain.kind, stripping.name, middleware?.kind]).toEqual(['Ingress', 'app-routing-strip', 'Middleware']);
  stripping.addJsonPatch(JsonPatch.add('/spec/rules/-', { host: 'more.example.com' }));
  expect(only(Testing.synth(chart) as Manifest[], 'Ingress', 'app-routing-strip').spec.rules).toHaveLength(2);
});

test('the routes are not written to', () => {
  const chart = newChart();
  const backend = new WebService(chart, 'web', WEB);
  const routes = Object.freeze(['/', '/api'].map((path) => Object.freeze({ path, backend }))) as unknown as HttpRoute[];
  new HttpRouting(chart, 'routing', Object.freeze({ ...BASE, routes }));
  expect(only(Testing.synth(chart) as Manifest[], 'Ingress').spec.rules[0].http.paths).toHaveLength(2);
  expect(routes.map(({ path }) => path)).toEqual(['/', '/api']);
});
