import type { Construct } from 'constructs';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { warn, type Warning } from '../kernel/findings/warnings';
import { nameObject } from '../kernel/model/same-cluster';
import { instance, oneOf, structs } from '../kernel/schema/checks';
import type { Reader } from '../kernel/schema/reader';
import { dnsSubdomain, labelMap } from '../kernel/schema/syntax';
import type { Overhead } from '../kubernetes/pod-size';
import { NodePool, readNodePool } from '../scheduling/node-pool';
import { PriorityClass } from '../scheduling/priority-class';
import { RuntimeClass } from '../scheduling/runtime-class';
import { readToleration, type Toleration } from '../scheduling/toleration';

/** Distribution of the replicas of a workload. */
export type Spread = 'soft' | 'hard' | 'hosts' | 'none';

/** Placement of the pods of a workload. */
export interface PlacementProps {
  /**
   * Distribution of replicas over hosts and zones.
   *
   * - `soft`: as evenly as the cluster allows. It never keeps a pod from running, so it cannot block a rollout.
   * - `hard`: a pod that would make it uneven stays pending. Needs at least two zones and two replicas. Four on two
   *   nodes are 2 + 2.
   * - `hosts`: no two pods of one version on one host; a pod without a free host stays pending. Across zones, as
   *   `soft`. For at least two replicas.
   * - `none`: the scheduler decides.
   *
   * @default 'soft'
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
   */
  readonly spread?: Spread;

  /**
   * Required labels of a node.
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
   * Nodes to run on: selector and toleration from one source, in addition to `nodeSelector` and `tolerations`
   * (CH08-09).
   *
   * @default - any node
   */
  readonly placeOn?: NodePool;

  /**
   * Priority in scheduling and preemption; excludes `priorityClassName`.
   *
   * @default - the cluster's default
   */
  readonly priorityClass?: PriorityClass;

  /**
   * Name of an existing PriorityClass. No default: the API server rejects a pod that names a missing class.
   *
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;

  /**
   * Sandbox for the pods; excludes `runtimeClassName`. Its overhead adds to the requests (CH10-38).
   *
   * @default - the container runtime of the node
   */
  readonly runtimeClass?: RuntimeClass;

  /**
   * Name of an existing RuntimeClass, whose overhead is unknown. The API server rejects a pod that names a missing
   * class.
   *
   * @default - the container runtime of the node
   */
  readonly runtimeClassName?: string;
}

export interface PlacementSettings {
  readonly spread: Spread;
  readonly nodeSelector: Record<string, string>;
  readonly tolerations: readonly Toleration[];
  /** Time that each pod stays on a node of its pool; `undefined` if it may stay indefinitely. */
  readonly poolSeconds?: number;
  readonly priorityClassName?: string;
  readonly runtimeClassName?: string;
  /** Overhead of the RuntimeClass. */
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
    'tolerations: a toleration without a key tolerates all taints: the pods would stay on failed nodes forever. ' +
    'Name the taint',
};

const TOLERATIONS = structs<Toleration>('a toleration');
const PLACE_ON = instance(NodePool, 'a NodePool');
const RUNTIME_CLASS = instance(RuntimeClass, 'a RuntimeClass');
const SPREAD = oneOf<Spread>('soft', 'hard', 'hosts', 'none');
const PRIORITY_CLASS = instance(PriorityClass, 'a PriorityClass');

export function readPlacement(owner: Construct, read: Reader<PlacementProps>, problems: Problems): PlacementSettings {
  const tolerations = read
    .optional('tolerations', TOLERATIONS, [], {
      fix: "List Tolerations, such as one with key: 'dedicated', value: 'web', effect: 'NoSchedule'",
    })
    .map((given, index) => readToleration(given, problems, `tolerations[${index}]`));
  if (tolerations.some(({ key, seconds }) => key === undefined && seconds === undefined)) {
    warn(owner, TOLERATES_ALL);
  }
  const pool = read.optional('placeOn', PLACE_ON, undefined, {
    fix: 'Use NodePool.reserved(...) or NodePool.open(...)',
    practice: 'CH08-09',
  });
  const nodes = pool && readNodePool(pool, problems, 'placeOn');
  const runtimeClass = ofOwnCluster(
    owner,
    read,
    'runtimeClass',
    read.optional('runtimeClass', RUNTIME_CLASS, undefined, CLASS_HINT),
  );
  const own = read.optional('nodeSelector', labelMap, {}, { fix: 'Map label keys to values' });
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
    spread: read.optional('spread', SPREAD, 'soft'),
    nodeSelector,
    tolerations: withToleration(tolerations, nodes?.toleration),
    poolSeconds: nodes?.toleration?.seconds,
    priorityClassName:
      ofOwnCluster(owner, read, 'priorityClass', read.optional('priorityClass', PRIORITY_CLASS, undefined, CLASS_HINT))
        ?.name ??
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

const CLASS_HINT = { fix: 'Pass the block, or set the prop that ends with Name to the name of an existing class' };

/** A class of the app on the cluster of the workload. Excludes the name of an existing class. */
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
      fix: 'Create one for each cluster: the API server rejects a pod that names a missing class',
    });
  }
  return given;
}

/**
 * Refuses two values of one label: no node has both. If the second comes from the RuntimeClass, the API server rejects
 * the pod.
 */
export function refuseOtherNodes(
  selector: Record<string, string>,
  wanted: Record<string, string>,
  prop: string,
  source: string,
  problems: Problems,
): void {
  for (const [label, value] of Object.entries(wanted)) {
    if (Object.hasOwn(selector, label) && selector[label] !== value) {
      problems.refuse(`${prop}`, new Verbatim(`${label}=${selector[label]}`), `${label}=${value}, as in ${source}`, {
        rule: 'scheduling/contradicting-labels',
        fix: 'No node has both: remove one',
      });
    }
  }
}

export function withToleration(
  tolerations: readonly Toleration[],
  added: Toleration | undefined,
): readonly Toleration[] {
  const known =
    added &&
    tolerations.some(
      ({ key, value, effect, seconds }) =>
        key === added.key && value === added.value && effect === added.effect && seconds === added.seconds,
    );
  return added && !known ? [...tolerations, added] : tolerations;
}
