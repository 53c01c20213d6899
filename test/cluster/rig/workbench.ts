import { type App, Chart, Testing } from 'cdk8s';
import { Cluster, type Manifest } from './cluster';

/** The manifests of an app, chart by chart in the order of their files. */
export function manifestsOf(app: App): Manifest[] {
  return app.charts.flatMap((chart) => chart.toJson() as Manifest[]);
}

/** The manifests of one chart in a namespace. */
export function synthesize(namespace: string, build: (chart: Chart) => void): Manifest[] {
  const app = Testing.app();
  build(new Chart(app, 'app', { namespace, disableResourceNameHashes: true }));
  return manifestsOf(app);
}

/** A Secret, of which the library writes names only. */
export function secret(namespace: string, name: string, stringData: Record<string, string>, type = 'Opaque'): Manifest {
  return { apiVersion: 'v1', kind: 'Secret', type, stringData, metadata: { name, namespace } };
}

/** Gives each test file a namespace of its own on the real node, and removes it after the tests. */
export function ownNamespace(name: string): string {
  beforeAll(() => Cluster.node.createNamespace(name));
  afterAll(() => Cluster.node.removeNamespace(name));
  return name;
}
