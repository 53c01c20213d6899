import { type App, Chart, Size } from 'cdk8s';
import {
  Authentication,
  Autoscaling,
  Cpu,
  HttpRouting,
  IngressController,
  NetworkTiers,
  Peer,
  Probe,
  Redis,
  Resources,
  Tls,
  VersionedSecret,
  WebService,
} from 'cdk8s-best-practices';
import { NamespaceChart } from './namespace';

/** What may differ between one place and another. */
export interface ThreeTierProps {
  readonly namespace: string;
  readonly host: string;
  readonly clusterIssuer: string;
  readonly images: { readonly shop: string; readonly orders: string; readonly catalog: string };
}

/** A shop in three tiers: pages, two services behind them, and a database that only these reach. */
export class ThreeTier {
  public readonly tiers: NetworkTiers;

  public constructor(app: App, { namespace, host, clusterIssuer, images }: ThreeTierProps) {
    const component = (id: string): Chart =>
      new Chart(app, id, { namespace, labels: { 'app.kubernetes.io/part-of': 'shop' } });
    new NamespaceChart(app, '00-namespace', namespace);

    // its own chart, applied right after the namespace: the tiers are closed before the first pod is there
    this.tiers = new NetworkTiers(component('01-tiers'), 'Default', {
      tiers: [{ name: 'web', internetFacing: true }, { name: 'api' }, { name: 'db' }],
    });

    const data = component('redis');
    const redis = new Redis(data, 'Default', {
      password: { secret: new VersionedSecret(data, 'redis-passwd', { version: 'v1' }), key: 'passwd' },
      storage: Size.gibibytes(10),
    });
    const service = (id: string, image: string): WebService =>
      new WebService(component(id), 'Default', {
        image,
        port: 8080,
        extraPorts: [{ name: 'metrics', port: 9090 }],
        resources: Resources.of({ cpu: Cpu.millis(250), memory: Size.mebibytes(256) }),
        readiness: Probe.httpGet('/readyz'),
        liveness: Probe.httpGet('/healthz'),
        autoscaling: Autoscaling.onCpu({ min: 2, max: 6, target: 70 }),
      });
    const shop = service('shop', images.shop);
    const orders = service('orders', images.orders);
    const catalog = service('catalog', images.catalog);

    this.tiers.add('web', shop);
    this.tiers.add('api', orders);
    this.tiers.add('api', catalog);
    this.tiers.add('db', redis);

    shop.connectTo(orders);
    shop.connectTo(catalog);
    orders.connectTo(redis);
    this.tiers.allowScraping(
      Peer.pods({ namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } }),
    );

    new HttpRouting(component('routing'), 'Default', {
      host,
      tls: Tls.certManager({ clusterIssuer }),
      authentication: Authentication.byApp(),
      controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
      routes: [{ path: '/', backend: shop }],
    });
  }
}
