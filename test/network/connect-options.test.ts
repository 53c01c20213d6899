import type { Chart } from 'cdk8s';
import { Size } from 'cdk8s';
import {
  type ConnectOptions,
  ExternalService,
  ExternalTarget,
  Job,
  Probe,
  Redis,
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
    expect(
      problemsOf((chart) => {
        const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
        const redis = new Redis(chart, 'redis', { storage: Size.gibibytes(10), password });
        client(chart).connectTo(redis, { port: 'redis' });
      }),
    ).toEqual(['[app/client] connectTo.port: reference/missing-port']);
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
