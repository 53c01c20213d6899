import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { HttpRoutingProps } from './http-routing-props';
import { type IngressGroup, ingressGroups, TRAEFIK_ANNOTATIONS } from './ingress-groups';
import { readRouting, type RoutingSettings } from './read-routing';
import { renderIngress } from './render-ingress';
import { emit, emitLater, laterMap } from '../../kernel/emit/emission';
import { AppModel } from '../../kernel/facts/app-model';
import { Problems } from '../../kernel/findings/problems';
import { stateAnnotations } from '../../kernel/model/late-annotations';
import { namespaceOf } from '../../kernel/model/names';
import { refuseLargeAnnotations } from '../../kernel/schema/annotations';
import { isClosed } from '../../network/isolation';
import { renderSolverPolicy } from '../../network/render-network-policy';

/**
 * Routes of one host by path, as an Ingress. It opens the network policy of each backend for the ingress controller.
 *
 * ```ts
 * new HttpRouting(chart, 'routing', {
 *   host: 'journal.example.com',
 *   tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
 *   controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
 *   routes: [{ path: '/api', backend: frontend }, { path: '/', backend: site }],
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/
 */
export class HttpRouting extends Construct {
  /** Name of the first Ingress. */
  public readonly name: string;
  /** The first Ingress: the only one, unless Traefik needs more. */
  public readonly ingress: ApiObject;

  private readonly problems: Problems;
  private readonly settings: RoutingSettings;
  private readonly others = new Map<string, ApiObject>();
  private readonly stripping = new Map<string, ApiObject>();
  private readonly solvers = new Map<string, ApiObject>();

  public constructor(scope: Construct, id: string, props: HttpRoutingProps) {
    super(scope, id);
    this.problems = new Problems(this);
    const settings = readRouting(this, props, this.problems);
    this.settings = settings;
    this.name = settings.name;
    this.arrangeMiddlewares();
    // one Ingress requests the certificate from cert-manager, all use it
    this.ingress = this.emitIngress(
      'Resource',
      settings.name,
      () => this.groups[0],
      () => ({ ...settings.tls?.annotations, ...this.groups[0].annotations }),
    );
    this.arrangeOthers();
    if (settings.tls?.solver) {
      AppModel.of(this).add('preparation', { owner: this, prepare: () => this.arrangeSolver() });
    }
    if (settings.ofCluster) AppModel.of(this).add('preparation', { owner: this, prepare: () => this.arrange() });
  }

  /**
   * All Ingresses. Traefik reads settings for a whole Ingress. Stripped routes, exact routes and the default backend
   * therefore need separate Ingresses, and so does a stripped prefix below another one. If the `ClusterProfile` decides
   * the controller, the list is complete at synthesis.
   */
  public get ingresses(): ApiObject[] {
    return [this.ingress, ...this.others.values()];
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
    return ingressGroups(this.settings, (suffix) => `${namespaceOf(this)}-${this.name}${suffix}@kubernetescrd`);
  }

  /** The controller decides which objects exist besides the first Ingress. */
  private arrange(): void {
    this.arrangeMiddlewares();
    this.arrangeOthers();
  }

  private arrangeMiddlewares(): void {
    const wanted = this.groups.filter(({ stripped }) => stripped !== undefined);
    const ids = wanted.map(({ suffix }, index) => (index === 0 ? 'Middleware' : `Middleware${suffix}`));
    arrange(this, this.stripping, ids, (id) => {
      const { suffix, stripped = [] } = wanted[ids.indexOf(id)];
      return emit(this, id, {
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'Middleware',
        metadata: { name: `${this.name}${suffix}`, labels: this.settings.labels },
        spec: { stripPrefix: { prefixes: [...stripped] } },
      });
    });
  }

  /** Only in a namespace that denies all connections. Elsewhere, the policy would close the solver pods to others. */
  private arrangeSolver(): void {
    const namespace = namespaceOf(this);
    const { name, labels, entrance } = this.settings;
    const wanted = isClosed(this, namespace) && entrance().length > 0 ? ['SolverPolicy'] : [];
    arrange(this, this.solvers, wanted, (id) => {
      const metadata = { name: `${name}-acme-solver`, labels };
      const head = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata };
      return emitLater(this, id, head, this.problems, () => renderSolverPolicy(entrance(), namespace));
    });
  }

  private arrangeOthers(): void {
    const [, ...wanted] = this.groups;
    const ids = wanted.map(({ suffix }) => `Ingress${suffix}`);
    arrange(this, this.others, ids, (id) => {
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

/**
 * Updates the objects of a block to the wanted ones, by construct id: adds missing ones and removes others from the
 * tree. Remaining objects keep their patches. A second call changes nothing.
 */
function arrange(
  scope: Construct,
  present: Map<string, ApiObject>,
  wanted: readonly string[],
  make: (id: string) => ApiObject,
): void {
  for (const id of [...present.keys()].filter((known) => !wanted.includes(known))) {
    scope.node.tryRemoveChild(id);
    present.delete(id);
  }
  for (const id of wanted) if (!present.has(id)) present.set(id, make(id));
}
