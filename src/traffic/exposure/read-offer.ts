import { Construct } from 'constructs';
import type { IExposable, ExposedPort, ExposedServiceProps } from './exposed-service-props';
import { Exposure } from './exposure';
import { type ExposureSettings, nodePort, readExposure } from './read-exposure';
import type { ExposedPortSettings } from './render-exposure';
import { laterMap } from '../../kernel/emit/emission';
import type { Labels } from '../../kernel/emit/labels';
import type { Problems } from '../../kernel/findings/problems';
import { stateAnnotations } from '../../kernel/model/late-annotations';
import { readName } from '../../kernel/model/read-name';
import { annotationMap } from '../../kernel/schema/annotations';
import { type Check, instance, isPlain, oneOf, structs, that } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { hostName, labelMap, serviceName } from '../../kernel/schema/syntax';
import { externalDns } from '../../kubernetes/external-dns';
import { stateOutside } from '../../network/outside';
import { type NamedPort, portNumber, refuseSamePorts } from '../../network/ports';

/** The exposed ports, the clients, and the kind of exposure. */
export interface OfferSettings {
  readonly name: string;
  readonly backend?: IExposable;
  readonly exposure: ExposureSettings;
  readonly ports: readonly ExposedPortSettings[];
  readonly hostname?: string;
  readonly labels: Labels;
  readonly annotations: Record<string, string>;
}

/** Never rendered: a substitute for a refused exposure. */
const CLOSED: ExposureSettings = {
  kind: 'nodePort',
  sources: [],
  seenFrom: [],
  externalTrafficPolicy: 'Local',
  allocateNodePorts: true,
  families: [],
};

/** The factory of each kind, for messages. */
const FACTORIES: Record<Exposure['_kind'], string> = {
  internal: 'Exposure.internalLoadBalancer(...)',
  nodePort: 'Exposure.nodePort(...)',
  public: 'Exposure.publicLoadBalancer(...)',
  clusterSet: 'Exposure.clusterSet(...)',
};

export function readOffer(
  owner: Construct,
  read: Reader<ExposedServiceProps>,
  kinds: ReadonlyArray<Exposure['_kind']>,
  problems: Problems,
): OfferSettings {
  const { name } = readName(owner, read, serviceName());
  const backend = read.required('backend', exposable, undefined, {
    fix: 'Pass a WebService or a StaticSite',
    practice: 'CH13-22',
  });
  const exposure = readKind(read, kinds);
  const settings = exposure ? readExposure(owner, exposure, problems, 'exposure') : CLOSED;
  const hostname = read.optional('hostname', hostName, undefined, {
    fix: "Write a DNS name, such as 'orders.internal.example.com'",
    practice: 'CH13-18',
  });
  const annotations = {
    ...externalDns('hostname', hostname),
    ...read.optional('annotations', annotationMap, {}, { fix: 'Map annotation names to text' }),
  };
  // one place decides whether a load balancer is internal
  const provided = (): Record<string, string> => settings.provider?.()?.annotations ?? {};
  const all = (): Record<string, string> => ({ ...annotations, ...provided() });
  stateOutside('offer', { owner, annotations, provided });
  stateAnnotations({ owner, prop: 'annotations', all });
  const offer: OfferSettings = {
    name,
    backend,
    exposure: settings,
    ports: readPorts(read, backend?.declaredPorts ?? [], settings.kind, problems),
    hostname,
    labels: read.optional('labels', labelMap, {}, { fix: 'Map label keys to values', practice: 'DX-13' }),
    annotations:
      settings.providerKeys === undefined
        ? all()
        : laterMap([...new Set([...Object.keys(annotations), ...settings.providerKeys])], all),
  };
  read.refuseUnknown();
  return offer;
}

function readKind(read: Reader<ExposedServiceProps>, kinds: ReadonlyArray<Exposure['_kind']>): Exposure | undefined {
  const factories = kinds.map((kind) => FACTORIES[kind]).join(' or ');
  const hint = { fix: `Use ${factories}`, practice: 'CH13-17' };
  const exposure = read.required(
    'exposure',
    instance(Exposure, 'an Exposure, e.g. Exposure.internalLoadBalancer(...) with sources'),
    undefined,
    hint,
  );
  if (exposure === undefined || kinds.includes(exposure._kind)) return exposure;
  read.refuse('exposure', FACTORIES[exposure._kind], factories, {
    rule: 'props/value',
    ...hint,
    fix: exposure._kind === 'clusterSet' ? 'Use an ExportedService' : 'Use an ExposedService',
  });
  return undefined;
}

const exposable: Check<IExposable> = that(
  'a block with pods behind a Service, such as WebService',
  (value) =>
    Construct.isConstruct(value) &&
    isPlain((value as Partial<IExposable>).selectorLabels) &&
    Array.isArray((value as Partial<IExposable>).declaredPorts) &&
    typeof (value as Partial<IExposable>).allowFrom === 'function',
);

function readPorts(
  read: Reader<ExposedServiceProps>,
  declared: readonly NamedPort[],
  kind: ExposureSettings['kind'],
  problems: Problems,
): ExposedPortSettings[] {
  const hint = {
    fix: "List ExposedPorts, such as one with name: 'http', the name of a port of the backend",
    practice: 'DX-04',
  };
  // a ServiceExport exports a Service unchanged
  const byDefault = kind === 'clusterSet' ? declared : declared.slice(0, 1);
  const given = read.optional(
    'ports',
    structs<ExposedPort>('a port'),
    byDefault.map(({ name }) => ({ name })),
    hint,
  );
  const raw = read.raw('ports');
  if (Array.isArray(raw) && raw.length === 0) {
    read.refuse('ports', raw, 'at least one port', { rule: 'props/empty-list', ...hint });
  }
  if (raw !== undefined && kind === 'clusterSet') {
    read.refuse('ports', raw, 'none for a cluster set', {
      rule: 'props/conflict',
      fix: 'Remove it: all ports of the Service are exported',
      practice: 'CH13-26',
    });
  }
  if (declared.length === 0) return [];
  const ports = given.map((one, index): ExposedPortSettings => {
    const own = new Reader<ExposedPort>(problems, one, `ports[${index}].`);
    const name = own.required('name', oneOf(...declared.map((port) => port.name)), declared[0].name, hint);
    const {
      port,
      servicePort = port,
      protocol = 'TCP',
    } = declared.find((candidate) => candidate.name === name) ?? declared[0];
    const settings = {
      name,
      port,
      servicePort: own.optional('port', portNumber, servicePort, {
        fix: 'Write the port that clients use, such as 443',
      }),
      protocol,
      nodePort: own.optional('nodePort', nodePort, undefined, {
        fix: 'Write a port from 30000 to 32767, or remove the prop: Kubernetes chooses a free one',
        practice: 'CH13-20',
      }),
    };
    if (own.has('nodePort') && kind !== 'nodePort') {
      own.refuse('nodePort', own.raw('nodePort'), 'none with a load balancer', {
        rule: 'props/conflict',
        fix: 'Remove it: clients use the port of the load balancer',
        practice: 'CH13-20',
      });
    }
    own.refuseUnknown();
    return settings;
  });
  refuseSamePorts(ports, problems, 'ports', ['name', 'servicePort']);
  return ports;
}
