import { App, Size } from 'cdk8s';
import * as fc from 'fast-check';
import {
  ExistingNamespace,
  Peer,
  Redis,
  RedisCache,
  type RedisCacheProps,
  SecretRef,
  VersionedSecret,
  WebService,
} from '../../src';
import { DIRECTIVES, REFUSED_BY_CACHE } from '../../src/blocks/redis/directives-data';
import { type Manifest, newChart, only, problemsOf, synth, untyped, warningsIn, WEB } from '../support';

const IDENTITY = { 'app.kubernetes.io/instance': 'pages' };
const PASSWORD = { secret: SecretRef.named('pages-passwd'), key: 'passwd' };
const OPEN = { password: undefined, withoutPassword: 'nothing in it is secret' };
const COMMANDS =
  '~* &* +@all -save -bgsave -bgrewriteaof -psync -sync -replicaof -slaveof -failover -shutdown ' +
  '-config|set -client|no-evict -acl|setuser -acl|deluser';

function manifestsOf(props: Partial<RedisCacheProps> = {}): Manifest[] {
  return synth((chart) => new RedisCache(chart, 'cache', { name: 'pages', password: PASSWORD, ...props }));
}

const deploymentOf = (props: Partial<RedisCacheProps> = {}): Manifest => only(manifestsOf(props), 'Deployment');
const podOf = (props: Partial<RedisCacheProps> = {}): Manifest => deploymentOf(props).spec.template.spec;
const filesOf = (props: Partial<RedisCacheProps> = {}): Record<string, string> =>
  only(manifestsOf(props), 'ConfigMap').data;
const confOf = (props: Partial<RedisCacheProps> = {}): string[] => filesOf(props)['redis.conf'].trimEnd().split('\n');

/** What is wrong with these props, beside a good password. */
function refusals(props: Record<string, unknown>): string[] {
  return problemsOf((chart) => {
    new RedisCache(chart, 'cache', untyped<RedisCacheProps>({ password: PASSWORD, ...props }));
  });
}

/** The message for these props. */
function messageOf(props: Record<string, unknown>): string {
  try {
    manifestsOf(untyped<RedisCacheProps>(props));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('the objects of a cache', () => {
  test('are one Deployment, one Service, its configuration, identity and policy: no claim, no budget', () => {
    expect(
      manifestsOf()
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .sort(),
    ).toEqual([
      expect.stringMatching(/^ConfigMap pages-[0-9a-f]{10}$/),
      'Deployment pages',
      'NetworkPolicy pages',
      'Service pages',
      'ServiceAccount pages',
    ]);
  });

  test('are all public on the block', () => {
    const cache = new RedisCache(newChart(), 'cache', { password: PASSWORD });
    expect(
      [cache.deployment, cache.service, cache.networkPolicy, cache.config.apiObject].map(({ kind }) => kind),
    ).toEqual(['Deployment', 'Service', 'NetworkPolicy', 'ConfigMap']);
    expect([cache.host, cache.port, cache.password?.key]).toEqual(['app-cache', 6379, 'passwd']);
  });

  test('have one pod, and never a second one beside it: that one would have other data', () => {
    const { spec } = deploymentOf();
    expect([spec.replicas, spec.strategy, spec.minReadySeconds]).toEqual([1, { type: 'Recreate' }, undefined]);
    expect(spec.template.spec).not.toHaveProperty('topologySpreadConstraints');
    expect(spec.template.metadata.labels['app.kubernetes.io/component']).toBe('cache');
  });

  test('have one Service for reads and writes', () => {
    expect(only(manifestsOf(), 'Service').spec).toEqual({
      type: 'ClusterIP',
      selector: IDENTITY,
      ports: [{ name: 'redis', port: 6379, targetPort: 'redis', protocol: 'TCP' }],
    });
  });

  test('admit no one who is not declared', () => {
    expect(only(manifestsOf(), 'NetworkPolicy').spec).toEqual({
      podSelector: { matchLabels: IDENTITY },
      policyTypes: ['Ingress'],
    });
    const opened = synth((chart) => {
      const cache = new RedisCache(chart, 'cache', { name: 'pages', ...OPEN });
      cache.allowFrom(Peer.pods({ labels: { app: 'exporter' } }));
    });
    expect(only(opened, 'NetworkPolicy').spec.ingress).toEqual([
      { from: [{ podSelector: { matchLabels: { app: 'exporter' } } }], ports: [{ port: 6379, protocol: 'TCP' }] },
    ]);
  });
});

describe('the pod of a cache', () => {
  test('writes to a volume in memory alone, for the password, and to none without one (S000-79)', () => {
    expect(podOf().volumes).toEqual([
      { name: 'pages', configMap: { name: expect.any(String) } },
      { name: 'runtime', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      {
        name: 'pages-passwd',
        secret: { secretName: 'pages-passwd', defaultMode: 0o440, items: [{ key: 'passwd', path: 'password' }] },
      },
    ]);
    expect(podOf(OPEN).volumes).toEqual([{ name: 'pages', configMap: { name: expect.any(String) } }]);
    expect(podOf().containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
  });

  test('starts the server by a script that adds the password, or directly', () => {
    expect(podOf().containers[0].command).toEqual(['sh', '/opt/redis/launch-cache.sh']);
    expect(podOf(OPEN).containers[0].command).toEqual(['redis-server', '/opt/redis/redis.conf']);
    expect(Object.keys(filesOf()).sort()).toEqual([
      'alive.sh',
      'commands',
      'launch-cache.sh',
      'password.sh',
      'ready-cache.sh',
      'redis.conf',
    ]);
    expect(Object.keys(filesOf(OPEN)).sort()).toEqual(['alive.sh', 'ready-cache.sh', 'redis.conf']);
  });

  test('is ready when it answers, and has a minute to start', () => {
    const [{ readinessProbe, livenessProbe, startupProbe }] = podOf().containers;
    const probe = (script: string, periodSeconds: number, failureThreshold: number) => ({
      exec: { command: ['sh', `/opt/redis/${script}`] },
      timeoutSeconds: 5,
      periodSeconds,
      failureThreshold,
    });
    expect([readinessProbe, livenessProbe, startupProbe]).toEqual([
      probe('ready-cache.sh', 5, 3),
      probe('alive.sh', 10, 3),
      probe('alive.sh', 1, 60),
    ]);
  });

  test.each([
    // 2 x 256, 32 for clients, and 64
    [undefined, '608Mi', 268435456],
    // 2 x 16, 16 for clients, and 64
    [Size.mebibytes(16), '112Mi', 16777216],
    // 2 x 2048, 256 for clients, and 64
    [Size.gibibytes(2), '4416Mi', 2147483648],
  ])('with maxMemory %p has a limit of %s (DX-20)', (maxMemory, limit, bytes) => {
    const [{ resources }] = podOf({ maxMemory }).containers;
    expect([resources.requests.memory, resources.limits.memory]).toEqual([limit, limit]);
    expect(confOf({ maxMemory })).toContain(`maxmemory ${bytes}`);
  });

  test('has room for the data, the gaps between them and the buffers of clients, whatever their size (DX-20)', () => {
    const mebibytes = fc.integer({ min: 16, max: 100_000 });
    const clients = fc.oneof(
      fc.constant(undefined),
      fc.integer({ min: 1, max: 100 }).map((percent) => ({ text: `${percent}%`, share: percent / 100 })),
      mebibytes.map((size) => ({ text: `${size}mb`, size })),
    );
    fc.assert(
      fc.property(mebibytes, clients, (data, given) => {
        const config: Record<string, string> = given === undefined ? {} : { 'maxmemory-clients': given.text };
        const [{ resources }] = podOf({ maxMemory: Size.mebibytes(data), config }).containers;
        const shown = String(resources.limits.memory);
        const limit = shown.endsWith('Gi') ? Number.parseInt(shown, 10) * 1024 : Number.parseInt(shown, 10);
        const buffers =
          given === undefined ? Math.max(16, data / 8) : 'size' in given ? given.size : given.share * data;
        expect(limit).toBeGreaterThanOrEqual(2 * data + buffers + 64);
        expect(limit).toBeLessThan(2 * data + buffers + 66);
      }),
      { numRuns: 100 },
    );
  });
});

describe('redis.conf of a cache', () => {
  test('writes nothing, and drops the least recently used key', () => {
    expect(confOf()).toEqual([
      'port 6379',
      'bind * -::*',
      'protected-mode no',
      'dir /',
      'appendonly no',
      'save ""',
      'maxmemory 268435456',
      'maxmemory-policy allkeys-lru',
      'maxmemory-clients 33554432',
      'tcp-keepalive 60',
    ]);
  });

  test('lets clients neither fork nor change limits and users, with and without a password', () => {
    expect(filesOf().commands).toBe(`${COMMANDS}\n`);
    expect(confOf(OPEN)).toContain(`user default on nopass ${COMMANDS}`);
    expect(JSON.stringify(filesOf())).not.toContain('nopass');
  });

  test('takes another policy and further directives', () => {
    const lines = confOf({ evictionPolicy: 'volatile-ttl', config: { timeout: '300', activedefrag: 'yes' } });
    expect(lines).toContain('maxmemory-policy volatile-ttl');
    expect(lines.slice(-2)).toEqual(['activedefrag yes', 'timeout 300']);
  });

  test('leaves nothing open that is about files and replicas alone', () => {
    const names = DIRECTIVES.flatMap((directive) => directive.names).filter((name) =>
      /^(aof|rdb|repl|slave|bgsave)|-(aof|rdb|replicas?|slaves?)-/.test(name),
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !REFUSED_BY_CACHE.some(([family]) => family.test(name)))).toEqual([]);
  });
});

describe('a client of a cache', () => {
  const envOf = (props: Partial<RedisCacheProps>): unknown =>
    only(
      synth((chart) => {
        const cache = new RedisCache(chart, 'cache', { name: 'pages', password: PASSWORD, ...props });
        new WebService(chart, 'web', { ...WEB, name: 'web' }).connectTo(cache);
      }),
      'Deployment',
      'web',
    ).spec.template.spec.containers[0].env;

  test('gets host, port and the file with the password (CH01-46)', () => {
    expect(envOf({})).toEqual([
      { name: 'CACHE_HOST', value: 'pages' },
      { name: 'CACHE_PORT', value: '6379' },
      { name: 'CACHE_PASSWORD_FILE', value: '/var/run/secrets/cache/passwd' },
    ]);
  });

  test('gets no password where there is none', () => {
    expect(envOf(OPEN)).toEqual([
      { name: 'CACHE_HOST', value: 'pages' },
      { name: 'CACHE_PORT', value: '6379' },
    ]);
  });

  test('in another namespace gets the qualified host', () => {
    const app = new App();
    const cache = new RedisCache(newChart('data', 'data', app), 'cache', { name: 'pages', ...OPEN });
    expect(cache.connectionFor(newChart('web', 'far', app)).host).toBe('pages.data.svc');
  });

  test('of a refused cache has no second problem', () => {
    const problems = problemsOf((chart) => {
      const cache = new RedisCache(chart, 'cache', {});
      new WebService(chart, 'web', WEB).connectTo(cache);
    });
    expect(problems).toEqual(['[app/cache] password: props/required']);
  });
});

describe('the password of a cache', () => {
  test('is required, unless a reason says why there is none (CH01-35, DX-29)', () => {
    expect(refusals({ password: undefined })).toEqual(['[app/cache] password: props/required']);
    expect(messageOf({ password: undefined })).toContain("say why in 'withoutPassword'");
    expect(refusals(OPEN)).toEqual([]);
    expect(deploymentOf(OPEN).metadata.annotations).toEqual({
      'security-exception/without-password': 'nothing in it is secret',
    });
  });

  test.each([['because'], [' '.repeat(20)], [true], [null]])('is not waived by %p (CH01-35)', (withoutPassword) => {
    expect(refusals({ password: undefined, withoutPassword })).toEqual(['[app/cache] withoutPassword: props/value']);
  });

  test('and a reason for none exclude each other, and a literal is not repeated (DX-29)', () => {
    expect(refusals({ ...OPEN, password: PASSWORD })).toEqual(['[app/cache] password: props/conflict']);
    expect(refusals({ ...OPEN, alsoAccepts: PASSWORD })).toEqual(['[app/cache] alsoAccepts: props/conflict']);
    expect(messageOf({ ...OPEN, password: 'hunter2' })).not.toContain('hunter2');
    expect(refusals({ password: 'hunter2' })).toEqual(['[app/cache] password: secret/literal-password']);
  });

  test('may have a second one beside it', () => {
    const alsoAccepts = { secret: SecretRef.named('next-passwd'), key: 'passwd' };
    expect(podOf({ alsoAccepts }).containers[0].volumeMounts.slice(-2)).toEqual([
      { name: 'pages-passwd', mountPath: '/var/run/secrets/redis', readOnly: true },
      { name: 'next-passwd', mountPath: '/var/run/secrets/redis-other', readOnly: true },
    ]);
  });
});

describe('a prop of a cache', () => {
  test.each([
    [{ evictionPolicy: 'noeviction' }, 'evictionPolicy: props/value'],
    [{ maxMemory: Size.mebibytes(15) }, 'maxMemory: props/value'],
    [{ image: 'docker.io/library/redis:6.2.14' }, 'image: redis/server-version'],
    [{ cpu: 0.5 }, 'cpu: props/value'],
    [{ name: 'a'.repeat(53) }, 'name: app/object-name'],
    [{ storage: Size.gibibytes(1) }, 'storage: props/unknown'],
    [{ storageClassName: 'fast' }, 'storageClassName: props/unknown'],
    [{ fsync: 'always' }, 'fsync: props/unknown'],
    [{ replicas: 3 }, 'replicas: props/unknown'],
    [{ budget: 1 }, 'budget: props/unknown'],
    [{ startupTimeout: 1 }, 'startupTimeout: props/unknown'],
  ])('%p is refused', (props, message) => {
    expect(refusals(props)).toEqual([`[app/cache] ${message}`]);
  });

  test('that belongs to Redis is refused with what to do', () => {
    expect(messageOf({ storage: Size.gibibytes(1) })).toContain('use Redis for data that must stay');
    expect(messageOf({ evictionPolicy: 'noeviction' })).toContain('For data that must stay, use Redis');
    expect(messageOf({ replicas: 2 })).toContain('each pod would have other data');
  });

  test.each([
    ['save', '60 1', 'a cache writes no files'],
    ['appendonly', 'yes', 'a cache writes no files'],
    ['appendfsync', 'always', 'a cache writes no files'],
    ['aof-use-rdb-preamble', 'yes', 'a cache writes no files'],
    ['stop-writes-on-bgsave-error', 'no', 'a cache writes no files'],
    ['repl-backlog-size', '1mb', 'a cache has no replicas'],
    ['min-replicas-to-write', '1', 'a cache has no replicas'],
    ['slave-priority', '1', 'a cache has no replicas'],
    ['masterauth', 'x', 'a cache has no replicas'],
    ['shutdown-timeout', '10', 'a cache has no replicas'],
    ['port', '1', 'clients and probes connect to port 6379 of the pod'],
    ['maxmemory-policy', 'allkeys-lfu', "the block sets it from its prop 'evictionPolicy'"],
    ['requirepass', 'x', "the block configures authentication from its prop 'password'"],
  ])('config: %s is refused', (directive, value, why) => {
    expect(refusals({ config: { [directive]: value } })).toEqual([
      `[app/cache] config['${directive}']: redis/directive`,
    ]);
    expect(messageOf({ config: { [directive]: value } })).toContain(`Remove it: ${why}`);
  });

  test('refuses nothing of a cache to Redis', () => {
    const problems = problemsOf((chart) => {
      new Redis(chart, 'redis', {
        password: PASSWORD,
        storage: Size.gibibytes(10),
        config: { 'repl-backlog-size': '1mb', 'rdbcompression': 'no', 'shutdown-timeout': '10' },
      });
    });
    expect(problems).toEqual([]);
  });
});

test('a cache with its least props gives no warning', () => {
  const chart = newChart();
  new RedisCache(chart, 'cache', {
    password: { secret: new VersionedSecret(chart, 'pages-passwd', { version: 'v1' }), key: 'passwd' },
  });
  new ExistingNamespace(chart, 'namespace', { defaultDeny: false });
  expect(warningsIn(chart)).toEqual([]);
});
