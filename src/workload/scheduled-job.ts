import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ScheduledJobProps } from './job-props';
import { readSchedule, type ScheduleSettings } from './read-run';
import { renderCronJob } from './render-job';
import { RunWorkload } from './run-workload';
import { emitLater } from '../kernel/emit/emission';
import { versionLabel } from '../kernel/emit/labels';
import { imageVersion } from '../pod/container';

/**
 * Pods that run to their end at set times: a backup, a report, a clean-up. CronJob, ServiceAccount and NetworkPolicy. It takes
 * the place of locks by which apps keep a second run from starting (S000-33).
 *
 * - One run at a time. A run that hangs is ended by `activeDeadline`, so that it cannot keep the next ones away.
 * - A run may be left out, or in rare cases made twice: what it does must bear both.
 * - A changed ScheduledJob holds from the next run on.
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
export class ScheduledJob extends RunWorkload {
  /** The CronJob. */
  public readonly cronJob: ApiObject;

  private readonly when: ScheduleSettings;

  public constructor(scope: Construct, id: string, props: ScheduledJobProps) {
    super(scope, id, props, LONGEST_NAME);
    const read = this._reader(props);
    const when = readSchedule(read);
    this.when = when;
    this._refuseLongName('name', this.name, LONGEST_NAME);
    const { parallelism } = this._run;
    // of one run: how many run at a time with 'Allow' is up to their length
    this._record('CronJob', () => ({ replicas: 0, most: parallelism, surge: 0, stopping: when.concurrencyPolicy === 'Replace' ? parallelism : 0 }), []);

    const version = versionLabel(imageVersion(this._pod.containers[0].image));
    const head = this._head('batch/v1', 'CronJob', this.name, { annotations: this._annotations, labels: version });
    this.cronJob = emitLater(this, 'Resource', head, this._problems, () => renderCronJob(when, this._run, this._pod, { ...version, ...this._labels }));
    read.refuseUnknown();
  }

  /**
   * Runs that may overlap are several, too.
   *
   * @internal
   */
  protected _hasSeveralPods(): boolean {
    return super._hasSeveralPods() || this.when.concurrencyPolicy === 'Allow';
  }

  /** @internal */
  protected _onePodFix(): string | undefined {
    return this.when.concurrencyPolicy === 'Allow' ? `${super._onePodFix()} and concurrencyPolicy: 'Forbid'` : super._onePodFix();
  }
}

/** The controller appends 11 characters. */
const LONGEST_NAME = 52;
