import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type * as GatewayRoutings from './gateway-routing';
import type { HttpRoutingProps } from './http-routing-props';
import { type IngressGroup, ingressGroups, TRAEFIK_ANNOTATIONS } from './ingress-groups';
import { readRouting, type RoutingSettings } from './read-routing';
import { renderIngress } from './render-ingress';
import { arrangeObjects, emit, emitLater, laterMap } from '../../kernel/emit/emission';
import { AppModel } from '../../kernel/facts/app-model';
import { Problems } from '../../kernel/findings/problems';
import { stateAnnotations } from '../../kernel/model/late-annotations';
import { namespaceOf } from '../../kernel/model/names';
import { refuseLargeAnnotations } from '../../kernel/schema/annotations';
import { isClosed } from '../../network/isolation';
import { renderSolverPolicy } from '../../network/render-network-policy';

/**
 * Routes of one host by path, as an Ingress or as routes of the Gateway API: the controller decides. It opens the
 * network policy of each backend for the controller.
 *
 * ```ts
 * new HttpRouting(chart, 'routing', {
 *   host: 'journal.example.com',
 *   tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
 *   authentication: Authentication.byApp(),
 *   controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
 *   routes: [{ path: '/api', backend: frontend }, { path: '/', backend: site }],
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 * @see https://gateway-api.sigs.k8s.io/api-types/httproute/
 */
export class HttpRouting extends Construct {
  /** Name of the first Ingress or HTTPRoute. */
  public readonly name: string;

  private readonly problems: Problems;
  private readonly settings: RoutingSettings;
  private readonly written = new Map<string, ApiObject>();
  private readonly stripping = new Map<string, ApiObject>();
  private readonly solvers = new Map<string, ApiObject>();
  private served?: GatewayRoutings.GatewayRouting;

  public constructor(scope: Construct, id: string, props: HttpRoutingProps) {
    super(scope, id);
    this.problems = new Problems(this);
    const settings = readRouting(this, props, this.problems);
    this.settings = settings;
    this.name = settings.name;
    this.arrange();
    if (settings.tls?.solver) {
      AppModel.of(this).add('preparation', { owner: this, prepare: () => this.arrangeSolver() });
    }
    if (settings.ofCluster) AppModel.of(this).add('preparation', { owner: this, prepare: () => this.arrange() });
  }

  /** The first Ingress: the only one, unless Traefik needs more; none with a gateway. */
  public get ingress(): ApiObject | undefined {
    return this.written.get('Resource');
  }

  /**
   * All Ingresses. Traefik reads settings for a whole Ingress. Stripped routes, exact routes and the default backend
   * therefore need separate Ingresses, and so does a stripped prefix below another one. If the `ClusterProfile` decides
   * the controller, the list is complete at synthesis.
   */
  public get ingresses(): ApiObject[] {
    return [...this.written.values()];
  }

  /** The HTTPRoutes, the redirect to HTTPS last; none with an ingress controller. */
  public get httpRoutes(): ApiObject[] {
    return this.served?.ofKind('HTTPRoute') ?? [];
  }

  /** The GRPCRoutes. */
  public get grpcRoutes(): ApiObject[] {
    return this.served?.ofKind('GRPCRoute') ?? [];
  }

  /** The ReferenceGrants for backends, and for a certificate, in other namespaces than their users. */
  public get referenceGrants(): ApiObject[] {
    return this.served?.ofKind('ReferenceGrant') ?? [];
  }

  /** The Gateway of this routing alone; none where the controller is a `Gateway` or an existing one. */
  public get gateway(): ApiObject | undefined {
    return this.served?.gateway;
  }

  /** The first Traefik middleware that strips prefixes; none without `stripPrefix`. */
  public get middleware(): ApiObject | undefined {
    return this.middlewares[0];
  }

  /** All Traefik middlewares: one for each Ingress with stripped routes. */
  public get middlewares(): ApiObject[] {
    return [...this.stripping.values()];
  }

  /** The content of the Ingresses for the controller known so far. */
  private get groups(): IngressGroup[] {
    return ingressGroups(this.settings, (middleware) => `${namespaceOf(this)}-${middleware}@kubernetescrd`);
  }

  /** The controller decides which objects exist. */
  private arrange(): void {
    const isGateway = this.settings.controller().gateway !== undefined;
    // both have an object of the same id
    if (!isGateway) this.served?.arrange();
    this.arrangeMiddlewares(isGateway ? [] : this.groups);
    this.arrangeIngresses(isGateway ? [] : this.groups);
    if (isGateway) (this.served ??= gatewayRouting(this, this.settings, this.problems)).arrange();
  }

  private arrangeMiddlewares(groups: readonly IngressGroup[]): void {
    const wanted = groups.filter(({ stripped }) => stripped !== undefined);
    const ids = wanted.map(({ suffix }, index) => (index === 0 ? 'Middleware' : `Middleware${suffix}`));
    arrangeObjects(this, this.stripping, ids, (id) => {
      const { suffix, stripped = [] } = wanted[ids.indexOf(id)];
      return emit(this, id, {
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'Middleware',
        metadata: { name: `${this.name}${suffix}`, labels: this.settings.labels },
        spec: { stripPrefix: { prefixes: [...stripped] } },
      });
    });
  }

  /**
   * Only in a namespace that denies all connections. Elsewhere, the policy would close the solver pods to others. A
   * shared Gateway does it itself.
   */
  private arrangeSolver(): void {
    const namespace = namespaceOf(this);
    const { name, labels, entrance, controller } = this.settings;
    const isNeeded = controller().gateway?.block === undefined && isClosed(this, namespace);
    const wanted = isNeeded && entrance().length > 0 ? ['SolverPolicy'] : [];
    arrangeObjects(this, this.solvers, wanted, (id) => {
      const metadata = { name: `${name}-acme-solver`, labels };
      const head = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata };
      return emitLater(this, id, head, this.problems, () => renderSolverPolicy(entrance(), namespace));
    });
  }

  private arrangeIngresses(wanted: readonly IngressGroup[]): void {
    const ids = wanted.map(({ suffix }, index) => (index === 0 ? 'Resource' : `Ingress${suffix}`));
    arrangeObjects(this, this.written, ids, (id) => {
      // one Ingress requests the certificate from cert-manager, all use it
      if (id === 'Resource') {
        return this.emitIngress(
          id,
          this.name,
          () => this.groups[0],
          () => ({ ...this.settings.tls?.annotations, ...this.groups[0].annotations }),
        );
      }
      const { suffix } = wanted[ids.indexOf(id)];
      const group = (): IngressGroup =>
        this.groups.find((other) => other.suffix === suffix) ?? { suffix, routes: [], annotations: {} };
      return this.emitIngress(id, `${this.name}${suffix}`, group, () => group().annotations);
    });
  }

  private emitIngress(
    id: string,
    name: string,
    group: () => IngressGroup,
    annotations: () => Record<string, string>,
  ): ApiObject {
    const { labels, ofCluster } = this.settings;
    if (ofCluster) stateAnnotations({ owner: this, prop: 'annotations', all: annotations });
    else refuseLargeAnnotations(annotations(), this.problems, 'annotations');
    const keys = [...new Set([...Object.keys(annotations()), ...TRAEFIK_ANNOTATIONS])];
    const head = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, labels, annotations: ofCluster ? laterMap(keys, annotations) : annotations() },
    };
    return emitLater(this, id, head, this.problems, () =>
      renderIngress(this.settings, group().routes, group().defaultBackend),
    );
  }
}

/** Loaded for apps with a gateway only. */
function gatewayRouting(
  routing: Construct,
  settings: RoutingSettings,
  problems: Problems,
): GatewayRoutings.GatewayRouting {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const module = require('./gateway-routing') as typeof GatewayRoutings;
  return new module.GatewayRouting(routing, settings, problems);
}
