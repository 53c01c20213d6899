import * as fc from 'fast-check';
import { configMapProps, secretProps } from './arbitrary-config';
import {
  appProtocol,
  containerBase,
  cpu,
  freePorts,
  image,
  namedPort,
  port,
  type PortData,
  user,
} from './arbitrary-container';
import { hookProps, livenessBeside, probe, ready } from './arbitrary-probe';
import { tier } from './arbitrary-storage';
import {
  annotations,
  duration,
  hostName,
  portName,
  relativePath,
  serviceName,
  size,
  sizeOf,
  subdomain,
  word,
} from './arbitrary-text';
import {
  rawPods,
  rawScale,
  rawWorkload,
  recommending,
  scaleProps,
  secondsOf,
  workloadProps,
} from './arbitrary-workload';
import { type BaseKind, call, type Terms } from './terms';

/** A block whose references to others are still open. */
export interface RawBlock {
  readonly kind: BaseKind;
  /** Start of the id; a number follows. */
  readonly id: string;
  readonly props: Terms;
}

export const id = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.constant('a') },
  word('abc-', 1, 8).map((text) => `${text.replace(/^-/, 'a')}x`),
);

const service = fc.record(
  {
    port: port(1),
    sessionAffinity: duration(1, 86_400),
    trafficDistribution: fc.constantFrom('PreferSameZone', 'PreferSameNode'),
    dualStack: fc.boolean(),
    headless: fc.boolean(),
    hostname: hostName,
    annotations,
  },
  { requiredKeys: [] },
);

const webOnly = fc.record(
  {
    port: port(1024),
    portName,
    appProtocol,
    extraPorts: fc.array(namedPort(1024), { maxLength: 3 }),
    readiness: probe('r'),
    liveness: fc.oneof(probe('l'), fc.constantFrom(call('Probe.none'), call('Probe.sameAsReadiness'))),
    startup: fc.oneof(probe('s'), fc.constantFrom(call('Probe.none'), call('Probe.sameAsReadiness'))),
    startupTimeout: duration(5, 3600),
    drain: fc.nat(3599),
    minReady: duration(0, 3600),
    progressDeadline: fc.integer({ min: 1, max: 86_400 }),
    revisionHistory: fc.integer({ min: 0, max: 100 }),
    service,
    name: serviceName(62),
  },
  { requiredKeys: ['port', 'readiness'] },
);

/** The main container of a service, and what is around it. */
export const rawServed = { web: webOnly, base: containerBase, raw: rawWorkload };

type RawServed = {
  readonly [K in keyof typeof rawServed]: (typeof rawServed)[K] extends fc.Arbitrary<infer T> ? T : never;
};

const webService: fc.Arbitrary<Terms> = fc.record({ ...rawServed, scale: rawScale }).map(({ scale, ...served }) => {
  const { props: scaled, least } = scaleProps(scale, { rollout: true });
  return servedProps(served, scaled, least, 'http');
});

/** Props of a service with these numbers of pods. `usualName`: that of its port. */
export function servedProps({ web, base, raw }: RawServed, scaled: Terms, least: number, usual: string): Terms {
  const { extraPorts, liveness, readiness, startup, drain, progressDeadline, startupTimeout, ...others } = web;
  const usualName = web.appProtocol?.$call === 'AppProtocol.grpc' ? 'grpc' : usual;
  const main: PortData = { name: web.portName ?? usualName, port: web.port, servicePort: web.service?.port };
  const taken = new Set<string>();
  const ports = freePorts([main, ...(extraPorts ?? [])], taken);
  const asked = ready(readiness, ports);
  const stop = shutdown(raw.shared.terminationGracePeriod, drain);
  const pause = secondsOf(stop.drain, 5);
  const hooks = hookProps(raw.hook, ports, secondsOf(raw.shared.terminationGracePeriod, 30), pause);
  const given: Terms = {
    ...base,
    ...others,
    ...scaled,
    readiness: asked,
    ...(extraPorts ? { extraPorts: ports.slice(1) } : {}),
    ...(liveness ? { liveness: livenessBeside(asked, withPorts(liveness, ports)) } : {}),
    ...(startup ? { startup: withPorts(startup, ports) } : {}),
    ...(startupTimeout && startup?.$call !== 'Probe.none' ? { startupTimeout } : {}),
    ...stop,
    ...hooks,
    // a hook beside a drain needs a shell
    ...(hooks.preStop !== undefined && pause > 0 ? { shell: true } : {}),
    ...headlessThatFits(web.service, web.name),
    // the probes of others may give their start more time
    ...(progressDeadline === undefined || startup || startupTimeout || initialDelayOf(readiness) || raw.sidecars?.length
      ? {}
      : { progressDeadline: call('Duration.seconds', Math.max(progressDeadline, secondsOf(web.minReady, 30) + 1)) }),
  };
  return workloadProps(raw, given, least, scaled.autoscaling !== undefined, [main]);
}

/** The name of the headless Service has at most 63 characters, and that of the block gets an ending. */
function headlessThatFits(given: Terms | undefined, name = ''): Terms {
  return given?.headless === true && name.length > 53 ? { service: { ...given, headless: false } } : {};
}

function initialDelayOf({ args }: Terms): unknown {
  return (args as Terms[]).at(-1)?.initialDelay;
}

function withPorts(given: Terms, ports: readonly PortData[]): Terms {
  return (given.args as unknown[]).length === 0 ? given : ready(given, ports);
}

/** The drain is shorter than the time to stop; the default of 5 s may be too long. */
function shutdown(gracePeriod: unknown, drain: number | undefined): Terms {
  const grace = secondsOf(gracePeriod, 30);
  return drain === undefined && grace > 5 ? {} : { drain: call('Duration.seconds', (drain ?? 0) % grace) };
}

const plainPath = word('abcABC019_./-', 1, 254)
  .map((path) =>
    `/${path}`
      .replace(/\/+/g, '/')
      .replace(/\.\.+/g, '.')
      .replace(/\/\.(?=\/|$)/g, '/a')
      .replace(/(.)\/$/, '$1'),
  )
  .map((path) => (HIDING.test(path) ? '/srv/www' : path));
/** Directories that a mount must not hide. */
const HIDING = /^\/(.{0,4}|etc\/.*|usr.*|var.*|run.*|home|root|boot|proc|sbin|lib64)$/;

const staticSite: fc.Arbitrary<Terms> = fc
  .record({
    own: fc.record(
      {
        image,
        content: fc.nat(3),
        files: fc.record({ contentImage: image, contentPath: relativePath }, { requiredKeys: ['contentImage'] }),
        root: plainPath,
        fallback: plainPath,
        drain: fc.nat(3599),
        user,
        service: service.map((given) => given as Terms),
        name: serviceName(45),
      },
      { requiredKeys: ['image'] },
    ),
    base: containerBase.map(({ resources }) => (resources === undefined ? {} : { resources })),
    raw: rawWorkload,
    scale: rawScale,
  })
  .map(({ own: { content, files, drain, ...own }, base, raw, scale }) => {
    const { props: scaled, least } = scaleProps(scale, { rollout: false });
    const ofImage = content === undefined && !raw.registries ? files : undefined;
    const props = workloadProps(
      raw,
      { ...own, ...ofImage, ...base, ...scaled, ...shutdown(raw.shared.terminationGracePeriod, drain) },
      least,
      scaled.autoscaling !== undefined,
      [{ name: 'http', port: 8080, servicePort: own.service?.port as number | undefined }],
    );
    return content === undefined ? props : { ...props, $content: content };
  });

const GIBIBYTE = 1024 * 1024;
const integers = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
const ofAnyServer = {
  'hz': integers(0, 500),
  'maxclients': integers(128, 60_000),
  'slowlog-log-slower-than': integers(-1, 100_000),
  'timeout': integers(0, 3600),
  'maxmemory-clients': integers(1, 100).map((percent) => `${percent}%`),
  'notify-keyspace-events': fc.constantFrom('KEA', 'Ex', '""'),
};
const directives = fc.record(
  { ...ofAnyServer, 'repl-backlog-size': integers(1, 512).map((megabytes) => `${megabytes}mb`) },
  { requiredKeys: [] },
);
const cacheDirectives = fc.record(ofAnyServer, { requiredKeys: [] });
const redisImage = 'docker.io/library/redis:7.2.11-bookworm';

const redis: fc.Arbitrary<Terms> = fc
  .record({
    own: fc.record(
      {
        image,
        user,
        replicas: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100 })),
        evictionPolicy: fc.constantFrom(
          'noeviction',
          'allkeys-lru',
          'allkeys-lfu',
          'allkeys-random',
          'volatile-lru',
          'volatile-lfu',
          'volatile-random',
          'volatile-ttl',
        ),
        cpu,
        fsync: fc.constantFrom('everysec', 'always'),
        storageClassName: subdomain(),
        storageTier: tier,
        volumeAttributesClassName: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, subdomain()),
        config: directives,
        startupTimeout: duration(10, 3600),
        name: serviceName(51),
        storage: size(GIBIBYTE),
      },
      { requiredKeys: ['storage'] },
    ),
    maxMemory: fc.option(fc.integer({ min: 16 * 1024, max: 2 ** 40 }), { nil: undefined }),
    key: fc.oneof(
      fc.constant('passwd'),
      word('abcXYZ019-_.', 1, 253).map((text) => text.replace(/^\.\.?/, 'a')),
    ),
    secret: subdomain(),
    other: fc.option(subdomain(), { nil: undefined }),
    raw: rawWorkload,
  })
  .map(({ own, maxMemory, key, secret, other, raw }) => {
    const { storageClassName, ...ofTier } = own;
    const main = {
      ...ofTier,
      ...(own.storageTier === undefined && storageClassName !== undefined ? { storageClassName } : {}),
      ...(maxMemory === undefined
        ? {}
        : { maxMemory: sizeOf(maxMemory), storage: sizeOf(Math.max(GIBIBYTE, 4 * maxMemory)) }),
    };
    const props = recommending(
      workloadProps(raw, main, own.replicas ?? 3, false, [{ name: 'redis', port: 6379 }], redisImage),
    );
    return {
      ...props,
      ...(props.containerName === undefined ? {} : { containerName: 'redis' }),
      password: { secret: { $secret: secret }, key },
      ...(other === undefined ? {} : { alsoAccepts: { secret: { $secret: other }, key } }),
    };
  });

const reason = word('abcXYZ019 -_.,:#', 0, 80).map((text) => `needs none: ${text}`);

const redisCache: fc.Arbitrary<Terms> = fc
  .record({
    own: fc.record(
      {
        image,
        user,
        evictionPolicy: fc.constantFrom(
          'allkeys-lru',
          'allkeys-lfu',
          'allkeys-random',
          'volatile-lru',
          'volatile-lfu',
          'volatile-random',
          'volatile-ttl',
        ),
        cpu,
        config: cacheDirectives,
        name: serviceName(51),
        maxMemory: fc.integer({ min: 16 * 1024, max: 2 ** 40 }).map(sizeOf),
      },
      { requiredKeys: [] },
    ),
    secret: subdomain(),
    other: fc.option(subdomain(), { nil: undefined }),
    withoutPassword: fc.option(reason, { nil: undefined, freq: 2 }),
    raw: rawPods,
  })
  .map(({ own, secret, other, withoutPassword, raw }) => {
    const props = recommending(workloadProps(raw, own, 1, false, [{ name: 'redis', port: 6379 }], redisImage));
    const key = 'passwd';
    return {
      ...props,
      ...(props.containerName === undefined ? {} : { containerName: 'redis' }),
      ...(withoutPassword === undefined
        ? {
            password: { secret: { $secret: secret }, key },
            ...(other === undefined ? {} : { alsoAccepts: { secret: { $secret: other }, key } }),
          }
        : { withoutPassword }),
    };
  });

export const rawBlocks: Record<BaseKind, fc.Arbitrary<RawBlock>> = {
  WebService: blockOf('WebService', webService),
  StaticSite: blockOf('StaticSite', staticSite),
  Redis: blockOf('Redis', redis),
  RedisCache: blockOf('RedisCache', redisCache),
  VersionedConfigMap: blockOf('VersionedConfigMap', configMapProps),
  VersionedSecret: blockOf('VersionedSecret', secretProps),
};

export const anyBlock: fc.Arbitrary<RawBlock> = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: rawBlocks.WebService },
  rawBlocks.StaticSite,
  rawBlocks.Redis,
  rawBlocks.RedisCache,
  { weight: 2, arbitrary: rawBlocks.VersionedConfigMap },
  rawBlocks.VersionedSecret,
);

function blockOf(kind: BaseKind, props: fc.Arbitrary<Terms>): fc.Arbitrary<RawBlock> {
  return fc.record({ kind: fc.constant(kind), id, props });
}
