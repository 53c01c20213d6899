import * as fc from 'fast-check';
import {
  change,
  type Mistake,
  noDuration,
  noInteger,
  noLabel,
  noLabelKey,
  noLabelValue,
  prop,
  step,
  withBlocks,
} from './mistake';
import { call, type Term, type Terms } from './terms';

const YEAR = 365 * 86_400;
const BACKOFF_CODES = fc.oneof(
  noInteger(1, 255).map((code) => [code]),
  fc.constantFrom<Term>([1, 1], 1, null),
);

/** A mistake of a Job with five indexes. */
function indexed(title: string, at: string, value: fc.Arbitrary<Term>, props?: (bad: Term) => Terms): Mistake {
  return prop('Job', title, at, value, (bad) => ({
    ...NO_NEWER,
    indexed: true,
    completions: 5,
    parallelism: undefined,
    spread: undefined,
    restartPolicy: undefined,
    fatalExitCodes: undefined,
    ...(props?.(bad) ?? { [at]: bad }),
  }));
}

const NO_NEWER = {
  backoffLimitPerIndex: undefined,
  maxFailedIndexes: undefined,
  fatalIndexExitCodes: undefined,
  successPolicy: undefined,
  restartInPlace: undefined,
};

const job: Mistake[] = [
  prop(
    'Job',
    'image: no fixed version',
    'image',
    fc.constantFrom<Term>('web', 'web:latest', undefined, null),
    (image) => ({ image, version: 'v1' }),
  ),
  prop('Job', 'name and version: too long', 'version', fc.constant('a'.repeat(63)), (version) => ({
    name: 'web',
    version,
  })),
  prop('Job', 'version: no end of a name', 'version', noLabel(63)),
  prop('Job', 'backoffLimit: no count', 'backoffLimit', noInteger(0, 1000)),
  prop('Job', 'fatalExitCodes: no exit codes', 'fatalExitCodes', BACKOFF_CODES, (fatalExitCodes) => ({
    ...NO_NEWER,
    restartPolicy: 'Never',
    fatalExitCodes,
  })),
  prop(
    'Job',
    'fatalExitCodes: of containers that are restarted',
    'fatalExitCodes',
    fc.constant([1]),
    (fatalExitCodes) => ({ ...NO_NEWER, restartPolicy: 'OnFailure', fatalExitCodes }),
  ),
  indexed('backoffLimitPerIndex: without indexes', 'backoffLimitPerIndex', fc.constant(1), (backoffLimitPerIndex) => ({
    indexed: false,
    backoffLimitPerIndex,
  })),
  indexed('backoffLimitPerIndex: no count', 'backoffLimitPerIndex', noInteger(0, 1000)),
  indexed(
    'maxFailedIndexes: more than there are',
    'maxFailedIndexes',
    fc.integer({ min: 6, max: 100_000 }),
    (maxFailedIndexes) => ({ backoffLimitPerIndex: 1, maxFailedIndexes }),
  ),
  indexed('maxFailedIndexes: of the whole run', 'maxFailedIndexes', fc.constant(1)),
  indexed('fatalIndexExitCodes: no exit codes', 'fatalIndexExitCodes', BACKOFF_CODES, (fatalIndexExitCodes) => ({
    backoffLimitPerIndex: 1,
    fatalIndexExitCodes,
  })),
  indexed(
    'successPolicy: no rules',
    'successPolicy',
    fc.constantFrom<Term>([], [{}], null, '0', [1], [{ succeededIndexes: null }]),
  ),
  indexed(
    'successPolicy: no indexes',
    'successPolicy[0].succeededIndexes',
    fc.constantFrom<Term>('', '5', '0-5', '1-1', '2-1', '1,1', '1,0', '0-2,1', 'a', '0 1', '-1', '1-', '00', 0),
    (succeededIndexes) => ({ successPolicy: [{ succeededIndexes }] }),
  ),
  indexed(
    'successPolicy: more than there are',
    'successPolicy[0].succeededCount',
    fc.oneof(noInteger(1, 100_000), fc.integer({ min: 6, max: 100_000 })),
    (succeededCount) => ({ successPolicy: [{ succeededCount }] }),
  ),
  indexed(
    'restartInPlace: no exit codes',
    'restartInPlace.exitCodes',
    fc.oneof(BACKOFF_CODES, fc.constantFrom<Term>([], undefined)),
    (exitCodes) => ({ restartInPlace: { exitCodes } }),
  ),
  indexed(
    'restartInPlace: no containers',
    'restartInPlace.containers',
    fc.constantFrom<Term>('', 'pod', null, true),
    (which) => ({ restartInPlace: { exitCodes: [1], containers: which } }),
  ),
  prop('Job', 'restartPolicy: always', 'restartPolicy', fc.constantFrom<Term>('Always', 'never', '', null)),
  prop('Job', 'activeDeadline: no such time', 'activeDeadline', noDuration(1, YEAR)),
  prop('Job', 'ttlAfterFinished: no such time', 'ttlAfterFinished', noDuration(0, YEAR)),
  prop('Job', 'completions: no count', 'completions', noInteger(1, 100_000), (completions) => ({
    ...NO_NEWER,
    completions,
    parallelism: undefined,
    indexed: undefined,
    spread: undefined,
  })),
  prop(
    'Job',
    'parallelism: more than completions',
    'parallelism',
    fc.integer({ min: 4, max: 10_000 }),
    (parallelism) => ({ ...NO_NEWER, completions: 3, parallelism }),
  ),
  prop(
    'Job',
    'liveness: a port that nothing listens on',
    'liveness',
    fc.constantFrom<Term>(call('Probe.tcpSocket'), call('Probe.httpGet', '/'), null),
  ),
  prop('Job', 'a prop of WebService', 'port', fc.constant(8080)),
  prop('Job', 'placeOn: no pool', 'placeOn', fc.constantFrom<Term>('gpu', null, {})),
  prop('Job', 'placeOn: no key', 'placeOn.key', noLabelKey, (key) => ({
    placeOn: call('NodePool.open', { key, value: 'a' }),
  })),
  prop('Job', 'placeOn: no value', 'placeOn.value', noLabelValue, (value) => ({
    placeOn: call('NodePool.reserved', { key: 'a', value }),
  })),
  prop(
    'Job',
    'placeOn: a stay without NoExecute',
    'placeOn.staysFor',
    fc.constant(call('Duration.seconds', 5)),
    (staysFor) => ({ placeOn: call('NodePool.reserved', { key: 'a', value: 'a', staysFor }) }),
  ),
  prop('Job', 'placeOn: other nodes than nodeSelector', 'nodeSelector', fc.constant('b'), (value) => ({
    nodeSelector: { a: value },
    placeOn: call('NodePool.open', { key: 'a', value: 'a' }),
  })),
  prop(
    'Job',
    'workloadIdentity: no role',
    'workloadIdentity.roleArn',
    fc.constantFrom<Term>('', 'admin', 'arn:aws:iam::1:role/a', 'arn:aws:iam::111122223333:user/a', undefined),
    (roleArn) => ({ workloadIdentity: call('WorkloadIdentity.aws', { roleArn }) }),
  ),
  prop(
    'Job',
    'workloadIdentity: no client',
    'workloadIdentity.clientId',
    fc.constantFrom<Term>('', 'a', null, undefined),
    (clientId) => ({ workloadIdentity: call('WorkloadIdentity.azure', { clientId }) }),
  ),
  prop(
    'Job',
    'workloadIdentity: no account',
    'workloadIdentity.serviceAccount',
    fc.constantFrom<Term>('', 'jane@example.com', null),
    (serviceAccount) => ({ workloadIdentity: call('WorkloadIdentity.gcp', { serviceAccount }) }),
  ),
];

const scheduled: Mistake[] = [
  prop(
    'ScheduledJob',
    'schedule: none that comes',
    'schedule',
    fc.constantFrom<Term>(
      '',
      '* * * *',
      '60 * * * *',
      '* 24 * * *',
      '* * 0 * *',
      '* * * 13 *',
      '* * * * 7',
      '5-1 * * * *',
      '*/0 * * * *',
      '0 0 31 2 *',
      '0 0 30 feb *',
      '@every 5m',
      '@reboot',
      'TZ=UTC 0 0 * * *',
      undefined,
      null,
      5,
    ),
  ),
  prop(
    'ScheduledJob',
    'timeZone: none of the database',
    'timeZone',
    fc.constantFrom<Term>('', 'Local', 'CET', 'europe/berlin', 'Europe/Bielefeld', '+01:00', null),
  ),
  prop('ScheduledJob', 'concurrencyPolicy: unknown', 'concurrencyPolicy', fc.constantFrom<Term>('forbid', '', null)),
  prop('ScheduledJob', 'startingDeadline: no such time', 'startingDeadline', noDuration(10, YEAR)),
  prop('ScheduledJob', 'successfulRunsKept: no count', 'successfulRunsKept', noInteger(0, 100)),
  prop('ScheduledJob', 'failedRunsKept: no count', 'failedRunsKept', noInteger(0, 100)),
  prop('ScheduledJob', 'name: no room for the number of a run', 'name', noLabel(52)),
  prop('ScheduledJob', 'version: of Jobs alone', 'version', fc.constant('v1')),
];

const worker: Mistake[] = [
  prop(
    'Worker',
    'liveness: left out',
    'liveness',
    fc.constantFrom<Term>(undefined, null, call('Probe.sameAsReadiness')),
  ),
  prop(
    'Worker',
    'startup: a port that nothing listens on',
    'startup',
    fc.constantFrom<Term>(call('Probe.tcpSocket'), call('Probe.httpGet', '/')),
    (startup) => ({ startup, metricsPort: undefined }),
  ),
  prop('Worker', 'metricsPort: a port of root', 'metricsPort', noInteger(1024, 65_535)),
  prop('Worker', 'replicas: no count', 'replicas', noInteger(0, 10_000), (replicas) => ({
    replicas,
    autoscaling: undefined,
    budget: undefined,
    spread: undefined,
  })),
  prop('Worker', 'a prop of WebService', 'readiness', fc.constant(call('Probe.httpGet', '/'))),
  prop(
    'Worker',
    'liveness: no file of a heartbeat',
    'liveness.file',
    fc.constantFrom<Term>('alive', '/', '', '/tmp/', '/tmp/../alive', '/tmp/$(NAME)', '/usr/alive', null, 7),
    (file) => ({
      ...heartbeat({ file, maxAge: call('Duration.minutes', 60) }),
      writablePaths: undefined,
    }),
  ),
  prop(
    'Worker',
    'liveness: no age of a heartbeat',
    'liveness.maxAge',
    fc.oneof(noDuration(60, 86_400), fc.constantFrom(call('Duration.seconds', 90), call('Duration.seconds', 61))),
    (maxAge) => heartbeat({ maxAge }),
  ),
  prop(
    'Worker',
    'liveness: a heartbeat that is younger than a task',
    'liveness.maxAge',
    fc.integer({ min: 1, max: 10 }),
    (minutes) => ({
      ...heartbeat({ maxAge: call('Duration.minutes', minutes) }),
      terminationGracePeriod: call('Duration.minutes', (minutes as number) + 1),
    }),
  ),
  prop(
    'Worker',
    'liveness: a heartbeat that is seldom checked',
    'liveness.period',
    fc.integer({ min: 3601, max: 5000 }),
    () => heartbeat({ maxAge: call('Duration.minutes', 59), duringTasks: true, period: call('Duration.minutes', 60) }),
  ),
  prop('SingletonWorker', 'replicas: of a Worker', 'replicas', fc.integer({ min: 1, max: 9 })),
  prop(
    'SingletonWorker',
    'rollout: of a Worker',
    'rollout',
    fc.constantFrom(call('Rollout.recreate'), call('Rollout.rolling')),
  ),
  prop('SingletonWorker', 'name: no room for the number of its pod', 'name', noLabel(52)),
];

/** A liveness by the age of a file, of an image that has the programs. */
function heartbeat({ file = '/tmp/alive', ...options }: Terms): Terms {
  return {
    liveness: call('Probe.heartbeat', file, options),
    startup: undefined,
    progressDeadline: undefined,
    shell: true,
  };
}

const reason = 'It is needed for this test';
const exceptions = (...given: Terms[]): Terms => ({ user: undefined, exceptions: given });
const root = call('PrivilegedException.rootUser', { reason });

const hostNetwork = { ...exceptions(call('PrivilegedException.hostNetwork', { reason })), egress: undefined };

/** A mistake of a workload on the network of the node. */
function onHostNetwork(mistake: Mistake): Mistake {
  const moved = prop('PrivilegedWorkload', '', '', mistake.value, () => hostNetwork);
  return { ...mistake, make: (app, bad) => mistake.make(moved.make(app, bad), bad) };
}

const privileged: Mistake[] = [
  prop('PrivilegedWorkload', 'owner: left out', 'owner', fc.constantFrom<Term>(undefined, '', null)),
  prop(
    'PrivilegedWorkload',
    'exceptions: none',
    'exceptions',
    fc.constantFrom<Term>([], undefined, null, ['hostNetwork']),
  ),
  prop(
    'PrivilegedWorkload',
    'exceptions: no reason',
    'exceptions[0].reason',
    fc.constantFrom<Term>('', 'because', ' '.repeat(20), null),
    (why) => exceptions(call('PrivilegedException.hostNetwork', { reason: why })),
  ),
  prop('PrivilegedWorkload', 'exceptions: the same twice', 'exceptions[1]', fc.constant(root), (given) =>
    exceptions(given as Terms, given as Terms),
  ),
  prop(
    'PrivilegedWorkload',
    'exceptions: no capability',
    'exceptions[1].names',
    fc.constantFrom<Term>([], ['ALL'], ['CAP_NET_ADMIN'], ['net_admin'], ['CHOWN', 'CHOWN'], 'CHOWN'),
    (names) => exceptions(root, call('PrivilegedException.capabilities', names, { reason })),
  ),
  prop(
    'PrivilegedWorkload',
    'exceptions: capabilities that have no effect',
    'exceptions',
    fc.constant(['NET_ADMIN']),
    (names) => exceptions(call('PrivilegedException.capabilities', names, { reason })),
  ),
  prop('PrivilegedWorkload', 'exceptions: privileged without effect', 'exceptions', fc.constant(reason), (why) =>
    exceptions(call('PrivilegedException.privileged', { reason: why })),
  ),
  prop(
    'PrivilegedWorkload',
    'exceptions: no path',
    'exceptions[0].path',
    fc.constantFrom<Term>('', 'var', '/a:b', '/a/../b', '//', null),
    (path) => exceptions(call('PrivilegedException.hostPath', path, { reason })),
  ),
  prop(
    'PrivilegedWorkload',
    'exceptions: a path that hands over the node',
    'exceptions[0].path',
    fc.constantFrom('/', '/etc', '/proc', '/var/run/docker.sock', '/var/lib', '/run', '/run/systemd/private'),
    (path) => exceptions(call('PrivilegedException.hostPath', path, { reason })),
  ),
  prop(
    'PrivilegedWorkload',
    'exceptions: a warning where there is none to give',
    'exceptions[0].handsOverNode',
    fc.constant('/var/log'),
    (path) => exceptions(call('PrivilegedException.hostPath', path, { reason, handsOverNode: true })),
  ),
  prop('PrivilegedWorkload', 'user: beside rootUser', 'user', fc.constantFrom<Term>(1000, true), (user) => ({
    user,
    exceptions: [root],
  })),
  prop(
    'PrivilegedWorkload',
    'ports: a port of root for another user',
    'ports[0].port',
    fc.integer({ min: 1, max: 1023 }),
    (port) => ({
      ...exceptions(call('PrivilegedException.hostProcesses', { reason })),
      ports: [{ name: 'low', port }],
    }),
  ),
  prop(
    'PrivilegedWorkload',
    'ports: a port of the node without the capability',
    'ports[0].port',
    fc.integer({ min: 1, max: 1023 }),
    (port) => ({
      ...exceptions(root, call('PrivilegedException.hostNetwork', { reason })),
      egress: undefined,
      ports: [{ name: 'low', port }],
    }),
  ),
  prop(
    'PrivilegedWorkload',
    'egress: closed on the network of the node',
    'egress',
    fc.constant('declared'),
    (egress) => ({ ...hostNetwork, egress }),
  ),
  onHostNetwork(
    step(
      'PrivilegedWorkload',
      'allowFrom: on the network of the node',
      'allowFrom',
      'allowFrom',
      fc.constantFrom(call('Peer.pods', { namespace: 'a' }), call('Peer.cidr', '10.0.0.0/8')),
      (peer) => [peer],
    ),
  ),
  prop('PrivilegedWorkload', 'replicas: no count', 'replicas', noInteger(1, 10_000), (replicas) => ({
    replicas,
    spread: undefined,
  })),
  change('PrivilegedWorkload', 'another workload in its namespace', 'namespace', (app, { chart }) =>
    withBlocks(app, { kind: 'Job', id: 'beside', chart, props: { image: 'ghcr.io/acme/run:1.4.2' } }),
  ),
];

const nodeAgent: Mistake[] = [
  prop(
    'NodeAgent',
    'rollout: none of one pod on each node',
    'rollout',
    fc.constantFrom<Term>(
      call('Rollout.recreate'),
      call('Rollout.rolling', { maxSurge: 1, maxUnavailable: '10%' }),
      call('Rollout.rolling', { maxSurge: 0 }),
      'recreate',
    ),
  ),
  prop('NodeAgent', 'alsoOn: a pool without a taint', 'alsoOn[0]', fc.constant('a'), (value) => ({
    placeOn: undefined,
    alsoOn: [call('NodePool.open', { key: 'example.com/pool', value })],
  })),
  prop('NodeAgent', 'onControlPlane: no choice', 'onControlPlane', fc.constantFrom<Term>('yes', 1, null)),
  prop('NodeAgent', 'replicas: of other blocks', 'replicas', fc.integer({ min: 1, max: 10 })),
  prop('NodeAgent', 'exceptions: no exception', 'exceptions[0]', fc.constantFrom('root', 'hostNetwork'), (given) => ({
    exceptions: [given],
  })),
  step(
    'NodeAgent',
    'addSidecar: no file',
    'addSidecar.file',
    'addSidecar',
    fc.constantFrom<Term>('', 'app.log', '/app.log', '/a:b/c', null),
    (file) => [call('Sidecar.logTail', { file, name: 'tail-of-nothing' })],
  ),
  step(
    'NodeAgent',
    'addSidecar: no sidecar',
    'addSidecar',
    'addSidecar',
    fc.constantFrom<Term>({ name: 'proxy' }, 'proxy', null),
    (sidecar) => [sidecar],
  ),
];

const noDottedName = fc.oneof(
  noLabel(63).filter((name) => name !== 'web.1'),
  fc.constantFrom('a..b', '.a', 'a.', `a.${'b'.repeat(62)}`),
);

const classes: Mistake[] = [
  prop('PriorityClass', "value: what is the system's", 'value', noInteger(-2_147_483_648, 1_000_000_000)),
  prop(
    'PriorityClass',
    "name: what is the system's",
    'name',
    fc.oneof(noDottedName, fc.constantFrom('system-a', 'system-a.b')),
  ),
  prop(
    'PriorityClass',
    'preemptionPolicy: unknown',
    'preemptionPolicy',
    fc.constantFrom<Term>('never', '', true, null),
  ),
  change('PriorityClass', 'two for pods that name none', '', (app, { id: first }) =>
    withBlocks(
      { ...app, blocks: app.blocks.map((block) => (block.id === first ? { ...block, props: { value: 1 } } : block)) },
      ...['one', 'two'].map((id) => ({ kind: 'PriorityClass' as const, id, props: { value: 1, globalDefault: true } })),
    ),
  ),
  prop('RuntimeClass', 'handler: no handler', 'handler', fc.oneof(noLabel(63), fc.constant(undefined))),
  prop('RuntimeClass', 'name: no name', 'name', noDottedName),
  prop(
    'RuntimeClass',
    'overhead: no amount',
    'overhead.',
    fc.constantFrom<Terms>({ cpu: 1 }, { memory: '64Mi' }, { cpu: call('Cpu.millis', 0) }, { disk: 1 }),
    (overhead) => ({ overhead }),
  ),
  prop('RuntimeClass', 'nodes: no pool', 'nodes', fc.constantFrom<Term>('gpu', null, {})),
];

const oneClaim = (props: Terms): Terms => ({
  claims: [{ path: '/volumes/one', size: call('Size.gibibytes', 1), ...props }],
});

const stateful: Mistake[] = [
  prop('StatefulService', 'replicas: even for a quorum', 'replicas', fc.constantFrom(2, 4, 10), (replicas) => ({
    replicas,
    quorum: true,
    autoscaling: undefined,
    rollout: undefined,
    spread: undefined,
  })),
  prop('StatefulService', 'budget: takes the majority', 'budget.', fc.constantFrom<Term>(2, '50%'), (pods) => ({
    replicas: 3,
    quorum: true,
    autoscaling: undefined,
    rollout: undefined,
    budget: call('DisruptionBudget.maxUnavailable', pods),
  })),
  prop('StatefulService', 'autoscaling: of a quorum', 'autoscaling', fc.constantFrom(2, 3), (min) => ({
    replicas: undefined,
    quorum: true,
    rollout: undefined,
    budget: undefined,
    verticalAutoscaling: undefined,
    autoscaling: call('Autoscaling.onCpu', { min, max: 5, target: 50 }),
  })),
  prop(
    'StatefulService',
    'rollout.partition: beyond the members',
    'rollout.partition',
    fc.constant(4),
    (partition) => ({
      replicas: 3,
      autoscaling: undefined,
      rollout: { partition },
    }),
  ),
  prop(
    'StatefulService',
    'rollout.maxUnavailable: none',
    'rollout.maxUnavailable',
    fc.constantFrom(0, '0%'),
    (none) => ({
      rollout: { maxUnavailable: none },
    }),
  ),
  prop('StatefulService', 'start: unknown', 'start', fc.constantFrom<Term>('Parallel', '', true, null)),
  prop('StatefulService', 'primary: unknown', 'primary', fc.constantFrom<Term>('0', 'last', 0, null)),
  prop('StatefulService', 'name: no room for the revision', 'name', noLabel(52)),
  prop('StatefulService', 'claims: no size', 'claims[0].size', fc.constantFrom<Term>(undefined, '1Gi', 1), (bad) =>
    oneClaim({ size: bad }),
  ),
  prop(
    'StatefulService',
    'claims: no directory',
    'claims[0].path',
    fc.constantFrom<Term>('', 'data', null, 7),
    (path) => oneClaim({ path }),
  ),
  prop('StatefulService', 'claims: no name', 'claims[0].name', noLabel(63), (name) => oneClaim({ name })),
  prop('StatefulService', 'claims: two of one name', 'claims[1].name', fc.constantFrom('data', 'log'), (name) => ({
    claims: ['/volumes/one', '/volumes/two'].map((path) => ({ name, path, size: call('Size.gibibytes', 1) })),
  })),
  prop('StatefulService', 'claims: two at one path', 'claims[1].path', fc.constantFrom('/volumes/one'), (path) => ({
    claims: ['one', 'two'].map((name) => ({ name, path, size: call('Size.gibibytes', 1) })),
  })),
  prop(
    'StatefulService',
    'claims: an access mode that nobody writes with',
    'claims[0].accessMode',
    fc.constantFrom<Term>('ReadOnlyMany', 'RWO', '', null),
    (accessMode) => oneClaim({ accessMode }),
  ),
  prop('StatefulService', 'claimRetention: of no claims', 'claimRetention', fc.constant('keep'), (whenDeleted) => ({
    claims: undefined,
    claimRetention: { whenDeleted },
  })),
];

export const RUN_MISTAKES: readonly Mistake[] = [
  ...job,
  ...scheduled,
  ...worker,
  ...nodeAgent,
  ...privileged,
  ...classes,
  ...stateful,
];
