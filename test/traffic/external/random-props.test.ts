import type { Chart } from 'cdk8s';
import * as fc from 'fast-check';
import {
  DnsForwarding,
  EndpointSyncer,
  ExportedService,
  ExposedService,
  Exposure,
  ExternalService,
  ExternalTarget,
  ImportedService,
  LoadBalancerProvider,
  NameEgress,
  WebService,
} from '../../../src';
import { anyProps, anyValue, MESSAGE } from '../../random-values';
import { linesOf, WEB } from '../../support';

const RUNS = { numRuns: 300, seed: 13 };
const anything = anyValue as fc.Arbitrary<never>;
const anyList = fc.oneof(
  anything,
  fc.array(
    fc.oneof(anything, fc.ipV4(), fc.ipV6(), fc.domain(), fc.constantFrom('10.0.0.0/8', '0.0.0.0/0', '::/0')),
  ) as fc.Arbitrary<never>,
);

const nameEgress = fc.oneof(
  anyList.map((ranges) => NameEgress.cidrs(ranges)),
  anyProps('clusterDomain').map((options) => NameEgress.cilium(options)),
  fc.constant(NameEgress.calico()),
  anything,
);
const target = fc.oneof(
  anyList.map((addresses) => ExternalTarget.addresses(addresses)),
  anyList.map((ranges) => ExternalTarget.synced(ranges)),
  fc
    .tuple(fc.oneof(anything, fc.domain() as fc.Arbitrary<never>), nameEgress)
    .map(([name, egress]) => ExternalTarget.dnsName(name, { egress: egress })),
  fc.tuple(anything, anyProps('egress')).map(([name, options]) => ExternalTarget.dnsName(name, options)),
  fc
    .tuple(anything, anything, nameEgress)
    .map(([service, namespace, egress]) => ExternalTarget.clusterSet(service, namespace, { egress: egress })),
  anything,
) as fc.Arbitrary<never>;
const provider = fc.oneof(
  anyProps('subnets', 'loadBalancerClass').map((options) => LoadBalancerProvider.aws(options)),
  anyProps('subnet', 'address').map((options) => LoadBalancerProvider.azure(options)),
  anyProps('subnet', 'globalAccess').map((options) => LoadBalancerProvider.gcp(options)),
  anyProps('addressPool', 'address').map((options) => LoadBalancerProvider.metalLb(options)),
  anything.map((address) => LoadBalancerProvider.kubeVip(address)),
  anyProps('annotations', 'loadBalancerClass').map((options) => LoadBalancerProvider.other(options)),
  anything,
) as fc.Arbitrary<never>;
const options = fc.record(
  {
    sources: anyList,
    provider,
    externalTrafficPolicy: anything,
    nodeRanges: anyList,
    healthCheckNodePort: anything,
    allocateNodePorts: anything,
    apiVersion: anything,
  },
  { requiredKeys: [] },
);
const exposure = fc
  .tuple(
    fc.oneof(options as fc.Arbitrary<never>, anything),
    fc.constantFrom(
      'internalLoadBalancer' as const,
      'publicLoadBalancer' as const,
      'nodePort' as const,
      'clusterSet' as const,
    ),
  )
  .map(([given, factory]) => Exposure[factory](given)) as fc.Arbitrary<never>;

function backend(chart: Chart): WebService {
  return new WebService(chart, 'web', { ...WEB, egress: 'declared' });
}

describe('nothing throws, and the synthesis either succeeds or says what is wrong, for any', () => {
  test.each<[string, fc.Arbitrary<never>, (chart: Chart, given: never) => void]>([
    [
      'ExternalService and its clients',
      fc.tuple(
        target,
        anyProps(
          'name',
          'port',
          'portName',
          'servicePort',
          'extraPorts',
          'headless',
          'password',
          'labels',
          'annotations',
        ),
        fc.boolean(),
      ) as fc.Arbitrary<never>,
      (chart, [where, props, good]: [never, object, boolean]) => {
        backend(chart).connectTo(
          new ExternalService(
            chart,
            'database',
            good ? { target: where, port: 3306 } : ({ ...props, target: where } as never),
          ),
        );
      },
    ],
    ['props of an ExternalService', anything, (chart, props) => new ExternalService(chart, 'database', props)],
    [
      'arguments of an ExternalService',
      fc.tuple(anything, anything, anyProps('image', 'command', 'pullSecrets')) as fc.Arbitrary<never>,
      (chart, [peer, allowed, check]: [never, never, never]) => {
        const database = new ExternalService(chart, 'database', {
          target: ExternalTarget.addresses(['10.0.0.1']),
          port: 3306,
        });
        database.allowFrom(peer, allowed);
        database.allowFrom(backend(chart), allowed);
        database.connectivityCheck(check);
      },
    ],
    [
      'ExposedService',
      fc.tuple(
        fc.oneof(exposure, anything),
        anyProps('name', 'ports', 'hostname', 'labels', 'annotations'),
      ) as fc.Arbitrary<never>,
      (chart, [how, props]: [never, object]) => {
        new ExposedService(chart, 'outside', { ...props, backend: backend(chart), exposure: how });
      },
    ],
    ['props of an ExposedService', anything, (chart, props) => new ExposedService(chart, 'outside', props)],
    [
      'ports of an ExposedService',
      anyProps('name', 'port', 'nodePort'),
      (chart, port) => {
        new ExposedService(chart, 'outside', {
          backend: backend(chart),
          exposure: Exposure.nodePort({ sources: ['10.0.0.0/8'] }),
          ports: [port],
        });
      },
    ],
    [
      'ExportedService and its import',
      fc.tuple(exposure, target, nameEgress, anyProps('name', 'ports', 'hostname')) as fc.Arbitrary<never>,
      (chart, [how, where, egress, props]: [never, never, never, object]) => {
        const exported = new ExportedService(chart, 'export', { ...props, backend: backend(chart), exposure: how });
        new ImportedService(chart, 'import', { exported, target: where, egress });
      },
    ],
    ['props of an ImportedService', anything, (chart, props) => new ImportedService(chart, 'import', props)],
    [
      'EndpointSyncer',
      anyProps('service', 'image', 'liveness', 'egress', 'serviceAccountToken'),
      (chart, props) => new EndpointSyncer(chart, 'sync', props),
    ],
    [
      'DnsForwarding',
      fc.tuple(fc.oneof(anything, fc.domain() as fc.Arbitrary<never>), anyList, anything) as fc.Arbitrary<never>,
      (chart, [zone, servers, port]: [never, never, never]) =>
        new DnsForwarding(chart, 'corp', { zone, servers, port }),
    ],
    ['props of a DnsForwarding', anything, (chart, props) => new DnsForwarding(chart, 'corp', props)],
  ])('%s', (_title, arbitrary, build) => {
    fc.assert(
      fc.property(arbitrary, (given) => {
        for (const message of linesOf((chart) => build(chart, given))) expect(message).toMatch(MESSAGE);
      }),
      RUNS,
    );
  });
});
