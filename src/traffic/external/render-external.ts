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
 * Families are those of the addresses: kube-proxy uses only slices of a family that the Service has. On a cluster with
 * one family the slices of the other are ignored.
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
    // by number: there is no pod that has the port's name
    ports: rendered.map((port, index) => ({ ...port, targetPort: ports[index].port })),
  };
}

/**
 * One address an endpoint: several in one are undefined for consumers. Ready is said, since not all take it for
 * granted.
 */
export function renderEndpoints({ addresses }: SliceSettings): Endpoint[] {
  return addresses.map((address) => ({ addresses: [address], conditions: { ready: true } }));
}

/** Names are those of the Service's ports: that is how the two are joined (CH13-05). */
export function renderEndpointPorts(ports: readonly PortSettings[]): EndpointPort[] {
  return ports.map(({ name, port, protocol }) => ({ name, port, protocol }));
}
