import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { HttpRoutingProps } from './http-routing-props';
import { type IngressGroup, ingressGroups } from './ingress-groups';
import { readRouting, type RoutingSettings } from './read-routing';
import { renderIngress } from './render-ingress';
import { emit, emitLater } from '../../kernel/emit/emission';
import { Problems } from '../../kernel/findings/problems';
import { namespaceOf } from '../../kernel/model/names';
import { refuseLargeAnnotations } from '../../kernel/schema/annotations';

/**
 * Routes of one host by path: an Ingress. It opens the network policy of each backend for the ingress controller.
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
  /**
   * All Ingresses. With Traefik, routes that strip their prefix, exact routes and the default backend each have one of
   * their own beside others, and so has a stripped prefix below another one: the settings that they need hold for a whole
   * Ingress.
   */
  public readonly ingresses: ApiObject[];
  /** The first Traefik middleware that strips prefixes; none without `stripPrefix`. */
  public readonly middleware?: ApiObject;
  /** All Traefik middlewares: one for each Ingress whose routes strip their prefix. */
  public readonly middlewares: ApiObject[];

  private readonly problems: Problems;

  public constructor(scope: Construct, id: string, props: HttpRoutingProps) {
    super(scope, id);
    this.problems = new Problems(this);
    const settings = readRouting(this, props, this.problems);
    this.name = settings.name;
    const groups = ingressGroups(settings, (suffix) => `${namespaceOf(this)}-${settings.name}${suffix}@kubernetescrd`);
    this.middlewares = groups.filter(({ stripped }) => stripped !== undefined).map(({ suffix, stripped }, index) => emit(this, index === 0 ? 'Middleware' : `Middleware${suffix}`, {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: { name: `${settings.name}${suffix}`, labels: settings.labels },
      spec: { stripPrefix: { prefixes: [...stripped ?? []] } },
    }));
    [this.middleware] = this.middlewares;
    const [main, ...others] = groups;
    // one Ingress asks cert-manager for the certificate, all use it
    this.ingress = this.emitIngress('Resource', settings.name, settings, { ...main, annotations: { ...settings.tls?.annotations, ...main.annotations } });
    this.ingresses = [this.ingress, ...others.map((group) => this.emitIngress(`Ingress${group.suffix}`, `${settings.name}${group.suffix}`, settings, group))];
  }

  private emitIngress(id: string, name: string, settings: RoutingSettings, { routes, defaultBackend, annotations }: IngressGroup): ApiObject {
    refuseLargeAnnotations(annotations, this.problems, 'annotations');
    const head = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, labels: settings.labels, annotations },
    };
    return emitLater(this, id, head, this.problems, () => renderIngress(settings, routes, defaultBackend));
  }
}
