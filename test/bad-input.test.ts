import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Chart, Duration, Size } from 'cdk8s';
import { Env, EnvValue, Secret, type SecretValue } from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { nested } from './random-values';
import { linesOf, newChart, problemsOf, refusedBy, synth, untyped, WEB } from './support';
import {
  Autoscaling,
  Cpu,
  DisruptionBudget,
  Egress,
  HttpRouting,
  IngressController,
  Peer,
  Probe,
  Redis,
  Resources,
  Rollout,
  StaticSite,
  Tls,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
} from '../src';

type Row = [title: string, build: (chart: Chart) => Record<string, unknown>, message: string];
type Call = [title: string, call: (web: WebService, chart: Chart) => void, message: string];

const REDIS = { storage: Size.gibibytes(10) };
const ROUTING = {
  host: 'a.example.com',
  tls: Tls.none(),
  controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
};

/** An argument as a JavaScript caller may pass it. */
function wrong(value: unknown): never {
  return value as never;
}

function passwordOf(chart: Chart): SecretValue {
  return { secret: Secret.fromSecretName(chart, 'ref', 'redis-passwd'), key: 'passwd' };
}

test.each<Row>([
  ['image: nothing', () => ({ image: undefined }), 'image: props/required'],
  ['image: null', () => ({ image: null }), 'image: workload/image-tag'],
  ['image: a number', () => ({ image: 3 }), 'image: workload/image-tag'],
  ['image: without a tag', () => ({ image: 'ghcr.io/acme/web' }), 'image: workload/image-tag'],
  ['image: latest', () => ({ image: 'ghcr.io/acme/web:latest' }), 'image: workload/image-tag'],
  ['image: upper case', () => ({ image: 'ghcr.io/Acme/web:1.0' }), 'image: workload/image-tag'],
  ['port: a string', () => ({ port: '8080' }), 'port: props/value'],
  ['port: NaN', () => ({ port: NaN }), 'port: props/value'],
  ['port: negative', () => ({ port: -1 }), 'port: props/value'],
  ['port: zero', () => ({ port: 0 }), 'port: props/value'],
  ['port: a fraction', () => ({ port: 8080.5 }), 'port: props/value'],
  ['port: too large', () => ({ port: 65536 }), 'port: props/value'],
  ['port: infinite', () => ({ port: Infinity }), 'port: props/value'],
  ['portName: upper case', () => ({ portName: 'HTTP' }), 'portName: props/value'],
  ['portName: too long', () => ({ portName: 'a-port-name-of-19-x' }), 'portName: props/value'],
  ['readiness: text', () => ({ readiness: '/readyz' }), 'readiness: props/value'],
  ['readiness: a path without slash', () => ({ readiness: Probe.httpGet('readyz') }), 'readiness: props/value'],
  [
    'readiness: an undeclared port',
    () => ({ readiness: Probe.httpGet('/readyz', { port: 9090 }) }),
    'readiness: reference/missing-port',
  ],
  [
    'readiness: a period as number',
    () => ({ readiness: Probe.httpGet('/readyz', wrong({ period: 5 })) }),
    'readiness.period: props/value',
  ],
  ['readiness: an empty command', () => ({ readiness: Probe.exec([]) }), 'readiness: props/empty-list'],
  [
    'readiness: port and portName',
    () => ({ readiness: Probe.httpGet('/readyz', { port: 8080, portName: 'http' }) }),
    'readiness.port: props/conflict',
  ],
  [
    'readiness: a header that only HTTP admits',
    () => ({ readiness: Probe.httpGet('/readyz', { headers: { X_Probe: '1' } }) }),
    "readiness.headers['X_Probe']: props/value",
  ],
  ['liveness: an object', () => ({ liveness: { path: '/healthz' } }), 'liveness: props/value'],
  ['startupTimeout: too long', () => ({ startupTimeout: Duration.hours(2) }), 'startupTimeout: props/value'],
  [
    'startupTimeout: a fraction of a second',
    () => ({ startupTimeout: Duration.millis(5500) }),
    'startupTimeout: props/value',
  ],
  ['drain: a number', () => ({ drain: 5 }), 'drain: props/value'],
  [
    'terminationGracePeriod: zero',
    () => ({ terminationGracePeriod: Duration.seconds(0), drain: Duration.seconds(0) }),
    'terminationGracePeriod: props/value',
  ],
  ['replicas: negative', () => ({ replicas: -1 }), 'replicas: props/value'],
  ['replicas: a fraction', () => ({ replicas: 1.5 }), 'replicas: props/value'],
  ['replicas: NaN', () => ({ replicas: NaN }), 'replicas: props/value'],
  ['replicas: text', () => ({ replicas: '3' }), 'replicas: props/value'],
  ['replicas: too many', () => ({ replicas: 10001 }), 'replicas: props/value'],
  ['autoscaling: an object', () => ({ autoscaling: { min: 2, max: 4 } }), 'autoscaling: props/value'],
  [
    'autoscaling: min 1',
    () => ({ autoscaling: Autoscaling.onCpu({ min: 1, max: 4, target: 80 }) }),
    'autoscaling.min: props/value',
  ],
  [
    'autoscaling: max below min',
    () => ({ autoscaling: Autoscaling.onCpu({ min: 5, max: 4, target: 80 }) }),
    'autoscaling.max: scaling/max-below-min',
  ],
  [
    'autoscaling: target above the range',
    () => ({ autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 401 }) }),
    'autoscaling.target: props/value',
  ],
  [
    'autoscaling: no target',
    () => ({ autoscaling: Autoscaling.on({ min: 2, max: 4 }) }),
    'autoscaling.cpu: props/required',
  ],
  ['rollout: text', () => ({ rollout: 'RollingUpdate' }), 'rollout: props/value'],
  [
    'rollout: a share above 100%',
    () => ({ rollout: Rollout.rolling({ maxSurge: '150%' }) }),
    'rollout.maxSurge: props/value',
  ],
  [
    'rollout: a negative number',
    () => ({ rollout: Rollout.rolling({ maxUnavailable: -1 }) }),
    'rollout.maxUnavailable: props/value',
  ],
  ['revisionHistory: too many', () => ({ revisionHistory: 101 }), 'revisionHistory: props/value'],
  [
    'minReady: too long',
    () => ({ minReady: Duration.hours(2), progressDeadline: Duration.hours(3) }),
    'minReady: props/value',
  ],
  ['progressDeadline: zero', () => ({ progressDeadline: Duration.seconds(0) }), 'progressDeadline: props/value'],
  ['service.port: text', () => ({ service: { port: 'http' } }), 'service.port: props/value'],
  ['service.hostname: a wildcard', () => ({ service: { hostname: '*.example.com' } }), 'service.hostname: props/value'],
  ['service: an unknown option', () => ({ service: { type: 'LoadBalancer' } }), 'service.type: props/unknown'],
  ['service.dualStack: text', () => ({ service: { dualStack: 'yes' } }), 'service.dualStack: props/value'],
  [
    'service.sessionAffinity: true',
    () => ({ service: { sessionAffinity: true } }),
    'service.sessionAffinity: props/value',
  ],
  ['service: a list', () => ({ service: [80] }), 'service: props/object'],
  ['extraPorts: no list', () => ({ extraPorts: { name: 'metrics', port: 9090 } }), 'extraPorts: props/value'],
  ['extraPorts: no name', () => ({ extraPorts: [{ port: 9090 }] }), 'extraPorts[0].name: props/required'],
  [
    'extraPorts: an unknown protocol',
    () => ({ extraPorts: [{ name: 'x', port: 9090, protocol: 'tcp' }] }),
    'extraPorts[0].protocol: props/value',
  ],
  ['extraPorts: an item left out', () => ({ extraPorts: [undefined] }), 'extraPorts[0]: props/value'],
  ['name: empty', () => ({ name: '' }), 'name: props/value'],
  ['name: a leading digit', () => ({ name: '1web' }), 'name: app/object-name'],
  ['labels: a list', () => ({ labels: ['team'] }), 'labels: props/value'],
  ['labels: a number as value', () => ({ labels: { team: 3 } }), "labels['team']: props/value"],
  ['labels: the key constructor', () => ({ labels: { constructor: 'x' } }), "labels['constructor']: props/value"],
  ['annotations: an object as value', () => ({ annotations: { a: {} } }), "annotations['a']: props/value"],
  ['podAnnotations: a bad key', () => ({ podAnnotations: { 'a b': 'x' } }), "podAnnotations['a b']: props/value"],
  ['env: a number as value', () => ({ env: { PORT: 8080 } }), "env['PORT']: props/value"],
  ['env: a bad name', () => ({ env: { '1A': 'x' } }), "env['1A']: props/value"],
  ['env: an empty source', () => ({ env: { A: { valueFrom: {} } } }), "env['A']: props/value"],
  ['env: a credential', () => ({ env: { DB: 'postgres://shop:hunter2@db' } }), "env['DB']: secret/in-env"],
  ['args: one string', () => ({ args: '--verbose' }), 'args: props/value'],
  ['command: a number in it', () => ({ command: ['server', 3] }), 'command[1]: props/value'],
  ['resources: an object', () => ({ resources: { cpu: '1' } }), 'resources: props/value'],
  [
    'resources: no memory',
    () => ({ resources: Resources.of(wrong({ cpu: Cpu.millis(100) })) }),
    'resources.memory: props/required',
  ],
  [
    'resources: NaN',
    () => ({ resources: Resources.of({ cpu: Cpu.millis(NaN), memory: Size.mebibytes(64) }) }),
    'resources.cpu: props/value',
  ],
  [
    'resources: zero CPU',
    () => ({ resources: Resources.of({ cpu: Cpu.units(0), memory: Size.mebibytes(64) }) }),
    'resources.cpu: props/value',
  ],
  [
    'resources: a limit below the request',
    () => ({
      resources: Resources.of({ cpu: Cpu.millis(200), cpuLimit: Cpu.millis(100), memory: Size.mebibytes(64) }),
    }),
    'resources.cpuLimit: workload/limit-below-request',
  ],
  ['user: root', () => ({ user: 0 }), 'user: workload/root-user'],
  ['user: text', () => ({ user: 'nobody' }), 'user: workload/root-user'],
  ['writablePaths: the whole file system', () => ({ writablePaths: ['/'] }), 'writablePaths[0]: props/value'],
  ['writablePaths: another spelling of /tmp', () => ({ writablePaths: ['/tmp/.'] }), 'writablePaths[0]: props/value'],
  ['annotations: too large', () => ({ annotations: { a: 'a'.repeat(262_144) } }), 'annotations: app/large-annotations'],
  [
    'podAnnotations: too large',
    () => ({ podAnnotations: { a: 'é'.repeat(131_072) } }),
    'podAnnotations: app/large-annotations',
  ],
  [
    'service: large annotations',
    () => ({ service: { annotations: { a: 'a'.repeat(262_144) } } }),
    'service.annotations: app/large-annotations',
  ],
  [
    'env: a bad key of a Secret',
    (chart) => ({
      env: { A: EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'ref', 'a'), key: 'a b' }) },
    }),
    "env['A'].secretKeyRef.key: props/value",
  ],
  [
    'env: a bad name of a Secret',
    (chart) => ({
      env: { A: EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'ref', 'A_b'), key: 'a' }) },
    }),
    "env['A'].secretKeyRef.name: props/value",
  ],
  [
    'env: an unknown field',
    () => ({ env: { A: EnvValue.fromFieldRef(wrong('spec.hostname')) } }),
    "env['A'].fieldRef.fieldPath: props/value",
  ],
  [
    'env: an unknown API version',
    () => ({ env: { A: EnvValue.fromFieldRef(wrong('metadata.name'), { apiVersion: 'v2' }) } }),
    "env['A'].fieldRef.apiVersion: props/value",
  ],
  [
    'env: a divisor that is no quantity',
    () => ({ env: { A: EnvValue.fromResource(wrong('limits.cpu'), { divisor: '1Mi' }) } }),
    "env['A'].resourceFieldRef.divisor: props/value",
  ],
  ['writablePaths: relative', () => ({ writablePaths: ['cache'] }), 'writablePaths[0]: props/value'],
  ['writableSize: a number', () => ({ writableSize: 64 }), 'writableSize: props/value'],
  [
    'sidecars: two ports of one name',
    () => ({
      sidecars: [
        {
          name: 'a',
          image: 'a/b:1.0',
          ports: [
            { name: 'x', port: 9001 },
            { name: 'x', port: 9002 },
          ],
        },
      ],
    }),
    'sidecars: workload/duplicate-port',
  ],
  [
    'sidecars: the number of the main port',
    () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', ports: [{ name: 'x', port: 8080 }] }] }),
    'sidecars: workload/duplicate-port',
  ],
  [
    'sidecars: an unknown option',
    () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', restart: true }] }),
    'sidecars[0].restart: props/unknown',
  ],
  ['pullPolicy: lower case', () => ({ pullPolicy: 'always' }), 'pullPolicy: props/value'],
  ['pullSecrets: text, which may be a credential', () => ({ pullSecrets: 'hunter2' }), 'pullSecrets: props/value'],
  ['pullSecrets: names', () => ({ pullSecrets: ['registry'] }), 'pullSecrets[0]: props/value'],
  ['quality: unknown', () => ({ quality: 'best' }), 'quality: props/value'],
  ['spread: hard for one', () => ({ replicas: 1, spread: 'hard' }), 'spread: scheduling/hard-spread'],
  [
    'tolerations: a value without key',
    () => ({ tolerations: [{ value: 'x' }] }),
    'tolerations[0].value: props/conflict',
  ],
  ['priorityClassName: upper case', () => ({ priorityClassName: 'High' }), 'priorityClassName: props/value'],
  ['egress: unknown', () => ({ egress: 'closed' }), 'egress: props/value'],
  ['egressTo: text', () => ({ egress: 'declared', egressTo: ['0.0.0.0/0'] }), 'egressTo[0]: props/value'],
  [
    'egressTo: a bad range',
    () => ({ egress: 'declared', egressTo: [Egress.cidr('10.0.0.0/33')] }),
    'egressTo[0]: props/value',
  ],
  [
    'egressTo: a destination left out',
    () => ({ egress: 'declared', egressTo: [Egress.to(wrong(undefined))] }),
    'egressTo[0]: props/value',
  ],
  [
    'egressTo: peers that are none',
    () => ({ egress: 'declared', egressTo: [Egress.to(Peer.anyOf(wrong({})))] }),
    'egressTo[0]: props/value',
  ],
  ['budget: a number', () => ({ budget: 1 }), 'budget: props/value'],
  [
    'budget: that lets nobody go',
    () => ({ budget: DisruptionBudget.minAvailable(2) }),
    'budget.minAvailable: scaling/blocked-drain',
  ],
  ['budget: NaN', () => ({ budget: DisruptionBudget.maxUnavailable(NaN) }), 'budget.maxUnavailable: props/value'],
  ['serviceAccountToken: text', () => ({ serviceAccountToken: 'true' }), 'serviceAccountToken: props/value'],
  [
    'pullSecrets: one twice',
    () => ({ pullSecrets: Array(2).fill(new VersionedSecret(newChart(), 'registry', { version: 'v1' })) }),
    'pullSecrets[1]: props/duplicate',
  ],
  ['an unknown prop with a known neighbour', () => ({ replica: 3 }), 'replica: props/unknown'],
  ['a prop of Kubernetes', () => ({ volumes: [] }), 'volumes: props/unknown'],
  [
    'envFrom in a sidecar',
    () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', envFrom: [] }] }),
    'sidecars[0].envFrom: props/unknown',
  ],
  [
    'securityContext in a sidecar',
    () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', securityContext: {} }] }),
    'sidecars[0].securityContext: props/unknown',
  ],
  [
    'a prop of Kubernetes in a sidecar',
    () => ({ sidecars: [{ name: 'a', image: 'a/b:1.0', volumeMounts: [] }] }),
    'sidecars[0].volumeMounts: props/unknown',
  ],
])('WebService, %s', (_, build, message) => {
  expect(problemsOf((chart) => new WebService(chart, 'x', untyped({ ...WEB, ...build(chart) })))).toEqual([
    `[app/x] ${message}`,
  ]);
});

test.each<Call>([
  [
    'mount with a number as path',
    (web, chart) => web.mount(wrong(5), new VersionedSecret(chart, 's', { version: 'v1' })),
    'mount.path: props/value',
  ],
  [
    'mount with a relative path',
    (web, chart) => web.mount('etc', new VersionedSecret(chart, 's', { version: 'v1' })),
    'mount.path: props/value',
  ],
  ['mount of an object', (web) => web.mount('/etc/web', wrong({})), 'mount.storage: props/value'],
  [
    'mount of text, which may be a credential',
    (web) => web.mount('/etc/web', wrong('hunter2')),
    'mount.storage: props/value',
  ],
  [
    'addEnvFrom of text, which may be a credential',
    (web) => web.addEnvFrom(wrong('hunter2')),
    'addEnvFrom.source: props/value',
  ],
  [
    'mount with an unknown option',
    (web, chart) =>
      web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), wrong({ readonly: true })),
    'mount.readonly: props/unknown',
  ],
  [
    'mount into an unknown container',
    (web, chart) =>
      web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), { containers: ['proxy'] }),
    'mount.containers: props/value',
  ],
  [
    'mount of an item at a name of the kubelet',
    (web, chart) =>
      web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), { items: { a: '..data' } }),
    "mount.items['a']: props/value",
  ],
  [
    'mount of two items at one path',
    (web, chart) =>
      web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), { items: { a: 'x', b: 'x/y' } }),
    'mount.items: workload/item-path-clash',
  ],
  [
    'addEnvFrom of a Secret with a bad name',
    (web, chart) => web.addEnvFrom(Env.fromSecret(Secret.fromSecretName(chart, 'ref', 'A_b'))),
    'addEnvFrom.source.secretRef.name: props/value',
  ],
  [
    'addEnv with a bad key of a Secret',
    (web, chart) =>
      web.addEnv('A', EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'ref', 'a'), key: '' })),
    "addEnv['A'].secretKeyRef.key: props/value",
  ],
  [
    'mount with options that are text',
    (web, chart) => web.mount('/etc/web', new VersionedSecret(chart, 's', { version: 'v1' }), wrong('ro')),
    'mount: props/object',
  ],
  ['mountSecret of a name', (web) => web.mountSecret('/etc/web', wrong('secret')), 'mountSecret.secret: props/value'],
  ['addEnv with a bad name', (web) => web.addEnv('1A', 'x'), "addEnv['1A']: props/value"],
  ['addEnv with a number as name', (web) => web.addEnv(wrong(3), 'x'), 'addEnv: props/value'],
  ['addEnv without a value', (web) => web.addEnv('A', wrong(undefined)), "addEnv['A']: props/value"],
  ['addEnvFrom of nothing', (web) => web.addEnvFrom(wrong(undefined)), 'addEnvFrom.source: props/value'],
  [
    'addEnvFrom with a bad prefix',
    (web, chart) => web.addEnvFrom(new VersionedConfigMap(chart, 'c', { data: { A: '1' } }), { prefix: '1-' }),
    'addEnvFrom.prefix: props/value',
  ],
  ['connectTo an object', (web) => web.connectTo(wrong({})), 'connectTo: props/value'],
  ['connectTo nothing', (web) => web.connectTo(wrong(undefined)), 'connectTo: props/value'],
  [
    'connectTo with a lower-case prefix',
    (web, chart) => web.connectTo(new WebService(chart, 'api', WEB), { prefix: 'api' }),
    'connectTo.prefix: props/value',
  ],
  ['allowFrom text', (web) => web.allowFrom(wrong('10.0.0.0/8')), 'allowFrom: props/value'],
  ['allowFrom null', (web) => web.allowFrom(wrong(null)), 'allowFrom: props/value'],
  ['allowFrom a bad range', (web) => web.allowFrom(Peer.cidr('10.0.0.1/8')), 'allowFrom: props/value'],
  [
    'allowFrom with ports as text',
    (web) => web.allowFrom(Peer.cidr('10.0.0.0/8'), wrong({ ports: '8080' })),
    'allowFrom.ports: props/value',
  ],
  [
    'allowFrom a controller with no ranges',
    (web) => web.allowFrom(IngressController.fromCidrs(wrong(5), { className: 'alb' })),
    'allowFrom: props/value',
  ],
])('methods of WebService: %s', (_, call, message) => {
  expect(problemsOf((chart) => call(new WebService(chart, 'x', WEB), chart))).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['image: latest', () => ({ image: 'acme/site:latest' }), 'image: workload/image-tag'],
  ['content: an object', () => ({ content: { 'index.html': 'hi' } }), 'content: props/value'],
  ['root: relative', () => ({ image: 'acme/site:1.0', root: 'srv' }), 'root: props/value'],
  ['fallback: a number', () => ({ image: 'acme/site:1.0', fallback: 404 }), 'fallback: props/value'],
  ['replicas: infinite', () => ({ image: 'acme/site:1.0', replicas: Infinity }), 'replicas: props/value'],
])('StaticSite, %s', (_, build, message) => {
  expect(problemsOf((chart) => new StaticSite(chart, 'x', untyped(build(chart))))).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['password: nothing', () => ({ password: undefined }), 'password: props/required'],
  [
    'password: no key',
    (chart) => ({ password: { secret: Secret.fromSecretName(chart, 's', 'redis') } }),
    'password.key: props/value',
  ],
  [
    'password: a name for the secret',
    () => ({ password: { secret: 'redis', key: 'password' } }),
    'password.secret: props/value',
  ],
  ['storage: nothing', () => ({ storage: undefined }), 'storage: props/required'],
  ['storage: a number', () => ({ storage: 10 }), 'storage: props/value'],
  [
    'storage: too small',
    () => ({ storage: Size.mebibytes(512), maxMemory: Size.mebibytes(64) }),
    'storage: props/value',
  ],
  [
    'storage: less than 4 times the memory',
    () => ({ storage: Size.gibibytes(1), maxMemory: Size.gibibytes(1) }),
    'storage: redis/volume-size',
  ],
  ['replicas: zero', () => ({ replicas: 0 }), 'replicas: props/value'],
  ['replicas: too many', () => ({ replicas: 101 }), 'replicas: props/value'],
  ['replicas: NaN', () => ({ replicas: NaN }), 'replicas: props/value'],
  ['maxMemory: too small', () => ({ maxMemory: Size.mebibytes(1) }), 'maxMemory: props/value'],
  ['evictionPolicy: unknown', () => ({ evictionPolicy: 'lru' }), 'evictionPolicy: props/value'],
  ['fsync: false', () => ({ fsync: false }), 'fsync: props/value'],
  ['cpu: text', () => ({ cpu: '250m' }), 'cpu: props/value'],
  [
    'config: a directive of the block',
    () => ({ config: { maxmemory: '1gb' } }),
    "config['maxmemory']: redis/directive",
  ],
  ['config: two lines', () => ({ config: { hz: '10\nrequirepass x' } }), "config['hz']: props/value"],
  [
    "a prop of Kubernetes that is the block's own but for one",
    () => ({ securityContext: {} }),
    'securityContext: props/unknown',
  ],
  ['image: latest', () => ({ image: 'redis:latest' }), 'image: workload/image-tag'],
  ['name: of 53 characters', () => ({ name: 'a'.repeat(53) }), 'name: app/object-name'],
  ['storageClassName: empty', () => ({ storageClassName: '' }), 'storageClassName: props/value'],
  ['startupTimeout: one second', () => ({ startupTimeout: Duration.seconds(1) }), 'startupTimeout: props/value'],
  ['an unknown prop', () => ({ sentinel: true }), 'sentinel: props/unknown'],
])('Redis, %s', (_, build, message) => {
  expect(
    problemsOf((chart) => new Redis(chart, 'x', untyped({ ...REDIS, password: passwordOf(chart), ...build(chart) }))),
  ).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['no content', () => ({}), 'data: config/no-content'],
  ['data: a list', () => ({ data: ['a'] }), 'data: props/value'],
  ['data: an object as value', () => ({ data: { a: { b: 1 } } }), "data['a']: props/value"],
  ['data: a bad key', () => ({ data: { 'a b': 'x' } }), "data['a b']: props/value"],
  ['data: the key constructor', () => ({ data: { constructor: 'x' } }), "data['constructor']: props/value"],
  ['data: more than 1 MiB', () => ({ data: { a: 'x'.repeat(1024 * 1024 + 1) } }), 'data: config/too-large'],
  [
    'data: a credential',
    () => ({ data: { 'db.conf': 'url = postgres://shop:hunter2@db' } }),
    "data['db.conf']: secret/in-config-map",
  ],
  ['files: a missing file', () => ({ files: { a: '/nonexistent/a' } }), 'files: config/unreadable-file'],
  ['folder: a missing folder', () => ({ folder: '/nonexistent' }), 'folder: config/unreadable-file'],
  ['folder: null', () => ({ folder: null }), 'folder: props/value'],
  ['reload: unknown', () => ({ data: { a: '1' }, reload: 'always' }), 'reload: props/value'],
  ['name: of 53 characters', () => ({ data: { a: '1' }, name: 'a'.repeat(53) }), 'name: app/object-name'],
  ['an unknown prop', () => ({ data: { a: '1' }, imutable: true }), 'imutable: props/unknown'],
])('VersionedConfigMap, %s', (_, build, message) => {
  expect(problemsOf((chart) => new VersionedConfigMap(chart, 'x', untyped(build(chart))))).toEqual([
    `[app/x] ${message}`,
  ]);
});

test.each<Row>([
  ['version: nothing', () => ({}), 'version: props/required'],
  ['version: a number', () => ({ version: 2 }), 'version: props/value'],
  ['version: a space in it', () => ({ version: 'v 2' }), 'version: props/value'],
  ['keys: one string', () => ({ version: 'v1', keys: 'a' }), 'keys: props/value'],
  ['type: empty', () => ({ version: 'v1', type: '' }), 'type: props/value'],
  ['name: upper case', () => ({ version: 'v1', name: 'Redis' }), 'name: app/object-name'],
  ['a value', () => ({ version: 'v1', value: 'hunter2' }), 'value: props/unknown'],
])('VersionedSecret, %s', (_, build, message) => {
  expect(problemsOf((chart) => new VersionedSecret(chart, 'x', untyped(build(chart))))).toEqual([`[app/x] ${message}`]);
});

test.each<Row>([
  ['host: nothing', () => ({ host: undefined }), 'host: props/required'],
  ['host: a wildcard alone', () => ({ host: '*' }), 'host: props/value'],
  ['host: a wildcard within', () => ({ host: 'app.*.example.com' }), 'host: props/value'],
  ['host: a part of a label', () => ({ host: '*app.example.com' }), 'host: props/value'],
  ['host: an address', () => ({ host: '10.0.0.1' }), 'host: props/value'],
  ['host: empty', () => ({ host: '' }), 'host: props/value'],
  ['tls: true', () => ({ tls: true }), 'tls: props/value'],
  ['controller: a class name', () => ({ controller: 'nginx' }), 'controller: props/value'],
  ['routes: nothing', () => ({ routes: undefined }), 'routes: props/required'],
  ['routes: one route', () => ({ routes: { path: '/' } }), 'routes: props/value'],
  ['routes: an item left out', () => ({ routes: [undefined] }), 'routes[0]: props/value'],
  ['defaultBackend: text', () => ({ defaultBackend: 'web' }), 'defaultBackend: props/value'],
  ['annotations: a number as value', () => ({ annotations: { a: 1 } }), "annotations['a']: props/value"],
  ['an unknown prop', () => ({ hosts: ['a.example.com'] }), 'hosts: props/unknown'],
])('HttpRouting, %s', (_, build, message) => {
  expect(
    problemsOf(
      (chart) =>
        new HttpRouting(
          chart,
          'x',
          untyped({ ...ROUTING, routes: [{ path: '/', backend: new WebService(chart, 'web', WEB) }], ...build(chart) }),
        ),
    ),
  ).toEqual([`[app/x] ${message}`]);
});

describe('without any props, as JavaScript allows', () => {
  const blocks = { WebService, StaticSite, Redis, VersionedConfigMap, VersionedSecret, HttpRouting };

  test.each([
    ['WebService', ['port', 'image', 'readiness']],
    ['StaticSite', ['image']],
    ['Redis', ['storage', 'password']],
    ['VersionedConfigMap', ['data']],
    ['VersionedSecret', ['version']],
    ['HttpRouting', ['host', 'tls', 'routes', 'controller']],
  ] as const)('%s names what it misses', (block, props) => {
    const Block = blocks[block] as unknown as new (scope: Chart, id: string) => object;
    const messages = problemsOf((chart) => new Block(chart, 'x'));
    expect(messages).toEqual(
      props.map((prop) => `[app/x] ${prop}: ${prop === 'data' ? 'config/no-content' : 'props/required'}`),
    );
  });

  test('value classes without arguments are reported by the block', () => {
    const nothing = wrong(undefined);
    expect(
      problemsOf(
        (chart) =>
          new WebService(chart, 'x', {
            ...WEB,
            readiness: Probe.httpGet(nothing),
            resources: Resources.of(nothing),
            autoscaling: Autoscaling.onCpu(nothing),
            budget: DisruptionBudget.maxUnavailable(nothing),
          }),
      ),
    ).toEqual([
      '[app/x] resources.cpu: props/required',
      '[app/x] resources.memory: props/required',
      '[app/x] readiness: props/value',
      '[app/x] autoscaling.min: props/required',
      '[app/x] autoscaling.max: props/required',
      '[app/x] autoscaling.target: props/required',
      '[app/x] budget.maxUnavailable: props/value',
    ]);
  });
});

describe('several mistakes', () => {
  test('in several blocks and charts are all in one failure, each with its path', () => {
    const app = new App();
    const front = newChart('shop', 'front', app);
    const back = newChart('shop', 'back', app);
    new WebService(front, 'web', { ...WEB, port: 0, replicas: -1 });
    new WebService(back, 'web', { ...WEB, port: 0 });
    new VersionedConfigMap(back, 'config', { data: { 'a b': '' } });
    expect(() => app.synthYaml()).toThrow(
      new Error(
        [
          'Validation failed with the following errors:',
          "[front/web] prop 'port': got 0, expected an integer from 1 to 65535. Give the port that the process listens on",
          "[front/web] prop 'replicas': got -1, expected an integer from 0 to 10000. Write 2, the default, or another (CH01-11)",
          "[back/web] prop 'port': got 0, expected an integer from 1 to 65535. Give the port that the process listens on",
          "[back/config] prop 'data['a b']': got 'a b', expected at most 253 letters, digits, '-', '_' and '.', except '.' and names that start with '..'. Map keys to text; serialize a document first, such as to JSON (DX-44)",
        ].join('\n  '),
      ),
    );
  });

  test('are said once, however often one prop is read', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, user: 0 }))).toHaveLength(1);
  });

  test('of a call come beside those of the props', () => {
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, port: 0 }).addEnv('1A', 'x'))).toEqual([
      '[app/web] port: props/value',
      "[app/web] addEnv['1A']: props/value",
    ]);
  });

  test('a refused password is not reported by the clients too', () => {
    expect(
      problemsOf((chart) =>
        new WebService(chart, 'web', WEB).connectTo(
          new Redis(chart, 'redis', { ...REDIS, password: wrong(undefined) }),
        ),
      ),
    ).toEqual(['[app/redis] password: props/required']);
  });
});

describe('on failure', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'output-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function app(port: number, outdir = folder): App {
    const created = new App({ outdir });
    new WebService(newChart('shop', 'a-fine', created), 'web', WEB);
    new WebService(newChart('shop', 'broken', created), 'web', { ...WEB, port });
    return created;
  }

  test('nothing is written', () => {
    const broken = app(0);
    expect(refusedBy(() => broken.synth(), broken)).toEqual(['[broken/web] port: props/value']);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('old files stay as they were', () => {
    app(8080).synth();
    writeFileSync(join(folder, 'kustomization.yaml'), 'resources: []\n');
    const files = (): string[][] =>
      readdirSync(folder)
        .sort()
        .map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
    const before = files();
    expect(before.map(([file]) => file)).toEqual(['a-fine.k8s.yaml', 'broken.k8s.yaml', 'kustomization.yaml']);
    const broken = app(NaN);
    expect(refusedBy(() => broken.synth(), broken)).toEqual(['[broken/web] port: props/value']);
    expect(files()).toEqual(before);
  });

  test('no refused object is rendered, not even without validation', () => {
    const chart = newChart();
    const web = new WebService(chart, 'web', { ...WEB, port: 0 });
    expect(() => web.deployment.toJson() as unknown).toThrow(
      "[app/web] prop 'port': got 0, expected an integer from 1 to 65535.",
    );
    expect(existsSync(join(folder, 'app.k8s.yaml'))).toBe(false);
  });
});

describe('what may be a credential is not quoted', () => {
  const secret = 'hunter2';
  test.each<[string, (chart: Chart) => void, string]>([
    [
      'a number as a variable',
      (chart) => new WebService(chart, 'x', { ...WEB, env: wrong({ PASSWORD: 12345678 }) }),
      "[app/x] env['PASSWORD']: props/value",
    ],
    [
      'text that YAML does not carry',
      (chart) => new WebService(chart, 'x', { ...WEB, env: { PASSWORD: '0o17' } }),
      "[app/x] env['PASSWORD']: props/value",
    ],
    [
      'a list as a variable',
      (chart) => new WebService(chart, 'x', { ...WEB, env: wrong({ P2: [secret] }) }),
      "[app/x] env['P2']: props/value",
    ],
    [
      'a list of variables',
      (chart) => new WebService(chart, 'x', { ...WEB, env: wrong([`P2=${secret}`]) }),
      '[app/x] env: props/value',
    ],
    [
      'a number as a later variable',
      (chart) => new WebService(chart, 'x', WEB).addEnv('PASSWORD', wrong(1234567)),
      "[app/x] addEnv['PASSWORD']: props/value",
    ],
    [
      'a command line',
      (chart) => new WebService(chart, 'x', { ...WEB, args: wrong(`--password=${secret}`) }),
      '[app/x] args: props/value',
    ],
    [
      'a number in a ConfigMap',
      (chart) => new VersionedConfigMap(chart, 'x', { data: wrong({ password: 1234567 }) }),
      "[app/x] data['password']: props/value",
    ],
    [
      'a list in a ConfigMap',
      (chart) => new VersionedConfigMap(chart, 'x', { data: wrong({ p: [secret] }) }),
      "[app/x] data['p']: props/value",
    ],
    [
      'the password of a connection',
      (chart) =>
        new WebService(chart, 'x', WEB).connectTo(new WebService(chart, 'y', WEB), { password: wrong(secret) }),
      '[app/x] connectTo.password: props/value',
    ],
    [
      'the password of Redis',
      (chart) => new Redis(chart, 'x', { ...REDIS, password: wrong(12345678) }),
      '[app/x] password: props/value',
    ],
    [
      'the Secret of Redis',
      (chart) => new Redis(chart, 'x', { ...REDIS, password: { secret: wrong(secret), key: 'key' } }),
      '[app/x] password.secret: props/value',
    ],
    [
      'a Secret to pull images',
      (chart) => new WebService(chart, 'x', { ...WEB, pullSecrets: wrong([secret]) }),
      '[app/x] pullSecrets[0]: props/value',
    ],
  ])('%s', (_, build, message) => {
    expect(problemsOf(build)).toEqual([message]);
  });
});

describe('any value for any prop', () => {
  // one line each, with the path in front; duplicates of objects are reported by the app, whose path is empty
  const FORM = /^\[.*\] .+: got .+, expected .+\. .+/s;

  function check(build: (chart: Chart) => void): void {
    const odd = linesOf(build).filter((message) => !FORM.test(message));
    expect(odd).toEqual([]);
  }

  const METHODS: Array<[string, (web: WebService, args: unknown[]) => void]> = [
    ['mount', (web, [a, b, c]) => web.mount(wrong(a), wrong(b), wrong(c))],
    ['mountSecret', (web, [a, b, c]) => web.mountSecret(wrong(a), wrong(b), wrong(c))],
    ['addEnv', (web, [a, b]) => web.addEnv(wrong(a), wrong(b))],
    ['addEnvFrom', (web, [a, b]) => web.addEnvFrom(wrong(a), wrong(b))],
    ['connectTo', (web, [a, b]) => web.connectTo(wrong(a), wrong(b))],
    ['allowFrom', (web, [a, b]) => web.allowFrom(wrong(a), wrong(b))],
  ];

  test.each(METHODS)('%s never throws', (_, call) => {
    fc.assert(
      fc.property(fc.array(nested, { minLength: 3, maxLength: 3 }), (args) =>
        check((chart) => {
          const web = new WebService(chart, 'x', WEB);
          expect(() => call(web, args)).not.toThrow();
        }),
      ),
      { numRuns: 150 },
    );
  });

  const FACTORIES: Array<[string, (a: never, b: never) => Record<string, unknown>]> = [
    ['Probe.httpGet', (a, b) => ({ readiness: Probe.httpGet(a, b) })],
    ['Probe.exec', (a, b) => ({ readiness: Probe.exec(a, b) })],
    ['Probe.grpc', (a) => ({ readiness: Probe.grpc(a) })],
    ['Resources.of', (a) => ({ resources: Resources.of(a) })],
    ['Resources.withoutCpuLimit', (a) => ({ resources: Resources.withoutCpuLimit(a) })],
    ['Autoscaling.on', (a) => ({ autoscaling: Autoscaling.on(a) })],
    ['Rollout.rolling', (a) => ({ rollout: Rollout.rolling(a) })],
    ['DisruptionBudget.minAvailable', (a) => ({ budget: DisruptionBudget.minAvailable(a) })],
    ['Egress.cidr', (a, b) => ({ egress: 'declared', egressTo: [Egress.cidr(a, b)] })],
    ['Egress.to', (a, b) => ({ egress: 'declared', egressTo: [Egress.to(a, b)] })],
    ['Peer.pods', (a) => ({ egress: 'declared', egressTo: [Egress.to(Peer.pods(a))] })],
    ['Peer.fromKplus', (a) => ({ egress: 'declared', egressTo: [Egress.to(Peer.fromKplus(a))] })],
    ['Peer.anyOf', (a, b) => ({ egress: 'declared', egressTo: [Egress.to(Peer.anyOf(a, b))] })],
  ];

  test.each(FACTORIES)('%s never throws, nor does the block that uses it', (_, props) => {
    fc.assert(
      fc.property(nested, nested, (a, b) =>
        check((chart) => {
          expect(() => new WebService(chart, 'x', { ...WEB, ...props(wrong(a), wrong(b)) })).not.toThrow();
        }),
      ),
      { numRuns: 100 },
    );
  });

  test.each([
    ['Tls.certManager', (a: never) => ({ tls: Tls.certManager(a) })],
    ['Tls.secret', (a: never) => ({ tls: Tls.secret(a) })],
    ['IngressController.inNamespace', (a: never, b: never) => ({ controller: IngressController.inNamespace(a, b) })],
    ['IngressController.fromCidrs', (a: never, b: never) => ({ controller: IngressController.fromCidrs(a, b) })],
  ])('%s never throws, nor does the routing that uses it', (_, props) => {
    fc.assert(
      fc.property(nested, nested, (a, b) =>
        check((chart) => {
          const web = new WebService(chart, 'web', WEB);
          expect(
            () =>
              new HttpRouting(chart, 'x', {
                ...ROUTING,
                routes: [{ path: '/', backend: web }],
                ...props(wrong(a), wrong(b)),
              }),
          ).not.toThrow();
        }),
      ),
      { numRuns: 100 },
    );
  });
});

test('a good app has no problems', () => {
  expect(synth((chart) => new WebService(chart, 'web', WEB))).toHaveLength(5);
});

test('two containers without a name are two mistakes, and not a third about their likeness', () => {
  const sidecars = [{ image: 'ghcr.io/acme/proxy:1.0.0' }, { image: 'ghcr.io/acme/agent:1.0.0' }];
  expect(problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, sidecars })))).toEqual(
    [0, 1].map((index) => `[app/web] sidecars[${index}].name: props/required`),
  );
});

describe('a refused value is not compared with others by its stand-in', () => {
  const size = Size.mebibytes(64);
  test.each<[string, Record<string, unknown>, string]>([
    [
      'an image, with the registries',
      { image: 'ghcr.io/acme/web', registries: ['docker.io/acme/'] },
      'image: workload/image-tag',
    ],
    [
      'requested CPU, with its limit',
      { resources: Resources.of(untyped({ cpu: 1, cpuLimit: Cpu.millis(50), memory: size })) },
      'resources.cpu: props/value',
    ],
    [
      'requested memory, with its limit',
      { resources: Resources.of(untyped({ cpu: Cpu.millis(50), memory: 1, memoryLimit: size })) },
      'resources.memory: props/value',
    ],
    [
      'requested CPU, with the quality',
      { quality: 'guaranteed', resources: Resources.of(untyped({ cpu: 1, cpuLimit: Cpu.millis(50), memory: size })) },
      'resources.cpu: props/value',
    ],
    [
      'a grace period, with the drain',
      { terminationGracePeriod: 60, drain: Duration.seconds(40) },
      'terminationGracePeriod: props/value',
    ],
    [
      'the time to be ready, with the deadline',
      { minReady: 900, progressDeadline: Duration.seconds(5) },
      'minReady: props/value',
    ],
    [
      'replicas, with the rollout',
      { replicas: -5, rollout: Rollout.rolling({ maxUnavailable: 3 }) },
      'replicas: props/value',
    ],
    ['replicas, with the budget', { replicas: -5, budget: DisruptionBudget.minAvailable(3) }, 'replicas: props/value'],
  ])('%s', (_, props, finding) => {
    expect(problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, ...props })))).toEqual([
      `[app/web] ${finding}`,
    ]);
  });

  test('the storage of Redis, with its memory', () => {
    const props = { ...REDIS, storage: wrong(undefined), maxMemory: Size.gibibytes(8) };
    expect(problemsOf((chart) => new Redis(chart, 'redis', { ...props, password: passwordOf(chart) }))).toEqual([
      '[app/redis] storage: props/required',
    ]);
  });
});
