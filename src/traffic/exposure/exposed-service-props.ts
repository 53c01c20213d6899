import type { IConstruct } from 'constructs';
import type { Exposure } from './exposure';
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

/** A port of the backend, as it is offered. */
export interface ExposedPort {
  /** Name of the backend's port. */
  readonly name: string;

  /**
   * Port that clients use; 1 to 65535.
   *
   * @default - that of the backend's Service
   */
  readonly port?: number;

  /**
   * Port of each node; 30000 to 32767, and free on the cluster. For `Exposure.nodePort` alone.
   *
   * @default - any free one: fix it only where a client needs it (CH13-20)
   */
  readonly nodePort?: number;
}

/** Props of `ExposedService`. */
export interface ExposedServiceProps {
  /**
   * Name of the Service.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /** The block whose pods are offered. */
  readonly backend: IExposable;

  /** How, and for whom. */
  readonly exposure: Exposure;

  /**
   * Which ports of the backend. Any protocol: TCP services need no more than a name here.
   *
   * @default - the main one
   */
  readonly ports?: ExposedPort[];

  /**
   * Host name that external-dns registers for the address.
   *
   * @default - none
   */
  readonly hostname?: string;

  /**
   * Labels beside the recommended ones.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations beside those of the provider.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}
