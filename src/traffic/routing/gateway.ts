import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { GatewayController, readGatewayController, REFUSED_GATEWAY, USUAL_PORTS } from './gateway-controller';
import type { GatewayListener, GatewayProps } from './gateway-props';
import { type ListenerRequest, refuseLongHost, requestsTo } from './listeners';
import { entranceOfCluster, type Entrance } from './read-routing';
import { renderGateway } from './render-gateway';
import type { ControllerSettings, IRouteController } from './route-controller';
import { hostId, needCertificate, readTls, Tls, type TlsSettings } from './tls';
import { arrangeObjects, emitLater, laterMap } from '../../kernel/emit/emission';
import { type Labels, recommended } from '../../kernel/emit/labels';
import { AppModel } from '../../kernel/facts/app-model';
import { Problems } from '../../kernel/findings/problems';
import { namespaceOf } from '../../kernel/model/names';
import { readName } from '../../kernel/model/read-name';
import { annotationMap, refuseLargeAnnotations } from '../../kernel/schema/annotations';
import { instance, structs } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsLabel, dnsSubdomain, labelMap, routedHost } from '../../kernel/schema/syntax';
import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import { isClosed } from '../../network/isolation';
import { stateOutside } from '../../network/outside';
import { Peer, readPeer } from '../../network/peer';
import { renderSolverPolicy } from '../../network/render-network-policy';

interface OwnListener {
  readonly host: string;
  readonly tls?: TlsSettings;
}

interface Settings {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
  readonly entrance: Entrance;
  readonly listeners: readonly OwnListener[];
  readonly namespaceLabels?: Record<string, string>;
  readonly clientCertificates?: string;
}

/** The annotations by which cert-manager makes the certificates of a Gateway. */
const ISSUERS = ['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer'];

/**
 * A Gateway that several routings share, in any namespace of the cluster: often one load balancer for all hosts. Pass
 * it as their `controller`. It has a listener for plain HTTP and one for each host with TLS. A listener accepts routes
 * only of the namespaces that use it.
 *
 * ```ts
 * const gateway = new Gateway(chart, 'gateway', {
 *   controller: GatewayController.inNamespace('traefik', { className: 'traefik', httpPort: 8000, httpsPort: 8443 }),
 * });
 * new HttpRouting(chart, 'routing', {
 *   host: 'shop.example.com',
 *   tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
 *   authentication: Authentication.byApp(),
 *   controller: gateway,
 *   routes: [{ path: '/', backend: frontend }],
 * });
 * ```
 *
 * @see https://gateway-api.sigs.k8s.io/api-types/gateway/
 */
export class Gateway extends Construct implements IRouteController {
  /** `Gateway`. */
  public readonly routeApi: string = 'Gateway';
  /** Name of the Gateway. */
  public readonly name: string;
  /** The Gateway. */
  public readonly resource: ApiObject;

  private readonly problems: Problems;
  private readonly settings: Settings;
  private readonly solvers = new Map<string, ApiObject>();

  public constructor(scope: Construct, id: string, props: GatewayProps = {}) {
    super(scope, id);
    this.problems = new Problems(this);
    this.settings = readSettings(this, props, this.problems);
    const { name, labels, annotations } = this.settings;
    this.name = name;
    const metadata = {
      name,
      labels,
      annotations: { ...annotations, ...laterMap(ISSUERS, () => this.issuers()) },
    };
    const head = { apiVersion: `${GATEWAY_GROUP}/v1`, kind: 'Gateway', metadata };
    this.resource = emitLater(this, 'Resource', head, this.problems, () => this.render());
    AppModel.of(this).add('preparation', { owner: this, prepare: () => this.arrangeSolver() });
    stateOutside('gateway', {
      owner: this,
      lacksController: this.settings.entrance.lacksController,
      existing: () => this.settings.entrance.settings().gateway?.existing?.name,
      listeners: () => this.requests(),
      issuers: () => [...new Set([...this.ownIssuers(), ...requestsTo(this).map(({ annotations: of }) => of)])],
      clientCertificates: this.settings.clientCertificates,
      listenerOf: (host) => this._listenerOf(host),
    });
  }

  /** The source of the requests: the pods or ranges of the controller. */
  public toPeer(): Peer {
    return Peer._later(`gateway ${this.node.path}`, () => this.settings.entrance.peer?.toPeer());
  }

  /** @internal */
  public _serving(): ControllerSettings {
    // the profile may follow: what the routes need of the Gateway is known before
    const { gateway = USUAL_PORTS, ...others } = this.settings.entrance.settings();
    const title = `Gateway '${[namespaceOf(this), this.name].filter(Boolean).join('/')}'`;
    const { httpPort, httpsPort } = gateway;
    return { ...others, title, traefik: false, ingressNginx: false, gateway: { httpPort, httpsPort, block: this } };
  }

  /** @internal */
  public _listenerOf(host: string): string | undefined {
    const hosts = this.settings.listeners.map((listener) => listener.host);
    const found =
      hosts.find((one) => one === host) ??
      hosts.filter((one) => one.startsWith('*.') && host.endsWith(one.slice(1))).sort((a, b) => b.length - a.length)[0];
    return found && hostId(found);
  }

  private render(): object {
    const { entrance, namespaceLabels, clientCertificates } = this.settings;
    const { gateway, className } = entrance.settings();
    return renderGateway(this.requests(), {
      className,
      ports: gateway!,
      namespace: namespaceOf(this),
      namespaceLabels,
      clientCertificates,
    });
  }

  /** The own listeners, and what routings need. Those without a certificate use an own one. */
  private requests(): ListenerRequest[] {
    const own = this.settings.listeners.map(({ host, tls }): ListenerRequest => ({
      host,
      mode: 'https',
      secret: tls && { name: tls.secretName },
    }));
    const byId = new Map(own.map((request) => [hostId(request.host!), request.host]));
    const ofRoutings = requestsTo(this).map((request): ListenerRequest => {
      if (request.mode !== 'https' || request.secret || request.host === undefined) return request;
      return { ...request, host: byId.get(this._listenerOf(request.host) ?? '') ?? request.host };
    });
    // routes of other apps redirect to HTTPS, and a Gateway needs one listener
    const plain: ListenerRequest[] = own.length > 0 || ofRoutings.length === 0 ? [{ mode: 'http' }] : [];
    return [...plain, ...own, ...ofRoutings];
  }

  private ownIssuers(): Array<Readonly<Record<string, string>>> {
    return this.settings.listeners.flatMap(({ tls }) => (tls && !tls.external ? [tls.annotations] : []));
  }

  /** A rule refuses a second one. */
  private issuers(): Record<string, string | undefined> {
    return Object.assign({}, ...requestsTo(this).map(({ annotations }) => annotations), ...this.ownIssuers()) as Record<
      string,
      string | undefined
    >;
  }

  /** Only where all is denied: elsewhere a policy would close the pods of the solver for others. */
  private arrangeSolver(): void {
    const namespace = namespaceOf(this);
    const { name, labels, listeners } = this.settings;
    const isAsked = [...listeners.map(({ tls }) => tls?.solver), ...requestsTo(this).map(({ solver }) => solver)];
    const peers = readPeer(this.toPeer(), new Problems(), 'controller');
    const wanted = isAsked.some(Boolean) && isClosed(this, namespace) && peers.length > 0 ? ['SolverPolicy'] : [];
    arrangeObjects(this, this.solvers, wanted, (id) => {
      const metadata = { name: `${name}-acme-solver`, labels };
      const head = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata };
      const from = (): ReturnType<typeof readPeer> => readPeer(this.toPeer(), new Problems(), 'controller');
      return emitLater(this, id, head, this.problems, () => renderSolverPolicy(from(), namespace));
    });
  }
}

function readSettings(gateway: Construct, props: GatewayProps, problems: Problems): Settings {
  const read = new Reader<GatewayProps>(problems, props);
  const { name } = readName(gateway, read, dnsLabel());
  const entrance = readController(gateway, read, problems);
  const labels = read.optional(
    'labels',
    labelMap,
    {},
    {
      fix: 'Map label keys to values',
      practice: 'DX-13',
    },
  );
  const annotations = read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' });
  refuseLargeAnnotations(annotations, problems, 'annotations');
  for (const key of ISSUERS.filter((issuer) => issuer in annotations)) {
    read.refuse('annotations', key, 'annotations other than the issuer', {
      rule: 'props/conflict',
      fix: 'Name the issuer in Tls.certManager(...) of a listener or a routing',
    });
  }
  const settings = {
    name,
    labels: recommended(gateway, name, 'gateway', labels),
    annotations,
    entrance,
    listeners: read
      .optional('listeners', structs<GatewayListener>('a listener'), [], {
        fix: "List listeners, such as one with host: '*.example.com' and its tls",
      })
      .map((given, index) => readListener(gateway, given, problems, `listeners[${index}]`)),
    namespaceLabels: read.optional('namespaceLabels', labelMap, undefined, {
      fix: "Map labels of namespaces to values, such as 'shared-gateway': 'true'",
    }),
    clientCertificates: read.optional('clientCertificates', dnsSubdomain, undefined, {
      fix: "Name the ConfigMap with the entry 'ca.crt'",
    }),
  };
  read.refuseUnknown();
  return settings;
}

function readController(gateway: Construct, read: Reader<GatewayProps>, problems: Problems): Entrance {
  if (!read.has('controller')) return entranceOfCluster(gateway, (cluster) => cluster.gateway);
  const given = read.optional('controller', instance(GatewayController, 'a GatewayController'), undefined, {
    fix: "Use GatewayController.inNamespace('traefik') with className: 'traefik', or .fromCidrs(...)",
    practice: 'CH01-25',
  });
  const settings = given && readGatewayController(given, problems);
  return {
    settings: () => settings ?? REFUSED_GATEWAY,
    ofCluster: false,
    lacksController: () => false,
    peer: settings && given,
  };
}

function readListener(gateway: Construct, given: unknown, problems: Problems, prop: string): OwnListener {
  const read = new Reader<GatewayListener>(problems, given, `${prop}.`);
  const host = read.required('host', routedHost, 'invalid.example.com', {
    fix: "Write the host, such as '*.example.com'",
    practice: 'DX-39',
  });
  refuseLongHost(host, problems, `${prop}.host`);
  const tls = read.required('tls', instance(Tls, 'a Tls, e.g. Tls.certManager(...) with clusterIssuer'), Tls.none(), {
    fix: 'Use Tls.certManager(...) or Tls.secret(...)',
    practice: 'CH01-71',
  });
  if (read.isSound('tls') && (tls._kind === 'none' || tls._kind === 'gateway')) {
    read.refuse('tls', tls, 'a certificate', {
      rule: 'gateway/listener',
      fix: 'Use Tls.certManager(...) or Tls.secret(...): the listener for plain HTTP is always there',
    });
  }
  read.refuseUnknown();
  const settings = readTls(gateway, tls, hostId(host), problems, `${prop}.tls`);
  needCertificate(gateway, settings);
  return { host, tls: settings };
}
