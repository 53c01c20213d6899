import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { emitExposure, exposedPorts, openBackend } from './emit-exposure';
import type { ExposedServiceProps } from './exposed-service-props';
import { readOffer } from './read-offer';
import { Problems } from '../../kernel/findings/problems';
import { Reader } from '../../kernel/schema/reader';
import type { NamedPort } from '../../network/ports';

/**
 * Exposes the pods of a block outside the cluster with a second Service, and opens their network policy for the
 * declared clients.
 *
 * ```ts
 * new ExposedService(chart, 'orders-internal', {
 *   backend: orders,
 *   exposure: Exposure.internalLoadBalancer({ sources: ['10.20.0.0/16'] }),
 * });
 * ```
 *
 * Inside the cluster, connect to the block itself: the load balancer is for external clients.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
 */
export class ExposedService extends Construct {
  /** Name of the Service. */
  public readonly name: string;
  /** The Service. */
  public readonly service: ApiObject;
  /** The ports that clients use, with the ports of the pods. */
  public readonly exposedPorts: NamedPort[];

  public constructor(scope: Construct, id: string, props: ExposedServiceProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<ExposedServiceProps>(problems, props);
    const offer = readOffer(this, read, ['internal', 'nodePort', 'public'], problems);
    this.name = offer.name;
    this.exposedPorts = exposedPorts(offer);
    this.service = emitExposure(this, offer, 'exposure', problems);
    openBackend(this, offer, problems);
  }
}
