import type { IConstruct } from 'constructs';
import { warns } from './define';
import type { PassView } from '../kernel/facts/pass-view';
import type { Warning } from '../kernel/findings/warnings';
import { directClients, RESOLUTION } from '../network/headless';
import { hasInjectedProxy } from '../network/injected-proxy';
import { usableEdges } from '../network/usable-edges';
import type { GrpcService } from '../parts/grpc-service';
import { templateOf } from '../pod/workload-facts';

/** Clients of a cluster IP keep their connections, so that new pods get no calls. */
const balancing = warns('grpcService', (service, view): Warning[] => {
  // the proxies of a mesh balance each call
  if (!service.scales() || hasInjectedProxy(service.pod.labels())) return [];
  const clients = boundClients(service, view);
  if (clients.length === 0) return [];
  const named = clients.map((path) => `'${path}'`).join(', ');
  return [
    {
      rule: 'grpc/balancing',
      prop: 'autoscaling',
      got: `more and fewer pods, and the cluster IP for ${named}`,
      expected: 'clients that balance each call',
      text:
        `autoscaling: ${named} keeps its gRPC connection to one pod, so that new pods get no calls. ` +
        (service.isHeadless ? '' : "Write headless: true in 'service', and ") +
        (service.isHeadless ? 'Write' : 'write') +
        ' headless: true in the options of connectTo for a client with round_robin; or let the server end ' +
        'connections (max connection age), and waive this',
    },
  ];
});

/** Those that connect to the cluster IP; requests from outside come through a proxy that balances them. */
function boundClients({ owner, ports }: GrpcService, view: PassView): string[] {
  const direct = directClients(view, owner);
  const paths = usableEdges(owner)
    .filter(
      (edge) =>
        edge.direction === 'ingress' &&
        !edge.fromOutside &&
        edge.block !== undefined &&
        edge.block !== owner &&
        !direct.has(edge.block) &&
        edge.ports.some(({ port, protocol }) => protocol === 'TCP' && ports.includes(port)),
    )
    .map(({ block }) => (block as IConstruct).node.path);
  return [...new Set(paths)];
}

/** A client that has resolved the name just before a rollout must find the new pods before the old ones are gone. */
const resolution = warns('grpcService', ({ owner, isHeadless }, view): Warning[] => {
  const minReady = isHeadless ? templateOf(view, owner)?.minReady : undefined;
  if (minReady === undefined || minReady >= RESOLUTION) return [];
  return [
    {
      rule: 'grpc/min-ready',
      prop: 'minReady',
      got: `${minReady} s`,
      expected: `at least ${RESOLUTION} s`,
      text:
        `minReady: gRPC clients resolve the headless Service at most every ${RESOLUTION} s, and a rollout with ` +
        `${minReady} s can stop all pods that they know. Write Duration.seconds(${RESOLUTION}), the default with a ` +
        'headless Service',
    },
  ];
});

export const RULES = [balancing, resolution];
