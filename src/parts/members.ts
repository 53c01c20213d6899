import type { ApiObject } from 'cdk8s';
import { emitService, renderHeadless } from './render-service';
import type { ServiceSettings } from './service';
import { emitPart, type Site } from './site';
import { identity, type Labels } from '../kernel/emit/labels';
import type { PortSettings } from '../network/ports';

/** The StatefulSet controller sets this label on each pod. */
const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';

/** The name of the headless Service that names the members of a StatefulSet. */
export function membersOf(workload: string): string {
  return `${workload}-members`;
}

/** The labels of the member with ordinal 0. */
export function firstMember(workload: string): Labels {
  return { ...identity(workload), [POD_NAME_LABEL]: `${workload}-0` };
}

/**
 * The headless Service that names the members. It also publishes those that are not ready: members find each other
 * before they are ready, since many become ready only when they have found the others. `ports` runs at synthesis.
 */
export function emitMembersService(site: Site, ports: () => readonly PortSettings[]): ApiObject {
  const head = { apiVersion: 'v1', kind: 'Service', name: membersOf(site.name) };
  return emitPart(site, 'MembersService', head, () => ({
    ...renderHeadless(ports(), identity(site.name), {}),
    publishNotReadyAddresses: true,
  }));
}

/** The Service of all ready members, beside that of a primary. */
export function emitReadService(
  site: Site,
  ports: readonly PortSettings[],
  settings: Partial<ServiceSettings> = {},
): ApiObject {
  const own = { ...settings, name: `${site.name}-read`, annotations: undefined };
  return emitService(site, ports, own, { id: 'ReadService' });
}
