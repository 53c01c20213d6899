import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Plan, WorkloadSite } from './plan';
import type { WorkloadKind } from './read-workload';
import { type Served, type ServedContents, servedParts, ServedWorkload } from './served-workload';
import type { PodWorkloadProps, WorkloadProps } from './workload-props';
import type { Controller } from '../controllers/controller';
import { deployment, type DeploymentProps, MIN_READY, readDeployment } from '../controllers/deployment';
import { RESOLUTION } from '../network/headless';
import type { ServiceSettings } from '../parts/service';

/** The plan step for a Deployment with the rollout of the props, behind a Service. */
export function servedAsStated(site: WorkloadSite<DeploymentProps>, contents: ServedContents): Controller {
  const { replicas, service } = contents;
  return deployment(replicas, readDeployment(site, replicas, minReadyOf(service)));
}

/**
 * Seconds for which a new pod is ready before an old one stops: clients of a headless Service must find the new pod
 * first.
 */
export function minReadyOf({ headlessName }: ServiceSettings): number {
  return headlessName === undefined ? MIN_READY : RESOLUTION;
}

/** The plan step for a Service and the parts of every Deployment. */
export function deployedServiceParts(site: WorkloadSite<WorkloadProps>, contents: ServedContents): Served {
  return servedParts(site, contents, 'Deployment');
}

/**
 * A Deployment behind a Service.
 *
 * @internal
 */
export abstract class DeployedService extends ServedWorkload {
  /** The Deployment. */
  public readonly deployment: ApiObject;

  protected constructor(
    scope: Construct,
    id: string,
    props: PodWorkloadProps,
    plan: Plan<PodWorkloadProps, WorkloadKind, ServedContents, Served>,
  ) {
    super(scope, id, props, plan);
    this.deployment = this._controller;
  }
}
