import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Plan, WorkloadSite } from './plan';
import type { WorkloadKind } from './read-workload';
import { type Scaled, type ScaledContents, scaledParts, ScaledWorkload } from './scaled-workload';
import type { PodWorkloadProps, WorkloadProps } from './workload-props';
import type { Controller } from '../controllers/controller';
import { deployment, type DeploymentProps, readDeployment } from '../controllers/deployment';

/** The plan step for a Deployment with the rollout of the props. */
export function deployedAsStated(site: WorkloadSite<DeploymentProps>, { replicas }: ScaledContents): Controller {
  return deployment(replicas, readDeployment(site, replicas));
}

/** The plan step for a budget and an optional autoscaler. */
export function deployedParts(site: WorkloadSite<WorkloadProps>, contents: ScaledContents): Scaled {
  return scaledParts(site, contents, 'Deployment');
}

/**
 * A Deployment with a variable number of pods.
 *
 * @internal
 */
export abstract class DeployedWorkload extends ScaledWorkload {
  /** The Deployment. */
  public readonly deployment: ApiObject;

  protected constructor(
    scope: Construct,
    id: string,
    props: PodWorkloadProps,
    plan: Plan<PodWorkloadProps, WorkloadKind, ScaledContents, Scaled>,
  ) {
    super(scope, id, props, plan);
    this.deployment = this._controller;
  }
}
