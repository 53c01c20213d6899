import type { IConstruct } from 'constructs';
import type { GatewaySettings } from './route-controller';
import { hostId } from './tls';
import { AppModel } from '../../kernel/facts/app-model';
import type { Problems } from '../../kernel/findings/problems';

/** The listener for plain HTTP, of all hosts. */
export const HTTP_LISTENER = 'http';

/** The end of the name of a Secret that cert-manager writes counts: `-tls`. */
const LONGEST_ID = 249;

/** The listener of a host has its name, and so has the Secret of its certificate. */
export function refuseLongHost(host: string, problems: Problems, prop: string): void {
  if (hostId(host).length <= LONGEST_ID) return;
  const isWildcard = hostId(host) !== host;
  const most = LONGEST_ID - (hostId(host).length - host.length);
  problems.refuse(prop, host, `${isWildcard ? 'a wildcard of ' : ''}at most ${most} characters for a gateway`, {
    rule: 'gateway/listener',
    fix: 'Choose a shorter host: the listener and its Secret are named by it',
  });
}

/** What a route or a Gateway of the app needs: a listener for a host. */
export interface ListenerRequest {
  /** Unless for plain HTTP, where one listener has all hosts. */
  readonly host?: string;
  readonly mode: 'http' | 'https' | 'passthrough';
  /** The certificate; none where another request for the host brings it. */
  readonly secret?: { readonly name: string; readonly namespace?: string };
  /** The namespace of the routes; none for a request of the Gateway itself. */
  readonly routesFrom?: { readonly namespace: string | undefined };
}

/** A request to a Gateway of the app by a block with routes. */
interface ListenerFact extends ListenerRequest {
  readonly owner: IConstruct;
  readonly gateway: IConstruct;
  /** Annotations by which cert-manager makes the certificate. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether cert-manager proves the host by a request to its solver. */
  readonly solver: boolean;
}

declare module '../../kernel/facts/fact-map' {
  interface FactMap {
    readonly listener: ListenerFact;
  }
}

const byGateway = ({ gateway }: ListenerFact): IConstruct[] => [gateway];

export function requestListener(fact: ListenerFact): void {
  AppModel.of(fact.owner).add('listener', fact);
}

/** What the routes of the app need of a Gateway. */
export function requestsTo(gateway: IConstruct): readonly ListenerFact[] {
  return AppModel.of(gateway).by('listener', byGateway, gateway);
}

/** The part of the Gateway that is of interest here, in wire format. */
interface WireListener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS' | 'TLS';
  readonly tls?: { readonly mode: string; readonly certificateRefs?: readonly object[] };
  readonly allowedRoutes?: object;
}

export interface ListenerSettings {
  readonly ports: Pick<GatewaySettings, 'httpPort' | 'httpsPort'>;
  /** The namespace of the Gateway. */
  readonly namespace: string | undefined;
  /** Labels of the namespaces whose routes it accepts; none for the namespaces of the requests. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
}

/** The listeners for all requests: one for plain HTTP where it is needed, and one for each host with TLS. */
export function renderListeners(requests: readonly ListenerRequest[], settings: ListenerSettings): WireListener[] {
  const { httpPort, httpsPort } = settings.ports;
  const hosts = [...new Set(requests.flatMap(({ host, mode }) => (mode === 'http' ? [] : (host ?? []))))].sort();
  const plain = requests.filter(({ mode }) => mode === 'http');
  return [
    ...(plain.length > 0
      ? [{ name: HTTP_LISTENER, port: httpPort, protocol: 'HTTP', ...allowed(plain, settings) } as const]
      : []),
    ...hosts.map((hostname): WireListener => {
      const same = requests.filter(({ host, mode }) => host === hostname && mode !== 'http');
      const passes = same.every(({ mode }) => mode === 'passthrough');
      return {
        name: hostId(hostname),
        hostname,
        port: httpsPort,
        protocol: passes ? 'TLS' : 'HTTPS',
        tls: passes ? { mode: 'Passthrough' } : { mode: 'Terminate', certificateRefs: certificates(same, settings) },
        ...allowed(same, settings),
      };
    }),
  ];
}

/** Each Secret once, with its namespace only where that is another one. */
function certificates(requests: readonly ListenerRequest[], { namespace: own }: ListenerSettings): object[] {
  const refs = requests.flatMap(({ secret }) => (secret ? [secret] : []));
  const byKey = new Map(refs.map(({ name, namespace }) => [`${namespace ?? own ?? ''}/${name}`, { name, namespace }]));
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { name, namespace }]) => ({
      name,
      ...(namespace === undefined || namespace === own ? {} : { namespace }),
    }));
}

/** Without `allowedRoutes`, a listener accepts routes of its own namespace. */
function allowed(
  requests: readonly ListenerRequest[],
  { namespace: own, namespaceLabels }: ListenerSettings,
): Pick<WireListener, 'allowedRoutes'> {
  if (namespaceLabels) return selected({ matchLabels: namespaceLabels });
  const namespaces = requests.flatMap(({ routesFrom }) => (routesFrom ? (routesFrom.namespace ?? own ?? []) : []));
  const values = [...new Set(namespaces)].sort();
  if (values.every((namespace) => namespace === own)) return {};
  return selected({ matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }] });
}

function selected(selector: object): Pick<WireListener, 'allowedRoutes'> {
  return { allowedRoutes: { namespaces: { from: 'Selector', selector } } };
}
