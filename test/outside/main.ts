import { deepStrictEqual } from 'node:assert';
// eslint-disable-next-line import/no-unresolved
import { Cache } from 'acme-cache';
import { Chart, Size } from 'cdk8s';
import {
  App,
  Cpu,
  findingsOf,
  Inventory,
  NetworkTiers,
  Probe,
  Quota,
  TenantNamespace,
  WebService,
} from 'cdk8s-best-practices';

// an app of the library and of a block from another package; CI runs it with both as packed tarballs
function shop(pods: number): App {
  const app = new App();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new TenantNamespace(chart, 'tenant', {
    name: 'shop',
    owner: 'jane@example.com',
    team: 'shop',
    purpose: 'the shop',
    quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(8), pods }),
  });
  const web = new WebService(chart, 'web', {
    image: 'ghcr.io/acme/web:1.4.2',
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
  });
  const cache = new Cache(chart, 'cache', { replicas: 2 });
  const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }, { name: 'data' }] });
  tiers.add('web', web);
  tiers.add('data', cache);
  web.connectTo(cache);
  return app;
}

const app = shop(6);
const yaml = app.synthYaml();
deepStrictEqual(/tier: data/.test(yaml), true, 'the label of the tier');
const { workloads, connections } = Inventory.of(app);
deepStrictEqual(
  workloads.map(({ kind, name, replicas }) => [kind, name, replicas]),
  [
    ['Deployment', 'shop-web', 2],
    ['Deployment', 'shop-cache', 2],
  ],
);
deepStrictEqual(connections, [{ from: 'shop/web', to: 'shop/cache', ports: '11211' }]);
deepStrictEqual(
  findingsOf(shop(5)).map(({ rule }) => rule),
  ['namespace/quota', 'network/unreachable-service'],
);
console.log('a block of another package is connected, in a tier, counted and listed');
