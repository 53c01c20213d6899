import type { Duration } from 'cdk8s';
import type { ControllerSettings, IRouteController } from './route-controller';
import type { Problems } from '../../kernel/findings/problems';
import { boolean, listOf, seconds } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel, dnsSubdomain, labelMap } from '../../kernel/schema/syntax';
import { cidr } from '../../kubernetes/address';
import { Peer } from '../../network/peer';

declare module '../../kernel/model/cluster-facts' {
  interface ClusterFacts {
    /** The controller of routings that name none. */
    readonly ingressController?: IngressController;
  }
}

/** Common options of ingress controllers. */
export interface IngressControllerOptions {
  /** Name of its IngressClass. Without a class, no controller or any controller could handle the Ingress (CH01-25). */
  readonly className: string;

  /**
   * Whether it is Traefik 3, which can strip prefixes. Routes with a certificate are then restricted to TLS.
   *
   * @default - true for the class name 'traefik'
   */
  readonly traefik?: boolean;

  /**
   * Whether it is ingress-nginx. Before 1.14, it refuses paths of types `Prefix` and `Exact` with other characters than
   * letters, digits, `-`, `_` and `/`.
   *
   * @default - true for the class name 'nginx'
   */
  readonly ingressNginx?: boolean;

  /**
   * How long it may keep sending requests to a stopping pod; 0 to 3600 s. Backends with a shorter `drain` are a
   * warning.
   *
   * @default - 25 s for the class name 'alb', whose targets are taken out one by one; for others 0
   */
  readonly lag?: Duration;
}

/** An ingress controller that runs as pods. */
export interface IngressControllerPodOptions extends IngressControllerOptions {
  /**
   * Labels of its pods.
   *
   * @default - all pods of the namespace
   */
  readonly podLabels?: { [label: string]: string };
}

/**
 * An existing ingress controller of the cluster. It states the class and the source of the requests: network policies
 * of the backends open only for that source.
 *
 * ```ts
 * new HttpRouting(chart, 'routing', {
 *   host: 'shop.example.com',
 *   tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
 *   authentication: Authentication.byApp(),
 *   controller: IngressController.inNamespace('haproxy-controller', {
 *     className: 'haproxy',
 *     podLabels: { 'app.kubernetes.io/name': 'kubernetes-ingress' },
 *   }),
 *   routes: [{ path: '/', backend: frontend }],
 * });
 * ```
 */
export class IngressController implements IRouteController {
  /** A controller whose pods run in a namespace. */
  public static inNamespace(namespace: string, options: IngressControllerPodOptions): IngressController {
    return new IngressController({ namespace }, options);
  }

  /** A controller on the host network, or a cloud load balancer: requests come from these ranges. */
  public static fromCidrs(ranges: string[], options: IngressControllerOptions): IngressController {
    return new IngressController({ ranges }, options);
  }

  /** `Ingress`. */
  public readonly routeApi: string = 'Ingress';

  private constructor(
    /** @internal */ public readonly _source: Source,
    /** @internal */ public readonly _options: unknown,
  ) {}

  /** The source of the requests. */
  public toPeer(): Peer {
    return sourcePeer(this._source, this._options);
  }
}

/** Where the requests of a controller come from: its pods, or ranges of addresses. */
export type Source = { readonly namespace: unknown } | { readonly ranges: unknown };

/** The source of requests as a peer of network policies. */
export function sourcePeer(source: Source, options: unknown): Peer {
  if ('ranges' in source) {
    const ranges = [source.ranges].flat() as string[];
    return Peer.anyOf(...ranges.map((range) => Peer.cidr(range)))._asEntrance();
  }
  const { podLabels } = { ...(options as IngressControllerPodOptions) };
  // omitted, it would be the namespace of the policy
  return Peer.pods({ namespace: (source.namespace ?? '') as string, labels: podLabels })._asEntrance();
}

/** What the load balancer of AWS needs until it sends nothing more to a pod. */
const ALB_LAG = 25;

/** The settings of a controller; `undefined` if its source is refused, so that no policy opens for it. */
export function readController(
  controller: IngressController,
  problems: Problems,
  prop = 'controller',
): ControllerSettings | undefined {
  const read = new Reader<IngressControllerPodOptions>(problems, controller._options, `${prop}.`);
  const className = read.required('className', dnsSubdomain, 'invalid', {
    fix: 'Name the IngressClass: kubectl get ingressclass',
    practice: 'CH01-25',
  });
  const traefik = read.optional('traefik', boolean, className === 'traefik', {
    fix: 'Write true if the controller is Traefik, otherwise false',
  });
  const ingressNginx = read.optional('ingressNginx', boolean, className === 'nginx', {
    fix: 'Write true if the controller is ingress-nginx, else false',
  });
  const lag = read.optional('lag', seconds(0, 3600), className === 'alb' ? ALB_LAG : 0, {
    fix: 'Write a time such as Duration.seconds(25)',
  });
  const good = readSource(controller._source, read, problems, prop);
  read.refuseUnknown();
  return good ? { className, title: `class '${className}'`, traefik, ingressNginx, lag } : undefined;
}

/** Checks the source of the requests; returns whether it is sound. */
export function readSource(
  source: Source,
  read: Reader<Pick<IngressControllerPodOptions, 'podLabels'>>,
  problems: Problems,
  prop: string,
): boolean {
  return 'ranges' in source
    ? readRanges(source.ranges, problems, prop)
    : readPods(source.namespace, read, problems, prop);
}

function readRanges(ranges: unknown, problems: Problems, prop: string): boolean {
  const hint = { fix: "List the ranges of the nodes or of the load balancer: ['10.0.0.0/16']" };
  const good = listOf(cidr).read(ranges, (given, expected, at = '') =>
    problems.refuse(`${prop}.ranges${at}`, given, expected, { rule: 'props/value', ...hint }),
  );
  if (Array.isArray(ranges) && ranges.length === 0) {
    problems.refuse(`${prop}.ranges`, ranges, 'at least one range', { rule: 'props/empty-list', ...hint });
  }
  return good !== undefined && good.length > 0 && good.length === (ranges as unknown[]).length;
}

function readPods(
  namespace: unknown,
  read: Reader<Pick<IngressControllerPodOptions, 'podLabels'>>,
  problems: Problems,
  prop: string,
): boolean {
  const labels = read.optional('podLabels', labelMap, {}, { fix: 'Map label keys to values' });
  const wanted = Object.values(read.raw('podLabels') ?? {}).filter((value) => value !== undefined).length;
  const good = dnsLabel().read(namespace, (given, expected) =>
    problems.refuse(`${prop}.namespace`, given, expected, {
      rule: 'props/value',
      fix: 'Name the namespace in which the controller runs',
      practice: 'CH01-25',
    }),
  );
  return good !== undefined && Object.keys(labels).length === wanted;
}
