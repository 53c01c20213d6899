import { Duration, Size } from 'cdk8s';
import type { Chart } from 'cdk8s';
import {
  AppProtocol,
  Autoscaling,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  IngressController,
  NetworkTiers,
  Mesh,
  Peer,
  Probe,
  Redis,
  Rollout,
  SecretRef,
  StaticSite,
  Tls,
  WebService,
  type WebServiceProps,
  Worker,
} from '../../src';
import { type Manifest, only, problemsOf, synth, untyped, warningsOf, WEB } from '../support';

const GRPC: WebServiceProps = {
  image: 'ghcr.io/acme/cart:1.4.2',
  port: 9000,
  appProtocol: AppProtocol.grpc(),
  readiness: Probe.grpc(),
};
const HEADLESS: WebServiceProps = { ...GRPC, service: { port: 80, headless: true } };
const autoscaling = Autoscaling.onCpu({ min: 2, max: 9, target: 80 });

const cart = (chart: Chart, props: Partial<WebServiceProps> = {}): WebService =>
  new WebService(chart, 'cart', { ...GRPC, ...props });
const client = (chart: Chart, id = 'client'): Worker =>
  new Worker(chart, id, { image: 'ghcr.io/acme/web:1.4.2', liveness: Probe.none(), egress: 'declared' });

const portsOf = (props: Partial<WebServiceProps>): Manifest[] =>
  only(
    synth((chart) => new WebService(chart, 'web', { ...WEB, ...props })),
    'Service',
  ).spec.ports;

describe('what a port speaks', () => {
  test.each<[string, AppProtocol, string]>([
    ['gRPC', AppProtocol.grpc(), 'kubernetes.io/h2c'],
    ['gRPC under the name of a mesh', AppProtocol.grpc('grpc'), 'grpc'],
    ['HTTP/2', AppProtocol.http2(), 'kubernetes.io/h2c'],
    ['HTTP/1.1', AppProtocol.http(), 'http'],
    ['a WebSocket', AppProtocol.webSocket(), 'kubernetes.io/ws'],
    ['another protocol', AppProtocol.of('example.com/mqtt'), 'example.com/mqtt'],
  ])('%s is stated in the Service', (_, appProtocol, text) => {
    expect(portsOf({ appProtocol })[0]).toMatchObject({ port: 8080, protocol: 'TCP', appProtocol: text });
  });

  test('is gRPC or not, whatever its name is', () => {
    expect([AppProtocol.grpc(), AppProtocol.grpc('grpc'), AppProtocol.of('grpc')].map(({ isGrpc }) => isGrpc)).toEqual([
      true,
      true,
      true,
    ]);
    expect([AppProtocol.http2(), AppProtocol.of('amqp')].map(({ isGrpc }) => isGrpc)).toEqual([false, false]);
  });

  test('is not stated unless the caller does', () => {
    expect(portsOf({})[0]).toEqual({ name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP' });
  });

  test('names the main port, unless the caller does', () => {
    expect(portsOf({ appProtocol: AppProtocol.grpc() })[0].name).toBe('grpc');
    expect(portsOf({ appProtocol: AppProtocol.grpc(), portName: 'api' })[0].name).toBe('api');
    expect(portsOf({ appProtocol: AppProtocol.http2() })[0].name).toBe('http');
  });

  test('is that of each port, also of sidecars and of a service outside', () => {
    const extraPorts = [{ name: 'admin', port: 9901, appProtocol: AppProtocol.http() }];
    const ports = [{ name: 'proxy', port: 9000, servicePort: 9000, appProtocol: AppProtocol.grpc() }];
    const sidecars = [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0', ports }];
    expect(portsOf({ extraPorts, sidecars }).map(({ appProtocol }) => appProtocol as unknown)).toEqual([
      undefined,
      'http',
      'kubernetes.io/h2c',
    ]);
    const manifests = synth((chart) => {
      const target = ExternalTarget.addresses(['10.40.0.10']);
      new ExternalService(chart, 'ledger', { target, port: 9000, appProtocol: AppProtocol.grpc() });
    });
    expect(only(manifests, 'Service').spec.ports[0].appProtocol).toBe('kubernetes.io/h2c');
    expect(only(manifests, 'EndpointSlice').ports[0].appProtocol).toBe('kubernetes.io/h2c');
  });

  test('is known to routes and to clients', () => {
    synth((chart) => {
      const block = cart(chart);
      expect(block.routeAppProtocol?.isGrpc).toBe(true);
      expect(block.declaredPorts[0].appProtocol).toBe(block.routeAppProtocol);
      const target = ExternalTarget.addresses(['10.40.0.10']);
      const outside = new ExternalService(chart, 'ledger', { target, port: 9000, appProtocol: AppProtocol.https() });
      expect(outside.routeAppProtocol?.name).toBe('https');
      expect(outside.connectionFor(block).ports?.[0].appProtocol?.name).toBe('https');
    });
  });

  test.each<[string, unknown]>([
    ['text', 'grpc'],
    ['null', null],
    ['a name with a space', AppProtocol.of('my protocol')],
    ['an empty name', AppProtocol.of('')],
    ['a number as name', AppProtocol.of(7 as never)],
    ['a name of two prefixes', AppProtocol.grpc('a/b/c')],
  ])('%s is refused', (_, appProtocol) => {
    const refused = problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, appProtocol })));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(/^\[app\/web\] appProtocol(\.name)?: props\/value$/);
  });

  test('is spoken over TCP', () => {
    const extraPorts = [{ name: 'quic', port: 8443, protocol: 'UDP' as const, appProtocol: AppProtocol.http2() }];
    expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, extraPorts }))).toEqual([
      '[app/web] extraPorts[0].appProtocol: props/conflict',
    ]);
  });

  test('with TLS is not checked without', () => {
    const tls = { appProtocol: AppProtocol.https() };
    const refused = (props: Partial<WebServiceProps>): string[] =>
      problemsOf((chart) => new WebService(chart, 'web', { ...WEB, ...tls, ...props }));
    expect(refused({})).toEqual(['[app/web] readiness: workload/probe-without-tls']);
    expect(refused({ readiness: Probe.grpc() })).toEqual(['[app/web] readiness: workload/probe-without-tls']);
    expect(refused({ readiness: Probe.httpGet('/', { scheme: 'HTTPS' }) })).toEqual([]);
    expect(refused({ readiness: Probe.portOnly() })).toEqual([]);
  });
});

describe('a headless Service', () => {
  const manifests = synth((chart) => cart(chart, { service: { port: 80, headless: true, dualStack: true } }));

  test('comes beside the Service, with the ports of the pods', () => {
    expect(only(manifests, 'Service', 'app-cart').spec).toMatchObject({ type: 'ClusterIP', ports: [{ port: 80 }] });
    expect(only(manifests, 'Service', 'app-cart').spec).not.toHaveProperty('clusterIP');
    const { spec } = only(manifests, 'Service', 'app-cart-headless');
    expect(spec).toEqual({
      type: 'ClusterIP',
      clusterIP: 'None',
      selector: { 'app.kubernetes.io/instance': 'app-cart' },
      ports: [{ name: 'grpc', port: 9000, targetPort: 'grpc', protocol: 'TCP', appProtocol: 'kubernetes.io/h2c' }],
      ipFamilyPolicy: 'PreferDualStack',
    });
  });

  test('has the name of the Service in its own', () => {
    const named = synth((chart) => cart(chart, { service: { name: 'basket', headless: true } }));
    expect(only(named, 'Service', 'basket-headless').spec.clusterIP).toBe('None');
    const long = 'a'.repeat(55);
    expect(problemsOf((chart) => cart(chart, { service: { name: long, headless: true } }))).toEqual([
      '[app/cart] service.headless: props/value',
    ]);
    expect(problemsOf((chart) => cart(chart, { service: { name: long.slice(1), headless: true } }))).toEqual([]);
  });

  test('is a member of the block, and none without the option', () => {
    synth((chart) => {
      expect(cart(chart, HEADLESS).headlessService?.name).toBe('app-cart-headless');
      expect(new WebService(chart, 'web', WEB).headlessService).toBeUndefined();
    });
  });

  test('makes new pods wait until clients resolve the name (CH05-16)', () => {
    const minReady = (props: Partial<WebServiceProps>): number =>
      only(
        synth((chart) => cart(chart, props)),
        'Deployment',
      ).spec.minReadySeconds as number;
    expect([minReady({}), minReady(HEADLESS), minReady({ ...HEADLESS, minReady: Duration.minutes(1) })]).toEqual([
      5, 30, 60,
    ]);
    const site = synth((chart) => new StaticSite(chart, 'site', { image: WEB.image, service: { headless: true } }));
    expect(only(site, 'Deployment').spec.minReadySeconds).toBe(30);
  });
});

describe('a client that balances itself', () => {
  const address = (build: (chart: Chart) => void): Record<string, string> => {
    const { containers } = only(synth(build), 'Deployment', 'app-client').spec.template.spec;
    return Object.fromEntries((containers[0].env as Manifest[]).map(({ name, value }) => [name, value]));
  };

  test('gets the headless Service and the port of the pods, and both policies open it', () => {
    const build = (chart: Chart): void => client(chart).connectTo(cart(chart, HEADLESS), { headless: true });
    expect(address(build)).toEqual({ CART_HOST: 'app-cart-headless', CART_PORT: '9000' });
    const [policy] = only(synth(build), 'NetworkPolicy', 'app-cart').spec.ingress;
    expect(policy.ports).toEqual([{ port: 9000, protocol: 'TCP' }]);
  });

  test('may choose another port, and get one variable', () => {
    const extraPorts = [{ name: 'admin', port: 9100, servicePort: 81 }];
    expect(
      address((chart) =>
        client(chart).connectTo(cart(chart, { ...HEADLESS, extraPorts }), {
          headless: true,
          port: 'admin',
          address: 'ADMIN',
        }),
      ),
    ).toEqual({ ADMIN: 'app-cart-headless:9100' });
  });

  test('reaches a service outside that is headless', () => {
    const target = ExternalTarget.addresses(['10.40.0.10', '10.40.0.11']);
    expect(
      address((chart) =>
        client(chart).connectTo(new ExternalService(chart, 'db', { target, port: 9042, headless: true }), {
          headless: true,
        }),
      ),
    ).toEqual({ DB_HOST: 'app-db', DB_PORT: '9042' });
  });

  test.each<[string, (chart: Chart) => void]>([
    ['a block without', (chart) => client(chart).connectTo(cart(chart), { headless: true })],
    [
      'Redis',
      (chart) => {
        const password = { secret: SecretRef.named('redis-passwd'), key: 'passwd' };
        client(chart).connectTo(new Redis(chart, 'redis', { storage: Size.gibibytes(10), password }), {
          headless: true,
        });
      },
    ],
  ])('needs a headless Service: %s', (_, build) => {
    expect(problemsOf(build)).toEqual(['[app/client] connectTo.headless: network/no-headless-service']);
  });

  test('says so by true or false', () => {
    expect(problemsOf((chart) => client(chart).connectTo(cart(chart, HEADLESS), { headless: 1 as never }))).toEqual([
      '[app/client] connectTo.headless: props/value',
    ]);
  });
});

describe('an autoscaled gRPC service', () => {
  const found = (build: (chart: Chart) => void): string[] => warningsOf(build).filter((line) => line.includes('grpc/'));
  const WARNING = '[app/cart] autoscaling: grpc/balancing';

  test('warns of clients that keep one connection to the cluster IP', () => {
    expect(found((chart) => client(chart).connectTo(cart(chart, { autoscaling })))).toEqual([WARNING]);
    // a server that answers the health checks of gRPC speaks it
    expect(found((chart) => client(chart).connectTo(cart(chart, { autoscaling, appProtocol: undefined })))).toEqual([
      WARNING,
    ]);
    expect(
      found((chart) => {
        const server = cart(chart, { ...HEADLESS, autoscaling });
        client(chart).connectTo(server, { headless: true });
        client(chart, 'other').connectTo(server);
      }),
    ).toEqual([WARNING]);
  });

  test.each<[string, (chart: Chart) => void]>([
    [
      'balance themselves',
      (chart) => client(chart).connectTo(cart(chart, { ...HEADLESS, autoscaling }), { headless: true }),
    ],
    ['are none', (chart) => void cart(chart, { autoscaling })],
    ['meet as many pods as before', (chart) => client(chart).connectTo(cart(chart))],
    [
      'connect to another port',
      (chart) => {
        const extraPorts = [{ name: 'admin', port: 9100 }];
        client(chart).connectTo(cart(chart, { autoscaling, extraPorts }), { port: 'admin' });
      },
    ],
    [
      'speak another protocol',
      (chart) => {
        const server = cart(chart, { autoscaling, appProtocol: AppProtocol.http(), readiness: Probe.portOnly() });
        client(chart).connectTo(server);
      },
    ],
    ['come from outside of the app', (chart) => cart(chart, { autoscaling }).allowFrom(Peer.cidr('10.1.0.0/16'))],
    [
      'come through a controller, which balances each call',
      (chart) => {
        const controller = IngressController.inNamespace('traefik', { className: 'traefik' });
        const routes = [{ path: '/', backend: cart(chart, { autoscaling }) }];
        new HttpRouting(chart, 'routing', { host: 'a.example.com', tls: Tls.none(), controller, routes });
      },
    ],
    [
      'have the proxy of a mesh',
      (chart) => {
        const server = cart(chart, { autoscaling });
        const shop = client(chart);
        shop.connectTo(server);
        const tiers = new NetworkTiers(chart, 'tiers', {
          tiers: [{ name: 'all', allowWithin: true }],
          mesh: Mesh.istio(),
        });
        tiers.add('all', server);
        tiers.add('all', shop);
      },
    ],
  ])('does not, if its clients %s', (_, build) => {
    expect(found(build)).toEqual([]);
  });

  test('is known if the autoscaler is of another library', () => {
    expect(
      found((chart) => {
        const server = cart(chart);
        server.markHasAutoscaler();
        client(chart).connectTo(server);
      }),
    ).toEqual([WARNING]);
  });
});

describe('a headless gRPC service', () => {
  const found = (props: Partial<WebServiceProps>): string[] =>
    warningsOf((chart) => cart(chart, { ...HEADLESS, ...props })).filter((line) => line.includes('grpc/'));

  test('warns of a rollout that is faster than the resolution of its clients (CH05-16)', () => {
    expect(found({ minReady: Duration.seconds(29) })).toEqual(['[app/cart] minReady: grpc/min-ready']);
    expect(found({ minReady: Duration.seconds(30) })).toEqual([]);
    expect(found({})).toEqual([]);
  });

  test('does not where no old pod waits, or where the pods speak something else', () => {
    expect(found({ replicas: 1, rollout: Rollout.recreate() })).toEqual([]);
    expect(
      found({ minReady: Duration.seconds(5), appProtocol: AppProtocol.http(), readiness: Probe.portOnly() }),
    ).toEqual([]);
  });
});
