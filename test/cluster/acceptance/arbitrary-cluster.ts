import * as fc from 'fast-check';
import { nodeDevices } from './arbitrary-devices';
import { cidr, controller, gatewayController } from './arbitrary-network';
import { clusterStorage } from './arbitrary-storage';
import { dnsLabel, labels, subdomain } from './arbitrary-text';
import { call, type Terms } from './terms';

const dns = fc.oneof(
  { withCrossShrink: true },
  fc.constantFrom(call('ClusterDns.kubeDns'), call('ClusterDns.openShift'), call('ClusterDns.nodeLocal')),
  fc
    .uniqueArray(fc.constantFrom('169.254.20.10', '10.96.0.10', 'fd00:96::a', '::1'), { minLength: 1 })
    .map((addresses) => call('ClusterDns.nodeLocal', addresses)),
  fc
    .record(
      { namespace: dnsLabel(), labels, port: fc.integer({ min: 1, max: 65_535 }) },
      { requiredKeys: ['namespace'] },
    )
    .map((options) => call('ClusterDns.pods', options)),
);

/** Nodes that have room for the pods of any block but those whose containers are random. */
const allocatable = fc
  .record({
    cpu: fc.integer({ min: 16, max: 256 }),
    memory: fc.integer({ min: 64, max: 4096 }),
    pods: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
  })
  .map(({ cpu, memory, pods }) => ({
    cpu: call('Cpu.units', cpu),
    memory: call('Size.gibibytes', memory),
    ...(pods === undefined ? {} : { pods }),
  }));

const nodeFeatures = fc.oneof(
  { weight: 4, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.record(
      { userNamespaces: fc.boolean(), supplementalGroupsPolicy: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
);

/** What is known of the cluster, its version aside. */
export const clusterProfile: fc.Arbitrary<Terms> = fc
  .record(
    {
      name: fc.constantFrom('prod-eu', 'é', 'a b'),
      zones: fc.integer({ min: 1, max: 5 }),
      nodes: fc.integer({ min: 5, max: 100_000 }),
      allocatable,
      devices: nodeDevices.map((one) => [one]),
      provider: fc.constantFrom('aws', 'azure', 'gcp', 'on-premises'),
      dns,
      apiServer: fc.array(cidr, { maxLength: 2 }),
      networkPlugin: fc.constantFrom('calico', 'cilium'),
      kedaNamespace: fc.constantFrom('keda', 'autoscaling'),
      ingressController: controller,
      gateway: gatewayController,
      nodeFeatures,
      ownNodes: fc.boolean(),
      secretStores: fc.array(subdomain(), { maxLength: 2 }),
      storage: clusterStorage,
    },
    { requiredKeys: [] },
  )
  // routings that name no controller have one of the two
  .map(({ ingressController, gateway, ...others }) =>
    gateway === undefined
      ? { ...others, ...(ingressController === undefined ? {} : { ingressController }) }
      : { ...others, gateway },
  );
