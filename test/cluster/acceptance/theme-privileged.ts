import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { containerBase, freePorts, namedPort } from './arbitrary-container';
import { livenessBeside, probe, ready } from './arbitrary-probe';
import { anyText, serviceName } from './arbitrary-text';
import { hookOf, rawPods, workloadProps } from './arbitrary-workload';
import { call, type Terms } from './terms';
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
    ports: fc.option(fc.array(namedPort(1), { maxLength: 2 }), { nil: undefined }),
    probes: fc.record({ readiness: probe('r'), liveness: probe('l'), startup: probe('s') }, { requiredKeys: [] }),
    base: containerBase,
    raw: rawPods,
  })
  .map(({ id: start, own, ports, probes: { readiness, liveness, startup }, base: { user, ...base }, raw }) => () => {
    const has = (kind: string): boolean => own.exceptions.some(({ $call }) => $call === `PrivilegedException.${kind}`);
    const binds = has('rootUser') && !has('hostNetwork');
    const declared = freePorts(
      (ports ?? []).filter(({ port }) => binds || port >= 1024),
      new Set(),
    );
    const asked = readiness && ready(readiness, declared);
    const pods = own.replicas === undefined ? { ...raw, shared: { ...raw.shared, holdsNode: undefined } } : raw;
    const props = workloadProps(
      {
        ...pods,
        ...(has('hostNetwork') ? { egress: undefined } : {}),
        ...(has('hostNetwork') || has('hostProcesses') ? { shared: { ...pods.shared, userNamespace: false } } : {}),
      },
      {
        ...base,
        ...own,
        ...(user === undefined || has('rootUser') ? {} : { user }),
        ...(ports ? { ports: declared } : {}),
        ...(asked ? { readiness: asked } : {}),
        ...(liveness ? { liveness: livenessBeside(asked, ready(liveness, declared)) } : {}),
        ...(startup ? { startup: ready(startup, declared) } : {}),
        ...hookOf(raw, declared),
      },
      own.replicas ?? 1,
      false,
      [],
    );
    return {
      charts: [{ id: NAMESPACE }],
      blocks: [ending({ kind: 'PrivilegedWorkload', id: start, chart: NAMESPACE, props }, 'p')],
    };
  });

export const privilegedThemes = { PrivilegedWorkload: privileged };
