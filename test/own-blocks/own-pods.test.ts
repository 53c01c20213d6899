import type { Chart } from 'cdk8s';
import { App, ApiObject, JsonPatch, Size, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import type { AppView } from '../../src';
import {
  ClusterProfile,
  Cpu,
  Inventory,
  NetworkTiers,
  OwnPods,
  Quota,
  Rules,
  RuntimeClass,
  TenantNamespace,
  VersionedSecret,
  WebService,
  Redis,
} from '../../src';
import { Cache } from '../outside/cache';
import { type Manifest, newChart, only, problemsOf, problemsOfApp, warningsIn, WEB } from '../support';

function shop(build: (chart: Chart, web: WebService, cache: Cache) => void = () => undefined, replicas = 2): Chart {
  const chart = newChart();
  const [web, cache] = [
    new WebService(chart, 'web', { ...WEB, egress: 'declared' }),
    new Cache(chart, 'cache', { replicas }),
  ];
  build(chart, web, cache);
  return chart;
}

const synthesized = (chart: Chart): Manifest[] => Testing.synth(chart) as Manifest[];
const CACHE = { 'app.kubernetes.io/instance': 'app-cache' };
const WEB_PODS = { 'app.kubernetes.io/instance': 'app-web' };

describe('a block from outside', () => {
  test('is connected to like ours', () => {
    const all = synthesized(shop((_, web, cache) => web.connectTo(cache)));
    expect(only(all, 'NetworkPolicy', 'app-cache').spec.ingress).toEqual([
      { from: [{ podSelector: { matchLabels: WEB_PODS } }], ports: [{ port: 11211, protocol: 'TCP' }] },
    ]);
    expect(only(all, 'NetworkPolicy', 'app-web').spec.egress).toContainEqual({
      to: [{ podSelector: { matchLabels: CACHE } }],
      ports: [{ port: 11211, protocol: 'TCP' }],
    });
    expect(only(all, 'Deployment', 'app-web').spec.template.spec.containers[0].env).toContainEqual({
      name: 'CACHE_HOST',
      value: 'app-cache',
    });
  });

  test('connects like ours', () => {
    const all = synthesized(
      shop((chart, _, cache) => {
        const password = { secret: new VersionedSecret(chart, 'passwd', { version: 'v1' }), key: 'passwd' };
        cache.warmUpFrom(new Redis(chart, 'redis', { storage: Size.gibibytes(1), password }));
      }),
    );
    expect(only(all, 'Deployment', 'app-cache').spec.template.spec.containers[0].env).toEqual([
      { name: 'WARM_UP', value: 'app-redis:6379' },
    ]);
    expect(only(all, 'NetworkPolicy', 'app-redis').spec.ingress).toContainEqual({
      from: [{ podSelector: { matchLabels: CACHE } }],
      ports: [{ port: 6379, protocol: 'TCP' }],
    });
  });

  test('chooses a port by its name', () => {
    const all = synthesized(shop((_, web, cache) => cache.warmUpFrom(web, 'http')));
    expect(only(all, 'Deployment', 'app-cache').spec.template.spec.containers[0].env).toEqual([
      { name: 'WARM_UP', value: 'app-web:8080' },
    ]);
    const refused = problemsOfApp(shop((_, web, cache) => cache.warmUpFrom(web, 'metrics')).node.root as App);
    expect(refused).toEqual(['[app/cache] connectTo.port: reference/missing-port']);
  });

  test('is in a tier: its pods and its policy have the label, its egress is closed, and the order of tiers holds', () => {
    const chart = shop((scope, web, cache) => {
      const tiers = new NetworkTiers(scope, 'tiers', { tiers: [{ name: 'web' }, { name: 'data' }] });
      tiers.add('web', web);
      tiers.add('data', cache);
      web.connectTo(cache);
    });
    const all = synthesized(chart);
    expect(only(all, 'Deployment', 'app-cache').spec.template.metadata.labels).toMatchObject({
      ...CACHE,
      tier: 'data',
    });
    expect(only(all, 'NetworkPolicy', 'app-cache').metadata.labels.tier).toBe('data');
    expect(only(all, 'NetworkPolicy', 'app-cache').spec.policyTypes).toEqual(['Ingress', 'Egress']);
    const against = shop((scope, web, cache) => {
      const tiers = new NetworkTiers(scope, 'tiers', { tiers: [{ name: 'data' }, { name: 'web' }] });
      tiers.add('web', web);
      tiers.add('data', cache);
      web.connectTo(cache);
    });
    expect(problemsOfApp(App.of(against))).toEqual([expect.stringContaining('tiers/')]);
  });

  test('counts in the quota of its namespace, once', () => {
    const quota =
      (pods: number) =>
      (scope: Chart): unknown =>
        new TenantNamespace(scope, 'shop', {
          name: 'shop',
          owner: 'jane@example.com',
          team: 'shop',
          purpose: 'the shop',
          quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(8), pods }),
        });
    expect(problemsOfApp(App.of(shop(quota(6))))).toEqual([]);
    expect(problemsOfApp(App.of(shop(quota(5))))).toEqual([expect.stringContaining('quota')]);
  });

  test('counts in the capacity of the cluster', () => {
    const profile = new ClusterProfile({ nodes: 3, allocatable: { cpu: Cpu.units(2), memory: Size.gibibytes(8) } });
    const warnings = (replicas: number): string[] =>
      warningsIn(App.of(shop((chart) => profile.assignTo(chart), replicas)));
    expect(warnings(2)).toEqual([]);
    expect(warnings(20)).toEqual([expect.stringContaining('cluster/capacity')]);
  });

  test('counts with the overhead of its RuntimeClass, in capacity, quota and inventory', () => {
    const sandboxed = (millis: number, quota?: Cpu): App => {
      const chart = newChart();
      new ClusterProfile({ nodes: 2, allocatable: { cpu: Cpu.units(2), memory: Size.gibibytes(8) } }).assignTo(chart);
      if (quota !== undefined) {
        const team = { owner: 'jane@example.com', team: 'shop', purpose: 'the shop' };
        const limits = Quota.of({ cpu: quota, memory: Size.gibibytes(8) });
        new TenantNamespace(chart, 'shop', { name: 'shop', ...team, quota: limits });
      }
      const overhead = { cpu: Cpu.millis(millis), memory: Size.mebibytes(64) };
      const { name: runtimeClassName } = new RuntimeClass(chart, 'gvisor', { handler: 'runsc', overhead });
      const cache = new Cache(chart, 'cache', { replicas: 2 });
      const deployment = cache.node.tryFindChild('Deployment') as ApiObject;
      deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/runtimeClassName', runtimeClassName));
      return App.of(chart);
    };
    expect(Inventory.of(sandboxed(700)).workloads[0]).toMatchObject({ cpu: '1900m', memory: '256Mi' });
    expect(warningsIn(sandboxed(750))).toEqual([]);
    expect(warningsIn(sandboxed(751))).toEqual([expect.stringContaining('cluster/capacity')]);
    expect(problemsOfApp(sandboxed(750, Cpu.units(3)))).toEqual([]);
    expect(problemsOfApp(sandboxed(751, Cpu.units(3)))).toEqual([expect.stringContaining('namespace/quota')]);
  });

  test('is in the inventory, with its connections', () => {
    const { workloads, connections } = Inventory.of(App.of(shop((_, web, cache) => web.connectTo(cache))));
    expect(workloads).toContainEqual({
      kind: 'Deployment',
      namespace: 'shop',
      name: 'app-cache',
      replicas: 2,
      cpu: '500m',
      memory: '128Mi',
    });
    expect(connections).toContainEqual({ from: 'app/web', to: 'app/cache', ports: '11211' });
  });

  test('is seen by rules', () => {
    const chart = shop();
    const seen: unknown[] = [];
    Rules.of(chart).add({
      id: 'acme/images',
      check: (view: AppView) => {
        seen.push(...view.workloads().filter(({ name }) => name === 'app-cache'));
        return [];
      },
    });
    synthesized(chart);
    expect(seen).toContainEqual(
      expect.objectContaining({
        kind: 'Deployment',
        images: ['docker.io/library/memcached:1.6.38'],
        cpuMillis: 250,
        mostReplicas: 2,
      }),
    );
  });

  test('must say which object runs the pods, and shares its name with no other', () => {
    expect(problemsOf((chart) => new OwnPods(new Construct(chart, 'x') as never))).toEqual([
      '[app/x] runBy: workload/no-controller',
    ]);
    expect(
      problemsOf((chart) => {
        new Cache(chart, 'x', { replicas: 1 });
        new WebService(chart, 'y', { ...WEB, name: 'app-x' });
      }),
    ).toContainEqual(expect.stringContaining('workload/duplicate-name'));
    expect(
      problemsOf((chart) =>
        new OwnPods(new Construct(chart, 'x') as never).runBy(
          new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap' }),
        ),
      ),
    ).toEqual(['[app/x] runBy: props/value', '[app/x] runBy: workload/no-controller']);
  });
});
