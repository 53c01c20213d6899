import type { Construct } from 'constructs';
import { type AuthenticationSettings, authenticationSpec } from './read-authentication';
import type { ServerSettings, TriggerSettings } from './read-trigger';
import type { ConnectedTrigger } from './render-scaled-object';
import { usablePassword } from '../../config/references';
import type { Problems } from '../../kernel/findings/problems';
import { namespaceOf } from '../../kernel/model/names';
import { nameNeighbour } from '../../kernel/model/same-cluster';
import { choosePort, type Connection } from '../../network/connection';
import { OPERATOR_LABELS, operatorNamespace } from '../../network/keda-operator';
import { nameBehind } from '../../network/outside';
import { Peer } from '../../network/peer';

/** A TriggerAuthentication that the block writes. */
export interface AuthenticationObject {
  readonly name: string;
  readonly spec: object;
  /** Names of the Secrets that it refers to. */
  readonly secrets: readonly string[];
}

/** Connects KEDA to the blocks that triggers measure, and collects the objects with its credentials. */
export function connectTriggers(
  owner: Construct,
  name: string,
  triggers: readonly TriggerSettings[],
  problems: Problems,
): { triggers: ConnectedTrigger[]; authentications: AuthenticationObject[] } {
  const authentications = new Map<string, AuthenticationObject>();
  const names = new Set<string>();
  const connected = triggers.map((trigger): ConnectedTrigger => {
    const { server, prop, type } = trigger;
    const connection = server && connect(owner, server, `${prop}.server`, problems);
    const authentication = withPassword(owner, trigger, connection, problems);
    const metadata = { ...trigger.metadata, ...connection?.metadata };
    if (authentication === undefined) return { ...trigger, metadata };
    if (authentication.kind === 'existing') return { ...trigger, metadata, reference: authentication.reference };
    const { spec, secrets } = authenticationSpec(owner, authentication, problems);
    const content = JSON.stringify(spec);
    // triggers with the same credentials share them
    const known = authentications.get(content) ?? { name: freeName(`${name}-${type}`, names), spec, secrets };
    authentications.set(content, known);
    return { ...trigger, metadata, reference: { kind: 'TriggerAuthentication', name: known.name } };
  });
  return { triggers: connected, authentications: [...authentications.values()] };
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}-${number}`;
  taken.add(name);
  return name;
}

interface ServerConnection extends Connection {
  readonly metadata: Readonly<Record<string, string>>;
}

/** Opens the policy of the block for KEDA's operator, and returns the address as its pods resolve it. */
function connect(
  owner: Construct,
  { target, portName, locate }: ServerSettings,
  prop: string,
  problems: Problems,
): ServerConnection | undefined {
  nameNeighbour(owner, target, prop, 'State its address instead: KEDA connects from the cluster of the workload');
  const offered = target.connectionFor(owner);
  const at = prop.replace(/server$/, 'port');
  const connection = portName === undefined ? offered : choosePort(offered, portName, problems, at);
  if (connection === undefined) return undefined;
  const { port, protocol = 'TCP', targetPort = port } = connection;
  const operator = Peer._later('KEDA', () =>
    Peer.pods({ namespace: operatorNamespace(owner), labels: OPERATOR_LABELS }),
  );
  target.allowFrom(operator, { ports: [targetPort], protocol });
  // a certificate, and an HTTP server with several hosts, expect the name and not its alias
  const host = nameBehind(target) ?? qualified(connection.host, namespaceOf(target));
  if (host === undefined) {
    problems.refuse(prop, target, 'a block in a chart with a namespace', {
      rule: 'scaling/short-address',
      fix: `Give the chart of '${target.node.path}' a namespace: KEDA resolves names from its own`,
    });
  }
  return { ...connection, metadata: locate(host ?? connection.host, port) };
}

/** A name of a Service with its namespace. Other names have dots, and addresses dots or colons. */
function qualified(host: string, namespace: string | undefined): string | undefined {
  if (/[.:]/.test(host)) return host;
  return namespace === undefined ? undefined : `${host}.${namespace}.svc`;
}

/** The credentials of a trigger: those of the caller, and the password of a block. */
function withPassword(
  owner: Construct,
  { authentication, password, server, prop }: TriggerSettings,
  connection: Connection | undefined,
  problems: Problems,
): AuthenticationSettings | undefined {
  const ofServer =
    password === undefined && server?.takesPassword && connection?.password
      ? usablePassword(owner, server.target, connection.password, problems, `${prop}.server`, {
          fix: "Create the Secret there, and give it to the trigger as 'password'",
        })
      : undefined;
  const known = password ?? ofServer;
  if (known === undefined) return authentication;
  const others = authentication?.kind === 'secrets' ? authentication.parameters : {};
  const own = { from: known, prop: `${prop}.${password === undefined ? 'server' : 'password'}` };
  return { kind: 'secrets', parameters: { ...others, password: own } };
}
