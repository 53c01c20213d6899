import type { ApiObject } from 'cdk8s';
import { wireOf } from './wire';
import { list, part, textAt } from '../schema/manifest';

/** What a Service takes of each node: one number, once for each protocol. */
export function nodePortClaim(port: number, protocol = 'TCP'): string {
  return `node port ${port}/${protocol}`;
}

export function isNodePort(what: string): boolean {
  return what.startsWith('node port ');
}

/**
 * The node ports that a Service states, whoever wrote it; none of what cannot be rendered, which the synthesis itself
 * reports.
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
