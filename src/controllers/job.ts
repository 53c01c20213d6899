import type { JobSpec, PodFailurePolicyRule } from 'kubernetes-types/batch/v1';
import { type Controller, type SeveralPods, steady } from './controller';
import type * as PerIndex from './per-index';
import type { RunSettings } from './run-props';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import type { Site } from '../parts/site';
import { isStrict } from '../pod/placement';
import type { PodSettings } from '../pod/pod-settings';
import { renderPodTemplate } from '../pod/render-pod-template';

/** Pods that run to completion once. `objectName`: the name of the Job. */
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

/** Claims are used by one pod at a time, unless several run. */
export function severalPodsOf({ parallelism }: RunSettings): SeveralPods | undefined {
  return parallelism > 1 ? { fix: ONE_POD } : undefined;
}

/** How to run one pod at a time. */
export const ONE_POD = 'Set parallelism: 1';

/** The common part of controllers whose pods run to completion. */
export function factsOfRun(
  { pod, problems }: Site,
  run: RunSettings,
): Pick<Controller, 'addedVariables' | 'endsAfter'> {
  if (run.parallelism === 1 && isStrict(pod.placement)) {
    const { spread } = pod.placement;
    problems.refuse('spread', spread, `'${spread}' only from parallelism 2 up`, {
      rule: 'scheduling/hard-spread',
      fix: 'Remove it: a single pod cannot be spread',
    });
  }
  if (run.restartPolicy === 'Never') refuseRestarts(pod, problems);
  // each pod of an indexed Job has its number
  return { endsAfter: run.deadlineSeconds, addedVariables: run.indexed ? ['JOB_COMPLETION_INDEX'] : [] };
}

/** The API server refuses a restart by resize where containers never restart. */
function refuseRestarts({ containers }: PodSettings, problems: Problems): void {
  for (const { name, role, resources } of containers) {
    // any resize of an init container has already been refused
    if (role === 'init') continue;
    for (const resource of ['cpu', 'memory'] as const) {
      if (resources.resize?.[resource] !== 'RestartContainer') continue;
      problems.add({
        rule: 'props/conflict',
        prop: `${role === 'main' ? '' : `${name}.`}resources.resize.${resource}`,
        got: "'RestartContainer' with restartPolicy 'Never'",
        expected: "'NotRequired', or restartPolicy 'OnFailure'",
        fix: "Write restartPolicy: 'OnFailure', or remove the prop",
      });
    }
  }
}

/** The longest name of a Job or CronJob. Host names of an indexed one consist of its name and the pod index. */
export function longestName({ indexed, completions }: RunSettings, longest: number): number {
  return longest - (indexed ? `-${completions - 1}`.length : 0);
}

/** `prop`: the source of the name. */
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
      `at most ${most}${most < longest ? ', since the index of a pod is appended' : ''}`,
      { rule: 'app/object-name', fix: "Set a shorter 'name'" },
    );
  }
}

/** `podReplacementPolicy`: the next attempt waits until the last pod is gone, so two pods never work at once. */
export function renderJob(run: RunSettings, pod: PodSettings, ttlSeconds?: number): JobSpec {
  const rules = renderFailureRules(run, pod);
  return {
    completions: run.completions,
    parallelism: run.parallelism,
    ...(run.indexed ? { completionMode: 'Indexed' } : {}),
    ...(run.backoffLimit === undefined ? {} : { backoffLimit: run.backoffLimit }),
    ...(run.perIndex && perIndex().renderPerIndex(run.perIndex)),
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

/** A single pod is not spread. */
function podOfRun({ parallelism, restartInPlace }: RunSettings, pod: PodSettings): PodSettings {
  const { placement } = pod;
  const [main, ...others] = pod.containers;
  return {
    ...pod,
    placement: parallelism === 1 ? { ...placement, spread: 'none' } : placement,
    containers: restartInPlace === undefined ? pod.containers : [{ ...main, restart: restartInPlace }, ...others],
  };
}

/** Loaded for runs with such props only. */
function perIndex(): typeof PerIndex {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./per-index') as typeof PerIndex;
}

/** The first matching rule decides. */
function renderFailureRules(
  { fatalExitCodes, perIndex: index }: RunSettings,
  { containers: [main] }: PodSettings,
): PodFailurePolicyRule[] {
  return [
    ...(fatalExitCodes.length === 0
      ? []
      : [
          { action: 'FailJob', onExitCodes: { containerName: main.name, operator: 'In', values: [...fatalExitCodes] } },
        ]),
    ...(index === undefined ? [] : perIndex().renderIndexFailures(index, main.name)),
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
  ];
}
