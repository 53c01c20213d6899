import type { Size } from 'cdk8s';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { bytes } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { Cpu } from '../kubernetes/cpu';
import { bytesQuantity, cpuMillis, cpuQuantity, MEBIBYTE } from '../kubernetes/quantity';

/** Resources of a container whose CPU is not limited. */
export interface UnlimitedCpuOptions {
  /** CPU that the scheduler reserves; at least 1 milli-core. */
  readonly cpu: Cpu;

  /** Memory that the scheduler reserves; at least 4 MiB. */
  readonly memory: Size;

  /**
   * Memory above which the container is killed; at least 4 MiB, and `memory`.
   *
   * @default - the same as `memory`: overcommitted memory ends in killed pods (CH01-17)
   */
  readonly memoryLimit?: Size;

  /**
   * Disk for logs, the writable layer and scratch volumes, reserved and limited; at least 1 MiB, and room for `/tmp`
   * and the `writablePaths` where `writableSize` is stated. The kubelet evicts a pod that uses more. Volumes of
   * `emptyDir` that are mounted count, too: with a `sizeLimit` there must be room for all of these.
   *
   * @default - 256 MiB: 192 MiB, of which rotated logs take up to 50, and the 64 MiB of `/tmp`. More or less where
   * `writablePaths` or `writableSize` say so: 192 MiB and all that these may hold. In the main container also the
   * `sizeLimit` of each `emptyDir` that is mounted, unless that is in memory
   */
  readonly ephemeralStorage?: Size;
}

/** Resources of a container. */
export interface ResourcesOptions extends UnlimitedCpuOptions {
  /**
   * CPU above which the container is slowed down; at least `cpu`.
   *
   * @default - 4 times `cpu`: room for start-up and bursts, and one runaway container cannot take a node (CH01-18)
   */
  readonly cpuLimit?: Cpu;
}

/** How the requests and limits of a pod relate. */
export type Quality = 'burstable' | 'guaranteed';

export interface Amount {
  readonly request: number;
  readonly limit?: number;
}

/** CPU in milli-cores, memory and disk in bytes. */
export interface ResourceSettings {
  readonly cpu?: Amount;
  readonly memory?: Amount;
  /** With what is `reserved`. */
  readonly ephemeralStorage?: Amount;
  /**
   * Bytes that mounted volumes take of the disk, where the caller has not stated how much there is. Mounts add to it.
   */
  readonly reserved?: number[];
}

const CPU_LIMIT_FACTOR = 4;
/**
 * Disk beside scratch volumes. The kubelet keeps 5 log files of 10 MiB for a container, a rotated one for a while
 * twice.
 */
const LOGS_AND_LAYER = 192 * MEBIBYTE;
const LEAST_MEMORY = 4 * MEBIBYTE;

/**
 * What a container may use. Every container states it (CH01-16).
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
  /** Requests as given; memory limit = request, CPU limit = 4 x request. */
  public static of(options: ResourcesOptions): Resources {
    return new Resources('limited', options);
  }

  /** As `of`, with no CPU limit: idle cores of the node can be used without bound. */
  public static withoutCpuLimit(options: UnlimitedCpuOptions): Resources {
    return new Resources('unlimited', options);
  }

  /**
   * Neither requests nor limits, for a namespace whose LimitRange provides them. Such a pod cannot be autoscaled by
   * the library, which does not see the values.
   */
  public static none(): Resources {
    return new Resources('none', undefined);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'limited' | 'unlimited' | 'none',
    /** @internal */ public readonly _options: unknown,
  ) {}
}

/** What the scratch volumes of a container may hold. */
export interface Scratch {
  /** Of all together. */
  readonly bytes: number;
  /** Whether the caller has stated their size. */
  readonly stated: boolean;
}

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
    fix: 'Reserve what the container needs under normal load',
    practice: 'CH01-16',
  });
  const memory = read.required('memory', bytes(LEAST_MEMORY), 128 * MEBIBYTE, {
    fix: 'Reserve the most memory that the container uses',
    practice: 'CH01-16',
  });
  const memoryLimit = read.optional('memoryLimit', bytes(LEAST_MEMORY), undefined, {
    fix: 'Write Size.mebibytes(512), or remove the prop: the limit equals the request then',
  });
  const disk = read.optional('ephemeralStorage', bytes(MEBIBYTE), LOGS_AND_LAYER + scratch.bytes);
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
        fix: "The kubelet would evict the pod before they are full: raise it, or lower 'writableSize'",
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
      fix: "Leave the limits out, or leave 'quality' out",
    });
  }
}

function fixed(amount: number): Amount {
  return { request: amount, limit: amount };
}
