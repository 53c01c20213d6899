import { type App, Chart, Testing } from 'cdk8s';
import { Cluster, type Manifest } from './cluster';
import { PROBE } from './images';

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

/** A pod that nobody declared, with the probe image: Ready when the kubelet reaches its port `http`, 8080. */
export function barePod(name: string, namespace: string, labels: Record<string, string>): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'main',
          image: PROBE,
          ports: [{ name: 'http', containerPort: 8080 }],
          readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
          resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '64Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  };
}

/** Gives each test file a namespace of its own on the real node, and removes it after the tests. */
export function ownNamespace(name: string): string {
  beforeAll(() => Cluster.node.createNamespace(name));
  afterAll(() => Cluster.node.removeNamespace(name));
  return name;
}
