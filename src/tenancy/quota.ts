import type { Size } from 'cdk8s';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { bytes, integer, mapOf, struct, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsSubdomain } from '../kernel/schema/syntax';
import type { ICpu } from '../kubernetes/cpu';
import { extendedName } from '../kubernetes/extended-resources';
import { bytesQuantity, cpuMillis, cpuQuantity, MEBIBYTE } from '../kubernetes/quantity';

/** Storage of one class. */
export interface StorageClassQuota {
  /**
   * Sum of all claims of the class.
   *
   * @default - only the bound of all classes
   */
  readonly storage?: Size;

  /**
   * Number of claims of the class; 0 to 100000.
   *
   * @default - only the bound of all classes
   */
  readonly claims?: number;
}

/**
 * Maximum number of objects of a kind in a namespace; each 0 to 100000. Kinds without a default are unbounded if
 * omitted: each pod needs only few of them.
 */
export interface ObjectCounts {
  /** @default - as many as pods */
  readonly services?: number;
  /** @default - none: each costs money and may be public; a team that needs one states it */
  readonly loadBalancers?: number;
  /**
   * Ports, not Services. Ports of load balancers count as well. @default - 4 for each load balancer, else 0: a node
   * port is open on every node
   */
  readonly nodePorts?: number;
  /** @default - 5 times the pods: old versions stay for rollbacks */
  readonly configMaps?: number;
  /** @default - 5 times the pods: old versions stay for rollbacks */
  readonly secrets?: number;
  /** @default - as many as pods, or 0 without `storage` */
  readonly persistentVolumeClaims?: number;
  /** @default - no bound */
  readonly serviceAccounts?: number;
  /** @default - no bound */
  readonly deployments?: number;
  /** Old ones stay, 10 for each Deployment. @default - no bound */
  readonly replicaSets?: number;
  /** @default - no bound */
  readonly statefulSets?: number;
  /** @default - no bound */
  readonly daemonSets?: number;
  /** Finished ones stay, 4 for each CronJob. @default - no bound */
  readonly jobs?: number;
  /** @default - no bound */
  readonly cronJobs?: number;
  /** @default - no bound */
  readonly ingresses?: number;
  /** @default - no bound */
  readonly networkPolicies?: number;
}

/** Options of a quota without CPU limits. */
export interface UnlimitedCpuQuotaOptions {
  /** Sum of the CPU requests of all pods; at least 1 milli-core. */
  readonly cpu: ICpu;

  /** Sum of the memory requests of all pods; at least 4 MiB. */
  readonly memory: Size;

  /**
   * Sum of the memory limits of all pods; at least 4 MiB, and `memory`.
   *
   * @default - the same as `memory`: overcommitted memory gets pods killed (CH01-17)
   */
  readonly memoryLimit?: Size;

  /**
   * Number of pods that have not finished, including terminating ones; 1 to 100000.
   *
   * @default - one for each 100m of `cpu`, the default request of a container; at least 10
   */
  readonly pods?: number;

  /**
   * Sum of the disk requests of all pods, for logs, writable layers and scratch volumes; also of their limits. At least
   * 1 MiB.
   *
   * @default - 512 MiB for each pod: two containers with default requests
   */
  readonly ephemeralStorage?: Size;

  /**
   * Sum of all claims.
   *
   * @default Size.gibibytes(0): a team that stores data states how much
   */
  readonly storage?: Size;

  /**
   * Bounds of single storage classes, by name. A claim without a class gets the default class of the cluster before it
   * is counted. The checks of the library do not know that class, and count the claim only in `storage`.
   *
   * @default - none
   */
  readonly storageClasses?: { [storageClass: string]: StorageClassQuota };

  /**
   * Sums of the requests of extended resources, such as `nvidia.com/gpu`; each 0 to 100000. The API server has no quota
   * of their limits, which equal the requests.
   *
   * @default - no bound
   */
  readonly extended?: { [resource: string]: number };

  /**
   * Numbers of devices by DeviceClass that claims may allocate; each 0 to 100000. Counted from Kubernetes 1.34.
   *
   * @default - no bound
   */
  readonly devices?: { [deviceClass: string]: number };

  /**
   * Numbers of objects.
   *
   * @default - see `ObjectCounts`
   */
  readonly objects?: ObjectCounts;
}

/** Options of a quota. */
export interface QuotaOptions extends UnlimitedCpuQuotaOptions {
  /**
   * Sum of the CPU limits of all pods; at least `cpu`.
   *
   * @default - 4 times `cpu`, the ratio of `Resources.of` for each container
   */
  readonly cpuLimit?: ICpu;
}

/** The settings of both kinds of quota, in plain numbers. */
export interface QuotaSettings {
  readonly cpu: number;
  /** None: CPU limits are unbounded, and containers need none. */
  readonly cpuLimit?: number;
  readonly memory: number;
  readonly memoryLimit: number;
  readonly pods: number;
  readonly ephemeralStorage: number;
  readonly storage: number;
  readonly storageClasses: ReadonlyArray<{
    readonly name: string;
    readonly storage?: number;
    readonly claims?: number;
  }>;
  readonly extended: Readonly<Record<string, number>>;
  readonly devices: Readonly<Record<string, number>>;
  readonly objects: Readonly<Partial<Record<keyof ObjectCounts, number>>>;
}

const MOST = 100_000;
const LEAST_MEMORY = 4 * MEBIBYTE;
/** Default request of a container: see `LimitRangeOptions`. */
const CPU_OF_A_POD = 100;
const DISK_OF_A_POD = 512 * MEBIBYTE;
const CPU_LIMIT_FACTOR = 4;

/**
 * The resources and objects that a namespace may use in total. The API refuses the excess.
 *
 * ```ts
 * new TenantNamespace(chart, 'search', {
 *   name: 'search',
 *   owner: 'search-oncall@example.com',
 *   team: 'search',
 *   purpose: 'The search, production',
 *   quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) }),
 * });
 * ```
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export class Quota {
  /**
   * Sums of requests and limits (CH08-39). Every container then needs a CPU limit; the LimitRange provides a default.
   */
  public static of(options: QuotaOptions): Quota {
    return new Quota('limited', options);
  }

  /** Like `of`, for workloads with `Resources.withoutCpuLimit(...)`: neither a sum nor a default of CPU limits. */
  public static withoutCpuLimit(options: UnlimitedCpuQuotaOptions): Quota {
    return new Quota('unlimited', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'limited' | 'unlimited',
    /** @internal */ public readonly _options: unknown,
  ) {}
}

export function readQuota(given: Quota, problems: Problems, prop: string): QuotaSettings {
  const read = new Reader<QuotaOptions>(problems, given._options, `${prop}.`);
  const cpu = read.required('cpu', cpuMillis, 1000, {
    fix: "Set the total requests of the team's pods",
    practice: 'CH08-39',
  });
  const memory = read.required('memory', bytes(LEAST_MEMORY), 1024 * MEBIBYTE, {
    fix: "Set the total requests of the team's pods",
    practice: 'CH08-39',
  });
  const cpuLimit =
    given._kind === 'limited'
      ? read.optional('cpuLimit', cpuMillis, CPU_LIMIT_FACTOR * cpu, {
          fix: 'Write Cpu.units(40), remove the prop for 4 x cpu, or use Quota.withoutCpuLimit(...)',
        })
      : undefined;
  const memoryLimit = read.optional('memoryLimit', bytes(LEAST_MEMORY), memory);
  const fix = 'Raise it: a limit is at least its request';
  if (cpuLimit !== undefined && cpuLimit < cpu && read.isSound('cpu', 'cpuLimit')) {
    read.refuse('cpuLimit', new Verbatim(cpuQuantity(cpuLimit)), `at least cpu (${cpuQuantity(cpu)})`, {
      rule: 'namespace/quota-limit-below-request',
      fix,
    });
  }
  if (memoryLimit < memory && read.isSound('memory', 'memoryLimit')) {
    read.refuse('memoryLimit', new Verbatim(bytesQuantity(memoryLimit)), `at least memory (${bytesQuantity(memory)})`, {
      rule: 'namespace/quota-limit-below-request',
      fix,
    });
  }
  const pods = read.optional('pods', integer(1, MOST), Math.min(MOST, Math.max(10, Math.floor(cpu / CPU_OF_A_POD))));
  const storage = read.optional('storage', bytes(0), 0, { practice: 'CH08-40' });
  const settings = {
    cpu,
    cpuLimit,
    memory,
    memoryLimit,
    pods,
    ephemeralStorage: read.optional('ephemeralStorage', bytes(MEBIBYTE), pods * DISK_OF_A_POD),
    storage,
    storageClasses: readClasses(read, storage, problems, prop),
    extended: read.optional(
      'extended',
      EXTENDED,
      {},
      {
        fix: "Map the name of the resource, such as 'nvidia.com/gpu', to a number of devices",
        practice: 'CH14-03',
      },
    ),
    devices: read.optional(
      'devices',
      DEVICES,
      {},
      {
        fix: "Map the name of the DeviceClass, such as 'gpu.nvidia.com', to a number of devices",
      },
    ),
    objects: readCounts(read.raw('objects'), pods, storage, problems, `${prop}.objects`),
  };
  read.refuseUnknown();
  return settings;
}

function readClasses(
  read: Reader<QuotaOptions>,
  storage: number,
  problems: Problems,
  prop: string,
): QuotaSettings['storageClasses'] {
  const classes = read.optional(
    'storageClasses',
    mapOf(storageClass, struct<StorageClassQuota>('a StorageClassQuota')),
    {},
    { fix: "Map 'fast' to a StorageClassQuota with storage: Size.gibibytes(10)", practice: 'CH08-40' },
  );
  return Object.entries(classes).map(([name, given]) => {
    const path = `${prop}.storageClasses${keyPart(name)}`;
    const own = new Reader<StorageClassQuota>(problems, given, `${path}.`);
    const settings = {
      name,
      storage: own.optional('storage', bytes(0), undefined, {
        fix: 'Write Size.gibibytes(100), or remove the prop to apply only the bound of all classes',
      }),
      claims: own.optional('claims', integer(0, MOST), undefined, {
        fix: 'Write 10, or remove the prop to apply only the bound of all classes',
      }),
    };
    own.refuseUnknown();
    if (settings.storage !== undefined && settings.storage > storage && read.isSound('storage')) {
      own.refuse(
        'storage',
        new Verbatim(bytesQuantity(settings.storage)),
        `at most the storage of all classes together (${bytesQuantity(storage)})`,
        { rule: 'namespace/storage-class-quota', fix: `Raise '${prop}.storage'` },
      );
    }
    return settings;
  });
}

/** The key of a quota is a qualified name; the part before its slash is at most a DNS subdomain. */
const storageClass = that<string>(
  'the name of a StorageClass, at most 225 characters',
  (value) =>
    dnsSubdomain.read(value, () => undefined) !== undefined &&
    (value as string).length + '.storageclass.storage.k8s.io'.length <= 253,
);

const EXTENDED = mapOf(extendedName, integer(0, MOST));

const deviceClass = that<string>(
  'the name of a DeviceClass, at most 225 characters',
  (value) =>
    dnsSubdomain.read(value, () => undefined) !== undefined &&
    (value as string).length + '.deviceclass.resource.k8s.io'.length <= 253,
);
const DEVICES = mapOf(deviceClass, integer(0, MOST));

const COUNTED = [
  'services',
  'loadBalancers',
  'nodePorts',
  'configMaps',
  'secrets',
  'persistentVolumeClaims',
  'serviceAccounts',
  'deployments',
  'replicaSets',
  'statefulSets',
  'daemonSets',
  'jobs',
  'cronJobs',
  'ingresses',
  'networkPolicies',
] as const satisfies ReadonlyArray<keyof ObjectCounts>;

function readCounts(
  given: unknown,
  pods: number,
  storage: number,
  problems: Problems,
  prop: string,
): QuotaSettings['objects'] {
  const read = new Reader<ObjectCounts>(problems, given, `${prop}.`);
  const stated = Object.fromEntries(
    COUNTED.map((kind) => [
      kind,
      read.optional(kind, integer(0, MOST), undefined, {
        fix: 'Write how many the team needs, such as 10',
        practice: 'CH08-41',
      }),
    ]),
  );
  read.refuseUnknown();
  const loadBalancers = stated.loadBalancers ?? 0;
  const defaults = {
    services: pods,
    loadBalancers,
    nodePorts: Math.min(MOST, 4 * loadBalancers),
    configMaps: Math.min(MOST, 5 * pods),
    secrets: Math.min(MOST, 5 * pods),
    persistentVolumeClaims: storage === 0 ? 0 : pods,
  };
  return { ...defaults, ...Object.fromEntries(Object.entries(stated).filter(([, count]) => count !== undefined)) };
}
