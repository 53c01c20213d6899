import { ApiObject, App, Chart, Size } from 'cdk8s';
import {
  type CertManagerOptions,
  Cpu,
  HttpRouting,
  type HttpRoutingProps,
  IngressController,
  NetworkTiers,
  Quota,
  TenantNamespace,
  Tls,
  WebService,
} from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, warningsIn, warningsOf, WEB } from '../support';

const controller = IngressController.inNamespace('ingress-nginx', { className: 'nginx' });

function route(chart: Chart, id = 'routing', props: Partial<HttpRoutingProps> = {}, path = '/'): HttpRouting {
  const backend = (chart.node.tryFindChild('web') as WebService | undefined) ?? new WebService(chart, 'web', WEB);
  const tls = Tls.certManager({ issuer: 'acme' });
  return new HttpRouting(chart, id, {
    host: 'shop.example.com',
    controller,
    tls,
    routes: [{ path, backend }],
    ...props,
  });
}

const raw = (chart: Chart, id: string, manifest: object): ApiObject =>
  new ApiObject(chart, id, { metadata: { name: id }, ...manifest } as never);
const ingress = (annotations: object, spec: object = {}, name = 'old'): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name, annotations },
  spec: { ingressClassName: 'nginx', ...spec },
});

function inTenant(options: CertManagerOptions): { app: App; manifests: Manifest[] } {
  const app = new App();
  new TenantNamespace(new Chart(app, '00-platform'), 'team', {
    name: 'shop',
    owner: 'team@example.com',
    team: 'shop',
    purpose: 'The shop',
    quota: Quota.of({ cpu: Cpu.units(10), memory: Size.gibibytes(20) }),
  });
  const chart = newChart('shop', 'app', app);
  route(chart, 'routing', { tls: Tls.certManager(options) });
  return { app, manifests: chart.toJson() as Manifest[] };
}

describe('the solver of cert-manager', () => {
  const policy = {
    podSelector: { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } }, podSelector: {} },
        ],
        ports: [{ port: 8089, protocol: 'TCP' }],
      },
    ],
  };
  const NAME = 'app-routing-acme-solver';

  test('is opened for the controller in a tenant and beside tiers (row B9)', () => {
    expect(only(inTenant({ issuer: 'acme' }).manifests, 'NetworkPolicy', NAME).spec).toMatchObject({
      ...policy,
      ingress: [
        { from: [{ namespaceSelector: policy.ingress[0].from[0].namespaceSelector }], ports: policy.ingress[0].ports },
      ],
    });
    const tiered = synth((chart) => {
      route(chart);
      new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] }).add(
        'web',
        chart.node.findChild('web') as WebService,
        {
          internetFacing: true,
        },
      );
    });
    expect(only(tiered, 'NetworkPolicy', NAME).spec.ingress[0].ports).toEqual(policy.ingress[0].ports);
  });

  test('has no policy where nothing is denied, and none of a challenge by DNS (row B9)', () => {
    const names = (manifests: Manifest[]): string[] => manifests.map(({ metadata }) => metadata.name as string);
    expect(names(synth((chart) => route(chart)))).not.toContain(NAME);
    expect(names(inTenant({ issuer: 'acme', challenge: 'dns01' }).manifests)).not.toContain(NAME);
  });

  test('has a Service that a quota without node ports refuses (row B9)', () => {
    const warned = (options: CertManagerOptions): string[] =>
      warningsIn(inTenant(options).app).filter((warning) => warning.includes('solver'));
    expect(warned({ issuer: 'acme' })).toEqual(['[app/routing] tls.solverService: routing/solver-node-port']);
    expect(warned({ issuer: 'acme', solverService: 'ClusterIP' })).toEqual([]);
    expect(warned({ issuer: 'acme', challenge: 'dns01' })).toEqual([]);
  });
});

describe('two owners', () => {
  const warned = (build: (chart: Chart) => void): string[] =>
    warningsOf(build).filter((warning) => warning.includes('certificates'));

  test('of the certificate of a host are a warning (row B9)', () => {
    const found = ['[app/b] routing/two-certificates'];
    const tls = [{ hosts: ['shop.example.com'], secretName: 'old-tls' }];
    expect(
      warned((chart) => {
        route(chart, 'a');
        raw(chart, 'b', ingress({ 'cert-manager.io/issuer': 'a' }, { tls }));
      }),
    ).toEqual(found);
  });

  test('of a TLS Secret are one (row B9)', () => {
    const certificate = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', spec: { secretName: 'app-a-tls' } };
    const data = { 'tls.crt': '', 'tls.key': '' };
    for (const other of [
      certificate,
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'app-a-tls' }, type: 'kubernetes.io/tls', data },
    ]) {
      expect(
        warned((chart) => {
          route(chart, 'a');
          raw(chart, 'b', other);
        }),
      ).toEqual(['[app/b] routing/two-certificates']);
    }
  });

  test('of a path are an error, an Ingress of others and one in a List among them (row B9)', () => {
    const rules = (path: string): object[] => [
      { host: 'shop.example.com', http: { paths: [{ path, pathType: 'Prefix', backend: {} }] } },
    ];
    const refused = (path: string): string[] =>
      problemsOf((chart) => {
        route(chart, 'routing', {}, '/api');
        raw(chart, 'old', ingress({}, { rules: rules(path) }));
      });
    expect(refused('/api/')).toEqual(['[app/old] routing/duplicate-route']);
    expect(refused('/other')).toEqual([]);
    expect(
      problemsOf((chart) => {
        route(chart, 'routing', {}, '/api');
        raw(chart, 'list', { apiVersion: 'v1', kind: 'List', items: [ingress({}, { rules: rules('/api') })] });
      }),
    ).toEqual(['[app/list] routing/duplicate-route']);
  });
});
