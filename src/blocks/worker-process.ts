import type { ContainerBaseProps } from '../pod/container';
import type { HookedContainerProps } from '../pod/pre-stop';
import type { Probe } from '../pod/probe';

/** Props of a process that takes its work from elsewhere, and serves at most metrics. */
export interface WorkerProcessProps extends ContainerBaseProps, HookedContainerProps {
  /**
   * Whether the process must be restarted. Required: a worker gets no requests, so nothing else shows that it hangs.
   * Use `Probe.heartbeat(...)`, `Probe.exec(...)` or `Probe.none()`.
   */
  readonly liveness: Probe;

  /**
   * Whether a slow process has started: `Probe.heartbeat(...)` or `Probe.exec(...)`. Liveness waits for it.
   *
   * @default Probe.none(): with a heartbeat as liveness, its first touch, for which the process has `maxAge`
   */
  readonly startup?: Probe;

  /**
   * Metrics port of the process, named `metrics`; 1024 to 65535. It has no Service. Only `allowFrom` and
   * `NetworkTiers.allowScraping` open it.
   *
   * @default - none
   */
  readonly metricsPort?: number;
}
