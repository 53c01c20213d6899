import type { ApiObject } from 'cdk8s';
import type { ServiceSpec } from 'kubernetes-types/core/v1';
import { type ServiceSettings, trafficDistributionOn } from './service';
import { emitPart, type Site } from './site';
import { identity, type Labels } from '../kernel/emit/labels';
import { type ClusterFacts, clusterOf, UNKNOWN_CLUSTER } from '../kernel/model/cluster-facts';
import type { PortSettings } from '../network/ports';

/** The Service for all pods of a workload. */
export function emitService(site: Site, ports: readonly PortSettings[], settings: ServiceSettings): ApiObject {
  const head = { apiVersion: 'v1', kind: 'Service', name: settings.name, annotations: settings.annotations };
  return emitPart(site, 'Service', head, () =>
    renderService(ports, identity(site.name), settings, clusterOf(site.owner)),
  );
}

/** The target is the port name: the number can change between versions of the pods. */
export function renderService(
  ports: readonly PortSettings[],
  selector: Labels,
  settings: Partial<ServiceSettings>,
  cluster: ClusterFacts = UNKNOWN_CLUSTER,
): ServiceSpec {
  const { sessionAffinitySeconds, trafficDistribution, dualStack } = settings;
  return {
    type: 'ClusterIP',
    selector,
    ports: ports.map(({ name, servicePort, protocol }) => ({ name, port: servicePort, targetPort: name, protocol })),
    sessionAffinity: sessionAffinitySeconds === undefined ? undefined : 'ClientIP',
    sessionAffinityConfig:
      sessionAffinitySeconds === undefined ? undefined : { clientIP: { timeoutSeconds: sessionAffinitySeconds } },
    trafficDistribution: trafficDistribution && trafficDistributionOn(cluster, trafficDistribution),
    ipFamilyPolicy: dualStack ? 'PreferDualStack' : undefined,
  };
}
