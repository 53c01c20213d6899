import type { Construct } from 'constructs';
import type { DeploymentProps } from '../controllers/deployment';
import type { AllowOptions } from '../network/connection';
import type { IPeer } from '../network/peer';
import { Replicas } from '../parts/replicas';
import type { ContainerBaseProps } from '../pod/container';
import type { Probe } from '../pod/probe';
import { deployedAsStated, DeployedWorkload, scaledParts } from '../workload/deployed-workload';
import { plan, type WorkloadSite } from '../workload/plan';
import { readPrivate } from '../workload/probes';
import type { WorkloadProps } from '../workload/workload-props';

/** Props of `Worker`. */
export interface WorkerProps extends WorkloadProps, ContainerBaseProps, DeploymentProps {
  /**
   * Whether the process must be restarted. Required: nobody sends it requests, so that nothing else shows that it
   * hangs. `Probe.exec(...)`, such as a look at the age of a file that each task touches, or `Probe.none()`.
   */
  readonly liveness: Probe;

  /**
   * Whether the process has started, for one that starts slowly: `Probe.exec(...)`. Liveness waits for it.
   *
   * @default Probe.none()
   */
  readonly startup?: Probe;

  /**
   * Port on which the process shows its metrics, by the name `metrics`; 1024 to 65535. No Service leads to it, and
   * nobody gets to it but by `allowFrom` and `NetworkTiers.allowScraping`.
   *
   * @default - none
   */
  readonly metricsPort?: number;
}

/**
 * A process that takes its work from elsewhere, such as a queue, and that nobody connects to: Deployment,
 * ServiceAccount, PodDisruptionBudget, NetworkPolicy and, when asked, HorizontalPodAutoscaler. No Service.
 *
 * - Give it `terminationGracePeriod` for its longest task: at SIGTERM it takes no new one, and finishes.
 * - Where two must never work at once, set `replicas: 1` and `rollout: Rollout.recreate()`. Else the work must bear
 *   several.
 *
 * ```ts
 * const mailer = new Worker(chart, 'mailer', {
 *   image: 'ghcr.io/example/mailer:1.4.2',
 *   liveness: Probe.exec(['find', '/tmp/alive', '-mmin', '-2']),
 * });
 * mailer.connectTo(redis);
 * ```
 */
export class Worker extends DeployedWorkload {
  public constructor(scope: Construct, id: string, props: WorkerProps) {
    super(scope, id, props, PLAN);
  }

  /**
   * Opens the port of the metrics for a peer.
   *
   * @param peer a block, or a `Peer`
   * @param options which ports, where sidecars have others
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
  parts: scaledParts,
});
