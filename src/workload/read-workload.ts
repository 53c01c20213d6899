import type { Construct } from 'constructs';
import type { PodWorkloadProps } from './workload-props';
import {
  type IdentitySettings,
  readWorkloadIdentity,
  stateIdentity,
  WorkloadIdentity,
} from '../access/workload-identity';
import { IDENTITY_LABEL, type Labels, recommended, versionLabel } from '../kernel/emit/labels';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { clusterOf } from '../kernel/model/cluster-facts';
import { stateAnnotations } from '../kernel/model/late-annotations';
import { readName } from '../kernel/model/read-name';
import { annotationMap, refuseLargeAnnotations } from '../kernel/schema/annotations';
import { boolean, instance, integer, listOf, matching, oneOf, seconds } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { labelMap, serviceName } from '../kernel/schema/syntax';
import { asksForDevices, podDevices } from '../kubernetes/pod-size';
import { isolationOf } from '../network/isolation';
import { type PodWide, readUser } from '../pod/container';
import type * as DeviceNodes from '../pod/device-nodes';
import { readNodeFeatures, usedFeatures } from '../pod/node-features';
import { readNodeHold } from '../pod/node-hold';
import { type PlacementSettings, readPlacement } from '../pod/placement';
import type * as PodLevel from '../pod/pod-resources';
import type { PodSettings } from '../pod/pod-settings';
import { checksums } from '../pod/references';
import type { Quality, WholeSettings } from '../pod/resources';
import { type HostAccess, NONROOT, UNPRIVILEGED, type User } from '../pod/security';

/** The differences between the kinds of workload. */
export interface WorkloadKind {
  /** Default of the label `app.kubernetes.io/component`. */
  readonly component: string;
  /** The API's limit for its name. */
  readonly longestName: number;
  /** Whether a Service with the ports of its containers leads to its pods. */
  readonly hasService?: boolean;
  readonly user?: User;
  readonly graceSeconds?: number;
  /** Why its pods need a token of their ServiceAccount; nothing if they do not. */
  readonly needsToken?: string;
  readonly dns?: PodSettings['dns'];
  /** Why an autoscaler cannot change the memory of its main container; nothing if it can. */
  readonly fixedMemory?: string;
  /** Host access of its pods. */
  readonly host?: HostAccess;
  /** Annotations of controller and pods about it. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Advice for props that callers know from another block. */
  readonly foreign?: Readonly<Record<string, string>>;
}

export interface WorkloadSettings {
  /** Of all objects. */
  readonly labels: Labels;
  /** Of the controller only. */
  readonly annotations: Record<string, string>;
  readonly podWide: PodWide;
  readonly pod: PodSettings;
  /** Of the pods, without labels of surrounding blocks. */
  readonly podLabels: Labels;
  readonly identity: IdentitySettings | undefined;
}

const registryPrefix = matching(
  /^[^\s:@]+(:\d+)?(\/[^\s:@]+)*\/$/,
  255,
  "a prefix that ends with '/', such as 'ghcr.io/acme/'",
);

/** Reads the name of a workload, or returns a unique substitute: two refused names are not duplicates. */
export function readWorkloadName(owner: Construct, read: Reader<PodWorkloadProps>, longest: number): string {
  const { name, valid } = readName(owner, read, serviceName(longest));
  return valid ? name : `invalid-${owner.node.addr.slice(0, 10)}`;
}

const WORKLOAD_IDENTITY = instance(WorkloadIdentity, 'a WorkloadIdentity, e.g. WorkloadIdentity.aws(...) with roleArn');
const QUALITY = oneOf<Quality>('burstable', 'guaranteed');
const REGISTRIES = listOf(registryPrefix);
const PULL_POLICY = oneOf('IfNotPresent', 'Always', 'Never');
const TERMINATION_GRACE_PERIOD = seconds(1, 3600);

/** Reads the common props of all workloads. The caller reads the containers. */
export function readWorkload(
  owner: Construct,
  name: string,
  read: Reader<PodWorkloadProps>,
  kind: WorkloadKind,
  problems: Problems,
): WorkloadSettings {
  const labels = read.optional('labels', labelMap, {}, { fix: 'Map label keys to values', practice: 'DX-13' });
  const podLabels = read.optional('podLabels', labelMap, {}, { fix: 'Map label keys to values', practice: 'DX-13' });
  for (const [prop, given] of [
    ['labels', labels],
    ['podLabels', podLabels],
  ] as const) {
    if (IDENTITY_LABEL in given) {
      read.refuse(prop, IDENTITY_LABEL, 'labels other than the one that selects the pods', {
        rule: 'workload/identity-label',
        fix: "Set 'name' instead",
      });
    }
  }
  const annotations = {
    ...read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' }),
    ...kind.annotations,
  };
  refuseLargeAnnotations(annotations, problems, 'annotations');
  const allLabels = recommended(owner, name, kind.component, labels);
  const given = read.optional('workloadIdentity', WORKLOAD_IDENTITY, undefined, {
    fix: 'Use a factory of WorkloadIdentity',
  });
  const identity = given && readWorkloadIdentity(given, problems, 'workloadIdentity');
  if (identity) stateIdentity({ owner, identity });
  const graceSeconds = read.optional('terminationGracePeriod', TERMINATION_GRACE_PERIOD, kind.graceSeconds ?? 30);
  const quality = read.optional('quality', QUALITY, 'burstable');
  const podWide: PodWide = {
    graceSeconds: read.isSound('terminationGracePeriod') ? graceSeconds : undefined,
    quality,
    whole: read.has('podResources') ? readWhole(owner, read, quality, problems) : undefined,
    // each kind of workload declares the prop, so that its doc comment can name its default
    user: readUser(read as Reader<unknown>, kind.user ?? NONROOT),
    registries: read.optional('registries', REGISTRIES, [], {
      fix: "End each prefix with '/': 'ghcr.io/acme' would also admit 'ghcr.io/acme-evil'",
      practice: 'CH01-06',
    }),
    lowestPort: readLowestPort(read, kind),
    pullPolicy: read.optional('pullPolicy', PULL_POLICY, 'IfNotPresent'),
  };
  const podAnnotations = read.optional('podAnnotations', annotationMap, {}, { fix: 'Map annotation names to text' });
  const stated = readNodeFeatures(owner, read, kind.host?.network === true || kind.host?.processes === true);
  const ownLabels: Labels = { ...allLabels, ...podLabels, ...identity?.podLabels };
  // with the version of the main image, which is read later
  let plainLabels: Labels | undefined;
  const pod: PodSettings = {
    name,
    labels: () => {
      plainLabels ??= { ...versionLabel(pod.containers[0].version), ...ownLabels };
      const added = isolationOf(owner)?.labels;
      return added === undefined ? plainLabels : { ...plainLabels, ...added };
    },
    annotations: { ...podAnnotations, ...kind.annotations, ...readNodeHold(read, podAnnotations, problems) },
    host: kind.host,
    dns: kind.dns,
    checksums: () => checksums(owner, pod),
    user: podWide.user,
    lowestPort: podWide.lowestPort,
    features: () => usedFeatures(owner, pod, stated),
    mountToken: readToken(read, kind.needsToken),
    graceSeconds,
    placement: readPlacement(owner, read, problems),
    nearDevices: (placement) =>
      asksForDevices(pod.containers) ? onDeviceNodes(placement, owner, pod.containers) : placement,
    whole: podWide.whole,
    containers: [],
    volumes: [],
    claims: [],
    deviceClaims: [],
  };
  // checksums come from mounts: too few and too short to matter alone
  if (Object.keys(pod.annotations).length > 0) {
    stateAnnotations({ owner, prop: 'podAnnotations', all: () => ({ ...pod.annotations, ...pod.checksums() }) });
  }
  return { labels: allLabels, annotations, podWide, pod, podLabels: ownLabels, identity };
}

/** Loaded for pods that state resources as a whole only. */
function readWhole(
  owner: Construct,
  read: Reader<PodWorkloadProps>,
  quality: Quality,
  problems: Problems,
): WholeSettings | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const module = require('../pod/pod-resources') as typeof PodLevel;
  const given = read.optional('podResources', instance(module.PodResources, 'a PodResources'), undefined, {
    fix: 'Use PodResources.of(...) with cpu and memory',
  });
  if (given === undefined) return undefined;
  AppModel.of(owner).add('newField', {
    owner,
    prop: 'podResources',
    value: 'PodResources.of(...)',
    minor: 34,
    fallback: "set 'resources' of each container",
  });
  return module.readPodResources(given, quality, problems, 'podResources');
}

/** Loaded for pods with devices only. */
function onDeviceNodes(
  placement: PlacementSettings,
  owner: Construct,
  containers: PodSettings['containers'],
): PlacementSettings {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const module = require('../pod/device-nodes') as typeof DeviceNodes;
  return module.onDeviceNodes(placement, podDevices(containers), clusterOf(owner));
}

const UNPRIVILEGED_PORT_START = integer(1, UNPRIVILEGED);

function readLowestPort(read: Reader<PodWorkloadProps>, { host }: WorkloadKind): number {
  const lowest = read.optional('unprivilegedPortStart', UNPRIVILEGED_PORT_START, UNPRIVILEGED);
  if (lowest < UNPRIVILEGED && host?.network) {
    read.refuse('unprivilegedPortStart', lowest, 'none on the host network', {
      rule: 'props/conflict',
      fix: 'Remove it: a pod cannot change the network of its node',
    });
  }
  return lowest;
}

function readToken(read: Reader<PodWorkloadProps>, need: string | undefined): boolean {
  const usual = need !== undefined;
  const given = read.optional('serviceAccountToken', boolean, usual);
  if (!given && usual) {
    read.refuse('serviceAccountToken', false, `true: ${need}`, {
      rule: 'workload/needed-token',
      fix: 'Write true, the default here',
    });
  }
  return given;
}
