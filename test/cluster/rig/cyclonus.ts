import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster, type Manifest } from './cluster';
import { program, STATE } from './places';
import { run } from '../../rig/processes';

/** A new connection between pods, or between a pod and an address outside of the cluster. */
export interface Traffic {
  readonly from: Manifest | string;
  readonly to: Manifest | string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/**
 * Whether each connection is allowed by the policies that are on the cluster, as Cyclonus judges. It shares no code
 * with this library, nor with what enforces the policies here.
 */
export async function evaluate(traffic: readonly Traffic[]): Promise<boolean[]> {
  const { node } = Cluster;
  const namespaces = (JSON.parse(await node.kubectl('get', 'namespaces', '--output', 'json')) as Manifest)
    .items as Manifest[];
  const peer = (end: Manifest | string): object => {
    if (typeof end === 'string') return { IP: end };
    const {
      metadata: { namespace, labels },
      status,
    } = end;
    const owner = namespaces.find(({ metadata }) => metadata.name === namespace) as Manifest;
    return {
      IP: status.podIP as string,
      Internal: {
        Namespace: namespace as string,
        NamespaceLabels: owner.metadata.labels as object,
        PodLabels: labels as object,
      },
    };
  };
  const path = join(mkdtempSync(join(STATE, 'traffic-')), 'traffic.json');
  writeFileSync(
    path,
    JSON.stringify(
      traffic.map(({ from, to, port, protocol }) => ({
        Source: peer(from),
        Destination: peer(to),
        Protocol: protocol,
        ResolvedPort: port,
        ResolvedPortName: nameOfPort(to, port),
      })),
    ),
  );
  const output = await run(
    program('cyclonus'),
    ['analyze', '--all-namespaces', '--mode', 'query-traffic', '--traffic-path', path],
    { env: { KUBECONFIG: node.kubeconfig } },
  );
  const answers = [...output.matchAll(/is allowed\?\s*\|\s*(true|false)/gi)].map(
    ([, answer]) => answer.toLowerCase() === 'true',
  );
  if (answers.length !== traffic.length) {
    throw new Error(`Cyclonus gave ${answers.length} answers to ${traffic.length} questions: ${output.slice(-2000)}`);
  }
  return answers;
}

/** Policies may select a port by the name that the pod gives it. */
function nameOfPort(to: Manifest | string, port: number): string {
  const containers = (typeof to === 'string' ? [] : to.spec.containers) as Manifest[];
  const ports = containers.flatMap((container) => (container.ports ?? []) as Manifest[]);
  return (ports.find(({ containerPort }) => containerPort === port)?.name ?? '') as string;
}
