import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { cidr } from './arbitrary-network';
import { annotations, dnsLabel, duration, hostName, labels, mapping, subdomain, word } from './arbitrary-text';
import { type BlockData, call, type Terms } from './terms';
import { ending, type Theme } from './theme';

const port = fc.integer({ min: 1, max: 32_767 });
const controllerOptions = fc
  .record({ className: subdomain(), httpPort: port, shift: port, lag: duration(0, 3600), podLabels: labels })
  .map(({ httpPort, shift, ...given }) => ({ ...given, httpPort, httpsPort: httpPort + shift }));

/** Of a class, so that it can have Gateways of the app. */
const controller = fc.oneof(
  { withCrossShrink: true },
  fc
    .tuple(dnsLabel(), controllerOptions)
    .map(([namespace, given]) => call('GatewayController.inNamespace', namespace, given)),
  fc
    .tuple(fc.array(cidr, { minLength: 1, maxLength: 3 }), controllerOptions)
    .map(([ranges, { podLabels: _, ...given }]) => call('GatewayController.fromCidrs', ranges, given)),
);

const headerName = word('abcABC019!#$%&*+-.^_`|~', 1, 256);
const headerValue = word('abcABC019 -_.,;:="\'/\\', 1, 4096).map((text) => `v${text.slice(1)}`);
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

/** A route with backends by their number. */
const route = fc
  .record(
    {
      path,
      backend: fc.nat(1),
      pathType: fc.constantFrom('Prefix', 'Exact'),
      replacePrefix: path,
      matchHeaders: headers,
      timeout: duration(1, 20),
      split: fc.nat(100),
      mirror: fc.record(
        { backend: fc.nat(1), percent: fc.integer({ min: 1, max: 100 }) },
        { requiredKeys: ['backend'] },
      ),
      cors,
      requestHeaders: changes,
      responseHeaders: changes,
      stripPrefix: fc.boolean(),
    },
    { requiredKeys: ['path', 'backend'] },
  )
  .map(({ stripPrefix, replacePrefix, ...given }) => ({
    ...given,
    ...(replacePrefix === undefined ? { stripPrefix: stripPrefix ?? false } : { replacePrefix }),
  }));

/** Routes of one path differ by their headers; a slash at the end makes no difference to a prefix. */
const routes = fc.uniqueArray(route, {
  minLength: 1,
  maxLength: 20,
  selector: ({ path: asked, pathType, matchHeaders }) =>
    JSON.stringify([pathType ?? 'Prefix', asked.replace(/(.)\/$/, '$1'), Object.entries(matchHeaders ?? {}).sort()]),
});

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

/** A Gateway of the app with a routing, or a routing with a Gateway of its own. */
const gateway: fc.Arbitrary<Theme> = fc
  .record({
    id,
    controller,
    shared: fc.boolean(),
    own: fc.record({ name: dnsLabel(40), labels, annotations, clientCertificates: subdomain() }, { requiredKeys: [] }),
    host: hostName,
    tls,
    routes,
    authentication: AUTHENTICATION,
  })
  .map(({ id: name, controller: by, shared, own, routes: raw, ...others }) => () => {
    const block = ending({ kind: 'Gateway', id: name, props: { ...own, controller: by } }, 'g');
    const props = {
      ...others,
      controller: shared ? { $block: block.id } : by,
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
    controller,
    own: fc.record({ name: dnsLabel(40), labels, annotations }, { requiredKeys: [] }),
    host: hostName,
  })
  .map(({ id: name, controller: by, own, host }) => () => {
    const [backend] = backends;
    const props = { ...own, host, controller: by, backend: { $block: `${backend.id}t` } };
    return { blocks: [ending(backend, 't'), ending({ kind: 'TlsRoute', id: name, props }, 't')] };
  });

export const gatewayThemes = { Gateway: gateway, TlsRoute: passthrough };
