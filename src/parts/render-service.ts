import type { ServiceSpec } from 'kubernetes-types/core/v1';
import { type ServiceSettings, trafficDistributionOn } from './service';
import type { Labels } from '../kernel/emit/labels';
import { type ClusterFacts, UNKNOWN_CLUSTER } from '../kernel/model/cluster-facts';
import type { PortSettings } from '../network/ports';

/** The target is the port's name: the number can change from one version of the pods to the next. */
export function renderService(ports: readonly PortSettings[], selector: Labels, settings: Partial<ServiceSettings>, cluster: ClusterFacts = UNKNOWN_CLUSTER): ServiceSpec {
  const { sessionAffinitySeconds, trafficDistribution, dualStack } = settings;
  return {
    type: 'ClusterIP',
    selector,
    ports: ports.map(({ name, servicePort, protocol }) => ({ name, port: servicePort, targetPort: name, protocol })),
    sessionAffinity: sessionAffinitySeconds === undefined ? undefined : 'ClientIP',
    sessionAffinityConfig: sessionAffinitySeconds === undefined ? undefined : { clientIP: { timeoutSeconds: sessionAffinitySeconds } },
    trafficDistribution: trafficDistribution && trafficDistributionOn(cluster, trafficDistribution),
    ipFamilyPolicy: dualStack ? 'PreferDualStack' : undefined,
  };
}
