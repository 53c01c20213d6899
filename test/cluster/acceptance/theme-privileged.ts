import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { containerBase, freePorts, namedPort } from './arbitrary-container';
import { livenessBeside, probe, ready } from './arbitrary-probe';
import { anyText, duration, serviceName } from './arbitrary-text';
import { hookOf, rawPods, workloadProps } from './arbitrary-workload';
import { type BlockData, call, type StepData, type Terms } from './terms';
import { ending, type Theme } from './theme';

const reason = anyText.filter((text) => !/\s$/.test(text)).map((text) => `It is needed: ${text}.`);

const BASELINE = ['CHOWN', 'NET_BIND_SERVICE', 'SETUID', 'MKNOD'];
const PRIVILEGED = [
  'NET_ADMIN',
  'NET_RAW',
  'SYS_ADMIN',
  'SYS_PTRACE',
  'BPF',
  'PERFMON',
  'CHECKPOINT_RESTORE',
  'SYSLOG',
];

const HARMLESS_PATHS = ['/var/log/pods', '/var/lib/agent', '/srv', '/mnt/é', '/var/log/a b'];
const WRITABLE_MASTERS = ['/usr/local', '/opt', '/sys'];
const MASTERS = ['/', '/etc', '/var/run/docker.sock', '/proc', '/dev', '/var/lib/kubelet', '/run/dbus'];

const hostPath = fc
  .record({
    path: fc.constantFrom(...HARMLESS_PATHS, ...WRITABLE_MASTERS, ...MASTERS),
    writable: fc.option(fc.boolean(), { nil: undefined }),
    type: fc.option(fc.constantFrom('Directory', 'File', 'Socket'), { nil: undefined }),
    mounted: fc.boolean(),
    reason,
  })
  .map(({ path, writable, type, mounted, reason: why }): { path: string; term: Terms } => ({
    path,
    term: call('PrivilegedException.hostPath', path, {
      reason: why,
      ...(writable === undefined ? {} : { writable }),
      ...(type === undefined ? {} : { type }),
      ...(mounted ? { mountPath: `/node${path === '/' ? '' : path}` } : {}),
      ...(MASTERS.includes(path) || (writable === true && WRITABLE_MASTERS.includes(path))
        ? { handsOverNode: true }
        : {}),
    }),
  }));

// a privileged container has its capabilities as root only
const plain = fc
  .uniqueArray(fc.constantFrom('hostNetwork', 'hostProcesses', 'rootUser', 'privileged'), { maxLength: 4 })
  .map((kinds) => (kinds.includes('privileged') && !kinds.includes('rootUser') ? [...kinds, 'rootUser'] : kinds));

/** One below another hides it. */
function apart(paths: ReadonlyArray<{ path: string; term: Terms }>): Terms[] {
  return paths.some(({ path }) => path === '/')
    ? [paths.find(({ path }) => path === '/')!.term]
    : paths.map(({ term }) => term);
}

const exceptions = fc
  .record({
    kinds: plain,
    reason,
    capabilities: fc.subarray([...BASELINE, ...PRIVILEGED]),
    paths: fc.uniqueArray(hostPath, { maxLength: 2, selector: ({ path }) => path }),
  })
  .map(({ kinds, reason: why, capabilities, paths }) => {
    // they are of use to root only, and a privileged container has all
    const named =
      kinds.includes('rootUser') && !kinds.includes('privileged') && capabilities.length > 0
        ? [call('PrivilegedException.capabilities', capabilities, { reason: why })]
        : [];
    const all = [
      ...kinds.map((kind) => call(`PrivilegedException.${kind}`, { reason: why })),
      ...named,
      ...apart(paths),
    ];
    return all.length > 0 ? all : [call('PrivilegedException.rootUser', { reason: why })];
  });

const NAMESPACE = 'node-agents';
const AGENT_NAMESPACE = 'agents-of-nodes';

const rolling = fc.constantFrom<Terms>(
  {},
  { maxSurge: 1 },
  { maxSurge: '25%' },
  { maxSurge: 10_000, maxUnavailable: 0 },
  { maxUnavailable: 1, maxSurge: 0 },
);
const onNodes = fc.constantFrom<Terms>({ maxUnavailable: 10_000 }, { maxUnavailable: '100%' }, { maxUnavailable: 1 });

const reserved = fc
  .uniqueArray(fc.constantFrom('gpu', 'batch', ''), { maxLength: 2 })
  .map((values) => values.map((value) => call('NodePool.reserved', { key: 'also.example.com/pool', value })));

/** What a pod on each node and a Deployment with exceptions have in common. */
const agent = fc.record({
  rollout: fc.option(rolling, { nil: undefined }),
  own: fc.record(
    {
      minReady: duration(0, 3600),
      revisionHistory: fc.integer({ min: 0, max: 100 }),
      metricsPort: fc.integer({ min: 1024, max: 65_535 }),
    },
    { requiredKeys: [] },
  ),
  nodes: fc.record({ onControlPlane: fc.boolean(), alsoOn: reserved }, { requiredKeys: [] }),
  nodeRollout: fc.option(onNodes, { nil: undefined }),
  ports: fc.option(fc.array(namedPort(1), { maxLength: 2 }), { nil: undefined }),
  probes: fc.record({ readiness: probe('r'), liveness: probe('l'), startup: probe('s') }, { requiredKeys: [] }),
  base: containerBase,
  raw: rawPods,
});

type RawAgent = typeof agent extends fc.Arbitrary<infer T> ? T : never;

function agentProps(
  { rollout, own, nodes, nodeRollout, ports, probes, base: { user, ...base }, raw }: RawAgent,
  stated: Terms,
): Terms {
  const { readiness, liveness, startup } = probes;
  const exceptional = (stated.exceptions ?? []) as Terms[];
  const has = (kind: string): boolean => exceptional.some(({ $call }) => $call === `PrivilegedException.${kind}`);
  const binds = has('rootUser') && !has('hostNetwork');
  const metrics = own.metricsPort === undefined ? [] : [{ name: 'metrics', port: own.metricsPort }];
  const taken = new Set(metrics.flatMap(({ name, port }) => [`name ${name}`, `${port}/TCP`, `service ${port}/TCP`]));
  const listed = freePorts(
    (ports ?? []).filter(({ port }) => binds || port >= 1024),
    taken,
  );
  const declared = [...listed, ...metrics];
  const asked = readiness && ready(readiness, declared);
  const onEach = stated.replicas === undefined;
  const chosen = onEach && (nodeRollout ?? rollout);
  const options = onEach ? chosen : rollout;
  // the old pod would hold the ports of the node
  const fits = options && !(onEach && has('hostNetwork') && nodeRollout === undefined);
  const { placeOn, ...others } = raw.shared;
  const shared = {
    ...others,
    ...(placeOn === undefined || (onEach && nodes.alsoOn !== undefined) ? {} : { placeOn }),
    ...(onEach ? { holdsNode: undefined } : {}),
    ...(has('hostNetwork') || has('hostProcesses') ? { userNamespace: false } : {}),
  };
  return workloadProps(
    { ...raw, ...(has('hostNetwork') ? { egress: undefined } : {}), shared },
    {
      ...base,
      ...own,
      ...stated,
      ...(onEach ? nodes : {}),
      ...(fits ? { rollout: call('Rollout.rolling', options) } : {}),
      ...(user === undefined || has('rootUser') ? {} : { user }),
      ...(ports ? { ports: listed } : {}),
      ...(asked ? { readiness: asked } : {}),
      ...(liveness ? { liveness: livenessBeside(asked, ready(liveness, declared)) } : {}),
      ...(startup ? { startup: ready(startup, declared) } : {}),
      ...hookOf(raw, declared),
    },
    (stated.replicas as number | undefined) ?? 1,
    false,
    metrics,
  );
}

/** In a namespace of its own. */
const privileged: fc.Arbitrary<Theme> = fc
  .record({
    id,
    own: fc.record(
      {
        name: serviceName(62),
        owner: fc.constantFrom('platform@example.com', '#platform', 'é'),
        replicas: fc.integer({ min: 1, max: 10_000 }),
        exceptions,
      },
      { requiredKeys: ['owner', 'exceptions'] },
    ),
    agent,
  })
  .map(({ id: start, own, agent: raw }) => () => ({
    charts: [{ id: NAMESPACE }],
    blocks: [ending({ kind: 'PrivilegedWorkload', id: start, chart: NAMESPACE, props: agentProps(raw, own) }, 'p')],
  }));

const sidecar = fc.constantFrom('container', 'exporter', 'logTail');

/** A sidecar for which the props leave room. */
function sidecarStep(on: string, kind: string, props: Terms): StepData[] {
  // images of one registry, or all the disk that the container may use
  if (props.registries !== undefined || JSON.stringify(props.resources ?? '').includes('ephemeralStorage')) return [];
  const image = 'ghcr.io/acme/beside:1.4.2';
  const ports = JSON.stringify(props);
  const free = [9102, 19_102, 29_102, 39_102].find((port) => !ports.includes(String(port)))!;
  const given: Record<string, Terms> = {
    container: call('Sidecar.container', { name: 'added-one', image }),
    exporter: call('Sidecar.exporter', { name: 'added-two', image, port: free, portName: 'added-two' }),
    logTail: call('Sidecar.logTail', { name: 'added-three', file: '/var/log/added-three/shop é.log' }),
  };
  return [{ on, method: 'addSidecar', args: [given[kind]] }];
}

/** What an agent may name a class of. */
const CLASSES: Readonly<Record<string, Terms>> = {
  PriorityClass: { value: 1000, description: 'Agents come before others' },
  RuntimeClass: { handler: 'runsc' },
};

/** Restricted beside the other blocks, or with exceptions in a namespace of its own. */
const nodeAgent: fc.Arbitrary<Theme> = fc
  .record({
    id,
    own: fc.record(
      { name: serviceName(62), owner: fc.constantFrom('platform@example.com', '#platform', 'é') },
      { requiredKeys: [] },
    ),
    exceptions: fc.option(exceptions, { nil: undefined }),
    agent,
    sidecars: fc.uniqueArray(sidecar, { maxLength: 3 }),
    classes: fc.subarray(Object.keys(CLASSES) as Array<BlockData['kind']>),
  })
  .map(({ id: start, own, exceptions: given, agent: raw, sidecars, classes }) => () => {
    const chart = given === undefined ? {} : { chart: AGENT_NAMESPACE };
    const stated = given === undefined ? own : { owner: 'é', ...own, exceptions: given };
    const props = agentProps(raw, stated);
    const block = ending({ kind: 'NodeAgent', id: start, ...chart, props }, 'w');
    return {
      charts: given === undefined ? [] : [{ id: AGENT_NAMESPACE }],
      // the workloads of the main chart name them
      blocks: [
        ...(given === undefined ? classes : []).map((kind, index) =>
          ending({ kind, id: `${start}${index}`, props: CLASSES[kind] }, 'w'),
        ),
        block,
      ],
      steps: sidecars.flatMap((kind) => sidecarStep(block.id, kind, props)),
    };
  });

export const privilegedThemes = { NodeAgent: nodeAgent, PrivilegedWorkload: privileged };
