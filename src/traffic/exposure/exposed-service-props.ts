import type { IConstruct } from 'constructs';
import type { Exposure } from './exposure';
import type { AllowOptions } from '../../network/connection';
import type { IPeer } from '../../network/peer';
import type { NamedPort } from '../../network/ports';

/** A block whose pods can be exposed outside the cluster. */
export interface IExposable extends IConstruct {
  /** Name of its Service. */
  readonly serviceName: string;
  /** Labels that select its pods and no other pods of the namespace. */
  readonly selectorLabels: { [label: string]: string };
  /** Ports of its pods, the main one first. */
  readonly declaredPorts: NamedPort[];
  /** Opens its network policy for a peer. */
  allowFrom(peer: IPeer, options?: AllowOptions): void;
}

/** An exposed port of the backend. */
export interface ExposedPort {
  /** Name of the backend's port. */
  readonly name: string;

  /**
   * Port that clients use; 1 to 65535.
   *
   * @default - the port of the backend's Service
   */
  readonly port?: number;

  /**
   * Port on each node; 30000 to 32767, and free on the cluster. Only for `Exposure.nodePort`.
   *
   * @default - any free one: fix it only if a client needs it (CH13-20)
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

  /** The block with the pods to expose. */
  readonly backend: IExposable;

  /** How the pods are exposed, and to whom. */
  readonly exposure: Exposure;

  /**
   * Ports of the backend, with any protocol.
   *
   * @default - the main port
   */
  readonly ports?: ExposedPort[];

  /**
   * Host name that external-dns registers for the address.
   *
   * @default - none
   */
  readonly hostname?: string;

  /**
   * Additional labels.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Additional annotations.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}
