import { ApiObject, App as Cdk8sApp, type App, Chart, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { App as OurApp, ClusterProfile, Cpu, DisruptionBudget, NetworkTiers, Peer, Probe, Quota, Resources, TenantNamespace, WebService } from '../../src';

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
    name: 'shop', owner: 'shop@example.com', team: 'shop', purpose: 'The shop', quota: Quota.of({ cpu: Cpu.units(2), memory: Size.gibibytes(4) }),
  });
}

describe.each(WAYS)('each synthesis looks at the app anew: %s', (...way) => {
  test('an object that was added since is compared with the others', () => {
    expect(secondTime(way, (chart) => {
      new WebService(chart, 'web', WEB);
      return () => new ApiObject(chart, 'dup', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'app-web' } });
    })).toContain("Service 'shop/app-web': got 2 on cluster 'default' (app/web/Service, app/dup), expected one");
  });

  test('a JSON patch that was added since counts in the quota', () => {
    expect(secondTime(way, (chart) => {
      addTenant(chart);
      const web = new WebService(chart, 'web', WEB);
      return () => web.deployment.addJsonPatch(JsonPatch.replace('/spec/replicas', 500));
    })).toContain("prop 'quota.cpu': got 50100m");
  });

  test('an autoscaler of cdk8s-plus that was added since decides whether drains are blocked', () => {
    expect(secondTime(way, (chart) => {
      const web = new WebService(chart, 'web', { ...WEB, replicas: 3, budget: DisruptionBudget.minAvailable(2), resources: Resources.of({ cpu: Cpu.millis(100), memory: Size.mebibytes(64) }) });
      return () => new ApiObject(chart, 'hpa', {
        apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', spec: { minReplicas: 2, maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: web.name } },
      });
    })).toContain("the least of 'app/hpa'");
  });

  test('a namespace that was relabelled since is compared with the selectors', () => {
    expect(secondTime(way, (chart) => {
      const tiers = new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] });
      const web = new WebService(chart, 'web', WEB);
      tiers.add('web', web);
      web.allowFrom(Peer.fromKplus(kplus.Namespaces.select(chart, 'team', { labels: { team: 'b' } })));
      const namespace = new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } });
      return () => namespace.metadata.addLabel('team', 'b');
    })).toContain("no labels that pods of the tiers may have (those of 'app/web')");
  });

  test('a profile that was assigned since counts', () => {
    expect(secondTime(way, (chart) => {
      new WebService(chart, 'web', { ...WEB, spread: 'hard' });
      return () => new ClusterProfile({ zones: 1 }).assignTo(chart);
    })).toContain("expected 'soft' on a cluster of one zone");
  });
});
