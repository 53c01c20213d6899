import { Chart, Size } from 'cdk8s';
import { Construct } from 'constructs';
import {
  ClusterProfile,
  type Connection,
  type ConnectOptions,
  Egress,
  ExportedService,
  Exposure,
  ExternalService,
  ExternalTarget,
  type IConnectionTarget,
  ImportedService,
  Job,
  Peer,
  Probe,
  Redis,
  ScheduledJob,
  SecretRef,
  StaticSite,
  WebService,
  Worker,
} from '../../src';
import { type Manifest, only, problemsOf, synth, untyped, WEB } from '../support';

const PROXY = {
  name: 'proxy',
  image: 'ghcr.io/acme/proxy:1.0.0',
  ports: [
    { name: 'admin', port: 9901 },
    { name: 'grpc', port: 9000, servicePort: 9001 },
  ],
};
const IMAGE = 'ghcr.io/acme/cart:1.4.2';

const cart = (chart: Chart): WebService =>
  new WebService(chart, 'cart', {
    ...WEB,
    service: { port: 80 },
    extraPorts: [
      { name: 'metrics', port: 9090 },
      { name: 'gossip', port: 7946, servicePort: 7000, protocol: 'UDP' },
    ],
    sidecars: [PROXY],
  });

/** A client with a sidecar. */
const client = (chart: Chart): Worker =>
  new Worker(chart, 'client', {
    image: IMAGE,
    liveness: Probe.none(),
    egress: 'declared',
    sidecars: [{ name: 'exporter', image: 'ghcr.io/acme/exporter:1.0.0' }],
  });

const connected = (options: ConnectOptions): Manifest[] =>
  synth((chart) => client(chart).connectTo(cart(chart), options));

const containersOf = (manifests: Manifest[], name = 'app-client'): Record<string, any> => {
  const { containers, initContainers = [] } = only(manifests, 'Deployment', name).spec.template.spec;
  return Object.fromEntries([...containers, ...initContainers].map((one: Manifest) => [one.name, one]));
};
const variablesOf = (manifests: Manifest[], container = 'main'): Record<string, string> =>
  Object.fromEntries((containersOf(manifests)[container].env ?? []).map(({ name, value }: Manifest) => [name, value]));
const opened = (manifests: Manifest[]): unknown => [
  only(manifests, 'NetworkPolicy', 'app-cart').spec.ingress.flatMap(({ ports }: Manifest) => ports),
  only(manifests, 'NetworkPolicy', 'app-client')
    .spec.egress.filter(({ to }: Manifest) => to[0].namespaceSelector === undefined)
    .flatMap(({ ports }: Manifest) => ports),
];

describe('the address of a target', () => {
  test('is one variable with host and port where the client asks for one', () => {
    expect(variablesOf(connected({ address: 'CART_SERVICE_ADDR' }))).toEqual({ CART_SERVICE_ADDR: 'app-cart:80' });
  });

  test('comes beside the file of the password, which keeps its name', () => {
    const manifests = synth((chart) => {
      const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
      const redis = new Redis(chart, 'redis', { storage: Size.gibibytes(10), password });
      client(chart).connectTo(redis, { address: 'REDIS_ADDR' });
    });
    expect(variablesOf(manifests)).toEqual({
      REDIS_ADDR: 'app-redis:6379',
      REDIS_PASSWORD_FILE: '/var/run/secrets/redis/passwd',
    });
  });

  test('needs no prefix, whatever the id of the target is', () => {
    const manifests = synth((chart) => {
      const target = new WebService(chart, '1st', { ...WEB, name: 'first' });
      client(chart).connectTo(target, { address: 'FIRST' });
    });
    expect(variablesOf(manifests)).toEqual({ FIRST: 'first:8080' });
  });

  test.each([['a b'], [''], ['1A'.repeat(200)], [7 as never]])('%j is no name of a variable', (address) => {
    expect(problemsOf((chart) => client(chart).connectTo(cart(chart), { address }))).toEqual([
      '[app/client] connectTo.address: props/value',
    ]);
  });
});

describe('another port of a target', () => {
  test.each<[port: string, servicePort: number, of: { port: number; protocol: string }]>([
    ['http', 80, { port: 8080, protocol: 'TCP' }],
    ['metrics', 9090, { port: 9090, protocol: 'TCP' }],
    ['gossip', 7000, { port: 7946, protocol: 'UDP' }],
    ['grpc', 9001, { port: 9000, protocol: 'TCP' }],
  ])('%s is reached by its name, and both policies open it alone', (port, servicePort, of) => {
    const manifests = connected({ port });
    expect(variablesOf(manifests)).toEqual({ CART_HOST: 'app-cart', CART_PORT: String(servicePort) });
    expect(opened(manifests)).toEqual([[of], [of]]);
  });

  test('may be that of a service outside', () => {
    const manifests = synth((chart) => {
      const target = ExternalTarget.addresses(['10.40.0.10']);
      const extraPorts = [{ name: 'admin', port: 33062 }];
      client(chart).connectTo(new ExternalService(chart, 'db', { target, port: 3306, extraPorts }), { port: 'admin' });
    });
    expect(variablesOf(manifests)).toMatchObject({ DB_PORT: '33062' });
    const { egress } = only(manifests, 'NetworkPolicy', 'app-client').spec;
    expect(egress).toContainEqual({
      to: [{ ipBlock: { cidr: '10.40.0.10/32' } }],
      ports: [{ port: 33062, protocol: 'TCP' }],
    });
  });

  test.each(['admin', 'none', '', 80 as never])('%j is no port of the Service', (port) => {
    const [problem, ...others] = problemsOf((chart) => client(chart).connectTo(cart(chart), { port }));
    expect(problem).toMatch(/^\[app\/client\] connectTo\.port: (reference\/missing-port|props\/value)$/);
    expect(others).toEqual([]);
  });

  test('cannot be named where the target names none', () => {
    expect(problemsOf((chart) => client(chart).connectTo(new Nameless(chart, 'nameless'), { port: 'main' }))).toEqual([
      '[app/client] connectTo.port: reference/missing-port',
    ]);
  });
});

/** A block from outside that has one port without a name. */
class Nameless extends Construct implements IConnectionTarget {
  public connectionFor(): Connection {
    return { host: 'nameless', port: 9000 };
  }
  public allowFrom(): void {
    // has no policy
  }
  public toPeer(): Peer {
    return Peer.cidr('10.40.0.10/32');
  }
}

const EXPORTER = {
  name: 'exporter',
  image: 'ghcr.io/acme/exporter:1.0.0',
  ports: [{ name: 'metrics', port: 9121, servicePort: 9121 }],
};
const redisWithExporter = (chart: Chart): Redis => {
  const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
  return new Redis(chart, 'target', { storage: Size.gibibytes(10), password, sidecars: [EXPORTER] });
};
const ADDRESSES = { target: ExternalTarget.addresses(['10.40.0.10']) };

/** Each block that others connect to, with all its ports. */
const TARGETS: Record<string, [make: (chart: Chart) => IConnectionTarget, ports: Record<string, string>]> = {
  WebService: [
    (chart) => {
      const extraPorts = [{ name: 'gossip', port: 7946, protocol: 'UDP' as const }];
      return new WebService(chart, 'target', { ...WEB, extraPorts, sidecars: [EXPORTER] });
    },
    { http: '8080/TCP', gossip: '7946/UDP', metrics: '9121/TCP' },
  ],
  StaticSite: [
    (chart) => new StaticSite(chart, 'target', { image: WEB.image, sidecars: [EXPORTER] }),
    { http: '8080/TCP', metrics: '9121/TCP' },
  ],
  Redis: [redisWithExporter, { redis: '6379/TCP', metrics: '9121/TCP' }],
  ExternalService: [
    (chart) => {
      const extraPorts = [{ name: 'admin', port: 9000 }];
      return new ExternalService(chart, 'target', { ...ADDRESSES, port: 514, protocol: 'UDP', extraPorts });
    },
    { udp: '514/UDP', admin: '9000/TCP' },
  ],
  ImportedService: [
    (chart) => {
      const extraPorts = [{ name: 'gossip', port: 7946, protocol: 'UDP' as const }];
      const west = new Chart(chart.node.root, 'west', { namespace: 'west' });
      new ClusterProfile({ name: 'west', provider: 'aws' }).assignTo(west);
      new ClusterProfile({ name: 'east', provider: 'aws' }).assignTo(chart);
      const backend = new WebService(west, 'backend', { ...WEB, extraPorts });
      const exposure = Exposure.internalLoadBalancer({ sources: ['10.20.0.0/16'] });
      const ports = [{ name: 'http' }, { name: 'gossip' }];
      const exported = new ExportedService(west, 'export', { backend, exposure, ports });
      return new ImportedService(chart, 'target', { exported, ...ADDRESSES });
    },
    { http: '8080/TCP', gossip: '7946/UDP' },
  ],
};

/** Each block that connects to others. */
const CLIENTS: Record<string, (chart: Chart) => Workload> = {
  WebService: (chart) => new WebService(chart, 'client', { ...WEB, egress: 'declared' }),
  StaticSite: (chart) => new StaticSite(chart, 'client', { image: WEB.image, egress: 'declared' }),
  Worker: client,
  Job: (chart) => new Job(chart, 'client', { image: IMAGE, egress: 'declared' }),
  ScheduledJob: (chart) =>
    new ScheduledJob(chart, 'client', { image: IMAGE, schedule: '0 6 * * *', egress: 'declared' }),
};
type Workload = Pick<Worker, 'connectTo' | 'networkPolicy' | 'node'>;

describe('any port of any block, by its name', () => {
  const rows = Object.entries(TARGETS).flatMap(([target, [make, ports]]) =>
    Object.entries(ports).map(([name, text]) => [target, name, text, make] as const),
  );

  test.each(rows)('%s: %s is %s, for a client of any kind', (_target, name, text, make) => {
    const [port, protocol] = text.split('/');
    for (const [kind, from] of Object.entries(CLIENTS)) {
      let egress: Manifest[] = [];
      const manifests = synth((chart) => {
        const [source, target] = [from(chart), make(chart)];
        source.connectTo(target, { port: name });
        expect(target.connectionFor(source as never).ports?.map((known) => known.name)).toContain(name);
        ({ egress } = (source.networkPolicy.toJson() as Manifest).spec);
      });
      const open = egress.flatMap(({ ports }) => ports as Manifest[]);
      expect([kind, open]).toEqual([kind, expect.arrayContaining([{ port: Number(port), protocol }])]);
      // only that one besides DNS
      expect(open.filter(({ port: number }) => number !== 53)).toHaveLength(1);
      expect(manifests.length).toBeGreaterThan(0);
    }
  });

  test('Redis has the ports of its sidecars in the Services for clients', () => {
    const manifests = synth(redisWithExporter);
    const ports = (name: string): unknown =>
      only(manifests, 'Service', name).spec.ports.map(({ name: port }: Manifest) => port as string);
    expect([ports('app-target'), ports('app-target-read'), ports('app-target-members')]).toEqual([
      ['redis', 'metrics'],
      ['redis', 'metrics'],
      ['redis'],
    ]);
  });
});

describe('the protocol of a destination', () => {
  const egressOf = (egressTo: Egress): Manifest[] =>
    only(
      synth(
        (chart) =>
          new Worker(chart, 'w', { image: IMAGE, liveness: Probe.none(), egress: 'declared', egressTo: [egressTo] }),
      ),
      'NetworkPolicy',
    ).spec.egress;

  test.each<[string, Egress]>([
    ['addresses', Egress.cidr('10.30.0.0/24', { ports: [514], protocol: 'UDP' })],
    ['pods', Egress.to(Peer.pods({ namespace: 'tracing' }), { ports: [514], protocol: 'UDP' })],
  ])('is that of its ports: %s', (_, egress) => {
    expect(egressOf(egress)).toContainEqual(expect.objectContaining({ ports: [{ port: 514, protocol: 'UDP' }] }));
  });

  test('of the internet is that of port 443: QUIC', () => {
    expect(egressOf(Egress.internet({ protocol: 'UDP' }))).toContainEqual(
      expect.objectContaining({ ports: [{ port: 443, protocol: 'UDP' }] }),
    );
  });

  test.each<[string, Egress, string]>([
    ['without ports', Egress.cidr('10.30.0.0/24', { protocol: 'UDP' }), 'props/conflict'],
    ['that is none', Egress.cidr('10.30.0.0/24', { ports: [1], protocol: 'ICMP' as never }), 'props/value'],
  ])('%s is refused', (_, egress, rule) => {
    expect(
      problemsOf(
        (chart) =>
          new Worker(chart, 'w', { image: IMAGE, liveness: Probe.none(), egress: 'declared', egressTo: [egress] }),
      ),
    ).toEqual([`[app/w] egressTo[0].protocol: ${rule}`]);
  });

  test('of a service outside needs a check of its own', () => {
    const check = (command?: string[]): string[] =>
      problemsOf((chart) => {
        const syslog = new ExternalService(chart, 'syslog', { ...ADDRESSES, port: 514, protocol: 'UDP' });
        syslog.connectivityCheck({ image: IMAGE, command });
      });
    expect(check()).toEqual(['[app/syslog] connectivityCheck.command: props/required']);
    expect(check(['logger', 'hello'])).toEqual([]);
  });
});

describe('other containers than the main one', () => {
  test('get the variables of a connection and the password, and the main one gets none', () => {
    const manifests = synth((chart) => {
      const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
      const redis = new Redis(chart, 'redis', { storage: Size.gibibytes(10), password });
      client(chart).connectTo(redis, { containers: ['exporter'] });
    });
    expect(Object.keys(variablesOf(manifests, 'exporter'))).toEqual([
      'REDIS_HOST',
      'REDIS_PORT',
      'REDIS_READ_HOST',
      'REDIS_PASSWORD_FILE',
    ]);
    const { main, exporter } = containersOf(manifests);
    expect(main.env).toBeUndefined();
    expect(exporter.volumeMounts.map(({ mountPath }: Manifest) => mountPath)).toContain('/var/run/secrets/redis');
    expect(main.volumeMounts.map(({ mountPath }: Manifest) => mountPath)).not.toContain('/var/run/secrets/redis');
  });

  test('get variables of their own, or those of a source', () => {
    const manifests = synth((chart) => {
      const worker = client(chart);
      worker.addEnv('LEVEL', 'debug', { containers: ['main', 'exporter'] });
      worker.addEnv('INTERVAL', '15', { containers: ['exporter'] });
      worker.addEnvFrom(SecretRef.named('tuning'), { containers: ['exporter'] });
    });
    expect(variablesOf(manifests)).toEqual({ LEVEL: 'debug' });
    expect(variablesOf(manifests, 'exporter')).toEqual({ LEVEL: 'debug', INTERVAL: '15' });
    const { main, exporter } = containersOf(manifests);
    expect([main.envFrom, exporter.envFrom]).toEqual([undefined, [{ secretRef: { name: 'tuning' } }]]);
  });

  test.each<[prop: string, give: (worker: Worker, chart: Chart, containers: string[]) => void]>([
    ['connectTo', (worker, chart, containers) => worker.connectTo(cart(chart), { containers })],
    ['addEnv', (worker, _, containers) => worker.addEnv('A', 'b', { containers })],
    ['addEnvFrom', (worker, _, containers) => worker.addEnvFrom(SecretRef.named('a'), { containers })],
  ])('%s refuses names of no container', (prop, give) => {
    for (const containers of [['sidecar'], [], 'exporter' as never, [7 as never]]) {
      expect(problemsOf((chart) => give(client(chart), chart, containers))).toEqual([
        `[app/client] ${prop}.containers: props/value`,
      ]);
    }
    expect(problemsOf((chart) => client(chart).addEnv('A', 'b', untyped({ container: ['main'] })))).toEqual([
      '[app/client] addEnv.container: props/unknown',
    ]);
  });
});

describe('a port of a sidecar', () => {
  test('is in the Service where it states the port of that', () => {
    const { spec } = only(synth(cart), 'Service');
    expect(spec.ports.map(({ name, port, targetPort }: Manifest) => [name, port, targetPort])).toEqual([
      ['http', 80, 'http'],
      ['metrics', 9090, 'metrics'],
      ['gossip', 7000, 'gossip'],
      ['grpc', 9001, 'grpc'],
    ]);
    const site = { image: 'ghcr.io/acme/site:1.0.0', sidecars: [PROXY] };
    expect(
      only(
        synth((chart) => new StaticSite(chart, 'site', site)),
        'Service',
      ).spec.ports,
    ).toHaveLength(2);
  });

  test('is another one than those of the main container', () => {
    const ports = [{ name: 'other', port: 9000, servicePort: 8080 }];
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, sidecars: [{ ...PROXY, ports }] }))).toEqual([
      '[app/web] sidecars: workload/duplicate-port',
    ]);
  });

  test('has no Service to be in where the block has none', () => {
    const refused = [`sidecars[0].ports[1].servicePort: props/conflict`];
    expect(
      problemsOf((chart) => new Worker(chart, 'x', { image: IMAGE, liveness: Probe.none(), sidecars: [PROXY] })),
    ).toEqual([`[app/x] ${refused[0]}`]);
    expect(problemsOf((chart) => new Job(chart, 'x', { image: IMAGE, sidecars: [PROXY] }))).toEqual([
      `[app/x] ${refused[0]}`,
    ]);
  });
});
