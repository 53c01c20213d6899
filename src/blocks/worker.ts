import type { Construct } from 'constructs';
import type { WorkerProcessProps } from './worker-process';
import type { DeploymentProps } from '../controllers/deployment';
import type { AllowOptions } from '../network/connection';
import type { IPeer } from '../network/peer';
import { Replicas } from '../parts/replicas';
import { deployedAsStated, deployedParts, DeployedWorkload } from '../workload/deployed-workload';
import { plan, type WorkloadSite } from '../workload/plan';
import { readPrivate } from '../workload/probes';
import type { WorkloadProps } from '../workload/workload-props';

/** Props of `Worker`. */
export interface WorkerProps extends WorkloadProps, WorkerProcessProps, DeploymentProps {}

/**
 * A process that takes its work from elsewhere, such as a queue, and serves no requests: Deployment, ServiceAccount,
 * PodDisruptionBudget, NetworkPolicy and optional HorizontalPodAutoscaler. No Service.
 *
 * - Set `terminationGracePeriod` to its longest task: after SIGTERM, it takes no new task and finishes.
 * - If two pods must never work at once, use a `SingletonWorker`. Otherwise the work must tolerate several.
 *
 * ```ts
 * const mailer = new Worker(chart, 'mailer', {
 *   image: 'ghcr.io/example/mailer:1.4.2',
 *   liveness: Probe.heartbeat('/tmp/alive', { maxAge: Duration.minutes(2) }),
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
