import { ApiObject, type Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  EnvSource,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  IngressController,
  Job,
  NameEgress,
  NetworkTiers,
  Peer,
  Probe,
  Redis,
  SecretRef,
  Tls,
  VersionedConfigMap,
  WebService,
  type WebServiceProps,
  Worker,
} from '../../src';
import { warningsOf, WEB } from '../support';

const ANYONE = Peer.pods({ namespace: 'else', labels: { app: 'else' } });
const EDGE = 'network/address-without-connection';
const PORT = 'network/address-port';

interface Shop {
  readonly chart: Chart;
  readonly web: WebService;
  readonly cart: WebService;
}

/** Warnings of `web` beside `cart`, which others may reach. */
function warned(props: Partial<WebServiceProps>, more: (shop: Shop) => unknown = () => undefined): string[] {
  return warningsOf((chart) => {
    const cart = new WebService(chart, 'cart', { ...WEB, name: 'cartservice', port: 7070 });
    const web = new WebService(chart, 'web', { ...WEB, ...props });
    for (const block of [cart, web]) block.allowFrom(ANYONE);
    more({ chart, web, cart });
  }).filter((warning) => !/unreachable|unstated/.test(warning));
}

const raw = (chart: Chart, id: string, manifest: object): ApiObject =>
  new ApiObject(chart, id, { apiVersion: 'v1', metadata: { name: id }, ...manifest } as never);

describe('a text that names a Service without an edge', () => {
  test.each([
    'cartservice:7070',
    'cartservice.shop:7070',
    'cartservice.shop.svc:7070',
    'cartservice.shop.svc.cluster.local:7070',
    'cartservice.shop.svc.cluster.local.:7070',
    'http://cartservice:7070/api',
    'http://user@cartservice.shop.svc:7070',
    'grpc://cartservice.shop.svc.cluster.local:7070',
    'other:1,cartservice:7070',
    'cartservice',
    'cartservice.shop',
    'cartservice.shop.svc.cluster.local',
  ])('is a warning as a variable: %s (row B3)', (value) => {
    expect(warned({ env: { CART_SERVICE_ADDR: value } })).toEqual([`[app/web] env.CART_SERVICE_ADDR: ${EDGE}`]);
    expect(warned({ env: { CART_SERVICE_ADDR: value } }, ({ web, cart }) => web.connectTo(cart))).toEqual([]);
    expect(warned({ env: { CART_SERVICE_ADDR: value } }, ({ web, cart }) => cart.allowFrom(web))).toEqual([]);
  });

  test('is one as an argument, in a command and in the containers beside the main one (row B3)', () => {
    expect(warned({ args: ['--verbose', '--cart=cartservice:7070'] })).toEqual([`[app/web] args.1: ${EDGE}`]);
    expect(warned({ args: ['--cart-host=cartservice'] })).toEqual([`[app/web] args.0: ${EDGE}`]);
    expect(warned({ command: ['sh', '-c', 'curl http://cartservice:7070/ | tee'] })).toEqual([
      `[app/web] command.2: ${EDGE}`,
    ]);
    expect(warned({ initContainers: [{ name: 'wait', image: WEB.image, env: { CART_HOST: 'cartservice' } }] })).toEqual(
      [`[app/web] wait.env.CART_HOST: ${EDGE}`],
    );
  });

  test('is one in a ConfigMap that the pods read, ours and raw (row B3)', () => {
    const nginx = 'server {\n  location / { proxy_pass http://cartservice:7070; }\n}\n';
    const found = [`[app/web] ${EDGE}`];
    expect(
      warned({}, ({ chart, web }) =>
        web.mount('/etc/web', new VersionedConfigMap(chart, 'config', { data: { 'nginx.conf': nginx } })),
      ),
    ).toEqual(found);
    expect(
      warned({}, ({ chart, web }) =>
        web.addEnvFrom(new VersionedConfigMap(chart, 'config', { data: { CART_HOST: 'cartservice' } })),
      ),
    ).toEqual(found);
    expect(
      warned({ env: { A: EnvSource.configMap({ name: 'fixed' } as never, 'a') } }, ({ chart }) =>
        raw(chart, 'fixed', { kind: 'ConfigMap', data: { a: 'http://cartservice:7070' } }),
      ),
    ).toEqual(found);
    expect(
      warned({}, ({ chart }) => new VersionedConfigMap(chart, 'unread', { data: { 'nginx.conf': nginx } })),
    ).toEqual([]);
  });

  test('is one in pods of others, and in a List (row B3)', () => {
    const pod = (env: object[]): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'old', labels: { app: 'old' } },
      spec: { containers: [{ name: 'main', image: WEB.image, env }] },
    });
    const env = [{ name: 'CART', value: 'cartservice:7070' }];
    expect(warned({}, ({ chart }) => raw(chart, 'old', pod(env)))).toEqual([`[app/old] ${EDGE}`]);
    expect(warned({}, ({ chart }) => raw(chart, 'old', { kind: 'List', items: [pod(env)] }))).toEqual([
      `[app/old] ${EDGE}`,
    ]);
    expect(
      warned({}, ({ chart, cart }) => {
        raw(chart, 'old', pod(env));
        cart.allowFrom(Peer.pods({ labels: { app: 'old' } }));
      }),
    ).toEqual([]);
    expect(
      warned(
        {},
        ({ chart }) =>
          new kplus.Deployment(chart, 'old', {
            containers: [{ image: WEB.image, envVariables: { CART: kplus.EnvValue.fromValue('cartservice:7070') } }],
          }),
      ),
    ).toEqual([`[app/old/Resource] ${EDGE}`]);
  });

  test('is one in each kind of workload, towards each (row B3)', () => {
    const env = { CART_ADDR: 'cartservice:7070', REDIS_ADDR: 'redis:6379' };
    const found = warned({}, ({ chart, web }) => {
      const password = { secret: SecretRef.named('passwd'), key: 'passwd' };
      web.connectTo(new Redis(chart, 'cache', { name: 'redis', password, storage: Size.gibibytes(1) }));
      new Worker(chart, 'worker', { image: WEB.image, liveness: Probe.none(), env });
      new Job(chart, 'job', { image: WEB.image, env });
    });
    expect(found).toEqual(
      ['worker', 'job'].flatMap((id) => ['CART', 'REDIS'].map((name) => `[app/${id}] env.${name}_ADDR: ${EDGE}`)),
    );
  });

  test('is one where egress is closed and the other end lets everybody in (row B3)', () => {
    const env = { CART_ADDR: 'cartservice:7070' };
    const open = ({ cart }: Shop): void => cart.allowFrom(Peer.pods({ labels: {} }));
    expect(warned({ env }, open)).toEqual([]);
    expect(warned({ env, egress: 'declared' }, open)).toEqual([`[app/web] env.CART_ADDR: ${EDGE}`]);
    expect(
      warned({ env: { OLD_HOST: 'old:80' }, egress: 'declared' }, ({ chart }) => {
        raw(chart, 'old', { kind: 'Service', spec: { selector: { app: 'old' }, ports: [{ port: 80 }] } });
        raw(chart, 'pod', {
          kind: 'Pod',
          metadata: { name: 'old', labels: { app: 'old' } },
          spec: { containers: [{ name: 'main', image: WEB.image }] },
        });
      }),
    ).toEqual([`[app/web] env.OLD_HOST: ${EDGE}`]);
    expect(
      warned({ env: { DB_HOST: 'db:5432' }, egress: 'declared' }, ({ chart }) => {
        new ExternalService(chart, 'db', {
          name: 'db',
          target: ExternalTarget.addresses(['10.0.0.7']),
          port: 5432,
        });
      }),
    ).toEqual([`[app/web] env.DB_HOST: ${EDGE}`]);
  });

  test('is none where a policy of others opens the way (row B3)', () => {
    const policy = (from: object): object => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      spec: { podSelector: { matchLabels: { app: 'cartservice' } }, ingress: [{ from: [from] }] },
    });
    const env = { CART_ADDR: 'cartservice:7070' };
    expect(warned({ env }, ({ chart }) => raw(chart, 'policy', policy({ podSelector: {} })))).toEqual([]);
    expect(
      warned({ env }, ({ chart }) => raw(chart, 'policy', policy({ podSelector: { matchLabels: { app: 'x' } } }))),
    ).toEqual([`[app/web] env.CART_ADDR: ${EDGE}`]);
  });

  test.each<[string, Partial<WebServiceProps>]>([
    ['a short word', { env: { MODE: 'cartservice', CART: 'cartservice', OTEL_SERVICE_NAME: 'cartservice' } }],
    ['an image', { env: { CART_IMAGE: 'cartservice:7070', TAG: 'ghcr.io/acme/cartservice:7070' } }],
    ['who comes', { env: { ALLOWED_ORIGINS: 'http://cartservice:7070', NO_PROXY: 'cartservice.shop.svc,.local' } }],
    ['another namespace', { env: { CART_ADDR: 'cartservice.prod:7070', B_HOST: 'cartservice.prod.svc' } }],
    ['another name', { env: { A_HOST: 'cart', B_URL: 'http://cartservice.example.com:7070/' } }],
    ['itself', { env: { PUBLIC: 'x', SELF_URL: 'http://app-web:8080', SELF_HOST: 'app-web' } }],
    ['a version', { args: ['--version=cartservice:2', 'take cartservice:1.2 or mycartservice:7070 now'] }],
    ['a key of YAML', { args: ['cartservice: 7070', '{"cartservice":7070}'] }],
  ])('is none that means something else: %s (row B3)', (_, props) => {
    expect(warned(props)).toEqual([]);
  });

  test('is none in a tier that observes, nor of a host network (row B3)', () => {
    expect(
      warned({ env: { CART_ADDR: 'cartservice:7070' } }, ({ chart, web, cart }) => {
        const tiers = new NetworkTiers(chart, 'tiers', {
          tiers: [{ name: 'web' }, { name: 'data' }],
          mode: 'observe',
        } as never);
        tiers.add('web', web);
        tiers.add('data', cart);
      }).filter((warning) => warning.includes('address')),
    ).toEqual([]);
  });
});

test('a port that the Service does not have is a warning (row B3)', () => {
  const connect = ({ web, cart }: Shop): void => web.connectTo(cart);
  const port = (env: Record<string, string>): string[] => warned({ env }, connect);
  expect(port({ CART_ADDR: 'cartservice:8080' })).toEqual([`[app/web] env.CART_ADDR: ${PORT}`]);
  expect(port({ CART_URL: 'http://cartservice/api' })).toEqual([`[app/web] env.CART_URL: ${PORT}`]);
  expect(port({ CART_URL: 'https://cartservice.shop.svc' })).toEqual([`[app/web] env.CART_URL: ${PORT}`]);
  expect(port({ CART_URL: 'tcp://cartservice' })).toEqual([]);
  expect(port({ TEXT: 'see cartservice:12 or cartservice:7070' })).toEqual([]);
});

test('a headless Service has the ports of its pods (row B3)', () => {
  const found = warned({ env: { DB_HOST: 'db-0.db.shop.svc:5432', DB_ADDR: 'db:5432' } }, ({ chart }) => {
    raw(chart, 'db', { kind: 'Service', spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 1 }] } });
    raw(chart, 'pod', {
      kind: 'Pod',
      metadata: { name: 'db', labels: { app: 'db' } },
      spec: { containers: [{ name: 'main', image: WEB.image }] },
    });
  });
  expect(found).toEqual([]);
});

describe('a Service that nobody may reach', () => {
  const unreachable = (build: (chart: Chart) => unknown): string[] =>
    warningsOf((chart) => void build(chart)).filter((warning) => warning.includes('unreachable-service'));

  test('is a warning (row B3)', () => {
    const found = ['[app/web] network/unreachable-service'];
    expect(
      unreachable((chart) => {
        const cart = new WebService(chart, 'cart', WEB);
        new WebService(chart, 'web', WEB).connectTo(cart);
      }),
    ).toEqual(found);
    expect(
      unreachable((chart) => {
        new WebService(chart, 'cart', WEB).allowFrom(ANYONE);
        const password = { secret: SecretRef.named('passwd'), key: 'passwd' };
        return new Redis(chart, 'web', { password, storage: Size.gibibytes(1) });
      }),
    ).toEqual(found);
  });

  test('is one to which no route, no peer, no block and no policy of others leads (row B3)', () => {
    expect(unreachable((chart) => new WebService(chart, 'web', WEB).allowFrom(ANYONE))).toEqual([]);
    expect(unreachable((chart) => new Job(chart, 'job', { image: WEB.image }))).toEqual([]);
    // an app without edges has its policies elsewhere
    expect(unreachable((chart) => ['web', 'cart'].map((id) => new WebService(chart, id, WEB)))).toEqual([]);
    expect(
      unreachable((chart) => {
        const backend = new WebService(chart, 'web', WEB);
        const controller = IngressController.inNamespace('nginx', { className: 'nginx' });
        const routes = [{ path: '/', backend }];
        return new HttpRouting(chart, 'routing', { host: 'shop.example.com', tls: Tls.none(), controller, routes });
      }),
    ).toEqual([]);
    expect(
      unreachable((chart) => {
        new WebService(chart, 'web', WEB);
        new WebService(chart, 'cart', WEB).allowFrom(ANYONE);
        raw(chart, 'policy', {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          spec: { podSelector: {}, ingress: [{}] },
        });
      }),
    ).toEqual([]);
  });

  test.each([
    ['In', []],
    ['NotIn', ['[app/web] network/unreachable-service']],
  ])('follows an expression in a policy of others: %s', (operator, warnings) => {
    const expression = { key: 'app.kubernetes.io/instance', operator, values: ['app-web'] };
    expect(
      unreachable((chart) => {
        new WebService(chart, 'web', WEB);
        new WebService(chart, 'cart', WEB).allowFrom(ANYONE);
        raw(chart, 'policy', {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          spec: { podSelector: { matchExpressions: [expression] }, ingress: [{}] },
        });
      }),
    ).toEqual(warnings);
  });
});

describe('an annotation that asks for scraping', () => {
  const scraped = (
    props: Partial<WebServiceProps>,
    more: (web: WebService, chart: Chart) => unknown = () => 0,
  ): string[] =>
    warningsOf((chart) => {
      const web = new WebService(chart, 'web', { ...WEB, extraPorts: [{ name: 'metrics', port: 9090 }], ...props });
      more(web, chart);
    }).filter((warning) => warning.includes('metrics'));
  const podAnnotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' };

  test('without an edge for the scraper is a warning, of pods and of a Service (row B3)', () => {
    const ofPods = ['[app/web] podAnnotations.prometheus.io/scrape: network/unreachable-metrics'];
    expect(scraped({ podAnnotations })).toEqual(ofPods);
    expect(scraped({ podAnnotations }, (web) => web.allowFrom(ANYONE, { ports: [8080] }))).toEqual(ofPods);
    expect(
      scraped({ podAnnotations: { 'prometheus.io/scrape': 'true' } }, (web, chart) =>
        new WebService(chart, 'front', WEB).connectTo(web),
      ),
    ).toEqual(ofPods);
    expect(scraped({ service: { annotations: { 'prometheus.io/scrape': 'true' } } })).toEqual([
      '[app/web] service.annotations.prometheus.io/scrape: network/unreachable-metrics',
    ]);
  });

  test('is none with it (row B3)', () => {
    expect(scraped({ podAnnotations }, (web) => web.allowFrom(ANYONE, { ports: [9090] }))).toEqual([]);
    expect(
      scraped({ podAnnotations }, (web, chart) => web.allowFrom(new WebService(chart, 'prometheus', WEB))),
    ).toEqual([]);
    expect(scraped({ podAnnotations: { 'prometheus.io/scrape': 'false' } })).toEqual([]);
  });
});

describe('a monitor of the Prometheus Operator', () => {
  const OPERATED = { apiVersion: 'monitoring.coreos.com/v1', metadata: { name: 'monitor' } };
  const monitored = (monitor: object, more: (web: WebService) => unknown = () => 0, inList = false): string[] =>
    warningsOf((chart) => {
      const web = new WebService(chart, 'web', { ...WEB, extraPorts: [{ name: 'metrics', port: 9090 }] });
      more(web);
      const manifest = { ...OPERATED, ...monitor };
      if (inList) new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items: [manifest] });
      else raw(chart, 'monitor', manifest);
    }).filter((warning) => warning.includes('metrics'));
  const matchLabels = { 'app.kubernetes.io/instance': 'app-web' };
  const pods = { kind: 'PodMonitor', spec: { selector: { matchLabels }, podMetricsEndpoints: [{ port: 'metrics' }] } };
  const found = ['[app/web] network/unreachable-metrics'];

  test('of pods of a block without an edge for the scraper is a warning (row B3)', () => {
    expect(monitored(pods)).toEqual(found);
    expect(monitored(pods, () => 0, true)).toEqual(found);
    expect(monitored(pods, (web) => web.allowFrom(ANYONE, { ports: [8080] }))).toEqual(found);
    expect(monitored({ ...pods, spec: { ...pods.spec, podMetricsEndpoints: [{ portNumber: 8080 }] } })).toEqual(found);
    expect(monitored({ ...pods, spec: { ...pods.spec, selector: {} } })).toEqual(found);
    for (const namespaceSelector of [{ any: true }, { matchNames: ['shop'] }]) {
      const metadata = { name: 'monitor', namespace: 'monitoring' };
      expect(monitored({ ...pods, metadata, spec: { ...pods.spec, namespaceSelector } })).toEqual(found);
    }
  });

  test('of a Service is one as well (row B3)', () => {
    const services = (endpoint: object): object => ({
      kind: 'ServiceMonitor',
      spec: { selector: { matchLabels }, endpoints: [endpoint] },
    });
    expect(monitored(services({ port: 'http' }))).toEqual(found);
    expect(monitored(services({ targetPort: 9090 }))).toEqual(found);
    expect(monitored(services({ port: 'other' }))).toEqual([]);
  });

  test('is none with an edge, for other pods, in another namespace (row B3)', () => {
    expect(monitored(pods, (web) => web.allowFrom(ANYONE, { ports: [9090] }))).toEqual([]);
    expect(monitored({ ...pods, spec: { ...pods.spec, selector: { matchLabels: { app: 'other' } } } })).toEqual([]);
    expect(monitored({ ...pods, metadata: { name: 'monitor', namespace: 'monitoring' } })).toEqual([]);
    expect(monitored({ ...pods, spec: { ...pods.spec, podMetricsEndpoints: [{ port: 'missing' }] } })).toEqual([]);
  });
});

describe('a text that names the host of an ExternalService', () => {
  const named = (more: Partial<WebServiceProps>, connect = false): string[] =>
    warned({ env: { DB_HOST: 'db.internal.example.com' }, ...more }, ({ chart, web }) => {
      const database = new ExternalService(chart, 'database', {
        target: ExternalTarget.dnsName('db.internal.example.com', { egress: NameEgress.cidrs(['10.40.0.0/24']) }),
        port: 5432,
      });
      if (connect) web.connectTo(database);
    });

  test('is a warning where no connection opens the policy of its client', () => {
    expect(named({ egress: 'declared' })).toEqual([`[app/web] env.DB_HOST: ${EDGE}`]);
    expect(named({ egress: 'declared', env: { DB_URL: 'postgres://app@db.internal.example.com:5433/app' } })).toEqual([
      `[app/web] env.DB_URL: ${EDGE}`,
    ]);
  });

  test('is fine where all is open, and with a connection', () => {
    expect(named({})).toEqual([]);
    expect(named({ egress: 'declared' }, true).filter((warning) => warning.includes(EDGE))).toEqual([]);
  });
});
