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

/** Common props of workloads with a Deployment. */
export interface DeploymentProps extends ReplicasProps {
  /**
   * How new pods replace old ones.
   *
   * @default Rollout.rolling(): one extra pod, and none less than wanted (CH05-16)
   */
  readonly rollout?: Rollout;

  /**
   * Time for which a new pod must be ready before it counts as available, so that an old one stops; 0 to 3600 s.
   *
   * @default - 5 s: a pod that crashes on its first requests never counts; 30 s with `service.headless`: clients
   * resolve the name at most every 30 s
   */
  readonly minReady?: Duration;

  /**
   * Time without progress after which a rollout counts as failed; 1 to 86400 s, more than `minReady` and the longest
   * start that the probes allow.
   *
   * @default - 10 minutes, or 5 minutes more than these two if that is longer
   */
  readonly progressDeadline?: Duration;

  /**
   * Old revisions for rollbacks; 0 to 100. Keep their ConfigMaps as long.
   *
   * @default 10
   */
  readonly revisionHistory?: number;
}

export interface DeploymentSettings {
  readonly rollout: RolloutSettings;
  /** In seconds; 0 for the default of Kubernetes. */
  readonly minReady?: number;
  /** In seconds. Derived from the probes unless set. */
  readonly progressDeadline?: number;
  readonly revisionHistory?: number;
  /** How to get one pod at a time, if the caller can. */
  readonly onePodFix?: string;
}

const ROLLOUT = instance(Rollout, 'a Rollout, e.g. Rollout.rolling(...) with maxSurge: 2');
const READY_TIME = seconds(0, 3600);
const PROGRESS_DEADLINE = seconds(1, 86_400);
const REVISION_HISTORY = integer(0, 100);

/** The default of `minReady`, in seconds. */
export const MIN_READY = 5;

/** Reads the rollout of a Deployment. All containers must exist. `usual` is the default of `minReady`. */
export function readDeployment(
  { read, pod, problems }: Site<DeploymentProps>,
  replicas: Replicas,
  usual = MIN_READY,
): DeploymentSettings {
  const rollout = read.optional('rollout', ROLLOUT, Rollout.rolling(), {
    fix: 'Use Rollout.rolling(...) or Rollout.recreate()',
  });
  const minReady = read.optional('minReady', READY_TIME, usual);
  const start = longestStart(pod.containers);
  const progressDeadline = read.optional('progressDeadline', PROGRESS_DEADLINE, undefined, {
    fix: 'Write Duration.minutes(10), the default, or more',
    practice: 'CH05-36',
  });
  if (progressDeadline !== undefined && progressDeadline <= start + minReady && read.isSound('minReady')) {
    const expected =
      start > 0
        ? `more than the ${start} s that the probes allow for a start, and minReady (${minReady} s)`
        : `more than minReady (${minReady} s)`;
    read.refuse('progressDeadline', new Verbatim(`${progressDeadline} s`), expected, {
      rule: 'workload/progress-deadline',
      fix: 'Raise it',
    });
  }
  const rolled = readRollout(rollout, replicas.comparable, problems, 'rollout');
  return {
    rollout: rolled,
    // no old pod waits for a new one
    minReady: rolled.kind === 'Recreate' && !read.has('minReady') ? undefined : minReady,
    progressDeadline,
    revisionHistory: read.optional('revisionHistory', REVISION_HISTORY, 10),
    onePodFix: 'For one pod at a time, set replicas: 1 and rollout: Rollout.recreate()',
  };
}

/** Interchangeable pods. */
export function deployment(replicas: Replicas, settings: DeploymentSettings): Controller {
  const { rollout, onePodFix } = settings;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    scale: (most) => scaleOf(rollout, replicas.least, most ?? replicas.most),
    // a rolling update starts the new pod beside the old one
    severalPods: () => (replicas.areSeveral || rollout.kind !== 'Recreate' ? { fix: onePodFix } : undefined),
    endsAfter: Infinity,
    minReady: rollout.kind === 'Recreate' ? undefined : (settings.minReady ?? 0),
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
    template: renderPodTemplate(pod, { revisionLabel: 'pod-template-hash', most: replicas.bound, movable: true }),
  };
}

function renderStrategy(settings: RolloutSettings): DeploymentStrategy {
  if (settings.kind === 'Recreate') return { type: 'Recreate' };
  const { maxSurge, maxUnavailable } = settings;
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } };
}

const USUAL_DEADLINE = 600;
/** For the time before the containers: a node, images, volumes, init containers. */
const BEFORE_THE_START = 300;

/**
 * The longest time, in seconds, from the first container of a pod until it is ready, according to its probes. A sidecar
 * has started before the next container starts.
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

/** A slow start within its time limit is no failed rollout. */
function defaultDeadline(containers: readonly ContainerSettings[], minReady: number): number {
  return Math.max(USUAL_DEADLINE, longestStart(containers) + minReady + BEFORE_THE_START);
}
