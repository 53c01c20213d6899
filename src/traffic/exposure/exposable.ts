import type { IConstruct } from 'constructs';
import type { AllowOptions } from '../../network/connection';
import type { IPeer } from '../../network/peer';
import type { NamedPort } from '../../network/ports';

/** A block whose pods can be offered outside of the cluster. */
export interface IExposable extends IConstruct {
  /** Name of its Service. */
  readonly serviceName: string;
  /** Labels that its pods have, and no others of the namespace. */
  readonly selectorLabels: { [label: string]: string };
  /** Ports of its pods, the main one first. */
  readonly declaredPorts: NamedPort[];
  /** Opens its network policy for the traffic source. */
  allowFrom(peer: IPeer, options?: AllowOptions): void;
}
