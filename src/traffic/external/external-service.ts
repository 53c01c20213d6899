import type { Construct } from 'constructs';
import { ExternalBlock, type ExternalSettings, reading } from './external-block';
import type { ExternalServiceProps } from './external-service-props';
import { ExternalTarget } from './external-target';
import { NOWHERE, readTarget } from './read-target';
import type { Problems } from '../../kernel/findings/problems';
import { instance, structs } from '../../kernel/schema/checks';
import type { Reader } from '../../kernel/schema/reader';
import { portName } from '../../kernel/schema/syntax';
import {
  type NamedPort,
  portNumber,
  type PortSettings,
  readNamedPort,
  readProtocols,
  refuseSamePorts,
} from '../../network/ports';

/**
 * Gives a service outside the cluster, such as a database on other machines, a name inside it. Clients connect to it
 * like to any block: `connectTo` passes host, port and password, and opens their egress.
 *
 * ```ts
 * const database = new ExternalService(chart, 'database', {
 *   target: ExternalTarget.addresses(['10.40.0.10']),
 *   port: 3306,
 * });
 * frontend.connectTo(database);
 * ```
 *
 * Egress rules contain the endpoints and their port: policies apply after the Service address has been translated.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
 */
export class ExternalService extends ExternalBlock {
  public constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(scope, id, reading(props, readExternal));
  }
}

function readExternal(_: Construct, read: Reader<ExternalServiceProps>, problems: Problems): ExternalSettings {
  const target = read.required(
    'target',
    instance(ExternalTarget, "an ExternalTarget, e.g. ExternalTarget.addresses(['10.40.0.10'])"),
    undefined,
    { fix: 'Use ExternalTarget.addresses(...), .dnsName(...), .synced(...) or .clusterSet(...)', practice: 'CH13-14' },
  );
  return { target: target ? readTarget(target, problems, 'target') : NOWHERE, ports: readPorts(read, problems) };
}

function readPorts(read: Reader<ExternalServiceProps>, problems: Problems): PortSettings[] {
  const port = read.required('port', portNumber, 1, {
    fix: 'Give the port that the external service listens on',
    practice: 'CH13-06',
  });
  const spoken = readProtocols(read);
  const main: PortSettings = {
    name: read.optional('portName', portName, spoken.protocol.toLowerCase()),
    port,
    servicePort: read.optional('servicePort', portNumber, port),
    ...spoken,
  };
  const extra = read
    .optional('extraPorts', structs<NamedPort>('a port'), [], {
      fix: "List NamedPorts, such as one with name: 'admin', port: 33060",
    })
    .map((given, index) => readNamedPort(given, problems, `extraPorts[${index}]`));
  refuseSamePorts([main, ...extra], problems, 'extraPorts', ['name', 'servicePort']);
  return [main, ...extra];
}
