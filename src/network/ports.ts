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
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface PortSettings {
  readonly name: string;
  readonly port: number;
  readonly servicePort: number;
  readonly protocol: Protocol;
  /** Whether the caller has stated `servicePort`: the Service leads to such a port of a sidecar. */
  readonly isStated?: boolean;
}

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
    protocol: read.optional('protocol', protocolName, 'TCP'),
    ...(read.has('servicePort') ? { isStated: true } : {}),
  };
  read.refuseUnknown();
  return settings;
}

/** As a user would write it. */
export function toNamedPort({ name, port, servicePort, protocol }: PortSettings): NamedPort {
  return { name, port, servicePort, protocol };
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
