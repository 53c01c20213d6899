import type { Size } from 'cdk8s';
import { Verbatim } from '../kernel/findings/describe';
import type { Problems } from '../kernel/findings/problems';
import { keyPart } from '../kernel/findings/prop-path';
import { bytes, integer, mapOf, struct, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import { dnsSubdomain } from '../kernel/schema/syntax';
import type { Cpu } from '../kubernetes/cpu';
import { bytesQuantity, cpuMillis, cpuQuantity, MEBIBYTE } from '../kubernetes/quantity';

/** Storage of one class. */
export interface StorageClassQuota {
  /**
   * Sum of all claims of the class.
   *
   * @default - no bound but that of all classes
   */
  readonly storage?: Size;

  /**
   * Number of claims of the class; 0 to 100000.
   *
   * @default - no bound but that of all classes
   */
  readonly claims?: number;
}

/**
 * How many objects of a kind a namespace may have; each 0 to 100000. Those without a default are not bounded when left
 * out: they are few for each pod.
 */
export interface ObjectCounts {
  /** @default - as many as pods */
  readonly services?: number;
  /** @default - none: each costs money and may be public; a team that has one says so */
  readonly loadBalancers?: number;
  /**
   * Ports, not Services. Those of load balancers count, too. @default - 4 for each load balancer, else 0: a node port
   * is open on every node
   */
  readonly nodePorts?: number;
  /** @default - 5 times the pods: versions stay for rollbacks */
  readonly configMaps?: number;
  /** @default - 5 times the pods: versions stay for rollbacks */
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

/** What a namespace may use, its CPU limits aside. */
export interface UnlimitedCpuQuotaOptions {
  /** Sum of the CPU requests of all pods; at least 1 milli-core. */
  readonly cpu: Cpu;

  /** Sum of the memory requests of all pods; at least 4 MiB. */
  readonly memory: Size;

  /**
   * Sum of the memory limits of all pods; at least 4 MiB, and `memory`.
   *
   * @default - the same as `memory`: overcommitted memory ends in killed pods (CH01-17)
   */
  readonly memoryLimit?: Size;

  /**
   * Number of pods that have not ended, those that are being stopped included; 1 to 100000.
   *
   * @default - one for each 100m of `cpu`, the request of a container that states none; at least 10
   */
  readonly pods?: number;

  /**
   * Sum of the disk requests of all pods, for logs, writable layers and scratch volumes; also of their limits. At least
   * 1 MiB.
   *
   * @default - 512 MiB for each pod: two containers that state none
   */
  readonly ephemeralStorage?: Size;

  /**
   * Sum of all claims for volumes.
   *
   * @default Size.gibibytes(0): a team that keeps data says how much
   */
  readonly storage?: Size;

  /**
   * Bounds of single storage classes, by their names. A claim that names no class gets the default class of the cluster
   * before it is counted; the checks of the library do not know which that is, and count it in `storage` alone.
   *
   * @default - none
   */
  readonly storageClasses?: { [storageClass: string]: StorageClassQuota };

  /**
   * Numbers of objects.
   *
   * @default - see there
   */
  readonly objects?: ObjectCounts;
}

/** What a namespace may use. */
export interface QuotaOptions extends UnlimitedCpuQuotaOptions {
  /**
   * Sum of the CPU limits of all pods; at least `cpu`.
   *
   * @default - 4 times `cpu`, as `Resources.of` has it for each container
   */
  readonly cpuLimit?: Cpu;
}

/** What only the one or the other has in common, in plain numbers. */
export interface QuotaSettings {
  readonly cpu: number;
  /** None: CPU limits are not bounded, and containers need none. */
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
  readonly objects: Readonly<Partial<Record<keyof ObjectCounts, number>>>;
}

const MOST = 100_000;
const LEAST_MEMORY = 4 * MEBIBYTE;
/** What a container gets that states nothing: see `LimitRangeOptions`. */
const CPU_OF_A_POD = 100;
const DISK_OF_A_POD = 512 * MEBIBYTE;
const CPU_LIMIT_FACTOR = 4;

/**
 * What all pods of a namespace together may use, and how many objects there may be. The API refuses what is above.
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
  /** Sums of requests and limits (CH08-39). Every container then needs a CPU limit; the LimitRange gives a default. */
  public static of(options: QuotaOptions): Quota {
    return new Quota('limited', options);
  }

  /** As `of`, for workloads with `Resources.withoutCpuLimit(...)`: neither a sum nor a default of CPU limits. */
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
    fix: 'Give what the pods of the team may request together',
    practice: 'CH08-39',
  });
  const memory = read.required('memory', bytes(LEAST_MEMORY), 1024 * MEBIBYTE, {
    fix: 'Give what the pods of the team may request together',
    practice: 'CH08-39',
  });
  const cpuLimit =
    given._kind === 'limited'
      ? read.optional('cpuLimit', cpuMillis, CPU_LIMIT_FACTOR * cpu, {
          fix: 'Write Cpu.units(40), remove the prop for 4 x cpu, or use Quota.withoutCpuLimit(...)',
        })
      : undefined;
  const memoryLimit = read.optional('memoryLimit', bytes(LEAST_MEMORY), memory);
  const fix = 'Raise it: no limit is below its request';
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
    { fix: 'Write { fast: { storage: Size.gibibytes(10) } }', practice: 'CH08-40' },
  );
  return Object.entries(classes).map(([name, given]) => {
    const path = `${prop}.storageClasses${keyPart(name)}`;
    const own = new Reader<StorageClassQuota>(problems, given, `${path}.`);
    const settings = {
      name,
      storage: own.optional('storage', bytes(0), undefined, {
        fix: 'Write Size.gibibytes(100), or remove the prop: the bound of all classes holds then',
      }),
      claims: own.optional('claims', integer(0, MOST), undefined, {
        fix: 'Write 10, or remove the prop: the bound of all classes holds then',
      }),
    };
    own.refuseUnknown();
    if (settings.storage !== undefined && settings.storage > storage && read.isSound('storage')) {
      own.refuse(
        'storage',
        new Verbatim(bytesQuantity(settings.storage)),
        `at most what all classes have together (${bytesQuantity(storage)})`,
        { rule: 'namespace/storage-class-quota', fix: `Raise '${prop}.storage'` },
      );
    }
    return settings;
  });
}

/** The key of a quota is a qualified name, of which the part before the slash is at most a DNS subdomain. */
const storageClass = that<string>(
  'the name of a StorageClass, at most 225 characters',
  (value) =>
    dnsSubdomain.read(value, () => undefined) !== undefined &&
    (value as string).length + '.storageclass.storage.k8s.io'.length <= 253,
);

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
