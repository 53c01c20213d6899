import type { Construct } from 'constructs';
import type { DeploymentProps } from '../controllers/deployment';
import type { AllowOptions } from '../network/connection';
import type { IPeer } from '../network/peer';
import { Replicas } from '../parts/replicas';
import type { ContainerBaseProps } from '../pod/container';
import type { HookedContainerProps } from '../pod/pre-stop';
import type { Probe } from '../pod/probe';
import { deployedAsStated, deployedParts, DeployedWorkload } from '../workload/deployed-workload';
import { plan, type WorkloadSite } from '../workload/plan';
import { readPrivate } from '../workload/probes';
import type { WorkloadProps } from '../workload/workload-props';

/** Props of `Worker`. */
export interface WorkerProps extends WorkloadProps, ContainerBaseProps, HookedContainerProps, DeploymentProps {
  /**
   * Whether the process must be restarted. Required: a worker gets no requests, so nothing else shows that it hangs.
   * Use `Probe.exec(...)`, such as a check of the age of a file that each task touches, or `Probe.none()`.
   */
  readonly liveness: Probe;

  /**
   * Whether a slow process has started: `Probe.exec(...)`. Liveness waits for it.
   *
   * @default Probe.none()
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

/**
 * A process that takes its work from elsewhere, such as a queue, and serves no requests: Deployment, ServiceAccount,
 * PodDisruptionBudget, NetworkPolicy and optional HorizontalPodAutoscaler. No Service.
 *
 * - Set `terminationGracePeriod` to its longest task: after SIGTERM, it takes no new task and finishes.
 * - If two pods must never work at once, set `replicas: 1` and `rollout: Rollout.recreate()`. Otherwise the work must
 *   tolerate several.
 *
 * ```ts
 * const mailer = new Worker(chart, 'mailer', {
 *   image: 'ghcr.io/example/mailer:1.4.2',
 *   liveness: Probe.exec(['sh', '-c', 'test -n "$(find /tmp/alive -mmin -2)"']),
 * });
 * mailer.connectTo(redis);
 * ```
 */
export class Worker extends DeployedWorkload {
  public constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id, props, PLAN);
  }

  /**
   * Opens the metrics port for a peer.
   *
   * @param peer a block, or a `Peer`
   * @param options the ports, if sidecars have others
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    this._allow(peer, options);
  }
}

const PLAN = plan({
  kind: () => ({ component: 'worker', longestName: 63 }),
  read: (site: WorkloadSite<WorkerProps>) => {
    const main = readPrivate(site);
    return { main, replicas: Replicas.read(site, main) };
  },
  controller: deployedAsStated,
  parts: deployedParts,
});
