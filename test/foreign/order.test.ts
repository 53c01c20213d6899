import { ApiObject, App as Cdk8sApp, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { App, Cpu, Quota, TenantNamespace, VersionedConfigMap, Worker, Probe } from '../../src';
import { newChart, synth, warningsIn, WEB } from '../support';

const tenant = (chart: Chart, name = 'shop'): TenantNamespace =>
  new TenantNamespace(chart, 'tenant', {
    name,
    owner: 'team@example.com',
    team: 'shop',
    purpose: 'The shop',
    quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) }),
  });
const worker = (chart: Chart, id = 'worker'): Worker =>
  new Worker(chart, id, { image: WEB.image, liveness: Probe.none() });

describe('a Namespace after the objects in it', () => {
  test.each([
    ['TenantNamespace', (chart: Chart) => void tenant(chart)],
    [
      'Namespace of ' + 'cdk8s-plus',
      (chart: Chart) => void new kplus.Namespace(chart, 'namespace', { metadata: { name: 'shop' } }),
    ],
    [
      'raw Namespace',
      (chart: Chart) =>
        void new ApiObject(chart, 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }),
    ],
  ])('comes before them in the file: %s (row B8)', (_, add) => {
    const kinds = synth((chart) => {
      worker(chart);
      add(chart);
    }).map(({ kind }) => kind as string);
    expect(kinds[0]).toBe('Namespace');
    expect(kinds).toContain('Deployment');
  });

  test('leaves the order of all others as it is, under both Apps (row B8)', () => {
    const yamls = [new App(), new Cdk8sApp()].map((app) => {
      const chart = newChart('shop', 'app', app);
      new VersionedConfigMap(chart, 'config', { data: { a: 'b' } });
      worker(chart);
      tenant(chart, 'other');
      return app.synthYaml();
    });
    const kinds = yamls.map((yaml) => [...yaml.matchAll(/^kind: (\w+)$/gm)].map(([, kind]) => kind));
    expect(kinds[0].slice(0, 2)).toEqual(['ConfigMap', 'ServiceAccount']);
    expect(kinds[1]).toEqual(kinds[0]);
  });

  test('of a later file is a warning, and workloads in a reserved namespace are one, inside a List (rows B8 and B17)', () => {
    const app = new App();
    const [apps, tenants] = [new Chart(app, 'apps', { namespace: 'shop' }), new Chart(app, 'tenants')];
    const list = (chart: Chart, ...items: object[]): ApiObject =>
      new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items });
    const pod = (namespace: string): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'old', namespace },
    });
    worker(apps);
    list(apps, pod('shop'), pod('kube-system'));
    list(tenants, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    expect(warningsIn(app)).toEqual(['[apps] namespace: namespace/reserved', '[apps] namespace/applied-late']);
  });

  test('of a later file is a warning, unless the charts depend on each other (row B8)', () => {
    const warned = (names: readonly [string, string], relate = false): string[] => {
      const app = new App();
      const [first, second] = names.map(
        (name) => new Chart(app, name, { namespace: name === 'apps' ? 'shop' : undefined }),
      );
      const [apps, tenants] = names[0] === 'apps' ? [first, second] : [second, first];
      worker(apps);
      tenant(tenants);
      if (relate) apps.addDependency(tenants);
      return warningsIn(app);
    };
    expect(warned(['apps', 'tenants'])).toEqual(['[apps] namespace/applied-late']);
    expect(warned(['tenants', 'apps'])).toEqual(['[apps] namespace/applied-late']);
    expect(warned(['00-tenants', 'apps'])).toEqual([]);
    expect(warned(['apps', 'tenants'], true)).toEqual([]);
  });
});

test('a CustomResourceDefinition comes before its objects (row B8)', () => {
  const kinds = synth((chart) => {
    new ApiObject(chart, 'own', { apiVersion: 'acme.com/v1', kind: 'Shop', metadata: { name: 'own' } });
    worker(chart);
    new ApiObject(chart, 'definition', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'shops.acme.com' },
      spec: { group: 'acme.com', names: { kind: 'Shop', plural: 'shops' } },
    });
  }).map(({ kind }) => kind as string);
  expect(kinds.slice(0, 2)).toEqual(['CustomResourceDefinition', 'Shop']);
});
