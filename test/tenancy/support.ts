import { ApiObject, App, Chart, Size } from 'cdk8s';
import { Cpu, Quota, type QuotaOptions, TenantNamespace, type TenantNamespaceProps } from '../../src';
import { type Manifest, synth } from '../support';

export const TENANT = { name: 'shop', owner: 'shop-oncall@example.com', team: 'shop', purpose: 'The web shop' };

/** A quota with room for everything except the subject of a test. */
export const ROOM: QuotaOptions = {
  cpu: Cpu.units(1000),
  memory: Size.gibibytes(1000),
  pods: 1000,
  storage: Size.gibibytes(1000),
};

export function quota(options: Partial<QuotaOptions> = {}): Quota {
  return Quota.of({ ...ROOM, ...options });
}

/** The tenant `shop` in a chart of its own, beside what is placed in it. */
export function tenant(app: App, props: Partial<TenantNamespaceProps> = {}): TenantNamespace {
  return new TenantNamespace(new Chart(app, 'platform'), 'shop', { ...TENANT, quota: quota(), ...props });
}

/** The manifests of the tenant alone. */
export function tenantObjects(props: Partial<TenantNamespaceProps> = {}): Manifest[] {
  return synth((chart) => new TenantNamespace(chart, 'shop', { ...TENANT, quota: quota(), ...props }));
}

/** All messages of an app with the tenant and one chart in its namespace; none when it is accepted. */
export function problemsOfTenant(props: Partial<TenantNamespaceProps>, place: (chart: Chart) => unknown): string[] {
  return synthTenant(props, place).messages;
}

export function synthTenant(
  props: Partial<TenantNamespaceProps>,
  place: (chart: Chart) => unknown,
): { app: App; messages: string[] } {
  const app = new App();
  const { name } = tenant(app, props);
  place(new Chart(app, 'web', { namespace: name }));
  try {
    app.synthYaml();
    return { app, messages: [] };
  } catch (error) {
    const [title, ...messages] = (error as Error).message.split('\n  ');
    if (title !== 'Validation failed with the following errors:') throw error;
    return { app, messages };
  }
}

/** A raw Deployment, as any other library may write it. */
export function deployment(
  chart: Chart,
  id: string,
  replicas: number,
  containers: object[],
  more: { spec?: object; pod?: object } = {},
): ApiObject {
  return new ApiObject(chart, id, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: id },
    spec: {
      replicas,
      selector: { matchLabels: { app: id } },
      template: { metadata: { labels: { app: id } }, spec: { containers, ...more.pod } },
      ...more.spec,
    },
  });
}

/** What Pod Security asks of a container. */
export const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

export function container(requests: object, limits: object = requests, name = 'main'): object {
  return { name, image: 'ghcr.io/acme/other:1.0.0', resources: { requests, limits }, securityContext: RESTRICTED };
}
