import { type PodSecurityLevel, podSecurityViolations } from '../../src/kubernetes/pod-security';

const CONTEXT = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const POD_CONTEXT = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

/** A pod that `restricted` admits, but for what is given. */
function pod({
  spec = {},
  container = {},
  context = {},
  podContext = {},
  annotations = {},
}: Record<string, object>): unknown {
  return {
    metadata: { annotations },
    spec: {
      containers: [{ name: 'main', securityContext: { ...CONTEXT, ...context }, ...container }],
      securityContext: { ...POD_CONTEXT, ...podContext },
      ...spec,
    },
  };
}

type Case = [title: string, given: Record<string, object>, paths: string[], minor?: number];

const CONTAINER = 'spec.containers[0].securityContext';

const BASELINE: Case[] = [
  ['nothing unusual', {}, []],
  ['null as nothing', { spec: { hostPID: null, volumes: null }, context: { procMount: null } }, []],
  [
    'processes of a Windows host',
    { podContext: { windowsOptions: { hostProcess: true } } },
    ['spec.securityContext.windowsOptions.hostProcess'],
  ],
  [
    'namespaces of the host',
    { spec: { hostNetwork: true, hostPID: true, hostIPC: true } },
    ['spec.hostNetwork', 'spec.hostPID', 'spec.hostIPC'],
  ],
  ['a privileged container', { context: { privileged: true } }, [`${CONTAINER}.privileged`]],
  [
    'an init container, too',
    { spec: { initContainers: [{ securityContext: { ...CONTEXT, privileged: true } }] } },
    ['spec.initContainers[0].securityContext.privileged'],
  ],
  [
    'a capability',
    { context: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE', 'SYS_ADMIN'] } } },
    [`${CONTAINER}.capabilities.add[1]`],
  ],
  [
    'a volume of the host',
    {
      spec: {
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', hostPath: { path: '/' } },
        ],
      },
    },
    ['spec.volumes[1].hostPath'],
  ],
  [
    'a port of the host',
    {
      container: {
        ports: [
          { containerPort: 1, hostPort: 0 },
          { containerPort: 2, hostPort: 2 },
        ],
      },
    },
    ['spec.containers[0].ports[1].hostPort'],
  ],
  [
    'a probe of another host',
    { container: { livenessProbe: { httpGet: { host: '10.0.0.1' } } } },
    ['spec.containers[0].livenessProbe.httpGet.host'],
  ],
  [
    'a hook of another host',
    { container: { lifecycle: { preStop: { tcpSocket: { host: 'a' } } } } },
    ['spec.containers[0].lifecycle.preStop.tcpSocket.host'],
  ],
  ['a probe of another host, before 1.34', { container: { livenessProbe: { httpGet: { host: '10.0.0.1' } } } }, [], 33],
  ['AppArmor', { context: { appArmorProfile: { type: 'Unconfined' } } }, [`${CONTAINER}.appArmorProfile.type`]],
  [
    'AppArmor by annotation',
    {
      annotations: {
        'container.apparmor.security.beta.kubernetes.io/a': 'unconfined',
        'container.apparmor.security.beta.kubernetes.io/b': 'localhost/x',
      },
    },
    ["metadata.annotations['container.apparmor.security.beta.kubernetes.io/a']"],
  ],
  [
    'a type of SELinux',
    { podContext: { seLinuxOptions: { type: 'spc_t' } } },
    ['spec.securityContext.seLinuxOptions.type'],
  ],
  ['the type of engines', { podContext: { seLinuxOptions: { type: 'container_engine_t' } } }, []],
  [
    'the type of engines, before 1.31',
    { podContext: { seLinuxOptions: { type: 'container_engine_t' } } },
    ['spec.securityContext.seLinuxOptions.type'],
    30,
  ],
  [
    'a user of SELinux',
    { context: { seLinuxOptions: { user: 'system_u', role: '' } } },
    [`${CONTAINER}.seLinuxOptions.user`],
  ],
  ['a mount of proc', { context: { procMount: 'Unmasked' } }, [`${CONTAINER}.procMount`]],
  ['no seccomp', { context: { seccompProfile: { type: 'Unconfined' } } }, [`${CONTAINER}.seccompProfile.type`]],
  [
    'sysctls',
    {
      podContext: {
        sysctls: [{ name: 'net.ipv4.tcp_syncookies' }, { name: 'net.ipv4.tcp_rmem' }, { name: 'kernel.msgmax' }],
      },
    },
    ['spec.securityContext.sysctls[1].name', 'spec.securityContext.sysctls[2].name'],
    31,
  ],
  [
    'sysctls of 1.32',
    { podContext: { sysctls: [{ name: 'net.ipv4.tcp_rmem' }, { name: 'net.ipv4.tcp_notsent_lowat' }] } },
    ['spec.securityContext.sysctls[1].name'],
    36,
  ],
];

const RESTRICTED: Case[] = [
  ['nothing unusual', {}, []],
  [
    'a kind of volume',
    { spec: { volumes: [{ name: 'a' }, { name: 'b', image: {} }, { name: 'c', nfs: {} }] } },
    ['spec.volumes[2]'],
  ],
  [
    'a gain of privileges',
    { context: { allowPrivilegeEscalation: undefined } },
    [`${CONTAINER}.allowPrivilegeEscalation`],
  ],
  ['root, when nobody says otherwise', { podContext: { runAsNonRoot: undefined } }, [`${CONTAINER}.runAsNonRoot`]],
  [
    'root, when the pod admits it',
    { podContext: { runAsNonRoot: false }, context: { runAsNonRoot: true } },
    ['spec.securityContext.runAsNonRoot'],
  ],
  ['root by number', { podContext: { runAsUser: 0 } }, ['spec.securityContext.runAsUser']],
  [
    'root in a user namespace, from 1.35 on',
    { spec: { hostUsers: false }, podContext: { runAsUser: 0 }, context: { procMount: 'Unmasked' } },
    [`${CONTAINER}.procMount`],
    35,
  ],
  [
    'root in a user namespace, before',
    { spec: { hostUsers: false }, podContext: { runAsUser: 0 } },
    ['spec.securityContext.runAsUser'],
    34,
  ],
  ['no seccomp profile', { podContext: { seccompProfile: undefined } }, [`${CONTAINER}.seccompProfile.type`]],
  [
    'capabilities that are kept',
    { context: { capabilities: { drop: ['NET_RAW'] } } },
    [`${CONTAINER}.capabilities.drop`],
  ],
  [
    'a capability of baseline',
    { context: { capabilities: { drop: ['ALL'], add: ['CHOWN', 'NET_BIND_SERVICE'] } } },
    [`${CONTAINER}.capabilities.add[0]`],
  ],
  [
    'Windows, which has none of it',
    {
      spec: { os: { name: 'windows' }, containers: [{ securityContext: {} }] },
      podContext: { seccompProfile: undefined },
    },
    [],
  ],
  ['what baseline refuses', { spec: { hostIPC: true } }, ['spec.hostIPC']],
];

describe.each<[PodSecurityLevel, Case[]]>([
  ['baseline', BASELINE],
  ['restricted', RESTRICTED],
])('Pod Security %s', (level, cases) => {
  test.each(cases)('finds %s', (_, given, paths, minor = 36) => {
    expect(podSecurityViolations(pod(given), level, minor).map(({ path }) => path)).toEqual(paths);
  });
});
