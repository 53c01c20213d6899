import * as fc from 'fast-check';
import {
  change,
  type Mistake,
  noDuration,
  noInteger,
  noLabel,
  noLabelKey,
  noLabelValue,
  noRange,
  prop,
  step,
  withBlocks,
  withSteps,
} from './mistake';
import { call, type Term, type Terms } from './terms';

const IMAGE = 'ghcr.io/acme/web:1.4.2';
const noImage = fc.constantFrom<Term>(
  '',
  'web',
  'ghcr.io/acme/web',
  'web:latest',
  'web:latest-alpine',
  'web:Latest',
  'web:stable',
  'web:main',
  'web:nightly',
  'web:dev',
  'web:',
  'web:a b',
  'Web:1',
  'web@sha256:abc',
  `web:${'a'.repeat(129)}`,
  'http://a/b:1',
  ' a:1',
  7,
  null,
);
const http = (path: Term, options: Terms = {}): Terms => call('Probe.httpGet', path, options);
const noText = fc.constantFrom<Term>(1, true, null, [], {});
const pods = fc.constantFrom<Term>(-1, 1.5, NaN, '', '50', '101%', '-1%', '1.5%', 10_001, null, true);
const resources = { cpu: call('Cpu.millis', 100), memory: call('Size.mebibytes', 64) };
const noSize = fc.constantFrom<Term>(
  64,
  '64Mi',
  null,
  call('Size.kibibytes', 1),
  call('Size.mebibytes', 0),
  call('Duration.seconds', 5),
);
const noCpu = fc.constantFrom<Term>(
  100,
  '100m',
  null,
  call('Cpu.millis', 0),
  call('Cpu.millis', 0.5),
  call('Cpu.millis', -1),
  call('Cpu.units', NaN),
  call('Cpu.units', 0.0001),
);
const value = (bad: Term): Term => bad;
/** Text that YAML hands over as something else. */
const lost = fc.constantFrom(
  '0o17',
  '0O17',
  '0X1F',
  '0B1',
  '-0o7',
  '0o_1',
  '1e_3',
  '0_x1f',
  '+_1',
  ' \n',
  '\n\ta',
  '\t\n',
  'a\u007fb',
  '\u0085',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\ufeffHello',
  'a\ufeff',
  '\ufffe',
  '\uffff',
  '\ud800',
  '\udc00a',
);
const large = fc.integer({ min: 1, max: 1000 }).map((more) => ({ a: 'a'.repeat(256 * 1024 - 1 + more) }));
const secretValue = (name: Term, key: Term): Terms =>
  call('EnvValue.fromSecretValue', { secret: { $secret: name }, key });

/** A WebService with one wrong prop. */
const props: Mistake[] = [
  prop('WebService', 'image: no fixed version', 'image', noImage),
  prop('WebService', 'image: left out', 'image', fc.constant(undefined)),
  prop(
    'WebService',
    'image: from no allowed registry',
    'image',
    fc.constantFrom('ghcr.io/acme-evil/web:1', 'web:1'),
    (image) => ({ image, registries: ['ghcr.io/acme/'] }),
  ),
  prop(
    'WebService',
    'registries: no slash at the end',
    'registries',
    fc.constantFrom<Term>(['ghcr.io/acme'], [''], ['a b/'], 'ghcr.io/acme/'),
  ),
  prop('WebService', 'name: no name of a Service', 'name', noLabel(63)),
  prop('WebService', 'name: starts with a digit', 'name', fc.constantFrom('1web', '0', '9-a')),
  prop('WebService', 'port: no port', 'port', noInteger(1, 65_535)),
  prop('WebService', 'port: left out', 'port', fc.constant(undefined)),
  prop('WebService', 'port: privileged', 'port', fc.integer({ min: 1, max: 1023 })),
  prop(
    'WebService',
    'portName: no port name',
    'portName',
    fc.constantFrom<Term>('', 'HTTP', 'a--b', '-a', 'a-', '8080', 'a_b', 'a'.repeat(16), 80, null),
  ),
  prop('WebService', 'extraPorts: name of the main port', 'extraPorts', fc.constant('main'), (name) => ({
    portName: name,
    extraPorts: [{ name, port: 9001 }],
  })),
  prop(
    'WebService',
    'extraPorts: number of the main port',
    'extraPorts',
    fc.integer({ min: 1024, max: 65_535 }),
    (port) => ({ port, extraPorts: [{ name: 'other', port }] }),
  ),
  prop(
    'WebService',
    'extraPorts: the same port of the Service twice',
    'extraPorts',
    fc.constant(81),
    (servicePort) => ({
      extraPorts: [
        { name: 'one', port: 9001, servicePort },
        { name: 'two', port: 9002, servicePort },
      ],
    }),
  ),
  prop('WebService', 'extraPorts: no port', 'extraPorts[0].port', noInteger(1, 65_535), (port) => ({
    extraPorts: [{ name: 'other', port }],
  })),
  prop('WebService', 'extraPorts: privileged', 'extraPorts[0].port', fc.integer({ min: 1, max: 1023 }), (port) => ({
    extraPorts: [{ name: 'other', port }],
  })),
  prop(
    'WebService',
    'sidecars: a privileged port',
    'sidecars[0].ports[0].port',
    fc.integer({ min: 1, max: 1023 }),
    (port) => ({ sidecars: [{ name: 'a', image: IMAGE, ports: [{ name: 'x', port }] }] }),
  ),
  prop(
    'WebService',
    'sidecars: startup as a readiness that is not there',
    'sidecars[0].startup',
    fc.constant(call('Probe.sameAsReadiness')),
    (startup) => ({ sidecars: [{ name: 'a', image: IMAGE, startup }] }),
  ),
  prop(
    'WebService',
    'extraPorts: unknown protocol',
    'extraPorts[0].protocol',
    fc.constantFrom<Term>('tcp', 'HTTP', '', null),
    (protocol) => ({ extraPorts: [{ name: 'other', port: 9001, protocol }] }),
  ),
  prop('WebService', 'readiness: left out', 'readiness', fc.constant(undefined)),
  prop(
    'WebService',
    'readiness: none',
    'readiness',
    fc.constantFrom(call('Probe.none'), call('Probe.sameAsReadiness')),
  ),
  prop('WebService', 'readiness: no Probe', 'readiness', fc.constantFrom<Term>('/readyz', null, {}, true)),
  prop(
    'WebService',
    'readiness: path without slash',
    'readiness',
    fc.constantFrom<Term>('', 'readyz', ' /', '/a b', '/a\n', '/a#b', '/*', '/{id}', '/^v[0-9]+', '/`a`', null, 7),
    (path) => ({ readiness: http(path) }),
  ),
  prop('WebService', 'readiness: undeclared port', 'readiness', fc.constant(1023), (port) => ({
    extraPorts: [],
    readiness: http('/', { port }),
  })),
  prop('WebService', 'readiness: port and portName', 'readiness.port', fc.constant(8080), (port) => ({
    port,
    portName: 'web',
    extraPorts: [],
    readiness: http('/', { port, portName: 'web' }),
  })),
  prop(
    'WebService',
    'readiness: empty command',
    'readiness',
    fc.constantFrom<Term>([], 'check', [''], [1], null),
    (command) => ({ readiness: call('Probe.exec', command) }),
  ),
  prop(
    'WebService',
    'readiness: no header name',
    'readiness.headers',
    fc.constantFrom('', 'a b', 'a:b', 'X_A', 'x.a', '!', 'é', 'a\n', 'a'.repeat(257)),
    (name) => ({ readiness: http('/', { headers: { [name as string]: '' } }) }),
  ),
  ...(['initialDelay', 'period', 'timeout'] as const).map((timing) =>
    prop(
      'WebService',
      `readiness.${timing}: no such time`,
      `readiness.${timing}`,
      noDuration(timing === 'initialDelay' ? 0 : 1, 3600),
      (bad) => ({ readiness: http('/', { [timing]: bad }) }),
    ),
  ),
  prop(
    'WebService',
    'readiness.failureThreshold: no count',
    'readiness.failureThreshold',
    noInteger(1, 1000),
    (failureThreshold) => ({ readiness: http('/', { failureThreshold }) }),
  ),
  prop('WebService', 'liveness: the check of readiness', 'liveness', fc.constantFrom('/', '/a'), (path) => ({
    readiness: http(path),
    liveness: http(path, { failureThreshold: 9 }),
  })),
  prop('WebService', 'startup: none, with a time', 'startup', fc.constant(call('Probe.none')), (startup) => ({
    startup,
    startupTimeout: call('Duration.seconds', 60),
  })),
  prop('WebService', 'startupTimeout: no such time', 'startupTimeout', noDuration(5, 3600)),
  prop('WebService', 'drain: no such time', 'drain', noDuration(0, 3600)),
  prop(
    'WebService',
    'drain: as long as the time to stop',
    'drain',
    fc.integer({ min: 1, max: 3600 }).map((time) => call('Duration.seconds', time)),
    (drain) => ({ drain, terminationGracePeriod: drain }),
  ),
  prop('WebService', 'terminationGracePeriod: no such time', 'terminationGracePeriod', noDuration(1, 3600)),
  prop('WebService', 'minReady: no such time', 'minReady', noDuration(0, 3600)),
  prop(
    'WebService',
    'progressDeadline: before minReady',
    'progressDeadline',
    fc.integer({ min: 1, max: 3600 }).map((time) => call('Duration.seconds', time)),
    (time) => ({ minReady: time, progressDeadline: time }),
  ),
  prop('WebService', 'revisionHistory: no count', 'revisionHistory', noInteger(0, 100)),
  prop('WebService', 'replicas: no count', 'replicas', noInteger(0, 10_000)),
  prop(
    'WebService',
    'progressDeadline: before the start may be over',
    'progressDeadline',
    fc.integer({ min: 5, max: 3600 }).map((time) => call('Duration.seconds', time)),
    (time) => ({ startup: undefined, startupTimeout: time, progressDeadline: time }),
  ),
  prop('WebService', 'replicas: beside an autoscaler', 'replicas', fc.integer({ min: 0, max: 10_000 }), (replicas) => ({
    replicas,
    autoscaling: call('Autoscaling.onCpu', { min: 2, max: 3, target: 80 }),
  })),
  prop(
    'WebService',
    'autoscaling: fewest pods above the most',
    'autoscaling.max',
    fc.integer({ min: 2, max: 9_999 }),
    (max) => ({
      replicas: undefined,
      autoscaling: call('Autoscaling.onCpu', { min: (max as number) + 1, max, target: 80 }),
    }),
  ),
  prop('WebService', 'autoscaling: target of no percentage', 'autoscaling.target', noInteger(1, 400), (target) => ({
    replicas: undefined,
    autoscaling: call('Autoscaling.onMemory', { min: 2, max: 3, target }),
  })),
  prop(
    'WebService',
    'autoscaling: target above the limit',
    'autoscaling.target',
    fc.integer({ min: 100, max: 400 }),
    (target) => ({
      quality: undefined,
      replicas: undefined,
      resources: undefined,
      autoscaling: call('Autoscaling.onMemory', { min: 2, max: 3, target }),
    }),
  ),
  prop('WebService', 'autoscaling: no request', 'autoscaling', fc.constant(call('Resources.none')), (none) => ({
    quality: undefined,
    replicas: undefined,
    resources: none,
    autoscaling: call('Autoscaling.onCpu', { min: 2, max: 3, target: 80 }),
  })),
  prop('WebService', 'rollout: no number of pods', 'rollout.max', pods, (bad) => ({
    rollout: call('Rollout.rolling', { maxSurge: bad }),
  })),
  prop('WebService', 'rollout: cannot move', 'rollout.maxSurge', fc.constantFrom<Term>(0, '0%'), (none) => ({
    rollout: call('Rollout.rolling', { maxSurge: none, maxUnavailable: none }),
  })),
  prop(
    'WebService',
    'rollout: all pods missing',
    'rollout.maxUnavailable',
    fc.constantFrom<Term>('100%', 10_000),
    (all) => ({ rollout: call('Rollout.rolling', { maxUnavailable: all }), autoscaling: undefined, replicas: 3 }),
  ),
  prop('WebService', 'budget: no number of pods', 'budget.minAvailable', pods, (bad) => ({
    budget: call('DisruptionBudget.minAvailable', bad),
  })),
  prop(
    'WebService',
    'budget: no pod can be evicted',
    'budget',
    fc.constantFrom(
      call('DisruptionBudget.maxUnavailable', 0),
      call('DisruptionBudget.maxUnavailable', '0%'),
      call('DisruptionBudget.minAvailable', '100%'),
      call('DisruptionBudget.minAvailable', 3),
    ),
    (budget) => ({ budget, autoscaling: undefined, replicas: 3 }),
  ),
  prop('WebService', 'spread: hard for one pod', 'spread', fc.constantFrom(0, 1), (replicas) => ({
    spread: 'hard',
    autoscaling: undefined,
    replicas,
    budget: call('DisruptionBudget.none'),
    rollout: call('Rollout.recreate'),
  })),
  prop('WebService', 'resources: no CPU', 'resources.cpu', noCpu, (cpu) => ({
    resources: call('Resources.of', { ...resources, cpu }),
  })),
  prop('WebService', 'resources: no memory', 'resources.memory', noSize, (memory) => ({
    resources: call('Resources.of', { ...resources, memory }),
  })),
  prop(
    'WebService',
    'resources: limit below the request',
    'resources.memoryLimit',
    fc.constant(call('Size.mebibytes', 32)),
    (memoryLimit) => ({ quality: undefined, resources: call('Resources.of', { ...resources, memoryLimit }) }),
  ),
  prop(
    'WebService',
    'resources: unequal for guaranteed quality',
    'resources',
    fc.constant(call('Cpu.millis', 200)),
    (cpuLimit) => ({ quality: 'guaranteed', resources: call('Resources.of', { ...resources, cpuLimit }) }),
  ),
  prop(
    'WebService',
    'writablePaths: no absolute path',
    'writablePaths',
    fc.constantFrom('', '/', 'a', '/a/', '//a', '/a/../b', '/tmp/.', '/a:b', null, 7),
    (path) => ({ writablePaths: [path] }),
  ),
  prop(
    'WebService',
    'writablePaths: over files of the image',
    'writablePaths',
    fc.constantFrom('/bin', '/usr/lib', '/etc', '/etc/ssl/certs', '/opt', '/var/lib', '/dev', '/proc'),
    (path) => ({ writablePaths: ['/cache', path] }),
  ),
  prop('WebService', 'spread: hosts for one pod', 'spread', fc.constantFrom(0, 1), (replicas) => ({
    spread: 'hosts',
    autoscaling: undefined,
    replicas,
    budget: call('DisruptionBudget.none'),
    rollout: call('Rollout.recreate'),
  })),
  prop('WebService', 'liveness: no times of its own', 'liveness.failureThreshold', noInteger(1, 1000), (bad) => ({
    readiness: http('/'),
    liveness: call('Probe.sameAsReadiness', { failureThreshold: bad }),
  })),
  prop(
    'WebService',
    'sidecars: a tag that moves',
    'sidecars[0].image',
    fc.constantFrom('a:edge', 'a:lts'),
    (image) => ({
      registries: undefined,
      sidecars: [{ name: 'a', image }],
    }),
  ),
  prop(
    'WebService',
    'service.annotations: a health check of no path',
    "service.annotations['alb.ingress.kubernetes.io/healthcheck-path']",
    fc.constantFrom('/*', 'healthz', '/a#b'),
    (path) => ({ service: { annotations: { 'alb.ingress.kubernetes.io/healthcheck-path': path } } }),
  ),
  prop('WebService', 'writableSize: too small', 'writableSize', noSize),
  prop(
    'WebService',
    'writableSize: too large',
    'writableSize',
    fc.integer({ min: 1025, max: 2 ** 20 }).map((gibibytes) => call('Size.gibibytes', gibibytes)),
  ),
  prop(
    'WebService',
    'writableSize: more than the disk',
    'resources.ephemeralStorage',
    fc.integer({ min: 1, max: 127 }),
    (disk) => ({
      quality: 'burstable',
      writablePaths: ['/var/a'],
      writableSize: call('Size.mebibytes', 64),
      resources: call('Resources.of', { ...resources, ephemeralStorage: call('Size.mebibytes', disk) }),
    }),
  ),
  prop(
    'WebService',
    'user: root or no UID',
    'user',
    noInteger(1, 2_147_483_647).filter((user) => user !== true),
  ),
  prop(
    'WebService',
    'env: no name of a variable',
    'env',
    fc.constantFrom('', '1A', 'A B', 'A=B', 'é', '..'),
    (name) => ({ env: { [name as string]: '' } }),
  ),
  prop('WebService', 'env: no text', 'env', noText, (bad) => ({ env: { A: bad } })),
  prop('WebService', 'env: text that YAML does not carry', "env['A']", lost, (text) => ({ env: { A: text } })),
  prop('WebService', 'args: text that YAML does not carry', 'args[0]', lost, (text) => ({ args: [text] })),
  prop(
    'WebService',
    'labels: a number without quotes',
    "labels['a']",
    fc.constantFrom('0o17', '0X1F', '1e_3'),
    (text) => ({ labels: { a: text } }),
  ),
  prop('WebService', 'annotations: text that YAML does not carry', "annotations['a']", lost, (text) => ({
    annotations: { a: text },
  })),
  prop('WebService', 'annotations: too large', 'annotations', large),
  prop('WebService', 'podAnnotations: too large', 'podAnnotations', large),
  prop('WebService', 'service.annotations: too large', 'service.annotations', large, (given) => ({
    service: { annotations: given },
  })),
  prop('WebService', 'readiness: a header that YAML does not carry', "readiness.headers['a']", lost, (text) => ({
    readiness: http('/', { headers: { a: text } }),
  })),
  prop(
    'WebService',
    'env: no name of a Secret',
    "env['A'].secretKeyRef.name",
    fc.constantFrom('', 'A', 'a_b', '0o17', 'a'.repeat(254)),
    (name) => ({ env: { A: secretValue(name, 'a') } }),
  ),
  prop(
    'WebService',
    'env: no key of a Secret',
    "env['A'].secretKeyRef.key",
    fc.constantFrom('', '..', 'a b', '0o17', 'a'.repeat(254)),
    (key) => ({ env: { A: secretValue('a', key) } }),
  ),
  prop(
    'WebService',
    'env: no field of a pod',
    "env['A'].fieldRef.fieldPath",
    fc.constantFrom('', 'metadata.labels', 'spec.hostname', 'status.phase', "metadata.labels['a b']"),
    (path) => ({ env: { A: call('EnvValue.fromFieldRef', path === 'metadata.labels' ? 'metadata' : path) } }),
  ),
  prop('WebService', 'env: no label of a pod', "env['A'].fieldRef.fieldPath", noLabelKey, (key) => ({
    env: { A: call('EnvValue.fromFieldRef', 'metadata.labels', { key }) },
  })),
  prop(
    'WebService',
    'env: an unknown version of a field',
    "env['A'].fieldRef.apiVersion",
    fc.constantFrom('v2', 'apps/v1'),
    (apiVersion) => ({ env: { A: call('EnvValue.fromFieldRef', 'metadata.name', { apiVersion }) } }),
  ),
  prop(
    'WebService',
    'env: no divisor',
    "env['A'].resourceFieldRef.divisor",
    fc.constantFrom('a', '1Xi', '2', '1m'),
    (divisor) => ({ env: { A: call('EnvValue.fromResource', 'limits.memory', { divisor }) } }),
  ),
  prop('WebService', 'env: a literal credential', "env['URL']", fc.constantFrom('shop', ''), (user) => ({
    env: { URL: `postgres://${String(user)}:hunter2@db` },
    allowSecretLookingEnv: [],
  })),
  prop(
    'WebService',
    'env: an undeclared variable',
    "setup.env['A']",
    fc.constantFrom('$(MISSING)', 'a$(MISSING)b', '$$$(MISSING)'),
    (text) => ({ initContainers: [{ name: 'setup', image: IMAGE, env: { A: text } }] }),
  ),
  prop('WebService', 'env: a circle', "setup.env['A']", fc.constantFrom('$(A)', '$(B)'), (text) => ({
    initContainers: [{ name: 'setup', image: IMAGE, env: { A: text, B: '$(A)' } }],
  })),
  change('WebService', 'addEnvFrom: a watched ConfigMap', 'addEnvFrom.source', (app, { id }) =>
    withSteps(
      withBlocks(app, { kind: 'VersionedConfigMap', id: 'watched', props: { reload: 'watch', data: { MODE: 'a' } } }),
      { on: id, method: 'addEnvFrom', args: [{ $block: 'watched' }] },
    ),
  ),
  prop(
    'WebService',
    'args: a credential',
    'args[1]',
    fc.constantFrom('--requirepass=hunter2', '--db=postgres://u:hunter2@h/db'),
    (text) => ({ args: ['run', text] }),
  ),
  prop(
    'WebService',
    'args: an undeclared variable',
    'setup.args',
    fc.constantFrom('$(MISSING)', 'a$(MISSING)b', '$$$(MISSING)'),
    (text) => ({ initContainers: [{ name: 'setup', image: IMAGE, args: [text] }] }),
  ),
  prop('WebService', 'command: no words', 'command', fc.constantFrom<Term>('run', [1], [null], {})),
  prop('WebService', 'sidecars: name of the main container', 'sidecars', fc.constant('main'), (name) => ({
    sidecars: [{ name, image: IMAGE }],
  })),
  prop('WebService', 'sidecars: the same name twice', 'initContainers', fc.constant('a'), (name) => ({
    sidecars: [{ name, image: IMAGE }],
    initContainers: [{ name, image: IMAGE }],
  })),
  prop('WebService', 'initContainers: the same name twice', 'initContainers', fc.constant('a'), (name) => ({
    initContainers: [
      { name, image: IMAGE },
      { name, image: IMAGE },
    ],
  })),
  prop(
    'WebService',
    'sidecars: number of the main port',
    'sidecars',
    fc.integer({ min: 1024, max: 65_535 }),
    (port) => ({ port, sidecars: [{ name: 'a', image: IMAGE, ports: [{ name: 'x', port }] }] }),
  ),
  prop('WebService', 'sidecars: name of the main port', 'sidecars', fc.constant('web'), (name) => ({
    portName: name,
    sidecars: [{ name: 'a', image: IMAGE, ports: [{ name, port: 9001 }] }],
  })),
  prop('WebService', 'sidecars: two ports of one name', 'sidecars', fc.constant('x'), (name) => ({
    sidecars: [
      {
        name: 'a',
        image: IMAGE,
        ports: [
          { name, port: 9001 },
          { name, port: 9002 },
        ],
      },
    ],
  })),
  prop('WebService', 'sidecars: no name', 'sidecars[0].name', noLabel(63), (name) => ({
    sidecars: [{ name, image: IMAGE }],
  })),
  prop('WebService', 'initContainers: a probe', 'initContainers[0].readiness', fc.constant(http('/')), (readiness) => ({
    initContainers: [{ name: 'a', image: IMAGE, readiness }],
  })),
  prop(
    'WebService',
    'tolerations: a value without a key',
    'tolerations[0].value',
    fc.constantFrom('', 'a'),
    (given) => ({ tolerations: [{ value: given }] }),
  ),
  prop('WebService', 'tolerations: seconds without NoExecute', 'tolerations[0].seconds', fc.nat(1000), (seconds) => ({
    tolerations: [{ key: 'a', effect: 'NoSchedule', seconds }],
  })),
  prop(
    'WebService',
    'priorityClassName: no name',
    'priorityClassName',
    fc.constantFrom<Term>('', 'A', 'a_b', 'a'.repeat(254), null),
  ),
  ...(['labels', 'podLabels', 'nodeSelector'] as const).flatMap((map) => [
    prop('WebService', `${map}: no label key`, map, noLabelKey, (key) => ({ [map]: { [key as string]: '' } })),
    prop('WebService', `${map}: no label value`, map, noLabelValue, (bad) => ({ [map]: { a: bad } })),
  ]),
  prop('WebService', 'labels: the one that selects the pods', 'labels', fc.constant('other'), (name) => ({
    labels: { 'app.kubernetes.io/instance': name },
  })),
  prop('WebService', 'annotations: no key', 'annotations', noLabelKey, (key) => ({
    annotations: { [key as string]: '' },
  })),
  prop('WebService', 'service.port: no port', 'service.port', noInteger(1, 65_535), (port) => ({ service: { port } })),
  prop(
    'WebService',
    'service.sessionAffinity: no such time',
    'service.sessionAffinity',
    noDuration(1, 86_400),
    (sessionAffinity) => ({ service: { sessionAffinity } }),
  ),
  prop('WebService', 'egressTo: with open egress', 'egressTo', fc.constant([call('Egress.internet')]), (egressTo) => ({
    egress: 'open',
    egressTo,
  })),
  prop('WebService', 'egressTo: no range', 'egressTo[0]', noRange, (range) => ({
    egress: 'declared',
    egressTo: [call('Egress.cidr', range)],
  })),
  prop(
    'WebService',
    'egressTo: an exception that is no part',
    'egressTo[0].except',
    fc.constantFrom('10.0.0.0/8', '11.0.0.0/16', '0.0.0.0/0', 'fd00::/8'),
    (except) => ({ egress: 'declared', egressTo: [call('Egress.cidr', '10.0.0.0/8', { except: [except] })] }),
  ),
  prop(
    'WebService',
    'egressTo: no ports',
    'egressTo[0].ports',
    fc.constantFrom<Term>([], [0], [65_536], ['http'], 80),
    (ports) => ({ egress: 'declared', egressTo: [call('Egress.internet', { ports })] }),
  ),
  prop('WebService', 'an unknown prop', 'imagePullPolicy', fc.constant('Always')),
  prop('WebService', 'a misspelt prop', 'replica', fc.constant(3)),
];

/** A bad call on a WebService, or something that is there twice. */
const calls: Mistake[] = [
  step(
    'WebService',
    'mount: over files of the image',
    'mount',
    'mountSecret',
    fc.constantFrom('/', '/etc', '/usr/bin', '/var/run/secrets'),
    (path) => [path, { $secret: 'a' }],
  ),
  step(
    'WebService',
    'mount: no absolute path',
    'mountSecret.path',
    'mountSecret',
    fc.constantFrom<Term>('', 'a', '/a/../b', '/a:b', null),
    (path) => [path, { $secret: 'a' }],
  ),
  step('WebService', 'mount: at a path that is taken', 'mount.path', 'mountSecret', fc.constant('/tmp'), (path) => [
    path,
    { $secret: 'a' },
  ]),
  step(
    'WebService',
    'mount: outside of the volume',
    'mountSecret.subPath',
    'mountSecret',
    fc.constantFrom('..', '.', '../a', 'a/../../b', '/a', ''),
    (subPath) => ['/mnt/x', { $secret: 'a' }, { subPath }],
  ),
  step(
    'WebService',
    'mount: a path that no item has',
    'mountSecret.subPath',
    'mountSecret',
    fc.constantFrom('key', 'file/x', 'fil'),
    (subPath) => ['/mnt/x', { $secret: 'a' }, { items: { key: 'file' }, subPath }],
  ),
  step(
    'WebService',
    'mount: an item at a path of the kubelet',
    'mountSecret.items',
    'mountSecret',
    fc.constantFrom('..data', '..', '../a', 'a/../b', '/a', ''),
    (path) => ['/mnt/x', { $secret: 'a' }, { items: { key: path } }],
  ),
  step(
    'WebService',
    'mount: two items at one path',
    'mountSecret.items',
    'mountSecret',
    fc.constantFrom('a', 'a/b'),
    (path) => ['/mnt/x', { $secret: 'a' }, { items: { one: 'a', two: path } }],
  ),
  step(
    'WebService',
    'addEnvFrom: no name of a Secret',
    'addEnvFrom.source.secretRef.name',
    'addEnvFrom',
    fc.constantFrom('', 'A', 'a_b'),
    (name) => [call('Env.fromSecret', { $secret: name })],
  ),
  step(
    'WebService',
    'mount: an unknown container',
    'mountSecret.containers',
    'mountSecret',
    fc.constantFrom<Term>(['missing-container'], [], 'main'),
    (containers) => ['/mnt/x', { $secret: 'a' }, { containers }],
  ),
  step(
    'WebService',
    'mountSecret: no name of a Secret',
    'mountSecret.secret',
    'mountSecret',
    fc.constantFrom('', 'A', 'a_b', 'a'.repeat(254)),
    (name) => ['/mnt/x', { $secret: name }],
  ),
  step('WebService', 'allowFrom: no range', 'allowFrom', 'allowFrom', noRange, (range) => [call('Peer.cidr', range)]),
  step('WebService', 'allowFrom: no label', 'allowFrom.labels', 'allowFrom', noLabelValue, (bad) => [
    call('Peer.pods', { labels: { a: bad } }),
  ]),
  step(
    'WebService',
    'allowFrom: an undeclared port',
    'allowFrom.ports',
    'allowFrom',
    fc.constantFrom<Term>([], [0], [70_000], 'http'),
    (ports) => [call('Peer.cidr', '10.0.0.0/8'), { ports }],
  ),
  step(
    'WebService',
    'connectTo: no block',
    'connectTo',
    'connectTo',
    fc.constantFrom<Term>('redis', null, {}, call('Peer.cidr', '10.0.0.0/8')),
    (target) => [value(target)],
  ),
  change('WebService', 'connectTo: an id that makes no variables', 'connectTo.prefix', (app, { id, chart }) =>
    withSteps(
      withBlocks(app, {
        kind: 'WebService',
        id: '2fa',
        chart,
        props: { name: 'login', image: IMAGE, port: 8080, readiness: http('/') },
      }),
      { on: id, method: 'connectTo', args: [{ $block: '2fa' }] },
    ),
  ),
  step(
    'WebService',
    'addEnv: no name of a variable',
    'addEnv',
    'addEnv',
    fc.constantFrom<Term>('', '1A', 'A=B', null, 7),
    (name) => [name, ''],
  ),
  change('WebService', 'addEnv: a variable twice', "addEnv['TWICE']", (app, { id }) => ({
    ...app,
    steps: [...app.steps, ...['a', 'b'].map((text) => ({ on: id, method: 'addEnv', args: ['TWICE', text] }))],
  })),
  change('WebService', 'two workloads with one name', '', (app) =>
    withBlocks(
      app,
      ...['one', 'two'].map((id) => ({
        kind: 'WebService' as const,
        id,
        props: { name: 'same', image: IMAGE, port: 8080, readiness: http('/') },
      })),
    ),
  ),
];

export const WORKLOAD_MISTAKES: readonly Mistake[] = [...props, ...calls];
