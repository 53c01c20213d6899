import type { IConstruct } from 'constructs';
import type { IPeer } from './peer';
import type { NamedPort } from './ports';
import type { SecretKeyRef } from '../interop/references';

/** What a client needs to know to connect. */
export interface Connection {
  /** Host name, as the client's pods resolve it. */
  readonly host: string;

  /** Port of the host. */
  readonly port: number;

  /**
   * Port of the pods behind the host: what network policies speak of.
   *
   * @default - the same as `port`
   */
  readonly targetPort?: number;

  /**
   * Transport protocol of the port.
   *
   * @default 'TCP'
   */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';

  /**
   * All ports of the host by name, `port` among them. A client chooses another with `ConnectOptions.port`.
   *
   * @default - `port` alone, without a name
   */
  readonly ports?: NamedPort[];

  /**
   * Host name for reads, when any replica may answer them.
   *
   * @default - none
   */
  readonly readHost?: string;

  /**
   * Key of a Secret in the client's namespace with the password.
   *
   * @default - none
   */
  readonly password?: SecretKeyRef;
}

/** A client whose pods a target may have to let out by a policy of its own, such as a workload. */
export interface IConnectionClient extends IConstruct, IPeer {
  /** Name of the client. */
  readonly name: string;

  /** Whether its pods may connect along declared edges only. */
  readonly egressClosed: boolean;
}

/** Which peers and ports a connection is opened for. */
export interface AllowOptions {
  /**
   * Ports of the pods.
   *
   * @default - all declared ports
   */
  readonly ports?: number[];

  /**
   * Transport protocol, for a number that the pods declare with several.
   *
   * @default - each that the pods declare for the port
   */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
}

/** A block that others connect to. */
export interface IConnectionTarget extends IConstruct, IPeer {
  /** How `client` reaches it. */
  connectionFor(client: IConstruct): Connection;

  /** Opens its network policy for a peer. */
  allowFrom(peer: IPeer, options?: AllowOptions): void;
}

/** How a connection is handed to the client. */
export interface ConnectOptions {
  /**
   * Prefix of the variables: at most 100 upper-case letters, digits and `_`, starting with a letter.
   *
   * @default - the id of the target: `REDIS` for `redis`, `SESSION_CACHE` for `session-cache`
   */
  readonly prefix?: string;

  /**
   * Name of one variable with `HOST:PORT`, for a process that reads both from one. It takes the place of `<ID>_HOST`,
   * `<ID>_PORT` and `<ID>_READ_HOST`.
   *
   * @default - host and port in variables of their own
   */
  readonly address?: string;

  /**
   * Name of the port to connect to, for a target with several.
   *
   * @default - the main port
   */
  readonly port?: string;

  /**
   * Names of the containers that get the variables and the password. The network policy opens the whole pod.
   *
   * @default - the main container
   */
  readonly containers?: string[];

  /**
   * Key of a Secret with the password. For a target in another namespace, whose Secret the client cannot mount.
   *
   * @default - the one that the target names
   */
  readonly password?: SecretKeyRef;
}

/** A Service's name as `client` resolves it: qualified where the client lives in another namespace. */
export function hostFor(service: string, namespace: string | undefined, clientNamespace: string | undefined): string {
  return namespace === undefined || namespace === clientNamespace ? service : `${service}.${namespace}.svc`;
}
