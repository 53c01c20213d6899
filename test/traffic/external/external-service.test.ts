import { App, Chart, Testing } from 'cdk8s';
import { Secret } from 'cdk8s-plus-27';
import * as fc from 'fast-check';
import {
  ClusterDns,
  ClusterProfile,
  ExternalService,
  type ExternalServiceProps,
  ExternalTarget,
  HttpRouting,
  IngressController,
  Inventory,
  NameEgress,
  NetworkTiers,
  Peer,
  Tls,
  WebService,
} from '../../../src';
import { type Manifest, newChart, only, problemsOf, refusedBy, synth, untyped, WEB } from '../../support';

const MYSQL = { port: 3306, portName: 'mysql' };

function external(
  chart: Chart,
  target: ExternalTarget,
  props: Partial<ExternalServiceProps> = {},
  id = 'database',
): ExternalService {
  return new ExternalService(chart, id, { ...MYSQL, target, ...props });
}

function objectsOf(target: ExternalTarget, props: Partial<ExternalServiceProps> = {}): Manifest[] {
  return synth((chart) => external(chart, target, props));
}

function problemsWith(target: ExternalTarget, props: Record<string, unknown> = {}): string[] {
  return problemsOf((chart) => external(chart, target, untyped(props)));
}

/** The egress rules, beside that for DNS, of a client with closed egress. */
function egressTo(target: ExternalTarget, props: Partial<ExternalServiceProps> = {}): Manifest[] {
  const objects = synth((chart) => {
    const web = new WebService(chart, 'web', { ...WEB, egress: 'declared' });
    web.connectTo(external(chart, target, props));
  });
  return only(objects, 'NetworkPolicy', 'app-web').spec.egress.slice(1);
}

describe('fixed addresses', () => {
  const objects = objectsOf(ExternalTarget.addresses(['24.1.2.3', '24.1.2.4']));

  test('are the endpoints of a Service without selector (CH13-03, CH13-06, SYS-13-03, S09-05, CH09-17)', () => {
    expect(only(objects, 'Service').spec).toEqual({
      type: 'ClusterIP',
      ipFamilyPolicy: 'SingleStack',
      ipFamilies: ['IPv4'],
      ports: [{ name: 'mysql', port: 3306, targetPort: 3306, protocol: 'TCP' }],
    });
  });

  test('are in an EndpointSlice, not in Endpoints, which are deprecated (CH13-04, CH13-13)', () => {
    const slice = only(objects, 'EndpointSlice');
    expect([slice.apiVersion, slice.metadata.name]).toEqual(['discovery.k8s.io/v1', 'app-database-ipv4']);
    expect(slice.metadata.labels).toMatchObject({
      'kubernetes.io/service-name': 'app-database',
      'endpointslice.kubernetes.io/managed-by': 'cdk8s-best-practices',
    });
    expect(slice.addressType).toBe('IPv4');
    expect(slice.endpoints).toEqual([
      { addresses: ['24.1.2.3'], conditions: { ready: true } },
      { addresses: ['24.1.2.4'], conditions: { ready: true } },
    ]);
    expect(objects.map(({ kind }) => kind as string)).toEqual(['Service', 'EndpointSlice']);
  });

  test('have ports of the same names as the Service (CH13-05)', () => {
    const found = objectsOf(ExternalTarget.addresses(['10.0.0.1']), {
      servicePort: 33306,
      extraPorts: [
        { name: 'admin', port: 33060 },
        { name: 'dns', port: 5300, servicePort: 53, protocol: 'UDP' },
      ],
    });
    expect(only(found, 'Service').spec.ports).toEqual([
      { name: 'mysql', port: 33306, targetPort: 3306, protocol: 'TCP' },
      { name: 'admin', port: 33060, targetPort: 33060, protocol: 'TCP' },
      { name: 'dns', port: 53, targetPort: 5300, protocol: 'UDP' },
    ]);
    expect(only(found, 'EndpointSlice').ports).toEqual([
      { name: 'mysql', port: 3306, protocol: 'TCP' },
      { name: 'admin', port: 33060, protocol: 'TCP' },
      { name: 'dns', port: 5300, protocol: 'UDP' },
    ]);
  });

  test('of both families have a slice each, and a Service of both where the cluster has them', () => {
    const found = objectsOf(ExternalTarget.addresses(['fd00::2', '10.0.0.1', 'fd00::1']));
    expect(
      found
        .filter(({ kind }) => kind === 'EndpointSlice')
        .map(({ metadata, addressType, endpoints }) => [
          metadata.name,
          addressType,
          endpoints.map(({ addresses }: Manifest) => addresses),
        ]),
    ).toEqual([
      ['app-database-ipv4', 'IPv4', [['10.0.0.1']]],
      ['app-database-ipv6', 'IPv6', [['fd00::2'], ['fd00::1']]],
    ]);
    const { spec } = only(found, 'Service');
    expect([spec.ipFamilyPolicy, spec.ipFamilies]).toEqual(['PreferDualStack', undefined]);
  });

  test('of IPv6 alone make the Service one of IPv6', () => {
    expect(only(objectsOf(ExternalTarget.addresses(['fd00::1'])), 'Service').spec).toMatchObject({
      ipFamilyPolicy: 'SingleStack',
      ipFamilies: ['IPv6'],
    });
  });

  test('are split into slices of 100, in the order given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 450 }), (count) => {
        const addresses = Array.from(
          { length: count },
          (_, index) => `10.0.${Math.floor(index / 256)}.${index % 256}`,
        ).filter((address) => address !== '10.0.0.0');
        const slices = objectsOf(ExternalTarget.addresses(addresses.length > 0 ? addresses : ['10.1.0.1'])).filter(
          ({ kind }) => kind === 'EndpointSlice',
        );
        expect(slices.flatMap(({ endpoints }) => endpoints.map((endpoint: Manifest) => endpoint.addresses[0]))).toEqual(
          addresses.length > 0 ? addresses : ['10.1.0.1'],
        );
        expect(slices.every(({ endpoints }) => endpoints.length <= 100)).toBe(true);
        expect(slices.map(({ metadata }) => metadata.name as string)).toEqual(
          slices.map((_, index) => `app-database-ipv4${index === 0 ? '' : `-${index + 1}`}`),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('can be given to clients by DNS, without an address of the Service', () => {
    expect(only(objectsOf(ExternalTarget.addresses(['10.0.0.1']), { headless: true }), 'Service').spec).toMatchObject({
      clusterIP: 'None',
      ipFamilies: ['IPv4'],
    });
  });

  test('open the egress of clients to themselves and their port, never to those of the Service (CH13-31)', () => {
    expect(egressTo(ExternalTarget.addresses(['24.1.2.3', 'fd00::1']), { servicePort: 33306 })).toEqual([
      {
        to: [{ ipBlock: { cidr: '24.1.2.3/32' } }, { ipBlock: { cidr: 'fd00::1/128' } }],
        ports: [{ port: 3306, protocol: 'TCP' }],
      },
    ]);
  });

  test.each<[string, unknown, Record<string, unknown>, string[]]>([
    ['a name', ['db.example.com'], {}, ['target[0]: props/value']],
    ['an address that all machines have', ['10.0.0.1', '127.0.0.1'], {}, ['target[1]: props/value']],
    ['one twice', ['10.0.0.1', '10.0.0.1'], {}, ['target: props/value']],
    ...['168.63.129.16', 'fd00:ec2::254'].map((address): [string, unknown, Record<string, unknown>, string[]] => [
      `a metadata service, ${address}`,
      ['10.0.0.1', address],
      {},
      ['target: network/metadata-service'],
    ]),
    ['none', [], {}, ['target: props/value']],
    ['no list', '10.0.0.1', {}, ['target: props/value']],
    ['a port out of range', ['10.0.0.1'], { port: 65536 }, ['port: props/value']],
    [
      'two ports of one name',
      ['10.0.0.1'],
      { extraPorts: [{ name: 'mysql', port: 1 }] },
      ['extraPorts: workload/duplicate-port'],
    ],
    [
      'a mapped port without an address of the Service',
      ['10.0.0.1'],
      { headless: true, servicePort: 80 },
      ['servicePort: external/port-mapping'],
    ],
    ['a prop of another block', ['10.0.0.1'], { ports: [] }, ['ports: props/unknown']],
    ['a name that is none', ['10.0.0.1'], { name: '1db' }, ['name: app/object-name']],
  ])('are refused: %s', (_title, addresses, props, messages) => {
    expect(problemsWith(ExternalTarget.addresses(addresses as string[]), props)).toEqual(
      messages.map((message) => `[app/database] ${message}`),
    );
  });
});

describe('a DNS name', () => {
  test('is an ExternalName without ports, selector and endpoints (CH13-08, SYS-13-04, S09-07, CH09-19)', () => {
    const objects = objectsOf(ExternalTarget.dnsName('database.myco.com'));
    expect(objects.map(({ kind }) => kind as string)).toEqual(['Service']);
    expect(objects[0].spec).toEqual({ type: 'ExternalName', externalName: 'database.myco.com' });
  });

  test.each<[string, unknown, string]>([
    ['an address', '10.0.0.1', 'props/value'],
    ['an IPv6 address', 'fd00::1', 'props/value'],
    ['nearly an address', '10.0.1', 'props/value'],
    ['a name without a dot', 'database', 'props/value'],
    ['a dot at the end', 'db.example.com.', 'props/value'],
    ['a scheme', 'https://db.example.com', 'props/value'],
    ['a port', 'db.example.com:3306', 'props/value'],
    ['nothing', undefined, 'props/value'],
    ['a Service of the cluster', 'db.data.svc.cluster.local', 'external/name-in-cluster'],
  ])('is refused: %s (CH13-09)', (_title, name, rule) => {
    expect(problemsWith(ExternalTarget.dnsName(name as string))).toEqual([`[app/database] target: ${rule}`]);
  });

  test('maps no port and has no address', () => {
    expect(problemsWith(ExternalTarget.dnsName('db.example.com'), { servicePort: 80, headless: true })).toEqual([
      '[app/database] headless: external/headless-name',
      '[app/database] servicePort: external/port-mapping',
    ]);
  });

  test('is no peer of a client with closed egress, since policies know addresses only', () => {
    expect(
      problemsOf((chart) =>
        new WebService(chart, 'web', { ...WEB, egress: 'declared' }).connectTo(
          external(chart, ExternalTarget.dnsName('db.example.com')),
        ),
      ),
    ).toEqual(['[app/database] target: external/unreachable-target']);
  });

  test('needs nothing more for a client with open egress', () => {
    const objects = synth((chart) =>
      new WebService(chart, 'web', WEB).connectTo(
        external(chart, ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() })),
      ),
    );
    expect(only(objects, 'NetworkPolicy').spec).toEqual({
      podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'app-web' } },
      policyTypes: ['Ingress'],
    });
    expect(objects.filter(({ kind }) => kind === 'CiliumNetworkPolicy')).toEqual([]);
  });

  test('opens egress to known ranges', () => {
    expect(
      egressTo(ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cidrs(['10.40.0.0/24', 'fd00::/64']) })),
    ).toEqual([
      {
        to: [{ ipBlock: { cidr: '10.40.0.0/24' } }, { ipBlock: { cidr: 'fd00::/64' } }],
        ports: [{ port: 3306, protocol: 'TCP' }],
      },
    ]);
  });

  function policyBy(egress: NameEgress, kind: string, assign: (chart: Chart) => void = () => undefined): Manifest {
    const app = new App();
    const [web, data] = [newChart('shop', 'web', app), newChart('data', 'data', app)];
    assign(web);
    const client = new WebService(web, 'Default', { ...WEB, egress: 'declared' });
    const target = external(data, ExternalTarget.dnsName('db.example.com', { egress }));
    client.connectTo(target);
    client.connectTo(target, { prefix: 'SECOND' });
    expect(target.namePolicies).toHaveLength(1);
    const objects = Testing.synth(web) as Manifest[];
    expect(objects.filter(({ kind: found }) => found === 'NetworkPolicy')[0].spec.egress).toHaveLength(1);
    return only(
      objects.filter(({ apiVersion }) => apiVersion !== 'networking.k8s.io/v1'),
      kind,
    );
  }

  test('opens egress by a policy of Cilium, under the name of the Service too, which is what the pods ask for', () => {
    const policy = policyBy(NameEgress.cilium(), 'CiliumNetworkPolicy');
    expect([policy.apiVersion, policy.metadata.name, policy.metadata.namespace]).toEqual([
      'cilium.io/v2',
      'web-to-data-database',
      'shop',
    ]);
    expect(policy.spec).toEqual({
      endpointSelector: { matchLabels: { 'app.kubernetes.io/instance': 'web' } },
      egress: [
        {
          toEndpoints: [
            { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } },
          ],
          toPorts: [
            {
              ports: [
                { port: '53', protocol: 'UDP' },
                { port: '53', protocol: 'TCP' },
              ],
              rules: { dns: [{ matchPattern: '*' }] },
            },
          ],
        },
        {
          toFQDNs: [{ matchName: 'db.example.com' }, { matchName: 'data-database.data.svc.cluster.local' }],
          toPorts: [{ ports: [{ port: '3306', protocol: 'TCP' }] }],
        },
      ],
    });
  });

  test('asks the DNS that the cluster has, in the domain that it has', () => {
    const { spec } = policyBy(NameEgress.cilium({ clusterDomain: 'k8s.example.org' }), 'CiliumNetworkPolicy', (chart) =>
      new ClusterProfile({ dns: ClusterDns.openShift() }).assignTo(chart),
    );
    expect(spec.egress[0].toEndpoints).toEqual([
      {
        matchLabels: {
          'k8s:io.kubernetes.pod.namespace': 'openshift-dns',
          'k8s:dns.operator.openshift.io/daemonset-dns': 'default',
        },
      },
    ]);
    expect(spec.egress[0].toPorts[0].ports[0]).toEqual({ port: '5353', protocol: 'UDP' });
    expect(spec.egress[1].toFQDNs[1]).toEqual({ matchName: 'data-database.data.svc.k8s.example.org' });
  });

  test('opens egress by a policy of Calico', () => {
    const policy = policyBy(NameEgress.calico(), 'NetworkPolicy');
    expect([policy.apiVersion, policy.metadata.name, policy.metadata.namespace]).toEqual([
      'projectcalico.org/v3',
      'web-to-data-database',
      'shop',
    ]);
    expect(policy.spec).toEqual({
      selector: "app.kubernetes.io/instance == 'web'",
      types: ['Egress'],
      egress: [{ action: 'Allow', protocol: 'TCP', destination: { domains: ['db.example.com'], ports: [3306] } }],
    });
  });

  test.each<[string, NameEgress, unknown]>([
    [
      'Cilium',
      NameEgress.cilium(),
      [
        [
          { port: '514', protocol: 'TCP' },
          { port: '3306', protocol: 'TCP' },
          { port: '514', protocol: 'UDP' },
        ],
      ],
    ],
    [
      'Calico',
      NameEgress.calico(),
      [
        { action: 'Allow', protocol: 'TCP', destination: { domains: ['db.example.com'], ports: [514, 3306] } },
        { action: 'Allow', protocol: 'UDP', destination: { domains: ['db.example.com'], ports: [514] } },
      ],
    ],
  ])(
    'opens each port by its protocol, also those that are opened later, by a policy of %s',
    (plugin, egress, expected) => {
      const found = synth((chart) => {
        const web = new WebService(chart, 'web', { ...WEB, egress: 'declared' });
        const target = external(chart, ExternalTarget.dnsName('db.example.com', { egress }), {
          extraPorts: [
            { name: 'syslog', port: 514, protocol: 'UDP' },
            { name: 'syslog-tcp', port: 514 },
          ],
        });
        web.connectTo(target);
        target.allowFrom(web, { ports: [514] });
        target.allowFrom(web);
      });
      const { spec } = only(
        found.filter(({ apiVersion }) => apiVersion !== 'networking.k8s.io/v1'),
        plugin === 'Cilium' ? 'CiliumNetworkPolicy' : 'NetworkPolicy',
      );
      expect(
        plugin === 'Cilium' ? spec.egress[1].toPorts.map(({ ports }: Manifest) => ports as unknown) : spec.egress,
      ).toEqual(expected);
    },
  );

  test.each([true, false])('lets out a client of a tier, whether it is put there before or not: %p', (tierFirst) => {
    const manifests = synth((chart) => {
      const web = new WebService(chart, 'web', WEB);
      const target = external(chart, ExternalTarget.dnsName('db.example.com', { egress: NameEgress.calico() }));
      if (!tierFirst) web.connectTo(target);
      new NetworkTiers(chart, 'tiers', { tiers: [{ name: 'web' }] }).add('web', web);
      if (tierFirst) web.connectTo(target);
    });
    expect(manifests.filter(({ apiVersion }) => apiVersion === 'projectcalico.org/v3')).toHaveLength(1);
  });

  test.each<[string, unknown, string]>([
    ['a bad range', NameEgress.cidrs(['10.0.0.1/8']), 'target.egress[0]: props/value'],
    ['no range', NameEgress.cidrs([]), 'target.egress: props/empty-list'],
    [
      'a range of a metadata service alone',
      NameEgress.cidrs(['10.40.0.0/24', '169.254.169.254/32']),
      'target.egress: network/metadata-service',
    ],
    ['a bad domain', NameEgress.cilium({ clusterDomain: 'x y' }), 'target.egress.clusterDomain: props/value'],
    ['a word', 'cilium', 'target.egress: props/value'],
  ])('has no egress by %s', (_title, egress, message) => {
    expect(problemsWith(ExternalTarget.dnsName('db.example.com', { egress: egress as NameEgress }))).toEqual([
      `[app/database] ${message}`,
    ]);
  });

  test('needs the namespace for the policy of Cilium', () => {
    const chart = new Chart(Testing.app(), 'app');
    new WebService(chart, 'web', { ...WEB, egress: 'declared' }).connectTo(
      external(chart, ExternalTarget.dnsName('db.example.com', { egress: NameEgress.cilium() })),
    );
    expect(refusedBy(() => Testing.synth(chart), chart)).toEqual([
      '[app/database] target.egress: external/cilium-namespace',
    ]);
  });

  test('is no backend of a route, and a fixed address is one', () => {
    const route = (chart: Chart, backend: ExternalService): HttpRouting =>
      new HttpRouting(chart, 'routing', {
        host: 'a.example.com',
        tls: Tls.none(),
        controller: IngressController.inNamespace('traefik', { className: 'traefik' }),
        routes: [{ path: '/', backend }],
      });
    expect(problemsOf((chart) => route(chart, external(chart, ExternalTarget.dnsName('db.example.com'))))).toEqual([
      '[app/routing] routes[0].backend: routing/unroutable-backend',
    ]);
    const ingress = only(
      synth((chart) => route(chart, external(chart, ExternalTarget.addresses(['10.0.0.1'])))),
      'Ingress',
    );
    expect(ingress.spec.rules[0].http.paths[0].backend).toEqual({
      service: { name: 'app-database', port: { name: 'mysql' } },
    });
  });
});

describe('addresses that are kept by a controller', () => {
  test('are a Service without selector and slices', () => {
    const objects = objectsOf(ExternalTarget.synced(['10.40.0.0/24']));
    expect(objects.map(({ kind }) => kind as string)).toEqual(['Service']);
    expect(objects[0].spec).toMatchObject({
      type: 'ClusterIP',
      ipFamilies: ['IPv4'],
      ports: [{ name: 'mysql', targetPort: 3306 }],
    });
  });

  test('open egress to all that they may be', () => {
    expect(egressTo(ExternalTarget.synced(['10.40.0.0/24']))).toEqual([
      { to: [{ ipBlock: { cidr: '10.40.0.0/24' } }], ports: [{ port: 3306, protocol: 'TCP' }] },
    ]);
  });

  test('never open egress to the metadata services of the clouds', () => {
    const [{ to }] = egressTo(ExternalTarget.synced(['0.0.0.0/0']));
    expect(to[0].ipBlock.except).toContain('169.254.0.0/16');
  });

  test('have ranges', () => {
    expect(problemsWith(ExternalTarget.synced(['10.40.0.0']))).toEqual(['[app/database] target[0]: props/value']);
  });
});

describe('a target', () => {
  test('is one of the kinds, in the order of simplicity (CH13-14)', () => {
    expect(
      problemsOf((chart) => new ExternalService(chart, 'database', untyped({ port: 3306, target: '10.0.0.1' }))),
    ).toEqual(['[app/database] target: props/value']);
    expect(problemsOf((chart) => new ExternalService(chart, 'database', untyped({})))).toEqual([
      '[app/database] target: props/required',
      '[app/database] port: props/required',
    ]);
  });

  test('can differ between environments, under one name (CH13-11, SYS-13-06)', () => {
    const targets = {
      canary: ExternalTarget.addresses(['10.1.0.1']),
      production: ExternalTarget.dnsName('db.example.com'),
    };
    const services = Object.entries(targets).map(([environment, target]) => {
      const chart = newChart(environment, 'shop', new App());
      external(chart, target);
      return only(Testing.synth(chart) as Manifest[], 'Service');
    });
    expect(services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'canary/shop-database',
      'production/shop-database',
    ]);
  });
});

describe('a client', () => {
  test('is told host, port and password as of any block (CH13-02, CH13-30, SYS-13-01, CH09-20)', () => {
    const objects = synth((chart) => {
      const password = { secret: Secret.fromSecretName(chart, 'passwd', 'db-passwd'), key: 'passwd' };
      new WebService(chart, 'web', WEB).connectTo(
        external(chart, ExternalTarget.addresses(['10.0.0.1']), { password, servicePort: 33306 }),
      );
    });
    const [container] = only(objects, 'Deployment').spec.template.spec.containers;
    expect(container.env).toEqual([
      { name: 'DATABASE_HOST', value: 'app-database' },
      { name: 'DATABASE_PORT', value: '33306' },
      { name: 'DATABASE_PASSWORD_FILE', value: '/var/run/secrets/database/passwd' },
    ]);
  });

  test('of another namespace uses the qualified name', () => {
    const app = new App();
    const web = new WebService(newChart('shop', 'web', app), 'web', WEB);
    expect(
      external(newChart('data', 'data', app), ExternalTarget.addresses(['10.0.0.1'])).connectionFor(web).host,
    ).toBe('data-database.data.svc');
  });

  test('never sees a password in an error', () => {
    const [message] = problemsWith(ExternalTarget.addresses(['10.0.0.1']), { password: 'hunter2' });
    expect(message).toBe('[app/database] password: secret/literal-password');
  });

  test('is listed with its connection', () => {
    const app = new App();
    const chart = newChart('shop', 'app', app);
    const database = external(chart, ExternalTarget.addresses(['10.0.0.1']));
    new WebService(chart, 'web', WEB).connectTo(database);
    database.allowFrom(Peer.pods({ labels: { app: 'x' } }), { ports: [3306] });
    expect(Inventory.of(app).connections).toEqual([
      { from: 'app/web', to: 'app/database', ports: '3306' },
      { from: 'app=x', to: 'app/database', ports: '3306' },
    ]);
  });

  test('is let out on more ports than the main one, when that is said', () => {
    const objects = synth((chart) => {
      const web = new WebService(chart, 'web', { ...WEB, egress: 'declared' });
      const database = external(chart, ExternalTarget.addresses(['10.0.0.1']), {
        extraPorts: [{ name: 'admin', port: 33060 }],
      });
      web.connectTo(database);
      database.allowFrom(web, { ports: [33060] });
    });
    expect(only(objects, 'NetworkPolicy').spec.egress.slice(1)).toEqual(
      [3306, 33060].map((port) => ({ to: [{ ipBlock: { cidr: '10.0.0.1/32' } }], ports: [{ port, protocol: 'TCP' }] })),
    );
  });

  test('can be the target of the external service itself, by its addresses', () => {
    const objects = synth((chart) =>
      new WebService(chart, 'web', WEB).allowFrom(external(chart, ExternalTarget.addresses(['10.0.0.1']))),
    );
    expect(only(objects, 'NetworkPolicy').spec.ingress[0].from).toEqual([{ ipBlock: { cidr: '10.0.0.1/32' } }]);
    expect(
      problemsOf((chart) =>
        new WebService(chart, 'web', WEB).allowFrom(external(chart, ExternalTarget.dnsName('db.example.com'))),
      ),
    ).toEqual(['[app/web] allowFrom: network/empty-peer']);
  });
});

test('refused props are not rendered, not even without validation', () => {
  const database = external(newChart(), ExternalTarget.addresses(['127.0.0.1', '10.0.0.1']));
  expect(() => database.endpointSlices[0].toJson() as unknown).toThrow('loopback');
  expect(() => database.service.toJson() as unknown).toThrow('loopback');
});
