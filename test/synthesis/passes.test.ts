import { ApiObject, App as Cdk8sApp, type App, Chart, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  App as OurApp,
  ClusterProfile,
  Cpu,
  DisruptionBudget,
  ExternalService,
  ExternalTarget,
  HttpRouting,
  IngressController,
  Inventory,
  NameEgress,
  NetworkTiers,
  Peer,
  Probe,
  Quota,
  Resources,
  TenantNamespace,
  Tls,
  WebService,
} from '../../src';
import { AppModel } from '../../src/kernel/facts/app-model';
import { PassView } from '../../src/kernel/facts/pass-view';

const WEB = { image: 'ghcr.io/acme/web:1.4.2', port: 8080, readiness: Probe.httpGet('/readyz') };

/** The ways to synthesize a chart of an app. */
const WAYS: ReadonlyArray<[name: string, newApp: () => App, synthesize: (chart: Chart) => unknown]> = [
  ["cdk8s' App", () => new Cdk8sApp(), (chart) => (chart.node.root as App).synthYaml()],
  ['our App', () => new OurApp(), (chart) => (chart.node.root as App).synthYaml()],
  ['Testing.synth', () => new Cdk8sApp(), (chart) => Testing.synth(chart)],
];

/** What the second synthesis says, after something has happened; both without a pause, as in a test. */
function secondTime([, newApp, synthesize]: (typeof WAYS)[number], build: (chart: Chart) => () => void): string {
  const chart = new Chart(newApp(), 'app', { namespace: 'shop' });
  const change = build(chart);
  synthesize(chart);
  change();
  try {
    synthesize(chart);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

function addTenant(chart: Chart): void {
  new TenantNamespace(chart, 'tenant', {
    name: 'shop',
    owner: 'shop@example.com',
    team: 'shop',
    purpose: 'The shop',
    quota: Quota.of({ cpu: Cpu.units(2), memory: Size.gibibytes(4) }),
  });
}

describe.each(WAYS)('each synthesis looks at the app anew: %s', (...way) => {
  test('an object that was added since is compared with the others', () => {
    expect(
      secondTime(way, (chart) => {
        new WebService(chart, 'web', WEB);
        return () => new ApiObject(chart, 'dup', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'app-web' } });
      }),
    ).toContain("Service 'shop/app-web': got 2 on cluster 'default' (app/web/Service, app/dup), expected one");
  });

  test('a JSON patch that was added since counts in the quota', () => {
    expect(
      secondTime(way, (chart) => {
        addTenant(chart);
        const web = new WebService(chart, 'web', WEB);
        return () => web.deployment.addJsonPatch(JsonPatch.replace('/spec/replicas', 500));
      }),
    ).toContain("prop 'quota.cpu': got 50100m");
  });

  test('an autoscaler of cdk8s-plus that was added since decides whether drains are blocked', () => {
    expect(
      secondTime(way, (chart) => {
        const web = new WebService(chart, 'web', {
          ...WEB,
          replicas: 3,
          budget: DisruptionBudget.minAvailable(2),
          resources: Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(64) }),
        });
        return () =>
          new ApiObject(chart, 'hpa', {
            apiVersion: 'autoscaling/v2',
            kind: 'HorizontalPodAutoscaler',
            spec: {
              minReplicas: 2,
              maxReplicas: 5,
              scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: web.name },
            },
          });
      }),
    ).toContain("the minimum of 'app/hpa'");
  });

  test('a namespace that was relabelled since is compared with the selectors', () => {
    expect(
      secondTime(way, (chart) => {
        const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });
        const web = new WebService(chart, 'web', WEB);
        tiers.add('web', web);
        web.allowFrom(Peer.fromKplus(kplus.Namespaces.select(chart, 'team', { labels: { team: 'b' } })));
        const namespace = new ApiObject(chart, 'namespace', {
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: 'shop', labels: { team: 'a' } },
        });
        return () => namespace.metadata.addLabel('team', 'b');
      }),
    ).toContain("no selector that may match pods of the tiers ('app/web')");
  });

  test('a profile that was assigned since counts', () => {
    expect(
      secondTime(way, (chart) => {
        new WebService(chart, 'web', { ...WEB, spread: 'hard' });
        return () => new ClusterProfile({ zones: 1 }).assignTo(chart);
      }),
    ).toContain("expected 'soft' on a cluster of one zone");
  });
});

describe('a pass has one view of the app', () => {
  const charts = (app: App, count: number): Chart[] =>
    Array.from({ length: count }, (_, number) => {
      const chart = new Chart(app, `c${number}`, { namespace: `c${number}` });
      const web = new WebService(chart, 'web', WEB);
      new TenantNamespace(chart, 'tenant', {
        name: `c${number}`,
        owner: 'a',
        team: 'a',
        purpose: 'p',
        quota: Quota.of({ cpu: Cpu.units(50), memory: Size.gibibytes(50) }),
      });
      new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] }).add('web', web);
      web.connectTo(
        new ExternalService(chart, 'db', {
          target: ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() }),
          port: 5432,
        }),
      );
      return chart;
    });
  const looksAt = (action: () => unknown): number => {
    const looks = jest.spyOn(AppModel.prototype, 'look');
    action();
    const { length } = looks.mock.calls;
    looks.mockRestore();
    return length;
  };

  test('under the App of cdk8s, which validates once more for each chart', () => {
    const app = new Cdk8sApp();
    charts(app, 10);
    expect([looksAt(() => app.synthYaml()), looksAt(() => app.synthYaml())]).toEqual([11, 11]);
  });

  test('under our App, and one more where the first added objects that follow from the facts', () => {
    const app = new OurApp();
    charts(app, 10);
    expect([looksAt(() => app.synthYaml()), looksAt(() => app.synthYaml())]).toEqual([2, 1]);
  });

  test('with Testing.synth; a single object needs none', () => {
    const [chart] = charts(new Cdk8sApp(), 3);
    expect([
      looksAt(() => Testing.synth(chart)),
      looksAt(() => (chart.node.findChild('web') as WebService).deployment.toJson()),
    ]).toEqual([1, 0]);
  });

  test('where a construct is validated alone, twice is two', () => {
    const chart = new Chart(new Cdk8sApp(), 'app', { namespace: 'shop' });
    const web = new WebService(chart, 'web', { ...WEB, spread: 'hard' });
    expect(web.node.validate()).toEqual([]);
    new ClusterProfile({ zones: 1 }).assignTo(chart);
    expect(web.node.validate()).toHaveLength(1);
  });

  // counted, not timed: what grows with the square of the app shows on any machine
  test.each([
    ['in charts of their own', 1],
    ['in one chart', Infinity],
  ])('and looks at its blocks in proportion to their number: %s', (_, perChart) => {
    const [few, many] = [20, 200].map((count) => {
      const app = new OurApp();
      const spies = [
        jest.spyOn(AppModel.prototype, 'all'),
        jest.spyOn(AppModel.prototype, 'by'),
        jest.spyOn(PassView.prototype, 'derive'),
        jest.spyOn(ApiObject.prototype, 'toJson'),
      ];
      let chart = new Chart(app, 'app', { namespace: 'shop' });
      const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }, { name: 'api' }] });
      const api = new WebService(chart, 'api', WEB);
      tiers.add('api', api);
      tiers.allowScraping(Peer.pods({ namespace: 'monitoring', labels: { app: 'prometheus' } }), { portName: 'http' });
      const db = new ExternalService(chart, 'db', {
        target: ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() }),
        port: 5432,
      });
      for (let number = 0; number < count; number++) {
        if (perChart === 1) chart = new Chart(app, `c${number}`, { namespace: 'shop' });
        const web = new WebService(chart, `web${number}`, WEB);
        tiers.add('web', web);
        web.connectTo(api);
        web.connectTo(db);
      }
      new ClusterProfile({ name: 'prod' }).assignTo(app);
      app.synthYaml();
      const counts = spies.map((spy) => spy.mock.calls.length);
      for (const spy of spies) spy.mockRestore();
      return counts;
    });
    many.forEach((value, index) => expect([index, value <= 10 * few[index]]).toEqual([index, true]));
  });
});

describe('objects that follow from the facts', () => {
  test('come with the first pass, and a second one changes nothing', () => {
    const chart = new Chart(new Cdk8sApp(), 'app', { namespace: 'shop' });
    const web = new WebService(chart, 'web', { ...WEB, egress: 'declared' });
    const db = new ExternalService(chart, 'db', {
      target: ExternalTarget.dnsName('db.example.com', { egress: NameEgress.calico() }),
      port: 5432,
    });
    web.connectTo(db);
    const [first, second] = [Testing.synth(chart), Testing.synth(chart)];
    expect(second).toEqual(first);
    expect((first as Array<{ metadata: { name: string } }>).map(({ metadata }) => metadata.name)).toContain(
      'app-web-to-app-db',
    );
    expect(Inventory.of(chart).objects.filter(({ name }) => name === 'app-web-to-app-db')).toHaveLength(1);
    expect(db.namePolicies).toHaveLength(1);
  });

  test('go when another cluster has no closed namespace', () => {
    const app = new Cdk8sApp();
    const chart = new Chart(app, 'app', { namespace: 'shop' });
    const platform = new Chart(app, 'platform');
    addTenant(platform);
    const web = new WebService(chart, 'web', WEB);
    const db = new ExternalService(chart, 'db', {
      target: ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() }),
      port: 5432,
    });
    web.connectTo(db);
    const names = (): string[] =>
      (Testing.synth(chart) as Array<{ metadata: { name: string } }>).map(({ metadata }) => metadata.name);
    expect(names()).toContain('app-web-to-app-db');
    new ClusterProfile({ name: 'elsewhere' }).assignTo(chart);
    expect(names()).not.toContain('app-web-to-app-db');
    expect(db.namePolicies).toEqual([]);
  });

  test('of a routing are those of the controller of the cluster', () => {
    const app = new Cdk8sApp();
    const chart = new Chart(app, 'app', { namespace: 'shop' });
    const web = new WebService(chart, 'web', WEB);
    const routing = new HttpRouting(chart, 'routing', {
      host: 'shop.example.com',
      tls: Tls.none(),
      routes: [
        { path: '/', backend: web },
        { path: '/exact', pathType: 'Exact', backend: web },
      ],
    });
    new ClusterProfile({
      ingressController: IngressController.inNamespace('traefik', { className: 'traefik' }),
    }).assignTo(app);
    Testing.synth(chart);
    expect(routing.ingresses.map(({ name }) => name)).toEqual(['app-routing', 'app-routing-exact']);
    new ClusterProfile({ ingressController: IngressController.inNamespace('edge', { className: 'haproxy' }) }).assignTo(
      chart,
    );
    const ingresses = (
      Testing.synth(chart) as Array<{
        kind: string;
        spec: { ingressClassName: string; rules: Array<{ http: { paths: unknown[] } }> };
      }>
    ).filter(({ kind }) => kind === 'Ingress');
    expect(ingresses.map(({ spec }) => [spec.ingressClassName, spec.rules[0].http.paths.length])).toEqual([
      ['haproxy', 2],
    ]);
    expect(routing.ingresses).toEqual([routing.ingress]);
  });
});
