import type { JobSpec, PodFailurePolicyRule } from 'kubernetes-types/batch/v1';
import { type Controller, type SeveralPods, steady } from './controller';
import type { RunSettings } from './run';
import { Verbatim } from '../kernel/findings/describe';
import type { Site } from '../parts/site';
import type { PodSettings } from '../pod/pod-settings';
import { isStrict } from '../pod/placement';
import { renderPodTemplate } from '../pod/render-pod-template';

/** Pods that run to their end once. `objectName`: the name of the Job. */
export function job(site: Site, run: RunSettings, objectName: string, ttlSeconds?: number): Controller {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    objectName,
    scale: (most) => steady(run.parallelism, most),
    severalPods: () => severalPodsOf(run),
    ...factsOfRun(site, run),
    render: (pod) => renderJob(run, pod, ttlSeconds),
  };
}

/** Claims are for one pod at a time, unless several run. */
export function severalPodsOf({ parallelism }: RunSettings): SeveralPods | undefined {
  return parallelism > 1 ? { fix: ONE_POD } : undefined;
}

/** What makes the pods of a run one at a time. */
export const ONE_POD = 'Set parallelism: 1';

/** What all controllers have in common whose pods run to an end. */
export function factsOfRun(
  { pod, problems }: Site,
  run: RunSettings,
): Pick<Controller, 'addedVariables' | 'endsAfter'> {
  if (run.parallelism === 1 && isStrict(pod.placement)) {
    const { spread } = pod.placement;
    problems.refuse('spread', spread, `'${spread}' only from parallelism 2 up`, {
      rule: 'scheduling/hard-spread',
      fix: 'Remove it: a pod alone is not spread',
    });
  }
  // each pod of an indexed Job has its number
  return { endsAfter: run.deadlineSeconds, addedVariables: run.indexed ? ['JOB_COMPLETION_INDEX'] : [] };
}

/** The longest name of a Job or CronJob. The pods of an indexed one are hosts of its name and their index. */
export function longestName({ indexed, completions }: RunSettings, longest: number): number {
  return longest - (indexed ? `-${completions - 1}`.length : 0);
}

/** `prop`: where the name comes from. */
export function refuseLongName(
  { problems }: Pick<Site, 'problems'>,
  run: RunSettings,
  prop: string,
  name: string,
  longest: number,
): void {
  const most = longestName(run, longest);
  if (name.length > most) {
    problems.refuse(
      prop,
      new Verbatim(`'${name}', ${name.length} characters`),
      `at most ${most}${most < longest ? ', and the index of a pod' : ''}`,
      { rule: 'app/object-name', fix: "Set a shorter 'name'" },
    );
  }
}

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
    template: renderPodTemplate(podOfRun(run, pod), {
      revisionLabel: 'batch.kubernetes.io/controller-uid',
      restartPolicy: run.restartPolicy,
      most: run.parallelism,
    }),
  };
}

/** A pod alone is not spread. */
function podOfRun({ parallelism }: RunSettings, pod: PodSettings): PodSettings {
  return parallelism === 1 ? { ...pod, placement: { ...pod.placement, spread: 'none' } } : pod;
}

/** The first rule that fits decides. */
function renderFailureRules(
  { fatalExitCodes }: RunSettings,
  { containers: [main] }: PodSettings,
): PodFailurePolicyRule[] {
  return [
    ...(fatalExitCodes.length === 0
      ? []
      : [
          { action: 'FailJob', onExitCodes: { containerName: main.name, operator: 'In', values: [...fatalExitCodes] } },
        ]),
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ];
}
