import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { gatewayController } from './arbitrary-network';
import { annotations, dnsLabel, duration, hostName, labels, mapping, subdomain, word } from './arbitrary-text';
import { type BlockData, call, type Terms } from './terms';
import { ending, type Theme } from './theme';

// `*` alone stands for all headers
const headerName = word('abcABC019!#$%&*+-.^_`|~', 1, 256).filter((name) => name !== '*');
const headerValue = word('abcABC019 -_.,;:="\'/\\', 1, 4096).map((text) =>
  `v${text.slice(1)}`.trim().replace(/ +/g, ' '),
);
/** Names that differ by more than their case. */
const byLowerCase = { selector: (name: string) => name.toLowerCase() };
const headers = mapping(
  headerName.map((name) => name.toLowerCase()),
  headerValue,
);
const headerList = fc.uniqueArray(headerName, { maxLength: 3, ...byLowerCase });
const changes = fc.record({ set: headers, remove: headerList }, { requiredKeys: [] });

const origin = fc
  .tuple(
    fc.constantFrom('https://', 'http://', 'https://*.'),
    fc.constantFrom('example.com', 'a', 'shop.example.com'),
    fc.constantFrom('', ':8443', ':1'),
  )
  .map((parts) => parts.join(''));
const some = <T>(item: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> =>
  fc.uniqueArray(item, { minLength, maxLength: 4 });
const cors = fc.record(
  {
    origins: fc.oneof(some(origin, 1), fc.constant(['*'])),
    methods: fc.oneof(some(fc.constantFrom('GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH')), fc.constant(['*'])),
    headers: fc.oneof(headerList, fc.constant(['*'])),
    exposeHeaders: headerList,
    maxAge: duration(1, 86_400),
  },
  { requiredKeys: ['origins'] },
);

const path = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom('/', '/api', '/api/', '/a.b', '/...', '/a;b=c', '/%20', '/~a', '/a&b', '/.well-known/x'),
  word('abcABC019/-_', 1, 1023).map((text) => `/${text}`.replace(/\/+/g, '/')),
);

/** What a route of HTTP and one of gRPC can say, with backends by their number. */
const common = {
  backend: fc.nat(1),
  matchHeaders: headers,
  split: fc.nat(100),
  mirror: fc.record({ backend: fc.nat(1), percent: fc.integer({ min: 1, max: 100 }) }, { requiredKeys: ['backend'] }),
  requestHeaders: changes,
  responseHeaders: changes,
};

interface RawRoute extends Terms {
  readonly path: string;
  readonly backend: number;
  readonly pathType?: string;
  readonly matchHeaders?: Readonly<Record<string, string>>;
  readonly split?: number;
  readonly mirror?: { readonly backend: number; readonly percent?: number };
}

const httpRoute: fc.Arbitrary<RawRoute> = fc
  .record(
    {
      ...common,
      path,
      pathType: fc.constantFrom('Prefix', 'Exact'),
      replacePrefix: path,
      timeout: duration(1, 20),
      cors,
      stripPrefix: fc.boolean(),
    },
    { requiredKeys: ['path', 'backend'] },
  )
  .map(({ stripPrefix, replacePrefix, ...given }) => ({
    ...given,
    ...(replacePrefix === undefined ? { stripPrefix: stripPrefix ?? false } : { replacePrefix }),
  }));

/** The path of a method, of a service, or of all. */
const grpcRoute: fc.Arbitrary<RawRoute> = fc
  .record(
    { ...common, path: fc.constantFrom('/', '/shop.Cart', '/shop.Cart/Add', '/a', '/a_1.B2/_C', '/A/b') },
    { requiredKeys: ['path', 'backend'] },
  )
  .map((given) => ({ ...given, grpc: true }));

/** Routes of one path differ by their headers; a slash at the end makes no difference to a prefix. */
function distinct(route: fc.Arbitrary<RawRoute>): fc.Arbitrary<RawRoute[]> {
  return fc.uniqueArray(route, {
    minLength: 1,
    maxLength: 20,
    selector: ({ path: asked, pathType, matchHeaders }) =>
      JSON.stringify([pathType ?? 'Prefix', asked.replace(/(.)\/$/, '$1'), Object.entries(matchHeaders ?? {}).sort()]),
  });
}

const routes = fc.oneof({ withCrossShrink: true }, { weight: 3, arbitrary: distinct(httpRoute) }, distinct(grpcRoute));

/** The listener of a host is named by it, and the Secret of its certificate has a longer name. */
const host = hostName.map((name) => (name.length > 249 ? name.slice(-249).replace(/^[^a-z]/, 'a') : name));

const tls = fc.oneof(
  { withCrossShrink: true },
  fc.constant(call('Tls.none')),
  subdomain().map((clusterIssuer) => call('Tls.certManager', { clusterIssuer, challenge: 'dns01' })),
  subdomain().map(($secret) => call('Tls.secret', { $secret })),
);

const BACKENDS = ['backendg', 'nextg'];
const backendAt = (rank: number): Terms => ({ $block: BACKENDS[rank] });

const backends: readonly BlockData[] = BACKENDS.map((backend) => ({
  kind: 'WebService',
  id: backend,
  props: { image: 'ghcr.io/acme/web:1.4.2', port: 8080, readiness: call('Probe.portOnly') },
}));

const AUTHENTICATION = fc.constantFrom('byApp', 'none').map((kind) => call(`Authentication.${kind}`));

/** Who forwards the requests: by the profile where it says so, and the block does not. */
function controllerOn(cluster: Terms | undefined, controller: Terms, stated: boolean): Terms {
  return cluster?.gateway !== undefined && !stated ? {} : { controller };
}

/** A Gateway of the app with a routing, or a routing with a Gateway of its own. */
const gateway: fc.Arbitrary<Theme> = fc
  .record({
    id,
    controller: gatewayController,
    stated: fc.boolean(),
    shared: fc.boolean(),
    /** The domain of a listener of the Gateway. */
    domain: fc.option(subdomain(230), { nil: undefined }),
    secret: subdomain(),
    own: fc.record(
      { name: dnsLabel(40), labels, annotations, clientCertificates: subdomain(), namespaceLabels: labels },
      { requiredKeys: [] },
    ),
    routing: fc.record({ host, tls, routes, authentication: AUTHENTICATION }),
  })
  .map(({ id: name, controller, stated, shared, domain, secret, own, routing }) => (cluster) => {
    const listeners =
      domain === undefined
        ? {}
        : { listeners: [{ host: `*.d.${domain}`, tls: call('Tls.secret', { $secret: secret }) }] };
    const by = controllerOn(cluster, controller, stated);
    const block = ending({ kind: 'Gateway', id: name, props: { ...own, ...listeners, ...by } }, 'g');
    const { routes: raw, ...others } = routing;
    const props = {
      ...others,
      // the listener of the Gateway has the certificate
      ...(shared && domain !== undefined ? { host: `a.d.${domain}`, tls: call('Tls.ofGateway') } : {}),
      ...(shared ? { controller: { $block: block.id } } : by),
      routes: raw.map(({ backend, split, mirror, ...given }) => ({
        ...given,
        backend: backendAt(backend),
        ...(split === undefined ? {} : { split: [{ backend: backendAt(1 - backend), percent: split }] }),
        ...(mirror === undefined ? {} : { mirror: { ...mirror, backend: backendAt(mirror.backend) } }),
      })),
    };
    return { blocks: [...backends, block, { kind: 'HttpRouting', id: 'routing-g', props }] };
  });

const passthrough: fc.Arbitrary<Theme> = fc
  .record({
    id,
    controller: gatewayController,
    stated: fc.boolean(),
    own: fc.record({ name: dnsLabel(40), labels, annotations }, { requiredKeys: [] }),
    host,
  })
  .map(({ id: name, controller, stated, own, host: routed }) => (cluster) => {
    const [backend] = backends;
    const by = controllerOn(cluster, controller, stated);
    const props = { ...own, ...by, host: routed, backend: { $block: `${backend.id}t` } };
    return { blocks: [ending(backend, 't'), ending({ kind: 'TlsRoute', id: name, props }, 'l')] };
  });

export const gatewayThemes = { Gateway: gateway, TlsRoute: passthrough };
