import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { emit } from '../../kernel/emit/emission';
import { recommended } from '../../kernel/emit/labels';
import { Problems } from '../../kernel/findings/problems';
import { Reader } from '../../kernel/schema/reader';
import type { NamedPort } from '../../network/ports';
import { emitExposure, exposedPorts, openBackend } from '../exposure/emit-exposure';
import type { ExposedServiceProps } from '../exposure/exposed-service-props';
import { type OfferSettings, readOffer } from '../exposure/read-offer';

/**
 * Exposes the pods of a block to other clusters, with an internal load balancer or the multi-cluster Services API.
 * `ImportedService` is the counterpart.
 *
 * ```ts
 * const exported = new ExportedService(west, 'orders-export', {
 *   backend: orders,
 *   exposure: Exposure.internalLoadBalancer({ sources: ['10.20.0.0/16'] }),
 * });
 * new ImportedService(east, 'orders', { exported, target: ExternalTarget.addresses(['10.1.10.1']) });
 * ```
 *
 * To find exports, use the label `app.kubernetes.io/component=export` of their load balancers (CH13-27).
 */
export class ExportedService extends Construct {
  /** Name of the exported Service. */
  public readonly name: string;
  /** The Service of the load balancer; none in a cluster set. */
  public readonly service?: ApiObject;
  /** The `ServiceExport`; none with a load balancer. */
  public readonly serviceExport?: ApiObject;
  /** The ports that clients use, with the ports of the pods. */
  public readonly exposedPorts: NamedPort[];
  /** Host name of the load balancer, if declared. */
  public readonly hostname?: string;

  public constructor(scope: Construct, id: string, props: ExposedServiceProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<ExposedServiceProps>(problems, props);
    const offer = readOffer(this, read, ['internal', 'clusterSet'], problems);
    this.exposedPorts = exposedPorts(offer);
    this.hostname = offer.hostname;
    if (offer.exposure.exportVersion === undefined) {
      this.name = offer.name;
      this.service = emitExposure(this, offer, 'export', problems);
    } else {
      for (const prop of ['name', 'hostname'] as const) {
        if (read.has(prop)) {
          read.refuse(prop, read.raw(prop), 'none for a cluster set', {
            rule: 'props/conflict',
            fix: 'Remove it: the Service is exported under its own name',
            practice: 'CH13-26',
          });
        }
      }
      // the names join the two objects
      this.name = offer.backend?.serviceName ?? offer.name;
      this.serviceExport = this.emitExport(offer, offer.exposure.exportVersion);
    }
    openBackend(this, offer, problems);
  }

  private emitExport({ labels, annotations }: OfferSettings, apiVersion: string): ApiObject {
    return emit(this, 'Resource', {
      apiVersion,
      kind: 'ServiceExport',
      metadata: { name: this.name, labels: recommended(this, this.name, 'export', labels), annotations },
    });
  }
}
