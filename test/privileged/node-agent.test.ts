import { Duration } from 'cdk8s';
import {
  ClusterProfile,
  NodeAgent,
  type NodeAgentProps,
  NodePool,
  Peer,
  PrivilegedException,
  PrivilegedWorkload,
  Probe,
  Rollout,
  WebService,
} from '../../src';
import { workloadsOf } from '../../src/pod/workload-facts';
import { type Manifest, newChart, only, problemsOf, synth, untyped, viewOf, warningsOf, WEB } from '../support';

const IMAGE = 'ghcr.io/acme/agent:3.1.0';
const WHY = { reason: 'Reads the logs of all pods' };
const HOST_NETWORK = { owner: 'platform', exceptions: [PrivilegedException.hostNetwork(WHY)] };

const agent = (props: Partial<NodeAgentProps> = {}): Manifest[] =>
  synth((chart) => new NodeAgent(chart, 'agent', { image: IMAGE, ...props }));
const specOf = (props: Partial<NodeAgentProps> = {}): Manifest => only(agent(props), 'DaemonSet').spec as Manifest;
const podOf = (props: Partial<NodeAgentProps> = {}): Manifest => specOf(props).template.spec as Manifest;
const problems = (props: Record<string, unknown>): string[] =>
  problemsOf((chart) => new NodeAgent(chart, 'agent', untyped({ image: IMAGE, ...props }))).map((problem) =>
    problem.replace('[app/agent] ', ''),
  );

describe('a node agent', () => {
  test('is one restricted pod on each node, in the namespace of its chart, without a budget', () => {
    expect(agent().map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'ServiceAccount shop/app-agent',
      'NetworkPolicy shop/app-agent',
      'DaemonSet shop/app-agent',
    ]);
    expect(specOf()).toMatchObject({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      minReadySeconds: 5,
      revisionHistoryLimit: 10,
    });
    expect(podOf().containers[0].securityContext).toMatchObject({
      runAsNonRoot: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
    });
    expect(podOf().topologySpreadConstraints).toBeUndefined();
    expect(podOf().tolerations).toBeUndefined();
    expect(warningsOf((chart) => new NodeAgent(chart, 'agent', { image: IMAGE }))).toEqual([]);
  });

  test('shares its namespace with other workloads', () => {
    expect(
      problemsOf((chart) => {
        new NodeAgent(chart, 'agent', { image: IMAGE });
        new WebService(chart, 'web', WEB);
      }),
    ).toEqual([]);
  });

  test('counts as a pod for each node of the profile', () => {
    const chart = newChart();
    new ClusterProfile({ nodes: 20 }).assignTo(chart);
    const surging = new NodeAgent(chart, 'surging', { image: IMAGE, rollout: Rollout.rolling({ maxSurge: '15%' }) });
    const steady = new NodeAgent(chart, 'steady', { image: IMAGE, rollout: Rollout.rolling({ maxUnavailable: 3 }) });
    const scales = workloadsOf(viewOf(chart));
    expect(scales.find(({ construct }) => construct === surging)).toMatchObject({
      kind: 'DaemonSet',
      replicas: 20,
      most: 20,
      surge: 3,
      stopping: 17,
    });
    expect(scales.find(({ construct }) => construct === steady)).toMatchObject({ most: 20, surge: 0, stopping: 0 });
  });

  test('replaces some pods at once, or starts the new pod of a node first', () => {
    const rolling = (rollout: Rollout): Manifest => specOf({ rollout }).updateStrategy.rollingUpdate as Manifest;
    expect(rolling(Rollout.rolling({ maxUnavailable: '10%' }))).toEqual({ maxUnavailable: '10%' });
    expect(rolling(Rollout.rolling({ maxSurge: 2 }))).toEqual({ maxSurge: 2, maxUnavailable: 0 });
    expect(rolling(Rollout.rolling())).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(specOf({ minReady: Duration.seconds(30), revisionHistory: 3 })).toMatchObject({
      minReadySeconds: 30,
      revisionHistoryLimit: 3,
    });
  });

  test('runs on tainted nodes by choice', () => {
    const gpu = NodePool.reserved({ key: 'example.com/pool', value: 'gpu' });
    expect(
      podOf({ onControlPlane: true, alsoOn: [gpu], tolerations: [{ key: 'mine', effect: 'NoExecute' }] }),
    ).toMatchObject({
      tolerations: [
        { key: 'mine', operator: 'Exists', effect: 'NoExecute' },
        { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
        { key: 'example.com/pool', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' },
      ],
    });
    expect(podOf({ alsoOn: [gpu] }).nodeSelector).toBeUndefined();
    expect(podOf({ placeOn: gpu, onControlPlane: true }).nodeSelector).toEqual({ 'example.com/pool': 'gpu' });
  });

  test('has a port for metrics, which probes check and a peer may scrape', () => {
    const manifests = synth((chart) =>
      new NodeAgent(chart, 'agent', {
        image: IMAGE,
        metricsPort: 9100,
        readiness: Probe.httpGet('/ready'),
      }).allowFrom(Peer.pods({ namespace: 'monitoring' })),
    );
    expect(only(manifests, 'NetworkPolicy').spec.ingress).toMatchObject([{ ports: [{ port: 9100 }] }]);
    const [main] = only(manifests, 'DaemonSet').spec.template.spec.containers as Manifest[];
    expect(main.ports).toEqual([{ name: 'metrics', containerPort: 9100, protocol: 'TCP' }]);
    expect(main.readinessProbe.httpGet.port).toBe('metrics');
  });
});

describe('a node agent with exceptions', () => {
  test('owns its namespace, as a privileged workload does (CH16-02)', () => {
    const exceptions = [PrivilegedException.hostPath('/var/log/pods', WHY)];
    const same = { image: IMAGE, owner: 'platform', exceptions };
    expect(synth((chart) => new NodeAgent(chart, 'agent', same))).toEqual(
      synth((chart) => new PrivilegedWorkload(chart, 'agent', same)),
    );
    expect(
      problemsOf((chart) => {
        new NodeAgent(chart, 'agent', same);
        new WebService(chart, 'web', WEB);
      }),
    ).toEqual(['[app/agent] namespace: privileged/shared-namespace']);
  });

  test('may name its owner without exceptions', () => {
    expect(only(agent({ owner: 'platform' }), 'DaemonSet').metadata.annotations).toEqual({ owner: 'platform' });
    expect(agent({ exceptions: [] }).map(({ kind }) => kind)).not.toContain('Namespace');
  });
});

describe('mistakes of a node agent', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['exceptions without an owner', { exceptions: HOST_NETWORK.exceptions }, ['owner: props/required']],
    ['an unnamed owner', { owner: '' }, ['owner: props/value']],
    ['exceptions as text', { exceptions: ['root'], owner: 'a' }, ['exceptions[0]: props/value']],
    ['all at once', { rollout: Rollout.recreate() }, ['rollout: workload/node-rollout']],
    ['both', { rollout: Rollout.rolling({ maxSurge: 1, maxUnavailable: 1 }) }, ['rollout: workload/node-rollout']],
    ['neither', { rollout: Rollout.rolling({ maxSurge: '0%' }) }, ['rollout: workload/node-rollout']],
    ['half a pod', { rollout: Rollout.rolling({ maxSurge: 0.5 }) }, ['rollout.maxSurge: props/value']],
    [
      'a surge on the ports of the node',
      { ...HOST_NETWORK, metricsPort: 9100, rollout: Rollout.rolling({ maxSurge: 1 }) },
      ['rollout: privileged/surge'],
    ],
    ['an open pool', { alsoOn: [NodePool.open({ key: 'a', value: 'b' })] }, ['alsoOn[0]: props/conflict']],
    ['no pool', { alsoOn: ['gpu'] }, ['alsoOn[0]: props/value']],
    [
      'two selections of nodes',
      {
        alsoOn: [NodePool.reserved({ key: 'a', value: 'b' })],
        placeOn: NodePool.open({ key: 'a', value: 'c' }),
      },
      ['alsoOn: props/conflict'],
    ],
    ['a low port', { metricsPort: 80 }, ['metricsPort: workload/privileged-port']],
    [
      'a port twice',
      { metricsPort: 9100, ports: [{ name: 'a', port: 9100 }] },
      ['metricsPort: workload/duplicate-port'],
    ],
    ['a spread', { spread: 'hard' }, ['spread: props/conflict']],
    ['a held node', { holdsNode: 'It would hold them all' }, ['holdsNode: props/conflict']],
    ['a number of pods', { replicas: 2 }, ['replicas: props/unknown']],
    ['a budget', { budget: 1 }, ['budget: props/unknown']],
  ])('%s', (_title, props, expected) => {
    expect(problems(props)).toEqual(expected);
  });

  test('a surge on the host network is fine without ports', () => {
    expect(problems({ ...HOST_NETWORK, rollout: Rollout.rolling({ maxSurge: 1 }) })).toEqual([]);
  });

  test('a Deployment has no nodes to choose', () => {
    const given = { image: IMAGE, ...HOST_NETWORK, replicas: 2 };
    const of = (props: object): string[] =>
      problemsOf((chart) => new PrivilegedWorkload(chart, 'agent', { ...given, ...props }));
    expect(of({ onControlPlane: true })).toEqual(['[app/agent] onControlPlane: props/conflict']);
    expect(of({ rollout: Rollout.rolling({ maxUnavailable: 2 }) })).toEqual([
      '[app/agent] rollout.maxUnavailable: workload/rollout-takes-all',
    ]);
    expect(of({ rollout: Rollout.recreate() })).toEqual([]);
  });
});
