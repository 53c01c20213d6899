import { App, Testing } from 'cdk8s';
import type { Chart } from 'cdk8s';
import {
  ClusterProfile,
  EndpointSyncer,
  type EndpointSyncerProps,
  ExternalService,
  ExternalTarget,
  NetworkTiers,
  Probe,
} from '../../../src';
import { type Manifest, newChart, only, problemsOf, refusedBy, synth, untyped } from '../../support';

const SYNCED = ExternalTarget.synced(['10.40.0.0/24', 'fd00:40::/64']);

function syncer(chart: Chart, props: Partial<EndpointSyncerProps> = {}, target = SYNCED): EndpointSyncer {
  const service = new ExternalService(chart, 'legacy', { target, port: 3306, portName: 'mysql' });
  return new EndpointSyncer(chart, 'sync', { service, image: 'ghcr.io/acme/endpoint-sync:1.0.0', ...props });
}

function problemsWith(props: Record<string, unknown>, target?: ExternalTarget): string[] {
  return problemsOf((chart) => syncer(chart, untyped(props), target));
}

describe('a controller that keeps endpoints (CH13-12, SYS-13-07)', () => {
  const objects = synth((chart) => syncer(chart));
  const { spec } = only(objects, 'Deployment', 'app-sync');

  test('is one pod, that is gone before the next one starts', () => {
    expect([spec.replicas, spec.strategy]).toEqual([1, { type: 'Recreate' }]);
  });

  test('may write the slices of its Service, create slices, and read those of the namespace as informers do (row B20)', () => {
    expect(only(objects, 'Role').rules).toEqual([
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
      {
        apiGroups: ['discovery.k8s.io'],
        resources: ['endpointslices'],
        verbs: ['update', 'patch', 'delete'],
        resourceNames: ['app-legacy-ipv4', 'app-legacy-ipv6'],
      },
      { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['create'] },
    ]);
    expect(only(objects, 'RoleBinding').subjects).toEqual([
      { kind: 'ServiceAccount', name: 'app-sync', namespace: 'shop' },
    ]);
  });

  test('has the token of its ServiceAccount', () => {
    expect([spec.template.spec.automountServiceAccountToken, spec.template.spec.serviceAccountName]).toEqual([
      true,
      'app-sync',
    ]);
  });

  test('is told what to keep', () => {
    expect(spec.template.spec.containers[0].env).toEqual([
      { name: 'SERVICE_NAME', value: 'app-legacy' },
      { name: 'MANAGED_BY', value: 'app-sync' },
      { name: 'ENDPOINT_SLICE_IPV4', value: 'app-legacy-ipv4' },
      { name: 'ENDPOINT_SLICE_IPV6', value: 'app-legacy-ipv6' },
      { name: 'ENDPOINT_PORTS', value: '[{"name":"mysql","port":3306,"protocol":"TCP"}]' },
      { name: 'ENDPOINT_RANGES', value: '10.40.0.0/24,fd00:40::/64' },
    ]);
  });

  test('keeps a Service that has no slices of ours', () => {
    expect(only(objects, 'Service').spec).not.toHaveProperty('selector');
    expect(objects.filter(({ kind }) => kind === 'EndpointSlice')).toEqual([]);
  });

  test('can have a liveness that is a command', () => {
    const found = synth((chart) => syncer(chart, { liveness: Probe.exec(['/healthy']) }));
    expect(only(found, 'Deployment').spec.template.spec.containers[0].livenessProbe.exec).toEqual({
      command: ['/healthy'],
    });
  });

  test('with closed egress reaches the API server, where that is known', () => {
    const closed = synth((chart) => {
      new ClusterProfile({ apiServer: ['10.0.0.10/32'] }).assignTo(chart);
      syncer(chart, { egress: 'declared' });
    });
    expect(only(closed, 'NetworkPolicy').spec.egress[1]).toEqual({
      to: [{ ipBlock: { cidr: '10.0.0.10/32' } }],
      ports: [
        { port: 443, protocol: 'TCP' },
        { port: 6443, protocol: 'TCP' },
      ],
    });
    expect(problemsWith({ egress: 'declared' })).toEqual(['[app/sync] egress: network/unknown-api-server']);
  });

  test('whose egress a tier closes needs the API server', () => {
    expect(
      problemsOf((chart) => {
        const sync = syncer(chart, { serviceAccountToken: true });
        new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'jobs' }] }).add('jobs', sync);
      }),
    ).toEqual(['[app/sync] egress: network/unknown-api-server']);
  });

  test('is the only one of a Service', () => {
    expect(
      problemsOf((chart) => {
        const { access } = syncer(chart);
        expect(access.name).toBe('app-sync');
        const service = chart.node.findChild('legacy') as ExternalService;
        new EndpointSyncer(chart, 'second', { service, image: 'ghcr.io/acme/endpoint-sync:1.0.0' });
      }),
    ).toEqual(['[app/second] external/two-syncers']);
  });

  test.each<[string, Record<string, unknown>, ExternalTarget | undefined, string[]]>([
    [
      'for fixed addresses',
      {},
      ExternalTarget.addresses(['10.40.0.10']),
      ['[app/sync] service: external/synced-elsewhere'],
    ],
    ['for a name', { service: 'legacy' }, undefined, ['[app/sync] service: props/value']],
    [
      'without its token',
      { serviceAccountToken: false },
      undefined,
      ['[app/sync] serviceAccountToken: workload/needed-token'],
    ],
    [
      'with liveness by HTTP',
      { liveness: Probe.httpGet('/') },
      undefined,
      ['[app/sync] liveness: workload/portless-liveness'],
    ],
    ['with replicas', { replicas: 2 }, undefined, ['[app/sync] replicas: props/unknown']],
    [
      'with a variable of ours',
      { env: { SERVICE_NAME: 'x' } },
      undefined,
      ["[app/sync] addEnv['SERVICE_NAME']: workload/duplicate-variable"],
    ],
  ])('is refused %s', (_title, props, target, messages) => {
    expect(problemsWith(props, target)).toEqual(messages);
  });

  test('is in the namespace of the Service', () => {
    const app = new App();
    const service = new ExternalService(newChart('data', 'data', app), 'legacy', { target: SYNCED, port: 3306 });
    const chart = newChart('shop', 'shop', app);
    new EndpointSyncer(chart, 'sync', { service, image: 'ghcr.io/acme/endpoint-sync:1.0.0' });
    expect(refusedBy(() => Testing.synth(chart) as Manifest[], chart)).toEqual([
      '[shop/sync] service: reference/other-namespace',
    ]);
  });
});
