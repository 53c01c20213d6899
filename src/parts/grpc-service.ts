import type { Construct } from 'constructs';
import type { Replicas } from './replicas';
import type { ServiceSettings } from './service';
import type { Site } from './site';
import { AppModel } from '../kernel/facts/app-model';
import type { PortSettings } from '../network/ports';
import type { ContainerSettings } from '../pod/container';
import type { PodSettings } from '../pod/pod-settings';

/** Pods behind a Service that speak gRPC, whose connections live long. */
export interface GrpcService {
  readonly owner: Construct;
  /** The ports of the pods that speak it. */
  readonly ports: readonly number[];
  readonly isHeadless: boolean;
  readonly pod: PodSettings;
  /** Whether an autoscaler owns the number of pods. Runs at synthesis. */
  scales(): boolean;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly grpcService: GrpcService;
  }
}

/** States the Service of a workload if a port of it speaks gRPC. */
export function stateGrpc(
  { owner, pod }: Site,
  ports: readonly PortSettings[],
  { headlessName }: ServiceSettings,
  replicas: Replicas,
): void {
  const spoken = ports.filter((port) => speaksGrpc(port, pod.containers)).map(({ port }) => port);
  if (spoken.length === 0) return;
  AppModel.of(owner).add('grpcService', {
    owner,
    ports: spoken,
    isHeadless: headlessName !== undefined,
    pod,
    scales: () => replicas.written === undefined,
  });
}

/** What a port speaks is stated, or it answers the health checks of gRPC. */
function speaksGrpc({ port, appProtocol }: PortSettings, containers: readonly ContainerSettings[]): boolean {
  if (appProtocol !== undefined) return appProtocol.isGrpc;
  return containers.some(
    ({ probes: { readiness } }) => readiness?.action.kind === 'grpc' && readiness.action.port === port,
  );
}
