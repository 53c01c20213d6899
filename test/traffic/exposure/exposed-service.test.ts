import type { Chart } from 'cdk8s';
import { ApiObject, App, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { ClusterProfile, type ClusterProfileProps, ExposedService, type ExposedServiceProps, Exposure, type IExposable, LoadBalancerProvider, type LoadBalancerOptions, WebService, type WebServiceProps } from '../../../src';
import { type Manifest, newChart, only, problemsOf, synth, untyped, WEB } from '../../support';

const SOURCES = { sources: ['10.20.0.0/16'] };
const PORTS: Partial<WebServiceProps> = { service: { port: 80 }, extraPorts: [{ name: 'amqp', port: 5672 }, { name: 'dns', port: 5300, servicePort: 53, protocol: 'UDP' }] };

function expose(chart: Chart, exposure: Exposure, props: Partial<ExposedServiceProps> = {}, provider?: string): ExposedService {
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
  return problemsOf((chart) => expose(chart, exposure as Exposure, untyped(props), provider)).map((message) => message.replace('[app/outside] ', ''));
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
    expect(only(objects, 'NetworkPolicy').spec.ingress).toEqual([{ from: [{ ipBlock: { cidr: '10.20.0.0/16' } }], ports: [{ port: 8080, protocol: 'TCP' }] }]);
  });

  test.each<[string, LoadBalancerProvider | undefined, Record<string, string>, string | undefined]>([
    ['aws', undefined, {
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'instance',
    }, 'service.k8s.aws/nlb'],
    ['azure', undefined, { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }, undefined],
    ['gcp', undefined, { 'networking.gke.io/load-balancer-type': 'Internal' }, undefined],
    ['on-premises', LoadBalancerProvider.metalLb({ addressPool: 'internal', address: '10.40.0.10' }), { 'metallb.io/address-pool': 'internal', 'metallb.io/loadBalancerIPs': '10.40.0.10' }, undefined],
    ['on-premises', LoadBalancerProvider.kubeVip('10.40.0.10'), { 'kube-vip.io/loadbalancerIPs': '10.40.0.10' }, undefined],
    ['on-premises', LoadBalancerProvider.other({ loadBalancerClass: 'example.com/internal', annotations: { 'example.com/pool': 'a' } }), { 'example.com/pool': 'a' }, 'example.com/internal'],
    ['gcp', LoadBalancerProvider.aws({ subnets: ['subnet-1', 'subnet-2'], loadBalancerClass: 'eks.amazonaws.com/nlb' }), {
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'instance',
      'service.beta.kubernetes.io/aws-load-balancer-subnets': 'subnet-1,subnet-2',
    }, 'eks.amazonaws.com/nlb'],
    ['aws', LoadBalancerProvider.azure({ subnet: 'apps', address: '10.40.0.10' }), {
      'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
      'service.beta.kubernetes.io/azure-load-balancer-internal-subnet': 'apps',
      'service.beta.kubernetes.io/azure-load-balancer-ipv4': '10.40.0.10',
    }, undefined],
    ['aws', LoadBalancerProvider.gcp({ subnet: 'apps', globalAccess: true }), {
      'networking.gke.io/load-balancer-type': 'Internal',
      'networking.gke.io/internal-load-balancer-subnet': 'apps',
      'networking.gke.io/internal-load-balancer-allow-global-access': 'true',
    }, undefined],
  ])('is told so in the words of %s (CH13-16)', (cluster, provider, annotations, loadBalancerClass) => {
    const service = serviceOf(internal(provider ? { provider } : {}), {}, cluster);
    expect(service.metadata.annotations).toEqual(annotations);
    expect(service.spec.loadBalancerClass).toBe(loadBalancerClass);
  });

  test('has no ports on the nodes where they are not used', () => {
    expect(serviceOf(internal({ provider: LoadBalancerProvider.metalLb({ addressPool: 'a' }) })).spec.allocateLoadBalancerNodePorts).toBe(false);
    expect(serviceOf(internal({ provider: LoadBalancerProvider.gcp(), allocateNodePorts: false })).spec.allocateLoadBalancerNodePorts).toBe(false);
    expect(serviceOf(internal({ provider: LoadBalancerProvider.gcp() })).spec).not.toHaveProperty('allocateLoadBalancerNodePorts');
    expect(problemsWith(internal({ provider: LoadBalancerProvider.aws(), allocateNodePorts: false }))).toEqual([
      "prop 'exposure.allocateNodePorts': got false, expected true: this load balancer sends to the ports of the nodes. Leave it out",
    ]);
  });

  test('can have a fixed port for the question whether a pod is there', () => {
    expect(serviceOf(internal({ healthCheckNodePort: 31000 }), {}, 'aws').spec.healthCheckNodePort).toBe(31000);
  });

  test('with connections passed on by all nodes is opened for the nodes, whose addresses the pods see, and for the clients, whom policies may see', () => {
    const found = objectsOf(internal({ externalTrafficPolicy: 'Cluster', nodeRanges: ['10.1.0.0/24'] }), {}, 'aws');
    expect(only(found, 'Service', 'app-outside').spec).toMatchObject({ externalTrafficPolicy: 'Cluster', loadBalancerSourceRanges: ['10.20.0.0/16'] });
    expect(only(found, 'NetworkPolicy').spec.ingress[0].from).toEqual([{ ipBlock: { cidr: '10.20.0.0/16' } }, { ipBlock: { cidr: '10.1.0.0/24' } }]);
  });

  test('needs a provider', () => {
    expect(problemsWith(internal())).toEqual([
      "prop 'exposure.provider': got nothing, expected who makes the load balancers: the ClusterProfile 'default' names no provider. Declare it: new ClusterProfile({ provider: 'aws' }).assignTo(chart), or set 'provider' (CH13-16)",
    ]);
    expect(problemsWith(internal(), {}, 'on-premises')).toEqual([
      "prop 'exposure.provider': got nothing, expected who makes the load balancers: the ClusterProfile 'default' says 'on-premises'. Use LoadBalancerProvider.metalLb({ addressPool: 'internal' }), .kubeVip('10.40.0.10') or .other({ ... }) (CH13-16)",
    ]);
  });

  test('is made for the provider that the cluster has at the end', () => {
    const found = synth((chart) => {
      expose(chart, internal(), { annotations: { owner: 'shop' } });
      new ClusterProfile({ provider: 'gcp' }).assignTo(chart);
    });
    expect(only(found, 'Service', 'app-outside').metadata.annotations).toEqual({ 'networking.gke.io/load-balancer-type': 'Internal', 'owner': 'shop' });
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['no sources', { sources: undefined }, ["prop 'exposure.sources': got nothing, expected a list, each item a CIDR range such as 10.0.0.0/8 or fd00::/8. List the networks of the clients: ['10.20.0.0/16'] (CH13-23)"]],
    ['an empty list of sources', { sources: [] }, ["prop 'exposure.sources': got [], expected at least one range. List the networks of the clients: ['10.20.0.0/16'] (CH13-23)"]],
    ['an address', { sources: ['10.0.0.1'] }, ["prop 'exposure.sources[0]': got '10.0.0.1', expected a CIDR range such as 10.0.0.0/8 or fd00::/8. List the networks of the clients: ['10.20.0.0/16'] (CH13-23)"]],
    ['everybody', { sources: ['0.0.0.0/0'] }, ["prop 'exposure.sources': got '0.0.0.0/0', expected ranges of the private network. List them, such as '10.0.0.0/8', or use Exposure.publicLoadBalancer(...) (CH13-17)"]],
    ['ranges that overlap', { sources: ['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8'] }, [
      "prop 'exposure.sources': got '10.1.0.0/16', expected ranges that do not overlap: it is part of 10.0.0.0/8. Remove one of the two",
      "prop 'exposure.sources': got '10.0.0.0/8', expected ranges that do not overlap: it is part of 10.0.0.0/8. Remove one of the two",
    ]],
    ['a policy by clients that the pods do not see', { externalTrafficPolicy: 'Cluster' }, ["prop 'exposure.nodeRanges': got nothing, expected a list, each item a CIDR range such as 10.0.0.0/8 or fd00::/8. Leave 'externalTrafficPolicy' out, or list the networks of the nodes in 'nodeRanges': the pods see their addresses instead of the clients' (CH13-23)"]],
    ['ranges of nodes that the pods do not see', { nodeRanges: ['10.1.0.0/24'] }, ["prop 'exposure.nodeRanges': got ['10.1.0.0/24'], expected none with externalTrafficPolicy: 'Local'. Leave it out: the pods see the addresses of the clients (CH13-23)"]],
    ['a health check that nobody answers', { externalTrafficPolicy: 'Cluster', nodeRanges: ['10.1.0.0/24'], healthCheckNodePort: 31000 }, ["prop 'exposure.healthCheckNodePort': got 31000, expected none with externalTrafficPolicy: 'Cluster'. Leave it out: every node passes connections on"]],
    ['a misspelt option', { source: ['10.0.0.0/8'] }, ["prop 'exposure.source': got an unknown prop, expected one of allocateNodePorts, externalTrafficPolicy, healthCheckNodePort, nodeRanges, provider, sources. Did you mean 'sources'?"]],
    ['a provider that is a word', { provider: 'aws' }, ["prop 'exposure.provider': got 'aws', expected a LoadBalancerProvider, e.g. LoadBalancerProvider.aws(). Use a factory of LoadBalancerProvider (CH13-16)"]],
    ['no pool', { provider: LoadBalancerProvider.metalLb(untyped({})) }, ["prop 'exposure.provider.addressPool': got nothing, expected at most 253 lower-case letters, digits and '-', starting and ending with a letter or digit, with dots between. Name the IPAddressPool: kubectl get ipaddresspools -A (CH13-16)"]],
    ['no address', { provider: LoadBalancerProvider.kubeVip('127.0.0.1') }, ["prop 'exposure.provider.address': got '127.0.0.1', expected an address that is not loopback. Write LoadBalancerProvider.kubeVip('10.40.0.10')"]],
    ['a provider that says nothing', { provider: LoadBalancerProvider.other({}) }, ["prop 'exposure.provider.annotations': got nothing, expected annotations or a class. Without either, nothing tells an internal load balancer from a public one (CH13-16)"]],
    ['an IPv6 address of Azure', { provider: LoadBalancerProvider.azure({ address: 'fd00::1' }) }, ["prop 'exposure.provider.address': got 'fd00::1', expected an IPv4 address such as 10.40.0.10. Give an address of the subnet"]],
  ])('is refused with %s', (_title, options, messages) => {
    expect(problemsWith(internal(options), {}, 'aws')).toEqual(messages);
  });
});

describe('a public load balancer', () => {
  test('is one by its name only, for stated clients (CH13-17, S000-72)', () => {
    const open = Exposure.publicLoadBalancer({ sources: ['0.0.0.0/0', '::/0'] });
    expect(serviceOf(open, {}, 'aws').metadata.annotations).toMatchObject({ 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' });
    expect(serviceOf(open, {}, 'azure').metadata.annotations).toBeUndefined();
    expect(serviceOf(open, {}, 'gcp').metadata.annotations).toBeUndefined();
    expect(serviceOf(open, {}, 'gcp').spec.loadBalancerSourceRanges).toEqual(['0.0.0.0/0', '::/0']);
    expect(problemsWith(Exposure.publicLoadBalancer(untyped({})), {}, 'aws')).toEqual([
      "prop 'exposure.sources': got nothing, expected a list, each item a CIDR range such as 10.0.0.0/8 or fd00::/8. List the networks of the clients: ['10.20.0.0/16'] (CH13-17)",
    ]);
  });

  test('has none of the options of an internal one', () => {
    const open = (provider: LoadBalancerProvider): Exposure => Exposure.publicLoadBalancer({ ...SOURCES, provider });
    expect(problemsWith(open(LoadBalancerProvider.gcp({ subnet: 'a', globalAccess: true })))).toEqual([
      "prop 'exposure.provider.subnet': got 'a', expected none for a public load balancer. Leave it out",
      "prop 'exposure.provider.globalAccess': got true, expected false for a public load balancer. Leave it out: clients of all regions reach it anyway",
    ]);
  });
});

describe('clients with IPv6 addresses', () => {
  const IPV6 = { sources: ['10.20.0.0/16', 'fd00:20::/32'] };
  const IP_ADDRESS_TYPE = 'service.beta.kubernetes.io/aws-load-balancer-ip-address-type';

  test.each<[string, Exposure]>([
    ['a public load balancer', Exposure.publicLoadBalancer({ sources: ['0.0.0.0/0', '::/0'], provider: LoadBalancerProvider.gcp() })],
    ['an internal load balancer', internal({ ...IPV6, provider: LoadBalancerProvider.azure({ address: '10.40.0.10' }) })],
    ['a pool', internal({ ...IPV6, provider: LoadBalancerProvider.metalLb({ addressPool: 'lan' }) })],
    ['a node port', Exposure.nodePort(IPV6)],
  ])('get an address of their family by %s, where the cluster has one', (_title, exposure) => {
    const { spec } = serviceOf(exposure);
    expect([spec.ipFamilyPolicy, spec.ipFamilies]).toEqual(['PreferDualStack', undefined]);
  });

  test('are let in to the pods', () => {
    expect(only(objectsOf(Exposure.nodePort(IPV6)), 'NetworkPolicy').spec.ingress[0].from).toEqual([{ ipBlock: { cidr: '10.20.0.0/16' } }, { ipBlock: { cidr: 'fd00:20::/32' } }]);
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
      "prop 'exposure.sources': got 'fd00:20::/32', expected ranges of IPv4: the load balancer has the address 10.40.0.10 alone. Remove it: no client in it reaches that address",
    ]);
    expect(problemsWith(internal({ ...IPV6, provider: LoadBalancerProvider.metalLb({ addressPool: 'lan', address: 'fd00:40::10' }) }))).toEqual([
      "prop 'exposure.sources': got '10.20.0.0/16', expected ranges of IPv6: the load balancer has the address fd00:40::10 alone. Remove it: no client in it reaches that address",
    ]);
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
    fc.assert(fc.property(fc.oneof(fc.integer({ min: 29_990, max: 32_780 }), fc.constantFrom(30_000, 32_767, 29_999, 32_768, 0, -1, 30_000.5, NaN)), (nodePort) => {
      const good = Number.isInteger(nodePort) && nodePort >= 30_000 && nodePort <= 32_767;
      const messages = problemsWith(Exposure.nodePort(SOURCES), { ports: [{ name: 'http', nodePort }] });
      expect(messages).toEqual(good ? [] : [`prop 'ports[0].nodePort': got ${nodePort}, expected an integer from 30000 to 32767. Leave it out for any free one (CH13-20)`]);
    }), { numRuns: 60 });
  });

  test('is not that of a Service that the library did not write', () => {
    const build = (chart: Chart, spec: object): void => {
      new ExposedService(chart, 'a', { backend: new WebService(chart, 'web', WEB), exposure: Exposure.nodePort(SOURCES), ports: [{ name: 'http', nodePort: 31000 }] });
      new ApiObject(chart, 'raw', { apiVersion: 'v1', kind: 'Service', spec: { type: 'NodePort', selector: { app: 'old' }, ...spec } });
    };
    const taken = ["[] node port 31000/TCP: got 2 on cluster 'default' (app/a, app/raw), expected one. Change one, or leave both to Kubernetes (CH13-20)"];
    expect(problemsOf((chart) => build(chart, { ports: [{ port: 80, nodePort: 31000 }] }))).toEqual(taken);
    expect(problemsOf((chart) => build(chart, { ports: [{ port: 80 }], healthCheckNodePort: 31000 }))).toEqual(taken);
    expect(problemsOf((chart) => build(chart, { ports: [{ port: 80, nodePort: 31000, protocol: 'UDP' }, { port: 81, nodePort: 31001 }] }))).toEqual([]);
    expect(problemsOf((chart) => build(chart, { ports: 80 }))).toEqual([]);
    expect(problemsOf((chart) => {
      build(chart, {});
      new kplus.Service(chart, 'theirs', { type: kplus.ServiceType.NODE_PORT, ports: [{ port: 80, nodePort: 31000 }] });
    })).toEqual([taken[0].replace('app/raw', 'app/theirs/Resource')]);
  });

  test('is taken once on a cluster, health checks included', () => {
    const build = (chart: Chart, first: number | undefined, second: Partial<LoadBalancerOptions>): void => {
      const backend = new WebService(chart, 'web', WEB);
      new ExposedService(chart, 'a', { backend, exposure: Exposure.nodePort(SOURCES), ports: [{ name: 'http', nodePort: first }] });
      new ExposedService(chart, 'b', { backend, exposure: internal({ provider: LoadBalancerProvider.aws(), ...second }) });
    };
    expect(problemsOf((chart) => build(chart, 31000, { healthCheckNodePort: 31000 }))).toEqual([
      "[] node port 31000/TCP: got 2 on cluster 'default' (app/a, app/b), expected one. Change one, or leave both to Kubernetes (CH13-20)",
    ]);
    expect(problemsOf((chart) => build(chart, undefined, {}))).toEqual([]);
  });

  test('is no matter of a load balancer', () => {
    expect(problemsWith(internal({ provider: LoadBalancerProvider.aws() }), { ports: [{ name: 'http', nodePort: 31000 }] })).toEqual([
      "prop 'ports[0].nodePort': got 31000, expected none with a load balancer. Leave it out: clients use the port of the load balancer (CH13-20)",
    ]);
    expect(problemsWith(Exposure.nodePort(untyped({ ...SOURCES, provider: LoadBalancerProvider.aws() })))).toEqual([
      "prop 'exposure.provider': got an unknown prop, expected one of externalTrafficPolicy, nodeRanges, sources. Remove it",
    ]);
  });
});

describe('the ports', () => {
  test('can be others than the main one, of any protocol', () => {
    const objects = objectsOf(internal({ provider: LoadBalancerProvider.gcp() }), { ports: [{ name: 'amqp', port: 5671 }, { name: 'dns' }] });
    expect(only(objects, 'Service', 'app-outside').spec.ports).toEqual([
      { name: 'amqp', port: 5671, targetPort: 'amqp', protocol: 'TCP' },
      { name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' },
    ]);
    expect(only(objects, 'NetworkPolicy').spec.ingress[0].ports).toEqual([{ port: 5672, protocol: 'TCP' }, { port: 5300, protocol: 'UDP' }]);
  });

  test.each<[string, unknown, string[]]>([
    ['none', [], ["prop 'ports': got [], expected at least one port. Write [{ name: 'http' }] with the name of a port of the backend (DX-04)"]],
    ['one that the backend has not', [{ name: 'grpc' }], ["prop 'ports[0].name': got 'grpc', expected 'http' or 'amqp' or 'dns'. Write [{ name: 'http' }] with the name of a port of the backend (DX-04)"]],
    ['one out of range', [{ name: 'http', port: 0 }], ["prop 'ports[0].port': got 0, expected an integer from 1 to 65535. Leave it out for the port of the backend's Service"]],
    ['one twice', [{ name: 'http' }, { name: 'http', port: 81 }], ["prop 'ports': got 'http', expected a name that no other port of the pod has. Change one 'name'"]],
    ['two of one number', [{ name: 'http' }, { name: 'amqp', port: 80 }], ["prop 'ports': got '80/TCP', expected a servicePort that no other port of the pod has. Change one 'servicePort'"]],
    ['a misspelt option', [{ name: 'http', nodeport: 30000 }], ["prop 'ports[0].nodeport': got an unknown prop, expected one of name, nodePort, port. Did you mean 'nodePort'?"]],
  ])('are refused: %s', (_title, ports, messages) => {
    expect(problemsWith(Exposure.nodePort(SOURCES), { ports })).toEqual(messages);
  });
});

test('the address gets a name by external-dns (CH13-18)', () => {
  expect(serviceOf(Exposure.nodePort(SOURCES), { hostname: 'orders.internal.example.com', annotations: { 'example.com/a': 'b' } }).metadata.annotations).toEqual({
    'external-dns.alpha.kubernetes.io/hostname': 'orders.internal.example.com',
    'example.com/a': 'b',
  });
});

test('an annotation cannot make an internal load balancer public', () => {
  expect(problemsWith(internal(), { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' } }, 'aws')).toEqual([
    "prop 'annotations': got 'service.beta.kubernetes.io/aws-load-balancer-scheme', expected annotations other than those of the provider. Use the options of 'provider' (CH13-16)",
  ]);
});

test('pods are reached by a Service, never by their own addresses or ports of the node (CH13-22, CH09-62)', () => {
  const { spec } = only(objectsOf(Exposure.nodePort(SOURCES)), 'Deployment').spec.template;
  expect(spec.hostNetwork).toBeUndefined();
  expect(spec.containers[0].ports.some((port: Manifest) => 'hostPort' in port)).toBe(false);
  expect(problemsOf((chart) => new ExposedService(chart, 'outside', untyped({ backend: 'web', exposure: Exposure.nodePort(SOURCES) })))).toEqual([
    "[app/outside] prop 'backend': got 'web', expected a block with pods behind a Service, such as WebService. Pass a WebService or a StaticSite (CH13-22)",
  ]);
});

test('a backend is in the namespace of the Service', () => {
  const app = new App();
  const backend = new WebService(newChart('shop', 'shop', app), 'web', WEB);
  const chart = newChart('edge', 'edge', app);
  new ExposedService(chart, 'outside', { backend, exposure: Exposure.nodePort(SOURCES) });
  expect(() => Testing.synth(chart)).toThrow("[edge/outside] prop 'backend': got 'shop/web' in namespace 'shop', expected a backend in namespace 'edge'. A Service selects pods of its own namespace: put the block beside the backend (DX-24)");
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
    expect(backend.opened).toEqual([{ ports: [1883] }]);
  });
  expect(only(objects, 'Service').spec).toMatchObject({ selector: { app: 'broker' }, ports: [{ name: 'mqtt', port: 1883, targetPort: 'mqtt' }] });
});

test('an exposure is stated', () => {
  expect(problemsWith(undefined)).toEqual(["prop 'exposure': got nothing, expected an Exposure, e.g. Exposure.internalLoadBalancer({ sources }). Use Exposure.internalLoadBalancer(...) or Exposure.nodePort(...) or Exposure.publicLoadBalancer(...) (CH13-17)"]);
});
