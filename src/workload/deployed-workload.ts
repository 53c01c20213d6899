import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Contents, Plan, WorkloadSite } from './plan';
import type { WorkloadKind } from './read-workload';
import { Workload } from './workload';
import type { PodWorkloadProps, WorkloadProps } from './workload-props';
import type { Controller } from '../controllers/controller';
import { deployment, type DeploymentProps, readDeployment } from '../controllers/deployment';
import type { KplusObject } from '../interop/references';
import { budgetFor } from '../parts/disruption-budget';
import type { Replicas } from '../parts/replicas';

/** What a block with a Deployment reads. */
export interface DeployedContents extends Contents {
  readonly replicas: Replicas;
}

/** The parts of a block with a Deployment. */
export interface Deployed {
  readonly replicas: Replicas;
  readonly disruptionBudget?: ApiObject;
  readonly autoscaler?: ApiObject;
}

/** The plan step for a Deployment with the rollout of the props. */
export function deployedAsStated(site: WorkloadSite<DeploymentProps>, { replicas }: DeployedContents): Controller {
  return deployment(replicas, readDeployment(site, replicas));
}

/** The plan step for a budget and an optional autoscaler. */
export function scaledParts(site: WorkloadSite<WorkloadProps>, { replicas }: DeployedContents): Deployed {
  return {
    replicas,
    disruptionBudget: budgetFor(site, replicas.comparable, Math.max(replicas.comparable, replicas.most)),
    autoscaler: replicas.emitAutoscaler(site),
  };
}

/**
 * A Deployment with a variable number of pods.
 *
 * @internal
 */
export abstract class DeployedWorkload extends Workload {
  /** The Deployment. */
  public readonly deployment: ApiObject;
  /** The PodDisruptionBudget; none with `DisruptionBudget.none()`, and by default none for one replica. */
  public readonly disruptionBudget?: ApiObject;
  /** The HorizontalPodAutoscaler, or the ScaledObject of KEDA; none without `autoscaling`. */
  public readonly autoscaler?: ApiObject;

  private readonly replicas: Replicas;

  protected constructor(
    scope: Construct,
    id: string,
    props: PodWorkloadProps,
    plan: Plan<PodWorkloadProps, WorkloadKind, DeployedContents, Deployed>,
  ) {
    super(scope, id, props, plan);
    this.deployment = this._controller;
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
   * Hands the number of replicas to an autoscaler outside this library, such as KEDA: the Deployment then states none.
   * Autoscalers of cdk8s-plus call it themselves.
   */
  public markHasAutoscaler(): void {
    this.replicas.markHasAutoscaler();
  }

  /** The Deployment, for an autoscaler of cdk8s-plus. */
  public toScalingTarget(): KplusObject {
    return {
      apiVersion: this.deployment.apiVersion,
      kind: this.deployment.kind,
      name: this.name,
      containers: this.containers as object[],
      // cdk8s-plus refuses an autoscaler beside a number of replicas
      replicas: this.replicas.stated,
    };
  }
}
