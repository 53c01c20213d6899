import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import type { FactIndex } from '../kernel/facts/fact-map';
import type { PassView } from '../kernel/facts/pass-view';
import { Verbatim } from '../kernel/findings/describe';
import type { LibraryRule } from '../kernel/findings/library-rule';
import type { Problems } from '../kernel/findings/problems';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { namespaceOf } from '../kernel/model/names';
import {
  firstMinorWith,
  GATEWAY_PATH,
  type GatewayFeature,
  hasFields,
  isImplemented,
  LONGEST_PATH,
  MOST_LISTENERS,
  OLDEST_BUNDLE,
} from '../kubernetes/gateway-api';
import type { GatewayFact, RoutingFact } from '../network/outside';
import type {} from '../pod/workload-facts';

const byOwner: FactIndex<'gateway', IConstruct> = ({ owner }) => [owner];
const podsOf: FactIndex<'podTemplate', IConstruct> = ({ owner }) => [owner];

/** A prop, and the feature that it needs. */
interface Use {
  readonly prop: string;
  readonly feature: GatewayFeature;
}

const missingController = (kind: 'gateway' | 'tlsRoute'): LibraryRule =>
  refuses(kind, ({ lacksController }, problems) => {
    if (!lacksController()) return;
    problems.refuse(
      'controller',
      undefined,
      kind === 'gateway' ? 'a GatewayController' : 'a GatewayController or a Gateway',
      {
        rule: 'props/required',
        fix: "Use GatewayController.inNamespace('traefik') with className: 'traefik', or .fromCidrs(...)",
        practice: 'CH01-25',
      },
    );
  });

/** An Ingress has fields for host, path, backend and certificate only. */
const needsGateway = refuses('routing', ({ controller, lacksController, gatewayProps, tlsOfGateway }, problems) => {
  const { gateway, title } = controller();
  if (gateway || lacksController()) return;
  const props = [...new Set(gatewayProps.map(({ prop }) => prop))];
  for (const prop of props) {
    problems.refuse(prop, new Verbatim(`a prop of the Gateway API for ${title}`), 'a gateway as the controller', {
      rule: 'routing/needs-gateway',
      fix: `An Ingress has no field for it: remove it, or use GatewayController.inNamespace(...) in 'controller'`,
    });
  }
  if (!tlsOfGateway) return;
  problems.refuse('tls', new Verbatim(`Tls.ofGateway() for ${title}`), 'the certificate of the Ingress', {
    rule: 'routing/needs-gateway',
    fix: 'Use Tls.certManager(...), Tls.secret(...), or Tls.none() for plain HTTP',
  });
});

/** What the objects of a routing use, besides props that say so. */
function usesOf({ tls, tlsOfGateway, stripping, gatewayProps, controller, ...fact }: RoutingFact): Use[] {
  const { gateway } = controller();
  if (!gateway) return [];
  const redirects = tls !== undefined || tlsOfGateway;
  return [
    ...(redirects ? [{ prop: 'tls', feature: 'HTTPRouteSchemeRedirect' } as const] : []),
    ...stripping.map((prop) => ({ prop, feature: 'HTTPRoutePathRewrite' }) as const),
    ...gatewayProps.flatMap(({ prop, feature }) => (feature ? [{ prop, feature }] : [])),
    ...fact.grpcBackends.map((prop) => ({ prop, feature: 'GRPCRoute' }) as const),
  ];
}

/** A field that the CRDs lack is dropped or refused; one that the controller lacks is ignored, or breaks the route. */
function refuseLacking(owner: IConstruct, uses: readonly Use[], problems: Problems): void {
  const { gatewayApi: stated, name } = clusterOf(owner);
  const bundle = stated ?? OLDEST_BUNDLE;
  for (const { prop, feature } of uses) {
    if (!hasFields(bundle, feature)) {
      const minor = firstMinorWith(feature, bundle.channel);
      const channel = bundle.channel === 'standard' ? '' : " and channel: 'experimental'";
      const says = stated ? `says 1.${bundle.minor} ${bundle.channel}` : 'says nothing';
      problems.refuse(
        prop,
        new Verbatim(feature),
        `version 1.${minor} of the Gateway API or newer (the ClusterProfile ${says})`,
        {
          rule: 'gateway/version',
          fix: `Where the cluster has it, assign a ClusterProfile whose gatewayApi has version: '1.${minor}'${channel}`,
        },
      );
    } else if (!isImplemented(bundle, feature)) {
      problems.refuse(
        prop,
        new Verbatim(feature),
        `a feature of the controller (gatewayApi.features of the ClusterProfile '${name}')`,
        {
          rule: 'gateway/feature',
          fix: `Remove the prop, or add '${feature}' to the list if the GatewayClass has it in its status`,
        },
      );
    }
  }
}

const routingFeatures = refuses('routing', (fact, problems) => refuseLacking(fact.owner, usesOf(fact), problems));

const gatewayFeatures = refuses('gateway', ({ owner, clientCertificates }, problems) => {
  if (clientCertificates === undefined) return;
  const feature = 'GatewayFrontendClientCertificateValidation';
  refuseLacking(owner, [{ prop: 'clientCertificates', feature }], problems);
});

const tlsRouteFeatures = refuses('tlsRoute', ({ owner, lacksController }, problems) => {
  if (!lacksController()) refuseLacking(owner, [{ prop: 'controller', feature: 'TLSRoute' }], problems);
});

/** A Gateway terminates TLS, so its listener has the certificate. */
const certificates = refuses('routing', ({ host, tls, tlsOfGateway, controller }, problems, view) => {
  const { gateway, title } = controller();
  if (!gateway) return;
  const { existing, block } = gateway;
  if (existing && tls) {
    problems.refuse('tls', new Verbatim(`a certificate of the routing for ${title}`), 'Tls.ofGateway()', {
      rule: 'gateway/certificate',
      fix: 'Write Tls.ofGateway(): the listener of an existing Gateway has its certificate',
    });
  } else if (existing && tlsOfGateway && existing.httpsListener === undefined) {
    problems.refuse('controller.gateway.httpsListener', undefined, 'the listener with the certificate', {
      rule: 'gateway/certificate',
      fix: "Name it: kubectl get gateway -o yaml, 'spec.listeners'",
    });
  } else if (!existing && !block && tlsOfGateway) {
    problems.refuse('tls', new Verbatim('Tls.ofGateway()'), 'a certificate: the Gateway is for this routing alone', {
      rule: 'gateway/certificate',
      fix: 'Use Tls.certManager(...) or Tls.secret(...)',
    });
  } else if (block && tlsOfGateway && view.by('gateway', byOwner, block)[0]?.listenerOf(host) === undefined) {
    problems.refuse('tls', new Verbatim('Tls.ofGateway()'), `a listener of ${title} for '${host}'`, {
      rule: 'gateway/certificate',
      fix: "Add one to its 'listeners', or use Tls.certManager(...)",
    });
  }
});

/** Controllers configure a port of TLS for all hosts of it. */
const clientCertificates = refuses('routing', ({ authentication, controller }, problems, view) => {
  const block = controller().gateway?.block;
  if (block === undefined || authentication?.kind !== 'clientCertificates') return;
  if (view.by('gateway', byOwner, block)[0]?.clientCertificates !== undefined) return;
  problems.refuse('authentication', new Verbatim('client certificates'), 'a Gateway that requires them', {
    rule: 'gateway/client-certificates',
    fix: `Give '${block.node.path}' clientCertificates: the name of a ConfigMap with the authorities`,
  });
});

const issuers = refuses('gateway', ({ issuers: all }, problems) => {
  const named = all().flatMap((annotations) => Object.entries(annotations).map(([key, name]) => `${key}: ${name}`));
  const names = [...new Set(named)].sort();
  if (names.length < 2) return;
  problems.refuse('listeners', new Verbatim(names.join(', ')), 'one issuer for all certificates of the Gateway', {
    rule: 'gateway/two-issuers',
    fix: 'Use one issuer, or a Gateway for each: cert-manager reads it from an annotation of the Gateway',
  });
});

/** A Gateway of the app is one more. */
const existingGateways = refuses('gateway', ({ existing }, problems) => {
  const name = existing();
  if (name === undefined) return;
  problems.refuse('controller', new Verbatim(`the existing Gateway '${name}'`), 'a controller with a GatewayClass', {
    rule: 'gateway/listener',
    fix: "Give the controller 'className' instead of 'gateway', or pass it to the routings",
  });
});

const listeners = refuses('gateway', (fact, problems) => {
  const all = fact.listeners();
  const hosts = new Map<string, Set<string>>();
  for (const { host, mode } of all) {
    if (host !== undefined && mode !== 'http') hosts.set(host, new Set([...(hosts.get(host) ?? []), mode]));
  }
  for (const [host, modes] of hosts) {
    if (modes.size < 2) continue;
    problems.refuse('listeners', new Verbatim(`'${host}' with a certificate and without`), 'one of the two', {
      rule: 'gateway/listener',
      fix: 'Give the TlsRoute a host of its own: either the Gateway ends TLS, or the backend does',
    });
  }
  if (hosts.size >= MOST_LISTENERS) {
    problems.refuse('listeners', hosts.size + 1, `at most ${MOST_LISTENERS}, of which one is for plain HTTP`, {
      rule: 'gateway/listener',
      fix: 'Use a wildcard listener with Tls.ofGateway(), or a second Gateway',
    });
  }
  refuseUnstated(fact, problems);
});

/** A listener accepts routes by the namespace that they are in. */
function refuseUnstated(fact: GatewayFact, problems: Problems): void {
  const own = namespaceOf(fact.owner);
  const others = fact.listeners().flatMap(({ routesFrom }) => (routesFrom ? [routesFrom.namespace] : []));
  if (others.every((namespace) => namespace === own)) return;
  if (own !== undefined && others.every((namespace) => namespace !== undefined)) return;
  problems.refuse('controller', new Verbatim('charts with and without a namespace'), 'a namespace for each', {
    rule: 'gateway/listener',
    fix: 'Give the charts of the Gateway and of its routings a namespace',
  });
}

/** The API server refuses such a path. */
const paths = refuses('routing', ({ controller, routes }, problems) => {
  if (!controller().gateway) return;
  routes.forEach(({ path, gateway }, index) => {
    for (const [prop, value] of Object.entries({ path, replacePrefix: gateway?.replacePrefix })) {
      if (value === undefined) continue;
      const isLong = value.length > LONGEST_PATH;
      if (!isLong && GATEWAY_PATH.test(value)) continue;
      problems.refuse(`routes[${index}].${prop}`, value, `at most ${LONGEST_PATH} characters of a URL`, {
        rule: 'gateway/path',
        fix: isLong ? 'Write a shorter path' : `Write '${encodeURI(value)}'`,
      });
    }
  });
});

const GRPC_PATH = /^\/$|^\/\.?[A-Za-z_][A-Za-z_0-9]*(\.[A-Za-z_][A-Za-z_0-9]*)*(\/([A-Za-z_][A-Za-z_0-9]*)?)?$/;

/** Each request of gRPC has the path of a service and its method. */
const grpcRoutes = refuses('routing', ({ controller, routes }, problems) => {
  if (!controller().gateway) return;
  routes.forEach(({ path, isGrpc, stripPrefix, gateway }, index) => {
    if (!isGrpc) return;
    const { replacePrefix, timeout, cors } = { ...gateway };
    const props = { stripPrefix: stripPrefix || undefined, replacePrefix, timeout, cors };
    for (const [name, value] of Object.entries(props)) {
      if (value === undefined) continue;
      problems.refuse(`routes[${index}].${name}`, new Verbatim('a prop'), `no '${name}' for gRPC`, {
        rule: 'gateway/grpc-route',
        fix: 'Remove it: a GRPCRoute has no field for it. Clients of gRPC set their deadlines',
      });
    }
    if (GRPC_PATH.test(path)) return;
    problems.refuse(`routes[${index}].path`, path, "'/', or the service and method of a request", {
      rule: 'gateway/grpc-route',
      fix: "Write '/shop.Cart' for a service, or '/shop.Cart/Add' for a method",
    });
  });
});

const mixedProtocols = warns('routing', ({ host, controller, routes }): Warning[] => {
  const http = routes.find(({ isGrpc }) => !isGrpc);
  const index = routes.findIndex(({ isGrpc }) => isGrpc);
  if (!controller().gateway || http === undefined || index < 0) return [];
  return [
    {
      rule: 'gateway/mixed-protocols',
      prop: `routes[${index}]`,
      got: `gRPC beside HTTP for '${host}'`,
      expected: 'a host for each',
      text:
        `routes[${index}]: '${host}' has routes for gRPC and for HTTP, and a controller may reject one of the two. ` +
        'Give gRPC a host of its own',
    },
  ];
});

/** A stopping pod ends with requests that are still on their way. */
const longTimeouts = warns('routing', ({ controller, routes }, view: PassView): Warning[] => {
  if (!controller().gateway) return [];
  return routes.flatMap(({ backend, gateway }, index) => {
    const timeout = gateway?.timeout;
    if (timeout === undefined) return [];
    return view.by('podTemplate', podsOf, backend).flatMap(({ pod }): Warning[] => {
      const { drain } = pod.containers[0];
      const left = pod.graceSeconds - drain;
      if (timeout <= left) return [];
      return [
        {
          rule: 'routing/long-timeout',
          prop: `routes[${index}].timeout`,
          got: `${timeout} s`,
          expected: `at most ${left} s, what '${backend.node.path}' has left`,
          text:
            `routes[${index}].timeout: a request may take ${timeout} s, and a stopping pod of '${backend.node.path}' ` +
            `has ${left} s left after its drain. Give it terminationGracePeriod: ` +
            `Duration.seconds(${timeout + drain}), or shorten the timeout`,
        },
      ];
    });
  });
});

export const RULES: readonly LibraryRule[] = [
  missingController('gateway'),
  missingController('tlsRoute'),
  needsGateway,
  routingFeatures,
  gatewayFeatures,
  tlsRouteFeatures,
  certificates,
  clientCertificates,
  issuers,
  existingGateways,
  listeners,
  paths,
  grpcRoutes,
  mixedProtocols,
  longTimeouts,
];
