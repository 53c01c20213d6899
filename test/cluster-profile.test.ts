import { ApiObject, App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { linesOf, newChart, only, problemsOf, synth, untyped, viewOf, WEB } from './support';
import {
  Autoscaling,
  ClusterDns,
  ClusterProfile,
  Cpu,
  findingsOf,
  HttpRouting,
  IngressController,
  Inventory,
  PrivilegedException,
  PrivilegedWorkload,
  Redis,
  Resources,
  Rollout,
  Tls,
  WebService,
  type WebServiceProps,
} from '../src';
import { emit } from '../src/kernel/emit/emission';
import { clusterOf, isAtLeast, KUBE_DNS } from '../src/kernel/model/cluster-facts';
import { claimNamespace, namespaceClaim } from '../src/kernel/model/namespace-facts';
import { podSize } from '../src/kubernetes/pod-size';
import { type WorkloadFacts, workloadsOf } from '../src/pod/workload-facts';

describe('the profile of a cluster', () => {
  test('is the default one without any', () => {
    const { name, version } = ClusterProfile.of(newChart());
    expect([name, version]).toEqual(['default', '1.30']);
  });

  test('is that of the nearest scope', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    new ClusterProfile({ name: 'outer', version: '1.31' }).assignTo(app);
    expect(ClusterProfile.of(chart).name).toBe('outer');
    new ClusterProfile({ name: 'inner' }).assignTo(chart);
    expect([
      ClusterProfile.of(new Construct(chart, 'web')).name,
      ClusterProfile.of(chart).version,
      ClusterProfile.of(app).version,
    ]).toEqual(['inner', '1.30', '1.31']);
  });

  test('is one for each scope, however often it is assigned', () => {
    const profile = new ClusterProfile({ name: 'a' });
    expect(problemsOf((chart) => [profile, profile].forEach((each) => each.assignTo(chart)))).toEqual([]);
    expect(
      problemsOf((chart) => [profile, new ClusterProfile({ name: 'b' })].forEach((each) => each.assignTo(chart))),
    ).toEqual(['[app] assignTo: cluster/one-profile']);
  });

  test('of two for one scope, the same one counts in whatever order, and blocks can come before', () => {
    const outcome = (...names: string[]): unknown => {
      const chart = newChart();
      new WebService(chart, 'web', { ...WEB, spread: 'hard' });
      for (const name of names) new ClusterProfile({ name, zones: name === 'a' ? 1 : 3 }).assignTo(chart);
      return findingsOf(chart.node.root);
    };
    expect(outcome('a', 'b')).toEqual(outcome('b', 'a'));
    expect(outcome('a', 'b')).toEqual([
      expect.objectContaining({ rule: 'cluster/one-profile' }),
      expect.objectContaining({ rule: 'scheduling/zones' }),
    ]);
  });

  test.each([
    ['1.30', 30, true],
    ['1.30', 31, false],
    ['1.34', 31, true],
    ['1.99', 99, true],
  ])('of version %s has the features of 1.%d: %p', (version, minor, has) => {
    const chart = newChart();
    new ClusterProfile({ version }).assignTo(chart);
    expect(isAtLeast(clusterOf(chart), minor)).toBe(has);
  });

  test.each(['1.29', '1.9', '1.100', '2.0', 'v1.30', '1.30.1', '', 1.3])(
    'of version %p is refused where it is assigned',
    (version) => {
      expect(problemsOf((chart) => new ClusterProfile(untyped({ version, nam: 'x' })).assignTo(chart))).toEqual([
        '[app] version: props/value',
        '[app] nam: props/unknown',
      ]);
    },
  );

  test('does not throw where it is made', () => {
    expect(new ClusterProfile(null as never).name).toBe('default');
    expect(problemsOf((chart) => new ClusterProfile(null as never).assignTo(chart))).toEqual([
      '[app] props: props/object',
    ]);
  });

  test('tells what it was given, and nothing of what is unknown (CH08-17)', () => {
    const chart = newChart();
    expect(clusterOf(chart)).toEqual({
      name: 'default',
      version: '1.30',
      ownNodes: true,
      dns: KUBE_DNS,
      apiServer: [],
    });
    new ClusterProfile({
      name: 'prod',
      version: '1.34',
      zones: 3,
      nodes: 6,
      provider: 'aws',
      apiServer: ['10.0.0.10/32'],
      allocatable: { cpu: Cpu.millis(3920), memory: Size.gibibytes(14) },
    }).assignTo(chart);
    expect(clusterOf(chart)).toEqual({
      name: 'prod',
      version: '1.34',
      zones: 3,
      nodes: 6,
      provider: 'aws',
      ownNodes: true,
      kedaNamespace: 'keda',
      dns: KUBE_DNS,
      apiServer: ['10.0.0.10/32'],
      allocatable: { cpu: 3920, memory: 14 * 2 ** 30, pods: 110 },
    });
    const { zones, nodes, provider, apiServer } = ClusterProfile.of(chart);
    expect([zones, nodes, provider, apiServer]).toEqual([3, 6, 'aws', ['10.0.0.10/32']]);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ zones: 0 }, 'zones: props/value'],
    [{ nodes: 1.5 }, 'nodes: props/value'],
    [{ zones: 3, nodes: 2 }, 'nodes: cluster/nodes-per-zone'],
    [{ provider: 'ibm' }, 'provider: props/value'],
    [{ apiServer: ['10.0.0.10'] }, 'apiServer[0]: props/value'],
    [{ allocatable: { cpu: 4, memory: Size.gibibytes(1) } }, 'allocatable.cpu: props/value'],
    [{ allocatable: { cpu: Cpu.units(1), memory: Size.gibibytes(1), pods: 0 } }, 'allocatable.pods: props/value'],
    [{ dns: 'coredns' }, 'dns: props/value'],
    [{ dns: ClusterDns.nodeLocal(['169.254.20.10/32']) }, 'dns.addresses[0]: props/value'],
    [{ dns: ClusterDns.nodeLocal([]) }, 'dns.addresses: props/empty-list'],
    [{ dns: ClusterDns.pods({ namespace: 'dns', port: 0 }) }, 'dns.port: props/value'],
    [{ ingressController: 'traefik' }, 'ingressController: props/value'],
    [
      { ingressController: IngressController.fromCidrs([], { className: 'a' }) },
      'ingressController.ranges: props/empty-list',
    ],
  ])('refuses %p', (props, message) => {
    expect(problemsOf((chart) => new ClusterProfile(untyped(props)).assignTo(chart))).toEqual([`[app] ${message}`]);
  });

  test('its ingress controller serves the routings that name none', () => {
    const manifests = synth((chart) => {
      new ClusterProfile({
        ingressController: IngressController.inNamespace('edge', { className: 'haproxy' }),
      }).assignTo(chart);
      const web = new WebService(chart, 'web', WEB);
      new HttpRouting(chart, 'routing', {
        host: 'shop.example.com',
        tls: Tls.none(),
        routes: [{ path: '/', backend: web }],
      });
    });
    expect(only(manifests, 'Ingress').spec.ingressClassName).toBe('haproxy');
    expect(only(manifests, 'NetworkPolicy').spec.ingress[0].from[0].namespaceSelector.matchLabels).toEqual({
      'kubernetes.io/metadata.name': 'edge',
    });
  });

  test('a routing that names a controller keeps it', () => {
    const manifests = synth((chart) => {
      new ClusterProfile({
        ingressController: IngressController.inNamespace('edge', { className: 'haproxy' }),
      }).assignTo(chart);
      new HttpRouting(chart, 'routing', {
        host: 'shop.example.com',
        tls: Tls.none(),
        controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
        routes: [{ path: '/', backend: new WebService(chart, 'web', WEB) }],
      });
    });
    expect(only(manifests, 'Ingress').spec.ingressClassName).toBe('traefik');
  });

  test('a pod that no node has room for is refused, init containers counted (CH08-16, S08-06)', () => {
    const profile = new ClusterProfile({ allocatable: { cpu: Cpu.millis(900), memory: Size.gibibytes(4) } });
    const init = {
      name: 'migrate',
      image: 'ghcr.io/acme/migrate:1.0.0',
      resources: Resources.of({ cpu: Cpu.units(1), memory: Size.gibibytes(5) }),
    };
    expect(
      problemsOf((chart) => {
        profile.assignTo(chart);
        new WebService(chart, 'fits', {
          ...WEB,
          resources: Resources.of({ cpu: Cpu.millis(900), memory: Size.gibibytes(4) }),
        });
        new WebService(chart, 'web', { ...WEB, initContainers: [init] });
      }),
    ).toEqual(['[app/web] resources: scheduling/pod-too-large', '[app/web] resources: scheduling/pod-too-large']);
  });

  test('hard spreading is refused on one zone (CH08-05)', () => {
    expect(
      problemsOf((chart) => {
        new ClusterProfile({ zones: 1 }).assignTo(chart);
        new WebService(chart, 'web', { ...WEB, spread: 'hard' });
      }),
    ).toEqual(['[app/web] spread: scheduling/zones']);
  });
});

describe('the room of a cluster', () => {
  const profileOf = (nodes: number, pods?: number): ClusterProfile =>
    new ClusterProfile({ nodes, allocatable: { cpu: Cpu.units(1), memory: Size.gibibytes(64), pods } });
  const warningsOf = (profile: ClusterProfile): string[] => {
    const app = new App();
    for (const id of ['a', 'b']) {
      const chart = newChart(id, id, app);
      profile.assignTo(chart);
      new WebService(chart, 'web', {
        ...WEB,
        resources: Resources.of({ cpu: Cpu.millis(250), memory: Size.gibibytes(1) }),
        autoscaling: Autoscaling.onCpu({ min: 2, max: 6, target: 80 }),
      });
    }
    return Inventory.of(app).warnings.map(({ path, message }) => `${path}: ${message}`);
  };

  test('holds all pods at their most when one node is gone, or that is worth a look (CH08-29)', () => {
    expect(warningsOf(profileOf(4))).toEqual([]);
    expect(warningsOf(profileOf(3))).toEqual([
      'a: all workloads at their maximum request 3 cpu; without one node, the cluster has 2 (the ClusterProfile says 3 nodes of 1). Add nodes, or lower the maximum of autoscaling or the requests (CH08-29)',
    ]);
  });

  test('is room for a number of pods, too (CH08-29)', () => {
    expect(warningsOf(profileOf(4, 4))).toEqual([]);
    expect(warningsOf(profileOf(4, 3))).toEqual([
      'a: all workloads at their maximum request 12 pods; without one node, the cluster has 9 (the ClusterProfile says 4 nodes of 3). Add nodes, or lower the maximum of autoscaling or the requests (CH08-29)',
    ]);
  });

  test('is told in each app that the profile is assigned in', () => {
    const profile = profileOf(3);
    expect([warningsOf(profile), warningsOf(profile)].map((warnings) => warnings.length)).toEqual([1, 1]);
  });
});

describe('cluster DNS in policies with closed egress', () => {
  const dnsRule = (dns: ClusterDns, order: 'before' | 'after' = 'before'): unknown =>
    only(
      synth((chart) => {
        const assign = (): void => new ClusterProfile({ dns }).assignTo(chart);
        if (order === 'before') assign();
        new WebService(chart, 'web', { ...WEB, egress: 'declared' });
        if (order === 'after') assign();
      }),
      'NetworkPolicy',
    ).spec.egress[0];
  const kubeDns = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
    podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
  };
  const both = (port: number): unknown => [
    { port, protocol: 'UDP' },
    { port, protocol: 'TCP' },
  ];

  test.each(['before', 'after'] as const)('is that of the profile, assigned %s the block is made', (order) => {
    expect(dnsRule(ClusterDns.openShift(), order)).toEqual({
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' } },
          podSelector: { matchLabels: { 'dns.operator.openshift.io/daemonset-dns': 'default' } },
        },
      ],
      ports: both(5353),
    });
  });

  test('with a cache on the node, both the cache and the pods', () => {
    expect(dnsRule(ClusterDns.nodeLocal())).toEqual({
      to: [{ ipBlock: { cidr: '169.254.20.10/32' } }, kubeDns],
      ports: both(53),
    });
    expect(dnsRule(ClusterDns.nodeLocal(['169.254.20.10', 'fd00::10', '10.96.0.10']))).toEqual({
      to: [
        { ipBlock: { cidr: '169.254.20.10/32' } },
        { ipBlock: { cidr: 'fd00::10/128' } },
        { ipBlock: { cidr: '10.96.0.10/32' } },
        kubeDns,
      ],
      ports: both(53),
    });
  });

  test('pods of your own, by namespace, labels and port', () => {
    expect(dnsRule(ClusterDns.pods({ namespace: 'dns', labels: { app: 'unbound' }, port: 1053 }))).toEqual({
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'dns' } },
          podSelector: { matchLabels: { app: 'unbound' } },
        },
      ],
      ports: both(1053),
    });
    expect(dnsRule(ClusterDns.kubeDns())).toEqual({ to: [kubeDns], ports: both(53) });
  });
});

describe('objects without a namespace', () => {
  test('carry none, also in a chart that has one', () => {
    const manifests = synth((chart) =>
      emit(chart, 'class', {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'high' },
        clusterScoped: true,
        value: 10,
      }),
    );
    expect(manifests).toEqual([
      { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 10 },
    ]);
  });

  test('are the same object in charts of two namespaces, whoever made them (DX-03)', () => {
    const app = new App();
    const manifest = {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: 'high' },
      value: 10,
    };
    emit(newChart('red', 'red', app), 'class', { ...manifest, clusterScoped: true });
    new ApiObject(newChart('blue', 'blue', app), 'class', manifest);
    expect(() => app.synthYaml()).toThrow(
      "PriorityClass.scheduling.k8s.io '/high': got 2 on cluster 'default' (red/class, blue/class), expected one.",
    );
    expect(Inventory.of(app).objects.map(({ namespace }) => namespace)).toEqual([undefined, undefined]);
  });
});

describe('what a workload asks of its cluster', () => {
  const factsOf = (build: (chart: Chart) => void): WorkloadFacts => {
    const chart = newChart();
    build(chart);
    const [facts] = workloadsOf(viewOf(chart));
    return facts;
  };

  test.each<[string, Partial<WebServiceProps>, number[]]>([
    ['two replicas, one more in a rollout', {}, [2, 2, 1, 1]],
    ['a share is rounded up', { replicas: 5, rollout: Rollout.rolling({ maxSurge: '25%' }) }, [5, 5, 2, 3]],
    [
      'a surge is never larger than the whole',
      { replicas: 2, rollout: Rollout.rolling({ maxSurge: 9 }) },
      [2, 2, 2, 0],
    ],
    [
      'no surge, but old pods that stop',
      { replicas: 4, rollout: Rollout.rolling({ maxSurge: 0, maxUnavailable: 1 }) },
      [4, 4, 0, 4],
    ],
    ['all old pods go first', { replicas: 4, rollout: Rollout.recreate() }, [4, 4, 0, 0]],
    [
      'the most of an autoscaler, and its share',
      {
        autoscaling: Autoscaling.onCpu({ min: 3, max: 10, target: 80 }),
        rollout: Rollout.rolling({ maxSurge: '20%' }),
      },
      [3, 10, 2, 8],
    ],
    ['nothing', { replicas: 0 }, [0, 0, 0, 0]],
  ])('pods of a service: %s', (_title, props, expected) => {
    const { replicas, most, surge, stopping } = factsOf((chart) => new WebService(chart, 'web', { ...WEB, ...props }));
    expect([replicas, most, surge, stopping]).toEqual(expected);
  });

  test('the size of one pod, with sidecars, its class and its token', () => {
    const facts = factsOf(
      (chart) =>
        new WebService(chart, 'web', {
          ...WEB,
          priorityClassName: 'high',
          serviceAccountToken: true,
          sidecars: [
            {
              name: 'proxy',
              image: 'ghcr.io/acme/proxy:1.0.0',
              resources: Resources.withoutCpuLimit({ cpu: Cpu.millis(50), memory: Size.mebibytes(32) }),
            },
          ],
        }),
    );
    expect(facts).toMatchObject({
      kind: 'Deployment',
      name: 'app-web',
      namespace: 'shop',
      priorityClass: 'high',
      token: true,
      claims: [],
    });
    expect(podSize(facts.containers, facts.overhead)).toEqual({
      requests: { cpu: 150, memory: 160 * 2 ** 20, ephemeralStorage: 512 * 2 ** 20 },
      limits: { memory: 160 * 2 ** 20, ephemeralStorage: 512 * 2 ** 20 },
    });
    expect(facts.containers.map(({ name }) => name)).toEqual(['main', 'proxy']);
  });

  test('the claims of Redis, of which no pod is started before the old one is gone', () => {
    const facts = factsOf(
      (chart) =>
        new Redis(chart, 'redis', {
          storage: Size.gibibytes(10),
          storageClassName: 'fast',
          password: { secret: kplus.Secret.fromSecretName(chart, 'passwd', 'passwd'), key: 'passwd' },
        }),
    );
    expect(facts).toMatchObject({
      kind: 'StatefulSet',
      replicas: 3,
      most: 3,
      surge: 0,
      stopping: 0,
      claims: [{ storageClass: 'fast', bytes: 10 * 2 ** 30 }],
    });
  });
});

describe('what a namespace is kept for', () => {
  test('is known on the cluster of its owner alone', () => {
    const app = new App();
    const [eu, us] = ['eu', 'us'].map((id) => newChart('shop', id, app));
    claimNamespace(eu, { name: 'shop', use: 'tenant' });
    expect(namespaceClaim(us, 'shop')?.use).toBe('tenant');
    new ClusterProfile({ name: 'us' }).assignTo(us);
    expect([namespaceClaim(us, 'shop'), namespaceClaim(eu, 'other'), namespaceClaim(eu, undefined)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    claimNamespace(us, { name: 'shop', use: 'privileged' });
    expect([namespaceClaim(eu, 'shop')?.use, namespaceClaim(us, 'shop')?.use]).toEqual(['tenant', 'privileged']);
  });
});

describe('a cluster with nodes of the provider', () => {
  const agent = (chart: Chart): unknown =>
    new PrivilegedWorkload(chart, 'agent', {
      image: 'ghcr.io/acme/agent:1.0.0',
      owner: 'team-infra',
      exceptions: [
        PrivilegedException.hostPath('/var/log', { reason: 'Reads the logs of the node' }),
        PrivilegedException.hostNetwork({ reason: 'Measures the network of the node' }),
      ],
    });
  const raw = (chart: Chart, kind: string, spec: object): unknown =>
    new ApiObject(chart, 'raw', {
      apiVersion: 'apps/v1',
      kind,
      metadata: { name: 'raw' },
      spec: {
        selector: { matchLabels: { app: 'raw' } },
        template: {
          metadata: { labels: { app: 'raw' } },
          spec: { containers: [{ name: 'raw', image: 'a:1' }], ...spec },
        },
      },
    });

  test('has no DaemonSets, and nothing of a node', () => {
    expect(
      problemsOf((chart) => {
        new ClusterProfile({ ownNodes: false }).assignTo(chart);
        agent(chart);
      }),
    ).toEqual(['[app/agent] cluster/own-nodes']);
    const lines = linesOf((chart) => {
      new ClusterProfile({ ownNodes: false }).assignTo(chart);
      agent(chart);
    });
    expect(lines.join()).toContain('got a DaemonSet, the network of the node, the directory /var/log of the node');
  });

  test.each([
    ['DaemonSet', {}, 'a DaemonSet'],
    ['Deployment', { hostPID: true }, 'the processes of the node'],
    ['Deployment', { volumes: [{ name: 'a', hostPath: { path: '/data' } }] }, 'the directory /data of the node'],
    [
      'Deployment',
      { containers: [{ name: 'a', image: 'a:1', ports: [{ containerPort: 80, hostPort: 80 }] }] },
      'port 80 of the node',
    ],
    [
      'StatefulSet',
      { initContainers: [{ name: 'b', image: 'a:1', securityContext: { privileged: true } }] },
      "the privileged container 'b'",
    ],
  ])('refuses %s %j of another library', (kind, spec, got) => {
    const build = (chart: Chart): void => {
      new ClusterProfile({ ownNodes: false }).assignTo(chart);
      raw(chart, kind, spec);
    };
    expect(linesOf(build).filter((line) => line.includes('ownNodes'))).toEqual([
      expect.stringContaining(`got ${got},`),
    ]);
  });

  test('takes all other workloads, and the same on another cluster', () => {
    expect(
      problemsOf((chart) => {
        new ClusterProfile({ ownNodes: false, name: 'fargate' }).assignTo(chart);
        new WebService(chart, 'web', WEB);
        raw(chart, 'Deployment', {});
        const other = new Chart(chart.node.root, 'other', { namespace: 'agents' });
        new ClusterProfile({ name: 'nodes' }).assignTo(other);
        agent(other);
      }),
    ).toEqual([]);
  });
});
