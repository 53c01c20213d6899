import * as fc from 'fast-check';
import { id } from './arbitrary-blocks';
import { namedPort, type PortData, freePorts, port } from './arbitrary-container';
import { annotations, anyText, labelKey, labels, mapping, serviceName, subdomain, word } from './arbitrary-text';
import { type BlockData, call, type Terms } from './terms';
import { ending, type Theme } from './theme';

/** Ranges that do not overlap, and are not everybody. */
const PRIVATE = ['10.0.0.0/16', '10.1.0.0/16', '192.168.0.0/24', '172.16.0.1/32', 'fd00:1::/32', 'fd00:2::1/128'];
const ranges = fc.subarray(PRIVATE, { minLength: 1 });
const publicRanges = fc.oneof(ranges, fc.constantFrom<string[]>(['0.0.0.0/0'], ['0.0.0.0/0', '::/0'], ['::/0']));

const subnet = word('abcXYZ019-_.', 1, 255).map((name) => name.replace(/^[^a-zA-Z0-9]/, 'a'));
const address = fc.constantFrom('10.40.0.10', '192.168.255.255');
const anyAddress = fc.oneof(address, fc.constant('fd00:40::10'));

/** Who makes the load balancers. `internal`: what only those have. */
function provider(internal: boolean): fc.Arbitrary<Terms> {
  const options = (given: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[] = []): fc.Arbitrary<Terms> =>
    fc.record(given, { requiredKeys });
  return fc.oneof(
    { withCrossShrink: true },
    options({ subnets: fc.array(subnet, { maxLength: 2 }), loadBalancerClass: labelKey }).map((given) =>
      call('LoadBalancerProvider.aws', given),
    ),
    options({ address, ...(internal ? { subnet } : {}) }).map((given) => call('LoadBalancerProvider.azure', given)),
    options(internal ? { subnet, globalAccess: fc.boolean() } : {}).map((given) =>
      call('LoadBalancerProvider.gcp', given),
    ),
    options({ addressPool: subdomain(), address: anyAddress }, ['addressPool']).map((given) =>
      call('LoadBalancerProvider.metalLb', given),
    ),
    anyAddress.map((given) => call('LoadBalancerProvider.kubeVip', given)),
    fc
      .record(
        {
          annotations: mapping(
            labelKey
              .map((key) => `lb-${key}`.slice(0, 63).replace(/[^a-zA-Z0-9]$/, 'a'))
              .filter((key) => !key.includes('/')),
            anyText,
          ),
          loadBalancerClass: labelKey,
        },
        { requiredKeys: ['loadBalancerClass'] },
      )
      .map((given) => call('LoadBalancerProvider.other', given)),
  );
}

const traffic = fc.oneof(
  fc.constant({}),
  fc.constant({ externalTrafficPolicy: 'Local' }),
  ranges.map((nodeRanges) => ({ externalTrafficPolicy: 'Cluster', nodeRanges })),
);
const nodePort = fc.integer({ min: 30_000, max: 32_767 });

interface RawExposure {
  readonly factory: string;
  readonly options: Terms;
}

function loadBalancer(factory: string, sources: fc.Arbitrary<string[]>): fc.Arbitrary<RawExposure> {
  return fc
    .record({
      sources,
      traffic,
      provider: provider(factory === 'internalLoadBalancer'),
      own: fc.record(
        { healthCheckNodePort: nodePort, allocateNodePorts: fc.boolean(), named: fc.boolean() },
        { requiredKeys: [] },
      ),
    })
    .map(
      ({
        sources: clients,
        traffic: policy,
        provider: maker,
        own: { healthCheckNodePort, allocateNodePorts, named },
      }) => ({
        factory,
        options: {
          sources: clients,
          ...policy,
          ...(named === false ? {} : { provider: maker }),
          ...(healthCheckNodePort !== undefined && !('nodeRanges' in policy) ? { healthCheckNodePort } : {}),
          ...(allocateNodePorts === undefined ? {} : { allocateNodePorts }),
        },
      }),
    );
}

const internal = loadBalancer('internalLoadBalancer', ranges);
const exposures = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: internal },
  loadBalancer('publicLoadBalancer', publicRanges),
  fc
    .tuple(ranges, traffic)
    .map(([sources, policy]): RawExposure => ({ factory: 'nodePort', options: { sources, ...policy } })),
);

/** The clients of the family that a fixed address has. */
function reaching(sources: string[], maker: Terms | undefined): string[] {
  const [given] = (maker?.args ?? []) as unknown[];
  const fixed = maker?.$call === 'LoadBalancerProvider.metalLb' ? (given as Terms).address : given;
  if (typeof fixed !== 'string') return sources;
  const isIpv6 = fixed.includes(':');
  const reachable = sources.filter((range) => range.includes(':') === isIpv6);
  return reachable.length > 0 ? reachable : [isIpv6 ? 'fd00:1::/32' : '10.0.0.0/16'];
}

/** The exposure on a cluster: who makes the load balancers is said by it or by the profile. */
function exposureOn(cluster: Terms | undefined, { factory, options }: RawExposure): Terms {
  if (factory === 'nodePort') return call('Exposure.nodePort', options);
  const known = ['aws', 'azure', 'gcp'].includes(cluster?.provider as string);
  const {
    provider: maker = known ? undefined : call('LoadBalancerProvider.kubeVip', '10.40.0.10'),
    allocateNodePorts,
    sources,
    ...others
  } = options;
  const isAws =
    maker === undefined ? cluster?.provider === 'aws' : (maker as Terms).$call === 'LoadBalancerProvider.aws';
  return call(`Exposure.${factory}`, {
    ...others,
    sources: reaching(sources as string[], maker as Terms | undefined),
    ...(maker === undefined ? {} : { provider: maker }),
    ...(allocateNodePorts === undefined || (isAws && allocateNodePorts === false) ? {} : { allocateNodePorts }),
  });
}

const MAIN: PortData = { name: 'main', port: 8080 };

/** A backend of few objects, with ports of all protocols. */
const rawOffer = fc.record({
  id,
  extraPorts: fc.array(namedPort(1024), { maxLength: 3 }),
  offered: fc.option(
    fc.tuple(
      fc.subarray([0, 1, 2, 3], { minLength: 1 }),
      fc.option(port(1), { nil: undefined }),
      fc.option(nodePort, { nil: undefined }),
    ),
    { nil: undefined },
  ),
  own: fc.record(
    { name: serviceName(62), hostname: subdomain(240).map((name) => `${name}.example`), labels, annotations },
    { requiredKeys: [] },
  ),
});

type RawOffer = typeof rawOffer extends fc.Arbitrary<infer T> ? T : never;

/** `end` makes names unique; `chart` is where both are. */
function offerOf(
  { extraPorts, offered }: RawOffer,
  end: string,
  chart?: string,
): { backend: BlockData; declared: PortData[]; ports?: Terms[] } {
  const declared = freePorts([MAIN, ...extraPorts], new Set());
  const backend: BlockData = {
    kind: 'WebService',
    id: `backend${end}`,
    ...(chart === undefined ? {} : { chart }),
    props: {
      image: 'ghcr.io/acme/web:1.4.2',
      port: 8080,
      portName: 'main',
      extraPorts: declared.slice(1),
      readiness: call('Probe.portOnly'),
    },
  };
  if (offered === undefined) return { backend, declared };
  const [ranks, asPort, fixed] = offered;
  const chosen = [...new Set(ranks.map((rank) => declared[rank % declared.length].name))];
  // another port for clients only where no second one can have it
  const alone = chosen.length === 1;
  return {
    backend,
    declared,
    ports: chosen.map((name) => ({
      name,
      ...(alone && asPort !== undefined ? { port: asPort } : {}),
      ...(alone && fixed !== undefined ? { nodePort: fixed } : {}),
    })),
  };
}

/** Fixed ports are for node ports alone. */
function portsFor(ports: Terms[] | undefined, { factory }: RawExposure): Terms {
  if (ports === undefined) return {};
  return {
    ports: ports.map(({ nodePort: fixed, ...given }) =>
      fixed === undefined || factory !== 'nodePort' ? given : { ...given, nodePort: fixed },
    ),
  };
}

const exposed: fc.Arbitrary<Theme> = fc.tuple(rawOffer, exposures).map(([raw, given]) => (cluster) => {
  const { backend, ports } = offerOf(raw, 'e');
  const props = {
    ...raw.own,
    backend: { $block: backend.id },
    exposure: exposureOn(cluster, given),
    ...portsFor(ports, given),
  };
  return { blocks: [backend, ending({ kind: 'ExposedService', id: raw.id, props }, 'e')] };
});

const API_VERSIONS = fc.constantFrom(
  'multicluster.x-k8s.io/v1alpha1',
  'multicluster.x-k8s.io/v1beta1',
  'net.gke.io/v1',
);
const clusterSet = fc
  .record({ sources: ranges, apiVersion: API_VERSIONS }, { requiredKeys: ['sources'] })
  .map((options): RawExposure => ({ factory: 'clusterSet', options }));

/** A service that another cluster exports, and whether it has a host name there. */
export const exportTheme = fc
  .tuple(rawOffer, fc.oneof(internal, clusterSet))
  .map(([raw, given]) => (chart: string): { blocks: BlockData[]; id: string; inSet: boolean; named: boolean } => {
    const { backend, ports } = offerOf(raw, 'x', chart);
    const inSet = given.factory === 'clusterSet';
    // in a set it has the name of its Service
    const own = Object.fromEntries(
      Object.entries(raw.own).filter(([prop]) => !inSet || !['name', 'hostname'].includes(prop)),
    );
    const props = {
      ...own,
      backend: { $block: backend.id },
      exposure: inSet ? call('Exposure.clusterSet', given.options) : exposureOn(undefined, given),
      ...(inSet ? {} : portsFor(ports, given)),
    };
    const block = ending({ kind: 'ExportedService', id: raw.id, chart, props }, 'x');
    return { blocks: [backend, block], id: block.id, inSet, named: 'hostname' in own };
  });

export const exposureThemes = { ExposedService: exposed };
