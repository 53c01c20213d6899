import { type App, Chart, Duration, Size } from 'cdk8s';
import {
  Authentication,
  Cpu,
  EnvSource,
  HttpRouting,
  IngressController,
  Probe,
  Redis,
  Resources,
  Tls,
  VersionedSecret,
  WebService,
  type WebServiceProps,
  Worker,
} from 'cdk8s-best-practices';
import { NamespaceChart } from './namespace';

/** What may differ between one place and another. */
export interface BoutiqueProps {
  readonly namespace: string;
  readonly host: string;
  readonly clusterIssuer: string;
  /** Where the images are, and which release. */
  readonly images: string;
  readonly version: string;
}

/** The user of the images. */
const USER = 1000;

const small = Resources.of({ cpu: Cpu.millis(100), cpuLimit: Cpu.millis(200), memory: Size.mebibytes(128) });

/** Online Boutique: a shop of ten services, most of which speak gRPC, a store of carts and a load generator. */
export class Boutique {
  public constructor(app: App, { namespace, host, clusterIssuer, images, version }: BoutiqueProps) {
    new NamespaceChart(app, '00-namespace', namespace);
    const chart = new Chart(app, 'boutique', {
      namespace,
      labels: { 'app.kubernetes.io/part-of': 'online-boutique' },
    });
    const image = (id: string): string => `${images}/${id}:${version}`;

    /** A service that speaks gRPC, and answers its health protocol. */
    const grpc = (id: string, port: number, props: Partial<WebServiceProps> = {}): WebService =>
      new WebService(chart, id, {
        name: id,
        image: image(id),
        port,
        portName: 'grpc',
        readiness: Probe.grpc(),
        liveness: Probe.sameAsReadiness(),
        user: USER,
        resources: small,
        ...props,
        env: { PORT: String(port), DISABLE_PROFILER: '1', ...props.env },
      });

    const products = grpc('productcatalogservice', 3550);
    const currency = grpc('currencyservice', 7000);
    const shipping = grpc('shippingservice', 50051);
    const payment = grpc('paymentservice', 50051);
    const email = grpc('emailservice', 8080, { service: { port: 5000 } });
    const recommendations = grpc('recommendationservice', 8080, {
      resources: Resources.of({ cpu: Cpu.millis(100), cpuLimit: Cpu.millis(200), memory: Size.mebibytes(450) }),
    });
    const ads = grpc('adservice', 9555, {
      startupTimeout: Duration.minutes(2),
      resources: Resources.of({ cpu: Cpu.millis(200), cpuLimit: Cpu.millis(300), memory: Size.mebibytes(300) }),
    });
    const carts = grpc('cartservice', 7070, {
      startupTimeout: Duration.minutes(1),
      resources: Resources.of({ cpu: Cpu.millis(200), cpuLimit: Cpu.millis(300), memory: Size.mebibytes(128) }),
      // the client of .NET takes the password in the same text
      env: { REDIS_ADDR: '$(REDIS_HOST):$(REDIS_PORT),password=$(REDIS_PASSWORD)' },
    });
    const checkout = grpc('checkoutservice', 5050);

    const frontend = new WebService(chart, 'frontend', {
      name: 'frontend',
      image: image('frontend'),
      port: 8080,
      service: { port: 80 },
      readiness: Probe.httpGet('/_healthz', { headers: { Cookie: 'shop_session-id=x-readiness-probe' } }),
      user: USER,
      resources: small,
      env: {
        PORT: '8080',
        ENABLE_PROFILER: '0',
        // an option that is not installed: the process wants the variable all the same
        SHOPPING_ASSISTANT_SERVICE_ADDR: 'shoppingassistantservice:80',
      },
    });

    const load = new Worker(chart, 'loadgenerator', {
      name: 'loadgenerator',
      image: image('loadgenerator'),
      liveness: Probe.none(),
      replicas: 1,
      user: USER,
      resources: Resources.of({ cpu: Cpu.millis(300), cpuLimit: Cpu.millis(500), memory: Size.mebibytes(512) }),
      env: { USERS: '10', RATE: '1' },
    });

    const password = new VersionedSecret(chart, 'redis-passwd', { version: 'v1' });
    const redis = new Redis(chart, 'redis-cart', {
      name: 'redis-cart',
      replicas: 1,
      password: { secret: password, key: 'passwd' },
      storage: Size.gibibytes(1),
      maxMemory: Size.mebibytes(128),
    });
    carts.connectTo(redis, { prefix: 'REDIS' });
    carts.addEnv('REDIS_PASSWORD', EnvSource.secret(password, 'passwd'));

    const edge = (from: WebService | Worker, to: WebService, address: string): void => from.connectTo(to, { address });
    for (const from of [frontend, checkout]) {
      edge(from, products, 'PRODUCT_CATALOG_SERVICE_ADDR');
      edge(from, currency, 'CURRENCY_SERVICE_ADDR');
      edge(from, carts, 'CART_SERVICE_ADDR');
      edge(from, shipping, 'SHIPPING_SERVICE_ADDR');
    }
    edge(checkout, payment, 'PAYMENT_SERVICE_ADDR');
    edge(checkout, email, 'EMAIL_SERVICE_ADDR');
    edge(frontend, recommendations, 'RECOMMENDATION_SERVICE_ADDR');
    edge(frontend, checkout, 'CHECKOUT_SERVICE_ADDR');
    edge(frontend, ads, 'AD_SERVICE_ADDR');
    edge(recommendations, products, 'PRODUCT_CATALOG_SERVICE_ADDR');
    edge(load, frontend, 'FRONTEND_ADDR');

    new HttpRouting(chart, 'routing', {
      host,
      tls: Tls.certManager({ clusterIssuer }),
      authentication: Authentication.none(),
      controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
      routes: [{ path: '/', backend: frontend }],
    });
  }
}
