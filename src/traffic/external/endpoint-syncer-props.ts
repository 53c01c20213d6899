import type { ExternalService } from './external-service';
import type { ContainerBaseProps } from '../../pod/container';
import type { Probe } from '../../pod/probe';
import type { PodWorkloadProps } from '../../workload/workload-props';

/** Props of `EndpointSyncer`. */
export interface EndpointSyncerProps extends PodWorkloadProps, ContainerBaseProps {
  /** Whose endpoints it keeps: one with `ExternalTarget.synced(...)`, of the same namespace. */
  readonly service: ExternalService;

  /**
   * Whether the process must be restarted: one that hangs leaves old endpoints behind. `Probe.exec(...)` alone: nothing
   * listens.
   *
   * @default - none
   */
  readonly liveness?: Probe;
}
