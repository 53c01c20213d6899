import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { ExposureSettings } from './read-exposure';
import type { Labels } from '../../kernel/emit/labels';
import type { Family } from '../../kubernetes/address';
import type { PortSettings } from '../../network/ports';
import { renderService } from '../../parts/render-service';

/** An exposed port of the pods. */
export interface ExposedPortSettings extends PortSettings {
  readonly nodePort?: number;
}

export function renderExposure(
  settings: ExposureSettings,
  ports: readonly ExposedPortSettings[],
  selector: Labels,
): ServiceSpec {
  const { ports: rendered = [], ...spec } = renderService(ports, selector, {});
  const common: ServiceSpec = {
    ...spec,
    ...renderFamilies(settings.families),
    externalTrafficPolicy: settings.externalTrafficPolicy,
    ports: rendered.map((port, index) => ({
      ...port,
      ...(ports[index].nodePort === undefined ? {} : { nodePort: ports[index].nodePort }),
    })),
  };
  if (settings.kind === 'nodePort') return { ...common, type: 'NodePort' };
  const { healthCheckNodePort } = settings;
  const provider = settings.provider?.();
  return {
    ...common,
    type: 'LoadBalancer',
    ...(provider?.loadBalancerClass === undefined ? {} : { loadBalancerClass: provider.loadBalancerClass }),
    loadBalancerSourceRanges: [...settings.sources],
    ...(healthCheckNodePort === undefined ? {} : { healthCheckNodePort }),
    ...(settings.allocateNodePorts ? {} : { allocateLoadBalancerNodePorts: false }),
  };
}

/**
 * The families that a Service must have; none lets the cluster decide.
 *
 * Two families are preferred, not required: a cluster with one family accepts the Service as well.
 */
export function renderFamilies(families: readonly Family[]): Pick<ServiceSpec, 'ipFamilies' | 'ipFamilyPolicy'> {
  if (families.length === 0) return {};
  return families.length === 1
    ? { ipFamilyPolicy: 'SingleStack', ipFamilies: [...families] }
    : { ipFamilyPolicy: 'PreferDualStack' };
}
