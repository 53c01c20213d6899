import { ApiObject, App, type Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import {
  Autoscaling,
  ClusterDns,
  ClusterProfile,
  Egress,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  IngressController,
  Inventory,
  Job,
  Mesh,
  NameEgress,
  NetworkTiers,
  type NetworkTiersProps,
  Peer,
  Redis,
  ScheduledJob,
  TenantNamespace,
  Tls,
  WebService,
  type WebServiceProps,
} from '../../../src';
import {
  linesOf,
  type Manifest,
  newChart,
  only,
  problemsOf,
  problemsOfApp,
  synth,
  untyped,
  warningsIn,
  WEB,
} from '../../support';

const TIERS: NetworkTiersProps = { tiers: [{ name: 'web', internetFacing: true }, { name: 'api' }, { name: 'db' }] };
const TRAEFIK = IngressController.inNamespace('traefik', { className: 'traefik' });
const DNS = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

function service(chart: Chart, id: string, props: Partial<WebServiceProps> = {}): WebService {
  return new WebService(chart, id, { ...WEB, ...props });
}

function redisIn(chart: Chart): Redis {
  return new Redis(chart, 'redis', {
    storage: Size.gibibytes(1),
    password: { secret: kplus.Secret.fromSecretName(chart, 'passwd', 'redis-passwd'), key: 'passwd' },
  });
}

interface Blocks {
  tiers: NetworkTiers;
  frontend: WebService;
  api: WebService;
  redis: Redis;
}

/** Frontend, API and Redis in a tier each, without edges. */
function three(chart: Chart, props: Partial<NetworkTiersProps> = {}, apiProps: Partial<WebServiceProps> = {}): Blocks {
  const tiers = new NetworkTiers(chart, 'tiers', { ...TIERS, ...props });
  const blocks = {
    tiers,
    frontend: service(chart, 'frontend'),
    api: service(chart, 'api', apiProps),
    redis: redisIn(chart),
  };
  tiers.add('web', blocks.frontend);
  tiers.add('api', blocks.api);
  tiers.add('db', blocks.redis);
  return blocks;
}

function connected(
  chart: Chart,
  props: Partial<NetworkTiersProps> = {},
  apiProps: Partial<WebServiceProps> = {},
): Blocks {
  const blocks = three(chart, props, apiProps);
  blocks.frontend.connectTo(blocks.api);
  blocks.api.connectTo(blocks.redis);
  return blocks;
}

const podsOf = (name: string): object => ({ podSelector: { matchLabels: { 'app.kubernetes.io/instance': name } } });
const tcp = (...ports: number[]): object[] => ports.map((port) => ({ port, protocol: 'TCP' }));
const policy = (found: Manifest[], name: string): Manifest => only(found, 'NetworkPolicy', name).spec;

describe('the policies of tiers', () => {
  test('deny all pods of the namespace both directions (S09-12, CH09-38, CH09-43, CH09-44, CH09-48)', () => {
    const found = only(
      synth((chart) => connected(chart)),
      'NetworkPolicy',
      'default-deny-all',
    );
    expect(found.metadata.namespace).toBe('shop');
    expect(found.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  test('are one for each workload, with its edges in both directions, and no other (S09-11, CH09-42, CH09-46)', () => {
    const found = synth((chart) => connected(chart));
    expect(
      found
        .filter(({ kind }) => kind === 'NetworkPolicy')
        .map(({ metadata }) => metadata.name as string)
        .sort(),
    ).toEqual(['app-api', 'app-frontend', 'app-redis', 'default-deny-all']);
    expect(policy(found, 'app-frontend')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-frontend' } },
      policyTypes: ['Ingress', 'Egress'],
      egress: [DNS, { to: [podsOf('app-api')], ports: tcp(8080) }],
    });
    expect(policy(found, 'app-api')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-api' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [podsOf('app-frontend')], ports: tcp(8080) }],
      egress: [DNS, { to: [podsOf('app-redis')], ports: tcp(6379) }],
    });
    expect(policy(found, 'app-redis')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-redis' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [podsOf('app-redis')], ports: tcp(6379) },
        { from: [podsOf('app-api')], ports: tcp(6379) },
      ],
      egress: [DNS, { to: [podsOf('app-redis')], ports: tcp(6379) }],
    });
  });

  test('do not depend on what comes first: workloads, tiers or edges', () => {
    const late = synth((chart) => {
      const blocks = { api: service(chart, 'api'), redis: redisIn(chart), frontend: service(chart, 'frontend') };
      blocks.api.connectTo(blocks.redis);
      blocks.frontend.connectTo(blocks.api);
      const tiers = new NetworkTiers(chart, 'tiers', TIERS);
      tiers.add('db', blocks.redis);
      tiers.add('api', blocks.api);
      tiers.add('web', blocks.frontend);
    });
    const early = synth((chart) => connected(chart));
    const byName = (found: Manifest[]) =>
      found
        .filter(({ kind }) => kind === 'NetworkPolicy')
        .map(({ metadata, spec }) => ({ name: metadata.name as string, spec }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(byName(late)).toEqual(byName(early));
  });

  test('open both ends where the server names the client', () => {
    const found = synth((chart) => {
      const { frontend, api, redis } = three(
        chart,
        {},
        { extraPorts: [{ name: 'events', port: 9000, protocol: 'UDP' }] },
      );
      api.allowFrom(frontend);
      redis.allowFrom(api);
    });
    expect(policy(found, 'app-frontend').egress).toEqual([
      DNS,
      { to: [podsOf('app-api')], ports: [...tcp(8080), { port: 9000, protocol: 'UDP' }] },
    ]);
    expect(policy(found, 'app-api').egress).toEqual([DNS, { to: [podsOf('app-redis')], ports: tcp(6379) }]);
  });

  test('label the pods with their tier, and the policies (CH09-45)', () => {
    const found = synth((chart) => connected(chart));
    expect(only(found, 'Deployment', 'app-frontend').spec.template.metadata.labels.tier).toBe('web');
    expect(only(found, 'StatefulSet').spec.template.metadata.labels.tier).toBe('db');
    expect(only(found, 'NetworkPolicy', 'app-redis').metadata.labels.tier).toBe('db');
    expect(only(found, 'Deployment', 'app-frontend').spec.selector.matchLabels).not.toHaveProperty('tier');
  });

  test('use the DNS of the cluster', () => {
    const found = synth((chart) => {
      connected(chart);
      new ClusterProfile({ dns: ClusterDns.openShift() }).assignTo(chart);
    });
    expect(policy(found, 'app-api').egress[0].ports).toEqual([
      { port: 5353, protocol: 'UDP' },
      { port: 5353, protocol: 'TCP' },
    ]);
  });

  test('are in each namespace of the tiers, and name the namespace of the other end (S09-14, CH09-51, CH09-52, CH09-53)', () => {
    const app = new App();
    const [front, back] = [newChart('shop', 'front', app), newChart('data', 'back', app)];
    const tiers = new NetworkTiers(front, 'tiers', { tiers: [{ name: 'api' }, { name: 'db' }] });
    const [api, redis] = [service(front, 'api'), redisIn(back)];
    tiers.add('api', api);
    tiers.add('db', redis);
    api.connectTo(redis, {
      password: { secret: kplus.Secret.fromSecretName(front, 'copy', 'redis-copy'), key: 'passwd' },
    });
    const found = [...Testing.synth(front), ...Testing.synth(back)] as Manifest[];
    expect(
      found
        .filter(({ metadata }) => metadata.name === 'default-deny-all')
        .map(({ metadata }) => metadata.namespace as string),
    ).toEqual(['shop', 'data']);
    const named = (name: string): object => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
    expect(policy(found, 'front-api').egress[1]).toEqual({
      to: [{ namespaceSelector: named('data'), ...podsOf('back-redis') }],
      ports: tcp(6379),
    });
    expect(policy(found, 'back-redis').ingress[1]).toEqual({
      from: [{ namespaceSelector: named('shop'), ...podsOf('front-api') }],
      ports: tcp(6379),
    });
  });

  test('let destinations outside of the tiers be named, without further word (CH09-41)', () => {
    const found = synth((chart) =>
      connected(chart, {}, { egressTo: [Egress.cidr('10.30.0.0/24', { ports: [5432] })] }),
    );
    expect(policy(found, 'app-api').egress[1]).toEqual({
      to: [{ ipBlock: { cidr: '10.30.0.0/24' } }],
      ports: tcp(5432),
    });
  });

  test('can be reached from their block', () => {
    const { tiers } = connected(newChart());
    expect(tiers.defaultDenials.map(({ name }) => name)).toEqual(['default-deny-all']);
    expect(ApiObject.of(tiers).kind).toBe('NetworkPolicy');
  });
});

describe('the order of tiers', () => {
  test('refuses an edge back (CH09-46)', () => {
    expect(
      problemsOf((chart) => {
        const { api, frontend } = connected(chart);
        api.connectTo(frontend);
      }),
    ).toEqual(['[app/tiers] tiers: tiers/order']);
  });

  test('refuses an edge past a tier (CH09-46)', () => {
    expect(
      problemsOf((chart) => {
        const { frontend, redis } = connected(chart);
        frontend.connectTo(redis);
      }),
    ).toEqual(['[app/tiers] tiers: tiers/order']);
  });

  test('refuses an edge within a tier, unless the tier says so', () => {
    const build = (allowWithin?: boolean) => (chart: Chart) => {
      const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'api', allowWithin }] });
      const [one, two] = [service(chart, 'one'), service(chart, 'two')];
      tiers.add('api', one);
      tiers.add('api', two);
      one.connectTo(two);
    };
    expect(problemsOf(build())).toEqual(['[app/tiers] tiers: tiers/order']);
    expect(problemsOf(build(true))).toEqual([]);
  });

  test('refuses an edge from a workload in no tier, unless it is an exception', () => {
    const build = (chart: Chart): { tiers: NetworkTiers; job: WebService } => {
      const { tiers, redis } = connected(chart);
      const job = service(newChart('jobs', 'jobs', chart.node.root as App), 'backup');
      job.connectTo(redis, {
        password: { secret: kplus.Secret.fromSecretName(job, 'copy', 'redis-copy'), key: 'passwd' },
      });
      return { tiers, job };
    };
    expect(problemsOf(build)).toEqual(['[app/tiers] tiers: tiers/outside-client']);
    expect(
      problemsOf((chart) => {
        const { tiers, job } = build(chart);
        tiers.except(job, { reason: 'backups' });
      }),
    ).toEqual([]);
  });

  test('lets workloads in no tier reach what is internet-facing, and be reached', () => {
    expect(
      problemsOf((chart) => {
        const { frontend, api } = connected(chart);
        const elsewhere = newChart('other', 'other', chart.node.root as App);
        service(elsewhere, 'gateway').connectTo(frontend);
        api.connectTo(service(elsewhere, 'mailer'));
      }),
    ).toEqual([]);
  });

  test('holds between two sets of tiers', () => {
    expect(
      problemsOf((chart) => {
        const { redis } = connected(chart);
        const other = newChart('other', 'other', chart.node.root as App);
        const client = service(other, 'client');
        new NetworkTiers(other, 'tiers', { tiers: [{ name: 'api' }] }).add('api', client);
        redis.allowFrom(client);
      }),
    ).toEqual(['[app/tiers] tiers: tiers/outside-client']);
  });

  test.each<[string, (blocks: Blocks, chart: Chart) => void]>([
    ['all pods of the namespace', ({ redis }) => redis.allowFrom(Peer.pods({}))],
    ['the label of a tier', ({ redis }) => redis.allowFrom(Peer.pods({ labels: { tier: 'web' } }))],
    ['pods of a block in place of the block', ({ redis, api }) => redis.allowFrom(api.toPeer())],
    ['all namespaces', ({ redis, tiers }) => redis.allowFrom(Peer.fromKplus(kplus.Namespaces.all(tiers, 'ns')))],
    [
      'namespaces by a label that nobody knows',
      ({ redis, tiers }) =>
        redis.allowFrom(Peer.fromKplus(kplus.Namespaces.select(tiers, 'ns', { labels: { team: 'red' } }))),
    ],
  ])('is not passed by with a selector: %s (CH09-52)', (_title, open) => {
    expect(problemsOf((chart) => open(connected(chart), chart))).toEqual(['[app/tiers] tiers: tiers/loose-selector']);
  });

  test('is not passed by with a destination: pods of the tiers', () => {
    expect(
      problemsOf((chart) => connected(chart, {}, { egressTo: [Egress.to(Peer.pods({ labels: { tier: 'web' } }))] })),
    ).toEqual(['[app/tiers] tiers: tiers/loose-selector']);
  });

  test('has no word about namespaces whose labels are known to differ', () => {
    expect(
      problemsOf((chart) => {
        const { redis, tiers } = connected(chart);
        new ApiObject(chart, 'ns', {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'shop', labels: { team: 'blue' } },
        });
        redis.allowFrom(Peer.fromKplus(kplus.Namespaces.select(tiers, 'ns', { labels: { team: 'red' } })));
      }),
    ).toEqual([]);
  });
});

describe('requests from outside of the cluster', () => {
  const routing = (chart: Chart, backend: WebService): HttpRouting =>
    new HttpRouting(chart, 'routing', {
      host: 'shop.example.com',
      tls: Tls.none(),
      controller: TRAEFIK,
      routes: [{ path: '/', backend }],
    });

  test('reach the tier that says so (S09-13, CH09-49)', () => {
    const found = synth((chart) => routing(chart, connected(chart).frontend));
    expect(policy(found, 'app-frontend').ingress).toEqual([
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'traefik' } }, podSelector: {} }],
        ports: tcp(8080),
      },
    ]);
  });

  test('reach no other tier (CH09-49, CH09-31)', () => {
    expect(problemsOf((chart) => routing(chart, connected(chart).api))).toEqual([
      '[app/tiers] tiers: tiers/internet-facing',
    ]);
  });

  test('reach a single workload that says so, or none of a tier that does', () => {
    expect(
      problemsOf((chart) => {
        const tiers = new NetworkTiers(chart, 'tiers', TIERS);
        const blocks = [service(chart, 'a'), service(chart, 'b'), service(chart, 'c')];
        ['web', 'api', 'db'].forEach((tier, index) =>
          tiers.add(tier, blocks[index], { internetFacing: tier === 'api' }),
        );
        routing(chart, blocks[1]);
        blocks[0].allowFrom(TRAEFIK);
      }),
    ).toEqual(['[app/tiers] tiers: tiers/internet-facing']);
  });

  test('are those of ranges of addresses, private ones too: pods have such addresses (CH09-50)', () => {
    expect(
      problemsOf((chart) => {
        const { api, frontend } = connected(chart);
        api.allowFrom(Peer.cidr('10.0.0.0/8'));
        frontend.allowFrom(Peer.cidr('10.0.0.0/8'));
      }),
    ).toEqual(['[app/tiers] tiers: tiers/internet-facing']);
  });
});

describe('ranges of addresses', () => {
  const build = (egress: Egress, ingress: Peer) => (chart: Chart) =>
    connected(chart, {}, { egressTo: [egress] }).frontend.allowFrom(ingress);

  test('that meet would open what nobody has declared (CH09-03)', () => {
    expect(problemsOf(build(Egress.cidr('10.0.0.0/8'), Peer.cidr('0.0.0.0/0')))).toEqual([
      '[app/tiers] tiers: tiers/meeting-ranges',
    ]);
    expect(problemsOf(build(Egress.cidr('0.0.0.0/0', { ports: [8080] }), Peer.cidr('10.1.0.0/16')))).toEqual([
      '[app/tiers] tiers: tiers/meeting-ranges',
    ]);
  });

  test('that meet are found behind an external service, too', () => {
    expect(
      problemsOf((chart) => {
        const { frontend, redis } = connected(chart);
        const other = service(chart, 'other');
        redis.allowFrom(Peer.cidr('10.0.0.0/8'));
        frontend.connectTo(
          new ExternalService(chart, 'legacy', { target: ExternalTarget.synced(['10.1.0.0/16']), port: 6379 }),
        );
        other.connectTo(
          new ExternalService(chart, 'else', { target: ExternalTarget.synced(['10.1.0.0/16']), port: 443 }),
        );
      }).filter((finding) => finding.endsWith('/meeting-ranges')),
    ).toEqual(['[app/tiers] tiers: tiers/meeting-ranges']);
  });

  test.each<[string, Egress, Peer]>([
    ['other ports', Egress.cidr('10.0.0.0/8', { ports: [443] }), Peer.cidr('0.0.0.0/0')],
    ['other addresses', Egress.cidr('10.0.0.0/16'), Peer.cidr('10.1.0.0/16')],
    ['without those of pods', Egress.internet({ ports: [8080] }), Peer.cidr('0.0.0.0/0')],
    ['a hole for the other', Egress.cidr('10.0.0.0/8', { except: ['10.1.0.0/16'] }), Peer.cidr('10.1.0.0/16')],
  ])('do not meet: %s', (_title, egress, ingress) => {
    expect(problemsOf(build(egress, ingress))).toEqual([]);
  });
});

describe('scraping', () => {
  const METRICS = { extraPorts: [{ name: 'metrics', port: 9090 }] };
  const PROMETHEUS = Peer.pods({ namespace: 'monitoring', labels: { app: 'prometheus' } });
  const FROM = {
    from: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
        podSelector: { matchLabels: { app: 'prometheus' } },
      },
    ],
    ports: tcp(9090),
  };

  test('opens the port of metrics of each workload that has one, whenever it is added', () => {
    const found = synth((chart) => {
      const tiers = new NetworkTiers(chart, 'tiers', TIERS);
      const [a, b, c] = [service(chart, 'a', METRICS), service(chart, 'b', METRICS), service(chart, 'c')];
      tiers.add('web', a);
      tiers.allowScraping(PROMETHEUS);
      tiers.add('api', b);
      tiers.add('db', c);
    });
    expect(['app-a', 'app-b', 'app-c'].map((name) => policy(found, name).ingress as unknown)).toEqual([
      [FROM],
      [FROM],
      undefined,
    ]);
  });

  test('of a port that nobody has is refused', () => {
    expect(problemsOf((chart) => connected(chart).tiers.allowScraping(PROMETHEUS))).toEqual([
      '[app/tiers] allowScraping.portName: tiers/scraped-port',
    ]);
  });

  test('opens the port of another name', () => {
    const found = synth((chart) =>
      connected(chart, {}, { extraPorts: [{ name: 'prom', port: 9102 }] }).tiers.allowScraping(PROMETHEUS, {
        portName: 'prom',
      }),
    );
    expect(policy(found, 'app-api').ingress[1].ports).toEqual(tcp(9102));
  });
});

describe('coverage', () => {
  test('asks for each workload of the namespace (CH09-40)', () => {
    expect(
      problemsOf((chart) => {
        connected(chart);
        service(chart, 'forgotten');
        service(newChart('elsewhere', 'other', chart.node.root as App), 'free');
      }),
    ).toEqual(['[app/tiers] tiers: tiers/uncovered-workload']);
  });

  test('asks for pods of other libraries, too (CH09-40)', () => {
    expect(
      problemsOf((chart) => {
        connected(chart);
        new kplus.Deployment(chart, 'theirs', { containers: [{ image: 'ghcr.io/acme/x:1.0.0' }] });
        new ApiObject(chart, 'raw', { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'raw' } });
      }),
    ).toEqual(new Array(2).fill('[app/tiers] tiers: tiers/uncovered-workload'));
  });

  test('knows exceptions by name, also of all below a construct', () => {
    expect(
      problemsOf((chart) => {
        const { tiers } = connected(chart);
        tiers.except(new kplus.Deployment(chart, 'theirs', { containers: [{ image: 'ghcr.io/acme/x:1.0.0' }] }), {
          reason: 'has a policy of its own',
        });
        tiers.except(service(chart, 'ours'), { reason: 'needs the internet' });
      }),
    ).toEqual([]);
  });

  test('does not mix up clusters', () => {
    expect(
      problemsOf((chart) => {
        connected(chart);
        const other = newChart('shop', 'other', chart.node.root as App);
        new ClusterProfile({ name: 'second' }).assignTo(other);
        service(other, 'free');
      }),
    ).toEqual([]);
  });

  test('refuses policies beside those of the library: they add up (CH09-39)', () => {
    const build = (except: boolean) => (chart: Chart) => {
      const { tiers, redis } = connected(chart);
      const theirs = new kplus.NetworkPolicy(chart, 'theirs', {
        selector: kplus.Pods.select(chart, 'db', { labels: { tier: 'db' } }),
        ingress: { rules: [{ peer: kplus.Pods.all(chart, 'all') }] },
      });
      new kplus.NetworkPolicy(chart, 'denial', {
        selector: redis,
        ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
      });
      if (except) tiers.except(theirs, { reason: 'migration' });
    };
    expect(problemsOf(build(false))).toEqual(['[app/tiers] tiers: tiers/foreign-policy']);
    expect(problemsOf(build(true))).toEqual([]);
  });

  test('takes the policies of a tenant namespace, and those of other kinds, for what they are', () => {
    expect(
      problemsOf((chart) => {
        new TenantNamespace(newChart(undefined, 'tenants', chart.node.root as App), 'shop', {
          name: 'shop',
          owner: 'ada',
          team: 'shop',
          purpose: 'a test',
          quota: undefined,
        } as never);
        connected(chart);
        new ApiObject(chart, 'calico', {
          apiVersion: 'projectcalico.org/v3',
          kind: 'NetworkPolicy',
          metadata: { name: 'x' },
          spec: { egress: [{ action: 'Allow' }] },
        });
      }).filter((message) => message.startsWith('[app/tiers]')),
    ).toEqual([]);
  });

  test('asks for a workload in each tier (CH09-46)', () => {
    expect(
      problemsOf((chart) => {
        new NetworkTiers(chart, 'tiers', TIERS).add('api', service(chart, 'api'));
      }),
    ).toEqual(['[app/tiers] tiers[0]: tiers/empty-tier', '[app/tiers] tiers[2]: tiers/empty-tier']);
  });
});

describe('egress', () => {
  test('is closed in a tier, and cannot be opened (CH09-47)', () => {
    expect(problemsOf((chart) => connected(chart, {}, { egress: 'open' }))).toEqual([
      '[app/api] egress: network/open-egress',
    ]);
  });

  test('stays open outside of the namespaces of the tiers (CH09-47)', () => {
    const app = new App();
    connected(newChart('shop', 'app', app));
    const other = newChart('other', 'other', app);
    service(other, 'free');
    expect(policy(Testing.synth(other) as Manifest[], 'other-free').policyTypes).toEqual(['Ingress']);
  });

  test('of an exception is declared, too, or opened by a rule: default-deny-all closes it otherwise', () => {
    const egressOf = (egress?: 'open') =>
      policy(
        synth((chart) => {
          const { tiers } = connected(chart);
          tiers.except(service(chart, 'ours', { egress }), { reason: 'a test' });
        }),
        'app-ours',
      );
    expect(egressOf()).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [DNS] });
    expect(egressOf('open')).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [{}] });
  });
});

describe("mode 'observe'", () => {
  test('lets everything through, and says so (S09-15, CH09-55)', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const { tiers } = connected(chart, { mode: 'observe' });
    const found = Testing.synth(chart) as Manifest[];
    expect(found.filter(({ metadata }) => metadata.name === 'default-deny-all')).toEqual([]);
    expect(policy(found, 'app-redis')).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-redis' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{}],
      egress: [{}],
    });
    expect(tiers.matrix()).toHaveLength(2);
    expect(warningsIn(app)).toEqual(['[app/tiers] mode: tiers/observe']);
  });

  test('checks the order all the same', () => {
    expect(
      problemsOf((chart) => {
        const { frontend, redis } = connected(chart, { mode: 'observe' });
        frontend.connectTo(redis);
      }),
    ).toHaveLength(1);
  });
});

describe('a mesh', () => {
  test('is off by default (CH09-56)', () => {
    const labels = only(
      synth((chart) => connected(chart)),
      'Deployment',
      'app-api',
    ).spec.template.metadata.labels as object;
    expect(Object.keys(labels).filter((label) => label.includes('istio'))).toEqual([]);
  });

  test('labels the pods for injection, and lets their proxies out to the control plane (S09-16, CH09-59)', () => {
    const found = synth((chart) => connected(chart, { mesh: Mesh.istio() }));
    expect(only(found, 'Deployment', 'app-api').spec.template.metadata.labels['sidecar.istio.io/inject']).toBe('true');
    expect(policy(found, 'app-api').egress[1]).toEqual({
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } },
          podSelector: { matchLabels: { app: 'istiod' } },
        },
      ],
      ports: tcp(15012),
    });
  });

  test('keeps the ports of policies as they are (CH09-60)', () => {
    const ingressOf = (mesh?: Mesh): unknown =>
      policy(
        synth((chart) => connected(chart, { mesh })),
        'app-api',
      ).ingress;
    expect(ingressOf(Mesh.istio())).toEqual(ingressOf());
  });

  test.each<[string, Mesh | undefined, string]>([
    ['with its proxy', Mesh.istio(), 'ContainerResource'],
    ['with the proxy of a revision', Mesh.istio({ revision: '1-28' }), 'ContainerResource'],
    ['off', undefined, 'Resource'],
  ])('scales by the main container alone: %s', (_title, mesh, type) => {
    const found = synth((chart) =>
      connected(chart, { mesh }, { autoscaling: Autoscaling.onCpu({ min: 2, max: 4, target: 80 }) }),
    );
    expect(
      only(found, 'HorizontalPodAutoscaler').spec.metrics.map((metric: Manifest) => metric.type as string),
    ).toEqual([type]);
  });

  test('warns of jobs, which end only beside a native sidecar', () => {
    const warned = (mesh?: Mesh): string[] => {
      const chart = newChart();
      const tiers = new NetworkTiers(chart, 'tiers', { mesh, tiers: [{ name: 'jobs' }] });
      tiers.add('jobs', new Job(chart, 'once', { image: 'ghcr.io/acme/job:1.0.0' }));
      tiers.add('jobs', new ScheduledJob(chart, 'daily', { image: 'ghcr.io/acme/job:1.0.0', schedule: '@daily' }));
      const podAnnotations = { 'sidecar.istio.io/nativeSidecar': 'true' };
      tiers.add('jobs', new Job(chart, 'native', { image: 'ghcr.io/acme/job:1.0.0', podAnnotations }));
      return Inventory.of(chart).warnings.map(({ path, message }) => `${path}: ${message}`);
    };
    const message =
      "the mesh injects a proxy, and the Job completes only if the proxy is a native sidecar: request one with podAnnotations: { 'sidecar.istio.io/nativeSidecar': 'true' }, or keep the Job out of the mesh";
    expect(warned(Mesh.istio())).toEqual([`app/once: ${message}`, `app/daily: ${message}`]);
    expect(warned()).toEqual([]);
  });

  test('can have a revision and a namespace', () => {
    const found = synth((chart) => connected(chart, { mesh: Mesh.istio({ revision: '1-28', namespace: 'mesh' }) }));
    const { labels } = only(found, 'Deployment', 'app-api').spec.template.metadata;
    expect([labels['istio.io/rev'], labels['sidecar.istio.io/inject']]).toEqual(['1-28', undefined]);
    expect(policy(found, 'app-api').egress[1].to[0].namespaceSelector).toEqual({
      matchLabels: { 'kubernetes.io/metadata.name': 'mesh' },
    });
  });
});

describe('the matrix', () => {
  test('has each allowed port of each pair, and what comes from outside', () => {
    const { tiers, frontend } = connected(
      newChart(),
      {},
      { egressTo: [Egress.cidr('10.30.0.0/24', { except: ['10.30.0.7/32', '10.30.0.9/32'] })] },
    );
    frontend.allowFrom(TRAEFIK);
    expect(tiers.matrix()).toEqual([
      { from: 'traefik/all pods', to: 'app/frontend', fromTier: undefined, toTier: 'web', port: 8080, protocol: 'TCP' },
      { from: 'app/api', to: '10.30.0.0/24 without 10.30.0.7/32, 10.30.0.9/32', fromTier: 'api', toTier: undefined },
      { from: 'app/frontend', to: 'app/api', fromTier: 'web', toTier: 'api', port: 8080, protocol: 'TCP' },
      { from: 'app/api', to: 'app/redis', fromTier: 'api', toTier: 'db', port: 6379, protocol: 'TCP' },
    ]);
  });

  test('has what is outside of the tiers: external services, workloads of other namespaces, the control plane of the mesh', () => {
    const chart = newChart();
    const { tiers, api } = connected(chart, { mesh: Mesh.istio() });
    api.connectTo(
      new ExternalService(chart, 'legacy', {
        target: ExternalTarget.addresses(['10.40.0.10']),
        port: 1521,
        servicePort: 15210,
      }),
    );
    api.connectTo(
      new ExternalService(chart, 'billing', {
        target: ExternalTarget.dnsName('billing.example.com', { egress: NameEgress.cilium() }),
        port: 443,
      }),
    );
    api.connectTo(service(newChart('other', 'other', chart.node.root as App), 'mailer'));
    const found = tiers.matrix();
    expect(found.filter(({ from }) => from === 'app/api')).toEqual([
      {
        from: 'app/api',
        to: 'istio-system/app=istiod',
        fromTier: 'api',
        toTier: undefined,
        port: 15012,
        protocol: 'TCP',
      },
      { from: 'app/api', to: 'app/legacy', fromTier: 'api', toTier: undefined, port: 1521, protocol: 'TCP' },
      { from: 'app/api', to: 'app/billing', fromTier: 'api', toTier: undefined, port: 443, protocol: 'TCP' },
      { from: 'app/api', to: 'other/mailer', fromTier: 'api', toTier: undefined, port: 8080, protocol: 'TCP' },
      { from: 'app/api', to: 'app/redis', fromTier: 'api', toTier: 'db', port: 6379, protocol: 'TCP' },
    ]);
    expect(tiers.toText()).toContain('  app/api -> app/legacy on 1521/TCP\n');
    expect(found.filter(({ to }) => to === 'istio-system/app=istiod').map(({ from }) => from)).toEqual([
      'app/frontend',
      'app/api',
      'app/redis',
    ]);
  });

  test('has a workload of other tiers once', () => {
    const chart = newChart();
    const { tiers, api } = connected(chart);
    const other = newChart('other', 'other', chart.node.root as App);
    const mailer = service(other, 'mailer');
    new NetworkTiers(other, 'tiers', { tiers: [{ name: 'mail', internetFacing: true }] }).add('mail', mailer);
    api.connectTo(mailer);
    expect(tiers.matrix().filter(({ to }) => to === 'other/mailer')).toEqual([
      { from: 'app/api', to: 'other/mailer', fromTier: 'api', toTier: 'mail', port: 8080, protocol: 'TCP' },
    ]);
  });

  test('reads well', () => {
    const chart = newChart();
    const { tiers, frontend } = connected(chart, {}, { extraPorts: [{ name: 'metrics', port: 9090 }] });
    frontend.allowFrom(TRAEFIK);
    tiers.allowScraping(Peer.pods({ namespace: 'monitoring' }));
    tiers.except(service(chart, 'odd'), { reason: 'of another team' });
    expect(tiers.toText()).toBe(
      [
        'Tiers:',
        '  web: app/frontend (internet-facing)',
        '  api: app/api',
        '  db: app/redis',
        '  in no tier: app/odd (of another team)',
        '',
        'May connect:',
        '  traefik/all pods -> app/frontend on 8080/TCP',
        '  app/frontend -> app/api on 8080/TCP',
        '  monitoring/all pods -> app/api on 9090/TCP',
        '  app/api -> app/redis on 6379/TCP',
        '',
      ].join('\n'),
    );
  });
});

describe('bad input', () => {
  const made = (
    props: unknown,
    more: (tiers: NetworkTiers, web: WebService) => void = (tiers, web) => tiers.add('web', web),
  ) =>
    problemsOf((chart) => {
      const web = service(chart, 'web');
      more(new NetworkTiers(chart, 'tiers', props as NetworkTiersProps), web);
    }).map((message) => message.replace('[app/tiers] ', ''));
  const ONE = { tiers: [{ name: 'web' }] };

  test.each<[string, unknown, string]>([
    ['no props', undefined, 'tiers: props/required'],
    ['no tiers', { tiers: [] }, 'tiers: props/empty-list'],
    ['no list', { tiers: 'web' }, 'tiers: props/value'],
    ['a tier without name', { tiers: [{}] }, 'tiers[0].name: props/required'],
    ['a bad name', { tiers: [{ name: 'Web' }, ...ONE.tiers] }, 'tiers[0].name: props/value'],
    ['a name twice', { tiers: [{ name: 'web' }, { name: 'web' }] }, 'tiers[1].name: props/duplicate'],
    [
      'a word in place of a truth',
      { tiers: [{ name: 'web', internetFacing: 'yes' }] },
      'tiers[0].internetFacing: props/value',
    ],
    [
      'a misspelt option of a tier',
      { tiers: [{ name: 'web', internetFacin: true }] },
      'tiers[0].internetFacin: props/unknown',
    ],
    ['an unknown mode', { ...ONE, mode: 'off' }, 'mode: props/value'],
    ['a mesh as a word', { ...ONE, mesh: 'istio' }, 'mesh: props/value'],
    ['a bad revision', { ...ONE, mesh: Mesh.istio({ revision: '1.28' }) }, 'mesh.revision: props/value'],
    ['an unknown prop', { ...ONE, tier: [] }, 'tier: props/unknown'],
  ])('is refused: %s', (_title, props, message) => {
    expect(made(props)[0]).toBe(message);
  });

  test.each<[string, (tiers: NetworkTiers, web: WebService) => void, string]>([
    ['an unknown tier', (tiers, web) => tiers.add('wbe', web), 'add.tier: tiers/unknown-tier'],
    ['what is no workload', (tiers) => tiers.add('web', untyped({})), 'add.workload: tiers/foreign-workload'],
    ['nothing', (tiers) => tiers.add('web', undefined as never), 'add.workload: tiers/foreign-workload'],
    [
      'a workload twice',
      (tiers, web) => [web, web].forEach((block) => tiers.add('web', block)),
      'add.workload: tiers/two-tiers',
    ],
    ['options that are none', (tiers, web) => tiers.add('web', web, null as never), 'add: props/object'],
    ['an exception without reason', (tiers, web) => tiers.except(web, untyped({})), 'except.reason: props/required'],
    ['an exception that is a name', (tiers) => tiers.except('web' as never, { reason: 'x' }), 'except: props/value'],
    [
      'a port name that is none',
      (tiers) => tiers.allowScraping(Peer.pods({ namespace: 'm' }), { portName: '' }),
      'allowScraping.portName: props/value',
    ],
  ])('is refused: %s', (_title, more, message) => {
    expect(made(ONE, more)).toContain(message);
  });

  test('is refused: pods that have another label of that name (CH09-45)', () => {
    expect(problemsOf((chart) => connected(chart, {}, { podLabels: { tier: 'backend' } }))).toEqual([
      '[app/tiers] add.workload: tiers/label',
    ]);
  });

  test('is refused: workloads of two clusters, and charts without a namespace beside others', () => {
    expect(
      problemsOf((chart) => {
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }, { name: 'api' }, { name: 'db' }] });
        const app = chart.node.root as App;
        const [far, none] = [newChart('shop', 'far', app), newChart(undefined, 'none', app)];
        Object.defineProperty(none, 'namespace', { value: undefined });
        new ClusterProfile({ name: 'second' }).assignTo(far);
        tiers.add('web', service(chart, 'a'));
        tiers.add('api', service(far, 'b'));
        tiers.add('db', service(none, 'c'));
      }),
    ).toEqual([
      '[app/tiers] add.workload: reference/other-cluster',
      '[app/tiers] add.workload: tiers/namespace',
      '[app/tiers/DefaultDeny-] tiers/one-per-namespace',
    ]);
  });

  test('is refused: two blocks of tiers in one namespace, unless on two clusters', () => {
    const twoTiers = (clusters: string[]): string[] => {
      const app = new App();
      for (const [index, cluster] of clusters.entries()) {
        const chart = newChart('shop', `app${index}`, app);
        new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] }).add('web', service(chart, 'web'));
        new ClusterProfile({ name: cluster }).assignTo(chart);
      }
      return problemsOfApp(app);
    };
    expect(twoTiers(['eu', 'eu'])).toEqual(['[app1/tiers/Resource] tiers/one-per-namespace']);
    expect(twoTiers(['eu', 'us'])).toEqual([]);
  });

  test('is refused: tiers on another cluster than their workloads, where default-deny-all would be', () => {
    expect(
      problemsOf((chart) => {
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });
        const west = newChart('shop', 'west', chart.node.root as App);
        new ClusterProfile({ name: 'west' }).assignTo(west);
        tiers.add('web', service(west, 'web'));
      }),
    ).toEqual(['[app/tiers] add.workload: reference/other-cluster']);
  });

  test('of JavaScript callers never throws, and the synthesis says what is wrong', () => {
    const anything = fc.oneof(
      fc.anything(),
      fc.constantFrom<unknown>(undefined, null, NaN, '', 'web', [], {}, true, () => 1),
    ) as fc.Arbitrary<never>;
    fc.assert(
      fc.property(fc.tuple(anything, anything, anything, anything), ([a, b, c, d]) => {
        for (const props of [
          a,
          { tiers: b },
          { tiers: [b, { name: c, internetFacing: d }, { name: 'web' }], mode: a, mesh: Mesh.istio(b) },
        ]) {
          const messages = linesOf((chart) => {
            const tiers = new NetworkTiers(chart, 'tiers', props);
            const web = service(chart, 'web');
            tiers.add(a, web, b);
            tiers.add('web', c, d);
            tiers.add('web', web);
            tiers.except(b, c);
            tiers.except(web, d);
            tiers.allowScraping(c, d);
            expect(() => [tiers.matrix(), tiers.toText()]).not.toThrow();
          });
          for (const message of messages) expect(message).toMatch(/^\[.+\] .+: got [^]+, expected [^]+\. .+/);
        }
      }),
      { numRuns: 100, seed: 42 },
    );
  });
});
