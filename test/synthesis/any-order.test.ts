import { App, Chart, Testing } from 'cdk8s';
import {
  ClusterProfile,
  Egress,
  EndpointSyncer,
  ExposedService,
  Exposure,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  IngressController,
  Inventory,
  Job,
  NameEgress,
  NetworkTiers,
  Peer,
  PrivilegedException,
  PrivilegedWorkload,
  Probe,
  Tls,
  WebService,
} from '../../src';

const WEB = { image: 'ghcr.io/acme/web:1.4.2', port: 8080, readiness: Probe.httpGet('/readyz') };

/** What comes of an app of one chart: its objects or what is wrong, and the report for people. */
function outcomeOf(build: (chart: Chart) => void): { objects: unknown; findings: string[]; report: string } {
  const chart = new Chart(new App(), 'app', { namespace: 'shop' });
  build(chart);
  try {
    return {
      objects: unordered(Testing.synth(chart)),
      findings: [],
      report: Inventory.of(chart.node.root).toText().split('\n').sort().join('\n'),
    };
  } catch (error) {
    return { objects: undefined, findings: (error as Error).message.split('\n').slice(1).sort(), report: '' };
  }
}

type Statement = (chart: Chart) => void;

describe('a ClusterProfile counts, whenever it is assigned', () => {
  const inEdge = IngressController.inNamespace('edge', { className: 'haproxy' });
  const inTraefik = IngressController.inNamespace('traefik', { className: 'traefik' });
  const routing: Statement = (chart) => {
    const web = new WebService(chart, 'web', WEB);
    new HttpRouting(chart, 'routing', {
      host: 'shop.example.com',
      tls: Tls.certManager({ clusterIssuer: 'letsencrypt' }),
      annotations: { 'traefik.ingress.kubernetes.io/router.middlewares': 'shop-auth@kubernetescrd' },
      routes: [
        { path: '/', backend: web },
        { path: '/exact', pathType: 'Exact', backend: web },
      ],
    });
  };
  const stripping: Statement = (chart) => {
    const web = new WebService(chart, 'web', WEB);
    new HttpRouting(chart, 'routing', {
      host: 'shop.example.com',
      tls: Tls.none(),
      defaultBackend: web,
      routes: [
        { path: '/', backend: web },
        { path: '/api', stripPrefix: true, backend: web },
      ],
    });
  };
  const exposure: Statement = (chart) => {
    new ExposedService(chart, 'outside', {
      backend: new WebService(chart, 'web', WEB),
      exposure: Exposure.internalLoadBalancer({ sources: ['10.0.0.0/8', 'fd00::/8'] }),
    });
  };
  const syncer =
    (egress?: 'declared'): Statement =>
    (chart) => {
      const service = new ExternalService(chart, 'legacy', {
        target: ExternalTarget.synced(['10.40.0.0/24']),
        port: 3306,
      });
      new EndpointSyncer(chart, 'sync', { service, image: 'ghcr.io/acme/endpoint-sync:1.0.0', egress });
    };
  const agent: Statement = (chart) => {
    new PrivilegedWorkload(chart, 'agent', {
      image: 'ghcr.io/acme/agent:1.0.0',
      owner: 'platform',
      exceptions: [PrivilegedException.rootUser({ reason: 'Reads files of root' })],
    });
  };
  const nearby: Statement = (chart) =>
    void new WebService(chart, 'web', { ...WEB, service: { trafficDistribution: 'PreferSameNode' } });

  test.each<[string, ConstructorParameters<typeof ClusterProfile>[0], Statement]>([
    ['the pods of an agent on each node', { nodes: 40 }, agent],
    ['the version, for a newer field', { version: '1.34' }, nearby],
    ['the version, too old for a field', { version: '1.31' }, nearby],
    ['the ingress controller', { ingressController: inEdge }, routing],
    ['the ingress controller, where that is Traefik', { ingressController: inTraefik }, routing],
    ['the ingress controller, for stripped prefixes', { ingressController: inTraefik }, stripping],
    ['the ingress controller, which cannot strip prefixes', { ingressController: inEdge }, stripping],
    ['no ingress controller', {}, routing],
    ['who makes load balancers: AWS', { provider: 'aws' }, exposure],
    ['who makes load balancers: Azure', { provider: 'azure' }, exposure],
    ['who makes load balancers: GCP', { provider: 'gcp' }, exposure],
    ['nobody who makes load balancers', { provider: 'on-premises' }, exposure],
    ['the API server', { apiServer: ['10.0.0.1/32'] }, syncer()],
    ['the API server, with closed egress', { apiServer: ['10.0.0.1/32'] }, syncer('declared')],
    ['no API server', {}, syncer()],
    ['no API server, with closed egress', {}, syncer('declared')],
  ])('%s', (_, props, blocks) => {
    const assign: Statement = (chart) => new ClusterProfile(props).assignTo(chart);
    const before = outcomeOf((chart) => [assign, blocks].forEach((state) => state(chart)));
    const after = outcomeOf((chart) => [blocks, assign].forEach((state) => state(chart)));
    expect(after).toEqual(before);
  });

  test('an agent on each node has as many pods as there are nodes', () => {
    const { report } = outcomeOf((chart) =>
      [agent, (scope: Chart) => new ClusterProfile({ nodes: 40 }).assignTo(scope)].forEach((state) => state(chart)),
    );
    expect(report).toContain('DaemonSet app-agent: 40 replicas, 4 CPU');
  });
});

describe('statements about the network hold in any order', () => {
  test.each<[string, (chart: Chart) => Array<() => void>]>([
    [
      'a client gets a policy by name, before or after it is put into its tier',
      (chart) => {
        const [web, db] = [
          new WebService(chart, 'web', WEB),
          new ExternalService(chart, 'db', {
            target: ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() }),
            port: 5432,
          }),
        ];
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });
        return [() => web.connectTo(db), () => tiers.add('web', web), () => db.allowFrom(web)];
      },
    ],
    [
      'a client that is let in and connects has one edge',
      (chart) => {
        const [web, db] = [
          new WebService(chart, 'web', { ...WEB, egress: 'declared' }),
          new ExternalService(chart, 'db', {
            target: ExternalTarget.addresses(['10.40.0.10']),
            port: 5432,
            extraPorts: [{ name: 'admin', port: 33060 }],
          }),
        ];
        return [
          () => web.connectTo(db),
          () => db.allowFrom(web, { ports: [33060] }),
          () => web.allowFrom(Peer.pods({ labels: { app: 'x' } })),
        ];
      },
    ],
    [
      'metrics are read in all tiers',
      (chart) => {
        const [web, job] = [
          new WebService(chart, 'web', { ...WEB, extraPorts: [{ name: 'metrics', port: 9090 }] }),
          new Job(chart, 'job', { image: 'ghcr.io/acme/job:1.0.0' }),
        ];
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }, { name: 'jobs' }] });
        return [
          () => tiers.add('web', web),
          () => tiers.add('jobs', job),
          () => tiers.allowScraping(Peer.pods({ namespace: 'monitoring', labels: { app: 'prometheus' } })),
          () => job.connectTo(web),
        ];
      },
    ],
    [
      'a workload in two tiers',
      (chart) => {
        const web = new WebService(chart, 'web', WEB);
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }, { name: 'api' }] });
        return [() => tiers.add('web', web), () => tiers.add('api', web)];
      },
    ],
    [
      'a workload in tiers of two blocks',
      (chart) => {
        const web = new WebService(chart, 'web', WEB);
        const [one, other] = ['one', 'other'].map((id) => new NetworkTiers(chart, id, { tiers: [{ name: id }] }));
        return [() => one.add('one', web), () => other.add('other', web)];
      },
    ],
    [
      'blocks of two clusters that name each other',
      (chart) => {
        const far = new Chart(chart.node.root, 'far', { namespace: 'shop' });
        const [web, api] = [
          new WebService(chart, 'web', WEB),
          new WebService(far, 'api', {
            ...WEB,
            egress: 'declared',
            egressTo: [Egress.to(new WebService(chart, 'other', WEB).toPeer())],
          }),
        ];
        return [
          () => web.connectTo(api),
          () => web.allowFrom(api),
          () => api.allowFrom(web),
          () => new ClusterProfile({ name: 'far' }).assignTo(far),
        ];
      },
    ],
    [
      'two profiles for one scope',
      (chart) => {
        new WebService(chart, 'web', { ...WEB, service: { trafficDistribution: 'PreferSameNode' } });
        return ['1.30', '1.34'].map((version) => () => new ClusterProfile({ version }).assignTo(chart));
      },
    ],
  ])('%s', (_, build) => {
    const count = build(new Chart(new App(), 'app', { namespace: 'shop' })).length;
    expect(count).toBeGreaterThan(1);
    const orders = permutations(count).map((order) =>
      outcomeOf((chart) => {
        const statements = build(chart);
        for (const index of order) statements[index]();
      }),
    );
    for (const outcome of orders) expect(outcome).toEqual(orders[0]);
  });
});

/** The same with all lists sorted. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(unordered(item))).sort();
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unordered(item)]))
    : value;
}

function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, place) => [...order.slice(0, place), count - 1, ...order.slice(place)]),
  );
}
