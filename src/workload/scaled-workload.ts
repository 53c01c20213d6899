import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Contents, Plan, WorkloadSite } from './plan';
import type { WorkloadKind } from './read-workload';
import { Workload } from './workload';
import type { PodWorkloadProps, WorkloadProps } from './workload-props';
import type { KplusObject } from '../interop/references';
import type { ScaledKind } from '../parts/autoscaling';
import { budgetFor } from '../parts/disruption-budget';
import type { Replicas } from '../parts/replicas';

/** What a block with a variable number of pods reads. */
export interface ScaledContents extends Contents {
  readonly replicas: Replicas;
}

/** The parts of a block with a variable number of pods. */
export interface Scaled {
  readonly replicas: Replicas;
  readonly disruptionBudget?: ApiObject;
  readonly autoscaler?: ApiObject;
}

/** A budget and an optional autoscaler for the pods of a controller. */
export function scaledParts(site: WorkloadSite<WorkloadProps>, { replicas }: ScaledContents, kind: ScaledKind): Scaled {
  return {
    replicas,
    disruptionBudget: budgetFor(site, replicas.comparable, Math.max(replicas.comparable, replicas.most)),
    autoscaler: replicas.emitAutoscaler(site, kind),
  };
}

/**
 * A controller with a variable number of pods.
 *
 * @internal
 */
export abstract class ScaledWorkload extends Workload {
  /** The PodDisruptionBudget; none with `DisruptionBudget.none()`, and by default none for one replica. */
  public readonly disruptionBudget?: ApiObject;
  /** The HorizontalPodAutoscaler, or the ScaledObject of KEDA; none without `autoscaling`. */
  public readonly autoscaler?: ApiObject;

  private readonly replicas: Replicas;

  protected constructor(
    scope: Construct,
    id: string,
    props: PodWorkloadProps,
    plan: Plan<PodWorkloadProps, WorkloadKind, ScaledContents, Scaled>,
  ) {
    super(scope, id, props, plan);
    const made = this._madeBy(plan);
    this.disruptionBudget = made.disruptionBudget;
    this.autoscaler = made.autoscaler;
    this.replicas = made.replicas;
  }

  /** Whether an autoscaler owns the number of replicas: ours, or another one declared by `markHasAutoscaler`. */
  public get hasAutoscaler(): boolean {
    return this.replicas.hasAutoscaler;
  }

  /**
   * Hands the number of replicas to an autoscaler outside this library, such as KEDA: the controller then states none.
   * Autoscalers of cdk8s-plus call it themselves.
   */
  public markHasAutoscaler(): void {
    this.replicas.markHasAutoscaler();
  }

  /** The controller, for an autoscaler of cdk8s-plus. */
  public toScalingTarget(): KplusObject {
    return {
      apiVersion: this._controller.apiVersion,
      kind: this._controller.kind,
      name: this.name,
      containers: this.containers as object[],
      // cdk8s-plus refuses an autoscaler beside a number of replicas
      replicas: this.replicas.stated,
    };
  }
}
