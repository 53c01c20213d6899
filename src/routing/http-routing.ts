import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { IRouteBackend } from './backend';
import type { HttpRoutingProps } from './http-routing-props';
import { readRouting, type RouteSettings, type RoutingSettings } from './read-routing';
import { renderIngress, sorted } from './render-ingress';
import { refuseLargeAnnotations } from '../foundation/annotations';
import { emit, emitLater } from '../foundation/emission';
import { namespaceOf } from '../foundation/names';
import { Problems } from '../foundation/problems';

/**
 * Traefik takes the certificate from an Ingress, but serves its routes over TLS only where the entry point or this
 * annotation says so. Plain HTTP then answers 404, unless the entry point redirects.
 */
const TRAEFIK_TLS = { 'traefik.ingress.kubernetes.io/router.tls': 'true' };

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
  /** Name of the Ingress. */
  public readonly name: string;
  /** The Ingress. */
  public readonly ingress: ApiObject;
  /** The Ingress of the routes that strip their prefix, where there are others too: a rewrite holds for a whole Ingress. */
  public readonly strippingIngress?: ApiObject;
  /** The Traefik middleware that strips the prefixes; none without `stripPrefix`. */
  public readonly middleware?: ApiObject;

  private readonly problems: Problems;

  public constructor(scope: Construct, id: string, props: HttpRoutingProps) {
    super(scope, id);
    this.problems = new Problems(this);
    const settings = readRouting(this, props, this.problems);
    this.name = settings.name;

    const stripping = settings.routes.filter(({ stripPrefix }) => stripPrefix);
    const plain = settings.routes.filter(({ stripPrefix }) => !stripPrefix);
    const emitPlain = (): ApiObject => this.emitIngress('Resource', settings, settings.name, plain, {}, settings.defaultBackend);
    if (stripping.length === 0) {
      this.ingress = emitPlain();
      return;
    }
    this.middleware = emit(this, 'Middleware', {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: { name: `${settings.name}-strip`, labels: settings.labels },
      spec: { stripPrefix: { prefixes: sorted(stripping).map(({ path }) => path) } },
    });
    const annotation = { 'traefik.ingress.kubernetes.io/router.middlewares': `${namespaceOf(this)}-${settings.name}-strip@kubernetescrd` };
    // the API refuses an Ingress without rules
    if (plain.length === 0 && settings.defaultBackend === undefined) {
      this.ingress = this.emitIngress('Resource', settings, settings.name, stripping, annotation);
      return;
    }
    this.ingress = emitPlain();
    // one Ingress asks cert-manager for the certificate, both use it
    const shared = settings.tls && { ...settings.tls, annotations: {} };
    this.strippingIngress = this.emitIngress('StrippingIngress', { ...settings, tls: shared }, `${settings.name}-strip`, stripping, annotation);
  }

  private emitIngress(id: string, settings: RoutingSettings, name: string, routes: RouteSettings[], extra: Record<string, string>, defaultBackend?: IRouteBackend): ApiObject {
    const encrypted = settings.tls && settings.controller.traefik ? TRAEFIK_TLS : {};
    const annotations = { ...settings.tls?.annotations, ...encrypted, ...settings.annotations, ...extra };
    refuseLargeAnnotations(annotations, this.problems, 'annotations');
    const head = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name, labels: settings.labels, annotations },
    };
    return emitLater(this, id, head, this.problems, () => renderIngress(settings, routes, defaultBackend));
  }
}
