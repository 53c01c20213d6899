import type { ExternalTarget } from './external-target';
import type { SecretKeyRef } from '../../interop/references';
import type { NamedPort } from '../../network/ports';

/** What an external service and an imported one have in common. */
export interface ExternalServiceBaseProps {
  /**
   * Name of the Service: the host name that clients use.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Whether DNS gives the addresses of the endpoints, and no address of the Service. For clients that choose among the
   * members themselves, such as drivers of clustered databases. No port is mapped then.
   *
   * Otherwise a virtual address spreads connections over the endpoints, and a change of the endpoints needs no lookup
   * by clients.
   *
   * @default false: clients that keep the first address of an answer for ever are common
   */
  readonly headless?: boolean;

  /**
   * Key of a Secret with the password. Clients mount it.
   *
   * @default - none
   */
  readonly password?: SecretKeyRef;

  /**
   * Labels beside the recommended ones.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations of the Service.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}

/** Props of `ExternalService`. */
export interface ExternalServiceProps extends ExternalServiceBaseProps {
  /** Where it is. One name can have another target in each environment (CH13-11). */
  readonly target: ExternalTarget;

  /** Port that the external service listens on; 1 to 65535. */
  readonly port: number;

  /**
   * Name of the port: at most 15 lower-case letters, digits and `-`.
   *
   * @default 'tcp'
   */
  readonly portName?: string;

  /**
   * Port that clients use; 1 to 65535. Not for a DNS name and not with `headless`: no port is mapped there.
   *
   * @default - the same as `port`
   */
  readonly servicePort?: number;

  /**
   * Ports beside the main one.
   *
   * @default - none
   */
  readonly extraPorts?: NamedPort[];
}
