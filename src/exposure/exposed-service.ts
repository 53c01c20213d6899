import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { IExposable } from './exposable';
import { Exposure } from './exposure';
import { type ExposureSettings, nodePort, readExposure } from './read-exposure';
import { type ExposedPortSettings, renderExposure } from './render-exposure';
import { annotationMap, refuseLargeAnnotations } from '../foundation/annotations';
import { type Check, instance, isPlain, mapOf, oneOf, structs, that } from '../foundation/checks';
import { Verbatim } from '../foundation/describe';
import { emitLater } from '../foundation/emission';
import { recommended } from '../foundation/labels';
import { namespaceOf } from '../foundation/names';
import { Problems } from '../foundation/problems';
import { readName } from '../foundation/read-name';
import { Reader } from '../foundation/reader';
import { hostName, labelKey, labelValue, serviceName } from '../foundation/syntax';
import { claimUnique } from '../foundation/uniqueness';
import { Peer } from '../network/peer';
import { type NamedPort, portNumber, type PortSettings, refuseSamePorts } from '../pod/ports';

/** A port of the backend, as it is offered. */
export interface ExposedPort {
  /** Name of the backend's port. */
  readonly name: string;

  /**
   * Port that clients use; 1 to 65535.
   *
   * @default - that of the backend's Service
   */
  readonly port?: number;

  /**
   * Port of each node; 30000 to 32767, and free on the cluster. For `Exposure.nodePort` alone.
   *
   * @default - any free one: fix it only where a client needs it (CH13-20)
   */
  readonly nodePort?: number;
}

/** Props of `ExposedService`. */
export interface ExposedServiceProps {
  /**
   * Name of the Service.
   *
   * @default - the construct path joined by `-`
   */
  readonly name?: string;

  /** The block whose pods are offered. */
  readonly backend: IExposable;

  /** How, and for whom. */
  readonly exposure: Exposure;

  /**
   * Which ports of the backend. Any protocol: TCP services need no more than a name here.
   *
   * @default - the main one
   */
  readonly ports?: ExposedPort[];

  /**
   * Host name that external-dns registers for the address.
   *
   * @default - none
   */
  readonly hostname?: string;

  /**
   * Labels beside the recommended ones.
   *
   * @default - none
   */
  readonly labels?: { [label: string]: string };

  /**
   * Annotations beside those of the provider.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };
}

/** Never rendered: it stands in where the exposure is refused. */
const CLOSED: ExposureSettings = { kind: 'nodePort', sources: [], seenFrom: [], externalTrafficPolicy: 'Local', allocateNodePorts: true };

/**
 * Offers the pods of a block outside of the cluster, by a Service of its own beside that of the block, and opens their
 * network policy for the declared clients.
 *
 * ```ts
 * new ExposedService(chart, 'orders-internal', {
 *   backend: orders,
 *   exposure: Exposure.internalLoadBalancer({ sources: ['10.20.0.0/16'] }),
 * });
 * ```
 *
 * Inside of the cluster, connect to the block itself: the load balancer is for those outside.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
 */
export class ExposedService extends Construct {
  /** Name of the Service. */
  public readonly name: string;
  /** The Service. */
  public readonly service: ApiObject;
  /** The ports that clients use, with those of the pods. */
  public readonly exposedPorts: NamedPort[];

  public constructor(scope: Construct, id: string, props: ExposedServiceProps) {
    super(scope, id);
    const problems = new Problems(this);
    const read = new Reader<ExposedServiceProps>(problems, props);
    this.name = readName(this, read, serviceName()).name;
    const backend = read.required<IExposable | undefined>('backend', exposable, undefined, { fix: 'Pass a WebService or a StaticSite', practice: 'CH13-22' });
    const exposure = read.required<Exposure | undefined>('exposure', instance(Exposure, 'an Exposure, e.g. Exposure.internalLoadBalancer({ sources })'), undefined, { fix: 'Use Exposure.internalLoadBalancer(...), .nodePort(...) or .publicLoadBalancer(...)', practice: 'CH13-17' });
    const settings = exposure ? readExposure(this, exposure, problems, 'exposure') : CLOSED;
    const ports = readPorts(read, backend?.declaredPorts ?? [], exposure?._kind === 'nodePort', problems);
    const hostname = read.optional('hostname', hostName, undefined, { fix: "Give a DNS name, such as 'orders.internal.example.com'", practice: 'CH13-18' });
    const labels = recommended(this, this.name, 'exposure', read.optional('labels', mapOf(labelKey, labelValue), {}, { fix: 'Map label keys to values', practice: 'DX-13' }));
    const annotations = {
      ...(hostname === undefined ? {} : { 'external-dns.alpha.kubernetes.io/hostname': hostname }),
      ...read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' }),
    };
    this.refuseOverridden(annotations, settings, problems);
    read.refuseUnknown();
    const all = { ...annotations, ...settings.provider?.annotations };
    refuseLargeAnnotations(all, problems, 'annotations');

    this.exposedPorts = ports.map(({ name, port, servicePort, protocol }) => ({ name, port, servicePort, protocol }));
    const head = { apiVersion: 'v1', kind: 'Service', metadata: { name: this.name, labels, annotations: all } };
    this.service = emitLater(this, 'Resource', head, problems, () => renderExposure(settings, ports, backend?.selectorLabels ?? {}));
    this.claimNodePorts(ports, settings);
    if (backend) this.open(backend, settings, ports, problems);
  }

  private open(backend: IExposable, { seenFrom }: ExposureSettings, ports: readonly PortSettings[], problems: Problems): void {
    const [theirs, own] = [namespaceOf(backend), namespaceOf(this)];
    if (theirs !== own) {
      problems.refuse('backend', new Verbatim(`'${backend.node.path}' in namespace '${theirs ?? ''}'`), `a backend in namespace '${own ?? ''}'`, { fix: 'A Service selects pods of its own namespace: put the block beside the backend', practice: 'DX-24' });
    }
    if (seenFrom.length > 0 && ports.length > 0) {
      backend.allowFrom(Peer.anyOf(...seenFrom.map((range) => Peer.cidr(range))), { ports: [...new Set(ports.map(({ port }) => port))] });
    }
  }

  private claimNodePorts(ports: readonly ExposedPortSettings[], { healthCheckNodePort }: ExposureSettings): void {
    const fixed = ports.flatMap(({ nodePort: port, protocol }) => (port === undefined ? [] : [`${port}/${protocol}`]));
    for (const port of [...fixed, ...(healthCheckNodePort === undefined ? [] : [`${healthCheckNodePort}/TCP`])]) {
      claimUnique(this, `node port ${port}`, 'Change one, or leave both to Kubernetes (CH13-20)');
    }
  }

  /** Whether a load balancer is internal is said in one place. */
  private refuseOverridden(annotations: Record<string, string>, { provider }: ExposureSettings, problems: Problems): void {
    for (const key of Object.keys(provider?.annotations ?? {}).filter((name) => name in annotations)) {
      problems.refuse(`annotations['${key}']`, annotations[key], 'annotations other than those of the provider', { fix: "Use the options of 'provider'", practice: 'CH13-16' });
    }
  }
}

const exposable: Check<IExposable> = that('a block with pods behind a Service, such as WebService', (value) => Construct.isConstruct(value) && isPlain((value as Partial<IExposable>).selectorLabels) && Array.isArray((value as Partial<IExposable>).declaredPorts) && typeof (value as Partial<IExposable>).allowFrom === 'function');

function readPorts(read: Reader<ExposedServiceProps>, declared: readonly NamedPort[], byNode: boolean, problems: Problems): ExposedPortSettings[] {
  const hint = { fix: "Write [{ name: 'http' }] with the name of a port of the backend", practice: 'DX-04' };
  const given = read.optional('ports', structs('a port'), declared.slice(0, 1).map(({ name }) => ({ name })), hint);
  const raw = read.raw('ports');
  if (Array.isArray(raw) && raw.length === 0) read.refuse('ports', raw, 'at least one port', hint);
  if (declared.length === 0) return [];
  const ports = given.map((one, index): ExposedPortSettings => {
    const own = new Reader<ExposedPort>(problems, one, `ports[${index}].`);
    const name = own.required('name', oneOf(...declared.map((port) => port.name)), declared[0].name, hint);
    const { port, servicePort = port, protocol = 'TCP' } = declared.find((candidate) => candidate.name === name) ?? declared[0];
    const settings = {
      name,
      port,
      servicePort: own.optional('port', portNumber, servicePort, { fix: "Leave it out for the port of the backend's Service" }),
      protocol,
      nodePort: own.optional('nodePort', nodePort, undefined, { fix: 'Leave it out for any free one', practice: 'CH13-20' }),
    };
    if (own.has('nodePort') && !byNode) own.refuse('nodePort', own.raw('nodePort'), 'none with a load balancer', { fix: 'Leave it out: clients use the port of the load balancer', practice: 'CH13-20' });
    own.refuseUnknown();
    return settings;
  });
  refuseSamePorts(ports, problems, 'ports', ['name', 'servicePort']);
  return ports;
}
