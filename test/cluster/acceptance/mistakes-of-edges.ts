import * as fc from 'fast-check';
import {
  blockOf,
  change,
  type Mistake,
  noInteger,
  noLabel,
  noRange,
  prop,
  step,
  withBlocks,
  withSteps,
} from './mistake';
import { type BlockData, call, type RandomApp, type Term, type Terms } from './terms';

const NO_ADDRESS = fc.constantFrom<Term>(
  '',
  '10.40.0',
  '10.40.0.256',
  '010.40.0.10',
  '127.0.0.1',
  '0.0.0.0',
  '169.254.169.254',
  '224.0.0.1',
  '::1',
  'fe80::1',
  'FD00::1',
  'fd00:0::1',
  '::ffff:10.0.0.1',
  'fd00::1%eth0',
  '10.40.0.10/32',
  'db.example.com',
  null,
  7,
);
const NO_NAME = fc.constantFrom<Term>(
  '',
  'db',
  'db.example.com.',
  'https://db.example.com',
  'db.example.com:5432',
  '10.40.0.10',
  'a.1',
  'A.example.com',
  'shop.svc.cluster.local',
  'a.svc',
  null,
);
const target = (kind: string, ...args: Term[]): Terms => ({
  target: call(`ExternalTarget.${kind}`, ...args),
  headless: undefined,
  servicePort: undefined,
  extraPorts: undefined,
});
const one = call('ExternalTarget.addresses', ['10.40.0.10']);

const external: Mistake[] = [
  prop('ExternalService', 'target: left out', 'target', fc.constantFrom<Term>(undefined, null, '10.40.0.10', {})),
  prop(
    'ExternalService',
    'target: no addresses',
    'target',
    fc.oneof(
      fc.constantFrom<Term>([], '10.40.0.10', null, ['10.40.0.10', '10.40.0.10'], ['168.63.129.16']),
      NO_ADDRESS.map((address) => [address]),
    ),
    (addresses) => target('addresses', addresses),
  ),
  prop('ExternalService', 'target: no DNS name', 'target', NO_NAME, (name) => target('dnsName', name)),
  prop(
    'ExternalService',
    'target: no ranges',
    'target',
    fc.oneof(
      fc.constantFrom<Term>([], null, ['169.254.169.254/32']),
      noRange.map((range) => [range]),
    ),
    (ranges) => target('synced', ranges),
  ),
  prop('ExternalService', 'target: no Service of a cluster set', 'target.service', noLabel(63), (service) =>
    target('clusterSet', service, 'shop'),
  ),
  prop('ExternalService', 'target: ranges by name', 'target.egress', fc.constantFrom('cilium', 'calico'), (kind) =>
    target('clusterSet', 'a', 'shop', { egress: call(`NameEgress.${kind as string}`) }),
  ),
  prop('ExternalService', 'port: no port', 'port', noInteger(1, 65_535), (port) => ({
    port,
    target: one,
    servicePort: undefined,
  })),
  prop(
    'ExternalService',
    'portName: no port name',
    'portName',
    fc.constantFrom<Term>('', 'TCP', 'a--b', 'a'.repeat(16), 80),
  ),
  prop('ExternalService', 'extraPorts: name of the main port', 'extraPorts', fc.constant('tcp'), (name) => ({
    target: one,
    portName: undefined,
    protocol: undefined,
    extraPorts: [{ name, port: 1 }],
  })),
  prop('ExternalService', 'servicePort: of a DNS name', 'servicePort', fc.constant(81), (servicePort) => ({
    ...target('dnsName', 'db.example.com'),
    port: 80,
    servicePort,
  })),
  prop('ExternalService', 'headless: a DNS name', 'headless', fc.constant(true), (headless) => ({
    ...target('dnsName', 'db.example.com'),
    headless,
  })),
  prop('ExternalService', 'servicePort: with headless', 'servicePort', fc.constant(81), (servicePort) => ({
    target: one,
    headless: true,
    port: 80,
    servicePort,
    extraPorts: undefined,
  })),
  prop('ExternalService', 'name: no name of a Service', 'name', noLabel(63)),
  prop('ExternalService', 'password: the password itself', 'password', fc.constantFrom<Term>('hunter2', null, [])),
  uncheckedBefore(
    step(
      'ExternalService',
      'connectivityCheck: no image',
      'image',
      'connectivityCheck',
      fc.constantFrom<Term>('busybox', 'busybox:latest', undefined, null),
      (image) => [{ image }],
    ),
  ),
  prop('EndpointSyncer', 'service: left out', 'service', fc.constantFrom<Term>(undefined, null, 'legacy', {})),
  prop('EndpointSyncer', 'serviceAccountToken: none', 'serviceAccountToken', fc.constant(false)),
  prop('EndpointSyncer', 'liveness: a port that nothing listens on', 'liveness', fc.constant(call('Probe.tcpSocket'))),
  prop('ImportedService', 'exported: left out', 'exported', fc.constantFrom<Term>(undefined, null, 'orders', {})),
  prop(
    'ImportedService',
    'egress: beside a target',
    'egress',
    fc.constant(call('NameEgress.cidrs', ['10.0.0.0/8'])),
    (egress) => ({ target: one, egress }),
  ),
  {
    ...prop('ImportedService', 'exported: of the same cluster', 'exported', fc.constant(undefined)),
    make: (app) => ({ ...app, cluster: undefined, charts: (app.charts ?? []).map(({ id }) => ({ id })) }),
  },
];

/** A block has one check. */
function uncheckedBefore(mistake: Mistake): Mistake {
  return {
    ...mistake,
    make: (app, bad) =>
      mistake.make({ ...app, steps: app.steps.filter(({ method }) => method !== 'connectivityCheck') }, bad),
  };
}

const SOURCES = ['10.20.0.0/16'];
const exposure = (factory: string, options: Terms): Terms => ({
  ports: undefined,
  exposure: call(`Exposure.${factory}`, options),
});
const internal = (more: Terms): Terms =>
  exposure('internalLoadBalancer', {
    sources: SOURCES,
    provider: call('LoadBalancerProvider.kubeVip', '10.40.0.10'),
    ...more,
  });
const by = (kind: string, options: Term): Terms =>
  internal({ provider: call(`LoadBalancerProvider.${kind}`, options) });

const exposed: Mistake[] = [
  prop(
    'ExposedService',
    'backend: no block',
    'backend',
    fc.constantFrom<Term>(undefined, null, 'web', {}),
    (backend) => ({ backend, ports: undefined }),
  ),
  prop(
    'ExposedService',
    'exposure: left out',
    'exposure',
    fc.constantFrom<Term>(undefined, null, 'internal', {}),
    (bad) => ({ exposure: bad, ports: undefined }),
  ),
  prop(
    'ExposedService',
    'exposure: a cluster set',
    'exposure',
    fc.constant(call('Exposure.clusterSet', { sources: SOURCES })),
    (bad) => ({ exposure: bad, ports: undefined }),
  ),
  prop(
    'ExposedService',
    'sources: no ranges',
    'exposure.sources',
    fc.oneof(
      fc.constantFrom<Term>([], undefined, null),
      noRange.map((range) => [range]),
    ),
    (sources) => internal({ sources }),
  ),
  prop('ExposedService', 'sources: everybody', 'exposure.sources', fc.constantFrom('0.0.0.0/0', '::/0'), (range) =>
    internal({ sources: [range] }),
  ),
  prop(
    'ExposedService',
    'sources: ranges that overlap',
    'exposure.sources',
    fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32'),
    (range) => internal({ sources: ['10.0.0.0/8', range] }),
  ),
  prop(
    'ExposedService',
    'sources: none of the address that is fixed',
    'exposure.sources',
    fc.constantFrom('::/0', 'fd00::/8'),
    (range) =>
      exposure('publicLoadBalancer', {
        sources: ['10.0.0.0/8', range],
        provider: call('LoadBalancerProvider.kubeVip', '10.40.0.10'),
      }),
  ),
  prop(
    'ExposedService',
    'nodeRanges: left out',
    'exposure.nodeRanges',
    fc.constantFrom<Term>(undefined, [], null),
    (nodeRanges) => internal({ externalTrafficPolicy: 'Cluster', nodeRanges }),
  ),
  prop('ExposedService', 'nodeRanges: with Local', 'exposure.nodeRanges', fc.constant(SOURCES), (nodeRanges) =>
    internal({ nodeRanges }),
  ),
  prop(
    'ExposedService',
    'externalTrafficPolicy: unknown',
    'exposure.externalTrafficPolicy',
    fc.constantFrom<Term>('local', '', null),
    (externalTrafficPolicy) => internal({ externalTrafficPolicy }),
  ),
  prop(
    'ExposedService',
    'healthCheckNodePort: no node port',
    'exposure.healthCheckNodePort',
    noInteger(30_000, 32_767),
    (healthCheckNodePort) => internal({ healthCheckNodePort }),
  ),
  prop(
    'ExposedService',
    'healthCheckNodePort: with Cluster',
    'exposure.healthCheckNodePort',
    fc.constant(30_000),
    (healthCheckNodePort) => internal({ externalTrafficPolicy: 'Cluster', nodeRanges: SOURCES, healthCheckNodePort }),
  ),
  prop(
    'ExposedService',
    'allocateNodePorts: none where they are needed',
    'exposure.allocateNodePorts',
    fc.constant(false),
    (allocateNodePorts) => internal({ provider: call('LoadBalancerProvider.aws'), allocateNodePorts }),
  ),
  prop(
    'ExposedService',
    'provider: no provider',
    'exposure.provider',
    fc.constantFrom<Term>('aws', null, {}),
    (provider) => internal({ provider }),
  ),
  prop('ExposedService', 'provider: no address', 'exposure.provider.address', NO_ADDRESS, (address) =>
    by('kubeVip', address),
  ),
  prop(
    'ExposedService',
    'provider: no pool',
    'exposure.provider.addressPool',
    fc.constantFrom<Term>('', 'A', undefined, null),
    (addressPool) => by('metalLb', { addressPool }),
  ),
  prop(
    'ExposedService',
    'provider: no subnet',
    'exposure.provider.subnets',
    fc.constantFrom<Term>(['a,b'], [''], 'a', null),
    (subnets) => by('aws', { subnets }),
  ),
  prop(
    'ExposedService',
    'provider: IPv6 where there is none',
    'exposure.provider.address',
    fc.constant('fd00::1'),
    (address) => by('azure', { address }),
  ),
  prop(
    'ExposedService',
    'provider: neither class nor annotations',
    'exposure.provider.annotations',
    fc.constantFrom<Term>({}, { annotations: {} }),
    (options) => by('other', options),
  ),
  prop(
    'ExposedService',
    'provider: no class',
    'exposure.provider.loadBalancerClass',
    fc.constantFrom<Term>('', 'a b', 'A.com/a', null),
    (loadBalancerClass) => by('other', { loadBalancerClass }),
  ),
  prop(
    'ExposedService',
    'provider: a subnet of a public load balancer',
    'exposure.provider.subnet',
    fc.constantFrom('azure', 'gcp'),
    (kind) =>
      exposure('publicLoadBalancer', {
        sources: SOURCES,
        provider: call(`LoadBalancerProvider.${kind as string}`, { subnet: 'a' }),
      }),
  ),
  prop(
    'ExposedService',
    'annotations: what the provider says',
    'annotations',
    fc.constant('kube-vip.io/loadbalancerIPs'),
    (key) => ({ ...internal({}), annotations: { [key as string]: '10.0.0.1' } }),
  ),
  prop(
    'ExposedService',
    'ports: no port of the backend',
    'ports',
    fc.constantFrom<Term>([], [{ name: 'missing-port' }], [{}], [{ name: 'main' }, { name: 'main', port: 1 }], null),
    (ports) => ({ ...internal({}), ports }),
  ),
  prop('ExposedService', 'ports: no node port', 'ports[0].nodePort', noInteger(30_000, 32_767), (nodePort) => ({
    ...exposure('nodePort', { sources: SOURCES }),
    ports: [{ name: 'main', nodePort }],
  })),
  prop(
    'ExposedService',
    'ports: a node port of a load balancer',
    'ports[0].nodePort',
    fc.constant(30_000),
    (nodePort) => ({ ...internal({}), ports: [{ name: 'main', nodePort }] }),
  ),
  prop(
    'ExposedService',
    'hostname: no host',
    'hostname',
    fc.constantFrom<Term>('', '*.example.com', '10.0.0.1', 'a b', null),
  ),
  prop(
    'ExportedService',
    'exposure: public',
    'exposure',
    fc.constant(call('Exposure.publicLoadBalancer', { sources: SOURCES })),
    (bad) => ({ exposure: bad, ports: undefined }),
  ),
  prop(
    'ExportedService',
    'exposure: no such API',
    'exposure.apiVersion',
    fc.constantFrom<Term>('v1', 'multicluster.x-k8s.io/v1', null),
    (apiVersion) => exposure('clusterSet', { sources: SOURCES, apiVersion }),
  ),
  prop('ExportedService', 'name: in a cluster set', 'name', fc.constant('other'), (name) => ({
    ...exposure('clusterSet', { sources: SOURCES }),
    hostname: undefined,
    name,
  })),
];

const HTTP = call('Probe.portOnly');
const stranger = {
  kind: 'WebService' as const,
  id: 'stranger',
  chart: 'tiers',
  props: { image: 'ghcr.io/acme/web:1.4.2', port: 8080, readiness: HTTP },
};

/** The app with tiers that nothing from outside of the cluster may reach. */
function withoutFacing(app: RandomApp, id: string): RandomApp {
  return {
    ...app,
    blocks: app.blocks.map((block) =>
      block.id === id
        ? { ...block, props: { ...block.props, tiers: (block.props.tiers as Terms[]).map(({ name }) => ({ name })) } }
        : block,
    ),
  };
}

const tiers: Mistake[] = [
  prop('NetworkTiers', 'tiers: none', 'tiers', fc.constantFrom<Term>([], undefined, null, 'web')),
  prop('NetworkTiers', 'tiers: no name', 'tiers[0].name', noLabel(63), (name) => ({ tiers: [{ name }] })),
  prop('NetworkTiers', 'tiers: a name twice', 'tiers[1].name', fc.constant('web'), (name) => ({
    tiers: [{ name }, { name }],
  })),
  prop('NetworkTiers', 'tiers: a tier without workload', 'tiers[', fc.constant('empty'), (name) => ({
    tiers: [{ name: 'aa' }, { name: 'bb' }, { name }],
  })),
  prop('NetworkTiers', 'mode: unknown', 'mode', fc.constantFrom<Term>('', 'off', null)),
  prop('NetworkTiers', 'mesh: no revision', 'mesh.revision', noLabel(63), (revision) => ({
    mesh: call('Mesh.istio', { revision }),
  })),
  step('NetworkTiers', 'add: unknown tier', 'add.tier', 'add', fc.constantFrom<Term>('', 'No', null), (tier) => [
    tier,
    { $block: 'front' },
  ]),
  step(
    'NetworkTiers',
    'add: no workload',
    'add.workload',
    'add',
    fc.constantFrom<Term>(null, 'front', {}),
    (workload) => ['a', workload],
  ),
  step(
    'NetworkTiers',
    'except: no reason',
    'except.reason',
    'except',
    fc.constantFrom<Term>('', undefined, null),
    (reason) => [{ $block: 'front' }, { reason }],
  ),
  change('NetworkTiers', 'a workload in no tier', 'tiers', (app) => withBlocks(app, stranger)),
  change('NetworkTiers', 'an edge against the order', 'tiers', (app) =>
    withSteps(app, { on: 'back', method: 'connectTo', args: [{ $block: 'front' }, { prefix: 'BACKWARDS' }] }),
  ),
  change('NetworkTiers', 'requests from outside at what is not for them', 'tiers', (app, { id }) =>
    withSteps(withoutFacing(app, id), { on: 'back', method: 'allowFrom', args: [call('Peer.cidr', '203.0.113.0/24')] }),
  ),
];

const STORE: BlockData = {
  kind: 'WebService',
  id: 'store0',
  props: { image: 'ghcr.io/acme/store:1.4.2', port: 8080, readiness: call('Probe.portOnly') },
};

/** A connection of a Worker to the store, with a wait that is wrong. */
function waits(
  kind: 'SingletonWorker' | 'Job' | 'ScheduledJob',
  mistake: string,
  at: string,
  value: fc.Arbitrary<Term>,
  wait: (value: Term) => Term,
): Mistake {
  return {
    mistake: `wait: ${mistake}`,
    kind,
    at: `connectTo.wait${at}`,
    value,
    make: (app, bad) => {
      const connect = {
        on: blockOf(app, kind).id,
        method: 'connectTo',
        args: [{ $block: STORE.id }, { wait: wait(bad) }],
      };
      return withSteps(withBlocks(app, STORE), connect);
    },
  };
}

const waiting: Mistake[] = [
  waits('SingletonWorker', 'no wait', '', fc.constantFrom<Term>(true, null, ['ask'], {}), (wait) => wait),
  waits(
    'SingletonWorker',
    'no command',
    '.command',
    fc.constantFrom<Term>([], null, 'ask', ['ask the store'], ['ask', 7]),
    (command) => call('Wait.byProgram', command),
  ),
  waits(
    'SingletonWorker',
    'no version of its image',
    '.image',
    fc.constantFrom<Term>('wait', 'wait:latest', '', null),
    (image) => call('Wait.byImage', image, ['ask']),
  ),
  waits('SingletonWorker', 'no name', '.name', noLabel(63), (name) => call('Wait.byProgram', ['ask'], { name })),
  waits('SingletonWorker', 'the name of another container', '.name', fc.constant('main'), (name) =>
    call('Wait.byProgram', ['ask'], { name }),
  ),
  ...(['Job', 'ScheduledJob'] as const).map((kind) =>
    waits(kind, 'a program that asks once', '', fc.constantFrom<Term>(false, undefined), (waitsItself) =>
      call('Wait.byProgram', ['ask'], { waitsItself }),
    ),
  ),
];

export const EDGE_MISTAKES: readonly Mistake[] = [...external, ...exposed, ...tiers, ...waiting];
