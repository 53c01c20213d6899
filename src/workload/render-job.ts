import type { CronJobSpec, JobSpec, PodFailurePolicyRule } from 'kubernetes-types/batch/v1';
import type { RunSettings, ScheduleSettings } from './read-run';
import type { Labels } from '../kernel/emit/labels';
import type { PodSettings } from '../pod/pod-settings';
import { renderPodTemplate } from '../pod/render-pod-template';

/** `podReplacementPolicy`: the next attempt waits until the last pod is gone, so that never two work on the same. */
export function renderJob(run: RunSettings, pod: PodSettings, ttlSeconds?: number): JobSpec {
  const rules = renderFailureRules(run, pod);
  return {
    completions: run.completions,
    parallelism: run.parallelism,
    ...(run.indexed ? { completionMode: 'Indexed' } : {}),
    backoffLimit: run.backoffLimit,
    activeDeadlineSeconds: run.deadlineSeconds,
    ...(ttlSeconds === undefined ? {} : { ttlSecondsAfterFinished: ttlSeconds }),
    podReplacementPolicy: 'Failed',
    ...(run.restartPolicy === 'Never' ? { podFailurePolicy: { rules } } : {}),
    template: renderPodTemplate(podOfRun(run, pod)),
  };
}

/** `Forbid` and the like act on whole runs; names and labels of these are the controller's. */
export function renderCronJob(when: ScheduleSettings, run: RunSettings, pod: PodSettings, labels: Labels): CronJobSpec {
  return {
    schedule: when.schedule,
    timeZone: when.timeZone,
    concurrencyPolicy: when.concurrencyPolicy,
    ...(when.startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds: when.startingDeadlineSeconds }),
    successfulJobsHistoryLimit: when.successfulRunsKept,
    failedJobsHistoryLimit: when.failedRunsKept,
    ...(when.suspend ? { suspend: true } : {}),
    jobTemplate: { metadata: { labels }, spec: renderJob(run, pod) },
  };
}

/** A pod alone is not spread. */
function podOfRun({ restartPolicy, parallelism }: RunSettings, pod: PodSettings): PodSettings {
  return { ...pod, restartPolicy, placement: parallelism === 1 ? { ...pod.placement, spread: 'none' } : pod.placement };
}

/** The first rule that fits decides. */
function renderFailureRules({ fatalExitCodes }: RunSettings, { containers: [main] }: PodSettings): PodFailurePolicyRule[] {
  return [
    ...(fatalExitCodes.length === 0 ? [] : [{ action: 'FailJob', onExitCodes: { containerName: main.name, operator: 'In', values: [...fatalExitCodes] } }]),
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ];
}
