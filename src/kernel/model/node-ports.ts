import type { ApiObject } from 'cdk8s';
import { wireOf } from './wire';
import { list, part, textAt } from '../schema/manifest';

/** The claim of a Service on each node: one port number for each protocol. */
export function nodePortClaim(port: number, protocol = 'TCP'): string {
  return `node port ${port}/${protocol}`;
}

export function isNodePort(what: string): boolean {
  return what.startsWith('node port ');
}

/**
 * The node ports of a Service from any library. None if it cannot be rendered, which the synthesis itself reports.
 */
export function nodePortsOf(object: ApiObject): string[] {
  if (object.kind !== 'Service' || object.apiGroup !== 'core') return [];
  const spec = part(wireOf(object), 'spec');
  const stated = [
    ...list(part(spec, 'ports')).map((port) => [part(port, 'nodePort'), textAt(port, 'protocol')] as const),
    [part(spec, 'healthCheckNodePort'), 'TCP'] as const,
  ];
  return stated.flatMap(([port, protocol]) => (typeof port === 'number' ? [nodePortClaim(port, protocol)] : []));
}
