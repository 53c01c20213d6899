import * as fc from 'fast-check';
import { extraContainer, fitResources, type PortData, type RawContainer, sidecarProps } from './arbitrary-container';
import { podResources } from './arbitrary-devices';
import { eventScaling, rawEvents } from './arbitrary-events';
import { identity } from './arbitrary-identity';
import { egress } from './arbitrary-network';
import { nodePool } from './arbitrary-nodes';
import { hookProps, type RawHook, rawHook } from './arbitrary-probe';
import { pace, scalingMetrics, verticalAutoscaling } from './arbitrary-scaling';
import { annotations, duration, labelKey, labels, labelValue, subdomain } from './arbitrary-text';
import { call, type Term, type Terms } from './terms';

const toleration = fc
  .record(
    {
      key: labelKey,
      value: labelValue,
      effect: fc.constantFrom('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
      seconds: fc.integer({ min: 0, max: 31_536_000 }),
    },
    { requiredKeys: [] },
  )
  .map(({ value, seconds, ...others }) => ({
    ...others,
    ...(value !== undefined && others.key !== undefined ? { value } : {}),
    ...(seconds !== undefined && others.effect === 'NoExecute' ? { seconds } : {}),
  }));

/** The first of two values one time in five: it needs a newer cluster. */
function seldom<T>(newer: T, usual: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 1, arbitrary: fc.constant(newer) }, { weight: 4, arbitrary: fc.constant(usual) });
}

const shared = fc.record(
  {
    labels,
    annotations,
    podLabels: labels,
    podAnnotations: annotations,
    pullPolicy: fc.constantFrom('IfNotPresent', 'Always', 'Never'),
    pullSecrets: fc.uniqueArray(subdomain(), { maxLength: 2 }).map((names) => names.map(($secret) => ({ $secret }))),
    serviceAccountToken: fc.boolean(),
    terminationGracePeriod: duration(1, 3600),
    egressTo: fc.array(egress, { maxLength: 3 }),
    spread: fc.constantFrom('soft', 'hard', 'none'),
    nodeSelector: labels,
    placeOn: nodePool('pool.example.com/name'),
    tolerations: fc.array(toleration, { maxLength: 3 }),
    priorityClassName: fc.constantFrom('system-cluster-critical', 'system-node-critical'),
    runtimeClassName: fc.constantFrom('gvisor', 'kata.v2'),
    workloadIdentity: identity,
    quality: fc.constantFrom('burstable', 'guaranteed'),
    podResources,
    containerName: fc.constant('main'),
    unprivilegedPortStart: fc.constant(1024),
    holdsNode: fc.constantFrom('A run starts again from nothing', 'The only primary, a failover takes time: \u{1F6E0}'),
    verticalAutoscaling,
    userNamespace: seldom(true, false),
    supplementalGroupsPolicy: seldom('Strict', 'Merge'),
  },
  { requiredKeys: [] },
);

/** What is chosen from a range that depends on other props: a large number, of which the remainder counts. */
const rank = fc.nat(1_000_000);
const amount = fc.record({ rank, unit: fc.constantFrom('pods', '%') });

type Amount = { rank: number; unit: string };

export interface RawWorkload {
  readonly shared: Terms;
  readonly budget?: { kind: string; amount: Amount };
  readonly sidecars?: RawContainer[];
  readonly initContainers?: RawContainer[];
  readonly hook?: RawHook;
  readonly registries?: boolean;
  readonly egress?: string;
}

export const rawWorkload: fc.Arbitrary<RawWorkload> = fc.record(
  {
    shared,
    budget: fc.record({ kind: fc.constantFrom('maxUnavailable', 'minAvailable', 'none'), amount }),
    sidecars: fc.array(extraContainer, { maxLength: 2 }),
    initContainers: fc.array(extraContainer, { maxLength: 2 }),
    hook: rawHook,
    registries: fc.boolean(),
    egress: fc.constantFrom('open', 'declared'),
  },
  { requiredKeys: ['shared'] },
);

/** Of pods that no budget is for. */
export const rawPods: fc.Arbitrary<RawWorkload> = rawWorkload.map((raw) => ({ ...raw, budget: undefined }));

/** Many workloads have a fixed number of pods. */
function half<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

export const rawScale = fc.record(
  {
    replicas: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 10_000 })),
    autoscaling: half(
      fc.record(
        {
          min: fc.oneof(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 2, max: 10_000 })),
          more: fc.nat(9998),
          on: fc.constantFrom('onCpu', 'onMemory', 'on'),
          cpu: fc.integer({ min: 1, max: 400 }),
          memory: fc.integer({ min: 1, max: 400 }),
          scaleDownStabilization: duration(0, 3600),
          pace,
          metrics: scalingMetrics,
        },
        { requiredKeys: ['min', 'more', 'on', 'cpu'] },
      ),
    ),
    events: half(rawEvents),
    rollout: fc.option(fc.record({ maxSurge: amount, maxUnavailable: amount }, { requiredKeys: [] }), {
      nil: undefined,
    }),
  },
  { requiredKeys: [] },
);

type RawScale = typeof rawScale extends fc.Arbitrary<infer T> ? T : never;

/** A count of at most `most` pods, or a share of at most `mostPercent`. */
function bounded(
  { rank: number, unit }: Amount,
  least: number,
  most: number,
  leastPercent: number,
  mostPercent: number,
): number | string {
  return unit === '%'
    ? `${leastPercent + (number % (mostPercent - leastPercent + 1))}%`
    : least + (number % (most - least + 1));
}

/** Number of pods and pace of a rollout: never more missing than there are, and always room to move. */
export function scaleProps(
  { replicas, autoscaling, events, rollout }: RawScale,
  given: { rollout: boolean },
): { props: Terms; least: number } {
  if (events && !autoscaling) {
    const { autoscaling: onEvents, least } = eventScaling(events);
    return { least, props: { autoscaling: onEvents, ...(given.rollout && rollout ? rolloutFor(rollout, least) : {}) } };
  }
  const least = autoscaling?.min ?? replicas ?? 2;
  return {
    least,
    props: {
      ...(autoscaling ? { autoscaling: autoscalingOf(autoscaling) } : replicas === undefined ? {} : { replicas }),
      ...(given.rollout && rollout ? rolloutFor(rollout, least) : {}),
    },
  };
}

function autoscalingOf({
  min,
  more,
  on,
  cpu: cpuTarget,
  memory,
  scaleDownStabilization,
  pace: given,
  metrics,
}: NonNullable<RawScale['autoscaling']>): Terms {
  const bounds = {
    min,
    max: Math.min(10_000, min + more),
    ...(given ? { pace: given } : {}),
    ...(scaleDownStabilization && !statesStabilization(given) ? { scaleDownStabilization } : {}),
  };
  if (on !== 'on') return call(`Autoscaling.${on}`, { ...bounds, target: cpuTarget });
  return call('Autoscaling.on', {
    ...bounds,
    // with metrics of one's own, the shares of the requests can be missing
    ...(metrics && more % 2 === 0 ? {} : { cpu: cpuTarget }),
    ...(memory === undefined ? {} : { memory }),
    ...(metrics ? { metrics } : {}),
  });
}

/** Whether a pace has a time of lower load of its own. */
function statesStabilization(given: Terms | undefined): boolean {
  const options = (given?.args as Array<Terms | undefined> | undefined)?.[0];
  return (options?.down as Terms | undefined)?.stabilization !== undefined;
}

function rolloutFor(rollout: NonNullable<RawScale['rollout']>, least: number): Terms {
  return { rollout: rolloutOf(rollout, least) };
}

function rolloutOf({ maxSurge, maxUnavailable }: NonNullable<RawScale['rollout']>, least: number): Terms {
  if (maxSurge === undefined && maxUnavailable === undefined) return call('Rollout.recreate');
  const options = {
    // some room above, whatever may be missing
    ...(maxSurge ? { maxSurge: bounded(maxSurge, 1, 10_000, 1, 100) } : {}),
    ...(maxUnavailable ? { maxUnavailable: bounded(maxUnavailable, 0, Math.max(0, least - 1), 0, 99) } : {}),
  };
  const blocked = maxSurge?.rank === 0 && typeof options.maxUnavailable === 'number' && options.maxUnavailable > 0;
  return call('Rollout.rolling', blocked ? { ...options, maxSurge: 0 } : options);
}

/** A budget that lets at least one of `least` pods go. */
function budgetOf({ kind, amount: given }: NonNullable<RawWorkload['budget']>, least: number): Terms {
  if (kind === 'none') return call('DisruptionBudget.none');
  if (kind === 'maxUnavailable') return call('DisruptionBudget.maxUnavailable', bounded(given, 1, 10_000, 1, 100));
  const mostPercent = least === 0 ? 100 : Math.floor(((least - 1) * 100) / least);
  return call('DisruptionBudget.minAvailable', bounded(given, 0, Math.max(0, least - 1), 0, mostPercent));
}

/** Without control of what an autoscaler of the pods measures. */
function recommends({ args }: Terms): Terms {
  return call('VerticalAutoscaling.recommend', ...(args as Terms[]));
}

/** Props of pods whose requests no autoscaler can set. */
export function recommending(props: Terms): Terms {
  const { verticalAutoscaling: vertical } = props;
  return vertical === undefined ? props : { ...props, verticalAutoscaling: recommends(vertical as Terms) };
}

/** The props that all workloads have. `main` is the main container where it is the caller's. */
export function workloadProps(
  raw: RawWorkload,
  main: Terms,
  least: number,
  scaled: boolean,
  ownPorts: readonly PortData[],
  defaultImage?: string,
): Terms {
  const { spread, egressTo, verticalAutoscaling: vertical, ...others } = raw.shared;
  const taken = new Set(
    ownPorts.flatMap(({ name, port, servicePort = port }) => [
      `name ${name}`,
      `${port}/TCP`,
      `service ${servicePort}/TCP`,
    ]),
  );
  const hasService = ownPorts.some((port) => 'servicePort' in port);
  for (const { name, port, servicePort = port, protocol = 'TCP' } of [main.extraPorts, main.ports].flatMap(
    (ports) => (ports ?? []) as PortData[],
  )) {
    for (const key of [`name ${name}`, `${port}/${protocol}`, `service ${servicePort}/${protocol}`]) taken.add(key);
  }
  const guaranteed = others.quality === 'guaranteed';
  const fit = (container: Terms, counts: boolean): Terms => fitResources(container, guaranteed, scaled && counts);
  const names = new Set(['main', 'redis']);
  const isNew = ({ name }: RawContainer): boolean => !names.has(name) && names.add(name) !== undefined;
  const sidecars = raw.sidecars
    ?.filter(isNew)
    .map((container) =>
      fit(sidecarProps(container, taken, hasService, secondsOf(others.terminationGracePeriod, 30)), true),
    );
  const initContainers = raw.initContainers?.filter(isNew).map(({ name, base }) => fit({ name, ...base }, false));
  const images = [
    main.image ?? defaultImage,
    ...[...(sidecars ?? []), ...(initContainers ?? [])].map((container) => container.image),
  ] as string[];
  return {
    ...others,
    ...(vertical ? { verticalAutoscaling: scaled ? recommends(vertical as Terms) : vertical } : {}),
    ...fitTargets(fit(main, true), guaranteed),
    ...(spread === undefined ? {} : { spread: spread === 'hard' && least < 2 ? 'soft' : spread }),
    ...(raw.egress === undefined ? {} : { egress: raw.egress }),
    ...(raw.egress === 'declared' && egressTo !== undefined ? { egressTo } : {}),
    ...(raw.budget ? { budget: budgetOf(raw.budget, least) } : {}),
    ...(sidecars ? { sidecars } : {}),
    ...(initContainers ? { initContainers } : {}),
    ...(raw.registries && images.every((name) => name.includes('/'))
      ? { registries: [...new Set(images.map((name) => name.slice(0, name.lastIndexOf('/') + 1)))] }
      : {}),
  };
}

/** Targets of the autoscaler that the limits let be reached. */
function fitTargets(main: Terms, guaranteed: boolean): Terms {
  if (main.autoscaling === undefined) return main;
  const { $call: factory, args } = main.autoscaling as { $call: string; args: [Terms] };
  if (factory === 'Autoscaling.onEvents') return main;
  const { $call: kind, args: resources } = (main.resources ?? {}) as { $call?: string; args?: Terms[] };
  const unlimited = kind === 'Resources.withoutCpuLimit';
  const mostCpu = guaranteed || resources?.[0]?.cpuLimit !== undefined ? 99 : unlimited ? 400 : 399;
  const fit = (target: unknown, most: number): number => 1 + (((target as number) - 1) % most);
  const { target, cpu, memory, ...others } = args[0];
  return {
    ...main,
    autoscaling: call(factory, {
      ...others,
      ...(target === undefined ? {} : { target: fit(target, factory === 'Autoscaling.onCpu' ? mostCpu : 99) }),
      ...(cpu === undefined ? {} : { cpu: fit(cpu, mostCpu) }),
      ...(memory === undefined ? {} : { memory: fit(memory, 99) }),
    }),
  };
}

/** The hook of a main container without a drain. */
export function hookOf({ hook, shared: { terminationGracePeriod } }: RawWorkload, ports: readonly PortData[]): Terms {
  return hookProps(hook, ports, secondsOf(terminationGracePeriod, 30), 0);
}

/** Seconds of a term that is a Duration. */
export function secondsOf(term: Term, fallback: number): number {
  const { $call: factory, args } = (term ?? {}) as { $call?: string; args?: number[] };
  if (factory === undefined || args === undefined) return fallback;
  return factory === 'Duration.minutes' ? args[0] * 60 : factory === 'Duration.millis' ? args[0] / 1000 : args[0];
}
