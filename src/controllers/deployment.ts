import type { Duration } from 'cdk8s';
import type { DeploymentSpec, DeploymentStrategy } from 'kubernetes-types/apps/v1';
import type { Controller } from './controller';
import { readRollout, Rollout, type RolloutSettings, scaleOf } from './rollout';
import { identity } from '../kernel/emit/labels';
import { Verbatim } from '../kernel/findings/describe';
import { instance, integer, seconds } from '../kernel/schema/checks';
import type { Replicas, ReplicasProps } from '../parts/replicas';
import type { Site } from '../parts/site';
import type { ContainerSettings } from '../pod/container';
import type { PodSettings } from '../pod/pod-settings';
import { renderPodTemplate } from '../pod/render-pod-template';

/** What the workloads of a Deployment have in common. */
export interface DeploymentProps extends ReplicasProps {
  /**
   * How new pods replace old ones.
   *
   * @default Rollout.rolling(): one pod more than wanted, none less (CH05-16)
   */
  readonly rollout?: Rollout;

  /**
   * Time for which a new pod must be ready before it counts; 0 to 3600 s.
   *
   * @default Duration.seconds(5): a pod that crashes on its first requests does not count
   */
  readonly minReady?: Duration;

  /**
   * Time without progress after which a rollout counts as failed; 1 to 86400 s, longer than a start may take by its
   * probes, and `minReady`.
   *
   * @default - 10 minutes, or 5 minutes more than these two where that is longer
   */
  readonly progressDeadline?: Duration;

  /**
   * Old versions that a rollback can return to; 0 to 100. Keep their ConfigMaps as long.
   *
   * @default 10
   */
  readonly revisionHistory?: number;
}

export interface DeploymentSettings {
  readonly rollout: RolloutSettings;
  /** In seconds; 0 where it is left to Kubernetes. */
  readonly minReady?: number;
  /** In seconds. What the probes allow, unless it is stated. */
  readonly progressDeadline?: number;
  readonly revisionHistory?: number;
  /** How the caller gets one pod at a time; nothing where that is not up to the caller. */
  readonly onePodFix?: string;
}

/** Reads how a Deployment rolls. All containers must be there. */
export function readDeployment({ read, pod, problems }: Site<DeploymentProps>, replicas: Replicas): DeploymentSettings {
  const rollout = read.optional(
    'rollout',
    instance(Rollout, 'a Rollout, e.g. Rollout.rolling({ maxSurge: 2 })'),
    Rollout.rolling(),
    { fix: 'Use Rollout.rolling(...) or Rollout.recreate()' },
  );
  const minReady = read.optional('minReady', seconds(0, 3600), 5);
  const start = longestStart(pod.containers);
  const progressDeadline = read.optional('progressDeadline', seconds(1, 86_400), undefined, {
    fix: 'Write Duration.minutes(10), the default, or more',
    practice: 'CH05-36',
  });
  if (progressDeadline !== undefined && progressDeadline <= start + minReady && read.isSound('minReady')) {
    const expected =
      start > 0
        ? `more than the ${start} s that the probes give a start, and minReady (${minReady} s)`
        : `more than minReady (${minReady} s)`;
    read.refuse('progressDeadline', new Verbatim(`${progressDeadline} s`), expected, {
      rule: 'workload/progress-deadline',
      fix: 'Raise it',
    });
  }
  return {
    rollout: readRollout(rollout, replicas.comparable, problems, 'rollout'),
    minReady,
    progressDeadline,
    revisionHistory: read.optional('revisionHistory', integer(0, 100), 10),
    onePodFix: 'For one pod at a time, set replicas: 1 and rollout: Rollout.recreate()',
  };
}

/** Equal pods that come and go. */
export function deployment(replicas: Replicas, settings: DeploymentSettings): Controller {
  const { rollout, onePodFix } = settings;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    scale: (most) => scaleOf(rollout, replicas.least, most ?? replicas.most),
    // a rolling update starts the new pod beside the old one
    severalPods: () => (replicas.areSeveral || rollout.kind !== 'Recreate' ? { fix: onePodFix } : undefined),
    endsAfter: Infinity,
    addedVariables: [],
    render: (pod) => renderDeployment(replicas, settings, pod),
  };
}

function renderDeployment(
  replicas: Replicas,
  { rollout, minReady, progressDeadline, revisionHistory }: DeploymentSettings,
  pod: PodSettings,
): DeploymentSpec {
  return {
    replicas: replicas.written,
    selector: { matchLabels: identity(pod.name) },
    strategy: renderStrategy(rollout),
    minReadySeconds: minReady,
    progressDeadlineSeconds: progressDeadline ?? defaultDeadline(pod.containers, minReady ?? 0),
    revisionHistoryLimit: revisionHistory ?? 10,
    template: renderPodTemplate(pod, { revisionLabel: 'pod-template-hash', most: replicas.bound }),
  };
}

function renderStrategy(settings: RolloutSettings): DeploymentStrategy {
  if (settings.kind === 'Recreate') return { type: 'Recreate' };
  const { maxSurge, maxUnavailable } = settings;
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
}

const USUAL_DEADLINE = 600;
/** For what comes before the containers: a node, images, volumes, init containers. */
const BEFORE_THE_START = 300;

/**
 * The longest time, in seconds, that a pod may take from its first container to being ready, as its probes say. A
 * sidecar has started before the next container begins.
 */
function longestStart(containers: readonly ContainerSettings[]): number {
  const [main, ...others] = containers;
  let started = 0;
  let ready = 0;
  for (const {
    probes: { readiness, startup },
  } of [...others.filter(({ role }) => role === 'sidecar'), main]) {
    const begun = started;
    if (startup) started += startup.initialDelay + startup.period * startup.failureThreshold;
    ready = Math.max(ready, started, begun + (readiness?.initialDelay ?? 0));
  }
  return ready;
}

/** A pod that starts slowly, but in its time, is no failed rollout. */
function defaultDeadline(containers: readonly ContainerSettings[], minReady: number): number {
  return Math.max(USUAL_DEADLINE, longestStart(containers) + minReady + BEFORE_THE_START);
}
