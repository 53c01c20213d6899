import type { Duration } from 'cdk8s';
import type { StatefulSetSpec } from 'kubernetes-types/apps/v1';
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';
import { type Controller, steady } from './controller';
import { identity } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import { Verbatim } from '../kernel/findings/describe';
import { integer, oneOf, seconds } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { type IntOrPercent, somePods } from '../kubernetes/int-or-percent';
import { bytesQuantity } from '../kubernetes/quantity';
import type { Replicas, ReplicasProps } from '../parts/replicas';
import type { Site } from '../parts/site';
import { isStrict } from '../pod/placement';
import type { ClaimSettings, PodSettings } from '../pod/pod-settings';
import { renderPodTemplate } from '../pod/render-pod-template';

/** How a new version replaces members: from the highest ordinal down, an old one before its successor. */
export interface MemberRollout {
  /**
   * Lowest ordinal that gets the new version; 0 to 10000, and at most the number of replicas. Members below it keep the
   * old one, also when they restart.
   *
   * @default 0: all members
   */
  readonly partition?: number;

  /**
   * Members that may be missing during a rollout: 1 to 10000, or a percentage from `'1%'`, rounded up. Needs Kubernetes
   * 1.37, before which it is one: declare the version with `ClusterProfile`.
   *
   * @default - one member at a time
   */
  readonly maxUnavailable?: number | string;
}

/** What happens to claims that no member uses any more. */
export interface ClaimRetention {
  /**
   * When the block is deleted from the app. `delete` also deletes the volumes, unless their reclaim policy is `Retain`.
   *
   * @default 'keep': a mistake in a pipeline must not delete data (CH16-34)
   */
  readonly whenDeleted?: 'keep' | 'delete';

  /**
   * When there are fewer replicas. A claim that stays is used again when they are more: its data is then old.
   *
   * @default 'keep'
   */
  readonly whenScaled?: 'keep' | 'delete';
}

/** Common props of workloads with a StatefulSet. */
export interface StatefulSetProps {
  /**
   * `ordered`: a member starts when the one before it is ready, and stops before the one below it. `parallel`: all
   * start and stop at once, for members that wait for each other. Immutable: see docs/stateful.md.
   *
   * @default 'ordered': a member can rely on those before it (CH16-27)
   */
  readonly start?: 'ordered' | 'parallel';

  /**
   * How new members replace old ones.
   *
   * @default - one at a time, from the highest ordinal to 0
   */
  readonly rollout?: MemberRollout;

  /**
   * Time for which a new member must be ready before the next one is replaced; 0 to 3600 s.
   *
   * @default Duration.seconds(5): a member that crashes on its first requests stops the rollout
   */
  readonly minReady?: Duration;

  /**
   * Old revisions for rollbacks; 0 to 100. Keep their ConfigMaps as long.
   *
   * @default 10
   */
  readonly revisionHistory?: number;

  /**
   * Whether claims stay when the block is deleted or has fewer replicas.
   *
   * @default - they stay
   */
  readonly claimRetention?: ClaimRetention;
}

export interface RetentionSettings {
  readonly whenDeleted: 'Retain' | 'Delete';
  readonly whenScaled: 'Retain' | 'Delete';
}

export interface StatefulSetSettings {
  /** Name of the headless Service that names the pods; none if nobody asks for one of them. */
  readonly governingService?: string;
  /** Whether a pod waits for the one before it. */
  readonly podManagement: 'OrderedReady' | 'Parallel';
  /** Seconds for which a new pod must be ready before the next one is replaced. */
  readonly minReady?: number;
  readonly partition?: number;
  readonly maxUnavailable?: IntOrPercent;
  readonly revisionHistory: number;
  readonly claimRetention: RetentionSettings;
}

export const KEEP: RetentionSettings = { whenDeleted: 'Retain', whenScaled: 'Retain' };

const START = oneOf<'ordered' | 'parallel'>('ordered', 'parallel');
const READY_TIME = seconds(0, 3600);
const REVISION_HISTORY = integer(0, 100);
const PARTITION = integer(0, 10_000);
const RETENTION = oneOf<'keep' | 'delete'>('keep', 'delete');
/** The first version with the field on by default; older ones ignore it. */
const MAX_UNAVAILABLE_MINOR = 37;

/** Reads the props of a StatefulSet. */
export function readStatefulSet(
  site: Site<StatefulSetProps & ReplicasProps & { readonly claims?: unknown }>,
  replicas: Replicas,
): Omit<StatefulSetSettings, 'governingService'> {
  const { read } = site;
  const start = read.optional('start', START, 'ordered');
  return {
    podManagement: start === 'ordered' ? 'OrderedReady' : 'Parallel',
    minReady: read.optional('minReady', READY_TIME, 5),
    revisionHistory: read.optional('revisionHistory', REVISION_HISTORY, 10),
    ...readMemberRollout(site, replicas),
    claimRetention: readRetention(site),
  };
}

function readMemberRollout(
  { read: props, owner, problems }: Site<StatefulSetProps & ReplicasProps>,
  replicas: Replicas,
): Pick<StatefulSetSettings, 'partition' | 'maxUnavailable'> {
  if (!props.has('rollout')) return {};
  const read = new Reader<MemberRollout>(problems, props.raw('rollout'), 'rollout.');
  const partition = read.optional('partition', PARTITION, 0);
  const maxUnavailable = read.optional('maxUnavailable', somePods, undefined, {
    fix: 'Write maxUnavailable: 2, or remove it for one at a time',
  });
  read.refuseUnknown();
  if (partition > replicas.most && read.isSound('partition') && props.isSound('replicas', 'autoscaling')) {
    read.refuse('partition', partition, `at most the number of replicas (${replicas.most})`, {
      rule: 'stateful/partition',
      fix: `Write partition: ${replicas.most} to hold all members back, or less`,
    });
  }
  if (maxUnavailable !== undefined) {
    AppModel.of(owner).add('newField', {
      owner,
      prop: 'rollout.maxUnavailable',
      value: String(maxUnavailable),
      minor: MAX_UNAVAILABLE_MINOR,
      fallback: 'remove it: one member at a time is replaced',
    });
  }
  return { partition: partition === 0 ? undefined : partition, maxUnavailable };
}

function readRetention({
  read: props,
  problems,
  pod,
}: Site<StatefulSetProps & { readonly claims?: unknown }>): RetentionSettings {
  if (!props.has('claimRetention')) return KEEP;
  const read = new Reader<ClaimRetention>(problems, props.raw('claimRetention'), 'claimRetention.');
  const keeps = {
    whenDeleted: read.optional('whenDeleted', RETENTION, 'keep'),
    whenScaled: read.optional('whenScaled', RETENTION, 'keep'),
  };
  read.refuseUnknown();
  if (pod.claims.length === 0 && props.isSound('claims')) {
    props.refuse('claimRetention', new Verbatim('a retention'), "none without 'claims'", {
      rule: 'props/conflict',
      fix: "Remove it, or add 'claims'",
    });
  }
  return { whenDeleted: inField(keeps.whenDeleted), whenScaled: inField(keeps.whenScaled) };
}

function inField(word: 'keep' | 'delete'): 'Retain' | 'Delete' {
  return word === 'keep' ? 'Retain' : 'Delete';
}

/** Pods with stable names and their own volumes. An old pod is gone before its successor starts. */
export function statefulSet(replicas: Replicas, settings: StatefulSetSettings): Controller {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    scale: (most) => steady(replicas.least, most ?? replicas.most),
    // each pod has its own volumes, but another claim is shared by all
    severalPods: () => (replicas.areSeveral ? { fix: 'Set replicas: 1' } : undefined),
    endsAfter: Infinity,
    addedVariables: [],
    render: (pod) => renderStatefulSet(replicas, settings, pod),
  };
}

function renderStatefulSet(replicas: Replicas, settings: StatefulSetSettings, pod: PodSettings): StatefulSetSpec {
  const { partition, maxUnavailable } = settings;
  const bounds =
    partition === undefined && maxUnavailable === undefined ? {} : { rollingUpdate: { partition, maxUnavailable } };
  const hasClaims = pod.claims.length > 0;
  return {
    replicas: replicas.written,
    // before 1.33, clients require the field
    serviceName: settings.governingService ?? '',
    selector: { matchLabels: identity(pod.name) },
    podManagementPolicy: settings.podManagement,
    updateStrategy: { type: 'RollingUpdate', ...bounds },
    minReadySeconds: settings.minReady,
    revisionHistoryLimit: settings.revisionHistory,
    persistentVolumeClaimRetentionPolicy: hasClaims ? settings.claimRetention : undefined,
    template: renderPodTemplate(pod, {
      // a pod must return to the zone of its volume: counted by revision, the first new pods can make that zone look
      // full forever
      revisionLabel: isStrict(pod.placement) ? undefined : 'controller-revision-hash',
      most: replicas.bound,
      movable: true,
    }),
    volumeClaimTemplates: hasClaims ? pod.claims.map((claim) => renderClaimTemplate(claim, pod.name)) : undefined,
  };
}

/** The claim of each pod of a StatefulSet. Its labels have no version: the field is immutable. */
function renderClaimTemplate(
  { name, bytes, accessMode, storageClass, attributesClass }: ClaimSettings,
  workload: string,
): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels: identity(workload) },
    spec: {
      accessModes: [accessMode],
      resources: { requests: { storage: bytesQuantity(bytes) } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      // newer than kubernetes-types
      ...(attributesClass === undefined ? {} : { volumeAttributesClassName: attributesClass }),
    },
  };
}
