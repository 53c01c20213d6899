import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import {
  Autoscaling,
  type AutoscalingSettings,
  readAutoscaling,
  refuseUnreachableTargets,
  type ScaledKind,
} from './autoscaling';
import type * as EventScaling from './event-scaling';
import { renderAutoscaler } from './render-autoscaler';
import { emitPart, type Site } from './site';
import { foreignAutoscalerOf } from '../foreign/autoscalers';
import { AppModel } from '../kernel/facts/app-model';
import type { Problems } from '../kernel/findings/problems';
import { instance, integer } from '../kernel/schema/checks';
import { hasInjectedProxy } from '../network/injected-proxy';
import type { ContainerSettings } from '../pod/container';

/** Number of pods of a workload. */
export interface ReplicasProps {
  /**
   * Number of pods; 0 to 10000. Excludes `autoscaling`, which then owns the number.
   *
   * @default 2: users do not notice one crash or one drained node (CH01-11)
   */
  readonly replicas?: number;

  /**
   * Scales the number of pods with the load.
   *
   * @default - none: `replicas` applies
   */
  readonly autoscaling?: Autoscaling;
}

/** A workload whose number of pods can have another owner than its props. */
export interface ReplicasFact {
  readonly owner: IConstruct;
  /** The number that the caller insists on. */
  readonly stated: number | undefined;
  /** Whether the block knows of an autoscaler, and has said what is wrong with it. */
  readonly isMarked: () => boolean;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly replicas: ReplicasFact;
  }
}

/** A substitute for a refused number of replicas, which exceeds every bound. */
const MANY = 10_000;

const AUTOSCALING = instance(
  Autoscaling,
  'an Autoscaling, e.g. Autoscaling.onCpu(...) with min: 2, max: 10, target: 80',
);
const REPLICAS = integer(0, 10_000);
const TWO = { count: 2, practice: 'CH01-11' };

/** The number of pods and its owner: the caller, our autoscaler, or one that is declared later. */
export class Replicas {
  /** A number that the block decides. */
  public static fixed(count: number, problems: Problems): Replicas {
    return new Replicas(count, false, undefined, count, problems);
  }

  /** The number from the props. `usual`: the default, and the practice that it follows. */
  public static read(
    { read, problems, owner }: Site<ReplicasProps>,
    main: ContainerSettings,
    { count: usual, practice } = TWO,
  ): Replicas {
    const given = read.optional('autoscaling', AUTOSCALING, undefined, { fix: 'Use Autoscaling.onCpu(...)' });
    read.conflict('replicas', 'autoscaling', {
      rule: 'scaling/two-owners',
      fix: "Remove 'replicas': the autoscaler owns the number, and every apply would reset it",
    });
    const count = read.optional('replicas', REPLICAS, usual, { practice });
    const autoscaling = given && readAutoscaling(given, problems, 'autoscaling');
    if (autoscaling) refuseUnreachableTargets(autoscaling, main, problems);
    const replicas = new Replicas(
      count,
      read.has('replicas'),
      autoscaling,
      autoscaling?.min ?? (read.isSound('replicas') ? count : MANY),
      problems,
      owner,
    );
    AppModel.of(owner).add('replicas', { owner, stated: replicas.stated, isMarked: () => replicas.isMarked });
    return replicas;
  }

  /** Whether an autoscaler owns the number. */
  public hasAutoscaler: boolean;

  private isMarked = false;

  private constructor(
    private readonly count: number,
    private readonly isGiven: boolean,
    private readonly autoscaling: AutoscalingSettings | undefined,
    /** The minimum number of pods, for checks of other props. */
    public readonly comparable: number,
    private readonly problems: Problems,
    /** None where no other can own the number. */
    private readonly owner?: IConstruct,
  ) {
    this.hasAutoscaler = autoscaling !== undefined;
  }

  /** The minimum number of pods; 0 if KEDA can remove the last one. */
  public get least(): number {
    const { min, events } = this.autoscaling ?? { min: this.count };
    return events?.min === 0 || events?.zeroWhenIdle ? 0 : min;
  }

  public get most(): number {
    return this.autoscaling?.max ?? this.count;
  }

  /** The most pods; `undefined` where an autoscaler that the block does not write owns the number. */
  public get bound(): number | undefined {
    return this.hasAutoscaler ? this.autoscaling?.max : this.count;
  }

  public get areSeveral(): boolean {
    return this.hasAutoscaler || this.count > 1;
  }

  /** The number in the manifest of the controller: none if an autoscaler owns it. Read it at synthesis. */
  public get written(): number | undefined {
    return this.hasAutoscaler || this.hasForeignAutoscaler ? undefined : this.count;
  }

  private get hasForeignAutoscaler(): boolean {
    const { owner } = this;
    return owner !== undefined && foreignAutoscalerOf(AppModel.of(owner).lastView, ApiObject.of(owner)) !== undefined;
  }

  /** The number that the caller has set. */
  public get stated(): number | undefined {
    return this.isGiven ? this.count : undefined;
  }

  /** Hands the number to an autoscaler outside the block. */
  public markHasAutoscaler(): void {
    if (this.autoscaling !== undefined) {
      this.problems.add({
        rule: 'scaling/two-owners',
        prop: 'autoscaling',
        got: 'a second autoscaler',
        expected: 'one owner of the number of replicas',
        fix: 'Remove one of the two',
      });
    }
    if (this.isGiven) {
      this.problems.add({
        rule: 'scaling/two-owners',
        prop: 'replicas',
        got: 'a number beside an autoscaler',
        expected: 'one owner of the number of replicas',
        fix: "Remove 'replicas'",
      });
    }
    this.hasAutoscaler = true;
    this.isMarked = true;
  }

  /** The autoscaler of the controller, if the props request one. */
  public emitAutoscaler(site: Site, kind: ScaledKind): ApiObject | undefined {
    const { autoscaling } = this;
    if (autoscaling === undefined) return undefined;
    const { pod, name, owner } = site;
    AppModel.of(owner).add('autoscaling', { owner, autoscaling, containers: pod.containers });
    stateTolerance(owner, autoscaling);
    if (autoscaling.events) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const module = require('./event-scaling') as typeof EventScaling;
      return module.emitEventScaling(site, autoscaling, autoscaling.events, kind);
    }
    return emitPart(
      site,
      'HorizontalPodAutoscaler',
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
      () => {
        const [main, ...others] = pod.containers;
        const hasSidecars = others.some(({ role }) => role === 'sidecar') || hasInjectedProxy(pod.labels());
        return renderAutoscaler(autoscaling, { apiVersion: 'apps/v1', kind, name }, main.name, hasSidecars);
      },
    );
  }
}

/** The first version with a tolerance by default; older ones drop the field. */
const TOLERANCE_MINOR = 35;

function stateTolerance(owner: IConstruct, { pace }: AutoscalingSettings): void {
  for (const direction of ['up', 'down'] as const) {
    const { tolerance } = pace[direction];
    if (tolerance === undefined) continue;
    AppModel.of(owner).add('newField', {
      owner,
      prop: `autoscaling.pace.${direction}.tolerance`,
      value: `${tolerance} %`,
      minor: TOLERANCE_MINOR,
      fallback: 'remove it: the tolerance of the cluster then applies, usually 10 %',
    });
  }
}
