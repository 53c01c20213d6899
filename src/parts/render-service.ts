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

/** A headless Service for the same pods: its name has their addresses, so its ports are theirs. */
export function emitHeadless(
  site: Site,
  ports: readonly PortSettings[],
  name: string,
  { dualStack }: ServiceSettings,
): ApiObject {
  const direct = ports.map((port) => ({ ...port, servicePort: port.port }));
  return emitPart(site, 'HeadlessService', { apiVersion: 'v1', kind: 'Service', name }, () => ({
    ...renderService(direct, identity(site.name), { dualStack }),
    clusterIP: 'None',
  }));
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
    ports: ports.map(({ name, servicePort, protocol, appProtocol }) => ({
      name,
      port: servicePort,
      targetPort: name,
      protocol,
      appProtocol: appProtocol?.name,
    })),
    sessionAffinity: sessionAffinitySeconds === undefined ? undefined : 'ClientIP',
    sessionAffinityConfig:
      sessionAffinitySeconds === undefined ? undefined : { clientIP: { timeoutSeconds: sessionAffinitySeconds } },
    trafficDistribution: trafficDistribution && trafficDistributionOn(cluster, trafficDistribution),
    ipFamilyPolicy: dualStack ? 'PreferDualStack' : undefined,
  };
}
