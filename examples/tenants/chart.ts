import { type App, Chart, Size } from 'cdk8s';
import {
  AccessRole,
  Autoscaling,
  ClusterProfile,
  Cpu,
  Egress,
  Probe,
  Redis,
  Resources,
  StaticSite,
  Subject,
  TenantNamespace,
  VersionedSecret,
  WebService,
} from 'cdk8s-best-practices';
import { type Team, teams } from './teams';

/** Three teams on one cluster: the namespaces, which the platform team owns, and what the teams run in them. */
export class Tenants {
  public constructor(app: App, all: Record<keyof typeof teams, Team> = teams) {
    new ClusterProfile({
      name: 'prod',
      version: '1.30',
      zones: 3,
      nodes: 6,
      allocatable: { cpu: Cpu.millis(3920), memory: Size.gibibytes(14) },
    }).assignTo(app);
    const platform = new Chart(app, '00-namespaces');
    const registry = new VersionedSecret(platform, 'registry', {
      version: 'v1',
      type: 'kubernetes.io/dockerconfigjson',
    });
    for (const [name, { owner, purpose, quota, limitRange }] of Object.entries(all)) {
      const tenant = new TenantNamespace(platform, name, {
        name,
        owner,
        team: name,
        purpose,
        quota,
        limitRange,
        developers: [`oidc:team-${name}`],
        pullSecrets: [registry],
      });
      tenant.grant('deployer', AccessRole.deployer(), Subject.group(`oidc:ci-${name}`));
    }
    shop(new Chart(app, 'shop', { namespace: 'shop' }));
    blog(new Chart(app, 'blog', { namespace: 'blog' }));
    search(new Chart(app, 'search', { namespace: 'search' }));
  }
}

function shop(chart: Chart): void {
  const carts = new Redis(chart, 'carts', {
    password: { secret: new VersionedSecret(chart, 'carts-passwd', { version: 'v1' }), key: 'passwd' },
    storage: Size.gibibytes(10),
    storageClassName: 'fast',
  });
  const web = new WebService(chart, 'web', {
    image: 'ghcr.io/example/shop:2.3.0',
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
    resources: Resources.of({ cpu: Cpu.millis(250), memory: Size.mebibytes(512) }),
    autoscaling: Autoscaling.onCpu({ min: 3, max: 12, target: 80 }),
    egressTo: [Egress.internet()],
  });
  web.connectTo(carts);
}

function blog(chart: Chart): void {
  new StaticSite(chart, 'site', { image: 'ghcr.io/example/blog:1.0.7' });
}

function search(chart: Chart): void {
  new WebService(chart, 'query', {
    image: 'ghcr.io/example/search:4.1.0',
    port: 8080,
    readiness: Probe.httpGet('/readyz'),
    replicas: 3,
    resources: Resources.withoutCpuLimit({ cpu: Cpu.millis(800), memory: Size.gibibytes(3) }),
  });
}
