import * as fc from 'fast-check';
import { controller } from './arbitrary-network';
import { annotations, dnsLabel, hostName, labels, subdomain, word } from './arbitrary-text';
import { call, type Terms } from './terms';

const path = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom('/', '/api', '/api/', '/é', '/a.b', '/...', '/a;b=c', '/%20', '/~a', '/a&b', '/.well-known/x'),
  word('abcABC019/-_', 1, 500).map((text) => `/${text}`.replace(/\/+/g, '/')),
);

const routes = fc.uniqueArray(
  fc.record(
    { path, backend: fc.nat(3), pathType: fc.constantFrom('Prefix', 'Exact'), stripPrefix: fc.boolean() },
    { requiredKeys: ['path', 'backend'] },
  ),
  // a slash at the end makes no difference to a prefix
  {
    maxLength: 4,
    selector: (route) => `${route.pathType ?? 'Prefix'} ${route.path === '/' ? '/' : route.path.replace(/\/$/, '')}`,
  },
);

const tls = fc.oneof(
  { withCrossShrink: true },
  fc.constant(call('Tls.none')),
  fc
    .tuple(fc.constantFrom('clusterIssuer', 'issuer'), subdomain(), fc.option(subdomain(), { nil: undefined }))
    .map(([kind, issuer, secretName]) =>
      call('Tls.certManager', { [kind]: issuer, ...(secretName === undefined ? {} : { secretName }) }),
    ),
  subdomain().map(($secret) => call('Tls.secret', { $secret })),
);

/** A routing whose backends are still numbers. */
export interface RawRouting extends Terms {
  readonly routes: ReadonlyArray<{
    readonly path: string;
    readonly backend: number;
    readonly pathType?: string;
    readonly stripPrefix?: boolean;
  }>;
  readonly defaultBackend?: number;
  readonly controller: Terms;
  readonly byNginx?: boolean;
}

export const rawRouting: fc.Arbitrary<RawRouting> = fc.record(
  {
    host: hostName,
    tls,
    controller,
    routes,
    defaultBackend: fc.nat(3),
    byNginx: fc.boolean(),
    name: dnsLabel(),
    labels,
    annotations,
  },
  { requiredKeys: ['host', 'tls', 'controller', 'routes'] },
);

function isTraefik({ args }: Terms): boolean {
  const { className, traefik } = (args as Terms[])[1];
  return (traefik ?? className === 'traefik') as boolean;
}

/**
 * The props with backends of the app. Prefixes are stripped by Traefik only, and at least one request goes somewhere.
 */
export function routingProps(
  { routes: raw, defaultBackend, byNginx, ...others }: RawRouting,
  backends: readonly string[],
): Terms {
  const backend = (rank: number): Terms => ({ $block: backends[rank % backends.length] });
  const strips = isTraefik(others.controller);
  const props = {
    ...others,
    routes: raw.map(({ backend: rank, stripPrefix, ...route }) => ({
      ...route,
      backend: backend(rank),
      ...(stripPrefix !== undefined && strips ? { stripPrefix } : {}),
    })),
    ...(defaultBackend === undefined && raw.length > 0 ? {} : { defaultBackend: backend(defaultBackend ?? 0) }),
  };
  return byNginx && raw.some(({ pathType }) => pathType !== 'Exact') ? byIngressNginx(props) : props;
}

/** The same by ingress-nginx itself, with the type that it takes for all paths. */
function byIngressNginx({ controller: given, routes: all, ...props }: Terms): Terms {
  const { $call: factory, args } = given as { $call: string; args: Terms[] };
  const { ingressNginx, traefik, ...options } = args[1];
  return {
    ...props,
    controller: call(factory, args[0], { ...options, className: 'nginx' }),
    routes: (all as Terms[])
      .filter(({ pathType }) => pathType !== 'Exact')
      .map(({ stripPrefix, ...route }) => ({ ...route, pathType: 'ImplementationSpecific' })),
  };
}
