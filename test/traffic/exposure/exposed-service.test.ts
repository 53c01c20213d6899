import type { Chart } from 'cdk8s';
import { ApiObject, App, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import {
  ClusterProfile,
  type ClusterProfileProps,
  ExposedService,
  type ExposedServiceProps,
  Exposure,
  type IExposable,
  LoadBalancerProvider,
  type LoadBalancerOptions,
  WebService,
  type WebServiceProps,
} from '../../../src';
import { linesOf, type Manifest, newChart, only, problemsOf, refusedBy, synth, untyped, WEB } from '../../support';

const SOURCES = { sources: ['10.20.0.0/16'] };
const PORTS: Partial<WebServiceProps> = {
  service: { port: 80 },
  extraPorts: [
    { name: 'amqp', port: 5672 },
    { name: 'dns', port: 5300, servicePort: 53, protocol: 'UDP' },
  ],
};

function expose(
  chart: Chart,
  exposure: Exposure,
  props: Partial<ExposedServiceProps> = {},
  provider?: string,
): ExposedService {
  if (provider !== undefined) new ClusterProfile({ provider } as ClusterProfileProps).assignTo(chart);
  const backend = new WebService(chart, 'web', { ...WEB, ...PORTS });
  return new ExposedService(chart, 'outside', { backend, exposure, ...props });
}

function objectsOf(exposure: Exposure, props: Partial<ExposedServiceProps> = {}, provider?: string): Manifest[] {
  return synth((chart) => expose(chart, exposure, props, provider));
}

function serviceOf(exposure: Exposure, props: Partial<ExposedServiceProps> = {}, provider?: string): Manifest {
  return only(objectsOf(exposure, props, provider), 'Service', 'app-outside');
}

function problemsWith(exposure: unknown, props: Record<string, unknown> = {}, provider?: string): string[] {
  return problemsOf((chart) => expose(chart, exposure as Exposure, untyped(props), provider)).map((message) =>
    message.replace('[app/outside] ', ''),
  );
}

function internal(options: Partial<LoadBalancerOptions> = {}): Exposure {
  return Exposure.internalLoadBalancer({ ...SOURCES, ...options });
}

describe('an internal load balancer', () => {
  const objects = objectsOf(internal(), {}, 'azure');

  test('is a Service beside that of the block (CH13-15, SYS-13-08, S09-08, CH09-21)', () => {
    expect(only(objects, 'Service', 'app-outside').spec).toEqual({
      type: 'LoadBalancer',
      selector: { 'app.kubernetes.io/instance': 'app-web' },
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['10.20.0.0/16'],
    });
    expect(only(objects, 'Service', 'app-web').spec.type).toBe('ClusterIP');
  });

  test('opens the pods for the declared clients, whose addresses they see (CH13-23, SYS-13-14, CH09-22, CH09-50)', () => {
    expect(only(objects, 'NetworkPolicy').spec.ingress).toEqual([
      { from: [{ ipBlock: { cidr: '10.20.0.0/16' } }], ports: [{ port: 8080, protocol: 'TCP' }] },
    ]);
  });

  test.each<[string, LoadBalancerProvider | undefined, Record<string, string>, string | undefined]>([
    [
      'aws',
      undefined,
      {
        'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
        'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'instance',
      },
      'service.k8s.aws/nlb',
    ],
    ['azure', undefined, { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }, undefined],
    ['gcp', undefined, { 'networking.gke.io/load-balancer-type': 'Internal' }, undefined],
    [
      'on-premises',
      LoadBalancerProvider.metalLb({ addressPool: 'internal', address: '10.40.0.10' }),
      { 'metallb.io/address-pool': 'internal', 'metallb.io/loadBalancerIPs': '10.40.0.10' },
      undefined,
    ],
    [
      'on-premises',
      LoadBalancerProvider.kubeVip('10.40.0.10'),
      { 'kube-vip.io/loadbalancerIPs': '10.40.0.10' },
      undefined,
    ],
    [
      'on-premises',
      LoadBalancerProvider.other({
        loadBalancerClass: 'example.com/internal',
        annotations: { 'example.com/pool': 'a' },
      }),
      { 'example.com/pool': 'a' },
      'example.com/internal',
    ],
    [
      'gcp',
      LoadBalancerProvider.aws({ subnets: ['subnet-1', 'subnet-2'], loadBalancerClass: 'eks.amazonaws.com/nlb' }),
      {
        'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
        'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'instance',
        'service.beta.kubernetes.io/aws-load-balancer-subnets': 'subnet-1,subnet-2',
      },
      'eks.amazonaws.com/nlb',
    ],
    [
      'aws',
      LoadBalancerProvider.azure({ subnet: 'apps', address: '10.40.0.10' }),
      {
        'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
        'service.beta.kubernetes.io/azure-load-balancer-internal-subnet': 'apps',
        'service.beta.kubernetes.io/azure-load-balancer-ipv4': '10.40.0.10',
      },
      undefined,
    ],
    [
      'aws',
      LoadBalancerProvider.gcp({ subnet: 'apps', globalAccess: true }),
      {
        'networking.gke.io/load-balancer-type': 'Internal',
        'networking.gke.io/internal-load-balancer-subnet': 'apps',
        'networking.gke.io/internal-load-balancer-allow-global-access': 'true',
      },
      undefined,
    ],
  ])('is told so in the words of %s (CH13-16)', (cluster, provider, annotations, loadBalancerClass) => {
    const service = serviceOf(internal(provider ? { provider } : {}), {}, cluster);
    expect(service.metadata.annotations).toEqual(annotations);
    expect(service.spec.loadBalancerClass).toBe(loadBalancerClass);
  });

  test('has no ports on the nodes where they are not used', () => {
    expect(
      serviceOf(internal({ provider: LoadBalancerProvider.metalLb({ addressPool: 'a' }) })).spec
        .allocateLoadBalancerNodePorts,
    ).toBe(false);
    expect(
      serviceOf(internal({ provider: LoadBalancerProvider.gcp(), allocateNodePorts: false })).spec
        .allocateLoadBalancerNodePorts,
    ).toBe(false);
    expect(serviceOf(internal({ provider: LoadBalancerProvider.gcp() })).spec).not.toHaveProperty(
      'allocateLoadBalancerNodePorts',
    );
    expect(problemsWith(internal({ provider: LoadBalancerProvider.aws(), allocateNodePorts: false }))).toEqual([
      'exposure.allocateNodePorts: exposure/node-ports-needed',
    ]);
  });

  test('can have a fixed port for the question whether a pod is there', () => {
    expect(serviceOf(internal({ healthCheckNodePort: 31000 }), {}, 'aws').spec.healthCheckNodePort).toBe(31000);
  });

  test('with connections passed on by all nodes is opened for the nodes, whose addresses the pods see, and for the clients, whom policies may see', () => {
    const found = objectsOf(internal({ externalTrafficPolicy: 'Cluster', nodeRanges: ['10.1.0.0/24'] }), {}, 'aws');
    expect(only(found, 'Service', 'app-outside').spec).toMatchObject({
      externalTrafficPolicy: 'Cluster',
      loadBalancerSourceRanges: ['10.20.0.0/16'],
    });
    expect(only(found, 'NetworkPolicy').spec.ingress[0].from).toEqual([
      { ipBlock: { cidr: '10.20.0.0/16' } },
      { ipBlock: { cidr: '10.1.0.0/24' } },
    ]);
  });

  test('needs a provider', () => {
    expect(problemsWith(internal())).toEqual(['exposure.provider: exposure/unknown-provider']);
    expect(problemsWith(internal(), {}, 'on-premises')).toEqual(['exposure.provider: exposure/unknown-provider']);
  });

  test('is made for the provider that the cluster has at the end', () => {
    const found = synth((chart) => {
      expose(chart, internal(), { annotations: { owner: 'shop' } });
      new ClusterProfile({ provider: 'gcp' }).assignTo(chart);
    });
    expect(only(found, 'Service', 'app-outside').metadata.annotations).toEqual({
      'networking.gke.io/load-balancer-type': 'Internal',
      'owner': 'shop',
    });
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no sources', { sources: undefined }, ['exposure.sources: props/required']],
    ['an empty list of sources', { sources: [] }, ['exposure.sources: props/empty-list']],
    ['an address', { sources: ['10.0.0.1'] }, ['exposure.sources[0]: props/value']],
    ['everybody', { sources: ['0.0.0.0/0'] }, ['exposure.sources: exposure/public-source']],
    [
      'ranges that overlap',
      { sources: ['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8'] },
      ['exposure.sources: exposure/overlapping-sources', 'exposure.sources: exposure/overlapping-sources'],
    ],
    [
      'a policy by clients that the pods do not see',
      { externalTrafficPolicy: 'Cluster' },
      ['exposure.nodeRanges: props/required'],
    ],
    [
      'ranges of nodes that the pods do not see',
      { nodeRanges: ['10.1.0.0/24'] },
      ['exposure.nodeRanges: props/conflict'],
    ],
    [
      'a health check that nobody answers',
      { externalTrafficPolicy: 'Cluster', nodeRanges: ['10.1.0.0/24'], healthCheckNodePort: 31000 },
      ['exposure.healthCheckNodePort: props/conflict'],
    ],
    ['a misspelt option', { source: ['10.0.0.0/8'] }, ['exposure.source: props/unknown']],
    ['a provider that is a word', { provider: 'aws' }, ['exposure.provider: props/value']],
    [
      'no pool',
      { provider: LoadBalancerProvider.metalLb(untyped({})) },
      ['exposure.provider.addressPool: props/required'],
    ],
    ['no address', { provider: LoadBalancerProvider.kubeVip('127.0.0.1') }, ['exposure.provider.address: props/value']],
    [
      'a provider that says nothing',
      { provider: LoadBalancerProvider.other({}) },
      ['exposure.provider.annotations: props/required'],
    ],
    [
      'an IPv6 address of Azure',
      { provider: LoadBalancerProvider.azure({ address: 'fd00::1' }) },
      ['exposure.provider.address: props/value'],
    ],
  ])('is refused with %s', (_title, options, messages) => {
    expect(problemsWith(internal(options), {}, 'aws')).toEqual(messages);
  });
});

describe('a public load balancer', () => {
  test('is one by its name only, for stated clients (CH13-17, S000-72)', () => {
    const open = Exposure.publicLoadBalancer({ sources: ['0.0.0.0/0', '::/0'] });
    expect(serviceOf(open, {}, 'aws').metadata.annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
    });
    expect(serviceOf(open, {}, 'azure').metadata.annotations).toBeUndefined();
    expect(serviceOf(open, {}, 'gcp').metadata.annotations).toBeUndefined();
    expect(serviceOf(open, {}, 'gcp').spec.loadBalancerSourceRanges).toEqual(['0.0.0.0/0', '::/0']);
    expect(problemsWith(Exposure.publicLoadBalancer(untyped({})), {}, 'aws')).toEqual([
      'exposure.sources: props/required',
    ]);
  });

  test('has none of the options of an internal one', () => {
    const open = (provider: LoadBalancerProvider): Exposure => Exposure.publicLoadBalancer({ ...SOURCES, provider });
    expect(problemsWith(open(LoadBalancerProvider.gcp({ subnet: 'a', globalAccess: true })))).toEqual([
      'exposure.provider.subnet: props/conflict',
      'exposure.provider.globalAccess: props/conflict',
    ]);
  });
});

describe('clients with IPv6 addresses', () => {
  const IPV6 = { sources: ['10.20.0.0/16', 'fd00:20::/32'] };
  const IP_ADDRESS_TYPE = 'service.beta.kubernetes.io/aws-load-balancer-ip-address-type';

  test.each<[string, Exposure]>([
    [
      'a public load balancer',
      Exposure.publicLoadBalancer({ sources: ['0.0.0.0/0', '::/0'], provider: LoadBalancerProvider.gcp() }),
    ],
    [
      'an internal load balancer',
      internal({ ...IPV6, provider: LoadBalancerProvider.azure({ address: '10.40.0.10' }) }),
    ],
    ['a pool', internal({ ...IPV6, provider: LoadBalancerProvider.metalLb({ addressPool: 'lan' }) })],
    ['a node port', Exposure.nodePort(IPV6)],
  ])('get an address of their family by %s, where the cluster has one', (_title, exposure) => {
    const { spec } = serviceOf(exposure);
    expect([spec.ipFamilyPolicy, spec.ipFamilies]).toEqual(['PreferDualStack', undefined]);
  });

  test('are let in to the pods', () => {
    expect(only(objectsOf(Exposure.nodePort(IPV6)), 'NetworkPolicy').spec.ingress[0].from).toEqual([
      { ipBlock: { cidr: '10.20.0.0/16' } },
      { ipBlock: { cidr: 'fd00:20::/32' } },
    ]);
  });

  test('make the load balancer of AWS one for both families: its controller refuses their ranges else', () => {
    expect(serviceOf(internal(IPV6), {}, 'aws').metadata.annotations).toMatchObject({ [IP_ADDRESS_TYPE]: 'dualstack' });
    expect(serviceOf(internal(), {}, 'aws').metadata.annotations).not.toHaveProperty([IP_ADDRESS_TYPE]);
    expect(serviceOf(internal(), {}, 'aws').spec).not.toHaveProperty('ipFamilyPolicy');
  });

  test.each<[LoadBalancerProvider, string, string]>([
    [LoadBalancerProvider.kubeVip('10.40.0.10'), '10.20.0.0/16', 'IPv4'],
    [LoadBalancerProvider.metalLb({ addressPool: 'lan', address: 'fd00:40::10' }), 'fd00:20::/32', 'IPv6'],
  ])('reach a fixed address of their family alone', (provider, source, family) => {
    const { spec } = serviceOf(internal({ sources: [source], provider }));
    expect([spec.ipFamilyPolicy, spec.ipFamilies]).toEqual(['SingleStack', [family]]);
  });

  test('are refused for a fixed address of the other family', () => {
    expect(problemsWith(internal({ ...IPV6, provider: LoadBalancerProvider.kubeVip('10.40.0.10') }))).toEqual([
      'exposure.sources: exposure/source-family',
    ]);
    expect(
      problemsWith(
        internal({ ...IPV6, provider: LoadBalancerProvider.metalLb({ addressPool: 'lan', address: 'fd00:40::10' }) }),
      ),
    ).toEqual(['exposure.sources: exposure/source-family']);
  });
});

describe('a node port', () => {
  test('is any free one, for stated clients (CH13-19, S000-71, SYS-13-09, S09-06)', () => {
    const objects = objectsOf(Exposure.nodePort(SOURCES));
    expect(only(objects, 'Service', 'app-outside').spec).toEqual({
      type: 'NodePort',
      selector: { 'app.kubernetes.io/instance': 'app-web' },
      ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      externalTrafficPolicy: 'Local',
    });
    expect(only(objects, 'NetworkPolicy').spec.ingress[0].from).toEqual([{ ipBlock: { cidr: '10.20.0.0/16' } }]);
  });

  test('can be fixed within the range of the API server (CH13-20, CH09-18)', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: 29_990, max: 32_780 }),
          fc.constantFrom(30_000, 32_767, 29_999, 32_768, 0, -1, 30_000.5, NaN),
        ),
        (nodePort) => {
          const good = Number.isInteger(nodePort) && nodePort >= 30_000 && nodePort <= 32_767;
          const lines = linesOf((chart) =>
            expose(chart, Exposure.nodePort(SOURCES), { ports: [{ name: 'http', nodePort }] }),
          );
          expect(lines).toEqual(good ? [] : [expect.stringContaining(`prop 'ports[0].nodePort': got ${nodePort}, `)]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is not that of a Service that the library did not write', () => {
    const build = (chart: Chart, spec: object): void => {
      new ExposedService(chart, 'a', {
        backend: new WebService(chart, 'web', WEB),
        exposure: Exposure.nodePort(SOURCES),
        ports: [{ name: 'http', nodePort: 31000 }],
      });
      new ApiObject(chart, 'raw', {
        apiVersion: 'v1',
        kind: 'Service',
        spec: { type: 'NodePort', selector: { app: 'old' }, ...spec },
      });
    };
    const taken = ['[app/raw] exposure/node-port'];
    expect(problemsOf((chart) => build(chart, { ports: [{ port: 80, nodePort: 31000 }] }))).toEqual(taken);
    expect(problemsOf((chart) => build(chart, { ports: [{ port: 80 }], healthCheckNodePort: 31000 }))).toEqual(taken);
    expect(
      problemsOf((chart) =>
        build(chart, {
          ports: [
            { port: 80, nodePort: 31000, protocol: 'UDP' },
            { port: 81, nodePort: 31001 },
          ],
        }),
      ),
    ).toEqual([]);
    expect(problemsOf((chart) => build(chart, { ports: 80 }))).toEqual([]);
    expect(
      problemsOf((chart) => {
        build(chart, {});
        new kplus.Service(chart, 'theirs', {
          type: kplus.ServiceType.NODE_PORT,
          ports: [{ port: 80, nodePort: 31000 }],
        });
      }),
    ).toEqual(['[app/theirs/Resource] exposure/node-port']);
  });

  test('is taken once on a cluster, health checks included', () => {
    const build = (chart: Chart, first: number | undefined, second: Partial<LoadBalancerOptions>): void => {
      const backend = new WebService(chart, 'web', WEB);
      new ExposedService(chart, 'a', {
        backend,
        exposure: Exposure.nodePort(SOURCES),
        ports: [{ name: 'http', nodePort: first }],
      });
      new ExposedService(chart, 'b', {
        backend,
        exposure: internal({ provider: LoadBalancerProvider.aws(), ...second }),
      });
    };
    expect(problemsOf((chart) => build(chart, 31000, { healthCheckNodePort: 31000 }))).toEqual([
      '[app/b] exposure/node-port',
    ]);
    expect(problemsOf((chart) => build(chart, undefined, {}))).toEqual([]);
  });

  test('is no matter of a load balancer', () => {
    expect(
      problemsWith(internal({ provider: LoadBalancerProvider.aws() }), { ports: [{ name: 'http', nodePort: 31000 }] }),
    ).toEqual(['ports[0].nodePort: props/conflict']);
    expect(problemsWith(Exposure.nodePort(untyped({ ...SOURCES, provider: LoadBalancerProvider.aws() })))).toEqual([
      'exposure.provider: props/unknown',
    ]);
  });
});

describe('the ports', () => {
  test('can be others than the main one, of any protocol', () => {
    const objects = objectsOf(internal({ provider: LoadBalancerProvider.gcp() }), {
      ports: [{ name: 'amqp', port: 5671 }, { name: 'dns' }],
    });
    expect(only(objects, 'Service', 'app-outside').spec.ports).toEqual([
      { name: 'amqp', port: 5671, targetPort: 'amqp', protocol: 'TCP' },
      { name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' },
    ]);
    expect(only(objects, 'NetworkPolicy').spec.ingress.map((rule: Manifest) => rule.ports as unknown)).toEqual([
      [{ port: 5672, protocol: 'TCP' }],
      [{ port: 5300, protocol: 'UDP' }],
    ]);
  });

  test.each<[string, unknown, string[]]>([
    ['none', [], ['ports: props/empty-list']],
    ['one that the backend has not', [{ name: 'grpc' }], ['ports[0].name: props/value']],
    ['one out of range', [{ name: 'http', port: 0 }], ['ports[0].port: props/value']],
    ['one twice', [{ name: 'http' }, { name: 'http', port: 81 }], ['ports: workload/duplicate-port']],
    ['two of one number', [{ name: 'http' }, { name: 'amqp', port: 80 }], ['ports: workload/duplicate-port']],
    ['a misspelt option', [{ name: 'http', nodeport: 30000 }], ['ports[0].nodeport: props/unknown']],
  ])('are refused: %s', (_title, ports, messages) => {
    expect(problemsWith(Exposure.nodePort(SOURCES), { ports })).toEqual(messages);
  });
});

test('the address gets a name by external-dns (CH13-18)', () => {
  expect(
    serviceOf(Exposure.nodePort(SOURCES), {
      hostname: 'orders.internal.example.com',
      annotations: { 'example.com/a': 'b' },
    }).metadata.annotations,
  ).toEqual({
    'external-dns.alpha.kubernetes.io/hostname': 'orders.internal.example.com',
    'external-dns.kubernetes.io/hostname': 'orders.internal.example.com',
    'example.com/a': 'b',
  });
});

test('an annotation cannot make an internal load balancer public', () => {
  expect(
    problemsWith(
      internal(),
      { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' } },
      'aws',
    ),
  ).toEqual(['annotations: exposure/foreign-annotation']);
});

test('pods are reached by a Service, never by their own addresses or ports of the node (CH13-22, CH09-62)', () => {
  const { spec } = only(objectsOf(Exposure.nodePort(SOURCES)), 'Deployment').spec.template;
  expect(spec.hostNetwork).toBeUndefined();
  expect(spec.containers[0].ports.some((port: Manifest) => 'hostPort' in port)).toBe(false);
  expect(
    problemsOf(
      (chart) =>
        new ExposedService(chart, 'outside', untyped({ backend: 'web', exposure: Exposure.nodePort(SOURCES) })),
    ),
  ).toEqual(['[app/outside] backend: props/value']);
});

test('a backend is in the namespace of the Service', () => {
  const app = new App();
  const backend = new WebService(newChart('shop', 'shop', app), 'web', WEB);
  const chart = newChart('edge', 'edge', app);
  new ExposedService(chart, 'outside', { backend, exposure: Exposure.nodePort(SOURCES) });
  expect(refusedBy(() => Testing.synth(chart), chart)).toEqual(['[edge/outside] backend: reference/other-namespace']);
});

test('a block of your own can be exposed', () => {
  class Broker extends Construct implements IExposable {
    public readonly serviceName = 'broker';
    public readonly selectorLabels = { app: 'broker' };
    public readonly declaredPorts = [{ name: 'mqtt', port: 1883 }];
    public readonly opened: unknown[] = [];
    public allowFrom(...edge: unknown[]): void {
      this.opened.push(edge[1]);
    }
  }
  const objects = synth((chart) => {
    const backend = new Broker(chart, 'broker');
    new ExposedService(chart, 'outside', { backend, exposure: Exposure.nodePort(SOURCES) });
    expect(backend.opened).toEqual([{ ports: [1883], protocol: 'TCP' }]);
  });
  expect(only(objects, 'Service').spec).toMatchObject({
    selector: { app: 'broker' },
    ports: [{ name: 'mqtt', port: 1883, targetPort: 'mqtt' }],
  });
});

test('an exposure is stated', () => {
  expect(problemsWith(undefined)).toEqual(['exposure: props/required']);
});
