import type { Size } from 'cdk8s';
import { Verbatim } from '../kernel/findings/describe';
import { Problems } from '../kernel/findings/problems';
import { bytes, that } from '../kernel/schema/checks';
import { Reader } from '../kernel/schema/reader';
import type { ICpu } from '../kubernetes/cpu';
import { bytesQuantity, cpuMillis, cpuQuantity, MEBIBYTE } from '../kubernetes/quantity';

/** Amounts of one container. */
export interface ContainerAmounts {
  /** CPU; at least 1 milli-core. @default - see the prop */
  readonly cpu?: ICpu;
  /** Memory; at least 1 MiB. @default - see the prop */
  readonly memory?: Size;
  /** Disk for logs, the writable layer and scratch volumes; at least 1 MiB. @default - see the prop */
  readonly ephemeralStorage?: Size;
}

/** Maximum ratio of limit to request; each 1 to 1000, with up to three decimals. */
export interface LimitRatios {
  /** CPU. @default - any */
  readonly cpu?: number;
  /** Memory. @default - any */
  readonly memory?: number;
}

/**
 * Defaults and bounds of single containers and claims in a namespace. Containers of this library state all values; the
 * defaults are for others.
 *
 * @see https://kubernetes.io/docs/concepts/policy/limit-range/
 */
export interface LimitRangeOptions {
  /**
   * Requests of a container without requests and limits.
   *
   * @default - 100m CPU, 128 MiB memory, 256 MiB disk, as for a container of this library
   */
  readonly defaultRequest?: ContainerAmounts;

  /**
   * Limits of a container without limits; at least `defaultRequest`. No CPU limit with `Quota.withoutCpuLimit(...)`.
   *
   * @default - 4 times the CPU, and the same memory and disk as `defaultRequest`
   */
  readonly defaultLimit?: ContainerAmounts;

  /**
   * Minimum requests and limits.
   *
   * @default - 1m CPU and 4 MiB memory: a request of 0 would use no quota
   */
  readonly min?: ContainerAmounts;

  /**
   * Maximum requests and limits. With a maximum, containers without a limit are refused, or get the default one.
   *
   * @default - any: nodes are chosen by requests, and a limit may exceed a node. A workload of this library with
   * requests above `allocatable` of the `ClusterProfile` is a separate error
   */
  readonly max?: ContainerAmounts;

  /**
   * Maximum ratio of limits to requests.
   *
   * @default - any: the quota bounds both sums
   */
  readonly maxRatio?: LimitRatios;

  /**
   * Minimum size of a claim.
   *
   * @default - any
   */
  readonly minClaim?: Size;

  /**
   * Maximum size of a claim.
   *
   * @default - any: the quota bounds the sum
   */
  readonly maxClaim?: Size;
}

type Resource = keyof ContainerAmounts;
/** CPU in milli-cores, memory and disk in bytes. */
export type AmountSettings = Readonly<Partial<Record<Resource, number>>>;

export interface LimitRangeSettings {
  readonly defaultRequest: AmountSettings;
  readonly defaultLimit: AmountSettings;
  readonly min: AmountSettings;
  readonly max: AmountSettings;
  /** In thousandths. */
  readonly maxRatio: Readonly<Partial<Record<'cpu' | 'memory', number>>>;
  readonly minClaim?: number;
  readonly maxClaim?: number;
}

const DEFAULT_REQUEST = { cpu: 100, memory: 128 * MEBIBYTE, ephemeralStorage: 256 * MEBIBYTE };
const CPU_LIMIT_FACTOR = 4;
const LEAST = { cpu: 1, memory: 4 * MEBIBYTE };

const BOUNDS = ['defaultRequest', 'defaultLimit', 'min', 'max'] as const;
type Bound = (typeof BOUNDS)[number];
const RESOURCES = ['cpu', 'memory', 'ephemeralStorage'] as const satisfies readonly Resource[];

const ratio = that<number>(
  'a number from 1 to 1000 with up to three decimals',
  (value) => typeof value === 'number' && value >= 1 && value <= 1000 && Math.round(value * 1000) / 1000 === value,
);

/** `withCpuLimits`: whether the quota includes CPU limits. */
export function readLimitRange(
  given: unknown,
  withCpuLimits: boolean,
  problems: Problems,
  prop: string,
): LimitRangeSettings {
  const read = new Reader<LimitRangeOptions>(problems, given, `${prop}.`);
  const amounts = (name: Bound, fallback: AmountSettings): AmountSettings =>
    readAmounts(read.raw(name), fallback, problems, `${prop}.${name}`);
  const stated = Object.fromEntries(
    BOUNDS.map((name) => [name, readAmounts(read.raw(name), {}, new Problems(), '')]),
  ) as Record<Bound, AmountSettings>;
  const maxRatio = readRatios(read.raw('maxRatio'), problems, `${prop}.maxRatio`);
  // defaults yield to values of the caller
  const defaultRequest = amounts(
    'defaultRequest',
    mapResources((resource) =>
      between(
        DEFAULT_REQUEST[resource],
        stated.min[resource],
        smallest(stated.defaultLimit[resource], stated.max[resource]),
      ),
    ),
  );
  const defaultLimit = amounts(
    'defaultLimit',
    mapResources((resource) => {
      const request = defaultRequest[resource] ?? 0;
      const farthest =
        resource === 'ephemeralStorage' ? Infinity : Math.floor((request * (maxRatio[resource] ?? Infinity)) / 1000);
      return between(
        (resource === 'cpu' ? CPU_LIMIT_FACTOR : 1) * request,
        undefined,
        smallest(stated.max[resource], farthest),
      );
    }),
  );
  const settings = {
    defaultRequest,
    defaultLimit: withCpuLimits
      ? defaultLimit
      : { memory: defaultLimit.memory, ephemeralStorage: defaultLimit.ephemeralStorage },
    min: amounts(
      'min',
      mapResources((resource) =>
        resource === 'ephemeralStorage'
          ? undefined
          : smallest(LEAST[resource], stated.max[resource], stated.defaultRequest[resource]),
      ),
    ),
    max: amounts('max', {}),
    maxRatio,
    minClaim: read.optional('minClaim', bytes(1), undefined, {
      fix: 'Write Size.gibibytes(1), or remove the prop to admit any size',
    }),
    maxClaim: read.optional('maxClaim', bytes(1), undefined, {
      fix: 'Write Size.gibibytes(100), or remove the prop to admit any size',
    }),
  };
  read.refuseUnknown();
  if (!withCpuLimits) {
    refuseCpuLimits(
      { defaultLimit: stated.defaultLimit.cpu, max: stated.max.cpu, maxRatio: maxRatio.cpu },
      problems,
      prop,
    );
  }
  refuseDisorder(settings, problems, prop);
  return settings;
}

/**
 * Refuses CPU limits: a maximum or a ratio requires limits in every container, and a maximum becomes the default limit.
 */
function refuseCpuLimits(stated: Readonly<Record<string, number | undefined>>, problems: Problems, prop: string): void {
  for (const [name, amount] of Object.entries(stated)) {
    if (amount === undefined) continue;
    problems.refuse(
      `${prop}.${name}.cpu`,
      new Verbatim(name === 'maxRatio' ? String(amount / 1000) : cpuQuantity(amount)),
      'nothing with Quota.withoutCpuLimit(...): containers would get a CPU limit, or be refused',
      { rule: 'namespace/cpu-limit-in-range', fix: 'Remove it, or use Quota.of(...)' },
    );
  }
}

/** Refuses what the API refuses in a LimitRange, and defaults that it would refuse in every container. */
function refuseDisorder(
  { defaultRequest, defaultLimit, min, max, maxRatio, minClaim, maxClaim }: LimitRangeSettings,
  problems: Problems,
  prop: string,
): void {
  const rising: ReadonlyArray<readonly [string, AmountSettings]> = [
    ['min', min],
    ['defaultRequest', defaultRequest],
    ['defaultLimit', defaultLimit],
    ['max', max],
  ];
  for (const resource of RESOURCES) {
    const stated = rising.filter(([, amounts]) => amounts[resource] !== undefined);
    stated.slice(1).forEach(([name, amounts], index) => {
      const [before, lower] = stated[index];
      refuseBelow(
        `${prop}.${name}.${resource}`,
        amounts[resource] ?? 0,
        `${prop}.${before}.${resource}`,
        lower[resource] ?? 0,
        resource === 'cpu' ? cpuQuantity : bytesQuantity,
        problems,
      );
    });
  }
  for (const resource of ['cpu', 'memory'] as const) {
    const [most, request, limit] = [maxRatio[resource], defaultRequest[resource], defaultLimit[resource]];
    if (most === undefined) continue;
    if (request !== undefined && limit !== undefined && limit * 1000 > request * most) {
      problems.refuse(
        `${prop}.maxRatio.${resource}`,
        most / 1000,
        `at least the ratio of the defaults (${limit / request})`,
        { rule: 'namespace/limit-range-ratio', fix: 'Raise it, or reduce the ratio of the defaults' },
      );
    }
    const [least, largest] = [min[resource], max[resource]];
    if (least !== undefined && largest !== undefined && least * most > largest * 1000) {
      problems.refuse(
        `${prop}.maxRatio.${resource}`,
        most / 1000,
        `at most max / min (${largest / least}): the API refuses more`,
        { rule: 'namespace/limit-range-ratio', fix: 'Lower it, or remove the prop' },
      );
    }
  }
  if (minClaim !== undefined && maxClaim !== undefined) {
    refuseBelow(`${prop}.maxClaim`, maxClaim, `${prop}.minClaim`, minClaim, bytesQuantity, problems);
  }
}

function refuseBelow(
  prop: string,
  amount: number,
  otherProp: string,
  other: number,
  text: (amount: number) => string,
  problems: Problems,
): void {
  if (amount < other) {
    problems.refuse(prop, new Verbatim(text(amount)), `at least '${otherProp}' (${text(other)})`, {
      rule: 'namespace/limit-range-order',
      fix: 'Keep the order min, defaultRequest, defaultLimit, max',
    });
  }
}

function mapResources(amount: (resource: Resource) => number | undefined): AmountSettings {
  return Object.fromEntries(
    RESOURCES.flatMap((resource) => {
      const value = amount(resource);
      return value === undefined ? [] : [[resource, value]];
    }),
  );
}

function smallest(...amounts: ReadonlyArray<number | undefined>): number {
  return Math.min(...amounts.map((amount) => amount ?? Infinity));
}

function between(amount: number, least = 0, most = Infinity): number {
  return Math.max(least, Math.min(amount, most));
}

function readAmounts(given: unknown, fallback: AmountSettings, problems: Problems, prop: string): AmountSettings {
  const read = new Reader<ContainerAmounts>(problems, given, `${prop}.`);
  const hint = { fix: 'Write an amount for one container, such as Cpu.millis(500) or Size.mebibytes(256)' };
  const settings = {
    cpu: read.optional('cpu', cpuMillis, fallback.cpu, hint),
    memory: read.optional('memory', bytes(MEBIBYTE), fallback.memory, hint),
    ephemeralStorage: read.optional('ephemeralStorage', bytes(MEBIBYTE), fallback.ephemeralStorage, hint),
  };
  read.refuseUnknown();
  return Object.fromEntries(Object.entries(settings).filter(([, amount]) => amount !== undefined));
}

function readRatios(given: unknown, problems: Problems, prop: string): LimitRangeSettings['maxRatio'] {
  const read = new Reader<LimitRatios>(problems, given, `${prop}.`);
  const ratios = (['cpu', 'memory'] as const).flatMap((resource) => {
    const most = read.optional(resource, ratio, undefined, { fix: 'Write 4, or remove the prop to admit any ratio' });
    return most === undefined ? [] : [[resource, Math.round(most * 1000)]];
  });
  read.refuseUnknown();
  return Object.fromEntries(ratios) as LimitRangeSettings['maxRatio'];
}
