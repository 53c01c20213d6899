import { type App, Chart, Size } from 'cdk8s';
import {
  Authentication,
  Autoscaling,
  Cpu,
  ExistingNamespace,
  HttpRouting,
  IngressController,
  Probe,
  Redis,
  Resources,
  StaticSite,
  Tls,
  VersionedConfigMap,
  VersionedSecret,
  WebService,
} from 'cdk8s-best-practices';
import type { Environment } from './environments';
import { NamespaceChart } from './namespace';

/** The journal service: frontend, replicated Redis, static files and one host for all, each component a chart. */
export class Journal {
  public constructor(app: App, environment: Environment) {
    const { namespace, namespaceFile } = environment;
    const component = (id: string): Chart =>
      new Chart(app, id, { namespace, labels: { 'app.kubernetes.io/part-of': 'journal' } });
    if (namespaceFile === undefined) new NamespaceChart(app, '00-namespace', namespace);
    else new ExistingNamespace(app, 'namespace', { name: namespace, file: namespaceFile });

    const data = component('redis');
    const redis = new Redis(data, 'Default', {
      replicas: environment.redis.replicas,
      maxMemory: environment.redis.maxMemory,
      storage: environment.redis.storage,
      password: {
        secret: new VersionedSecret(data, 'redis-passwd', { version: environment.redis.passwordVersion }),
        key: 'passwd',
      },
    });

    const api = component('frontend');
    const config = new VersionedConfigMap(api, 'config', {
      name: 'frontend',
      data: { 'journal.json': JSON.stringify({ entriesPerPage: environment.entriesPerPage }) },
    });
    const frontend = new WebService(api, 'Default', {
      image: 'ghcr.io/example/journal-server:1.4.2',
      port: 8080,
      resources: Resources.of({ cpu: Cpu.millis(500), memory: Size.gibibytes(1) }),
      readiness: Probe.httpGet('/readyz'),
      liveness: Probe.httpGet('/healthz'),
      autoscaling: Autoscaling.onCpu({ ...environment.frontend, target: 80 }),
    });
    frontend.mount('/etc/journal', config);
    frontend.connectTo(redis);

    const site = new StaticSite(component('site'), 'Default', {
      image: 'ghcr.io/example/journal-site:1.4.2',
      replicas: environment.site.replicas,
    });

    new HttpRouting(component('routing'), 'Default', {
      host: environment.host,
      tls: Tls.certManager({ clusterIssuer: environment.clusterIssuer }),
      authentication: Authentication.byApp(),
      controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
      routes: [
        { path: '/api', backend: frontend },
        { path: '/', backend: site },
      ],
    });
  }
}
