import * as fc from 'fast-check';
import { extendedName } from './arbitrary-devices';
import { mapping, size, sizeOf, subdomain } from './arbitrary-text';
import { call, type Terms } from './terms';

const MOST = 100_000;
const count = fc.oneof({ withCrossShrink: true }, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: MOST }));

/** Room for what the namespace has itself. */
const some = count.map((given) => Math.max(2, given));

const objects = fc.record(
  {
    services: count,
    loadBalancers: count,
    nodePorts: count,
    configMaps: some,
    secrets: some,
    persistentVolumeClaims: count,
    serviceAccounts: some,
    deployments: count,
    replicaSets: count,
    statefulSets: count,
    daemonSets: count,
    jobs: count,
    cronJobs: count,
    ingresses: count,
    networkPolicies: some,
  },
  { requiredKeys: [] },
);

const KIBIBYTES = { min: 4 * 1024, max: 2 ** 40 };
const kibibytes = fc.integer(KIBIBYTES);

/** `limited`: whether CPU limits are also bounded. */
export interface RawQuota {
  readonly limited: boolean;
  readonly quota: Terms;
}

export const rawQuota: fc.Arbitrary<RawQuota> = fc
  .record({
    limited: fc.boolean(),
    cpu: fc.oneof(
      { withCrossShrink: true },
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.constantFrom(Number.MAX_SAFE_INTEGER, 1500),
    ),
    moreCpu: fc.option(fc.nat(100_000), { nil: undefined }),
    memory: kibibytes,
    moreMemory: fc.option(fc.nat(2 ** 30), { nil: undefined }),
    own: fc.record(
      {
        pods: fc.integer({ min: 1, max: MOST }),
        ephemeralStorage: size(1024),
        objects,
        extended: mapping(extendedName, count, 2),
        devices: mapping(subdomain(225), count, 2),
      },
      { requiredKeys: [] },
    ),
    storage: fc.option(kibibytes, { nil: undefined }),
    classes: fc.option(
      fc.dictionary(subdomain(225), fc.record({ share: fc.nat(100), claims: count }, { requiredKeys: [] }), {
        maxKeys: 2,
        noNullPrototype: true,
      }),
      { nil: undefined },
    ),
  })
  .map(({ limited, cpu, moreCpu, memory: requests, moreMemory, own, storage, classes }) => {
    const bounds = Object.entries(classes ?? {}).map(([name, { share, claims }]) => [
      name,
      {
        ...(share === undefined ? {} : { storage: sizeOf(Math.floor(((storage ?? 0) * share) / 100)) }),
        ...(claims === undefined ? {} : { claims }),
      },
    ]);
    const options: Terms = {
      ...own,
      cpu: call('Cpu.millis', cpu),
      memory: sizeOf(requests),
      ...(limited && moreCpu !== undefined
        ? { cpuLimit: call('Cpu.millis', Math.min(cpu + moreCpu, Number.MAX_SAFE_INTEGER)) }
        : {}),
      ...(moreMemory === undefined ? {} : { memoryLimit: sizeOf(requests + moreMemory) }),
      ...(storage === undefined ? {} : { storage: sizeOf(storage) }),
      ...(classes === undefined ? {} : { storageClasses: Object.fromEntries(bounds) }),
    };
    return { limited, quota: call(limited ? 'Quota.of' : 'Quota.withoutCpuLimit', options) };
  });

const BOUNDS = ['min', 'defaultRequest', 'defaultLimit', 'max'] as const;
type Bound = (typeof BOUNDS)[number];

/** Four amounts that do not fall, of which some are left out. */
function rising(amount: fc.Arbitrary<number>): fc.Arbitrary<Partial<Record<Bound, number>>> {
  return fc
    .tuple(fc.array(amount, { minLength: 4, maxLength: 4 }), fc.subarray([...BOUNDS]))
    .map(([amounts, stated]) => {
      const sorted = [...amounts].sort((a, b) => a - b);
      return Object.fromEntries(stated.map((bound) => [bound, sorted[BOUNDS.indexOf(bound)]]));
    });
}

const MEBIBYTES = fc.oneof(
  { withCrossShrink: true },
  fc.integer({ min: 1, max: 1024 }),
  fc.integer({ min: 1, max: 2 ** 30 }),
);

/** A limit range beside a quota. */
export const rawLimitRange = fc.record({
  cpu: rising(
    fc.oneof({ withCrossShrink: true }, fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 2 ** 40 })),
  ),
  memory: rising(MEBIBYTES),
  ephemeralStorage: rising(MEBIBYTES),
  ratios: fc.option(
    fc.record(
      { cpu: fc.integer({ min: 1000, max: 1_000_000 }), memory: fc.integer({ min: 1000, max: 1_000_000 }) },
      { requiredKeys: [] },
    ),
    { nil: undefined },
  ),
  minClaim: fc.option(fc.integer({ min: 1, max: 2 ** 30 }), { nil: undefined }),
  moreClaim: fc.option(fc.nat(2 ** 30), { nil: undefined }),
});

type RawLimitRange = typeof rawLimitRange extends fc.Arbitrary<infer T> ? T : never;

/** The options; a ratio goes with the defaults of the library only, and CPU limits with a quota of them only. */
export function limitRangeOf(
  { cpu, memory, ephemeralStorage, ratios, minClaim, moreClaim }: RawLimitRange,
  limited: boolean,
): Terms {
  const amounts = (bound: Bound): Terms => ({
    ...(cpu[bound] === undefined ||
    ratios?.cpu !== undefined ||
    (!limited && (bound === 'defaultLimit' || bound === 'max'))
      ? {}
      : { cpu: call('Cpu.millis', cpu[bound]) }),
    ...(memory[bound] === undefined || ratios?.memory !== undefined
      ? {}
      : { memory: call('Size.mebibytes', memory[bound]) }),
    ...(ephemeralStorage[bound] === undefined
      ? {}
      : { ephemeralStorage: call('Size.mebibytes', ephemeralStorage[bound]) }),
  });
  const maxRatio = {
    ...(ratios?.cpu === undefined || !limited ? {} : { cpu: ratios.cpu / 1000 }),
    ...(ratios?.memory === undefined ? {} : { memory: ratios.memory / 1000 }),
  };
  return {
    ...Object.fromEntries(
      BOUNDS.map((bound) => [bound, amounts(bound)]).filter(([, given]) => Object.keys(given).length > 0),
    ),
    ...(ratios === undefined ? {} : { maxRatio }),
    ...(minClaim === undefined ? {} : { minClaim: sizeOf(minClaim) }),
    ...(moreClaim === undefined ? {} : { maxClaim: sizeOf((minClaim ?? 1) + moreClaim) }),
  };
}
