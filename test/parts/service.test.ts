import { App, Duration } from 'cdk8s';
import { ClusterProfile, type ServiceOptions, WebService, type WebServiceProps } from '../../src';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../support';

function service(options: ServiceOptions = {}, props: Partial<WebServiceProps> = {}): Manifest {
  return only(
    synth((chart) => new WebService(chart, 'web', { ...WEB, ...props, service: options })),
    'Service',
  );
}

test('is a ClusterIP that finds the container port by its name (CH01-22, S09-04, CH09-14)', () => {
  expect(service().spec).toEqual({
    type: 'ClusterIP',
    selector: { 'app.kubernetes.io/instance': 'app-web' },
    ports: [{ name: 'http', port: 8080, targetPort: 'http', protocol: 'TCP' }],
  });
});

test('may have another port than the container (CH09-15)', () => {
  const found = synth((chart) => new WebService(chart, 'web', { ...WEB, service: { port: 80 } }));
  expect(only(found, 'Service').spec.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }]);
  expect(only(found, 'Deployment').spec.template.spec.containers[0].ports).toEqual([
    { name: 'http', containerPort: 8080, protocol: 'TCP' },
  ]);
});

test('has the extra ports, each with a Service port of its own', () => {
  const extraPorts = [
    { name: 'metrics', port: 9090, servicePort: 90 },
    { name: 'dns', port: 8053, protocol: 'UDP' as const },
  ];
  expect(service({}, { portName: 'web', extraPorts }).spec.ports).toEqual([
    { name: 'web', port: 8080, targetPort: 'web', protocol: 'TCP' },
    { name: 'metrics', port: 90, targetPort: 'metrics', protocol: 'TCP' },
    { name: 'dns', port: 8053, targetPort: 'dns', protocol: 'UDP' },
  ]);
});

test('keeps a client at one pod for the given time', () => {
  expect(service({ sessionAffinity: Duration.hours(1) }).spec).toMatchObject({
    sessionAffinity: 'ClientIP',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 3600 } },
  });
});

test('has both address families where the cluster has them', () => {
  expect(service({ dualStack: true }).spec.ipFamilyPolicy).toBe('PreferDualStack');
  expect(service({ dualStack: false }).spec).not.toHaveProperty('ipFamilyPolicy');
});

test('row F: asks external-dns of any version for a host name of the ClusterIP', () => {
  expect(service({ hostname: 'shop.example.com', annotations: { note: 'x' } }).metadata.annotations).toEqual({
    'note': 'x',
    'external-dns.alpha.kubernetes.io/internal-hostname': 'shop.example.com',
    'external-dns.kubernetes.io/internal-hostname': 'shop.example.com',
  });
});

describe('traffic distribution', () => {
  function distribution(trafficDistribution: ServiceOptions['trafficDistribution'], version: string): string {
    const found = synth((chart) => {
      new ClusterProfile({ version }).assignTo(chart);
      new WebService(chart, 'web', { ...WEB, service: { trafficDistribution } });
    });
    return only(found, 'Service').spec.trafficDistribution;
  }

  test.each([['PreferSameZone'], ['PreferSameNode']] as const)(
    '%s needs a cluster that is known to have it',
    (trafficDistribution) => {
      expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, service: { trafficDistribution } }))).toEqual(
        ['[app/web] service.trafficDistribution: cluster/version'],
      );
    },
  );

  test('is written by the name that the cluster knows', () => {
    expect(distribution('PreferSameZone', '1.31')).toBe('PreferClose');
    expect(distribution('PreferSameZone', '1.34')).toBe('PreferSameZone');
    expect(distribution('PreferSameNode', '1.34')).toBe('PreferSameNode');
  });
});

test('a port below 1024 is refused: the process does not run as root (DX-21)', () => {
  expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, port: 80 }))).toEqual([
    '[app/web] port: workload/privileged-port',
  ]);
  expect(
    problemsOf(
      (chart) => new WebService(chart, 'web', { ...WEB, extraPorts: [{ name: 'dns', port: 53, protocol: 'UDP' }] }),
    ),
  ).toEqual(['[app/web] extraPorts[0].port: workload/privileged-port']);
  expect(
    problemsOf(
      (chart) =>
        new WebService(chart, 'web', {
          ...WEB,
          sidecars: [{ name: 'proxy', image: 'ghcr.io/acme/proxy:1.0.0', ports: [{ name: 'web', port: 443 }] }],
        }),
    ),
  ).toEqual(['[app/web] sidecars[0].ports[0].port: workload/privileged-port']);
});

test.each([
  ['names', [{ name: 'http', port: 9090 }]],
  ['numbers', [{ name: 'metrics', port: 8080, servicePort: 9090 }]],
  ['Service ports', [{ name: 'metrics', port: 9090, servicePort: 8080 }]],
])('ports with the same %s are refused', (_, extraPorts) => {
  expect(problemsOf((chart) => new WebService(chart, 'web', { ...WEB, extraPorts }))).toEqual([
    '[app/web] extraPorts: workload/duplicate-port',
  ]);
});

test('one number over two transports is fine (CH09-01)', () => {
  expect(service({}, { extraPorts: [{ name: 'quic', port: 8080, protocol: 'UDP' }] }).spec.ports).toHaveLength(2);
});

test('says how it is reached: its own port to clients, that of the pods to policies', () => {
  const app = new App();
  const target = new WebService(newChart('shop', 'app', app), 'web', { ...WEB, service: { port: 80 } });
  expect(target.connectionFor(newChart('shop', 'near', app))).toMatchObject({
    host: 'app-web',
    port: 80,
    targetPort: 8080,
    ports: [{ name: 'http', port: 8080, servicePort: 80, protocol: 'TCP' }],
  });
  expect(target.connectionFor(newChart('blog', 'far', app)).host).toBe('app-web.shop.svc');
  expect([target.serviceName, target.routePort]).toEqual(['app-web', 'http']);
});

test.each([
  ['text', 'web', '[app/web] service: props/object'],
  ['null', null, '[app/web] service: props/object'],
])('options that are no object are refused: %s', (_, given, message) => {
  expect(problemsOf((chart) => new WebService(chart, 'web', untyped({ ...WEB, service: given })))).toEqual([message]);
});
