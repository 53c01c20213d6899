import type { IConstruct } from 'constructs';
import type { AllowOptions } from './connection';
import type { IPeer } from './peer';

/** A block that a route can send requests to. */
export interface IRouteBackend extends IConstruct {
  /** Name of its Service. */
  readonly serviceName: string;
  /** Name of the Service's port. */
  readonly routePort: string;
  /** Port of the pods that it leads to: what network policies speak of. */
  readonly routeTargetPort: number;
  /**
   * Why no route can lead to it.
   *
   * @default - one can
   */
  readonly unroutable?: string;
  /** Opens its network policy for the traffic source. */
  allowFrom(peer: IPeer, options?: AllowOptions): void;
}
