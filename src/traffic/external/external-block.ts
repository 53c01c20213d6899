import type { ApiObject } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { type ConnectivityCheckOptions, connectivityJob } from './connectivity-check';
import type { ExternalServiceBaseProps } from './external-service-props';
import { NamePolicies } from './name-policies';
import type { TargetSettings } from './read-target';
import { renderEndpointPorts, renderEndpoints, renderExternalService, type SliceSettings } from './render-external';
import type { Job } from '../../blocks/job';
import { readSecretName } from '../../config/references';
import type { ISecretRef, SecretKeyRef } from '../../interop/references';
import { emit, emitLater, type Head, later } from '../../kernel/emit/emission';
import { type Labels, recommended } from '../../kernel/emit/labels';
import { Verbatim } from '../../kernel/findings/describe';
import { Problems } from '../../kernel/findings/problems';
import { namespaceOf } from '../../kernel/model/names';
import { readName } from '../../kernel/model/read-name';
import { annotationMap, refuseLargeAnnotations } from '../../kernel/schema/annotations';
import { boolean, confidential, isPlain, that } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { configKey, labelMap, serviceName } from '../../kernel/schema/syntax';
import { type Family, familyOf, familyOfRange, single } from '../../kubernetes/address';
import { withoutMetadata } from '../../kubernetes/metadata';
import type { AppProtocol } from '../../network/app-protocol';
import type { IRouteBackend } from '../../network/backend';
import { type AllowOptions, type Connection, hostFor, type IConnectionTarget } from '../../network/connection';
import { NetworkEdges } from '../../network/network-edges';
import { stateOutside } from '../../network/outside';
import { type IPeer, Peer } from '../../network/peer';
import { type PortSettings, toNamedPort } from '../../network/ports';

/** The target and its ports, the main one first. */
export interface ExternalSettings {
  readonly target: TargetSettings;
  readonly ports: readonly PortSettings[];
}

/** What an `EndpointSyncer` passes to its process. */
export interface SyncContract {
  readonly slices: ReadonlyArray<{ readonly family: Family; readonly name: string }>;
  readonly ports: readonly object[];
  readonly ranges: readonly string[];
}

/** The slice size of the Kubernetes controller; the API allows 1000. */
const SLICE_SIZE = 100;

/** Keeps the controllers of Kubernetes away from our slices. */
const MANAGED_BY = 'cdk8s-best-practices';

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

/** The reading of props: of those that all such blocks have, and of a block's own. */
interface Reading {
  readonly read: Reader<ExternalServiceBaseProps>;
  readonly own: () => ExternalSettings;
}

/** How a block reads its props. `readOwn` reads the target and its ports. */
export function reading<P extends ExternalServiceBaseProps>(
  props: P,
  readOwn: (owner: Construct, read: Reader<P>, problems: Problems) => ExternalSettings,
): (owner: Construct, problems: Problems) => Reading {
  return (owner, problems) => {
    const read = new Reader<P>(problems, props);
    return { read, own: () => readOwn(owner, read, problems) };
  };
}

/**
 * Represents a service outside the cluster: a Service, its EndpointSlices, and the policies for its clients.
 * Without a type parameter, for jsii, as `Workload`.
 *
 * @internal
 */
export abstract class ExternalBlock extends Construct implements IConnectionTarget, IRouteBackend {
  /** Name of the Service. */
  public readonly name: string;
  /** The Service. */
  public readonly service: ApiObject;
  /** The EndpointSlices: one for each family and 100 addresses; none for a DNS name or with a syncer. */
  public readonly endpointSlices: ApiObject[];

  private readonly problems: Problems;
  private readonly settings: ExternalSettings;
  private readonly headless: boolean;
  private readonly labels: Labels;
  private readonly password?: SecretKeyRef;
  private readonly edges: NetworkEdges;
  private readonly checks = new Set<IConstruct>();
  private readonly policies?: NamePolicies;

  protected constructor(scope: Construct, id: string, readProps: ReturnType<typeof reading>) {
    super(scope, id);
    this.problems = new Problems(this);
    const { read, own } = readProps(this, this.problems);
    this.name = readName(this, read, serviceName()).name;
    this.labels = recommended(
      this,
      this.name,
      'external',
      read.optional('labels', labelMap, {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
    );
    const annotations = read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' });
    refuseLargeAnnotations(annotations, this.problems, 'annotations');
    this.headless = read.optional('headless', boolean, false);
    this.password = this.readPassword(read);
    this.settings = own();
    read.refuseUnknown();

    const { target, ports } = this.settings;
    this.refuseMapping(this.headless);
    this.edges = new NetworkEdges(this, this.name, undefined, this.problems);
    this.service = emitLater(this, 'Resource', this.head('v1', 'Service', this.name, annotations), this.problems, () =>
      renderExternalService(target, ports, this.families, this.headless),
    );
    this.endpointSlices = this.slices().map((slice) => this.emitSlice(slice));
    if (target.kind === 'name') {
      stateOutside('namedTarget', { owner: this, host: target.name, service: this.name, egress: target.egress?.kind });
    }
    if (target.kind === 'name' && target.egress !== undefined && target.egress.kind !== 'cidrs') {
      this.policies = new NamePolicies(
        this,
        { host: target.name, egress: target.egress, labels: this.labels },
        this.problems,
      );
    }
  }

  /** Name of the Service, for a route. */
  public get serviceName(): string {
    return this.name;
  }

  /** Name of the Service's main port, for a route. */
  public get routePort(): string {
    return this.settings.ports[0].name;
  }

  /** Port of the endpoints behind a route. */
  public get routeTargetPort(): number {
    return this.settings.ports[0].port;
  }

  /** Number of the Service's main port, for a route of the Gateway API. */
  public get routeServicePort(): number | undefined {
    return this.settings.ports[0].servicePort;
  }

  /** What the service speaks on the port that a route leads to, if stated. */
  public get routeAppProtocol(): AppProtocol | undefined {
    return this.settings.ports[0].appProtocol;
  }

  /** Why no route can have this backend: an ExternalName Service has no endpoints, and most controllers refuse it. */
  public get unroutable(): string | undefined {
    return this.settings.target.kind === 'name' ? 'a DNS name' : undefined;
  }

  /**
   * The network plugin's policies that allow clients to connect by name, as declared so far, in order of the
   * connections. Each is a child of its client.
   */
  public get namePolicies(): ApiObject[] {
    return this.policies?.objects ?? [];
  }

  /** Connection details for `client`: the name of the Service. */
  public connectionFor(client: IConstruct): Connection {
    const [main] = this.settings.ports;
    const host = hostFor(this.name, namespaceOf(this), namespaceOf(client));
    const connection = {
      host,
      ...(this.headless ? { headlessHost: host } : {}),
      port: main.servicePort,
      targetPort: main.port,
      protocol: main.protocol,
      ports: this.settings.ports.map(toNamedPort),
    };
    // a check needs no credential
    return this.password === undefined || this.checks.has(client)
      ? connection
      : { ...connection, password: this.password };
  }

  /**
   * Opens a client's closed egress on the given ports, or on all. `connectTo` does this for the main port. The outside
   * has no policy to open. For a DNS name, the client gets a policy of the network plugin.
   */
  public allowFrom(peer: IPeer, options: AllowOptions = {}): void {
    const { ports } = this.settings;
    this.edges.allowFrom(
      peer,
      options,
      ports.map(({ port, protocol }) => ({ port, protocol })),
    );
  }

  /**
   * Adds a Job that connects once, from a pod of this namespace and with the same policies as a client. It proves the
   * path to the target before anything depends on it (CH13-01). A new target creates a new Job.
   *
   * It proves one direction. If the target connects back, add an `ExposedService`.
   */
  public connectivityCheck(options: ConnectivityCheckOptions): Job {
    const { target, ports } = this.settings;
    const [{ protocol }] = ports;
    if (protocol !== 'TCP' && (options as Partial<ConnectivityCheckOptions> | undefined)?.command === undefined) {
      this.problems.refuse('connectivityCheck.command', undefined, `a command that checks a ${protocol} port`, {
        rule: 'props/required',
        fix: 'Give the command of a client: the default one opens a TCP connection',
      });
    }
    // a DNS name without declared egress is checked like a client with default egress
    const closable = target.kind !== 'name' || target.egress !== undefined;
    const check = connectivityJob(
      this,
      this.name,
      { target, ports },
      readCheck(options, this.problems),
      closable ? 'declared' : undefined,
    );
    this.checks.add(check);
    check.connectTo(this, { prefix: 'TARGET' });
    return check;
  }

  /** Its addresses, as policies see them; none for a DNS name without ranges. */
  public toPeer(): Peer {
    return Peer.anyOf(...this.ranges.map((range) => Peer.cidr(range, { except: withoutMetadata(range, []) })));
  }

  /**
   * The contract for the controller that maintains the endpoints; none if this block does.
   *
   * @internal
   */
  public get _syncContract(): SyncContract | undefined {
    const { target, ports } = this.settings;
    if (target.kind !== 'synced') return undefined;
    return {
      slices: this.families.map((family) => ({ family, name: sliceName(this.name, family) })),
      ports: renderEndpointPorts(ports),
      ranges: target.ranges,
    };
  }

  /** The ranges of the target for network policies. */
  private get ranges(): readonly string[] {
    const { target } = this.settings;
    if (target.kind === 'addresses') return target.addresses.map(single);
    if (target.kind === 'synced') return target.ranges;
    return target.egress?.kind === 'cidrs' ? target.egress.ranges : [];
  }

  private get families(): Family[] {
    const found = new Set(this.ranges.map(familyOfRange));
    return FAMILIES.filter((family) => found.has(family));
  }

  private slices(): SliceSettings[] {
    const { target } = this.settings;
    if (target.kind !== 'addresses') return [];
    return this.families.flatMap((family) => {
      const addresses = target.addresses.filter((address) => familyOf(address) === family);
      const count = Math.ceil(addresses.length / SLICE_SIZE);
      return Array.from({ length: count }, (_, index) => ({
        name: `${sliceName(this.name, family)}${index === 0 ? '' : `-${index + 1}`}`,
        family,
        addresses: addresses.slice(index * SLICE_SIZE, (index + 1) * SLICE_SIZE),
      }));
    });
  }

  private emitSlice(slice: SliceSettings): ApiObject {
    const { apiVersion, kind, metadata } = this.head('discovery.k8s.io/v1', 'EndpointSlice', slice.name);
    return emit(this, `EndpointSlice-${slice.name.slice(this.name.length + 1)}`, {
      apiVersion,
      kind,
      metadata: {
        ...metadata,
        labels: {
          ...metadata.labels,
          'kubernetes.io/service-name': this.name,
          'endpointslice.kubernetes.io/managed-by': MANAGED_BY,
        },
      },
      addressType: slice.family,
      ports: later(this.problems, () => renderEndpointPorts(this.settings.ports)),
      endpoints: later(this.problems, () => renderEndpoints(slice)),
    });
  }

  private head(apiVersion: string, kind: string, name: string, annotations?: Record<string, string>): Head {
    return { apiVersion, kind, metadata: { name, labels: this.labels, annotations } };
  }

  private readPassword(read: Reader<ExternalServiceBaseProps>): SecretKeyRef | undefined {
    const expected = 'a SecretKeyRef: a Secret, and a key of it';
    const hint = {
      fix: "Give a SecretKeyRef with secret: SecretRef.named('db-passwd'), key: 'passwd'",
      practice: 'CH01-35',
    };
    if (typeof read.raw('password') === 'string') {
      // it may be the password itself, which must not appear in a log
      this.problems.add({ rule: 'secret/literal-password', prop: 'password', got: 'a literal', expected, ...hint });
      return undefined;
    }
    const value = read.optional('password', confidential(that<SecretKeyRef>(expected, isPlain)), undefined, hint);
    if (value === undefined) return undefined;
    const key = configKey.read(value.key, (given, wanted) =>
      this.problems.refuse('password.key', given, wanted, { rule: 'props/value', ...hint }),
    );
    const name = readSecretName(this, value.secret, this.problems, 'password.secret');
    return key === undefined || name === undefined ? undefined : { secret: value.secret, key };
  }

  private refuseMapping(headless: boolean): void {
    const { target, ports } = this.settings;
    const unmapped = target.kind === 'name' ? !target.mapsPorts : headless;
    if (headless && target.kind === 'name') {
      this.problems.refuse('headless', true, 'false for a DNS name', {
        rule: 'external/headless-name',
        fix: 'Remove it: an ExternalName Service has no cluster IP anyway',
      });
    }
    for (const { name, port, servicePort } of unmapped ? ports : []) {
      if (port === servicePort) continue;
      this.problems.refuse(
        'servicePort',
        new Verbatim(`${servicePort} for port ${port} ('${name}')`),
        `${port}: clients reach the target directly, and no port is mapped`,
        { rule: 'external/port-mapping', fix: "Omit 'servicePort'" },
      );
    }
  }
}

function readCheck(options: ConnectivityCheckOptions, problems: Problems): ConnectivityCheckOptions {
  const read = new Reader<ConnectivityCheckOptions>(problems, options, 'connectivityCheck.');
  // the Job checks them
  const known = {
    image: read.raw('image') as string,
    command: read.raw('command') as string[] | undefined,
    pullSecrets: read.raw('pullSecrets') as ISecretRef[] | undefined,
  };
  read.refuseUnknown();
  return known;
}

function sliceName(service: string, family: Family): string {
  return `${service}-${family.toLowerCase()}`;
}
