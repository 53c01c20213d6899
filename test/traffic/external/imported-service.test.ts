import { App, Chart, Testing } from 'cdk8s';
import {
  ClusterProfile,
  ExportedService,
  ExposedService,
  type ExposedServiceProps,
  Exposure,
  ExternalTarget,
  ImportedService,
  type ImportedServiceProps,
  LoadBalancerProvider,
  NameEgress,
  WebService,
} from '../../../src';
import { type Manifest, only, refusedBy, untyped, WEB } from '../../support';

const LOAD_BALANCER = Exposure.internalLoadBalancer({
  sources: ['10.20.0.0/16'],
  provider: LoadBalancerProvider.gcp(),
});
const CLUSTER_SET = Exposure.clusterSet({ sources: ['10.60.0.0/16'] });

interface Pair {
  readonly west: Chart;
  readonly east: Chart;
  readonly exported: ExportedService;
  readonly client: WebService;
}

function pair(
  exported: Partial<ExposedServiceProps>,
  imported: Partial<ImportedServiceProps> = {},
  clusters = ['west', 'east'],
): Pair {
  const app = new App();
  const [west, east] = clusters.map((cluster, index) => {
    const chart = new Chart(app, ['west', 'east'][index], { namespace: 'shop' });
    new ClusterProfile({ name: cluster }).assignTo(chart);
    return chart;
  });
  const backend = new WebService(west, 'orders', {
    ...WEB,
    service: { port: 80 },
    extraPorts: [{ name: 'admin', port: 9000 }],
  });
  const source = new ExportedService(west, 'orders-export', { backend, exposure: LOAD_BALANCER, ...exported });
  const client = new WebService(east, 'web', { ...WEB, egress: 'declared' });
  client.connectTo(new ImportedService(east, 'orders', { exported: source, ...imported }));
  return { west, east, exported: source, client };
}

const VIP = { target: ExternalTarget.addresses(['10.1.10.1']) };

function refused(build: () => Pair): string[] {
  const { west } = build();
  return refusedBy(() => Testing.synth(west), west);
}

function manifests(chart: Chart): Manifest[] {
  return Testing.synth(chart) as Manifest[];
}

test('a service of one cluster is used in another by the address of an internal load balancer (CH13-26, CH13-27, SYS-13-12)', () => {
  const { west, east } = pair({}, VIP);
  const exported = only(manifests(west), 'Service', 'west-orders-export');
  expect(exported.metadata.labels['app.kubernetes.io/component']).toBe('export');
  expect(exported.metadata.annotations).toEqual({ 'networking.gke.io/load-balancer-type': 'Internal' });
  expect(exported.spec).toMatchObject({ type: 'LoadBalancer', ports: [{ name: 'http', port: 80 }] });

  const objects = manifests(east);
  expect(only(objects, 'Service', 'east-orders').spec.ports).toEqual([
    { name: 'http', port: 80, targetPort: 80, protocol: 'TCP' },
  ]);
  expect(only(objects, 'EndpointSlice')).toMatchObject({
    endpoints: [{ addresses: ['10.1.10.1'] }],
    ports: [{ name: 'http', port: 80 }],
  });
  expect(only(objects, 'NetworkPolicy', 'east-web').spec.egress[1]).toEqual({
    to: [{ ipBlock: { cidr: '10.1.10.1/32' } }],
    ports: [{ port: 80, protocol: 'TCP' }],
  });
});

test('a client is let out by the protocol of the port', () => {
  const app = new App();
  const [west, east] = ['west', 'east'].map((cluster) => {
    const chart = new Chart(app, cluster, { namespace: 'shop' });
    new ClusterProfile({ name: cluster }).assignTo(chart);
    return chart;
  });
  const backend = new WebService(west, 'dns', {
    ...WEB,
    extraPorts: [{ name: 'dns', port: 5300, servicePort: 53, protocol: 'UDP' }],
  });
  const exported = new ExportedService(west, 'export', { backend, exposure: LOAD_BALANCER, ports: [{ name: 'dns' }] });
  new WebService(east, 'web', { ...WEB, egress: 'declared' }).connectTo(
    new ImportedService(east, 'dns', { exported, ...VIP }),
  );
  expect(only(manifests(east), 'NetworkPolicy', 'east-web').spec.egress.slice(1)).toEqual([
    { to: [{ ipBlock: { cidr: '10.1.10.1/32' } }], ports: [{ port: 53, protocol: 'UDP' }] },
  ]);
});

test('the host name of the load balancer is enough', () => {
  const { west, east } = pair(
    { hostname: 'orders.internal.example.com' },
    { egress: NameEgress.cidrs(['10.1.10.0/24']) },
  );
  expect(only(manifests(west), 'Service', 'west-orders-export').metadata.annotations).toMatchObject({
    'external-dns.alpha.kubernetes.io/hostname': 'orders.internal.example.com',
    'external-dns.kubernetes.io/hostname': 'orders.internal.example.com',
  });
  expect(only(manifests(east), 'Service', 'east-orders').spec).toEqual({
    type: 'ExternalName',
    externalName: 'orders.internal.example.com',
  });
});

describe('in a cluster set (SYS-13-13)', () => {
  const { west, east, client } = pair({ exposure: CLUSTER_SET }, { egress: NameEgress.cidrs(['10.50.0.0/16']) });

  test('the Service of the block is exported under its name, and the pods are opened for those of the other cluster', () => {
    const objects = manifests(west);
    const { apiVersion, metadata, spec } = only(objects, 'ServiceExport');
    expect([apiVersion, metadata.name, metadata.namespace, spec]).toEqual([
      'multicluster.x-k8s.io/v1alpha1',
      'west-orders',
      'shop',
      undefined,
    ]);
    expect(only(objects, 'NetworkPolicy').spec.ingress).toEqual([
      {
        from: [{ ipBlock: { cidr: '10.60.0.0/16' } }],
        ports: [
          { port: 8080, protocol: 'TCP' },
          { port: 9000, protocol: 'TCP' },
        ],
      },
    ]);
  });

  test('clients use the port of the Service, and policies name pods and port behind it', () => {
    const objects = manifests(east);
    expect(only(objects, 'Service', 'east-orders').spec).toEqual({
      type: 'ExternalName',
      externalName: 'west-orders.shop.svc.clusterset.local',
    });
    expect(only(objects, 'Deployment', client.name).spec.template.spec.containers[0].env).toContainEqual({
      name: 'ORDERS_PORT',
      value: '80',
    });
    expect(only(objects, 'NetworkPolicy', 'east-web').spec.egress[1]).toEqual({
      to: [{ ipBlock: { cidr: '10.50.0.0/16' } }],
      ports: [{ port: 8080, protocol: 'TCP' }],
    });
  });

  test.each(['multicluster.x-k8s.io/v1beta1', 'net.gke.io/v1'] as const)('the version can be %s', (apiVersion) => {
    const chart = pair(
      { exposure: Exposure.clusterSet({ sources: ['10.60.0.0/16'], apiVersion }) },
      { egress: NameEgress.cidrs(['10.50.0.0/16']) },
    ).west;
    expect(only(manifests(chart), 'ServiceExport').apiVersion).toBe(apiVersion);
  });
});

const NAME_ADVICE = '[east/orders] exported: external/import-of-own-cluster';

test.each<[string, () => Pair, string[]]>([
  ['on one cluster', () => pair({}, VIP, ['one', 'one']), [NAME_ADVICE]],
  ['without an address', () => pair({}), ['[east/orders] target: external/import-address']],
  [
    'with egress in two places',
    () => pair({}, { ...VIP, egress: NameEgress.calico() }),
    ['[east/orders] egress: props/conflict'],
  ],
  [
    'with egress by name in a cluster set',
    () => pair({ exposure: CLUSTER_SET }, { egress: NameEgress.cilium() }),
    ['[east/orders] egress: external/egress-of-cluster-set'],
  ],
  [
    'with bad ranges',
    () => pair({ exposure: CLUSTER_SET }, { egress: NameEgress.cidrs(['10.50.0.0']) }),
    ['[east/orders] egress[0]: props/value'],
  ],
  ['of nothing', () => pair({}, untyped({ ...VIP, exported: 'orders' })), ['[east/orders] exported: props/value']],
  [
    'by a public load balancer',
    () => pair({ exposure: Exposure.publicLoadBalancer({ sources: ['0.0.0.0/0'] }) }, VIP),
    ['[west/orders-export] exposure: props/value'],
  ],
  [
    'under another name than that of the Service',
    () => pair({ exposure: CLUSTER_SET, name: 'other', hostname: 'a.example.com', ports: [{ name: 'http' }] }, VIP),
    [
      '[west/orders-export] ports: props/conflict',
      '[west/orders-export] name: props/conflict',
      '[west/orders-export] hostname: props/conflict',
    ],
  ],
  [
    'by a version that nobody has',
    () => pair({ exposure: Exposure.clusterSet(untyped({ sources: ['10.60.0.0/16'], apiVersion: 'v1' })) }, VIP),
    ['[west/orders-export] exposure.apiVersion: props/value'],
  ],
])('is refused: an import %s', (_title, build, messages) => {
  expect(refused(build)).toEqual(messages);
});

test('a cluster set is no way to offer a service to others than clusters', () => {
  const chart = new Chart(new App(), 'app', { namespace: 'shop' });
  new ExposedService(chart, 'outside', { backend: new WebService(chart, 'web', WEB), exposure: CLUSTER_SET });
  expect(refusedBy(() => Testing.synth(chart), chart)).toEqual(['[app/outside] exposure: props/value']);
});

test('what is imported has labels by which a tool prunes it when the source is gone (CH13-28)', () => {
  const labels = only(manifests(pair({}, VIP).east), 'EndpointSlice').metadata.labels;
  expect(labels).toMatchObject({
    'app.kubernetes.io/managed-by': 'cdk8s',
    'app.kubernetes.io/instance': 'east-orders',
  });
});
