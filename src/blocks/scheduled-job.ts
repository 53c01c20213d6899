import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { cronJob, LONGEST_NAME, readSchedule, type ScheduleProps } from '../controllers/cron-job';
import { readRun } from '../controllers/run';
import type { RunProps } from '../controllers/run-props';
import type { ContainerBaseProps } from '../pod/container';
import type { HookedContainerProps } from '../pod/pre-stop';
import { plan, type WorkloadSite } from '../workload/plan';
import { readPortless } from '../workload/probes';
import { Workload } from '../workload/workload';
import type { PodWorkloadProps } from '../workload/workload-props';

/** Props of `ScheduledJob`. */
export interface ScheduledJobProps
  extends PodWorkloadProps, ContainerBaseProps, HookedContainerProps, RunProps, ScheduleProps {}

/**
 * Pods that run to completion on a schedule: a backup, a report, a clean-up. CronJob, ServiceAccount and NetworkPolicy.
 * It replaces locks with which apps prevent a second run (S000-33).
 *
 * - One run at a time. `activeDeadline` ends a run that hangs, so that it cannot block the next ones.
 * - A run may be skipped or, rarely, executed twice; the job must tolerate both.
 * - Changes take effect with the next run.
 *
 * ```ts
 * const report = new ScheduledJob(chart, 'report', {
 *   schedule: '30 2 * * 1-5',
 *   timeZone: 'Europe/Berlin',
 *   image: 'ghcr.io/example/journal-report:1.4.2',
 * });
 * report.connectTo(redis);
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 */
export class ScheduledJob extends Workload {
  /** The CronJob. */
  public readonly cronJob: ApiObject;

  public constructor(scope: Construct, id: string, props: ScheduledJobProps) {
    super(scope, id, props, PLAN);
    this.cronJob = this._controller;
  }
}

const PLAN = plan({
  kind: () => ({ component: 'job', longestName: LONGEST_NAME }),
  read: (site: WorkloadSite<ScheduledJobProps>) => ({
    run: readRun(site),
    when: readSchedule(site),
    main: readPortless(site),
  }),
  controller: (site, { run, when }) => cronJob(site, run, when),
  parts: () => undefined,
});
