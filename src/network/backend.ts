import type { IConstruct } from 'constructs';
import type { AppProtocol } from './app-protocol';
import type { AllowOptions } from './connection';
import type { IPeer } from './peer';

/** A block that can be the backend of a route. */
export interface IRouteBackend extends IConstruct {
  /** Name of its Service. */
  readonly serviceName: string;
  /** Name of the Service port. */
  readonly routePort: string;
  /** Pod port behind the Service port, as network policies use it. */
  readonly routeTargetPort: number;
  /**
   * Number of the Service port, as routes of the Gateway API use it.
   *
   * @default - the same as `routeTargetPort`
   */
  readonly routeServicePort?: number;
  /**
   * What the process speaks on the port.
   *
   * @default - not stated
   */
  readonly routeAppProtocol?: AppProtocol;
  /**
   * The reason why no route can have this backend.
   *
   * @default - routes are possible
   */
  readonly unroutable?: string;
  /** Opens its network policy for a peer. */
  allowFrom(peer: IPeer, options?: AllowOptions): void;
}
