import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { Endpoint, EndpointPort } from 'kubernetes-types/discovery/v1';
import type { TargetSettings } from './read-target';
import type { Family } from '../../kubernetes/address';
import type { PortSettings } from '../../network/ports';
import { renderService } from '../../parts/render-service';
import { renderFamilies } from '../exposure/render-exposure';

/** One EndpointSlice. */
export interface SliceSettings {
  readonly name: string;
  readonly family: Family;
  readonly addresses: readonly string[];
}

/**
 * The IP families follow the addresses: kube-proxy uses only slices of a family that the Service has. A cluster with
 * one family ignores slices of the other.
 */
export function renderExternalService(
  target: TargetSettings,
  ports: readonly PortSettings[],
  families: readonly Family[],
  headless: boolean,
): ServiceSpec {
  if (target.kind === 'name') return { type: 'ExternalName', externalName: target.name };
  const { type, ports: rendered = [] } = renderService(ports, {}, {});
  return {
    type,
    ...(headless ? { clusterIP: 'None' } : {}),
    ...renderFamilies(families),
    // by number: no pod has a port with this name
    ports: rendered.map((port, index) => ({ ...port, targetPort: ports[index].port })),
  };
}

/**
 * One address for each endpoint: consumers disagree on several. `ready` is explicit, since not all consumers assume it.
 */
export function renderEndpoints({ addresses }: SliceSettings): Endpoint[] {
  return addresses.map((address) => ({ addresses: [address], conditions: { ready: true } }));
}

/** The names match the ports of the Service, which joins the two (CH13-05). */
export function renderEndpointPorts(ports: readonly PortSettings[]): EndpointPort[] {
  return ports.map(({ name, port, protocol, appProtocol }) => ({
    name,
    port,
    protocol,
    appProtocol: appProtocol?.name,
  }));
}
