import { Construct, type IConstruct } from 'constructs';
import type { IPeer } from './peer';
import type { NamedPort } from './ports';
import type { SecretKeyRef } from '../interop/references';
import type { Problems } from '../kernel/findings/problems';
import { isPlain } from '../kernel/schema/checks';

/** Connection details for a client. */
export interface Connection {
  /** Host name, as the pods of the client resolve it. */
  readonly host: string;

  /** Port of the host. */
  readonly port: number;

  /**
   * Pod port behind the host, as network policies use it.
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
   * All ports of the host by name, including `port`. A client chooses another with `ConnectOptions.port`.
   *
   * @default - `port` alone, without a name
   */
  readonly ports?: NamedPort[];

  /**
   * Host name with the addresses of all ready pods, for clients that balance requests themselves. They connect to
   * `targetPort`.
   *
   * @default - none
   */
  readonly headlessHost?: string;

  /**
   * Host name for reads that any replica may answer.
   *
   * @default - none
   */
  readonly readHost?: string;

  /**
   * Key of a Secret with the password, in the client's namespace.
   *
   * @default - none
   */
  readonly password?: SecretKeyRef;
}

/** A client that a target may have to give an egress policy, such as a workload. */
export interface IConnectionClient extends IConstruct, IPeer {
  /** Name of the client. */
  readonly name: string;

  /** Whether its pods have closed egress: they may only use declared connections. */
  readonly egressClosed: boolean;
}

/** Ports and protocol to open for a peer. */
export interface AllowOptions {
  /**
   * Ports of the pods.
   *
   * @default - all declared ports
   */
  readonly ports?: number[];

  /**
   * Transport protocol, for a port number that the pods declare with several.
   *
   * @default - every protocol that the pods declare for the port
   */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
}

/** A block that other blocks connect to. */
export interface IConnectionTarget extends IConstruct, IPeer {
  /** Connection details for `client`. */
  connectionFor(client: IConstruct): Connection;

  /** Opens its network policy for a peer. */
  allowFrom(peer: IPeer, options?: AllowOptions): void;
}

/** The host name of a Service for `client`: qualified if the client is in another namespace. */
export function hostFor(service: string, namespace: string | undefined, clientNamespace: string | undefined): string {
  return namespace === undefined || namespace === clientNamespace ? service : `${service}.${namespace}.svc`;
}

/** Whether a value is a block that others connect to. */
export function isConnectionTarget(value: unknown): value is IConnectionTarget {
  return (
    isPlain(value) &&
    Construct.isConstruct(value) &&
    ['connectionFor', 'allowFrom', 'toPeer'].every(
      (method) => typeof (value as Record<string, unknown>)[method] === 'function',
    )
  );
}

/** The connection to another port of the same host. */
export function choosePort(
  offered: Connection,
  wanted: string,
  problems: Problems,
  prop: string,
): Connection | undefined {
  const { ports = [] } = offered;
  const chosen = ports.find(({ name }) => name === wanted);
  if (chosen === undefined) {
    const names = ports.map(({ name }) => name).join(', ');
    problems.refuse(prop, wanted, `the name of a port of the target (${names || 'none has a name'})`, {
      rule: 'reference/missing-port',
      fix: names === '' ? "Remove 'port' to connect to its only port" : 'Write one of these',
    });
    return undefined;
  }
  const { port, servicePort = port, protocol = 'TCP' } = chosen;
  return { ...offered, port: servicePort, targetPort: port, protocol };
}
