import type { Construct } from 'constructs';
import type { DeploymentProps } from '../controllers/deployment';
import { Replicas } from '../parts/replicas';
import { readService, type ServiceOptions } from '../parts/service';
import { DeployedService, deployedServiceParts, servedAsStated } from '../workload/deployed-service';
import { plan, type WorkloadSite } from '../workload/plan';
import { readServedContainer, type ServedContainerProps } from '../workload/served-container';
import type { WorkloadProps } from '../workload/workload-props';

/** Props of `WebService`. */
export interface WebServiceProps extends WorkloadProps, ServedContainerProps, DeploymentProps {
  /**
   * Options of the Service.
   *
   * @default - a ClusterIP with the ports of the container
   */
  readonly service?: ServiceOptions;
}

/**
 * A replicated, stateless service: Deployment, Service, ServiceAccount, PodDisruptionBudget, NetworkPolicy and optional
 * HorizontalPodAutoscaler.
 *
 * - Rollouts, drained nodes and scale-downs lose no requests: readiness controls traffic, a stopping pod keeps serving
 *   for a while, and a new pod starts before an old one stops. The process must cooperate: after SIGTERM, it answers
 *   remaining requests on open connections, with `Connection: close`.
 * - The pods meet Pod Security `restricted`.
 * - Only declared connections reach the pods: `connectTo` of another block, routes, `allowFrom`.
 *
 * ```ts
 * new WebService(chart, 'journal', {
 *   image: 'ghcr.io/example/journal-server:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 * });
 * ```
 */
export class WebService extends DeployedService {
  public constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id, props, PLAN);
  }
}

const PLAN = plan({
  kind: () => ({ component: 'web', longestName: 63, hasService: true }),
  read: (site: WorkloadSite<WebServiceProps>) => {
    const service = readService(site);
    const main = readServedContainer(site, service.port, 'http');
    return { service, main, replicas: Replicas.read(site, main) };
  },
  controller: servedAsStated,
  parts: deployedServiceParts,
});
