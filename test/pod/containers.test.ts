import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  type ContainerBaseProps,
  Cpu,
  Probe,
  type ProbeTiming,
  Resources,
  type SidecarProps,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
  type WebServiceProps,
} from '../../src';
import { podSize } from '../../src/kubernetes/pod-size';
import { type Manifest, newChart, only, problemsOf, synth, untyped, warningsOf, WEB } from '../support';

/** The pod of a WebService with these props beside the least ones. */
function podOf(props: Partial<WebServiceProps>, more: (web: WebService) => void = () => undefined): Manifest {
  return only(
    synth((chart) => more(new WebService(chart, 'web', { ...WEB, ...props }))),
    'Deployment',
  ).spec.template.spec;
}

function mainOf(props: Partial<WebServiceProps>, more?: (web: WebService) => void): Manifest {
  return podOf(props, more).containers[0];
}

function problemsWith(
  props: Partial<WebServiceProps> | Record<string, unknown>,
  more: (web: WebService) => void = () => undefined,
): string[] {
  return problemsOf((chart) => more(new WebService(chart, 'web', { ...WEB, ...props })));
}

function warningsWith(props: Partial<WebServiceProps>, more: (web: WebService) => void = () => undefined): string[] {
  const warnings = warningsOf((chart) => more(new WebService(chart, 'web', { ...WEB, ...props })));
  // nobody connects to it here
  return warnings.filter((line) => !line.endsWith('network/unreachable-service'));
}

const SIDECAR: SidecarProps = { name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' };
const SMALL = { cpu: Cpu.millis(250), memory: Size.mebibytes(64) };

describe('resources', () => {
  test('every container requests some, by default those of a small service (CH01-16)', () => {
    const pod = podOf({ sidecars: [SIDECAR], initContainers: [{ name: 'init', image: 'ghcr.io/acme/init:1.0.0' }] });
    const expected = {
      requests: { 'cpu': '100m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
      limits: { 'cpu': '400m', 'memory': '128Mi', 'ephemeral-storage': '256Mi' },
    };
    expect(
      [...pod.initContainers, ...pod.containers].map(({ name, resources }: Manifest) => [name, resources]),
    ).toEqual([
      ['proxy', expected],
      ['init', expected],
      ['main', expected],
    ]);
  });

  test('the memory limit is the request, the CPU limit four times the request (CH01-17, CH01-18)', () => {
    expect(mainOf({ resources: Resources.of(SMALL) }).resources).toEqual({
      requests: { 'cpu': '250m', 'memory': '64Mi', 'ephemeral-storage': '256Mi' },
      limits: { 'cpu': '1', 'memory': '64Mi', 'ephemeral-storage': '256Mi' },
    });
  });

  test('limits and disk are as given', () => {
    expect(
      mainOf({
        resources: Resources.of({
          cpu: Cpu.units(1),
          cpuLimit: Cpu.units(1.5),
          memory: Size.gibibytes(1),
          memoryLimit: Size.gibibytes(2),
          ephemeralStorage: Size.mebibytes(1),
        }),
      }).resources,
    ).toEqual({
      requests: { 'cpu': '1', 'memory': '1Gi', 'ephemeral-storage': '1Mi' },
      limits: { 'cpu': '1500m', 'memory': '2Gi', 'ephemeral-storage': '1Mi' },
    });
  });

  test('a limit may equal its request', () => {
    expect(
      problemsWith({ resources: Resources.of({ ...SMALL, cpuLimit: SMALL.cpu, memoryLimit: SMALL.memory }) }),
    ).toEqual([]);
  });

  test.each<[string, Partial<WebServiceProps>, string]>([
    ['another path', { writablePaths: ['/var/cache'] }, '320Mi'],
    ['a size', { writablePaths: ['/var/cache'], writableSize: Size.gibibytes(5) }, '10432Mi'],
    ['a small size', { writableSize: Size.mebibytes(8) }, '200Mi'],
  ])('by default, the disk has room for the logs and for all scratch volumes: %s', (_title, props, amount) => {
    for (const resources of [undefined, Resources.of(SMALL), Resources.withoutCpuLimit(SMALL)]) {
      const { requests, limits } = mainOf({ ...props, resources }).resources;
      expect([requests['ephemeral-storage'], limits['ephemeral-storage']]).toEqual([amount, amount]);
    }
  });

  test('a disk without room for scratch volumes of a stated size is refused: the kubelet would evict the pod', () => {
    const disk = (mebibytes: number): Resources =>
      Resources.of({ ...SMALL, ephemeralStorage: Size.mebibytes(mebibytes) });
    const scratch = { writablePaths: ['/var/cache'], writableSize: Size.mebibytes(100) };
    expect(problemsWith({ ...scratch, resources: disk(200) })).toEqual([]);
    expect(problemsWith({ ...scratch, resources: disk(199) })).toEqual([
      '[app/web] resources.ephemeralStorage: workload/ephemeral-storage',
    ]);
    expect(problemsWith({ sidecars: [{ ...SIDECAR, ...scratch, resources: disk(199) }] })[0]).toContain(
      'sidecars[0].resources.ephemeralStorage: workload/ephemeral-storage',
    );
  });

  test('CPU without limit', () => {
    expect(mainOf({ resources: Resources.withoutCpuLimit(SMALL) }).resources).toEqual({
      requests: { 'cpu': '250m', 'memory': '64Mi', 'ephemeral-storage': '256Mi' },
      limits: { 'memory': '64Mi', 'ephemeral-storage': '256Mi' },
    });
  });

  test('none at all', () => {
    expect(mainOf({ resources: Resources.none() })).not.toHaveProperty('resources');
  });

  test('quality guaranteed makes all limits equal to their requests (CH01-17)', () => {
    const equal = { 'cpu': '250m', 'memory': '64Mi', 'ephemeral-storage': '256Mi' };
    const pod = podOf({
      quality: 'guaranteed',
      resources: Resources.of(SMALL),
      sidecars: [{ ...SIDECAR, resources: Resources.of(SMALL) }],
    });
    expect([...pod.initContainers, ...pod.containers].map((container: Manifest) => container.resources)).toEqual(
      new Array(2).fill({ requests: equal, limits: equal }),
    );
  });

  test.each([
    [Resources.none()],
    [Resources.withoutCpuLimit(SMALL)],
    [Resources.of({ ...SMALL, cpuLimit: Cpu.units(1) })],
    [Resources.of({ ...SMALL, memoryLimit: Size.gibibytes(1) })],
  ])('quality guaranteed refuses limits that differ, case %# (CH01-17)', (resources) => {
    expect(problemsWith({ quality: 'guaranteed', resources })).toEqual([
      '[app/web] resources: workload/guaranteed-resources',
    ]);
  });

  test('quality guaranteed takes limits that are written out and equal', () => {
    expect(
      problemsWith({
        quality: 'guaranteed',
        resources: Resources.of({ ...SMALL, cpuLimit: SMALL.cpu, memoryLimit: SMALL.memory }),
      }),
    ).toEqual([]);
  });

  test('a limit below its request is refused (CH01-18)', () => {
    expect(
      problemsWith({
        resources: Resources.of({
          cpu: Cpu.units(1),
          cpuLimit: Cpu.millis(999),
          memory: Size.mebibytes(64),
          memoryLimit: Size.mebibytes(63),
        }),
      }),
    ).toEqual([
      '[app/web] resources.cpuLimit: workload/limit-below-request',
      '[app/web] resources.memoryLimit: workload/limit-below-request',
    ]);
  });

  test('requests are required, of our types, and not too small (CH01-16)', () => {
    expect(
      problemsWith({
        resources: Resources.of(untyped({ cpu: '500m', memory: Size.mebibytes(3), cpuLimt: Cpu.units(1) })),
      }),
    ).toEqual([
      '[app/web] resources.cpu: props/value',
      '[app/web] resources.memory: props/value',
      '[app/web] resources.cpuLimt: props/unknown',
    ]);
    expect(problemsWith({ resources: Resources.of(null as never) })[0]).toBe('[app/web] resources: props/object');
    expect(problemsWith({ resources: { cpu: 1 } })).toEqual(['[app/web] resources: props/value']);
  });

  test('without a CPU limit, one is an unknown prop', () => {
    expect(
      problemsWith({ resources: Resources.withoutCpuLimit(untyped({ ...SMALL, cpuLimit: Cpu.units(1) })) }),
    ).toEqual(['[app/web] resources.cpuLimit: props/unknown']);
  });

  test('those of a sidecar are named by its place (CH01-18)', () => {
    expect(
      problemsWith({ sidecars: [{ ...SIDECAR, resources: Resources.of({ ...SMALL, cpuLimit: Cpu.millis(1) }) }] }),
    ).toEqual(['[app/web] sidecars[0].resources.cpuLimit: workload/limit-below-request']);
  });

  test.each<[string, Array<['main' | 'init' | 'sidecar', number]>, number]>([
    ['the main container alone', [['main', 5]], 5],
    [
      'sidecars run beside it',
      [
        ['main', 5],
        ['sidecar', 2],
        ['sidecar', 3],
      ],
      10,
    ],
    [
      'the largest init container counts, not their sum',
      [
        ['main', 5],
        ['init', 7],
        ['init', 8],
      ],
      8,
    ],
    [
      'small init containers do not count',
      [
        ['main', 5],
        ['init', 4],
      ],
      5,
    ],
    [
      'sidecars run beside init containers too',
      [
        ['main', 5],
        ['init', 7],
        ['sidecar', 2],
      ],
      9,
    ],
    [
      'the order of the list does not matter',
      [
        ['init', 7],
        ['sidecar', 2],
        ['main', 5],
      ],
      9,
    ],
    [
      'the sum wins where it is larger',
      [
        ['main', 8],
        ['sidecar', 3],
        ['init', 7],
      ],
      11,
    ],
  ])('of a pod: %s', (_title, containers, total) => {
    const sized = containers.map(([role, amount]) => ({
      role,
      resources: { cpu: { request: amount, limit: 2 * amount } },
    }));
    expect(podSize(sized)).toEqual({
      requests: { cpu: total, memory: 0, ephemeralStorage: 0 },
      limits: { cpu: 2 * total },
    });
    expect(podSize(sized, { cpu: 250, memory: 64 }).requests).toEqual({
      cpu: total + 250,
      memory: 64,
      ephemeralStorage: 0,
    });
    expect(podSize(sized, { cpu: 250, memory: 64 }).limits).toEqual({ cpu: 2 * total + 250 });
  });

  test('of a pod: one container without a limit leaves the limit open, its request counts', () => {
    const limited = {
      role: 'main' as const,
      resources: { cpu: { request: 5, limit: 9 }, memory: { request: 10, limit: 10 } },
    };
    const open = { role: 'sidecar' as const, resources: { cpu: { request: 2 }, memory: { request: 3, limit: 4 } } };
    expect(podSize([limited, open])).toEqual({
      requests: { cpu: 7, memory: 13, ephemeralStorage: 0 },
      limits: { memory: 14 },
    });
  });
});

describe('probes', () => {
  const TIMING: ProbeTiming = {
    initialDelay: Duration.seconds(7),
    period: Duration.minutes(1),
    timeout: Duration.seconds(3),
    failureThreshold: 9,
  };
  const TIMED = { initialDelaySeconds: 7, periodSeconds: 60, timeoutSeconds: 3, failureThreshold: 9 };
  const READINESS = { periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3 };
  const PORTS = {
    portName: 'web',
    extraPorts: [
      { name: 'admin', port: 9000 },
      { name: 'dns', port: 5353, protocol: 'UDP' as const },
    ],
  };

  test.each<[string, Probe, object]>([
    ['a path', Probe.httpGet('/readyz'), { httpGet: { path: '/readyz', port: 'web', scheme: 'HTTP' }, ...READINESS }],
    [
      'a path with all options',
      Probe.httpGet('/r?full=1', {
        ...TIMING,
        port: 9000,
        scheme: 'HTTPS',
        headers: { 'Host': 'shop', 'X-Empty': '' },
      }),
      {
        httpGet: {
          path: '/r?full=1',
          port: 'admin',
          scheme: 'HTTPS',
          httpHeaders: [
            { name: 'Host', value: 'shop' },
            { name: 'X-Empty', value: '' },
          ],
        },
        ...TIMED,
      },
    ],
    ['a port', Probe.tcpSocket({ portName: 'admin' }), { tcpSocket: { port: 'admin' }, ...READINESS }],
    ['a port with timing', Probe.tcpSocket(TIMING), { tcpSocket: { port: 'web' }, ...TIMED }],
    ['the port only', Probe.portOnly(), { tcpSocket: { port: 'web' }, ...READINESS }],
    ['gRPC, whose port is a number', Probe.grpc({ portName: 'admin' }), { grpc: { port: 9000 }, ...READINESS }],
    [
      'a gRPC service',
      Probe.grpc({ ...TIMING, service: 'shop.v1' }),
      { grpc: { port: 8080, service: 'shop.v1' }, ...TIMED },
    ],
    ['a command', Probe.exec(['check', '--quick'], TIMING), { exec: { command: ['check', '--quick'] }, ...TIMED }],
  ])('ask %s', (_title, readiness, rendered) => {
    expect(mainOf({ ...PORTS, readiness, liveness: Probe.none() }).readinessProbe).toEqual(rendered);
  });

  test('liveness by another path runs every 10 s', () => {
    expect(mainOf({ liveness: Probe.httpGet('/healthz') }).livenessProbe).toEqual({
      httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
      periodSeconds: 10,
      timeoutSeconds: 2,
      failureThreshold: 3,
    });
  });

  test('copy the command that they are given', () => {
    const command = ['check'];
    const readiness = Probe.exec(command);
    expect(mainOf({ readiness }, () => void command.push('--late')).readinessProbe.exec.command).toEqual(['check']);
  });

  test.each<[string, Probe, string[]]>([
    ['another number', Probe.httpGet('/', { port: 8081 }), ['readiness: reference/missing-port']],
    ['another name', Probe.tcpSocket({ portName: 'http' }), ['readiness: reference/missing-port']],
    ['a UDP port', Probe.grpc({ port: 5353 }), ['readiness: reference/missing-port']],
    ['both', Probe.tcpSocket({ port: 9000, portName: 'admin' }), ['readiness.port: props/conflict']],
  ])('ask only a port of the container, not %s (DX-04)', (_title, readiness, messages) => {
    expect(problemsWith({ ...PORTS, readiness })).toEqual(messages.map((message) => `[app/web] ${message}`));
  });

  test.each<[string, Probe, string[]]>([
    ['a path without /', Probe.httpGet('readyz', { scheme: 'HTTPS', headers: { a: 'b' } }), ['readiness: props/value']],
    ['a path with a space', Probe.httpGet('/a b'), ['readiness: props/value']],
    ['a missing path', Probe.httpGet(undefined as never), ['readiness: props/value']],
    ['a bad header', Probe.httpGet('/', { headers: { 'a b': 'c' } }), ["readiness.headers['a b']: props/value"]],
    ['a bad scheme', Probe.httpGet('/', untyped({ scheme: 'https' })), ['readiness.scheme: props/value']],
    ['an empty command', Probe.exec([]), ['readiness: props/empty-list']],
    ['an empty word', Probe.exec(['sh', '']), ['readiness[1]: props/value']],
    ['a command in one string', Probe.exec('check' as never), ['readiness: props/value']],
    ['an empty gRPC service', Probe.grpc({ service: '' }), ['readiness.service: props/value']],
    ['an option of another kind', Probe.tcpSocket(untyped({ scheme: 'HTTP' })), ['readiness.scheme: props/unknown']],
    [
      'bad timing',
      Probe.httpGet('/', {
        initialDelay: Duration.hours(2),
        period: Duration.seconds(0),
        timeout: Duration.millis(1500),
        failureThreshold: 0,
      }),
      [
        'readiness.initialDelay: props/value',
        'readiness.period: props/value',
        'readiness.timeout: props/value',
        'readiness.failureThreshold: props/value',
      ],
    ],
    ['options that are none', Probe.httpGet('/', null as never), ['readiness: props/object']],
  ])('refuse %s', (_title, readiness, messages) => {
    expect(problemsWith({ readiness, liveness: Probe.none() })).toEqual(
      messages.map((message) => `[app/web] ${message}`),
    );
  });

  test('liveness that asks what readiness asks is refused, whatever its timing (CH05-21)', () => {
    const message = (prop: string): string => `[app/web] ${prop}: workload/liveness-same-as-readiness`;
    expect(problemsWith({ liveness: Probe.httpGet('/readyz', TIMING) })).toEqual([message('liveness')]);
    expect(
      problemsWith({
        sidecars: [
          {
            ...SIDECAR,
            ports: [{ name: 'proxy', port: 9000 }],
            readiness: Probe.tcpSocket(),
            liveness: Probe.tcpSocket(),
          },
        ],
      }),
    ).toEqual([message('sidecars[0].liveness')]);
  });

  test('liveness can be that of readiness by name, also of a sidecar (CH05-21)', () => {
    const pod = podOf({
      liveness: Probe.sameAsReadiness(),
      sidecars: [
        {
          ...SIDECAR,
          ports: [{ name: 'proxy', port: 9000 }],
          readiness: Probe.tcpSocket({ failureThreshold: 5 }),
          liveness: Probe.sameAsReadiness(),
        },
      ],
    });
    expect(pod.containers[0].livenessProbe).toEqual({
      httpGet: { path: '/readyz', port: 'http', scheme: 'HTTP' },
      periodSeconds: 10,
      timeoutSeconds: 2,
      failureThreshold: 3,
    });
    expect(pod.initContainers[0].livenessProbe).toEqual({
      tcpSocket: { port: 'proxy' },
      periodSeconds: 10,
      timeoutSeconds: 2,
      failureThreshold: 5,
    });
  });

  test('startup can be that of readiness, also of a sidecar', () => {
    const pod = podOf({
      startup: Probe.sameAsReadiness(),
      sidecars: [
        {
          ...SIDECAR,
          ports: [{ name: 'proxy', port: 9000 }],
          readiness: Probe.tcpSocket({ initialDelay: Duration.seconds(9), failureThreshold: 5 }),
          startup: Probe.sameAsReadiness(),
        },
      ],
    });
    expect(pod.containers[0].startupProbe).toEqual({
      httpGet: { path: '/readyz', port: 'http', scheme: 'HTTP' },
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 3,
    });
    expect(pod.initContainers[0].startupProbe).toEqual({
      tcpSocket: { port: 'proxy' },
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 5,
    });
  });

  test('the same as readiness is no reason to restart at its first failure, also of a sidecar (row B12)', () => {
    const readiness = Probe.httpGet('/readyz', {
      failureThreshold: 1,
      timeout: Duration.seconds(7),
      initialDelay: Duration.seconds(9),
    });
    const times = (timing?: ProbeTiming): Manifest[] => {
      const same = Probe.sameAsReadiness(timing);
      const shared = { readiness, liveness: same, startup: same };
      const pod = podOf({ ...shared, sidecars: [{ ...SIDECAR, ...shared, ports: [{ name: 'proxy', port: 9000 }] }] });
      return [...pod.containers, ...pod.initContainers].flatMap(({ livenessProbe, startupProbe }) =>
        [livenessProbe, startupProbe].map((probe: Manifest) => ({ ...probe, httpGet: undefined })),
      );
    };
    const live = { initialDelaySeconds: 9, periodSeconds: 10, timeoutSeconds: 7, failureThreshold: 3 };
    const start = { periodSeconds: 5, timeoutSeconds: 7, failureThreshold: 3 };
    expect(times()).toEqual([live, start, live, start]);
    const own = { period: Duration.seconds(20), timeout: Duration.seconds(3), failureThreshold: 6 };
    const timed = { periodSeconds: 20, timeoutSeconds: 3, failureThreshold: 6 };
    expect(times(own)).toEqual([{ ...live, ...timed }, timed, { ...live, ...timed }, timed]);
    expect(problemsWith({ liveness: Probe.sameAsReadiness(untyped({ period: 20, path: '/a' })) })).toEqual([
      '[app/web] liveness.period: props/value',
      '[app/web] liveness.path: props/unknown',
    ]);
  });

  test.each(['/health*', '/a#b', '/{id}', '/^v[0-9]+', '/`a`', '/a|b'])('no check asks for %s (row B6)', (path) => {
    const probe = Probe.httpGet(path);
    const sidecar = { ...SIDECAR, ports: [{ name: 'proxy', port: 9000 }], readiness: probe };
    expect(problemsWith({ readiness: probe, startup: probe, sidecars: [sidecar] })).toEqual([
      '[app/web] readiness: props/value',
      '[app/web] startup: props/value',
      '[app/web] sidecars[0].readiness: props/value',
    ]);
    expect(problemsWith({ readiness: Probe.httpGet('/r?full=1&names=[a]') })).toEqual([]);
  });

  test('the same as readiness is refused where there is none to share', () => {
    const same = Probe.sameAsReadiness();
    const message = (kind: string): string => `[app/web] sidecars[0].${kind}: workload/same-as-readiness`;
    expect(problemsWith({ sidecars: [{ ...SIDECAR, liveness: same, startup: same }] })).toEqual([
      message('liveness'),
      message('startup'),
    ]);
    expect(problemsWith({ sidecars: [{ ...SIDECAR, readiness: Probe.none(), startup: same }] })).toEqual([
      message('startup'),
    ]);
    expect(problemsWith({ sidecars: [{ ...SIDECAR, readiness: same, liveness: same }] })).toEqual([
      message('readiness'),
    ]);
  });

  test('of a sidecar ask its own ports (DX-04)', () => {
    expect(problemsWith({ sidecars: [{ ...SIDECAR, readiness: Probe.httpGet('/ready', { port: 8080 }) }] })).toEqual([
      '[app/web] sidecars[0].readiness: reference/missing-port',
    ]);
  });

  test('an init container has none: it must end', () => {
    expect(
      problemsWith({
        initContainers: [untyped({ name: 'init', image: 'ghcr.io/acme/init:1.0.0', readiness: Probe.portOnly() })],
      }),
    ).toEqual(['[app/web] initContainers[0].readiness: props/unknown']);
  });
});

describe('environment variables', () => {
  test('are literals or values of cdk8s-plus', () => {
    const { env } = mainOf({}, (web) => {
      const secret = kplus.Secret.fromSecretName(web, 'ref', 'db');
      web.addEnv('PLAIN', '');
      web.addEnv('LITERAL', kplus.EnvValue.fromValue('x'));
      web.addEnv('KEY', kplus.EnvValue.fromSecretValue({ secret, key: 'user' }));
      web.addEnv('NODE', kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.NODE_NAME));
    });
    expect(env).toEqual([
      { name: 'PLAIN', value: '' },
      { name: 'LITERAL', value: 'x' },
      { name: 'KEY', valueFrom: { secretKeyRef: { name: 'db', key: 'user' } } },
      { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    ]);
  });

  test.each([[5], [null], [{}], [{ value: 5 }], [{ valueFrom: null }], [{ valueFrom: 5 }], [true]])(
    'refuse %p as a value',
    (value) => {
      expect(problemsWith({ env: { NAME: value } })).toEqual(["[app/web] env['NAME']: props/value"]);
    },
  );

  test('refuse a bad name', () => {
    expect(problemsWith({ env: { '1A': 'x' } })).toEqual(["[app/web] env['1A']: props/value"]);
  });

  test('must be declared where a command line refers to them (CH04-22)', () => {
    expect(
      problemsWith({
        command: ['run', '$(HOME)'],
        args: ['--at=$(PLACE)', '$$(ESCAPED)', '$$$(TWICE)', '$(not a name)', '${SHELL}'],
        env: { PLACE: 'here' },
      }),
    ).toEqual(['[app/web] command: workload/undeclared-variable', '[app/web] args: workload/undeclared-variable']);
  });

  test('of a sidecar are its own (CH04-22)', () => {
    expect(problemsWith({ env: { PLACE: 'here' }, sidecars: [{ ...SIDECAR, args: ['$(PLACE)'] }] })).toEqual([
      '[app/web] proxy.args: workload/undeclared-variable',
    ]);
  });

  test('may be declared after the command line, or come from a ConfigMap with its prefix (CH04-22)', () => {
    const withConfig = (args: string[]): string[] =>
      problemsOf((chart) => {
        const web = new WebService(chart, 'web', { ...WEB, args });
        web.addEnv('LATE', 'x');
        web.addEnvFrom(new VersionedConfigMap(chart, 'config', { data: { PLACE: 'here' } }), { prefix: 'MY_' });
      });
    expect(withConfig(['$(LATE)', '$(MY_PLACE)'])).toEqual([]);
    expect(withConfig(['$(PLACE)'])).toEqual(['[app/web] args: workload/undeclared-variable']);
  });

  test('are not guessed where a source has unknown keys', () => {
    expect(
      problemsWith({ args: ['$(ANY)'] }, (web) =>
        web.addEnvFrom(kplus.Env.fromSecret(kplus.Secret.fromSecretName(web, 'ref', 'db'))),
      ),
    ).toEqual([]);
  });

  test('may refer to others, which come before them whatever the order of declaration (CH04-22)', () => {
    const { env } = mainOf(
      { env: { CACHE_URL: 'redis://$(CACHE_HOST):$(CACHE_PORT)/0', TEXT: '$$(CACHE_HOST)', PLAIN: 'x' } },
      (web) => {
        web.addEnv('CACHE_PORT', '6379');
        web.addEnv('CACHE_HOST', '$(PLAIN)-redis');
      },
    );
    expect(env).toEqual([
      { name: 'PLAIN', value: 'x' },
      { name: 'CACHE_HOST', value: '$(PLAIN)-redis' },
      { name: 'CACHE_PORT', value: '6379' },
      { name: 'CACHE_URL', value: 'redis://$(CACHE_HOST):$(CACHE_PORT)/0' },
      { name: 'TEXT', value: '$$(CACHE_HOST)' },
    ]);
  });

  test('may not refer to what nobody declares, nor in a circle (CH04-22)', () => {
    const refused = (prop: string): string => `[app/web] ${prop}: workload/undeclared-variable`;
    const circle = (first: string): string => `[app/web] env['${first}']: workload/variable-circle`;
    expect(problemsWith({ env: { X: 'a $(NOPE)' }, sidecars: [{ ...SIDECAR, env: { Y: '$(X)' } }] })).toEqual([
      refused("env['X']"),
      refused("proxy.env['Y']"),
    ]);
    expect(problemsWith({ env: { A: '$(B)', B: '$(C)', C: '$(B)' } })).toEqual([circle('B')]);
    expect(problemsWith({ env: { A: '$(B)', B: '$(A)', Z: '$(Z)' } })).toEqual([circle('A'), circle('Z')]);
    expect(problemsWith({ env: { PATH: '$(PATH):/opt/bin' } })).toEqual([circle('PATH')]);
  });

  test('may refer to those that Kubernetes gives each container', () => {
    const api = 'https://$(KUBERNETES_SERVICE_HOST):$(KUBERNETES_SERVICE_PORT)';
    expect(
      problemsWith({
        env: { MASTER: api, KUBERNETES_PORT: '$(KUBERNETES_PORT)' },
        command: ['run', api],
        args: ['$(KUBERNETES_SERVICE_PORT_HTTPS)', '$(KUBERNETES_PORT_443_TCP_ADDR)'],
      }),
    ).toEqual([]);
    expect(problemsWith({ args: ['$(REDIS_SERVICE_HOST)'] })).toHaveLength(1);
  });

  test('may extend those that a ConfigMap or a Secret gives (CH04-22)', () => {
    const env = { JAVA_OPTS: '$(JAVA_OPTS) -Xmx64m', OTHER: '$(MODE)' };
    expect(
      problemsWith({ env }, (web) =>
        web.addEnvFrom(new VersionedConfigMap(web, 'config', { data: { JAVA_OPTS: '-ea', MODE: 'a' } })),
      ),
    ).toEqual([]);
    expect(
      problemsWith({ env }, (web) =>
        web.addEnvFrom(kplus.Env.fromSecret(kplus.Secret.fromSecretName(web, 'ref', 'db'))),
      ),
    ).toEqual([]);
  });

  test('refuse a literal credential without quoting it, unless it is allowed by name (CH01-37)', () => {
    const env = { DB_URL: 'postgres://shop:hunter2hunter2@db' };
    const messages = problemsWith({ env, sidecars: [{ ...SIDECAR, env }] });
    expect(messages).toEqual(['', 'sidecars[0].'].map((prefix) => `[app/web] ${prefix}env['DB_URL']: secret/in-env`));
    expect(messages.join()).not.toContain('hunter2');
    expect(problemsWith({ env, allowSecretLookingEnv: ['DB_URL'] })).toEqual([]);
  });

  test('warn of a literal by the name of a credential, unless it is allowed by name (CH01-37, C1)', () => {
    const env = { DB_PASSWORD: 'hunter2hunter2' };
    const warnings = warningsWith({ env, sidecars: [{ ...SIDECAR, env }] });
    expect(warnings).toEqual(
      ['', 'sidecars[0].'].map((prefix) => `[app/web] ${prefix}env['DB_PASSWORD']: secret/by-name`),
    );
    expect(problemsWith({ env })).toEqual([]);
    expect(warningsWith({ env, allowSecretLookingEnv: ['DB_PASSWORD'] })).toEqual([]);
  });

  test('that only warn are written, however they are rendered (C1)', () => {
    const chart = newChart();
    const web = new WebService(chart, 'web', { ...WEB, env: { DB_PASSWORD: 'hunter2' } });
    expect(web.deployment.toJson()).toMatchObject({
      spec: { template: { spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: 'hunter2' }] }] } } },
    });
  });

  test('that may look like credentials may be added later, too', () => {
    const add = (web: WebService): void => web.addEnv('API_TOKEN', 'none of these');
    expect(warningsWith({}, add)).toEqual(["[app/web] addEnv['API_TOKEN']: secret/by-name"]);
    expect(warningsWith({ allowSecretLookingEnv: ['API_TOKEN'] }, add)).toEqual([]);
  });

  test('are the way of a credential to the command line, which has none itself (CH01-37)', () => {
    const refused = (prop: string): string => `[app/web] ${prop}: secret/in-command`;
    const args = ['-v', '--requirepass=hunter2'];
    expect(warningsWith({ args: ['-v', '--password=hunter2'] })).toEqual(['[app/web] args[1]: secret/by-name']);
    expect(
      problemsWith({ command: ['server', '--db=postgres://u:hunter2@h/db'], args, sidecars: [{ ...SIDECAR, args }] }),
    ).toEqual([refused('command[1]'), refused('args[1]'), refused('sidecars[0].args[1]')]);
    expect(
      problemsWith({ args: ['--password=$(DB_PASSWORD)'] }, (web) =>
        web.addEnv('DB_PASSWORD', new VersionedSecret(web, 'db', { version: 'v1' }).envValue('password')),
      ),
    ).toEqual([]);
  });

  test('are not for probes, which have no credential either (CH01-37)', () => {
    const refused = (prop: string): string => `[app/web] ${prop}: secret/in-probe`;
    expect(
      problemsWith({
        readiness: Probe.httpGet('/readyz', { headers: { 'Authorization': 'Bearer abcdef', 'X-Probe': 'kubelet' } }),
        liveness: Probe.exec(['redis-cli', '-a', 'hunter2', 'ping']),
      }),
    ).toEqual([refused("readiness.headers['Authorization']"), refused('liveness[2]')]);
    expect(
      warningsWith({
        readiness: Probe.httpGet('/readyz', { headers: { 'X-Api-Key': 'abcdef' } }),
        liveness: Probe.exec(['check', '--password=hunter2']),
      }),
    ).toEqual(["[app/web] readiness.headers['X-Api-Key']: secret/by-name", '[app/web] liveness[1]: secret/by-name']);
  });
});

describe('security', () => {
  const RESTRICTED = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  };
  const OTHERS = { sidecars: [SIDECAR], initContainers: [{ name: 'init', image: 'ghcr.io/acme/init:1.0.0' }] };
  const contexts = (pod: Manifest): object[] =>
    [...pod.initContainers, ...pod.containers].map((container: Manifest) => container.securityContext);

  test('is Pod Security restricted for the pod and for each of its containers', () => {
    const pod = podOf(OTHERS);
    expect(pod.securityContext).toEqual({
      runAsNonRoot: true,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
    });
    expect(contexts(pod)).toEqual(new Array(3).fill({ ...RESTRICTED, runAsUser: 65532, runAsGroup: 65532 }));
  });

  test('the user of the workload is that of its containers, unless they have their own', () => {
    const pod = podOf({ ...OTHERS, user: 1000, sidecars: [{ ...SIDECAR, user: 101 }] });
    expect([pod.securityContext.runAsUser, pod.securityContext.runAsGroup, pod.securityContext.fsGroup]).toEqual([
      1000, 1000, 1000,
    ]);
    expect(contexts(pod).map((context: Manifest) => [context.runAsUser, context.runAsGroup])).toEqual([
      [101, 101],
      [1000, 1000],
      [1000, 1000],
    ]);
  });

  test('with user false the platform assigns one', () => {
    const pod = podOf({ ...OTHERS, user: false });
    expect(pod.securityContext).toEqual({
      runAsNonRoot: true,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(contexts(pod)).toEqual(new Array(3).fill(RESTRICTED));
  });

  test.each([[0], [-1], [1.5], [2_147_483_648], ['root'], [null]])('refuses the user %p', (user) => {
    expect(problemsWith({ user })).toEqual(['[app/web] user: workload/root-user']);
  });
});

describe('volumes', () => {
  test('every container can write to a /tmp of its own, and to the paths it names (CH16-50)', () => {
    const pod = podOf({ writablePaths: ['/var/cache/app'], writableSize: Size.mebibytes(8), sidecars: [SIDECAR] });
    expect(pod.containers[0].volumeMounts).toEqual([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'var-cache-app', mountPath: '/var/cache/app' },
    ]);
    expect(pod.initContainers[0].volumeMounts).toEqual([{ name: 'tmp-proxy', mountPath: '/tmp' }]);
    expect(pod.volumes).toEqual([
      { name: 'tmp', emptyDir: { sizeLimit: '8Mi' } },
      { name: 'var-cache-app', emptyDir: { sizeLimit: '8Mi' } },
      { name: 'tmp-proxy', emptyDir: { sizeLimit: '64Mi' } },
    ]);
  });

  test('/tmp, and a path that is named twice, is writable once', () => {
    expect(problemsWith({ writablePaths: ['/tmp', '/var/a', '/var/a'] })).toEqual([]);
    const pod = podOf({ writablePaths: ['/tmp', '/var/a', '/var/a'] });
    expect(pod.containers[0].volumeMounts).toEqual([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'var-a', mountPath: '/var/a' },
    ]);
    expect(pod.containers[0].resources.limits['ephemeral-storage']).toBe('320Mi');
  });

  test('a Secret is mounted read-only, its files for user and group alone (CH01-44)', () => {
    const pod = podOf({}, (web) => {
      web.mountSecret('/var/run/secrets/db', kplus.Secret.fromSecretName(web, 'ref', 'db'));
      web.mount('/var/run/secrets/api', new VersionedSecret(web, 'api', { version: 'v1' }), {
        items: { key: 'api/key' },
      });
      web.mount(
        '/var/run/secrets/plus',
        kplus.Volume.fromSecret(web, 'plus', kplus.Secret.fromSecretName(web, 'ref2', 'plus')),
      );
    });
    expect(pod.volumes.slice(1).map((volume: Manifest) => volume.secret)).toEqual([
      { secretName: 'db', defaultMode: 0o440 },
      { secretName: 'api-v1', defaultMode: 0o440, items: [{ key: 'key', path: 'api/key' }] },
      { secretName: 'plus', defaultMode: 0o440 },
    ]);
    expect(
      pod.containers[0].volumeMounts.slice(1).map(({ mountPath, readOnly }: Manifest) => [mountPath, readOnly]),
    ).toEqual([
      ['/var/run/secrets/db', true],
      ['/var/run/secrets/api', true],
      ['/var/run/secrets/plus', true],
    ]);
  });

  test('a mode that cdk8s-plus was given stays', () => {
    const pod = podOf({}, (web) =>
      web.mount(
        '/certs',
        kplus.Volume.fromSecret(web, 'plus', kplus.Secret.fromSecretName(web, 'ref', 'certs'), { defaultMode: 0o400 }),
      ),
    );
    expect(pod.volumes[1].secret).toEqual({ secretName: 'certs', defaultMode: 0o400 });
  });

  test('a directory of cdk8s-plus is writable unless told otherwise', () => {
    const mounts = [{}, { readOnly: true }].map(
      (options) =>
        mainOf({}, (web) => web.mount('/data', kplus.Volume.fromEmptyDir(web, 'data', 'data'), options))
          .volumeMounts[1],
    );
    expect(mounts).toEqual([
      { name: 'data', mountPath: '/data' },
      { name: 'data', mountPath: '/data', readOnly: true },
    ]);
  });

  test('the keys of a ConfigMap can be chosen, and one path mounted alone (CH04-11)', () => {
    const pod = podOf({}, (web) => {
      const config = new VersionedConfigMap(web, 'config', {
        name: 'settings',
        data: { 'a.conf': 'a', 'b.conf': 'b' },
      });
      web.mount('/etc/app', config, { items: { 'a.conf': 'conf.d/a' } });
      web.mount('/etc/b.conf', config, { subPath: 'b.conf' });
    });
    expect(pod.volumes[1].configMap.items).toEqual([{ key: 'a.conf', path: 'conf.d/a' }]);
    expect(pod.containers[0].volumeMounts.slice(1)).toEqual([
      { name: 'settings', mountPath: '/etc/app', readOnly: true },
      { name: pod.volumes[2].name, mountPath: '/etc/b.conf', subPath: 'b.conf', readOnly: true },
    ]);
  });

  test('items are keys with relative paths (CH04-11)', () => {
    expect(
      problemsWith({}, (web) =>
        web.mount('/x', new VersionedSecret(web, 's', { version: 'v1' }), { items: { 'a b': 'x', 'b': '../x' } }),
      ),
    ).toEqual(["[app/web] mount.items['a b']: props/value", "[app/web] mount.items['b']: props/value"]);
  });

  test('a ConfigMap that is watched is not mounted by subPath, which never sees an update (CH04-12)', () => {
    expect(
      problemsWith({}, (web) =>
        web.mount('/x/a', new VersionedConfigMap(web, 'config', { reload: 'watch', data: { a: 'b' } }), {
          subPath: 'a',
        }),
      ),
    ).toEqual(['[app/web] mount.subPath: workload/sub-path-watch']);
  });

  test.each([['/etc/nginx'], ['/'], ['/usr/local/bin']])(
    'a mount at %s would hide files of the image (DX-22)',
    (path) => {
      const mount =
        (options?: object) =>
        (web: WebService): void =>
          web.mount(path, new VersionedSecret(web, 's', { version: 'v1' }), options);
      expect(problemsWith({}, mount())).toEqual(['[app/web] mount.path: workload/mount-hides-files']);
      expect(problemsWith({}, mount({ hidesImageFiles: true }))).toEqual([]);
      expect(problemsWith({}, mount({ subPath: 'one' }))).toEqual([]);
    },
  );

  test('over files that images may have are said, but where they are meant (row B5)', () => {
    const files = (web: WebService): VersionedConfigMap => new VersionedConfigMap(web, 'files', { data: { a: 'b' } });
    for (const path of ['/app', '/srv', '/workspace', '/usr/src/app', '/opt/shop', '/home/node', '/usr/lib/jvm']) {
      expect(warningsWith({}, (web) => web.mount(path, files(web)))).toEqual([
        '[app/web] mount.path: workload/may-hide-files',
      ]);
      expect(warningsWith({}, (web) => web.mount(path, files(web), { hidesImageFiles: true }))).toEqual([]);
      expect(warningsWith({}, (web) => web.mount(path, files(web), { subPath: 'a' }))).toEqual([]);
      expect(warningsWith({}, (web) => web.mount(`${path}/conf/shop`, files(web)))).toEqual([]);
      expect(warningsWith({ writablePaths: [path] })).toEqual(['[app/web] writablePaths: workload/may-hide-files']);
    }
    expect(warningsWith({}, (web) => web.mount('/etc/shop', files(web)))).toEqual([]);
    expect(warningsWith({ sidecars: [{ ...SIDECAR, writablePaths: ['/etc/shop', '/app/cache'] }] })).toEqual([
      '[app/web] proxy.writablePaths: workload/may-hide-files',
    ]);
  });

  test.each(['/bin', '/usr/lib', '/etc', '/etc/ssl/certs', '/usr/local/bin', '/opt', '/var/lib', '/dev', '/proc'])(
    'an empty %s would hide the files of the image, and is refused (row B5)',
    (path) => {
      const extra = { ...SIDECAR, writablePaths: ['/cache', path] };
      const init = { ...extra, name: 'init' };
      expect(problemsWith({ writablePaths: [path], sidecars: [extra], initContainers: [init] })).toEqual([
        '[app/web] writablePaths[0]: workload/mount-hides-files',
        '[app/web] sidecars[0].writablePaths[1]: workload/mount-hides-files',
        '[app/web] initContainers[0].writablePaths[1]: workload/mount-hides-files',
      ]);
    },
  );

  test('directories for the runtime can be written to (row B5)', () => {
    const writablePaths = ['/run', '/var/run', '/var/cache/nginx', '/dev/shm', '/var/log', '/data'];
    expect([problemsWith({ writablePaths }), warningsWith({ writablePaths })]).toEqual([
      [],
      ['[app/web] writablePaths: workload/log-volume'],
    ]);
  });

  test('go to the containers that are named, which must be there', () => {
    const mount =
      (containers: unknown) =>
      (web: WebService): void =>
        web.mount('/x', new VersionedSecret(web, 's', { version: 'v1' }), { containers: containers as string[] });
    const pod = podOf({ sidecars: [SIDECAR] }, mount(['main', 'proxy']));
    expect(
      [...pod.containers, ...pod.initContainers].map((container: Manifest) => container.volumeMounts[1].mountPath),
    ).toEqual(['/x', '/x']);
    for (const given of [['other'], [], 'main']) {
      expect(problemsWith({ sidecars: [SIDECAR] }, mount(given))).toEqual(['[app/web] mount.containers: props/value']);
    }
  });

  test('of anything else are refused', () => {
    expect(problemsWith({}, (web) => web.mount('x', 'config' as never, untyped({ readonly: true })))).toEqual([
      '[app/web] mount.path: props/value',
      '[app/web] mount.readonly: props/unknown',
      '[app/web] mount.storage: props/value',
    ]);
  });
});

describe('placement', () => {
  const base = (topologyKey: string): object => ({
    topologyKey,
    maxSkew: 1,
    labelSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
    matchLabelKeys: ['pod-template-hash'],
  });

  test('spreads softly over hosts and zones by default', () => {
    expect(podOf({}).topologySpreadConstraints).toEqual([
      { ...base('kubernetes.io/hostname'), whenUnsatisfiable: 'ScheduleAnyway' },
      { ...base('topology.kubernetes.io/zone'), whenUnsatisfiable: 'ScheduleAnyway' },
    ]);
  });

  test('spreads hard over hosts and at least two zones, leaving cordoned nodes out', () => {
    expect(podOf({ spread: 'hard' }).topologySpreadConstraints).toEqual([
      { ...base('kubernetes.io/hostname'), whenUnsatisfiable: 'DoNotSchedule', nodeTaintsPolicy: 'Honor' },
      {
        ...base('topology.kubernetes.io/zone'),
        whenUnsatisfiable: 'DoNotSchedule',
        nodeTaintsPolicy: 'Honor',
        minDomains: 2,
      },
    ]);
  });

  test('writes nothing that is not asked for', () => {
    const pod = podOf({ spread: 'none' });
    expect(
      ['topologySpreadConstraints', 'nodeSelector', 'tolerations', 'priorityClassName', 'affinity'].filter(
        (field) => field in pod,
      ),
    ).toEqual([]);
  });

  test('selects nodes, tolerates taints and names a priority', () => {
    const pod = podOf({
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      tolerations: [
        { key: 'dedicated', value: 'web', effect: 'NoSchedule' },
        { key: 'spot' },
        {},
        { key: 'gone', effect: 'NoExecute', seconds: 0 },
      ],
      priorityClassName: 'high',
    });
    expect(pod.nodeSelector).toEqual({ 'kubernetes.io/arch': 'amd64' });
    expect(pod.priorityClassName).toBe('high');
    expect(pod.tolerations).toEqual([
      { key: 'dedicated', operator: 'Equal', value: 'web', effect: 'NoSchedule' },
      { key: 'spot', operator: 'Exists' },
      { operator: 'Exists' },
      { key: 'gone', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 },
    ]);
  });

  test('refuses what the API would refuse', () => {
    expect(
      problemsWith({
        spread: 'even',
        nodeSelector: { 'a b': 'c' },
        tolerations: [{ value: 'x' }, { key: 'a', seconds: 5 }, { key: 'a', value: 'b c' }, { kye: 'a' }, null],
        priorityClassName: 'High',
      }),
    ).toEqual([
      '[app/web] tolerations[0].value: props/conflict',
      '[app/web] tolerations[1].seconds: props/conflict',
      '[app/web] tolerations[2].value: props/value',
      '[app/web] tolerations[3].kye: props/unknown',
      '[app/web] tolerations[4]: props/object',
      "[app/web] nodeSelector['a b']: props/value",
      '[app/web] spread: props/value',
      '[app/web] priorityClassName: props/value',
    ]);
  });
});

describe('ports', () => {
  test('have names, numbers and protocols', () => {
    expect(mainOf({ extraPorts: [{ name: 'dns', port: 5353, protocol: 'UDP', servicePort: 53 }] }).ports).toEqual([
      { name: 'http', containerPort: 8080, protocol: 'TCP' },
      { name: 'dns', containerPort: 5353, protocol: 'UDP' },
    ]);
  });

  test('one number may serve two protocols, with two names', () => {
    expect(problemsWith({ extraPorts: [{ name: 'quic', port: 8080, protocol: 'UDP' }] })).toEqual([]);
  });

  test('differ in name and number', () => {
    expect(problemsWith({ extraPorts: [{ name: 'http', port: 8080 }] })).toEqual([
      '[app/web] extraPorts: workload/duplicate-port',
      '[app/web] extraPorts: workload/duplicate-port',
      '[app/web] extraPorts: workload/duplicate-port',
    ]);
  });

  test('are refused by the part that is wrong', () => {
    expect(
      problemsWith({ port: 3000, extraPorts: [{ name: 'Metrics', port: 0, protocol: 'tcp', serviceport: 1 }] }),
    ).toEqual([
      '[app/web] extraPorts[0].port: props/value',
      '[app/web] extraPorts[0].name: props/value',
      '[app/web] extraPorts[0].protocol: props/value',
      '[app/web] extraPorts[0].serviceport: props/unknown',
    ]);
  });
});

describe('a container', () => {
  test('beside the main one starts before it and is restarted; sidecars come before init containers', () => {
    const pod = podOf({
      initContainers: [{ name: 'init', image: 'ghcr.io/acme/init:1.0.0', command: ['init'] }],
      sidecars: [{ ...SIDECAR, args: ['--x'], startup: Probe.exec(['up']) }],
    });
    expect(pod.initContainers.map(({ name, restartPolicy }: Manifest) => [name, restartPolicy])).toEqual([
      ['proxy', 'Always'],
      ['init', undefined],
    ]);
    expect([
      pod.initContainers[0].args,
      pod.initContainers[1].command,
      pod.initContainers[0].startupProbe.periodSeconds,
    ]).toEqual([['--x'], ['init'], 5]);
    expect(pod.initContainers[0]).not.toHaveProperty('lifecycle');
  });

  test('has an image that is pulled as the workload says', () => {
    expect(mainOf({}).imagePullPolicy).toBe('IfNotPresent');
    expect(podOf({ pullPolicy: 'Always', sidecars: [SIDECAR] }).initContainers[0].imagePullPolicy).toBe('Always');
  });

  test('is refused by all that is wrong with it (CH01-09)', () => {
    expect(
      problemsWith({ sidecars: [{ name: 'Proxy', image: 'proxy', command: 'run', writableSize: Size.kibibytes(1) }] }),
    ).toEqual([
      '[app/web] sidecars[0].name: props/value',
      '[app/web] sidecars[0].image: workload/image-tag',
      '[app/web] sidecars[0].command: props/value',
      '[app/web] sidecars[0].writableSize: props/value',
    ]);
    expect(problemsWith({ initContainers: ['init'] })).toEqual([
      '[app/web] initContainers[0]: props/object',
      '[app/web] initContainers[0].name: props/required',
      '[app/web] initContainers[0].image: props/required',
    ]);
  });

  test('is seen by cdk8s-plus with its ports and requests', () => {
    const [container] = new WebService(newChart(), 'web', {
      ...WEB,
      resources: Resources.of(SMALL),
    } satisfies ContainerBaseProps & WebServiceProps).containers;
    expect([
      container.name,
      container.ports.map(({ number }: Manifest) => number as number),
      container.resources?.cpu?.request?.amount,
    ]).toEqual(['main', [8080], '250m']);
  });
});
