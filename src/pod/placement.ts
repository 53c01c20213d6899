import type { Construct } from 'constructs';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { warn, type Warning } from '../kernel/findings/warnings';
import { nameObject } from '../kernel/model/same-cluster';
import { instance, mapOf, oneOf, structs } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { dnsSubdomain, labelKey, labelValue } from '../kernel/schema/syntax';
import type { Overhead } from '../kubernetes/pod-size';
import { NodePool, readNodePool } from '../scheduling/node-pool';
import { PriorityClass } from '../scheduling/priority-class';
import { RuntimeClass } from '../scheduling/runtime-class';
import { readToleration, type Toleration } from '../scheduling/toleration';

/** How the replicas of a workload are kept apart. */
export type Spread = 'soft' | 'hard' | 'hosts' | 'none';

/** Where the pods of a workload run. */
export interface PlacementProps {
  /**
   * How replicas are kept on different hosts and zones.
   *
   * - `soft`: as evenly as the cluster allows. It never keeps a pod from running, so no rollout can get stuck on it.
   * - `hard`: a pod that would make it uneven stays pending; at least two zones. For at least two replicas. Four on two
   *   nodes are 2 + 2.
   * - `hosts`: no two pods of one version on one host; one without a host of its own stays pending. Over zones as `soft`.
   *   For at least two replicas.
   * - `none`: as the scheduler likes.
   *
   * @default 'soft'
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
   */
  readonly spread?: Spread;

  /**
   * Labels that a node must have.
   *
   * @default - any node
   */
  readonly nodeSelector?: { [label: string]: string };

  /**
   * Taints that the pods tolerate.
   *
   * @default - none
   */
  readonly tolerations?: Toleration[];

  /**
   * Nodes to run on: selector and toleration from one source, beside those of `nodeSelector` and `tolerations`
   * (CH08-09).
   *
   * @default - any node
   */
  readonly placeOn?: NodePool;

  /**
   * Which pods are scheduled first and stay when there is no room for all; excludes `priorityClassName`.
   *
   * @default - the cluster's default
   */
  readonly priorityClass?: PriorityClass;

  /**
   * Name of an existing PriorityClass. No default: a pod that names a missing class is rejected.
   *
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * The sandbox to run in; excludes `runtimeClassName`. Its overhead counts with the requests (CH10-38).
   *
   * @default - the container runtime of the node
   */
  readonly runtimeClass?: RuntimeClass;

  /**
   * Name of an existing RuntimeClass, whose overhead is not known. A pod that names a missing class is rejected.
   *
   * @default - the container runtime of the node
   */
  readonly runtimeClassName?: string;
}

export interface PlacementSettings {
  readonly spread: Spread;
  readonly nodeSelector: Record<string, string>;
  readonly tolerations: readonly Toleration[];
  /** How long each pod stays on a node of its pool; `undefined` for ever. */
  readonly poolSeconds?: number;
  readonly priorityClassName?: string;
  readonly runtimeClassName?: string;
  /** What the RuntimeClass adds to the requests. */
  readonly overhead: Overhead;
}

/** Whether a pod can stay pending on account of the others. */
export function isStrict({ spread }: Pick<PlacementSettings, 'spread'>): boolean {
  return spread === 'hard' || spread === 'hosts';
}

const TOLERATES_ALL: Warning = {
  rule: 'scheduling/tolerates-all',
  prop: 'tolerations',
  got: 'a toleration without a key',
  expected: 'the key of a taint',
  text:
    'tolerations: one without a key tolerates all taints, also those of nodes that fail: the pods would stay ' +
    'there for ever. Name the taint',
};

export function readPlacement(owner: Construct, read: Reader<PlacementProps>, problems: Problems): PlacementSettings {
  const tolerations = read
    .optional('tolerations', structs<Toleration>('a toleration'), [], {
      fix: "Write [{ key: 'dedicated', value: 'web', effect: 'NoSchedule' }]",
    })
    .map((given, index) => readToleration(given, problems, `tolerations[${index}]`));
  if (tolerations.some(({ key, seconds }) => key === undefined && seconds === undefined)) {
    warn(owner, TOLERATES_ALL);
  }
  const pool = read.optional('placeOn', instance(NodePool, 'a NodePool'), undefined, {
    fix: 'Use NodePool.reserved(...) or NodePool.open(...)',
    practice: 'CH08-09',
  });
  const nodes = pool && readNodePool(pool, problems, 'placeOn');
  const runtimeClass = ofOwnCluster(
    owner,
    read,
    'runtimeClass',
    read.optional('runtimeClass', instance(RuntimeClass, 'a RuntimeClass'), undefined, CLASS_HINT),
  );
  const own = read.optional('nodeSelector', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values' });
  refuseOtherNodes(own, nodes?.nodeLabels ?? {}, 'nodeSelector', "'placeOn'", problems);
  const nodeSelector = { ...own, ...nodes?.nodeLabels };
  refuseOtherNodes(
    nodeSelector,
    runtimeClass?._nodes?.nodeLabels ?? {},
    pool ? 'placeOn' : 'nodeSelector',
    "'runtimeClass'",
    problems,
  );
  return {
    spread: read.optional('spread', oneOf<Spread>('soft', 'hard', 'hosts', 'none'), 'soft'),
    nodeSelector,
    tolerations: withToleration(tolerations, nodes?.toleration),
    poolSeconds: nodes?.toleration?.seconds,
    priorityClassName:
      ofOwnCluster(
        owner,
        read,
        'priorityClass',
        read.optional('priorityClass', instance(PriorityClass, 'a PriorityClass'), undefined, CLASS_HINT),
      )?.name ??
      read.optional('priorityClassName', dnsSubdomain, undefined, { fix: 'Name a PriorityClass of the cluster' }),
    runtimeClassName:
      runtimeClass?.name ??
      read.optional('runtimeClassName', dnsSubdomain, undefined, {
        fix: 'Name a RuntimeClass of the cluster: kubectl get runtimeclasses',
        practice: 'CH10-38',
      }),
    overhead: { cpu: runtimeClass?._overhead.cpu ?? 0, memory: runtimeClass?._overhead.memory ?? 0 },
  };
}

const CLASS_HINT = { fix: 'Pass the block, or the name of an existing class as the prop with Name at the end' };

/** A class of the app, which must be on the cluster of the workload. Excludes the name of one that exists already. */
function ofOwnCluster<T extends PriorityClass | RuntimeClass>(
  owner: Construct,
  read: Reader<PlacementProps>,
  prop: 'priorityClass' | 'runtimeClass',
  given: T | undefined,
): T | undefined {
  read.conflict(prop, `${prop}Name`, { fix: 'Keep one' });
  if (given) {
    nameObject({
      owner,
      other: given,
      prop,
      expected: 'one',
      fix: 'Make one for each cluster: a pod that names a missing class is rejected',
    });
  }
  return given;
}

/**
 * Two values of one label: no node has both. Where the second comes from the RuntimeClass, the API server rejects the
 * pod.
 */
function refuseOtherNodes(
  selector: Record<string, string>,
  wanted: Record<string, string>,
  prop: string,
  source: string,
  problems: Problems,
): void {
  for (const [label, value] of Object.entries(wanted)) {
    if (Object.hasOwn(selector, label) && selector[label] !== value) {
      problems.refuse(
        `${prop}`,
        new Verbatim(`${label}=${selector[label]}`),
        `${label}=${value}, as ${source} has it`,
        { rule: 'scheduling/contradicting-labels', fix: 'No node has both: remove one' },
      );
    }
  }
}

function withToleration(tolerations: readonly Toleration[], added: Toleration | undefined): readonly Toleration[] {
  const known =
    added &&
    tolerations.some(
      ({ key, value, effect, seconds }) =>
        key === added.key && value === added.value && effect === added.effect && seconds === added.seconds,
    );
  return added && !known ? [...tolerations, added] : tolerations;
}
