import type { ExternalTarget } from './external-target';
import type { SecretKeyRef } from '../../interop/references';
import type { AppProtocol } from '../../network/app-protocol';
import type { NamedPort } from '../../network/ports';

/** Common props of `ExternalService` and `ImportedService`. */
export interface ExternalServiceBaseProps {
  /**
   * Name of the Service, which is the host name for clients.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /**
   * Whether DNS returns the addresses of the endpoints instead of a cluster IP. Use it for clients that choose among
   * members themselves, such as drivers of clustered databases. Ports are then not mapped.
   *
   * Otherwise, a virtual address balances connections over the endpoints. Clients need no new lookup when endpoints
   * change.
   *
   * @default false: many clients keep the first address of a DNS answer forever
   */
  readonly headless?: boolean;

  /**
   * Key of a Secret with the password. Clients mount it.
   *
   * @default - none
   */
  readonly password?: SecretKeyRef;

  /**
   * Additional labels.
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
  /** The location of the service. One name can have a different target in each environment (CH13-11). */
  readonly target: ExternalTarget;

  /** Port that the external service listens on; 1 to 65535. */
  readonly port: number;

  /**
   * Name of the port: at most 15 lower-case letters, digits and `-`.
   *
   * @default - 'tcp'; with another `protocol`, that in lower case
   */
  readonly portName?: string;

  /**
   * Transport protocol of the port.
   *
   * @default 'TCP'
   */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';

  /**
   * What the service speaks on the port over TCP.
   *
   * @default - not stated: a mesh assumes nothing, or guesses
   */
  readonly appProtocol?: AppProtocol;

  /**
   * Port that clients use; 1 to 65535. Not for a DNS name and not with `headless`, where ports are not mapped.
   *
   * @default - the same as `port`
   */
  readonly servicePort?: number;

  /**
   * Additional ports.
   *
   * @default - none
   */
  readonly extraPorts?: NamedPort[];
}
