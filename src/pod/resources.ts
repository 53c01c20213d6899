import type { Size } from 'cdk8s';
import type * as Devices from './device-request';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { bytes, instance, listOf, mapOf, oneOf } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { ICpu } from '../kubernetes/cpu';
import { extendedName, wholeDevices } from '../kubernetes/extended-resources';
import { bytesQuantity, cpuMillis, cpuQuantity, MEBIBYTE } from '../kubernetes/quantity';

/** Resources of a container that shares the CPU and memory of its pod. */
export interface SharedResourcesOptions {
  /**
   * Disk for logs, the writable layer and scratch volumes, as request and limit; at least 1 MiB. It must cover `/tmp`
   * and the `writablePaths` if `writableSize` is set, and mounted `emptyDir` volumes with a `sizeLimit`. The kubelet
   * evicts a pod that uses more.
   *
   * @default - 256 MiB: 192 MiB, of which rotated logs take up to 50, and the 64 MiB of `/tmp`. `writablePaths` and
   * `writableSize` change the second part. In the main container, the `sizeLimit` of each mounted `emptyDir` is added,
   * unless it is in memory
   */
  readonly ephemeralStorage?: Size;

  /**
   * Numbers of extended resources, such as GPUs, by name: `nvidia.com/gpu`. Each 1 to 100000, as request and limit:
   * the scheduler counts whole devices, and does not overcommit them (CH14-03). The `devices` of a `ClusterProfile` add
   * node selector and toleration.
   *
   * @default - none
   */
  readonly extended?: { [resource: string]: number };

  /**
   * Devices from drivers with Dynamic Resource Allocation. The block writes a ResourceClaimTemplate, and each pod gets
   * devices of its own. Needs Kubernetes 1.34; use `extended` on older clusters.
   *
   * @default - none
   */
  readonly devices?: Devices.DeviceRequest[];
}

/** What the kubelet does when the resources of a running container change. */
export interface ResizeOptions {
  /**
   * On a change of the CPU.
   *
   * @default 'NotRequired': the container keeps running
   */
  readonly cpu?: 'NotRequired' | 'RestartContainer';

  /**
   * On a change of the memory. Write `RestartContainer` for a process that reads its memory limit at the start only,
   * such as a JVM.
   *
   * @default 'NotRequired': the container keeps running
   */
  readonly memory?: 'NotRequired' | 'RestartContainer';
}

/** Resources of a container without a CPU limit. */
export interface UnlimitedCpuOptions extends SharedResourcesOptions {
  /** CPU request; at least 1 milli-core. */
  readonly cpu: ICpu;

  /** Memory request; at least 4 MiB. */
  readonly memory: Size;

  /**
   * Memory above which the container is killed; at least 4 MiB, and `memory`.
   *
   * @default - the same as `memory`: overcommitted memory gets pods killed (CH01-17)
   */
  readonly memoryLimit?: Size;

  /**
   * Whether a resize of a running pod restarts the container. Needs Kubernetes 1.33.
   *
   * @default - the API server's default: no restart
   * @see https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/
   */
  readonly resize?: ResizeOptions;
}

/** Resources of a container. */
export interface ResourcesOptions extends UnlimitedCpuOptions {
  /**
   * CPU above which the container is throttled; at least `cpu`.
   *
   * @default - 4 times `cpu`: room for start-up and bursts, and a runaway container cannot take over a node (CH01-18)
   */
  readonly cpuLimit?: ICpu;
}

/** The relation between requests and limits of a pod. */
export type Quality = 'burstable' | 'guaranteed';

export interface Amount {
  readonly request: number;
  readonly limit?: number;
}

/** CPU in milli-cores, memory and disk in bytes. */
export interface ResourceSettings {
  readonly cpu?: Amount;
  readonly memory?: Amount;
  /** Includes `reserved`. */
  readonly ephemeralStorage?: Amount;
  /**
   * Disk that mounted volumes need, in bytes, if the caller has not stated the amount. Mounts add to it.
   */
  readonly reserved?: number[];
  /** Counts by name. */
  readonly extended?: Readonly<Record<string, number>>;
  readonly devices?: readonly Devices.DeviceSettings[];
  readonly resize?: ResizeSettings;
  /** Whether the container shares the CPU and memory of its pod. */
  readonly shared?: true;
}

export type ResizePolicy = 'NotRequired' | 'RestartContainer';

export type ResizeSettings = Readonly<Partial<Record<'cpu' | 'memory', ResizePolicy>>>;

/** What a pod decides about the resources of its containers. */
export interface PodQuality {
  readonly quality: Quality;
  /** CPU and memory of the pod as a whole. */
  readonly whole?: WholeSettings;
}

/** CPU in milli-cores and memory in bytes of a pod as a whole. */
export interface WholeSettings {
  readonly cpu: Amount;
  readonly memory: Amount;
}

const CPU_LIMIT_FACTOR = 4;
/**
 * Disk besides scratch volumes. The kubelet keeps 5 log files of 10 MiB for a container, and a rotated one temporarily
 * twice.
 */
const LOGS_AND_LAYER = 192 * MEBIBYTE;
const LEAST_MEMORY = 4 * MEBIBYTE;

/**
 * Resources of a container. Every container states them (CH01-16).
 *
 * ```ts
 * new WebService(chart, 'shop', {
 *   image: 'ghcr.io/acme/shop:1.4.2',
 *   port: 8080,
 *   readiness: Probe.httpGet('/readyz'),
 *   resources: Resources.of({ cpu: Cpu.millis(500), memory: Size.gibibytes(1) }),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export class Resources {
  /** Uses the given requests, with memory limit = request and CPU limit = 4 x request. */
  public static of(options: ResourcesOptions): Resources {
    return new Resources('limited', options);
  }

  /** Like `of`, without a CPU limit: the container can use all idle cores of the node. */
  public static withoutCpuLimit(options: UnlimitedCpuOptions): Resources {
    return new Resources('unlimited', options);
  }

  /**
   * Neither requests nor limits, for a namespace whose LimitRange provides them. The library does not see these values
   * and cannot autoscale the pods.
   */
  public static none(): Resources {
    return new Resources('none', undefined);
  }

  /** Uses the CPU and memory of the pod, as `podResources` states them for all containers together. */
  public static shared(options: SharedResourcesOptions = {}): Resources {
    return new Resources('shared', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'limited' | 'unlimited' | 'none' | 'shared',
    /** @internal */ public readonly _options: unknown,
  ) {}
}

/** Sizes of the scratch volumes of a container. */
export interface Scratch {
  /** Of all together. */
  readonly bytes: number;
  /** Whether the caller has stated the size. */
  readonly stated: boolean;
}

const MEMORY = bytes(LEAST_MEMORY);
const EPHEMERAL_STORAGE = bytes(MEBIBYTE);

export function readResources(
  given: Resources,
  { quality, whole }: PodQuality,
  scratch: Scratch,
  problems: Problems,
  prop: string,
): ResourceSettings {
  if (given._kind === 'none') return noResources(quality, problems, prop);
  if (given._kind === 'shared') return sharedResources(given, whole, scratch, problems, prop);

  const read = new Reader<ResourcesOptions>(problems, given._options, `${prop}.`);
  const unlimited = given._kind === 'unlimited';
  const { cpu, memory } = readAmounts(read, unlimited, quality, problems, prop);
  const [disk, stated] = readDisk(read, scratch);
  const devices = readDevices(read, problems, prop);
  const resize = readResize(read.raw('resize'), problems, `${prop}.resize`);
  read.refuseUnknown();
  return withDisk(
    devices === undefined && resize === undefined ? { cpu, memory } : { cpu, memory, ...devices, resize },
    disk,
    stated,
  );
}

/** CPU and memory, of a container or of a pod. */
export function readAmounts(
  read: Reader<Pick<ResourcesOptions, 'cpu' | 'cpuLimit' | 'memory' | 'memoryLimit'>>,
  unlimited: boolean,
  quality: Quality,
  problems: Problems,
  prop: string,
): WholeSettings {
  const cpu = read.required('cpu', cpuMillis, 100, {
    fix: 'Set what the container needs under normal load',
    practice: 'CH01-16',
  });
  const memory = read.required('memory', MEMORY, 128 * MEBIBYTE, {
    fix: 'Set the most memory that the container uses',
    practice: 'CH01-16',
  });
  const memoryLimit = read.optional('memoryLimit', MEMORY, undefined, {
    fix: 'Write Size.mebibytes(512), or remove the prop to use the request as the limit',
  });
  const cpuLimit = unlimited
    ? undefined
    : read.optional('cpuLimit', cpuMillis, undefined, {
        fix: 'Write Cpu.units(1), remove the prop for 4 x cpu, or use withoutCpuLimit(...)',
      });
  const fix = 'Raise the limit or lower the request';
  if (cpuLimit !== undefined && cpuLimit < cpu && read.isSound('cpu')) {
    read.refuse('cpuLimit', new Verbatim(cpuQuantity(cpuLimit)), `at least the request of ${cpuQuantity(cpu)}`, {
      rule: 'workload/limit-below-request',
      fix,
    });
  }
  if (memoryLimit !== undefined && memoryLimit < memory && read.isSound('memory')) {
    read.refuse(
      'memoryLimit',
      new Verbatim(bytesQuantity(memoryLimit)),
      `at least the request of ${bytesQuantity(memory)}`,
      { rule: 'workload/limit-below-request', fix },
    );
  }
  if (quality === 'guaranteed') {
    if (read.isSound('cpu', 'cpuLimit', 'memory', 'memoryLimit')) {
      refuseUnequal(unlimited, cpu, cpuLimit, memory, memoryLimit, problems, prop);
    }
    return { cpu: fixed(cpu), memory: fixed(memory) };
  }
  return {
    cpu: { request: cpu, limit: unlimited ? undefined : (cpuLimit ?? CPU_LIMIT_FACTOR * cpu) },
    memory: { request: memory, limit: memoryLimit ?? memory },
  };
}

/** Bytes, and whether the caller has stated them. */
function readDisk(read: Reader<SharedResourcesOptions>, scratch: Scratch): [disk: number, stated: boolean] {
  const disk = read.optional('ephemeralStorage', EPHEMERAL_STORAGE, LOGS_AND_LAYER + scratch.bytes);
  if (disk < scratch.bytes && scratch.stated) {
    read.refuse(
      'ephemeralStorage',
      new Verbatim(bytesQuantity(disk)),
      `at least the ${bytesQuantity(scratch.bytes)} of /tmp and writablePaths`,
      {
        rule: 'workload/ephemeral-storage',
        fix: "Raise it, or lower 'writableSize': the kubelet would evict the pod before they are full",
      },
    );
  }
  return [disk, read.has('ephemeralStorage')];
}

const EXTENDED = mapOf(extendedName, wholeDevices);

/** Devices of both kinds; none for most containers. */
function readDevices(
  read: Reader<SharedResourcesOptions>,
  problems: Problems,
  prop: string,
): Pick<ResourceSettings, 'extended' | 'devices'> | undefined {
  const extended = read.optional('extended', EXTENDED, undefined, {
    fix: "Map the name that the device plugin advertises, such as 'nvidia.com/gpu', to a number of devices",
    practice: 'CH14-03',
  });
  const devices = read.has('devices') ? readRequests(read, problems, prop) : undefined;
  if (extended === undefined && devices === undefined) return undefined;
  return { extended: extended && Object.keys(extended).length > 0 ? extended : undefined, devices };
}

/** Results of the allocation of one claim. */
const MOST_DEVICES = 32;

/** Loaded for containers with devices only. */
function readRequests(
  read: Reader<SharedResourcesOptions>,
  problems: Problems,
  prop: string,
): Devices.DeviceSettings[] | undefined {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const module = require('./device-request') as typeof Devices;
  const given = read.optional('devices', listOf(instance(module.DeviceRequest, 'a DeviceRequest')), [], {
    fix: "List requests, such as DeviceRequest.of('gpu.nvidia.com')",
  });
  const settings = given.map((one, index) => module.readDeviceRequest(one, problems, `${prop}.devices[${index}]`));
  const count = settings.reduce((sum, one) => sum + one.count, 0);
  if (count > MOST_DEVICES) {
    read.refuse('devices', new Verbatim(`${count} devices`), `at most ${MOST_DEVICES} in all`, {
      rule: 'props/value',
      fix: 'Divide the work among several containers or pods: a claim can have no more',
    });
  }
  return settings.length === 0 ? undefined : settings;
}

const RESIZE = oneOf<ResizePolicy>('NotRequired', 'RestartContainer');

function readResize(given: unknown, problems: Problems, prop: string): ResizeSettings | undefined {
  if (given === undefined) return undefined;
  const read = new Reader<ResizeOptions>(problems, given, `${prop}.`);
  const settings = {
    cpu: read.optional('cpu', RESIZE, 'NotRequired' as const),
    memory: read.optional('memory', RESIZE, 'NotRequired' as const),
  };
  read.refuseUnknown();
  return settings;
}

function sharedResources(
  given: Resources,
  whole: WholeSettings | undefined,
  scratch: Scratch,
  problems: Problems,
  prop: string,
): ResourceSettings {
  if (whole === undefined) {
    problems.add({
      rule: 'workload/pod-resources',
      prop,
      got: 'Resources.shared(...)',
      expected: "resources of the pod, in 'podResources' of the workload",
      fix: "Set 'podResources', or use Resources.of(...)",
    });
  }
  const read = new Reader<SharedResourcesOptions>(problems, given._options, `${prop}.`);
  const [disk, stated] = readDisk(read, scratch);
  const devices = readDevices(read, problems, prop);
  read.refuseUnknown();
  return withDisk({ shared: true, ...devices }, disk, stated);
}

function withDisk(settings: ResourceSettings, disk: number, stated: boolean): ResourceSettings {
  if (stated) return { ...settings, ephemeralStorage: fixed(disk) };
  const reserved: number[] = [];
  return {
    ...settings,
    reserved,
    get ephemeralStorage() {
      return fixed(reserved.reduce((sum, each) => sum + each, disk));
    },
  };
}

function noResources(quality: Quality, problems: Problems, prop: string): ResourceSettings {
  if (quality === 'guaranteed') {
    problems.add({
      rule: 'workload/guaranteed-resources',
      prop,
      got: 'Resources.none()',
      expected: "requests for quality 'guaranteed'",
      fix: 'Use Resources.of(...)',
    });
  }
  return {};
}

function refuseUnequal(
  unlimited: boolean,
  cpu: number,
  cpuLimit: number | undefined,
  memory: number,
  memoryLimit: number | undefined,
  problems: Problems,
  prop: string,
): void {
  const unequal = unlimited || (cpuLimit ?? cpu) !== cpu || (memoryLimit ?? memory) !== memory;
  if (unequal) {
    problems.add({
      rule: 'workload/guaranteed-resources',
      prop,
      got: unlimited ? 'no CPU limit' : 'a limit that differs from its request',
      expected: "limits equal to requests for quality 'guaranteed'",
      fix: "Omit the limits, or omit 'quality'",
    });
  }
}

function fixed(amount: number): Amount {
  return { request: amount, limit: amount };
}
