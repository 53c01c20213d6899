import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { IPeer } from './peer';

/** A workload that can be in a tier: each of this library. */
export interface ITierMember extends IConstruct, IPeer {
  /** Name of the workload. */
  readonly name: string;
  /** The NetworkPolicy of its pods. */
  readonly networkPolicy: ApiObject;
}
