import * as fc from 'fast-check';
import { type Mistake, noDuration, noInteger, prop } from './mistake';
import { call, type Term, type Terms } from './terms';

const METRIC = { metric: 'requests', averageValue: 5 };
const AMOUNTS = { cpu: call('Cpu.units', 2), memory: call('Size.gibibytes', 2) };

/** What changes no other prop of the block into a mistake. */
const ALONE = {
  quality: undefined,
  replicas: undefined,
  resources: undefined,
  budget: undefined,
  rollout: undefined,
  spread: undefined,
  verticalAutoscaling: undefined,
};

const onMetrics = (metrics: Term): Terms => ({
  ...ALONE,
  autoscaling: call('Autoscaling.on', { min: 2, max: 3, metrics }),
});

const atPace = (given: Term): Terms => ({
  ...ALONE,
  autoscaling: call('Autoscaling.on', { min: 2, max: 3, metrics: [call('ScalingMetric.pods', METRIC)], pace: given }),
});

/** A mistake of one metric. */
function metric(
  mistake: string,
  kind: 'pods' | 'object' | 'external',
  at: string,
  value: fc.Arbitrary<Term>,
  options: (value: Term) => Terms = (bad) => ({ [at]: bad }),
): Mistake {
  return prop('WebService', `metrics: ${mistake}`, `autoscaling.metrics[0].${at}`, value, (bad) =>
    onMetrics([call(`ScalingMetric.${kind}`, { ...METRIC, ...options(bad) })]),
  );
}

/** A mistake of a pace. */
function pace(mistake: string, at: string, value: fc.Arbitrary<Term>, options: (value: Term) => Terms): Mistake {
  return prop('WebService', `pace: ${mistake}`, `autoscaling.pace.${at}`, value, (bad) =>
    atPace(call('ScalingPace.of', options(bad))),
  );
}

const noName = fc.constantFrom<Term>('', '.', '..', 'a/b', 'a%b', 'a'.repeat(254), 5, null, undefined);
const noTarget = fc.constantFrom<Term>(0, -1, '0', '-5', '1u', '0.0001', '2P', 'many', '', NaN, Infinity, null, {});
const GOOD_OBJECT = { apiVersion: 'v1', kind: 'Service', name: 'a' };

export const SCALING_MISTAKES: readonly Mistake[] = [
  metric('no name', 'pods', 'metric', noName),
  metric('no target', 'external', 'averageValue', noTarget),
  metric('no target of pods', 'pods', 'averageValue', fc.oneof(noTarget, fc.constant(undefined))),
  metric('two targets', 'external', 'value', fc.constantFrom<Term>(5, '5')),
  metric('a target of pods together', 'pods', 'value', fc.constant(5)),
  metric('no labels', 'external', 'selector', fc.constantFrom<Term>({ 'a b': 'c' }, { a: 'b c' }, [], 5, null)),
  metric('no object', 'object', 'object', fc.constantFrom<Term>(undefined, null, 'web', {}, [])),
  metric('no kind', 'object', 'object.kind', noName, (kind) => ({ object: { ...GOOD_OBJECT, kind } })),
  metric(
    'no version',
    'object',
    'object.apiVersion',
    fc.constantFrom<Term>('', 'apps', 'apps/', '/v1', 'apps/v1/a', 1, null, undefined),
    (apiVersion) => ({ object: { ...GOOD_OBJECT, apiVersion } }),
  ),
  prop('WebService', 'metrics: the same twice', 'autoscaling.metrics[1]', fc.constantFrom('pods', 'external'), (kind) =>
    onMetrics([call(`ScalingMetric.${kind as string}`, METRIC), call(`ScalingMetric.${kind as string}`, METRIC)]),
  ),
  prop('WebService', 'metrics: none', 'autoscaling.', fc.constantFrom<Term>([], undefined, null, 'a', {}), onMetrics),
  prop('WebService', 'pace: none', 'autoscaling.pace', fc.constantFrom<Term>('spiky', {}, null, 5), atPace),
  prop('WebService', 'pace: no startup', 'autoscaling.pace.startup', noDuration(1, 1200), (startup) =>
    atPace(call('ScalingPace.slowStarter', { startup })),
  ),
  pace('no tolerance', 'up.tolerance', noInteger(0, 100), (tolerance) => ({ up: { tolerance } })),
  pace('no time', 'down.stabilization', noDuration(0, 3600), (stabilization) => ({ down: { stabilization } })),
  pace('no steps', 'down.steps', fc.constantFrom<Term>([], null, 'a', 5), (steps) => ({ down: { steps } })),
  pace('no share', 'up.steps[0].percent', noInteger(1, 10_000), (percent) => ({
    up: { steps: [{ percent, period: call('Duration.seconds', 15) }] },
  })),
  pace('no period', 'up.steps[0].period', noDuration(1, 1800), (period) => ({ up: { steps: [{ pods: 1, period }] } })),
  pace('no choice', 'up.select', fc.constantFrom<Term>('max', 'None', '', null, 5), (select) => ({ up: { select } })),
  pace('nothing that moves', 'up.select', fc.constant('Disabled'), (select) => ({ up: { select }, down: { select } })),
  prop(
    'WebService',
    'pace: two times of lower load',
    'autoscaling.scaleDownStabilization',
    fc.constant(call('Duration.seconds', 5)),
    (stabilization) => ({
      ...ALONE,
      autoscaling: call('Autoscaling.onCpu', {
        min: 2,
        max: 3,
        target: 80,
        scaleDownStabilization: stabilization,
        pace: call('ScalingPace.of', { down: { stabilization } }),
      }),
    }),
  ),
  prop(
    'WebService',
    'verticalAutoscaling: the most below the least',
    'verticalAutoscaling.max.cpu',
    fc.integer({ min: 1, max: 99 }),
    (most) => ({
      verticalAutoscaling: call('VerticalAutoscaling.recommend', {
        min: { cpu: call('Cpu.millis', 100) },
        max: { cpu: call('Cpu.millis', most) },
      }),
    }),
  ),
  prop(
    'WebService',
    'verticalAutoscaling: no most',
    'verticalAutoscaling.max',
    fc.constantFrom<Term>(undefined, {}, 5, null, { cpu: call('Cpu.units', 2) }),
    (max) => ({ autoscaling: undefined, verticalAutoscaling: call('VerticalAutoscaling.initial', { max }) }),
  ),
  prop(
    'WebService',
    'verticalAutoscaling: no resources',
    'verticalAutoscaling.resources',
    fc.constantFrom<Term>([], ['disk'], 'cpu', null),
    (resources) => ({ verticalAutoscaling: call('VerticalAutoscaling.recommend', { resources }) }),
  ),
  prop(
    'WebService',
    'verticalAutoscaling: what the autoscaler of the pods measures',
    'verticalAutoscaling',
    fc.constantFrom('initial', 'recreate'),
    (mode) => ({
      ...ALONE,
      autoscaling: call('Autoscaling.onCpu', { min: 2, max: 3, target: 80 }),
      verticalAutoscaling: call(`VerticalAutoscaling.${mode as string}`, { max: AMOUNTS }),
    }),
  ),
  prop('Job', 'verticalAutoscaling: evicts a run', 'verticalAutoscaling', fc.constant('recreate'), (mode) => ({
    verticalAutoscaling: call(`VerticalAutoscaling.${mode as string}`, { max: AMOUNTS }),
  })),
  prop(
    'Worker',
    'holdsNode: no reason',
    'holdsNode',
    fc.constantFrom<Term>('', 'because', ' '.repeat(20), true, 5, null),
  ),
  prop('Worker', 'holdsNode: beside an annotation', 'podAnnotations', fc.constantFrom('true', 'false'), (given) => ({
    holdsNode: 'A run starts again from nothing',
    podAnnotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': given },
  })),
  prop(
    'PrivilegedWorkload',
    'holdsNode: of a pod on each node',
    'holdsNode',
    fc.constant('Holds all nodes'),
    (why) => ({
      replicas: undefined,
      spread: undefined,
      holdsNode: why,
    }),
  ),
];
