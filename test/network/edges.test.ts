import { App, Chart, Size, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import {
  AccessGrant,
  AccessRole,
  type AllowOptions,
  ClusterProfile,
  type Connection,
  Egress,
  ExportedService,
  ExistingNamespace,
  ExposedService,
  Exposure,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  type IConnectionTarget,
  ImportedService,
  IngressController,
  Inventory,
  type IPeer,
  LoadBalancerProvider,
  NetworkTiers,
  Peer,
  Redis,
  Subject,
  Tls,
  WebService,
  type WebServiceProps,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, problemsOfApp, refusedBy, synth, untyped, WEB } from '../support';

const podsOf = (name: string): object => ({ podSelector: { matchLabels: { 'app.kubernetes.io/instance': name } } });
const tcp = (...ports: number[]): object[] => ports.map((port) => ({ port, protocol: 'TCP' }));
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

/** What has no policy, such as an appliance in the network. */
class Appliance extends Construct implements IConnectionTarget {
  public constructor(
    scope: Construct,
    id: string,
    private readonly peer: Peer,
    private readonly behind?: WebService,
  ) {
    super(scope, id);
  }

  public connectionFor(): Connection {
    return { host: 'appliance.example.com', port: 8080 };
  }

  public allowFrom(peer: IPeer, options?: AllowOptions): void {
    this.behind?.allowFrom(peer, options);
  }

  public toPeer(): Peer {
    return this.peer;
  }
}

function web(chart: Chart, id: string, props: Partial<WebServiceProps> = {}): WebService {
  return new WebService(chart, id, { ...WEB, ...props });
}

function redis(chart: Chart, id = 'redis'): Redis {
  return new Redis(chart, id, {
    storage: Size.gibibytes(10),
    password: { secret: Secret.fromSecretName(chart, `${id}-passwd`, 'redis-passwd'), key: 'passwd' },
  });
}

function policy(found: Manifest[], name: string): Manifest {
  return only(found, 'NetworkPolicy', name).spec;
}

function main(found: Manifest[], name: string): Manifest {
  return only(found, 'Deployment', name).spec.template.spec.containers[0];
}

describe('a policy without edges', () => {
  test('closes ingress and leaves egress open', () => {
    const spec = policy(
      synth((chart) => web(chart, 'web')),
      'app-web',
    );
    expect(spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
      policyTypes: ['Ingress'],
    });
  });

  test("with egress: 'declared' leaves DNS alone, over both transports", () => {
    const spec = policy(
      synth((chart) => web(chart, 'web', { egress: 'declared' })),
      'app-web',
    );
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec.egress).toEqual([DNS]);
    expect(spec).not.toHaveProperty('ingress');
  });
});

describe('connectTo', () => {
  test('opens both policies', () => {
    const found = synth((chart) => web(chart, 'web', { egress: 'declared' }).connectTo(web(chart, 'api')));
    expect(policy(found, 'app-web').egress).toEqual([DNS, { to: [podsOf('app-api')], ports: tcp(8080) }]);
    expect(policy(found, 'app-api').ingress).toEqual([{ from: [podsOf('app-web')], ports: tcp(8080) }]);
  });

  test('speaks of the port of the pods in the policy, of that of the Service in the variables', () => {
    const found = synth((chart) =>
      web(chart, 'web', { egress: 'declared' }).connectTo(web(chart, 'api', { service: { port: 80 } })),
    );
    expect(policy(found, 'app-web').egress[1].ports).toEqual(tcp(8080));
    expect(main(found, 'app-web').env).toEqual([
      { name: 'API_HOST', value: 'app-api' },
      { name: 'API_PORT', value: '80' },
    ]);
  });

  test('hands a Redis over: hosts, port, and the password as a file', () => {
    const found = synth((chart) => web(chart, 'web').connectTo(redis(chart)));
    expect(main(found, 'app-web').env).toEqual([
      { name: 'REDIS_HOST', value: 'app-redis' },
      { name: 'REDIS_PORT', value: '6379' },
      { name: 'REDIS_READ_HOST', value: 'app-redis-read' },
      { name: 'REDIS_PASSWORD_FILE', value: '/var/run/secrets/redis/passwd' },
    ]);
    expect(main(found, 'app-web').volumeMounts).toContainEqual({
      name: 'redis-passwd',
      mountPath: '/var/run/secrets/redis',
      readOnly: true,
    });
    expect(only(found, 'Deployment').spec.template.spec.volumes).toContainEqual({
      name: 'redis-passwd',
      secret: { secretName: 'redis-passwd', defaultMode: 0o440, items: [{ key: 'passwd', path: 'passwd' }] },
    });
  });

  test('names the variables by the id of the target, or by a prefix', () => {
    const found = synth((chart) => {
      const client = web(chart, 'web');
      client.connectTo(redis(chart, 'session-cache'));
      client.connectTo(redis(chart, 'other'), { prefix: 'JOBS_REDIS' });
    });
    expect(main(found, 'app-web').env.map(({ name }: Manifest) => name)).toEqual([
      'SESSION_CACHE_HOST',
      'SESSION_CACHE_PORT',
      'SESSION_CACHE_READ_HOST',
      'SESSION_CACHE_PASSWORD_FILE',
      'JOBS_REDIS_HOST',
      'JOBS_REDIS_PORT',
      'JOBS_REDIS_READ_HOST',
      'JOBS_REDIS_PASSWORD_FILE',
    ]);
    expect(main(found, 'app-web').env[7].value).toBe('/var/run/secrets/jobs-redis/passwd');
  });

  test('names the variables as a shell can read them, or asks for a prefix', () => {
    const found = synth((chart) => web(chart, 'web').connectTo(web(chart, 'db.primary', { name: 'db' })));
    expect(main(found, 'app-web').env.map(({ name }: Manifest) => name)).toEqual([
      'DB_PRIMARY_HOST',
      'DB_PRIMARY_PORT',
    ]);
    expect(problemsOf((chart) => web(chart, 'web').connectTo(web(chart, '2fa')))).toEqual([
      '[app/web] connectTo.prefix: props/value',
    ]);
    expect(problemsOf((chart) => web(chart, 'web').connectTo(web(chart, '2fa'), { prefix: 'LOGIN' }))).toEqual([]);
  });

  test('refuses variables that the container has already', () => {
    const messages = problemsOf((chart) => {
      const client = web(chart, 'web', { env: { API_PORT: '1' } });
      client.connectTo(web(chart, 'api'));
    });
    expect(messages).toEqual(['[app/web] connectTo: workload/duplicate-variable']);
  });

  test('across namespaces qualifies the host and names the namespace in both policies (CH09-16)', () => {
    const app = new App();
    const near = newChart('shop', 'near', app);
    const far = newChart('data', 'far', app);
    web(near, 'web', { egress: 'declared' }).connectTo(web(far, 'api'));
    const client = Testing.synth(near) as Manifest[];
    const server = Testing.synth(far) as Manifest[];
    expect(main(client, 'near-web').env[0]).toEqual({ name: 'API_HOST', value: 'far-api.data.svc' });
    expect(policy(client, 'near-web').egress[1].to).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } }, ...podsOf('far-api') },
    ]);
    expect(policy(server, 'far-api').ingress[0].from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, ...podsOf('near-web') },
    ]);
  });

  test('with a chart that has no namespace is a warning: nobody knows where it lands', () => {
    const warnings = (from?: string, to?: string): string[] => {
      const app = new App();
      web(new Chart(app, 'front', { namespace: from }), 'web').connectTo(
        web(new Chart(app, 'back', { namespace: to }), 'api'),
      );
      // of what the app does not make, nobody knows either whether it is closed
      for (const name of new Set([from, to])) {
        if (name !== undefined) new ExistingNamespace(app, name, { name, defaultDeny: false });
      }
      return Inventory.of(app)
        .warnings.map(({ path, message }) => `[${path}] ${message}`)
        .filter((line) => line.startsWith('[back/api]'));
    };
    const message = (without: string, other: string): string =>
      "[back/api] connection with 'front/web': " +
      `chart '${without}' has no namespace, and chart '${other}' has 'shop'. Policies and host names are right only ` +
      `if both are applied to 'shop': give chart '${without}' that namespace or another`;
    expect(warnings('shop', undefined)).toEqual([message('back', 'front')]);
    expect(warnings(undefined, 'shop')).toEqual([message('front', 'back')]);
    expect(warnings(undefined, undefined)).toEqual([]);
    expect(warnings('shop', 'data')).toEqual([]);
  });

  test('opens the port of the connection, and no other', () => {
    const found = synth((chart) =>
      web(chart, 'web', { egress: 'declared' }).connectTo(
        web(chart, 'api', { extraPorts: [{ name: 'metrics', port: 9090 }], service: { port: 80 } }),
      ),
    );
    expect(main(found, 'app-web').env[1]).toEqual({ name: 'API_PORT', value: '80' });
    expect(policy(found, 'app-api').ingress).toEqual([{ from: [podsOf('app-web')], ports: tcp(8080) }]);
    expect(policy(found, 'app-web').egress[1]).toEqual({ to: [podsOf('app-api')], ports: tcp(8080) });
  });

  test('takes a Secret of the own namespace for a target in another', () => {
    const app = new App();
    const shop = newChart('shop', 'shop', app);
    const secret = Secret.fromSecretName(shop, 'copy', 'redis-copy');
    web(shop, 'web').connectTo(redis(newChart('data', 'data', app)), { password: { secret, key: 'pw' } });
    const found = Testing.synth(shop) as Manifest[];
    expect(main(found, 'shop-web').env[3]).toEqual({ name: 'REDIS_PASSWORD_FILE', value: '/var/run/secrets/redis/pw' });
    expect(only(found, 'Deployment').spec.template.spec.volumes[1].secret.secretName).toBe('redis-copy');
  });

  test('refuses a block of another cluster (DX-26)', () => {
    const app = new App();
    const [east, west] = ['east', 'west'].map((name) => newChart('shop', name, app));
    web(west, 'web').connectTo(web(east, 'api'));
    for (const chart of [east, west]) new ClusterProfile({ name: chart.node.id }).assignTo(chart);
    expect(problemsOfApp(app)).toEqual(['[west/web] connectTo: reference/other-cluster']);
  });

  test('refuses a password that is no key of a Secret', () => {
    expect(
      problemsOf((chart) => web(chart, 'web').connectTo(web(chart, 'api'), untyped({ password: { key: 'pw' } }))),
    ).toEqual(['[app/web] connectTo.password: props/value']);
  });

  test('a password in another namespace is refused: a pod cannot mount it (DX-24)', () => {
    const app = new App();
    const data = newChart('data', 'data', app);
    web(newChart('shop', 'shop', app), 'web').connectTo(redis(data));
    expect(refusedBy(() => app.synthYaml(), app)).toEqual(['[shop/web] connectTo: reference/other-namespace']);
  });

  test('a password that is given is refused by its place in the call (DX-24)', () => {
    const app = new App();
    const data = newChart('data', 'data', app);
    const target = redis(data);
    const client = web(newChart('shop', 'shop', app), 'web');
    client.connectTo(target, { password: { secret: Secret.fromSecretName(data, 'copy', 'copy'), key: 'pw' } });
    expect(refusedBy(() => app.synthYaml(), app)).toEqual([
      '[shop/web] connectTo.password.secret: reference/other-namespace',
    ]);
    expect(
      problemsOf((chart) =>
        web(chart, 'web').connectTo(web(chart, 'api'), {
          password: { secret: Secret.fromSecretName(chart, 'copy', 'copy'), key: 'a b' },
        }),
      ),
    ).toEqual(['[app/web] connectTo.password.key: props/value']);
  });

  test('takes any block that tells how it is reached', () => {
    const found = synth((chart) => {
      const target = web(chart, 'api') as IConnectionTarget;
      const own = Object.create(target, {
        connectionFor: { value: () => ({ host: 'db.example.com', port: 5432, targetPort: 8080 }) },
      }) as IConnectionTarget;
      web(chart, 'web').connectTo(own, { prefix: 'DB' });
    });
    expect(main(found, 'app-web').env).toEqual([
      { name: 'DB_HOST', value: 'db.example.com' },
      { name: 'DB_PORT', value: '5432' },
    ]);
  });
});

describe('a block of another cluster is refused (DX-26)', () => {
  interface Two {
    readonly eu: Chart;
    readonly us: Chart;
    readonly own: WebService;
    readonly other: WebService;
  }

  /** Profiles come last: what is refused is known at synthesis only. */
  function messagesAcross(build: (two: Two) => void): string[] {
    const app = new App();
    const [eu, us] = ['eu', 'us'].map((name) => newChart('shop', name, app));
    build({ eu, us, own: web(eu, 'own'), other: web(us, 'other', { extraPorts: [{ name: 'metrics', port: 9090 }] }) });
    for (const chart of [eu, us]) new ClusterProfile({ name: chart.node.id }).assignTo(chart);
    return problemsOfApp(app);
  }

  const toInternal = Exposure.internalLoadBalancer({ sources: ['10.20.0.0/16'], provider: LoadBalancerProvider.aws() });

  test.each<[string, (two: Two) => void, string]>([
    ['allowFrom', ({ own, other }) => own.allowFrom(other), '[eu/own] allowFrom: reference/other-cluster'],
    [
      'allowFrom with its pods',
      ({ own, other }) => own.allowFrom(Peer.anyOf(Peer.cidr('10.0.0.0/16'), other.toPeer())),
      '[eu/own] allowFrom: reference/other-cluster',
    ],
    [
      'egressTo',
      ({ eu, other }) => web(eu, 'closed', { egress: 'declared', egressTo: [Egress.to(other.toPeer())] }),
      '[eu/closed] egressTo[0]: reference/other-cluster',
    ],
    [
      'connectTo what stands for it',
      ({ eu, own, other }) => own.connectTo(new Appliance(eu, 'facade', other.toPeer())),
      '[eu/own] connectTo: reference/other-cluster',
    ],
    [
      'scraping',
      ({ eu, own, other }) => {
        const tiers = new NetworkTiers(eu, 'tiers', { tiers: [{ name: 'web' }] });
        tiers.add('web', own);
        tiers.allowScraping(other, { portName: 'http' });
        tiers.except(other, { reason: 'reads the metrics' });
      },
      '[eu/own] allowFrom: reference/other-cluster',
    ],
    [
      'a route',
      ({ eu, other }) =>
        new HttpRouting(eu, 'routing', {
          host: 'a.example.com',
          tls: Tls.none(),
          controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
          routes: [{ path: '/', backend: other }],
        }),
      '[eu/routing] routes[0].backend: reference/other-cluster',
    ],
    [
      'a default backend',
      ({ eu, other }) =>
        new HttpRouting(eu, 'routing', {
          host: 'a.example.com',
          tls: Tls.none(),
          controller: IngressController.inNamespace('nginx', { className: 'nginx' }),
          routes: [],
          defaultBackend: other,
        }),
      '[eu/routing] defaultBackend: reference/other-cluster',
    ],
    [
      'an ExposedService',
      ({ eu, other }) => new ExposedService(eu, 'outside', { backend: other, exposure: toInternal }),
      '[eu/outside] backend: reference/other-cluster',
    ],
    [
      'an ExportedService',
      ({ eu, other }) => new ExportedService(eu, 'export', { backend: other, exposure: toInternal }),
      '[eu/export] backend: reference/other-cluster',
    ],
    [
      'a grant',
      ({ eu, other }) => new AccessGrant(eu, 'grant', { role: AccessRole.view(), subjects: [Subject.workload(other)] }),
      '[eu/grant] subjects[0]: reference/other-cluster',
    ],
  ])('by %s', (_, build, finding) => {
    expect(messagesAcross(build)).toEqual([finding]);
  });

  test('but addresses, which mean the same everywhere, and what is outside of all charts', () => {
    expect(
      messagesAcross(({ eu, us, own }) => {
        own.allowFrom(new Appliance(us, 'scanner', Peer.cidr('10.70.0.0/24')));
        own.connectTo(new Appliance(eu.node.root, 'db', Peer.cidr('10.80.0.0/24')));
      }),
    ).toEqual([]);
  });
});

describe('a block of another kind as a target', () => {
  test('is let out to, and listed', () => {
    const chart = newChart();
    const client = web(chart, 'web', { egress: 'declared' });
    client.connectTo(new Appliance(chart, 'scanner', Peer.cidr('10.70.0.0/24')));
    expect(policy(Testing.synth(chart) as Manifest[], 'app-web').egress).toEqual([
      DNS,
      { to: [{ ipBlock: { cidr: '10.70.0.0/24' } }], ports: tcp(8080) },
    ]);
    expect(Inventory.of(chart).connections).toEqual([{ from: 'app/web', to: 'app/scanner', ports: '8080' }]);
  });

  test('has its rule beside one for the same port and range over UDP', () => {
    const chart = newChart();
    const client = web(chart, 'web', { egress: 'declared' });
    const range = ExternalTarget.addresses(['10.9.0.1']);
    const other = new ExternalService(chart, 'other', {
      target: range,
      port: 443,
      extraPorts: [{ name: 'quic', port: 8080, protocol: 'UDP' }],
    });
    other.allowFrom(client, { ports: [8080] });
    client.connectTo(new Appliance(chart, 'scanner', Peer.cidr('10.9.0.1/32')));
    expect(
      policy(Testing.synth(chart) as Manifest[], 'app-web')
        .egress.slice(1)
        .map(({ ports }: Manifest) => ports),
    ).toEqual([tcp(8080), [{ port: 8080, protocol: 'UDP' }]]);
  });

  test('that is reached over UDP has no rule for TCP', () => {
    const chart = newChart();
    const client = web(chart, 'web', { egress: 'declared' });
    const far = newChart('shop', 'far', chart.node.root as App);
    new ClusterProfile({ name: 'far', provider: 'aws' }).assignTo(far);
    const logs = web(far, 'logs', { extraPorts: [{ name: 'syslog', port: 5514, protocol: 'UDP' }] });
    const exported = new ExportedService(far, 'export', {
      backend: logs,
      exposure: Exposure.internalLoadBalancer({ sources: ['10.20.0.0/16'] }),
      ports: [{ name: 'syslog' }],
    });
    client.connectTo(new ImportedService(chart, 'logs', { exported, target: ExternalTarget.addresses(['10.9.0.1']) }));
    expect(
      policy(Testing.synth(chart) as Manifest[], 'app-web')
        .egress.slice(1)
        .map(({ ports }: Manifest) => ports),
    ).toEqual([[{ port: 5514, protocol: 'UDP' }]]);
  });

  test('that passes on to a workload has the edge of that workload', () => {
    const chart = newChart();
    const [client, api] = [web(chart, 'web', { egress: 'declared' }), web(chart, 'api')];
    client.connectTo(new Appliance(chart, 'facade', api.toPeer(), api));
    expect(policy(Testing.synth(chart) as Manifest[], 'app-web').egress).toEqual([
      DNS,
      { to: [podsOf('app-api')], ports: tcp(8080) },
    ]);
    expect(Inventory.of(chart).connections).toEqual([{ from: 'app/web', to: 'app/api', ports: '8080' }]);
  });
});

describe('allowFrom', () => {
  test('opens all declared ports, those of sidecars too', () => {
    const found = synth((chart) => {
      const sidecars = [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0', ports: [{ name: 'admin', port: 9901 }] }];
      web(chart, 'api', { extraPorts: [{ name: 'metrics', port: 9090 }], sidecars }).allowFrom(web(chart, 'web'));
    });
    expect(policy(found, 'app-api').ingress).toEqual([{ from: [podsOf('app-web')], ports: tcp(8080, 9090, 9901) }]);
  });

  test('opens only the ports that it is told', () => {
    const found = synth((chart) =>
      web(chart, 'api', { extraPorts: [{ name: 'metrics', port: 9090 }] }).allowFrom(
        Peer.pods({ namespace: 'monitoring' }),
        { ports: [9090] },
      ),
    );
    expect(policy(found, 'app-api').ingress).toEqual([
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } }, podSelector: {} },
        ],
        ports: tcp(9090),
      },
    ]);
  });

  test('opens one protocol of a number that the pods declare with two; connections and routes open TCP', () => {
    const dns = (chart: Chart) =>
      web(chart, 'api', {
        extraPorts: [
          { name: 'dns-tcp', port: 5353 },
          { name: 'dns', port: 5353, protocol: 'UDP' },
          { name: 'quic', port: 8080, protocol: 'UDP' },
        ],
      });
    const portsOf = (open: (api: WebService, chart: Chart) => void) =>
      policy(
        synth((chart) => open(dns(chart), chart)),
        'app-api',
      ).ingress[0].ports as unknown;
    const anyone = Peer.pods({ namespace: 'monitoring' });
    expect(portsOf((api) => api.allowFrom(anyone, { ports: [5353] }))).toEqual([
      ...tcp(5353),
      { port: 5353, protocol: 'UDP' },
    ]);
    expect(portsOf((api) => api.allowFrom(anyone, { ports: [5353], protocol: 'UDP' }))).toEqual([
      { port: 5353, protocol: 'UDP' },
    ]);
    expect(portsOf((api) => api.allowFrom(anyone, { protocol: 'TCP' }))).toEqual(tcp(8080, 5353));
    expect(portsOf((api, chart) => web(chart, 'web').connectTo(api))).toEqual(tcp(8080));
    expect(
      problemsOf((chart) => {
        const api = dns(chart);
        api.allowFrom(anyone, { ports: [8080], protocol: 'SCTP' });
        api.allowFrom(anyone, { protocol: 'SCTP' });
        api.allowFrom(anyone, { protocol: 'udp' as never });
      }),
    ).toEqual([
      '[app/api] allowFrom.ports: reference/missing-port',
      '[app/api] allowFrom.protocol: reference/missing-port',
      '[app/api] allowFrom.protocol: props/value',
    ]);
  });

  test('refuses a port that no container declares (DX-04)', () => {
    expect(problemsOf((chart) => web(chart, 'api').allowFrom(web(chart, 'web'), { ports: [9090] }))).toEqual([
      '[app/api] allowFrom.ports: reference/missing-port',
    ]);
  });

  test('refuses an empty list of ports: in a policy that would mean all', () => {
    expect(problemsOf((chart) => web(chart, 'api').allowFrom(web(chart, 'web'), { ports: [] }))).toEqual([
      '[app/api] allowFrom.ports: props/empty-list',
    ]);
  });

  test('takes an ingress controller', () => {
    const found = synth((chart) =>
      web(chart, 'api').allowFrom(IngressController.fromCidrs(['10.0.0.0/16', 'fd00::/8'], { className: 'alb' })),
    );
    expect(policy(found, 'app-api').ingress[0].from).toEqual([
      { ipBlock: { cidr: '10.0.0.0/16' } },
      { ipBlock: { cidr: 'fd00::/8' } },
    ]);
  });

  test('a controller without a namespace opens nothing, and says so', () => {
    expect(
      problemsOf((chart) => {
        web(chart, 'api').allowFrom(IngressController.inNamespace(undefined as never, undefined as never));
      }),
    ).toEqual(['[app/api] allowFrom.namespace: props/value']);
  });

  test('says the same twice writes it once', () => {
    const found = synth((chart) => {
      const api = web(chart, 'api');
      api.allowFrom(Peer.cidr('10.0.0.0/8'));
      api.allowFrom(Peer.cidr('10.0.0.0/8'));
    });
    expect(policy(found, 'app-api').ingress).toHaveLength(1);
  });
});

describe('egressTo', () => {
  test('opens what is declared', () => {
    const egressTo = [
      Egress.cidr('10.20.0.0/16', { ports: [5432], except: ['10.20.1.0/24'] }),
      Egress.to(Peer.pods({ labels: { app: 'db' } })),
    ];
    const spec = policy(
      synth((chart) => web(chart, 'web', { egress: 'declared', egressTo })),
      'app-web',
    );
    expect(spec.egress).toEqual([
      DNS,
      { to: [{ ipBlock: { cidr: '10.20.0.0/16', except: ['10.20.1.0/24'] } }], ports: tcp(5432) },
      { to: [{ podSelector: { matchLabels: { app: 'db' } } }] },
    ]);
  });

  test('is refused where egress is open: it would say nothing', () => {
    expect(problemsOf((chart) => web(chart, 'web', { egressTo: [Egress.internet()] }))).toEqual([
      '[app/web] egressTo: network/egress-to-open',
    ]);
  });
});
