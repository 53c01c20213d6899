import type { IConstruct } from 'constructs';
import { refuses, warns } from './define';
import { refuseIngressAnnotations } from './ingress-annotations';
import { Severity } from '../catalogue/rule';
import type { FactIndex } from '../kernel/facts/fact-map';
import type { PassView } from '../kernel/facts/pass-view';
import { Verbatim } from '../kernel/findings/describe';
import type { LibraryRule, Verdict } from '../kernel/findings/library-rule';
import { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import type { Warning } from '../kernel/findings/warnings';
import { clusterOf } from '../kernel/model/cluster-facts';
import { groupBy } from '../kernel/model/group-by';
import { namespaceOf } from '../kernel/model/names';
import { clientsOf, podLabelsOf } from '../network/clients';
import type { RoutingFact } from '../network/outside';
import type {} from '../pod/workload-facts';

const missingController = refuses('routing', ({ lacksController }, problems) => {
  if (!lacksController()) return;
  problems.refuse('controller', undefined, 'an IngressController, a GatewayController or a Gateway', {
    rule: 'props/required',
    fix: "Use IngressController.inNamespace('traefik') with className: 'traefik', or .fromCidrs(...)",
    practice: 'CH01-25',
  });
});

const strippedPrefix = refuses('routing', ({ isTraefik, stripping, controller }, problems) => {
  if (stripping.length === 0 || isTraefik() || controller().gateway) return;
  for (const prop of stripping) {
    problems.refuse(prop, true, 'false: an Ingress has no portable rewrite', {
      rule: 'routing/strip-prefix',
      fix: 'Serve the full path in the application, or use Traefik, by traefik: true, or a gateway',
    });
  }
});

/** Of ingress-nginx before 1.14: https://github.com/kubernetes/ingress-nginx/pull/13798 */
const TAKEN_BY_NGINX = /^\/[A-Za-z0-9/_-]*$/;

const pathTypes = refuses('routing', ({ controller, lacksController, routes }, problems) => {
  if (lacksController()) return;
  const { title, ingressNginx } = controller();
  routes.forEach(({ path, pathType }, index) => {
    if (pathType === 'ImplementationSpecific') {
      if (ingressNginx) return;
      problems.refuse(`routes[${index}].pathType`, pathType, `'Prefix' or 'Exact' for ${title}`, {
        rule: 'routing/path-type',
        fix:
          "Write 'Prefix': the other type means something else in each controller. If this is ingress-nginx, set " +
          'ingressNginx: true',
      });
    } else if (ingressNginx && !TAKEN_BY_NGINX.test(path)) {
      problems.refuse(`routes[${index}].path`, path, `letters, digits, '-', '_' and '/' in type ${pathType}`, {
        rule: 'routing/path-type',
        fix:
          "Write pathType: 'ImplementationSpecific', which compares the start of the path. ingress-nginx 1.14 " +
          'and newer admit dots: there, waive the rule',
      });
    }
  });
});

const podsOf: FactIndex<'podTemplate', IConstruct> = ({ owner }) => [owner];

/** An Ingress reaches only its own namespace. A route of the Gateway API names the namespace, so it must be known. */
const otherNamespace = refuses('routing', ({ owner, backends, controller }, problems) => {
  const own = namespaceOf(owner);
  const isGateway = controller().gateway !== undefined;
  for (const { backend, prop } of backends) {
    const theirs = namespaceOf(backend);
    if (theirs === own || (isGateway && own !== undefined && theirs !== undefined)) continue;
    problems.refuse(
      prop,
      new Verbatim(`'${backend.node.path}' in namespace '${theirs ?? ''}'`),
      `a backend in namespace '${own ?? ''}'`,
      {
        rule: 'reference/other-namespace',
        fix: isGateway
          ? 'Give both charts a namespace'
          : 'An Ingress reaches only its own namespace: put the routing into the chart of the backend',
      },
    );
  }
});

/** Names of the root zone that are not on the internet, and names without a zone. */
const INTERNAL = /(^|\.)(internal|local|localhost|lan|home\.arpa|intranet|corp|private|test|invalid)$|^[^.]+$/;

/** Everyone on the internet can reach the host: somebody must have decided who may use it. */
const unstatedAuthentication = warns('routing', ({ host, authentication, isSoundAuthentication }): Warning[] => {
  if (authentication !== undefined || !isSoundAuthentication || INTERNAL.test(host)) return [];
  return [
    {
      rule: 'routing/unstated-authentication',
      prop: 'authentication',
      got: `nothing for '${host}'`,
      expected: 'who authenticates its users',
      text:
        `authentication: nothing says who authenticates the users of '${host}'. Write Authentication.byApp() if the ` +
        'application does, .forwardAuth() or .clientCertificates() if the controller does, or .none() if its content ' +
        'is for everyone',
    },
  ];
});

/** Only Traefik knows its middlewares, and finds them by their namespace. */
const foreignMiddleware = refuses(
  'routing',
  ({ owner, authentication, isTraefik, controller, lacksController }, problems) => {
    const middleware = authentication?.middleware;
    const isGateway = controller().gateway !== undefined;
    if (middleware === undefined || isGateway || lacksController()) return;
    if (!isTraefik()) {
      problems.refuse('authentication.middleware', middleware, `no Middleware of Traefik for ${controller().title}`, {
        rule: 'routing/foreign-middleware',
        fix: 'Write Authentication.forwardAuth(), and set the annotation of this controller; or set traefik: true',
      });
    } else if (namespaceOf(owner) === undefined) {
      problems.refuse('authentication.middleware', middleware, 'a chart with a namespace', {
        rule: 'routing/foreign-middleware',
        fix: 'Give the chart a namespace: Traefik finds the Middleware by it',
      });
    }
  },
);

/** A load balancer with pods as targets learns late that a pod stops. */
const shortDrains = warns('routing', ({ controller, lacksController, routes }, view): Warning[] => {
  if (lacksController()) return [];
  const { title, lag } = controller();
  if (lag === 0) return [];
  return [...new Set(routes.map(({ backend }) => backend))].flatMap((backend) =>
    view.by('podTemplate', podsOf, backend).flatMap(({ pod }): Warning[] => {
      const { drain } = pod.containers[0];
      if (drain >= lag) return [];
      const index = routes.findIndex((route) => route.backend === backend);
      return [
        {
          rule: 'routing/short-drain',
          prop: `routes[${index}].backend`,
          got: `'${backend.node.path}', which drains for ${drain} s`,
          expected: `at least ${lag} s`,
          text:
            `routes[${index}].backend: '${backend.node.path}' keeps serving for ${drain} s after ` +
            `Kubernetes stops it, but the load balancer of ${title} still sends requests for ${lag} s: ` +
            'later ones fail. Give the backend ' +
            `drain: Duration.seconds(${lag}) and ` +
            `terminationGracePeriod: Duration.seconds(${lag + 30})`,
        },
      ];
    }),
  );
});

const unknownProvider = refuses('loadBalancer', ({ owner, prop, ofCluster, provider }, problems) => {
  if (!ofCluster || provider() !== undefined) return;
  const { name, provider: stated } = clusterOf(owner);
  const known =
    stated === undefined
      ? `the ClusterProfile '${name}' names no provider`
      : `the ClusterProfile '${name}' states '${stated}'`;
  problems.refuse(`${prop}.provider`, undefined, `a load balancer provider: ${known}`, {
    rule: 'exposure/unknown-provider',
    fix:
      stated === undefined
        ? "Assign a ClusterProfile to the chart, such as one with provider: 'aws', or set 'provider'"
        : "Use LoadBalancerProvider.metalLb(...) with addressPool: 'internal', .kubeVip('10.40.0.10') or .other(...)",
  });
});

const nodePorts = refuses('loadBalancer', ({ prop, allocatesNodePorts, provider }, problems) => {
  if (allocatesNodePorts || provider()?.nodePorts !== 'needed') return;
  problems.refuse(`${prop}.allocateNodePorts`, false, 'true: this load balancer sends to node ports', {
    rule: 'exposure/node-ports-needed',
    fix: 'Write true, the default',
  });
});

/** One place states whether a load balancer is internal. */
const foreignAnnotation = refuses('offer', ({ annotations, provided }, problems) => {
  for (const key of Object.keys(provided()).filter((candidate) => candidate in annotations)) {
    problems.refuse('annotations', key, 'annotations other than those of the provider', {
      rule: 'exposure/foreign-annotation',
      fix: "Use the options of 'provider'",
    });
  }
});

const importOfOwnCluster = refuses('import', ({ owner, exported }, problems) => {
  const [theirs, cluster] = [clusterOf(exported).name, clusterOf(owner).name];
  if (theirs !== cluster) return;
  problems.refuse(
    'exported',
    new Verbatim(`'${exported.node.path}' of cluster '${theirs}'`),
    `a service of a cluster other than '${cluster}'`,
    {
      rule: 'external/import-of-own-cluster',
      fix: 'On one cluster, connect to the block itself. On two, assign a ClusterProfile to each chart',
    },
  );
});

/** Policies match addresses. They match names only with the help of the network plugin. */
const unreachable = refuses('namedTarget', ({ owner, host, egress }, problems) => {
  if (egress === 'cidrs') return;
  for (const client of clientsOf(owner).filter(({ egressClosed }) => egressClosed)) {
    const given = new Verbatim(`the DNS name '${host}', to which '${client.node.path}' connects with closed egress`);
    if (egress === undefined) {
      problems.refuse('target', given, 'addresses, or egress by name: a NetworkPolicy cannot open a DNS name', {
        rule: 'external/unreachable-target',
        fix:
          "Add egress: NameEgress.cidrs(['10.40.0.0/24']), or use NameEgress.cilium() or .calico() if the " +
          'cluster has it',
      });
    } else if (podLabelsOf(client) === undefined) {
      problems.refuse('allowFrom', new Verbatim(`'${client.node.path}'`), 'a client with one set of pods', {
        rule: 'external/client-without-pods',
        fix: 'Use NameEgress.cidrs([...])',
      });
    } else if (egress === 'cilium' && namespaceOf(owner) === undefined) {
      problems.refuse('target.egress', 'cilium', 'a chart with a namespace', {
        rule: 'external/cilium-namespace',
        fix: 'Give the chart a namespace: the policy contains the full DNS name of the Service',
      });
    }
  }
});

/** The Secret to which cert-manager writes the certificate of the host. */
function certificateOf({ tls }: RoutingFact): string | undefined {
  return tls?.external === false ? tls.secretName : undefined;
}

/** Tells namesakes in other namespaces and clusters apart. */
const placed = ({ certificateAt }: RoutingFact, name: string): string =>
  `${clusterOf(certificateAt).name}\n${namespaceOf(certificateAt) ?? ''}\n${name}`;

const secretOf = (fact: RoutingFact): string => placed(fact, certificateOf(fact) ?? '');
const hostOf = (fact: RoutingFact): string => placed(fact, fact.host);

function certified(view: PassView): readonly RoutingFact[] {
  return view.all('routing').filter((fact) => certificateOf(fact) !== undefined);
}

function bySecret(view: PassView): ReadonlyMap<string, readonly RoutingFact[]> {
  return groupBy(certified(view), secretOf);
}

function byHost(view: PassView): ReadonlyMap<string, readonly RoutingFact[]> {
  return groupBy(certified(view), hostOf);
}

/** cert-manager issues a certificate for the hosts of one Ingress. The other Ingresses would serve the same one. */
const sharedCertificate = refuses('routing', (fact, problems, view) => {
  const certificate = certificateOf(fact);
  if (certificate === undefined) return;
  const other = view
    .derive(bySecret)
    .get(secretOf(fact))
    ?.find(({ host }) => host !== fact.host);
  if (other === undefined) return;
  problems.refuse(
    'tls.secretName',
    certificate,
    `a Secret for '${fact.host}' alone: '${other.owner.node.path}' has it for '${other.host}'`,
    {
      rule: 'routing/shared-certificate',
      fix: "Remove 'secretName': each routing then has its own",
    },
  );
});

/** cert-manager requests a certificate for each Secret. Two for one host use up the rate limit of the authority. */
const twoCertificates = warns('routing', (fact, view): Warning[] => {
  const certificate = certificateOf(fact);
  if (certificate === undefined) return [];
  const other = view
    .derive(byHost)
    .get(hostOf(fact))
    ?.find((one) => certificateOf(one) !== certificate);
  // once for each pair, at the later one
  if (other === undefined || other.owner.node.path > fact.owner.node.path) return [];
  return [
    {
      rule: 'routing/two-certificates',
      prop: 'tls',
      got: `'${certificate}' beside '${String(certificateOf(other))}' of '${other.owner.node.path}'`,
      expected: `one certificate for '${fact.host}'`,
      text:
        `tls: '${fact.host}' gets a second certificate, '${certificate}'. Write secretName: ` +
        `'${String(certificateOf(other))}', as '${other.owner.node.path}', or put all routes of the host into one ` +
        'routing',
    },
  ];
});

/** Annotations of the caller as the controller reads them. */
function judgeAnnotations(view: PassView): Verdict[] {
  return view.all('routing').flatMap((fact) => {
    const { owner, annotations, routes, controller, lacksController } = fact;
    if (Object.keys(annotations).length === 0) return [];
    const problems = new Problems();
    const ingress = {
      annotations: new Map(Object.entries(annotations)),
      className: lacksController() || controller().gateway ? undefined : controller().className,
      paths: routes.map(({ path }) => path),
      hasIssuer: certificateOf(fact) !== undefined,
    };
    refuseIngressAnnotations(ingress, (rule, key, given, expected, fix) =>
      problems.refuse(`annotations${keyPart(key)}`, given, expected, { rule, fix }),
    );
    return problems.findings(owner).map((finding) => ({ construct: owner, finding }));
  });
}

const annotationsOf = (severity: Severity): LibraryRule => ({
  kinds: ['routing'],
  warns: severity === Severity.WARNING,
  judge: (view) => view.derive(judgeAnnotations).filter(({ finding }) => finding.severity === severity),
});

export const RULES = [
  annotationsOf(Severity.ERROR),
  annotationsOf(Severity.WARNING),
  sharedCertificate,
  twoCertificates,
  missingController,
  otherNamespace,
  unstatedAuthentication,
  foreignMiddleware,
  strippedPrefix,
  pathTypes,
  shortDrains,
  unknownProvider,
  nodePorts,
  foreignAnnotation,
  importOfOwnCluster,
  unreachable,
];
