import { Size } from 'cdk8s';
import { Cpu, type LimitRangeOptions } from 'cdk8s-best-practices';
import * as fc from 'fast-check';
import { RESTRICTED } from './arbitrary-demand';
import type { Manifest } from '../rig/cluster';

/** A LimitRange of a tenant, one for pods beside it, and what meets them: at the bounds, or a unit beside them. */
export interface LimitsCase {
  readonly limitRange: LimitRangeOptions;
  readonly ofPods?: Manifest;
  readonly pods: readonly Manifest[];
  readonly claims: readonly string[];
}

const MEBIBYTE = 2 ** 20;
const MILLIS = [100, 200, 400];
const MEBIBYTES = [64, 128, 256];

const amounts = fc.record(
  {
    cpu: fc.constantFrom(...MILLIS).map((millis) => Cpu.millis(millis)),
    memory: fc.constantFrom(...MEBIBYTES).map((size) => Size.mebibytes(size)),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const ratio = fc.constantFrom(1, 1.5, 2, 4);
const claim = fc.constantFrom(1, 2).map((size) => Size.gibibytes(size));
const limitRange: fc.Arbitrary<LimitRangeOptions> = fc
  .record(
    {
      defaultRequest: amounts,
      defaultLimit: amounts,
      min: amounts,
      max: amounts,
      maxRatio: fc.record({ cpu: ratio, memory: ratio }, { requiredKeys: [], noNullPrototype: true }),
      claim: fc.oneof(
        claim.map((minClaim) => ({ minClaim })),
        claim.map((maxClaim) => ({ maxClaim })),
      ),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map(({ claim: ofClaims, ...rest }) => ({ ...rest, ...ofClaims }));

const near = (bounds: readonly number[]): fc.Arbitrary<number> =>
  fc.tuple(fc.constantFrom(...bounds), fc.constantFrom(-1, 0, 0, 0, 1)).map(([bound, more]) => bound + more);
const cpu = near(MILLIS).map((millis) => ({ order: millis, text: `${millis}m` }));
const memory = near(MEBIBYTES.map((size) => size * MEBIBYTE)).map((bytes) => ({ order: bytes, text: String(bytes) }));

type Amount = typeof cpu extends fc.Arbitrary<infer A> ? A : never;
type Pair = { readonly request?: string; readonly limit?: string };

/** A request alone is rare: a default limit is then against it. */
function pair(amount: fc.Arbitrary<Amount>): fc.Arbitrary<Pair> {
  const both = fc
    .tuple(amount, amount)
    .map(([a, b]) => (a.order <= b.order ? { request: a.text, limit: b.text } : { request: b.text, limit: a.text }));
  return fc.oneof(
    both,
    both,
    both,
    amount.map(({ text }) => ({ limit: text })),
    amount.map(({ text }) => ({ request: text })),
    fc.constant({}),
  );
}

const container = fc
  .record({ cpu: pair(cpu), memory: pair(memory) }, { noNullPrototype: true })
  .map((given): Manifest => {
    const of = (which: keyof Pair): Record<string, string> =>
      Object.fromEntries(
        Object.entries(given).flatMap(([name, both]) => (both[which] === undefined ? [] : [[name, both[which]]])),
      );
    return {
      image: 'example.com/none:1.0.0',
      resources: { requests: of('request'), limits: of('limit') },
      securityContext: RESTRICTED,
    };
  });

const pod = fc.record(
  {
    containers: fc
      .array(container, { minLength: 1, maxLength: 2 })
      .map((all) => all.map((one, index) => ({ name: `main-${index}`, ...one }))),
    initContainers: fc.array(fc.tuple(container, fc.boolean()), { maxLength: 2 }).map((all) =>
      all.map(([one, sidecar], index) => ({
        name: `init-${index}`,
        ...one,
        ...(sidecar ? { restartPolicy: 'Always' } : {}),
      })),
    ),
  },
  { noNullPrototype: true },
);

const bound = fc.record(
  { cpu: fc.constantFrom('200m', '400m'), memory: fc.constantFrom('128Mi', '256Mi') },
  { requiredKeys: [], noNullPrototype: true },
);
const ofPods = fc
  .oneof(
    bound.map((min) => ({ min })),
    bound.map((max) => ({ max })),
    fc.constantFrom('1', '1500m', '2').map((cpus) => ({ maxLimitRequestRatio: { cpu: cpus } })),
  )
  .map((rule): Manifest => ({ type: 'Pod', ...rule }));

export const limitsCase: fc.Arbitrary<LimitsCase> = fc.record({
  limitRange,
  ofPods: fc.option(ofPods, { nil: undefined }),
  pods: fc.array(pod, { minLength: 8, maxLength: 8 }),
  claims: fc.array(near([1, 2].map((size) => size * 1024 * MEBIBYTE)).map(String), { minLength: 2, maxLength: 2 }),
});
