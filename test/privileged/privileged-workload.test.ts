import { App, type Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import { ClusterProfile, Cpu, Egress, ExternalService, ExternalTarget, Inventory, NetworkTiers, NodePool, Peer, PrivilegedException, PrivilegedWorkload, type PrivilegedWorkloadProps, Probe, Quota, TenantNamespace, WebService, type WebServiceProps } from '../../src';
import { handsOverNode } from '../../src/privileged/host-paths';
import { workloadsOf } from '../../src/workload/facts';
import { type Manifest, newChart, only, problemsOf, synth, untyped, viewOf, WEB } from '../support';

const WHY = { reason: 'Reads the logs of all pods' };
const AGENT: PrivilegedWorkloadProps = { image: 'ghcr.io/acme/agent:3.1.0', owner: 'platform', exceptions: [PrivilegedException.hostPath('/var/log/pods', WHY)] };
const agent = (props: Partial<PrivilegedWorkloadProps> = {}): Manifest[] => synth((chart) => new PrivilegedWorkload(chart, 'agent', { ...AGENT, ...props }));
const podOf = (props: Partial<PrivilegedWorkloadProps>): Manifest => agent(props).find(({ kind }) => ['DaemonSet', 'Deployment'].includes(kind as string))?.spec.template.spec as Manifest;
const mainOf = (exceptions: PrivilegedException[]): Manifest => podOf({ exceptions }).containers[0] as Manifest;
const problems = (props: Record<string, unknown>): string[] => problemsOf((chart) => new PrivilegedWorkload(chart, 'agent', untyped({ ...AGENT, ...props }))).map((problem) => problem.replace('[app/agent] ', ''));

describe('a privileged workload', () => {
  test('is one pod on each node, after an identity, a policy and a namespace of its own, without any rights (CH10-04, CH10-23, CH10-25, S10-08)', () => {
    const manifests = agent();
    expect(manifests.map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'NetworkPolicy', 'DaemonSet']);
    expect(only(manifests, 'Namespace').metadata).toMatchObject({ name: 'shop' });
    expect(only(manifests, 'Namespace').metadata.namespace).toBeUndefined();
    expect(only(manifests, 'DaemonSet').spec).toMatchObject({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } });
    expect(podOf({}).topologySpreadConstraints).toBeUndefined();
  });

  test('with replicas is a Deployment, whose old pods go first, and a budget', () => {
    const manifests = agent({ replicas: 2 });
    expect(manifests.map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'NetworkPolicy', 'Deployment', 'PodDisruptionBudget']);
    expect(only(manifests, 'Deployment').spec).toMatchObject({ replicas: 2, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } });
    expect(agent({ replicas: 1 }).map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
    const startup = Probe.exec(['started'], { failureThreshold: 200 });
    expect([{}, { startup }].map((props) => only(agent({ replicas: 1, ...props }), 'Deployment').spec.progressDeadlineSeconds)).toEqual([600, 1000 + 5 + 300]);
  });

  test('states owner and reasons on Namespace, workload and pods (CH10-09, CH10-27)', () => {
    const manifests = agent({
      exceptions: [
        PrivilegedException.hostPath('/var/log/pods', WHY), PrivilegedException.hostPath('/var/lib/agent', { reason: 'Keeps its place', writable: true }),
        PrivilegedException.rootUser({ reason: 'The files are of root' }), PrivilegedException.capabilities(['DAC_OVERRIDE', 'CHOWN'], { reason: 'Files of other users' }),
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
    expect([only(manifests, 'Namespace').metadata.annotations, daemonSet.metadata.annotations, daemonSet.spec.template.metadata.annotations]).toEqual([stated, stated, stated]);
  });

  test('is as restricted as any workload but for its exceptions (CH10-29)', () => {
    const pod = podOf({});
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, readOnlyRootFilesystem: true, runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' },
    });
    expect([pod.hostNetwork, pod.hostPID, pod.dnsPolicy, pod.automountServiceAccountToken]).toEqual([undefined, undefined, undefined, false]);
  });

  test('mounts paths of the node read-only unless told, and creates none', () => {
    const pod = podOf({ exceptions: [PrivilegedException.hostPath('/var/log/pods', WHY), PrivilegedException.hostPath('/var/run/agent.sock', { ...WHY, writable: true, type: 'Socket', mountPath: '/agent.sock' })] });
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
    expect(mainOf([PrivilegedException.rootUser(WHY), PrivilegedException.capabilities(['NET_ADMIN'], WHY)]).securityContext).toMatchObject({
      runAsNonRoot: false, runAsUser: 0, runAsGroup: 0, capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] }, allowPrivilegeEscalation: false,
    });
    const pod = podOf({ exceptions: [PrivilegedException.rootUser(WHY)], sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0' }] });
    expect([pod.securityContext.runAsNonRoot, pod.initContainers[0].securityContext.runAsNonRoot]).toEqual([true, true]);
  });

  test('privileged is the last resort, and says nothing that would have no effect (S10-07)', () => {
    expect(mainOf([PrivilegedException.privileged(WHY), PrivilegedException.rootUser(WHY)]).securityContext).toEqual({
      allowPrivilegeEscalation: true, privileged: true, readOnlyRootFilesystem: true, runAsNonRoot: false, runAsUser: 0, runAsGroup: 0,
    });
  });

  test('on the network of the node still asks the cluster for names (CH10-15)', () => {
    expect(podOf({ exceptions: [PrivilegedException.hostNetwork(WHY), PrivilegedException.hostProcesses(WHY)] })).toMatchObject({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet', hostPID: true });
    const chart = newChart();
    new PrivilegedWorkload(chart, 'agent', { ...AGENT, exceptions: [PrivilegedException.hostNetwork(WHY)] });
    expect(Inventory.of(chart).warnings.map(({ message }) => message)).toContain('exceptions: network policies do not hold on the network of the node: what listens there is open to all that reach the node (CH10-15)');
  });

  test('in a sandbox, exceptions that let it out are worth a look (CH10-41)', () => {
    const chart = newChart();
    new PrivilegedWorkload(chart, 'agent', { ...AGENT, runtimeClassName: 'gvisor' });
    expect(Inventory.of(chart).warnings.map(({ message }) => message)).toContain('runtimeClass: a sandbox keeps pods from the node, and these exceptions let them in; many sandboxes refuse them (CH10-41)');
  });

  test('is listed with its exceptions for review (CH10-28)', () => {
    const chart = newChart();
    new PrivilegedWorkload(chart, 'agent', AGENT);
    expect(Inventory.of(chart).warnings).toEqual([{ path: 'app/agent', message: "exceptions: host-path-1. The namespace admits pods of level 'privileged' (CH10-28)" }]);
  });

  test('lets in who collects its metrics', () => {
    const manifests = synth((chart) => new PrivilegedWorkload(chart, 'agent', { ...AGENT, ports: [{ name: 'metrics', port: 9100 }] }).allowFrom(Peer.pods({ namespace: 'monitoring' })));
    expect(only(manifests, 'NetworkPolicy').spec.ingress).toEqual([{
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } }, podSelector: {} }], ports: [{ port: 9100, protocol: 'TCP' }],
    }]);
  });

  test('asks for as much as there are nodes, where that is known', () => {
    const chart = newChart();
    new ClusterProfile({ nodes: 6 }).assignTo(chart);
    new PrivilegedWorkload(chart, 'agent', { ...AGENT, placeOn: NodePool.open({ key: 'a', value: 'b' }) });
    expect(workloadsOf(viewOf(chart))[0]).toMatchObject({ kind: 'DaemonSet', replicas: 6, most: 6, surge: 0, stopping: 0 });
  });
});

describe('a workload on the network of the node', () => {
  const NO_PEER = 'expected pods with addresses of their own: network policies do not find those on the network of the node. Name the addresses of the nodes: Peer.cidr(...) (CH10-15)';
  const withAgent = (link: (host: PrivilegedWorkload, web: WebService, chart: Chart) => void, props: Partial<WebServiceProps> = {}): string[] => problemsOf((chart) => {
    const agents = newChart('agents', 'agents', chart.node.root as App);
    link(new PrivilegedWorkload(agents, 'agent', { ...AGENT, ports: [{ name: 'metrics', port: 9100 }], exceptions: [PrivilegedException.hostNetwork(WHY)] }), new WebService(chart, 'web', { ...WEB, ...props }), chart);
  });

  test('has no peers (CH10-15)', () => {
    const message = (got: string): string => `[agents/agent] prop 'allowFrom': got ${got}, expected no peers on the network of the node, where network policies do not hold. Remove it. A peer with closed egress gets there by Egress.cidr(...) with the addresses of the nodes (CH10-15)`;
    expect(withAgent((host, web) => host.allowFrom(web))).toEqual([message("'app/web'")]);
    expect(withAgent((host) => host.allowFrom(Peer.pods({ namespace: 'monitoring' })))).toEqual([message('a Peer')]);
  });

  test('is no peer, however it is named (CH10-15)', () => {
    expect(withAgent((host, web) => web.allowFrom(host))).toEqual([`[app/web] prop 'allowFrom': got 'agents/agent', ${NO_PEER}`]);
    expect(withAgent((host, web) => host.connectTo(web))).toEqual([`[app/web] prop 'allowFrom': got 'agents/agent', ${NO_PEER}`]);
    expect(withAgent((host, web) => web.allowFrom(Peer.anyOf(Peer.pods({ namespace: 'monitoring' }), host.toPeer())))).toEqual([`[app/web] prop 'allowFrom': got a Peer, ${NO_PEER}`]);
    expect(withAgent((host, web) => web.allowFrom(Peer.fromKplus(host)))).toEqual([`[app/web] prop 'allowFrom': got a Peer, ${NO_PEER}`]);
    expect(withAgent((host, web) => web.allowFrom(Peer.anyOf(host as never)))).toEqual([`[app/web] prop 'allowFrom': got a Peer, ${NO_PEER}`]);
    expect(withAgent((host, _web, chart) => new WebService(chart, 'closed', { ...WEB, egress: 'declared', egressTo: [Egress.to(host.toPeer(), { ports: [9100] })] }))).toEqual([`[app/closed] prop 'egressTo[0]': got a Peer, ${NO_PEER}`]);
  });

  test('is in no tier (CH10-15)', () => {
    expect(withAgent((host, web, chart) => {
      const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });
      tiers.add('web', web);
      tiers.add('web', host);
    })).toEqual(["[app/tiers] prop 'add.workload': got 'agents/agent', expected pods with addresses of their own: network policies do not hold on the network of the node. Leave it out, and let it in with Peer.cidr(...), the addresses of the nodes (CH10-15)"]);
  });

  test('gets to what is outside of the cluster, where no policy asks', () => {
    expect(withAgent((host, _web, chart) => host.connectTo(new ExternalService(chart, 'db', { target: ExternalTarget.addresses(['10.40.0.10']), port: 5432 })))).toEqual([]);
  });

  test('is let in by the addresses of the nodes, and others of its kind by their pods', () => {
    expect(withAgent((_host, web) => web.allowFrom(Peer.cidr('10.0.0.0/22')))).toEqual([]);
    expect(problemsOf((chart) => new WebService(newChart('shop', 'two', chart.node.root as App), 'web', WEB).allowFrom(new PrivilegedWorkload(newChart('agents', 'agents', chart.node.root as App), 'agent', AGENT)))).toEqual([]);
  });
});

describe('the namespace of a privileged workload', () => {
  const levelOf = (...exceptions: PrivilegedException[]): string[] => {
    const { labels } = only(agent({ exceptions }), 'Namespace').metadata as { labels: Record<string, string> };
    return ['enforce', 'enforce-version', 'warn', 'audit'].map((mode) => labels[`pod-security.kubernetes.io/${mode}`]);
  };

  test.each<[string, PrivilegedException[], string]>([
    ['root alone', [PrivilegedException.rootUser(WHY)], 'baseline'],
    ['root with capabilities of baseline', [PrivilegedException.rootUser(WHY), PrivilegedException.capabilities(['CHOWN', 'NET_BIND_SERVICE'], WHY)], 'baseline'],
    ['other capabilities', [PrivilegedException.rootUser(WHY), PrivilegedException.capabilities(['CHOWN', 'NET_ADMIN'], WHY)], 'privileged'],
    ['paths of the node', [PrivilegedException.hostPath('/var/log', WHY)], 'privileged'],
    ['the network of the node', [PrivilegedException.hostNetwork(WHY)], 'privileged'],
    ['processes of the node', [PrivilegedException.hostProcesses(WHY)], 'privileged'],
    ['all', [PrivilegedException.privileged(WHY), PrivilegedException.rootUser(WHY)], 'privileged'],
  ])('admits what %s needs and no more (CH10-06, CH10-34)', (_title, exceptions, level) => {
    expect(levelOf(...exceptions)).toEqual([level, 'v1.30', level, 'restricted']);
  });

  test('has no other workload, of whatever library (CH10-35)', () => {
    expect(problemsOf((chart) => {
      new PrivilegedWorkload(chart, 'agent', AGENT);
      new WebService(chart, 'web', WEB);
      new kplus.Deployment(chart, 'other', { containers: [{ image: 'ghcr.io/acme/web:1.0.0' }] });
    })).toEqual(["[app/agent] prop 'namespace': got 'shop', expected a namespace without other workloads (app/web/Resource, app/other/Resource). Give its chart a namespace of its own (CH10-35)"]);
  });

  test('is not that of a tenant, in whatever order they are made (CH10-35)', () => {
    const app = new App();
    const agents = newChart('shop', 'agents', app);
    new PrivilegedWorkload(agents, 'agent', AGENT);
    new TenantNamespace(newChart(undefined, 'platform', app), 'shop', { name: 'shop', owner: 'a', team: 'shop', purpose: 'The shop', quota: Quota.of({ cpu: Cpu.units(10), memory: { toKibibytes: () => 10_485_760 } as never }) });
    expect(() => app.synthYaml()).toThrow("[agents/agent] prop 'namespace': got 'shop', expected a namespace of its own, not that of the tenant 'platform/shop'. Give its chart a namespace of its own (CH10-35)");
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
    const chart = newChart();
    const build = (): void => {
      const app = new App();
      new PrivilegedWorkload(newChart(namespace === undefined ? null as never : namespace, 'app', app), 'agent', AGENT);
      app.synthYaml();
    };
    expect(chart.namespace).toBe('shop');
    expect(build).toThrow(`[app/agent] prop 'namespace': got ${namespace === undefined ? 'null' : `'${namespace}'`}, expected at most 63 lower-case letters, digits and '-', starting and ending with a letter or digit; not 'default', 'openshift', 'kube-...' or 'openshift-...'. Give its chart a namespace of its own: new Chart(app, id, { namespace }) (CH10-35)`);
  });
});

describe('a path of the node', () => {
  test.each([
    ['/', false], ['/var/run/docker.sock', false], ['/run/containerd/containerd.sock', false], ['/var/run', false], ['/var', false], ['/proc', false], ['/var/lib/kubelet/pods', false], ['/etc/kubernetes/pki', false],
    ['/run/systemd/private', false], ['/var/run/systemd', false], ['/run/dbus/system_bus_socket', false], ['/var/run/dbus', false],
    ['/etc', false], ['/etc/cron.d', true], ['/usr/local/bin', true], ['/opt/cni/bin', true], ['/sys', true],
  ])('%s (writable: %p) hands over the node', (path, writable) => {
    expect(handsOverNode(path, writable)).toBe(true);
  });

  test.each([['/var/log', false], ['/var/log', true], ['/usr/share/zoneinfo', false], ['/etc/machine-id', false], ['/sys', false], ['/var/lib/agent', true], ['/runner', true], ['/devices', false]])('%s (writable: %p) does not', (path, writable) => {
    expect(handsOverNode(path, writable)).toBe(false);
  });

  test('that hands it over does so with all above it, and writing is never safer', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('var', 'lib', 'run', 'etc', 'kubelet', 'log', 'docker.sock', 'x'), { maxLength: 4 }), fc.boolean(), (parts, writable) => {
      const path = `/${parts.join('/')}`;
      if (!handsOverNode(path, writable)) return;
      expect(handsOverNode(path, true)).toBe(true);
      expect(handsOverNode('/', writable)).toBe(true);
    }));
  });
});

describe('bad exceptions', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['none', { exceptions: [] }, ["prop 'exceptions': got [], expected at least one. Use another workload, such as WebService: this one is for exceptions (CH10-29)"]],
    ['nothing', { exceptions: undefined }, ["prop 'exceptions': got nothing, expected a list, each item a PrivilegedException. State what it needs, such as PrivilegedException.hostPath(...) (CH10-29)"]],
    ['text', { exceptions: ['privileged'] }, ["prop 'exceptions[0]': got 'privileged', expected a PrivilegedException. State what it needs, such as PrivilegedException.hostPath(...) (CH10-29)"]],
    ['no owner', { owner: '' }, ["prop 'owner': got '', expected a non-empty string. Name whom to ask: a person, an address or a channel (CH10-29)"]],
    ['no reason', { exceptions: [PrivilegedException.hostNetwork(untyped({}))] }, ["prop 'exceptions[0].reason': got nothing, expected a reason of at least 10 characters. Say what needs it, and why nothing less will do (CH10-29)"]],
    ['a short reason', { exceptions: [PrivilegedException.hostNetwork({ reason: 'needed    ' })] }, ["prop 'exceptions[0].reason': got 'needed ', expected a reason of at least 10 characters. Say what needs it, and why nothing less will do (CH10-29)"]],
    ['the socket of the container runtime', { exceptions: [PrivilegedException.hostPath('/var/run/docker.sock', { ...WHY, type: 'Socket' })] }, ["prop 'exceptions[0].path': got '/var/run/docker.sock', expected a path with which the container cannot take over the node. Mount the one directory that is needed, or say handsOverNode: true (CH10-29)"]],
    ['a writable directory of programs', { exceptions: [PrivilegedException.hostPath('/usr/local/bin', { ...WHY, writable: true })] }, ["prop 'exceptions[0].path': got '/usr/local/bin', expected a path with which the container cannot change the node. Mount the one directory that is needed, or say handsOverNode: true (CH10-29)"]],
    ['a confession without need', { exceptions: [PrivilegedException.hostPath('/var/log', { ...WHY, handsOverNode: true })] }, ["prop 'exceptions[0].handsOverNode': got true, expected nothing for '/var/log', which does not hand over the node. Remove it (CH10-29)"]],
    ['a relative path', { exceptions: [PrivilegedException.hostPath('var/log', WHY)] }, ["prop 'exceptions[0].path': got 'var/log', expected an absolute path without ':' and parts that are empty, '.' or '..'. Give the path on the node, such as '/var/log'"]],
    ['a way around', { exceptions: [PrivilegedException.hostPath('/var/log/../../etc', WHY)] }, ["prop 'exceptions[0].path': got '/var/log/../../etc', expected an absolute path without ':' and parts that are empty, '.' or '..'. Give the path on the node, such as '/var/log'"]],
    ['all capabilities', { exceptions: [PrivilegedException.capabilities(['ALL'], WHY), PrivilegedException.rootUser(WHY)] }, ["prop 'exceptions[0].names[0]': got 'ALL', expected a capability of Linux without 'CAP_', such as NET_ADMIN, and not 'ALL'. Name what the process needs: capabilities(7) (CH10-22)"]],
    ['a prefix', { exceptions: [PrivilegedException.capabilities(['CAP_CHOWN'], WHY), PrivilegedException.rootUser(WHY)] }, ["prop 'exceptions[0].names[0]': got 'CAP_CHOWN', expected a capability of Linux without 'CAP_', such as NET_ADMIN, and not 'ALL'. Name what the process needs: capabilities(7) (CH10-22)"]],
    ['no capability', { exceptions: [PrivilegedException.capabilities([], WHY), PrivilegedException.rootUser(WHY)] }, ["prop 'exceptions[0].names': got [], expected at least one capability. Name what the process needs: capabilities(7) (CH10-22)"]],
    ['one twice', { exceptions: [PrivilegedException.hostNetwork(WHY), PrivilegedException.hostNetwork(WHY)] }, ["prop 'exceptions[1]': got 'hostNetwork', expected each exception once. Remove one of them"]],
    ['capabilities of others than root', { exceptions: [PrivilegedException.capabilities(['NET_ADMIN'], WHY)] }, ["prop 'exceptions': got 'capabilities' without 'rootUser', expected both. Capabilities of a container have no effect for other users: add PrivilegedException.rootUser(...), or remove them"]],
    ['capabilities beside all of them', { exceptions: [PrivilegedException.privileged(WHY), PrivilegedException.capabilities(['CHOWN'], WHY)] }, ["prop 'exceptions': got 'capabilities' beside 'privileged', expected one of the two. Remove 'privileged' if the capabilities are enough: it gives all of them (CH10-29)", "prop 'exceptions': got 'capabilities' without 'rootUser', expected both. Capabilities of a container have no effect for other users: add PrivilegedException.rootUser(...), or remove them"]],
    ['privileged of others than root', { exceptions: [PrivilegedException.privileged(WHY)] }, ["prop 'exceptions': got 'privileged' without 'rootUser', expected both. Capabilities of a container have no effect for other users: add PrivilegedException.rootUser(...), or remove them"]],
    ['an option of another', { exceptions: [PrivilegedException.rootUser(untyped({ ...WHY, writable: true }))] }, ["prop 'exceptions[0].writable': got an unknown prop, expected one of reason. Remove it"]],
    ['a port of root for another user', { ports: [{ name: 'metrics', port: 9100 }, { name: 'http', port: 80 }], exceptions: [PrivilegedException.hostNetwork(WHY)] }, ["prop 'ports[1].port': got 80, expected a port from 1024 up. The process does not run as root: let it listen on another port, or add PrivilegedException.rootUser(...) (DX-21)"]],
    ['a port of the node for root without capabilities', { ports: [{ name: 'http', port: 80 }], exceptions: [PrivilegedException.hostNetwork(WHY), PrivilegedException.rootUser(WHY), PrivilegedException.capabilities(['NET_RAW'], WHY)] }, ["prop 'ports[0].port': got 80, expected a port from 1024 up. On the network of the node not even root has it without a capability: let it listen on another port, or add PrivilegedException.capabilities(['NET_BIND_SERVICE'], ...) (DX-21)"]],
    ['a user beside root', { exceptions: [PrivilegedException.rootUser(WHY)], user: 1000 }, ["prop 'user': got 1000, expected none beside the exception 'rootUser'. Remove one of the two"]],
    ['closed egress where no policy holds', { exceptions: [PrivilegedException.hostNetwork(WHY)], egress: 'declared' }, ["prop 'egress': got 'declared', expected 'open' on the network of the node. Leave it out: network policies do not hold there"]],
    ['hard spreading of a DaemonSet', { spread: 'hard' }, ["prop 'spread': got 'hard', expected none without 'replicas'. Leave it out: a DaemonSet has one pod on each node"]],
    ['two paths at one place', { exceptions: [PrivilegedException.hostPath('/var/log', { ...WHY, mountPath: '/logs' }), PrivilegedException.hostPath('/var/log/pods', { ...WHY, mountPath: '/logs' })] }, ["prop 'mount.path': got '/logs', expected a path that container 'main' has no mount at. Choose another path, or remove one of the mounts"]],
  ])('are refused: %s (CH10-22, CH10-31)', (_title, props, messages) => {
    expect(problems(props)).toEqual(messages);
  });

  test.each<[string, PrivilegedException[]]>([
    ['root in its own network', [PrivilegedException.rootUser(WHY)]],
    ['root with the capability on that of the node', [PrivilegedException.hostNetwork(WHY), PrivilegedException.rootUser(WHY), PrivilegedException.capabilities(['NET_BIND_SERVICE'], WHY)]],
    ['a privileged container on that of the node', [PrivilegedException.hostNetwork(WHY), PrivilegedException.rootUser(WHY), PrivilegedException.privileged(WHY)]],
  ])('do not include a port below 1024 of %s', (_title, exceptions) => {
    expect(problems({ ports: [{ name: 'http', port: 80 }], exceptions })).toEqual([]);
  });

  test('of a socket is possible for who knows', () => {
    expect(problems({ exceptions: [PrivilegedException.hostPath('/run/containerd/containerd.sock', { ...WHY, type: 'Socket', handsOverNode: true })] })).toEqual([]);
  });

  test('do not throw where they are made', () => {
    const build = (chart: Chart): unknown => new PrivilegedWorkload(chart, 'agent', undefined as never);
    expect(problemsOf(build).map((problem) => problem.split("':")[0])).toEqual(["[app/agent] prop 'owner", "[app/agent] prop 'exceptions", "[app/agent] prop 'image"]);
  });
});
