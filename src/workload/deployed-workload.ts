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

/** What the parts of a block with a Deployment make. */
export interface Deployed {
  readonly replicas: Replicas;
  readonly disruptionBudget?: ApiObject;
  readonly autoscaler?: ApiObject;
}

/** The step of a plan: a Deployment that rolls as the props say. */
export function deployedAsStated(site: WorkloadSite<DeploymentProps>, { replicas }: DeployedContents): Controller {
  return deployment(replicas, readDeployment(site, replicas));
}

/** The step of a plan: a budget, and an autoscaler where one is asked for. */
export function scaledParts(site: WorkloadSite<WorkloadProps>, { replicas }: DeployedContents): Deployed {
  return {
    replicas,
    disruptionBudget: budgetFor(site, replicas.comparable),
    autoscaler: replicas.emitAutoscaler(site),
  };
}

/**
 * A Deployment whose number of pods can change.
 *
 * @internal
 */
export abstract class DeployedWorkload extends Workload {
  /** The Deployment. */
  public readonly deployment: ApiObject;
  /** The PodDisruptionBudget; none with `DisruptionBudget.none()`. */
  public readonly disruptionBudget?: ApiObject;
  /** The HorizontalPodAutoscaler; none without `autoscaling`. */
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

  /** Whether an autoscaler owns the number of replicas: ours, or another one that `markHasAutoscaler` tells of. */
  public get hasAutoscaler(): boolean {
    return this.replicas.hasAutoscaler;
  }

  /**
   * Hands the number of replicas to an autoscaler that the block does not write, such as one of KEDA: the Deployment
   * has none then. Those of cdk8s-plus call it themselves.
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
      // cdk8s-plus refuses an autoscaler beside a number
      replicas: this.replicas.stated,
    };
  }
}
