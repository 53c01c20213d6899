import { App, type Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import {
  ClusterProfile,
  Cpu,
  Egress,
  ExternalService,
  ExternalTarget,
  NetworkTiers,
  NodePool,
  Peer,
  PrivilegedException,
  PrivilegedWorkload,
  type PrivilegedWorkloadProps,
  Probe,
  Quota,
  TenantNamespace,
  WebService,
  type WebServiceProps,
} from '../../src';
import { handsOverNode } from '../../src/blocks/privileged/host-paths';
import { workloadsOf } from '../../src/pod/workload-facts';
import {
  type Manifest,
  newChart,
  only,
  problemsOf,
  problemsOfApp,
  refusedBy,
  synth,
  untyped,
  viewOf,
  warningsIn,
  WEB,
} from '../support';

const WHY = { reason: 'Reads the logs of all pods' };
const AGENT: PrivilegedWorkloadProps = {
  image: 'ghcr.io/acme/agent:3.1.0',
  owner: 'platform',
  exceptions: [PrivilegedException.hostPath('/var/log/pods', WHY)],
};
const agent = (props: Partial<PrivilegedWorkloadProps> = {}): Manifest[] =>
  synth((chart) => new PrivilegedWorkload(chart, 'agent', { ...AGENT, ...props }));
const podOf = (props: Partial<PrivilegedWorkloadProps>): Manifest =>
  agent(props).find(({ kind }) => ['DaemonSet', 'Deployment'].includes(kind as string))?.spec.template.spec as Manifest;
const mainOf = (exceptions: PrivilegedException[]): Manifest => podOf({ exceptions }).containers[0] as Manifest;
const problems = (props: Record<string, unknown>): string[] =>
  problemsOf((chart) => new PrivilegedWorkload(chart, 'agent', untyped({ ...AGENT, ...props }))).map((problem) =>
    problem.replace('[app/agent] ', ''),
  );

describe('a privileged workload', () => {
  test('is one pod on each node, after an identity, a policy and a namespace of its own, without any rights (CH10-04, CH10-23, CH10-25, S10-08)', () => {
    const manifests = agent();
    expect(manifests.map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'NetworkPolicy', 'DaemonSet']);
    expect(only(manifests, 'Namespace').metadata).toMatchObject({ name: 'shop' });
    expect(only(manifests, 'Namespace').metadata.namespace).toBeUndefined();
    expect(only(manifests, 'DaemonSet').spec).toMatchObject({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
    });
    expect(podOf({}).topologySpreadConstraints).toBeUndefined();
  });

  test('with replicas is a Deployment, whose old pods go first, and a budget', () => {
    const manifests = agent({ replicas: 2 });
    expect(manifests.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'ServiceAccount',
      'NetworkPolicy',
      'Deployment',
      'PodDisruptionBudget',
    ]);
    expect(only(manifests, 'Deployment').spec).toMatchObject({
      replicas: 2,
      strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    });
    expect(agent({ replicas: 1 }).map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
    const startup = Probe.exec(['started'], { failureThreshold: 200 });
    expect(
      [{}, { startup }].map(
        (props) => only(agent({ replicas: 1, ...props }), 'Deployment').spec.progressDeadlineSeconds,
      ),
    ).toEqual([600, 1000 + 5 + 300]);
  });

  test('states owner and reasons on Namespace, workload and pods (CH10-09, CH10-27)', () => {
    const manifests = agent({
      exceptions: [
        PrivilegedException.hostPath('/var/log/pods', WHY),
        PrivilegedException.hostPath('/var/lib/agent', { reason: 'Keeps its place', writable: true }),
        PrivilegedException.rootUser({ reason: 'The files are of root' }),
        PrivilegedException.capabilities(['DAC_OVERRIDE', 'CHOWN'], { reason: 'Files of other users' }),
      ],
    });
    const stated = {
      'owner': 'platform',
      'security-exception/host-path-1': '/var/log/pods (read-only): Reads the logs of all pods',
      'security-exception/host-path-2': '/var/lib/agent (writable): Keeps its place',
      'security-exception/root-user': 'The files are of root',
      'security-exception/capabilities': 'DAC_OVERRIDE, CHOWN: Files of other users',
    };
    const daemonSet = only(manifests, 'DaemonSet');
    expect([
      only(manifests, 'Namespace').metadata.annotations,
      daemonSet.metadata.annotations,
      daemonSet.spec.template.metadata.annotations,
    ]).toEqual([stated, stated, stated]);
  });

  test('is as restricted as any workload but for its exceptions (CH10-29)', () => {
    const pod = podOf({});
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect([pod.hostNetwork, pod.hostPID, pod.dnsPolicy, pod.automountServiceAccountToken]).toEqual([
      undefined,
      undefined,
      undefined,
      false,
    ]);
  });

  test('mounts paths of the node read-only unless told, and creates none', () => {
    const pod = podOf({
      exceptions: [
        PrivilegedException.hostPath('/var/log/pods', WHY),
        PrivilegedException.hostPath('/var/run/agent.sock', {
          ...WHY,
          writable: true,
          type: 'Socket',
          mountPath: '/agent.sock',
        }),
      ],
    });
    expect(pod.volumes.slice(1)).toEqual([
      { name: 'host-var-log-pods', hostPath: { path: '/var/log/pods', type: 'Directory' } },
      { name: 'host-var-run-agent-sock', hostPath: { path: '/var/run/agent.sock', type: 'Socket' } },
    ]);
    expect(pod.containers[0].volumeMounts.slice(1)).toEqual([
      { name: 'host-var-log-pods', mountPath: '/host/var/log/pods', readOnly: true },
      { name: 'host-var-run-agent-sock', mountPath: '/agent.sock' },
    ]);
  });

  test('as root has no capabilities but the named ones, and no other container is root', () => {
    expect(
      mainOf([PrivilegedException.rootUser(WHY), PrivilegedException.capabilities(['NET_ADMIN'], WHY)]).securityContext,
    ).toMatchObject({
      runAsNonRoot: false,
      runAsUser: 0,
      runAsGroup: 0,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
      allowPrivilegeEscalation: false,
    });
    const pod = podOf({
      exceptions: [PrivilegedException.rootUser(WHY)],
      sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }],
    });
    expect([pod.securityContext.runAsNonRoot, pod.initContainers[0].securityContext.runAsNonRoot]).toEqual([
      true,
      true,
    ]);
  });

  test('privileged is the last resort, and says nothing that would have no effect (S10-07)', () => {
    expect(mainOf([PrivilegedException.privileged(WHY), PrivilegedException.rootUser(WHY)]).securityContext).toEqual({
      allowPrivilegeEscalation: true,
      privileged: true,
      readOnlyRootFilesystem: true,
      runAsNonRoot: false,
      runAsUser: 0,
      runAsGroup: 0,
    });
  });

  test('on the network of the node still asks the cluster for names (CH10-15)', () => {
    expect(
      podOf({ exceptions: [PrivilegedException.hostNetwork(WHY), PrivilegedException.hostProcesses(WHY)] }),
    ).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet', hostPID: true });
    const chart = newChart();
    new PrivilegedWorkload(chart, 'agent', { ...AGENT, exceptions: [PrivilegedException.hostNetwork(WHY)] });
    expect(warningsIn(chart)).toContain('[app/agent] exceptions: privileged/host-network');
  });

  test('in a sandbox, exceptions that let it out are worth a look (CH10-41)', () => {
    const chart = newChart();
    new PrivilegedWorkload(chart, 'agent', { ...AGENT, runtimeClassName: 'gvisor' });
    expect(warningsIn(chart)).toContain('[app/agent] runtimeClass: privileged/sandbox');
  });

  test('is listed with its exceptions for review (CH10-28)', () => {
    const chart = newChart();
    new PrivilegedWorkload(chart, 'agent', AGENT);
    expect(warningsIn(chart)).toEqual(['[app/agent] exceptions: privileged/exceptions']);
  });

  test('lets in who collects its metrics', () => {
    const manifests = synth((chart) =>
      new PrivilegedWorkload(chart, 'agent', { ...AGENT, ports: [{ name: 'metrics', port: 9100 }] }).allowFrom(
        Peer.pods({ namespace: 'monitoring' }),
      ),
    );
    expect(only(manifests, 'NetworkPolicy').spec.ingress).toEqual([
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } }, podSelector: {} },
        ],
        ports: [{ port: 9100, protocol: 'TCP' }],
      },
    ]);
  });

  test('asks for as much as there are nodes, where that is known', () => {
    const chart = newChart();
    new ClusterProfile({ nodes: 6 }).assignTo(chart);
    new PrivilegedWorkload(chart, 'agent', { ...AGENT, placeOn: NodePool.open({ key: 'a', value: 'b' }) });
    expect(workloadsOf(viewOf(chart))[0]).toMatchObject({
      kind: 'DaemonSet',
      replicas: 6,
      most: 6,
      surge: 0,
      stopping: 0,
    });
  });
});

describe('a workload on the network of the node', () => {
  const withAgent = (
    link: (host: PrivilegedWorkload, web: WebService, chart: Chart) => void,
    props: Partial<WebServiceProps> = {},
  ): string[] =>
    problemsOf((chart) => {
      const agents = newChart('agents', 'agents', chart.node.root as App);
      link(
        new PrivilegedWorkload(agents, 'agent', {
          ...AGENT,
          ports: [{ name: 'metrics', port: 9100 }],
          exceptions: [PrivilegedException.hostNetwork(WHY)],
        }),
        new WebService(chart, 'web', { ...WEB, ...props }),
        chart,
      );
    });

  test('has no peers (CH10-15)', () => {
    const refused = ['[agents/agent] allowFrom: privileged/host-network-policy'];
    expect(withAgent((host, web) => host.allowFrom(web))).toEqual(refused);
    expect(withAgent((host) => host.allowFrom(Peer.pods({ namespace: 'monitoring' })))).toEqual(refused);
  });

  test('is no peer, however it is named (CH10-15)', () => {
    expect(withAgent((host, web) => web.allowFrom(host))).toEqual(['[app/web] allowFrom: network/host-network-peer']);
    expect(withAgent((host, web) => host.connectTo(web))).toEqual(['[app/web] allowFrom: network/host-network-peer']);
    expect(
      withAgent((host, web) => web.allowFrom(Peer.anyOf(Peer.pods({ namespace: 'monitoring' }), host.toPeer()))),
    ).toEqual(['[app/web] allowFrom: network/host-network-peer']);
    expect(withAgent((host, web) => web.allowFrom(Peer.fromKplus(host)))).toEqual([
      '[app/web] allowFrom: network/host-network-peer',
    ]);
    expect(withAgent((host, web) => web.allowFrom(Peer.anyOf(host as never)))).toEqual([
      '[app/web] allowFrom: network/host-network-peer',
    ]);
    expect(
      withAgent(
        (host, _web, chart) =>
          new WebService(chart, 'closed', {
            ...WEB,
            egress: 'declared',
            egressTo: [Egress.to(host.toPeer(), { ports: [9100] })],
          }),
      ),
    ).toEqual(['[app/closed] egressTo[0]: network/host-network-peer']);
  });

  test('is in no tier (CH10-15)', () => {
    expect(
      withAgent((host, web, chart) => {
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });
        tiers.add('web', web);
        tiers.add('web', host);
      }),
    ).toEqual(['[app/tiers] add.workload: tiers/host-network']);
  });

  test('gets to what is outside of the cluster, where no policy asks', () => {
    expect(
      withAgent((host, _web, chart) =>
        host.connectTo(
          new ExternalService(chart, 'db', { target: ExternalTarget.addresses(['10.40.0.10']), port: 5432 }),
        ),
      ),
    ).toEqual([]);
  });

  test('is let in by the addresses of the nodes, and others of its kind by their pods', () => {
    expect(withAgent((_host, web) => web.allowFrom(Peer.cidr('10.0.0.0/22')))).toEqual([]);
    expect(
      problemsOf((chart) =>
        new WebService(newChart('shop', 'two', chart.node.root as App), 'web', WEB).allowFrom(
          new PrivilegedWorkload(newChart('agents', 'agents', chart.node.root as App), 'agent', AGENT),
        ),
      ),
    ).toEqual([]);
  });
});

describe('the namespace of a privileged workload', () => {
  const levelOf = (...exceptions: PrivilegedException[]): string[] => {
    const { labels } = only(agent({ exceptions }), 'Namespace').metadata as { labels: Record<string, string> };
    return ['enforce', 'enforce-version', 'warn', 'audit'].map((mode) => labels[`pod-security.kubernetes.io/${mode}`]);
  };

  test.each<[string, PrivilegedException[], string]>([
    ['root alone', [PrivilegedException.rootUser(WHY)], 'baseline'],
    [
      'root with capabilities of baseline',
      [PrivilegedException.rootUser(WHY), PrivilegedException.capabilities(['CHOWN', 'NET_BIND_SERVICE'], WHY)],
      'baseline',
    ],
    [
      'other capabilities',
      [PrivilegedException.rootUser(WHY), PrivilegedException.capabilities(['CHOWN', 'NET_ADMIN'], WHY)],
      'privileged',
    ],
    ['paths of the node', [PrivilegedException.hostPath('/var/log', WHY)], 'privileged'],
    ['the network of the node', [PrivilegedException.hostNetwork(WHY)], 'privileged'],
    ['processes of the node', [PrivilegedException.hostProcesses(WHY)], 'privileged'],
    ['all', [PrivilegedException.privileged(WHY), PrivilegedException.rootUser(WHY)], 'privileged'],
  ])('admits what %s needs and no more (CH10-06, CH10-34)', (_title, exceptions, level) => {
    expect(levelOf(...exceptions)).toEqual([level, 'v1.30', level, 'restricted']);
  });

  test('has no other workload, of whatever library (CH10-35)', () => {
    expect(
      problemsOf((chart) => {
        new PrivilegedWorkload(chart, 'agent', AGENT);
        new WebService(chart, 'web', WEB);
        new kplus.Deployment(chart, 'other', { containers: [{ image: 'ghcr.io/acme/web:1.0.0' }] });
      }),
    ).toEqual(['[app/agent] namespace: privileged/shared-namespace']);
  });

  test('is not that of a tenant, in whatever order they are made (CH10-35)', () => {
    const app = new App();
    const agents = newChart('shop', 'agents', app);
    new PrivilegedWorkload(agents, 'agent', AGENT);
    new TenantNamespace(newChart(undefined, 'platform', app), 'shop', {
      name: 'shop',
      owner: 'a',
      team: 'shop',
      purpose: 'The shop',
      quota: Quota.of({ cpu: Cpu.units(10), memory: { toKibibytes: () => 10_485_760 } as never }),
    });
    expect(refusedBy(() => app.synthYaml(), app)).toEqual([
      '[agents/agent] namespace: privileged/shared-namespace',
      '[platform/shop/Resource] app/duplicate-object',
    ]);
  });

  test('of the same name on another cluster is another', () => {
    const app = new App();
    const [agents, web] = ['agents', 'web'].map((id) => newChart('shop', id, app));
    new ClusterProfile({ name: 'other' }).assignTo(web);
    new PrivilegedWorkload(agents, 'agent', AGENT);
    new WebService(web, 'web', WEB);
    expect(() => app.synthYaml()).not.toThrow();
  });

  test.each(['default', 'kube-system', undefined])('is not %p', (namespace) => {
    const app = new App();
    new PrivilegedWorkload(newChart(namespace === undefined ? (null as never) : namespace, 'app', app), 'agent', AGENT);
    expect(problemsOfApp(app)).toContain('[app/agent] namespace: privileged/namespace');
  });
});

describe('a path of the node', () => {
  test.each([
    ['/', false],
    ['/var/run/docker.sock', false],
    ['/run/containerd/containerd.sock', false],
    ['/var/run', false],
    ['/var', false],
    ['/proc', false],
    ['/var/lib/kubelet/pods', false],
    ['/etc/kubernetes/pki', false],
    ['/run/systemd/private', false],
    ['/var/run/systemd', false],
    ['/run/dbus/system_bus_socket', false],
    ['/var/run/dbus', false],
    ['/etc', false],
    ['/etc/cron.d', true],
    ['/usr/local/bin', true],
    ['/opt/cni/bin', true],
    ['/sys', true],
  ])('%s (writable: %p) hands over the node', (path, writable) => {
    expect(handsOverNode(path, writable)).toBe(true);
  });

  test.each([
    ['/var/log', false],
    ['/var/log', true],
    ['/usr/share/zoneinfo', false],
    ['/etc/machine-id', false],
    ['/sys', false],
    ['/var/lib/agent', true],
    ['/runner', true],
    ['/devices', false],
  ])('%s (writable: %p) does not', (path, writable) => {
    expect(handsOverNode(path, writable)).toBe(false);
  });

  test('that hands it over does so with all above it, and writing is never safer', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('var', 'lib', 'run', 'etc', 'kubelet', 'log', 'docker.sock', 'x'), { maxLength: 4 }),
        fc.boolean(),
        (parts, writable) => {
          const path = `/${parts.join('/')}`;
          if (!handsOverNode(path, writable)) return;
          expect(handsOverNode(path, true)).toBe(true);
          expect(handsOverNode('/', writable)).toBe(true);
        },
      ),
    );
  });
});

describe('bad exceptions', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['none', { exceptions: [] }, ['exceptions: props/empty-list']],
    ['nothing', { exceptions: undefined }, ['exceptions: props/required']],
    ['text', { exceptions: ['privileged'] }, ['exceptions[0]: props/value']],
    ['no owner', { owner: '' }, ['owner: props/value']],
    [
      'no reason',
      { exceptions: [PrivilegedException.hostNetwork(untyped({}))] },
      ['exceptions[0].reason: props/required'],
    ],
    [
      'a short reason',
      { exceptions: [PrivilegedException.hostNetwork({ reason: 'needed    ' })] },
      ['exceptions[0].reason: props/value'],
    ],
    [
      'the socket of the container runtime',
      { exceptions: [PrivilegedException.hostPath('/var/run/docker.sock', { ...WHY, type: 'Socket' })] },
      ['exceptions[0].path: privileged/host-path'],
    ],
    [
      'a writable directory of programs',
      { exceptions: [PrivilegedException.hostPath('/usr/local/bin', { ...WHY, writable: true })] },
      ['exceptions[0].path: privileged/host-path'],
    ],
    [
      'a confession without need',
      { exceptions: [PrivilegedException.hostPath('/var/log', { ...WHY, handsOverNode: true })] },
      ['exceptions[0].handsOverNode: props/conflict'],
    ],
    [
      'a relative path',
      { exceptions: [PrivilegedException.hostPath('var/log', WHY)] },
      ['exceptions[0].path: props/value'],
    ],
    [
      'a way around',
      { exceptions: [PrivilegedException.hostPath('/var/log/../../etc', WHY)] },
      ['exceptions[0].path: props/value'],
    ],
    [
      'all capabilities',
      { exceptions: [PrivilegedException.capabilities(['ALL'], WHY), PrivilegedException.rootUser(WHY)] },
      ['exceptions[0].names[0]: props/value'],
    ],
    [
      'a prefix',
      { exceptions: [PrivilegedException.capabilities(['CAP_CHOWN'], WHY), PrivilegedException.rootUser(WHY)] },
      ['exceptions[0].names[0]: props/value'],
    ],
    [
      'no capability',
      { exceptions: [PrivilegedException.capabilities([], WHY), PrivilegedException.rootUser(WHY)] },
      ['exceptions[0].names: props/empty-list'],
    ],
    [
      'one twice',
      { exceptions: [PrivilegedException.hostNetwork(WHY), PrivilegedException.hostNetwork(WHY)] },
      ['exceptions[1]: props/duplicate'],
    ],
    [
      'capabilities of others than root',
      { exceptions: [PrivilegedException.capabilities(['NET_ADMIN'], WHY)] },
      ['exceptions: privileged/capabilities-without-root'],
    ],
    [
      'capabilities beside all of them',
      { exceptions: [PrivilegedException.privileged(WHY), PrivilegedException.capabilities(['CHOWN'], WHY)] },
      ['exceptions: props/conflict', 'exceptions: privileged/capabilities-without-root'],
    ],
    [
      'privileged of others than root',
      { exceptions: [PrivilegedException.privileged(WHY)] },
      ['exceptions: privileged/capabilities-without-root'],
    ],
    [
      'an option of another',
      { exceptions: [PrivilegedException.rootUser(untyped({ ...WHY, writable: true }))] },
      ['exceptions[0].writable: props/unknown'],
    ],
    [
      'a port of root for another user',
      {
        ports: [
          { name: 'metrics', port: 9100 },
          { name: 'http', port: 80 },
        ],
        exceptions: [PrivilegedException.hostNetwork(WHY)],
      },
      ['ports[1].port: workload/privileged-port'],
    ],
    [
      'a port of the node for root without capabilities',
      {
        ports: [{ name: 'http', port: 80 }],
        exceptions: [
          PrivilegedException.hostNetwork(WHY),
          PrivilegedException.rootUser(WHY),
          PrivilegedException.capabilities(['NET_RAW'], WHY),
        ],
      },
      ['ports[0].port: workload/privileged-port'],
    ],
    ['a user beside root', { exceptions: [PrivilegedException.rootUser(WHY)], user: 1000 }, ['user: props/conflict']],
    [
      'closed egress where no policy holds',
      { exceptions: [PrivilegedException.hostNetwork(WHY)], egress: 'declared' },
      ['egress: props/conflict'],
    ],
    ['hard spreading of a DaemonSet', { spread: 'hard' }, ['spread: props/conflict']],
    [
      'two paths at one place',
      {
        exceptions: [
          PrivilegedException.hostPath('/var/log', { ...WHY, mountPath: '/logs' }),
          PrivilegedException.hostPath('/var/log/pods', { ...WHY, mountPath: '/logs' }),
        ],
      },
      ['mount.path: workload/duplicate-mount'],
    ],
  ])('are refused: %s (CH10-22, CH10-31)', (_title, props, messages) => {
    expect(problems(props)).toEqual(messages);
  });

  test.each<[string, PrivilegedException[]]>([
    ['root in its own network', [PrivilegedException.rootUser(WHY)]],
    [
      'root with the capability on that of the node',
      [
        PrivilegedException.hostNetwork(WHY),
        PrivilegedException.rootUser(WHY),
        PrivilegedException.capabilities(['NET_BIND_SERVICE'], WHY),
      ],
    ],
    [
      'a privileged container on that of the node',
      [PrivilegedException.hostNetwork(WHY), PrivilegedException.rootUser(WHY), PrivilegedException.privileged(WHY)],
    ],
  ])('do not include a port below 1024 of %s', (_title, exceptions) => {
    expect(problems({ ports: [{ name: 'http', port: 80 }], exceptions })).toEqual([]);
  });

  test('of a socket is possible for who knows', () => {
    expect(
      problems({
        exceptions: [
          PrivilegedException.hostPath('/run/containerd/containerd.sock', {
            ...WHY,
            type: 'Socket',
            handsOverNode: true,
          }),
        ],
      }),
    ).toEqual([]);
  });

  test('do not throw where they are made', () => {
    const build = (chart: Chart): unknown => new PrivilegedWorkload(chart, 'agent', undefined as never);
    expect(problemsOf(build)).toEqual([
      '[app/agent] owner: props/required',
      '[app/agent] exceptions: props/required',
      '[app/agent] image: props/required',
    ]);
  });
});
