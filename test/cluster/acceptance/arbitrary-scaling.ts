import * as fc from 'fast-check';
import { dnsLabel, duration, labels, word } from './arbitrary-text';
import { call, type Terms } from './terms';

const step = fc.oneof(
  fc.record({ percent: fc.integer({ min: 1, max: 10_000 }), period: duration(1, 1800) }),
  fc.record({ pods: fc.integer({ min: 1, max: 10_000 }), period: duration(1, 1800) }),
);

const direction = fc.record(
  {
    stabilization: duration(0, 3600),
    steps: fc.array(step, { minLength: 1, maxLength: 3 }),
    select: fc.constantFrom('Max', 'Min', 'Disabled'),
    tolerance: fc.oneof(
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 100 }) },
      { weight: 3, arbitrary: fc.constant(undefined) },
    ),
  },
  { requiredKeys: [] },
);

/** One of the two directions moves. */
const ownPace = fc.record({ up: direction, down: direction }, { requiredKeys: [] }).map(({ up, down }) => ({
  ...(up ? { up } : {}),
  ...(down
    ? { down: up?.select === 'Disabled' && down.select === 'Disabled' ? { ...down, select: 'Min' } : down }
    : {}),
}));

/** How fast an autoscaler acts. */
export const pace: fc.Arbitrary<Terms> = fc.oneof(
  fc.constantFrom(call('ScalingPace.steady'), call('ScalingPace.spiky')),
  duration(1, 1200).map((startup) => call('ScalingPace.slowStarter', { startup })),
  ownPace.map((options) => call('ScalingPace.of', options)),
);

/** What the API server may spell in another way. */
const quantity = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 40 }),
  fc.integer({ min: 1, max: 10 ** 9 }).map((millis) => `${millis}m`),
  fc.integer({ min: 1, max: 10 ** 9 }).map((millis) => millis / 1000),
  fc.constantFrom('1Ki', '1.5Gi', '0.5', '2e3', '100k', '1P', '.5', '5.', '+3'),
);

const metricName = word('abcXYZ019_-.:|@', 1, 40).map((name) => `m${name}`);

const target = fc.oneof(
  quantity.map((value) => ({ value })),
  quantity.map((averageValue) => ({ averageValue })),
);

const ofPods = fc.record(
  { metric: metricName, averageValue: quantity, selector: labels },
  { requiredKeys: ['metric', 'averageValue'] },
);

const ofObject = fc
  .record(
    {
      metric: metricName,
      selector: labels,
      target,
      object: fc.record({
        apiVersion: fc.constantFrom('v1', 'networking.k8s.io/v1', 'gateway.networking.k8s.io/v1', 'a.io/v1beta1'),
        kind: fc.constantFrom('Service', 'Ingress', 'HTTPRoute'),
        name: dnsLabel(),
      }),
    },
    { requiredKeys: ['metric', 'object', 'target'] },
  )
  .map(({ target: given, ...others }) => ({ ...others, ...given }));

const external = fc
  .record({ metric: metricName, selector: labels, target }, { requiredKeys: ['metric', 'target'] })
  .map(({ target: given, ...others }) => ({ ...others, ...given }));

/** Metrics of one's own. */
export const scalingMetrics: fc.Arbitrary<Terms[]> = fc.uniqueArray(
  fc.oneof(
    ofPods.map((options) => call('ScalingMetric.pods', options)),
    ofObject.map((options) => call('ScalingMetric.object', options)),
    external.map((options) => call('ScalingMetric.external', options)),
  ),
  { minLength: 1, maxLength: 4, selector: ({ args }) => (args as Terms[])[0].metric },
);

const LARGE = { cpu: call('Cpu.units', 2), memory: call('Size.gibibytes', 4) };
const SMALL = { cpu: call('Cpu.millis', 25), memory: call('Size.mebibytes', 64) };

const only = (amounts: Terms, resources: readonly string[] = ['cpu', 'memory']): Terms =>
  Object.fromEntries(Object.entries(amounts).filter(([name]) => resources.includes(name)));

/** A vertical autoscaler that any workload can have, also one that runs to completion. */
export const verticalAutoscaling: fc.Arbitrary<Terms> = fc
  .record(
    {
      mode: fc.constantFrom('recommend', 'initial'),
      resources: fc.constantFrom(['cpu'], ['memory'], ['memory', 'cpu']),
      hasMin: fc.boolean(),
    },
    { requiredKeys: ['mode', 'hasMin'] },
  )
  .map(({ mode, resources, hasMin }) =>
    call(`VerticalAutoscaling.${mode}`, {
      ...(resources ? { resources } : {}),
      ...(hasMin ? { min: only(SMALL, resources) } : {}),
      max: only(LARGE, resources),
    }),
  );
