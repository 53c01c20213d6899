import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { WorkerProcessProps } from './worker-process';
import { KEEP, statefulSet } from '../controllers/stateful-set';
import type { AllowOptions } from '../network/connection';
import type { IPeer } from '../network/peer';
import { Replicas } from '../parts/replicas';
import { plan, type WorkloadSite } from '../workload/plan';
import { readPrivate } from '../workload/probes';
import { Workload } from '../workload/workload';
import type { PodWorkloadProps } from '../workload/workload-props';

/** Props of `SingletonWorker`. */
export interface SingletonWorkerProps extends PodWorkloadProps, WorkerProcessProps {}

/**
 * A worker of which at most one pod runs, also during a rollout, an eviction and a node failure: a StatefulSet of one
 * pod, ServiceAccount and NetworkPolicy. No Service and no budget.
 *
 * - A pod and its successor have the same name, so the successor starts only when the old pod is gone. Nobody works
 *   meanwhile, for up to `terminationGracePeriod`.
 * - When a node no longer answers, the pod stays until the node returns or a person decides: see docs/worker.md.
 *
 * ```ts
 * const ledger = new SingletonWorker(chart, 'ledger', {
 *   image: 'ghcr.io/example/ledger:3.0.1',
 *   liveness: Probe.heartbeat('/tmp/alive', { maxAge: Duration.minutes(2) }),
 * });
 * ledger.connectTo(redis);
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
 */
export class SingletonWorker extends Workload {
  /** The StatefulSet. */
  public readonly statefulSet: ApiObject;

  public constructor(scope: Construct, id: string, props: SingletonWorkerProps) {
    super(scope, id, props, PLAN);
    this.statefulSet = this._controller;
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

const ONE = 'Remove it: there is one pod. If several may run, use a Worker';

const PLAN = plan({
  kind: () => ({
    component: 'worker',
    longestName: 52,
    foreign: { replicas: ONE, autoscaling: ONE, budget: ONE, rollout: ONE, minReady: ONE },
  }),
  read: (site: WorkloadSite<SingletonWorkerProps>) => ({ main: readPrivate(site) }),
  // in order, a pod that never gets ready would not be replaced by a better version
  controller: ({ problems }) =>
    statefulSet(Replicas.fixed(1, problems), {
      podManagement: 'Parallel',
      revisionHistory: 10,
      claimRetention: KEEP,
    }),
  parts: () => undefined,
});
