import * as fc from 'fast-check';
import { id, rawServed, servedProps } from './arbitrary-blocks';
import { containerBase, port, type PortData } from './arbitrary-container';
import { eventScaling, rawEvents } from './arbitrary-events';
import { duration, serviceName, size, subdomain, word } from './arbitrary-text';
import { hookOf, rawPods, rawScale, rawWorkload, scaleProps, secondsOf, workloadProps } from './arbitrary-workload';
import { type BlockData, call, type StepData, type Term, type Terms } from './terms';
import { ending, type Theme } from './theme';
import { AccessMode } from '../../../src';

const YEAR = 365 * 86_400;

const exec = fc.constantFrom(
  call('Probe.exec', ['check']),
  call('Probe.exec', ['look', '-c', 'é'], { period: call('Duration.seconds', 3600) }),
);

/** A file that no stated time of a task exceeds, and one that is touched during tasks. */
const heartbeat = fc.constantFrom(
  call('Probe.heartbeat', '/tmp/alive', { maxAge: call('Duration.minutes', 60) }),
  call('Probe.heartbeat', '/tmp/a/b c', { maxAge: call('Duration.minutes', 1), duringTasks: true }),
);
const isHeartbeat = ({ $call: factory }: Terms): boolean => factory === 'Probe.heartbeat';
/** Its program is no part of an image without a shell. */
const withPrograms = (base: Terms, ...probes: Array<Terms | undefined>): Terms =>
  probes.some((probe) => probe && isHeartbeat(probe)) ? { ...base, shell: true } : base;

const exitCode = fc.integer({ min: 1, max: 255 });
const exitCodes = fc.uniqueArray(exitCode, { maxLength: 255, size: 'max' });
const containers = fc.constantFrom('main', 'all');

/** Intervals by the gaps before and between them: the numbers depend on the completions. */
const successRule = fc.record(
  {
    gaps: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 4 }),
    count: fc.nat(100_000),
  },
  { requiredKeys: ['gaps'] },
);

type RawRule = typeof successRule extends fc.Arbitrary<infer T> ? T : never;

function ruleOf({ gaps, count }: RawRule, completions: number): Terms {
  const intervals: string[] = [];
  let next = 0;
  let total = 0;
  for (const [gap, more] of gaps) {
    const first = next + gap;
    const last = first + more;
    if (last >= completions) continue;
    intervals.push(more === 0 ? `${first}` : `${first}-${last}`);
    total += more + 1;
    next = last + 1;
  }
  const most = intervals.length === 0 ? completions : total;
  return {
    ...(intervals.length === 0 ? {} : { succeededIndexes: intervals.join(',') }),
    ...(count === undefined && intervals.length > 0 ? {} : { succeededCount: 1 + ((count ?? 0) % most) }),
  };
}

interface RawNewer {
  readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number;
  readonly fatalIndexExitCodes?: number[];
  readonly successPolicy?: RawRule[];
  readonly restartInPlace?: { readonly exitCodes: number[]; readonly containers?: string };
}

const newer: fc.Arbitrary<RawNewer> = fc.record(
  {
    backoffLimitPerIndex: fc.integer({ min: 0, max: 1000 }),
    maxFailedIndexes: fc.nat(100_000),
    fatalIndexExitCodes: exitCodes,
    successPolicy: fc.array(successRule, { minLength: 1, maxLength: 20 }),
    restartInPlace: fc.record(
      { exitCodes: fc.uniqueArray(exitCode, { minLength: 1, maxLength: 255 }), containers },
      { requiredKeys: ['exitCodes'] },
    ),
  },
  { requiredKeys: [] },
);

/** What depends on the other props of a run. */
function newerProps(
  raw: RawNewer,
  run: { indexed?: boolean; never: boolean; completions?: number; fatal: number[] },
): Terms {
  const { indexed, never, completions = 1, fatal } = run;
  const perIndex = indexed && never && raw.backoffLimitPerIndex !== undefined;
  const other = (codes: readonly number[] = [], decided: readonly number[]): number[] =>
    codes.filter((code) => !decided.includes(code));
  const indexCodes = perIndex ? other(raw.fatalIndexExitCodes, fatal) : [];
  const { restartInPlace } = raw;
  const restartCodes = other(restartInPlace?.exitCodes, [...fatal, ...indexCodes]);
  return {
    ...(perIndex ? { backoffLimitPerIndex: raw.backoffLimitPerIndex } : {}),
    ...(perIndex && raw.maxFailedIndexes !== undefined
      ? { maxFailedIndexes: raw.maxFailedIndexes % (completions + 1) }
      : {}),
    ...(indexCodes.length > 0 ? { fatalIndexExitCodes: indexCodes } : {}),
    ...(indexed && raw.successPolicy
      ? { successPolicy: raw.successPolicy.map((rule) => ruleOf(rule, completions)) }
      : {}),
    ...(never && restartInPlace && restartCodes.length > 0
      ? { restartInPlace: { ...restartInPlace, exitCodes: restartCodes } }
      : {}),
  };
}

const run = fc
  .record({
    own: fc.record(
      {
        backoffLimit: fc.integer({ min: 0, max: 1000 }),
        fatalExitCodes: exitCodes,
        activeDeadline: duration(1, YEAR),
        indexed: fc.boolean(),
        liveness: fc.oneof(exec, heartbeat),
      },
      { requiredKeys: [] },
    ),
    newer: fc.option(newer, { nil: {}, freq: 2 }),
    restartPolicy: fc.constantFrom(undefined, 'Never', 'OnFailure'),
    completions: fc.option(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 100_000 })), {
      nil: undefined,
    }),
    parallelism: fc.option(fc.nat(9999), { nil: undefined }),
    base: containerBase,
    raw: rawPods,
  })
  .map(
    ({ own: { fatalExitCodes, ...own }, newer: raws, restartPolicy, completions, parallelism, base, raw }): Terms => {
      const atATime = parallelism === undefined ? 1 : 1 + (parallelism % (completions ?? 1));
      const never = restartPolicy !== 'OnFailure';
      return workloadProps(
        raw,
        {
          ...withPrograms(base, own.liveness),
          ...own,
          ...(restartPolicy === undefined ? {} : { restartPolicy }),
          ...(fatalExitCodes && never ? { fatalExitCodes } : {}),
          ...newerProps(raws, { indexed: own.indexed, never, completions, fatal: fatalExitCodes ?? [] }),
          ...(completions === undefined ? {} : { completions }),
          ...(parallelism === undefined ? {} : { parallelism: atATime }),
          ...hookOf(raw, []),
        },
        atATime,
        false,
        [],
      );
    },
  );

const version = word('abc019-', 1, 20).map((text) => text.replace(/^-|-$/g, 'a'));

/** Longer ones would make the name of the Job too long where they are its version. */
const LONGEST_TAG = 20;

function hasLongTag({ image }: Terms): boolean {
  const [tagged] = (image as string).split('@');
  return (
    tagged.slice(tagged.lastIndexOf('/') + 1).length - tagged.slice(tagged.lastIndexOf('/') + 1).indexOf(':') >
    LONGEST_TAG
  );
}

/**
 * 63 characters of a Job less those of the longest version, of the number of a pod and of what makes the name unique.
 */
const jobBlock: fc.Arbitrary<BlockData> = fc
  .record({
    id,
    props: run,
    own: fc.record({ name: serviceName(34), version, ttlAfterFinished: duration(0, YEAR) }, { requiredKeys: [] }),
  })
  .map(({ id: start, props, own }) => ({
    kind: 'Job',
    id: start,
    props: { ...props, ...own, ...(own.version === undefined && hasLongTag(props) ? { version: 'v1' } : {}) },
  }));

function field(min: number, max: number, names: readonly string[] = []): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const step = fc.integer({ min: 1, max: 9999 });
  const part = fc.oneof(
    { withCrossShrink: true },
    fc.constant('*'),
    value.map(String),
    value.map((start) => `${start}`.padStart(4, '0')),
    fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.tuple(fc.constantFrom('*', '?'), step).map(([any, every]) => `${any}/${every}`),
    fc.tuple(value, step).map(([start, every]) => `${start}/${every}`),
    ...(names.length > 0 ? [fc.constantFrom(...names, ...names.map((name) => name.toUpperCase()))] : []),
  );
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: part },
    fc.array(part, { minLength: 2, maxLength: 3 }).map((parts) => parts.join(',')),
  );
}

const schedule = fc.oneof(
  fc.constantFrom(
    '@yearly',
    '@annually',
    '@monthly',
    '@weekly',
    '@daily',
    '@midnight',
    '@hourly',
    '0 0 29 2 *',
    '* * 31 2 1',
    '?\t?  ? ? ?',
  ),
  // days that all months have
  fc
    .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12, ['jan', 'dec']), field(0, 6, ['sun', 'sat']))
    .map((fields) => fields.join(' ')),
);

const scheduledBlock: fc.Arbitrary<BlockData> = fc
  .record({
    id,
    props: run,
    own: fc.record(
      {
        name: serviceName(45),
        schedule,
        timeZone: fc.constantFrom(
          'UTC',
          'Europe/Berlin',
          'America/Argentina/Buenos_Aires',
          'Asia/Calcutta',
          'Etc/GMT+12',
          'America/Port-au-Prince',
        ),
        concurrencyPolicy: fc.constantFrom('Forbid', 'Replace', 'Allow'),
        startingDeadline: duration(10, YEAR),
        successfulRunsKept: fc.integer({ min: 0, max: 100 }),
        failedRunsKept: fc.integer({ min: 0, max: 100 }),
        suspend: fc.boolean(),
      },
      { requiredKeys: ['schedule'] },
    ),
  })
  .map(({ id: start, props, own }) => ({ kind: 'ScheduledJob', id: start, props: { ...props, ...own } }));

const workerProcess = {
  liveness: fc.oneof(exec, heartbeat, fc.constant(call('Probe.none'))),
  startup: fc.oneof(exec, heartbeat, fc.constant(call('Probe.none'))),
  metricsPort: port(1024),
};

const workerBlock: fc.Arbitrary<BlockData> = fc
  .record({
    id,
    own: fc.record(
      {
        ...workerProcess,
        minReady: duration(0, 3600),
        progressDeadline: fc.integer({ min: 1, max: 86_400 }),
        revisionHistory: fc.integer({ min: 0, max: 100 }),
        name: serviceName(62),
      },
      { requiredKeys: ['liveness'] },
    ),
    base: containerBase,
    raw: rawWorkload,
    scale: rawScale,
  })
  .map(({ id: start, own: { progressDeadline, ...own }, base, raw, scale }) => {
    const { props: scaled, least } = scaleProps(scale, { rollout: true });
    // the probes of others may give their start more time
    const deadline =
      progressDeadline === undefined || own.startup || isHeartbeat(own.liveness) || raw.sidecars?.length
        ? {}
        : {
            progressDeadline: call('Duration.seconds', Math.max(progressDeadline, secondsOf(own.minReady, 5) + 1)),
          };
    const ports = portsOf(own.metricsPort);
    return {
      kind: 'Worker',
      id: start,
      props: workloadProps(
        { ...raw, shared: evicting(raw.shared, least) },
        {
          ...withPrograms(base, own.liveness, own.startup),
          ...own,
          ...scaled,
          ...deadline,
          ...hookOf(raw, ports),
        },
        least,
        scaled.autoscaling !== undefined,
        ports,
      ),
    };
  });

const claim = fc.record(
  {
    name: fc.constantFrom('data', 'log', 'wal-1', 'x'),
    size: size(1024),
    accessMode: fc.constantFrom(AccessMode.READ_WRITE_ONCE, AccessMode.READ_WRITE_ONCE_POD, AccessMode.READ_WRITE_MANY),
    storageClassName: subdomain(),
    volumeAttributesClassName: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, subdomain()),
    subPath: fc.constantFrom('pgdata', 'a/b'),
    containers: fc.constant(['main']),
    hidesImageFiles: fc.boolean(),
  },
  { requiredKeys: ['size'] },
);
const retention = fc.constantFrom('keep', 'delete');

const statefulBlock: fc.Arbitrary<BlockData> = fc
  .record({
    ...rawServed,
    id,
    scale: rawScale,
    own: fc.record(
      {
        name: serviceName(51),
        primary: fc.constantFrom('first', 'none'),
        start: fc.constantFrom('ordered', 'parallel'),
      },
      { requiredKeys: [] },
    ),
    quorum: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined, freq: 2 }),
    claims: fc.uniqueArray(claim, { maxLength: 3, selector: ({ name = 'data' }) => name }),
    claimRetention: fc.option(fc.record({ whenDeleted: retention, whenScaled: retention }, { requiredKeys: [] }), {
      nil: undefined,
    }),
    partition: fc.option(fc.nat(10_000), { nil: undefined, freq: 2 }),
    // needs the newest cluster
    maxUnavailable: fc.option(fc.constantFrom<Term>(1, '10%'), { nil: undefined, freq: 2 }),
  })
  .map(({ id: start, web, base, raw, scale, own, quorum, claims, claimRetention, partition, maxUnavailable }) => {
    const fixed = quorum === undefined ? undefined : 2 * quorum + 1;
    const stated = scale.replicas ?? (scale.autoscaling || scale.events ? undefined : 1);
    const { props: scaled, least } =
      fixed === undefined
        ? scaleProps({ ...scale, replicas: stated }, { rollout: false })
        : { props: { replicas: fixed }, least: fixed };
    const served = servedProps(
      {
        web: { ...web, progressDeadline: undefined, name: undefined },
        base,
        raw: { ...raw, budget: fixed === undefined ? raw.budget : undefined },
      },
      scaled,
      least,
      'tcp',
    );
    const rollout = {
      ...(partition === undefined ? {} : { partition: partition % (least + 1) }),
      ...(maxUnavailable === undefined ? {} : { maxUnavailable }),
    };
    return {
      kind: 'StatefulService',
      id: start,
      props: {
        ...served,
        ...own,
        ...(fixed === undefined ? {} : { quorum: true }),
        ...(claims.length === 0
          ? {}
          : { claims: claims.map((one, index) => ({ ...one, path: `/volumes/claim-${index}` })) }),
        ...(claims.length === 0 || claimRetention === undefined ? {} : { claimRetention }),
        ...(Object.keys(rollout).length === 0 ? {} : { rollout }),
      },
    };
  });

const singletonBlock: fc.Arbitrary<BlockData> = fc
  .record({
    id,
    own: fc.record({ ...workerProcess, name: serviceName(51) }, { requiredKeys: ['liveness'] }),
    base: containerBase,
    raw: rawPods,
  })
  .map(({ id: start, own, base, raw }) => {
    const ports = portsOf(own.metricsPort);
    const main = { ...withPrograms(base, own.liveness, own.startup), ...own, ...hookOf(raw, ports) };
    return {
      kind: 'SingletonWorker',
      id: start,
      props: workloadProps({ ...raw, shared: evicting(raw.shared, 1) }, main, 1, false, ports),
    };
  });

function portsOf(metricsPort: number | undefined): PortData[] {
  return metricsPort === undefined ? [] : [{ name: 'metrics', port: metricsPort }];
}

/** Pods that run on can be evicted for other requests. */
function evicting({ verticalAutoscaling: given, ...others }: Terms, least: number): Terms {
  const { $call: factory, args } = (given ?? {}) as { $call?: string; args?: Terms[] };
  if (factory !== 'VerticalAutoscaling.initial') return { ...others, verticalAutoscaling: given };
  const mode = least % 2 === 0 ? 'recreate' : 'inPlaceOrRecreate';
  return { ...others, verticalAutoscaling: call(`VerticalAutoscaling.${mode}`, ...(args ?? [])) };
}

const calls = fc.record({ mount: fc.boolean(), addEnv: fc.boolean(), $secret: subdomain() });

/** The block, with a volume and variables. */
function themeOf(block: fc.Arbitrary<BlockData>, end: string): fc.Arbitrary<Theme> {
  return fc.tuple(block, calls).map(([given, { mount, addEnv, $secret }]) => () => {
    const own = ending(given, end);
    const steps: StepData[] = [
      ...(mount ? [{ on: own.id, method: 'mountSecret', args: ['/mnt/secret', { $secret }] }] : []),
      ...(addEnv ? [{ on: own.id, method: 'addEnvFrom', args: [call('Env.fromSecret', { $secret })] }] : []),
    ];
    return { blocks: [own], steps };
  });
}

/** The worker with its queue in a Redis of the app, by which KEDA scales it. */
const workerTheme = fc
  .tuple(themeOf(workerBlock, 'k'), fc.option(rawEvents, { nil: undefined, freq: 2 }), fc.boolean())
  .map(([theme, events, isStream]): Theme => (cluster) => {
    const part = theme(cluster);
    if (events === undefined) return part;
    const queue = {
      kind: 'Redis' as const,
      id: 'queueq',
      props: { storage: call('Size.gibibytes', 10), password: { secret: { $secret: 'queue' }, key: 'passwd' } },
    };
    const server = { server: { $block: queue.id } };
    const trigger = isStream
      ? call('ScalingTrigger.redisStream', { ...server, stream: 'mail', consumerGroup: 'mailer', lag: 10 })
      : call('ScalingTrigger.redisList', { ...server, list: 'mail', length: 10, port: 'redis' });
    const { autoscaling } = eventScaling({ ...events, first: trigger, others: [] });
    const others = { replicas: undefined, budget: undefined, rollout: undefined, spread: undefined };
    const [own] = part.blocks;
    const worker = { ...own, props: { ...own.props, ...others, autoscaling } };
    return { ...part, blocks: [queue, worker], steps: part.steps };
  });

export const runThemes = {
  Job: themeOf(jobBlock, 'j'),
  ScheduledJob: themeOf(scheduledBlock, 's'),
  StatefulService: themeOf(statefulBlock, 'v'),
  SingletonWorker: themeOf(singletonBlock, 'z'),
  Worker: workerTheme,
};

/** A Job with no more than it needs. */
export function plainJob(jobId: string, props: Terms = {}): BlockData {
  return { kind: 'Job', id: jobId, props: { image: 'ghcr.io/acme/run:1.4.2', ...props } };
}
