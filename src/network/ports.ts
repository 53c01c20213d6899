import { type AppProtocol, appProtocol } from './app-protocol';
import type { Problems } from '../kernel/findings/problems';
import { type Check, integer, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { portName } from '../kernel/schema/syntax';

/** An additional port of a container. */
export interface NamedPort {
  /** Name, unique in the pod: at most 15 lower-case letters, digits and `-`. The Service refers to the port by name. */
  readonly name: string;

  /** Port that the process listens on; 1 to 65535, and at least 1024 if it does not run as root. */
  readonly port: number;

  /**
   * Port of the Service; 1 to 65535.
   *
   * @default - the same as `port`; for a port of a sidecar, none: the Service leads to it only where this is given
   */
  readonly servicePort?: number;

  /**
   * Transport protocol.
   *
   * @default 'TCP'
   */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP';

  /**
   * What the process speaks over TCP.
   *
   * @default - not stated: a mesh or a gateway assumes HTTP/1.1, or guesses
   */
  readonly appProtocol?: AppProtocol;
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface PortSettings {
  readonly name: string;
  readonly port: number;
  readonly servicePort: number;
  readonly protocol: Protocol;
  readonly appProtocol?: AppProtocol;
  /** Whether the caller has stated `servicePort`: the Service leads to such a port of a sidecar. */
  readonly isStated?: boolean;
}

/** The usual name of a port for scraping. */
export const METRICS = 'metrics';

export const portNumber: Check<number> = integer(1, 65535);

export const protocolName: Check<Protocol> = oneOf<Protocol>('TCP', 'UDP', 'SCTP');

export function readNamedPort(given: unknown, problems: Problems, prop: string): PortSettings {
  const read = new Reader<NamedPort>(problems, given, `${prop}.`);
  const port = read.required('port', portNumber, 8080, { fix: 'Give the port that the process listens on' });
  const settings = {
    name: read.required('name', portName, `port-${port}`, {
      fix: "Name the port after its purpose, such as 'metrics'",
    }),
    port,
    servicePort: read.optional('servicePort', portNumber, port),
    ...readProtocols(read),
    ...(read.has('servicePort') ? { isStated: true } : {}),
  };
  read.refuseUnknown();
  return settings;
}

/** The prop `appProtocol`, if it is stated. */
export function readAppProtocol(
  read: Reader<{ readonly appProtocol?: AppProtocol }>,
): Pick<PortSettings, 'appProtocol'> {
  const stated = read.optional('appProtocol', appProtocol, undefined, {
    fix: "Write AppProtocol.grpc(), or AppProtocol.of('amqp')",
  });
  return stated === undefined ? {} : { appProtocol: stated };
}

/** The props `protocol` and `appProtocol`. */
export function readProtocols(
  read: Reader<Pick<NamedPort, 'protocol' | 'appProtocol'>>,
): Pick<PortSettings, 'protocol' | 'appProtocol'> {
  const protocol = read.optional('protocol', protocolName, 'TCP');
  const stated = readAppProtocol(read);
  if (stated.appProtocol !== undefined && protocol !== 'TCP') {
    read.refuse('appProtocol', stated.appProtocol.name, `none with protocol '${protocol}'`, {
      rule: 'props/conflict',
      fix: 'Remove one of the two: these protocols are spoken over TCP',
    });
  }
  return { protocol, ...stated };
}

/** The form that a user would write. */
export function toNamedPort({ name, port, servicePort, protocol, appProtocol: stated }: PortSettings): NamedPort {
  return { name, port, servicePort, protocol, ...(stated === undefined ? {} : { appProtocol: stated }) };
}

/** The ports of a Service: the `main` ones, and those of sidecars with a stated port of the Service. */
export function servicePorts(
  containers: ReadonlyArray<{ readonly role: string; readonly ports: readonly PortSettings[] }>,
  main: readonly PortSettings[],
): readonly PortSettings[] {
  const sidecars = containers.filter(({ role }) => role === 'sidecar');
  return [...main, ...sidecars.flatMap(({ ports }) => ports.filter(isInService))];
}

/** Whether the Service leads to a port of a sidecar. */
export function isInService({ isStated }: PortSettings): boolean {
  return isStated === true;
}

/** Refuses ports below 1024, which need root unless the node allows them. `fix` says what else to do. */
export function refusePrivilegedPort(
  port: number,
  { lowestPort }: { readonly lowestPort: number },
  problems: Problems,
  prop: string,
  fix: string,
): void {
  if (port >= lowestPort) return;
  problems.refuse(prop, port, `a port from ${lowestPort} up`, {
    rule: 'workload/privileged-port',
    fix: `The process does not run as root: ${fix}, or write unprivilegedPortStart: ${port}`,
  });
}

/** Requires that ports of one pod differ in name, and in number within one protocol. */
export function refuseSamePorts(
  ports: readonly PortSettings[],
  problems: Problems,
  prop: string,
  keys: ReadonlyArray<'name' | 'port' | 'servicePort'> = ['name', 'port', 'servicePort'],
): void {
  for (const key of keys) {
    const seen = new Set<string>();
    for (const port of ports) {
      const id = key === 'name' ? port.name : `${port[key]}/${port.protocol}`;
      if (seen.has(id)) {
        problems.refuse(prop, id, `a ${key} that no other port of the pod has`, {
          rule: 'workload/duplicate-port',
          fix: `Change one '${key}'`,
        });
      }
      seen.add(id);
    }
  }
}
