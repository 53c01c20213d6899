import type { ApiObject } from 'cdk8s';

/** What a Service takes of each node: one number, once for each protocol. */
export function nodePortClaim(port: number, protocol = 'TCP'): string {
  return `node port ${port}/${protocol}`;
}

export function isNodePort(what: string): boolean {
  return what.startsWith('node port ');
}

interface ServiceSpec {
  readonly healthCheckNodePort?: unknown;
  readonly ports?: ReadonlyArray<{ readonly nodePort?: unknown; readonly protocol?: string }>;
}

/** The node ports that a Service states, whoever wrote it; none of what cannot be rendered, which the synthesis itself reports. */
export function nodePortsOf(object: ApiObject): string[] {
  if (object.kind !== 'Service' || object.apiGroup !== 'core') return [];
  try {
    const { ports = [], healthCheckNodePort } = (object.toJson() as { spec?: ServiceSpec }).spec ?? {};
    const stated = [...ports, { nodePort: healthCheckNodePort, protocol: 'TCP' }];
    return stated.flatMap(({ nodePort, protocol }) => (typeof nodePort === 'number' ? [nodePortClaim(nodePort, protocol)] : []));
  } catch {
    return [];
  }
}
