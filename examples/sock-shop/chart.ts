import { type App, Chart, Duration, Size } from 'cdk8s';
import {
  Authentication,
  Cpu,
  HttpRouting,
  IngressController,
  Probe,
  RedisCache,
  Resources,
  StatefulService,
  type StatefulServiceProps,
  Tls,
  VersionedSecret,
  WebService,
  type WebServiceProps,
  Worker,
} from 'cdk8s-best-practices';
import { NamespaceChart } from './namespace';

/** What may differ between one place and another. */
export interface SockShopProps {
  readonly namespace: string;
  readonly host: string;
  readonly clusterIssuer: string;
}

/** The user of the shop's own images. */
const SHOP_USER = 10001;
/** The user of the official images of MongoDB, MySQL and RabbitMQ. */
const STORE_USER = 999;

const JAVA_OPTS = '-Xms64m -Xmx128m -XX:+UseG1GC -Djava.security.egd=file:/dev/urandom -Dspring.zipkin.enabled=false';

const shopImage = (id: string, version: string): string => `docker.io/weaveworksdemos/${id}:${version}`;

const resources = (cpuLimit: number, memory: number): Resources =>
  Resources.of({ cpu: Cpu.millis(100), cpuLimit: Cpu.millis(cpuLimit), memory: Size.mebibytes(memory) });

/** Sock Shop: seven services, a queue with its consumer, a cache of sessions, and stores. */
export class SockShop {
  public constructor(app: App, { namespace, host, clusterIssuer }: SockShopProps) {
    new NamespaceChart(app, '00-namespace', namespace);
    const chart = new Chart(app, 'sock-shop', {
      namespace,
      labels: { 'app.kubernetes.io/part-of': 'sock-shop' },
    });

    /** A server of data with one member and its own volume. */
    const store = (
      id: string,
      image: string,
      [portName, port]: [string, number],
      path: string,
      props: Partial<StatefulServiceProps> = {},
    ): StatefulService =>
      new StatefulService(chart, id, {
        name: id,
        image,
        port,
        portName,
        user: STORE_USER,
        readiness: Probe.portOnly(),
        writablePaths: ['/tmp'],
        resources: resources(500, 512),
        // file systems of disks have lost+found at their root, which MySQL refuses
        claims: [{ path, subPath: 'data', size: Size.gibibytes(1) }],
        ...props,
      });

    const cartsDb = store('carts-db', 'docker.io/library/mongo:3.6.23', ['mongo', 27017], '/data/db');
    const ordersDb = store('orders-db', 'docker.io/library/mongo:3.6.23', ['mongo', 27017], '/data/db');
    const userDb = store('user-db', shopImage('user-db', '0.3.0'), ['mongo', 27017], '/data/db-users');
    const catalogueDb = store('catalogue-db', shopImage('catalogue-db', '0.3.0'), ['mysql', 3306], '/var/lib/mysql', {
      env: { MYSQL_DATABASE: 'socksdb', MYSQL_ROOT_PASSWORD_FILE: '/etc/catalogue-db/password' },
      writablePaths: ['/tmp', '/var/run/mysqld'],
    });
    catalogueDb.mount('/etc/catalogue-db', new VersionedSecret(chart, 'catalogue-db-root', { version: 'v1' }));

    const queue = store(
      'rabbitmq',
      'docker.io/library/rabbitmq:3.6.8-management',
      ['amqp', 5672],
      '/var/lib/rabbitmq',
      {
        sidecars: [
          {
            name: 'exporter',
            image: 'docker.io/kbudde/rabbitmq-exporter:v0.29.0',
            ports: [{ name: 'exporter', port: 9090 }],
          },
        ],
      },
    );

    const sessions = new RedisCache(chart, 'session-db', {
      name: 'session-db',
      withoutPassword: 'The client in the front end knows none',
    });

    /** A service of the shop. All listen on port 80. */
    const service = (id: string, version: string, props: Partial<WebServiceProps> = {}): WebService =>
      new WebService(chart, id, {
        name: id,
        image: shopImage(id, version),
        port: 80,
        unprivilegedPortStart: 80,
        user: SHOP_USER,
        readiness: Probe.httpGet('/health'),
        startupTimeout: Duration.minutes(5),
        resources: resources(200, 200),
        ...props,
      });
    const java = { env: { JAVA_OPTS }, writablePaths: ['/tmp'], resources: resources(300, 500) };

    const carts = service('carts', '0.4.8', java);
    const orders = service('orders', '0.4.7', java);
    const shipping = service('shipping', '0.4.8', java);
    const payment = service('payment', '0.4.3');
    const user = service('user', '0.4.7');
    const catalogue = service('catalogue', '0.3.5', { command: ['/app'], args: ['-port=80'] });
    const frontEnd = service('front-end', '0.3.12', {
      port: 8079,
      unprivilegedPortStart: undefined,
      service: { port: 80 },
      readiness: Probe.httpGet('/'),
      env: { SESSION_REDIS: 'true' },
      resources: resources(300, 1000),
    });
    const queueMaster = new Worker(chart, 'queue-master', {
      name: 'queue-master',
      image: shopImage('queue-master', '0.3.1'),
      liveness: Probe.none(),
      // it also has a web server, which no client uses
      unprivilegedPortStart: 80,
      user: SHOP_USER,
      ...java,
    });

    for (const target of [carts, catalogue, orders, user, sessions]) frontEnd.connectTo(target);
    for (const target of [carts, payment, shipping, user, ordersDb]) orders.connectTo(target);
    for (const client of [shipping, queueMaster]) client.connectTo(queue);
    carts.connectTo(cartsDb);
    catalogue.connectTo(catalogueDb);
    user.connectTo(userDb, { address: 'MONGO_HOST' });

    new HttpRouting(chart, 'routing', {
      host,
      tls: Tls.certManager({ clusterIssuer }),
      authentication: Authentication.none(),
      controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
      routes: [{ path: '/', backend: frontEnd }],
    });
  }
}
