import type { Size } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { AppModel } from '../kernel/facts/app-model';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { bytes, isPlain, listOf, oneOf, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { ICpu } from '../kubernetes/cpu';
import { bytesQuantity, cpuMillis, cpuQuantity, MEBIBYTE } from '../kubernetes/quantity';
import type { ContainerSettings } from '../pod/container';
import type { Amount } from '../pod/resources';

/** CPU and memory of the main container. */
export interface VerticalAmounts {
  /**
   * CPU; at least 1 milli-core.
   *
   * @default - no bound
   */
  readonly cpu?: ICpu;

  /**
   * Memory; at least 4 MiB.
   *
   * @default - no bound
   */
  readonly memory?: Size;
}

/** Recommendations for the main container. */
export interface VerticalAutoscalingOptions {
  /**
   * The least that is recommended.
   *
   * @default - the least of the recommender, usually 25m CPU and 250Mi memory for a pod
   */
  readonly min?: VerticalAmounts;

  /**
   * The most that is recommended; at least `min`.
   *
   * @default - no bound
   */
  readonly max?: VerticalAmounts;

  /**
   * The resources that it looks at.
   *
   * @default ['cpu', 'memory']
   */
  readonly resources?: Array<'cpu' | 'memory'>;
}

/** Requests that are set to the recommendations. */
export interface VerticalUpdateOptions {
  /**
   * The least that is set.
   *
   * @default - the least of the recommender, usually 25m CPU and 250Mi memory for a pod
   */
  readonly min?: VerticalAmounts;

  /**
   * The most that is set, for each of the `resources`; at least `min`. Quotas and nodes are checked against it, since
   * the requests of a pod are unknown before.
   */
  readonly max: VerticalAmounts;

  /**
   * The resources that it sets.
   *
   * @default ['cpu', 'memory']
   */
  readonly resources?: Array<'cpu' | 'memory'>;
}

/**
 * A VerticalPodAutoscaler of a workload.
 *
 * ```ts
 * new Worker(chart, 'mailer', {
 *   image: 'ghcr.io/acme/mailer:1.4.2',
 *   liveness: Probe.none(),
 *   verticalAutoscaling: VerticalAutoscaling.recommend(),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/vertical-pod-autoscale/
 */
export class VerticalAutoscaling {
  /** Recommends requests, and changes nothing: `kubectl describe vpa NAME` shows them (mode `Off`). */
  public static recommend(options?: VerticalAutoscalingOptions): VerticalAutoscaling {
    return new VerticalAutoscaling('Off', options ?? {});
  }

  /** Sets the requests of new pods, and never changes a running one. */
  public static initial(options: VerticalUpdateOptions): VerticalAutoscaling {
    return new VerticalAutoscaling('Initial', options);
  }

  /**
   * Sets the requests of new pods, and evicts those whose requests are far off. The budget of the workload applies. The
   * controller leaves a workload with one pod alone, unless it is set up otherwise.
   */
  public static recreate(options: VerticalUpdateOptions): VerticalAutoscaling {
    return new VerticalAutoscaling('Recreate', options);
  }

  /** Like `recreate`, but resizes running pods where the node lets it. Kubernetes has it from 1.33. */
  public static inPlaceOrRecreate(options: VerticalUpdateOptions): VerticalAutoscaling {
    return new VerticalAutoscaling('InPlaceOrRecreate', options);
  }

  private constructor(
    /** @internal */ public readonly _mode: VerticalMode,
    /** @internal */ public readonly _options: unknown,
  ) {}
}

export type VerticalMode = 'Off' | 'Initial' | 'Recreate' | 'InPlaceOrRecreate';

type Resource = 'cpu' | 'memory';

/** CPU in milli-cores, memory in bytes. */
type Bounds = Partial<Record<Resource, number>>;

export interface VerticalSettings {
  readonly mode: VerticalMode;
  readonly resources: readonly Resource[];
  readonly min: Bounds;
  readonly max: Bounds;
}

/** A vertical autoscaler of a block that sets requests. */
export interface VerticalFact {
  readonly owner: IConstruct;
  readonly resources: readonly Resource[];
  readonly max: Bounds;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly verticalAutoscaling: VerticalFact;
  }
}

const RESOURCES = listOf(oneOf<Resource>('cpu', 'memory'));
const AMOUNTS = that<VerticalAmounts>("an object with 'cpu' and 'memory'", isPlain);
const MEMORY = bytes(4 * MEBIBYTE);
const BOTH: readonly Resource[] = ['cpu', 'memory'];
const PROP = 'verticalAutoscaling';

export function readVertical({ _mode, _options }: VerticalAutoscaling, problems: Problems): VerticalSettings {
  const read = new Reader<VerticalAutoscalingOptions & VerticalUpdateOptions>(problems, _options, `${PROP}.`);
  const resources = read.optional('resources', RESOURCES, BOTH, { fix: "List 'cpu', 'memory' or both" });
  if (resources.length === 0 && read.isSound('resources')) {
    read.refuse('resources', [], 'at least one', { rule: 'props/empty-list', fix: 'Remove the prop for both' });
  }
  const bounds = (name: 'min' | 'max'): Bounds => {
    const hint = { fix: 'Write cpu: Cpu.units(2) and memory: Size.gibibytes(2)' };
    const isNeeded = name === 'max' && _mode !== 'Off';
    const given = isNeeded
      ? read.required(name, AMOUNTS, undefined, hint)
      : read.optional(name, AMOUNTS, undefined, hint);
    return given === undefined ? {} : readAmounts(given, resources, isNeeded, problems, `${PROP}.${name}`);
  };
  const settings = { mode: _mode, resources: [...new Set(resources)], min: bounds('min'), max: bounds('max') };
  read.refuseUnknown();
  refuseBounds(settings, problems);
  return settings;
}

function readAmounts(
  given: unknown,
  resources: readonly Resource[],
  areNeeded: boolean,
  problems: Problems,
  prop: string,
): Bounds {
  const read = new Reader<VerticalAmounts>(problems, given, `${prop}.`);
  const isNeeded = (resource: Resource): boolean => areNeeded && resources.includes(resource);
  const amounts: Bounds = {
    cpu: isNeeded('cpu')
      ? read.required('cpu', cpuMillis, undefined, CPU_HINT)
      : read.optional('cpu', cpuMillis, undefined, CPU_HINT),
    memory: isNeeded('memory')
      ? read.required('memory', MEMORY, undefined, MEMORY_HINT)
      : read.optional('memory', MEMORY, undefined, MEMORY_HINT),
  };
  read.refuseUnknown();
  for (const resource of BOTH.filter((name) => amounts[name] !== undefined && !resources.includes(name))) {
    problems.refuse(`${prop}.${resource}`, new Verbatim('an amount'), `none, as 'resources' leaves out '${resource}'`, {
      rule: 'props/conflict',
      fix: `Remove it, or add '${resource}' to 'resources'`,
    });
  }
  return amounts;
}

const CPU_HINT = { fix: 'Write Cpu.units(2)' };
const MEMORY_HINT = { fix: 'Write Size.gibibytes(2)' };

function refuseBounds({ resources, min, max }: VerticalSettings, problems: Problems): void {
  for (const resource of resources) {
    const [least, most] = [min[resource], max[resource]];
    if (least === undefined || most === undefined || most >= least) continue;
    const quantity = QUANTITIES[resource];
    problems.refuse(`${PROP}.max.${resource}`, new Verbatim(quantity(most)), `at least min (${quantity(least)})`, {
      rule: 'scaling/max-below-min',
      fix: 'Raise max or lower min',
    });
  }
}

const QUANTITIES = { cpu: cpuQuantity, memory: bytesQuantity };

/** The first version that resizes pods in place by default. */
const RESIZE_MINOR = 33;

/** States what rules must know. */
export function stateVertical(owner: IConstruct, { mode, resources, max }: VerticalSettings): void {
  const model = AppModel.of(owner);
  if (mode !== 'Off') model.add('verticalAutoscaling', { owner, resources, max });
  if (mode !== 'InPlaceOrRecreate') return;
  model.add('newField', {
    owner,
    prop: PROP,
    value: mode,
    minor: RESIZE_MINOR,
    fallback: 'use VerticalAutoscaling.recreate(...)',
  });
}

/** Refuses modes that would end a run. */
export function refuseEvictionOfRuns(kind: string, { mode }: VerticalSettings, problems: Problems): void {
  if ((kind !== 'Job' && kind !== 'CronJob') || mode === 'Off' || mode === 'Initial') return;
  problems.refuse(PROP, new Verbatim(`mode '${mode}'`), "mode 'Off' or 'Initial' for pods that run to completion", {
    rule: 'props/conflict',
    fix: 'Use VerticalAutoscaling.recommend() or VerticalAutoscaling.initial(...): an evicted run starts again',
  });
}

/** Amounts of a pod that an autoscaler of its main container cannot change. */
export interface FixedAmounts {
  /** Whether it has resources as a whole. */
  readonly isWhole: boolean;
  /** Why its memory cannot change. */
  readonly memory?: string;
}

/** Refuses modes that set requests which the pod does not bear. */
export function refuseFixed({ mode, resources }: VerticalSettings, fixed: FixedAmounts, problems: Problems): void {
  if (mode === 'Off') return;
  if (fixed.isWhole) {
    problems.refuse(PROP, new Verbatim(`mode '${mode}' beside 'podResources'`), "mode 'Off'", {
      rule: 'props/conflict',
      fix:
        "Use VerticalAutoscaling.recommend(), or remove 'podResources': the autoscaler does not know them, and the " +
        'API server refuses a container with more than its pod',
    });
  }
  if (fixed.memory !== undefined && resources.includes('memory')) {
    problems.refuse(`${PROP}.resources`, [...resources], "only 'cpu'", {
      rule: 'props/conflict',
      fix: `List only 'cpu': ${fixed.memory}`,
    });
  }
}

/** The `spec`. Other containers get recommendations; their requests stay as they are. */
export function renderVertical(
  { mode, resources, min, max }: VerticalSettings,
  target: { readonly apiVersion: string; readonly kind: string; readonly name: string },
  main: string,
): object {
  const policy = {
    containerName: main,
    minAllowed: renderAmounts(min),
    maxAllowed: renderAmounts(max),
    controlledResources: resources,
  };
  return {
    targetRef: target,
    updatePolicy: { updateMode: mode },
    resourcePolicy: {
      containerPolicies: mode === 'Off' ? [policy] : [policy, { containerName: '*', mode: 'Off' }],
    },
  };
}

function renderAmounts({ cpu, memory }: Bounds): object | undefined {
  if (cpu === undefined && memory === undefined) return undefined;
  return {
    ...(cpu === undefined ? {} : { cpu: cpuQuantity(cpu) }),
    ...(memory === undefined ? {} : { memory: bytesQuantity(memory) }),
  };
}

type Sized = Pick<ContainerSettings, 'name' | 'image' | 'role' | 'resources'>;

/** The containers with the most that the autoscaler may set: it keeps the relation between request and limit. */
export function grownTo({ mode, max }: VerticalSettings, containers: readonly ContainerSettings[]): readonly Sized[] {
  if (mode === 'Off') return containers;
  const [main, ...others] = containers;
  const { name, image, role, resources } = main;
  const { ephemeralStorage } = resources;
  const grown = { cpu: grow(resources.cpu, max.cpu), memory: grow(resources.memory, max.memory), ephemeralStorage };
  return [{ name, image, role, resources: grown }, ...others];
}

function grow(present: Amount | undefined, most: number | undefined): Amount | undefined {
  if (most === undefined || (present !== undefined && most <= present.request)) return present;
  const limit = present?.limit;
  return { request: most, limit: limit === undefined ? undefined : Math.ceil((limit * most) / present!.request) };
}
