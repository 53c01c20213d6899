import type { Size } from 'cdk8s';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { bytes } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { ICpu } from '../kubernetes/cpu';
import { bytesQuantity, cpuMillis, cpuQuantity, MEBIBYTE } from '../kubernetes/quantity';

/** Resources of a container without a CPU limit. */
export interface UnlimitedCpuOptions {
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
   * Disk for logs, the writable layer and scratch volumes, as request and limit; at least 1 MiB. It must cover `/tmp`
   * and the `writablePaths` if `writableSize` is set, and mounted `emptyDir` volumes with a `sizeLimit`. The kubelet
   * evicts a pod that uses more.
   *
   * @default - 256 MiB: 192 MiB, of which rotated logs take up to 50, and the 64 MiB of `/tmp`. `writablePaths` and
   * `writableSize` change the second part. In the main container, the `sizeLimit` of each mounted `emptyDir` is added,
   * unless it is in memory
   */
  readonly ephemeralStorage?: Size;
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

  private constructor(
    /** @internal */ public readonly _kind: 'limited' | 'unlimited' | 'none',
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
  quality: Quality,
  scratch: Scratch,
  problems: Problems,
  prop: string,
): ResourceSettings {
  if (given._kind === 'none') return noResources(quality, problems, prop);

  const read = new Reader<ResourcesOptions>(problems, given._options, `${prop}.`);
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
  const disk = read.optional('ephemeralStorage', EPHEMERAL_STORAGE, LOGS_AND_LAYER + scratch.bytes);
  const diskStated = read.has('ephemeralStorage');
  const cpuLimit =
    given._kind === 'limited'
      ? read.optional('cpuLimit', cpuMillis, undefined, {
          fix: 'Write Cpu.units(1), remove the prop for 4 x cpu, or use Resources.withoutCpuLimit(...)',
        })
      : undefined;
  read.refuseUnknown();

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
  if (quality === 'guaranteed') {
    if (read.isSound('cpu', 'cpuLimit', 'memory', 'memoryLimit')) {
      refuseUnequal(given, cpu, cpuLimit, memory, memoryLimit, problems, prop);
    }
    return withDisk({ cpu: fixed(cpu), memory: fixed(memory) }, disk, diskStated);
  }
  return withDisk(
    {
      cpu: { request: cpu, limit: given._kind === 'unlimited' ? undefined : (cpuLimit ?? CPU_LIMIT_FACTOR * cpu) },
      memory: { request: memory, limit: memoryLimit ?? memory },
    },
    disk,
    diskStated,
  );
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
  given: Resources,
  cpu: number,
  cpuLimit: number | undefined,
  memory: number,
  memoryLimit: number | undefined,
  problems: Problems,
  prop: string,
): void {
  const unequal = given._kind === 'unlimited' || (cpuLimit ?? cpu) !== cpu || (memoryLimit ?? memory) !== memory;
  if (unequal) {
    problems.add({
      rule: 'workload/guaranteed-resources',
      prop,
      got: given._kind === 'unlimited' ? 'no CPU limit' : 'a limit that differs from its request',
      expected: "limits equal to requests for quality 'guaranteed'",
      fix: "Omit the limits, or omit 'quality'",
    });
  }
}

function fixed(amount: number): Amount {
  return { request: amount, limit: amount };
}
