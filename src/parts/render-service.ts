import type { ApiObject } from 'cdk8s';
import type { ServiceSpec } from 'kubernetes-types/core/v1';
import { type ServiceSettings, trafficDistributionOn } from './service';
import { emitPart, type Site } from './site';
import { identity, type Labels } from '../kernel/emit/labels';
import { type ClusterFacts, clusterOf, UNKNOWN_CLUSTER } from '../kernel/model/cluster-facts';
import type { PortSettings } from '../network/ports';

/** A Service for pods of a workload; for all of them without a `selector`. */
export function emitService(
  site: Site,
  ports: readonly PortSettings[],
  settings: Partial<ServiceSettings>,
  { id = 'Service', selector = identity(site.name) }: { readonly id?: string; readonly selector?: Labels } = {},
): ApiObject {
  const head = { apiVersion: 'v1', kind: 'Service', name: settings.name, annotations: settings.annotations };
  return emitPart(site, id, head, () => renderService(ports, selector, settings, clusterOf(site.owner)));
}

/** A headless Service for all pods of a workload. */
export function emitHeadless(
  site: Site,
  ports: readonly PortSettings[],
  name: string,
  { dualStack }: ServiceSettings,
): ApiObject {
  return emitPart(site, 'HeadlessService', { apiVersion: 'v1', kind: 'Service', name }, () =>
    renderHeadless(ports, identity(site.name), { dualStack }),
  );
}

/** Its name has the addresses of the pods, so its ports are theirs. */
export function renderHeadless(
  ports: readonly PortSettings[],
  selector: Labels,
  settings: Partial<ServiceSettings>,
): ServiceSpec {
  const direct = ports.map((port) => ({ ...port, servicePort: port.port }));
  return { ...renderService(direct, selector, settings), clusterIP: 'None' };
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
