import { basename, dirname } from 'node:path/posix';
import { Size } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import {
  type ContainerBaseProps,
  type ContainerSettings,
  type PodWide,
  probeInstance,
  readContainerBase,
  readExtraContainer,
  readImage,
  readResourcesProp,
  type SidecarProps,
} from './container';
import { Probe, readProbe } from './probe';
import { readResources, Resources } from './resources';
import { AppModel } from '../kernel/facts/app-model';
import { Problems } from '../kernel/findings/problems';
import { bytes, type Check, listOf, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { directory, dnsLabel, portName } from '../kernel/schema/syntax';
import { Cpu } from '../kubernetes/cpu';
import { parseImage } from '../kubernetes/image';
import { MEBIBYTE, TEBIBYTE } from '../kubernetes/quantity';
import { METRICS, portNumber, type PortSettings, refusePrivilegedPort } from '../network/ports';

/** A log file that a sidecar writes to its output. */
export interface LogTailOptions {
  /**
   * Path of the log file in the main container, such as `/var/log/app/access.log`. Rotate it by renaming: a rotation
   * that copies and truncates the file loses lines.
   */
  readonly file: string;

  /**
   * Image with `sh`, `sleep`, and a `tail` with the option `-F`.
   *
   * @default 'docker.io/library/busybox:1.37.0': the official image, of 2 MB. Its `tail` looks for a rotated file each
   * second
   */
  readonly image?: string;

  /**
   * Name of the container, unique in the pod.
   *
   * @default - `tail-` and the name of the file: `tail-access-log`
   */
  readonly name?: string;

  /**
   * Limit of the volume for the directory of the file; 1 MiB to 1 TiB. Let the process delete old files before: the
   * kubelet evicts a pod that exceeds it. A directory in which the main container has a volume keeps that volume.
   *
   * @default Size.mebibytes(128)
   */
  readonly sizeLimit?: Size;

  /**
   * CPU and memory.
   *
   * @default Resources.of({ cpu: Cpu.millis(10), memory: Size.mebibytes(32) }): two small processes
   */
  readonly resources?: Resources;
}

/** A process that translates the state of the main container into metrics. */
export interface ExporterOptions extends ContainerBaseProps {
  /** Port with the metrics; 1 to 65535, and at least 1024, since the process does not run as root. */
  readonly port: number;

  /**
   * Name of the container, unique in the pod.
   *
   * @default 'exporter'
   */
  readonly name?: string;

  /**
   * Name of the port, unique in the pod.
   *
   * @default 'metrics': the usual name for `NetworkTiers.allowScraping`
   */
  readonly portName?: string;

  /**
   * Whether it must be restarted. A restart does not touch the main container.
   *
   * @default Probe.tcpSocket()
   */
  readonly liveness?: Probe;
}

/** Where a sidecar is left out. */
export interface ApplySidecarOptions {
  /**
   * Workloads without the sidecar, and constructs with such workloads.
   *
   * @default - none
   */
  readonly except?: IConstruct[];
}

/**
 * A container beside the main one, as a ready value for several workloads. It starts before the main container and
 * stops after it (a native sidecar), so that a Job with it still ends.
 *
 * ```ts
 * frontend.addSidecar(Sidecar.logTail({ file: '/var/log/shop/access.log' }));
 *
 * const exporter = Sidecar.exporter({ image: 'ghcr.io/example/statsd-exporter:0.28.0', port: 9102 });
 * exporter.applyTo(chart, { except: [redis] });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export class Sidecar {
  /**
   * Any container.
   *
   * @param props as in the prop `sidecars` of a workload
   */
  public static container(props: SidecarProps): Sidecar {
    return new Sidecar('container', props);
  }

  /**
   * Writes the lines of a log file to the output of a container, where `kubectl logs` and log agents find them. For a
   * process that cannot log to its output. The main container and the sidecar share the directory of the file, which is
   * read-only in the sidecar.
   *
   * @param options the file
   */
  public static logTail(options: LogTailOptions): Sidecar {
    return new Sidecar('logTail', options);
  }

  /**
   * A metrics exporter for a process without metrics of its own. It reaches the process at `localhost`. It has no
   * readiness check: if it fails, the pod keeps its traffic.
   *
   * @param options image and port
   */
  public static exporter(options: ExporterOptions): Sidecar {
    return new Sidecar('exporter', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'container' | 'logTail' | 'exporter',
    /** @internal */ public readonly _options: unknown,
  ) {}

  /**
   * Adds the sidecar to all workloads in a chart, an app or another construct: to those that exist, and to those that
   * follow. In each pod, it comes after the sidecars of the workload itself.
   *
   * @param scope the chart, the app, or a construct
   * @param options which workloads do not get it
   */
  public applyTo(scope: IConstruct, options: ApplySidecarOptions = {}): void {
    const problems = new Problems(scope);
    const read = new Reader<ApplySidecarOptions>(problems, options, 'applyTo.');
    const except = read.optional('except', EXCEPT, [], { fix: 'List workloads, or constructs around them' });
    read.refuseUnknown();
    const order: SidecarOrder = { scope, sidecar: this, except, problems };
    const model = AppModel.of(scope);
    model.add('sidecarOrder', order);
    for (const template of model.all('podTemplate')) template.take(order);
  }
}

/** A sidecar for all workloads of a scope. */
export interface SidecarOrder {
  readonly scope: IConstruct;
  readonly sidecar: Sidecar;
  readonly except: readonly IConstruct[];
  /** Those of the scope: one mistake is one finding, however many workloads there are. */
  readonly problems: Problems;
}

declare module '../kernel/facts/fact-map' {
  interface FactMap {
    readonly sidecarOrder: SidecarOrder;
  }
}

/** Whether a workload gets the sidecar. */
export function isOrderedFor({ scope, except }: SidecarOrder, workload: IConstruct): boolean {
  const { scopes } = workload.node;
  return scopes.includes(scope) && !except.some((other) => scopes.includes(other));
}

/** A log file of the main container. */
export interface LogFile {
  readonly directory: string;
  /** Limit of the volume, if the main container has none there. */
  readonly bytes: number;
}

/** A sidecar in the form that a pod needs. */
export interface SidecarSettings {
  readonly container: ContainerSettings;
  readonly log?: LogFile;
}

const EXCEPT: Check<IConstruct[]> = listOf(that<IConstruct>('a construct', (value) => Construct.isConstruct(value)));
const NAME = dnsLabel();
const SIZE_LIMIT = bytes(MEBIBYTE, TEBIBYTE);
const BUSYBOX = 'docker.io/library/busybox:1.37.0';
const TAIL_RESOURCES = Resources.of({ cpu: Cpu.millis(10), memory: Size.mebibytes(32) });

/** Reads a sidecar for the pods of one workload. */
export function readSidecar(
  { _kind, _options }: Sidecar,
  pod: PodWide,
  problems: Problems,
  prop: string,
): SidecarSettings {
  switch (_kind) {
    case 'container':
      return { container: readExtraContainer(_options, 'sidecar', pod, problems, prop) };
    case 'exporter':
      return { container: readExporter(_options, pod, problems, prop) };
    case 'logTail':
      return readLogTail(_options, pod, problems, prop);
  }
}

function readExporter(given: unknown, pod: PodWide, problems: Problems, prop: string): ContainerSettings {
  const read = new Reader<ExporterOptions>(problems, given, `${prop}.`);
  const port = read.required('port', portNumber, 9100, { fix: 'Write the port that serves the metrics' });
  refusePrivilegedPort(port, pod, problems, `${prop}.port`, 'use another port');
  const ports: PortSettings[] = [
    { name: read.optional('portName', portName, METRICS), port, servicePort: port, protocol: 'TCP' },
  ];
  const liveness = read.optional('liveness', probeInstance, Probe.tcpSocket(), {
    fix: "Use Probe.httpGet('/healthz')",
  });
  const container: ContainerSettings = {
    name: read.optional('name', NAME, 'exporter', { fix: 'Name the container after its purpose' }),
    role: 'sidecar',
    ports,
    probes: { liveness: readProbe(liveness, ports, 10, problems, `${prop}.liveness`) },
    drain: 0,
    ...readContainerBase(read, pod, problems, `${prop}.`),
  };
  read.refuseUnknown();
  return container;
}

/**
 * The kernel gives no signal without a handler to the first process of a container: alone, `tail` would live until the
 * end of the grace period. The shell waits for the last lines of the main container, which has ended before the signal.
 */
const FOLLOW = 'tail -n +1 -F "$0" & tail=$!; trap "sleep 2; kill $tail; exit 0" TERM; wait $tail';

function readLogTail(given: unknown, pod: PodWide, problems: Problems, prop: string): SidecarSettings {
  const read = new Reader<LogTailOptions>(problems, given, `${prop}.`);
  const file = read.required('file', FILE, '/var/log/app/app.log', {
    fix: "Write the path of the log file, such as '/var/log/app/access.log'",
  });
  const image = readImage(read, pod, BUSYBOX);
  const stated = read.optional('sizeLimit', SIZE_LIMIT, 128 * MEBIBYTE);
  const container: ContainerSettings = {
    name: read.optional('name', NAME, nameOf(file), { fix: 'Name the container after its purpose' }),
    role: 'sidecar',
    image,
    version: parseImage(image)?.tag,
    pullPolicy: pod.pullPolicy,
    command: ['sh', '-c', FOLLOW, file],
    args: [],
    shell: true,
    ports: [],
    probes: {},
    drain: 0,
    resources: readResources(
      readResourcesProp(read, pod, TAIL_RESOURCES),
      pod,
      { bytes: 0, stated: false },
      problems,
      `${prop}.resources`,
    ),
    user: pod.user,
    scratch: { paths: [], bytes: 0 },
    env: [],
    allowSecretLookingEnv: [],
    envFrom: [],
    mounts: [],
  };
  read.refuseUnknown();
  return { container, log: { directory: dirname(file), bytes: stated } };
}

const FILE: Check<string> = that(
  "the absolute path of a file in a directory other than '/'",
  (value) =>
    directory.read(value, () => undefined) !== undefined &&
    directory.read(dirname(value as string), () => undefined) !== undefined,
);

function nameOf(file: string): string {
  const name = basename(file)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return `tail-${name}`.slice(0, 63).replace(/-+$/, '');
}
