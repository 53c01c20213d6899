import type { IConstruct } from 'constructs';
import type { ClusterSetOptions, Exposure, LoadBalancerOptions } from './exposure';
import {
  CLUSTER_PROVIDERS,
  LoadBalancerProvider,
  providerOf,
  type ProviderSettings,
  type ProviderWish,
  readProvider,
} from './load-balancer-provider';
import { Problems } from '../../kernel/findings/problems';
import { clusterOf } from '../../kernel/model/cluster-facts';
import { boolean, type Check, instance, integer, listOf, oneOf } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { type Family, familyOf, familyOfRange } from '../../kubernetes/address';
import { cidr, excludedFrom } from '../../kubernetes/address';
import { stateOutside } from '../../network/outside';

export interface ExposureSettings {
  readonly kind: Exposure['_kind'];
  readonly sources: readonly string[];
  /** Source addresses of connections, as policies see them. */
  readonly seenFrom: readonly string[];
  readonly externalTrafficPolicy: 'Local' | 'Cluster';
  readonly healthCheckNodePort?: number;
  readonly allocateNodePorts: boolean;
  /** Families that the Service needs; none if any will do. */
  readonly families: readonly Family[];
  /** Of a load balancer; read at synthesis if the ClusterProfile decides it. */
  readonly provider?: () => ProviderSettings | undefined;
  /** All annotations that it can need, if the ClusterProfile decides it. */
  readonly providerKeys?: readonly string[];
  /** Of a cluster set. */
  readonly exportVersion?: string;
}

/** The default of `--service-node-port-range`. */
export const nodePort: Check<number> = integer(30_000, 32_767);

const EVERYBODY = ['0.0.0.0/0', '::/0'];

const BOTH: readonly Family[] = ['IPv4', 'IPv6'];

export function readExposure(
  owner: IConstruct,
  exposure: Exposure,
  problems: Problems,
  prop: string,
): ExposureSettings {
  const read = new Reader<LoadBalancerOptions & ClusterSetOptions>(problems, exposure._options, `${prop}.`);
  const kind = exposure._kind;
  const sources = readSources(read, kind);
  if (kind === 'clusterSet') {
    return {
      kind,
      sources,
      seenFrom: sources,
      externalTrafficPolicy: 'Cluster',
      allocateNodePorts: true,
      families: [],
      exportVersion: readExportVersion(read),
    };
  }
  const policy = read.optional(
    'externalTrafficPolicy',
    oneOf<'Local' | 'Cluster'>('Local', 'Cluster'),
    'Local' as const,
    { practice: 'CH13-23' },
  );
  // with Cluster, it depends on the network plugin whether a policy sees the address of a client that connects to the
  // node of the pod
  const seenFrom = policy === 'Local' ? sources : [...new Set([...sources, ...readNodeRanges(read)])];
  const common = { kind, sources, externalTrafficPolicy: policy, seenFrom };
  if (policy === 'Local' && read.has('nodeRanges')) {
    read.refuse('nodeRanges', read.raw('nodeRanges'), "none with externalTrafficPolicy: 'Local'", {
      rule: 'props/conflict',
      fix: 'Remove it: the pods see the client addresses',
      practice: 'CH13-23',
    });
  }
  const ipv6 = sources.some((range) => familyOfRange(range) === 'IPv6');
  if (kind === 'nodePort') {
    read.refuseUnknown();
    return { ...common, allocateNodePorts: true, families: ipv6 ? BOTH : [] };
  }
  const wish = { internal: kind === 'internal', ipv6 };
  const provider = readOwnProvider(owner, read, wish, problems, prop);
  const stated = read.has('provider') ? provider() : undefined;
  if (stated?.address !== undefined) refuseOtherFamilies(read, sources, stated.address);
  const healthCheckNodePort = read.optional('healthCheckNodePort', nodePort, undefined, {
    fix: 'Write a port from 30000 to 32767, or remove the prop: Kubernetes chooses a free one',
    practice: 'CH13-20',
  });
  if (healthCheckNodePort !== undefined && policy !== 'Local') {
    read.refuse('healthCheckNodePort', healthCheckNodePort, "none with externalTrafficPolicy: 'Cluster'", {
      rule: 'props/conflict',
      fix: 'Remove it: every node forwards connections',
    });
  }
  const allocateNodePorts = read.optional('allocateNodePorts', boolean, stated?.nodePorts !== 'unused', {
    fix: 'Write true or false',
  });
  stateOutside('loadBalancer', {
    owner,
    prop,
    ofCluster: !read.has('provider'),
    allocatesNodePorts: allocateNodePorts,
    provider,
  });
  read.refuseUnknown();
  const families = stated?.address === undefined ? (ipv6 ? BOTH : []) : [familyOf(stated.address)];
  return {
    ...common,
    healthCheckNodePort,
    allocateNodePorts,
    families,
    provider,
    providerKeys: read.has('provider') ? undefined : keysOfProviders(wish),
  };
}

function refuseOtherFamilies(read: Reader<LoadBalancerOptions>, sources: readonly string[], address: string): void {
  for (const range of sources) {
    if (familyOfRange(range) !== familyOf(address)) {
      read.refuse(
        'sources',
        range,
        `ranges of ${familyOf(address)}: the load balancer has only the address ${address}`,
        { rule: 'exposure/source-family', fix: 'Remove it: no client in this range can reach that address' },
      );
    }
  }
}

function readExportVersion(read: Reader<ClusterSetOptions>): string {
  const version = read.optional(
    'apiVersion',
    oneOf('multicluster.x-k8s.io/v1alpha1', 'multicluster.x-k8s.io/v1beta1', 'net.gke.io/v1'),
    'multicluster.x-k8s.io/v1alpha1',
    { fix: 'Look it up: kubectl api-resources | grep serviceexports', practice: 'CH13-26' },
  );
  read.refuseUnknown();
  return version;
}

function readSources(read: Reader<LoadBalancerOptions>, kind: ExposureSettings['kind']): string[] {
  const hint = {
    fix: "List the networks of the clients: ['10.20.0.0/16']",
    practice: kind === 'public' ? 'CH13-17' : 'CH13-23',
  };
  const sources = read.required('sources', listOf(cidr), [], hint);
  const given = read.raw('sources');
  if (Array.isArray(given) && given.length === 0) {
    read.refuse('sources', given, 'at least one range', { rule: 'props/empty-list', ...hint });
  }
  sources.forEach((range, index) => {
    const other = sources.find((candidate, place) =>
      candidate === range ? place < index : excludedFrom(range, candidate),
    );
    if (other !== undefined) {
      read.refuse('sources', range, `ranges that do not overlap: it is part of ${other}`, {
        rule: 'exposure/overlapping-sources',
        fix: 'Remove one of the two',
      });
    }
    if (EVERYBODY.includes(range) && kind !== 'public') {
      read.refuse('sources', range, 'private ranges', {
        rule: 'exposure/public-source',
        fix: "List private ranges, such as '10.0.0.0/8', or use Exposure.publicLoadBalancer(...)",
      });
    }
  });
  return sources;
}

function readNodeRanges(read: Reader<LoadBalancerOptions>): string[] {
  const hint = {
    fix:
      "Omit 'externalTrafficPolicy', or list the node networks in 'nodeRanges': the pods see node " +
      'addresses instead of client addresses',
    practice: 'CH13-23',
  };
  const ranges = read.required('nodeRanges', listOf(cidr), [], hint);
  const given = read.raw('nodeRanges');
  if (Array.isArray(given) && given.length === 0) {
    read.refuse('nodeRanges', given, 'at least one range', { rule: 'props/empty-list', ...hint });
  }
  return ranges;
}

function readOwnProvider(
  owner: IConstruct,
  read: Reader<LoadBalancerOptions>,
  wish: ProviderWish,
  problems: Problems,
  prop: string,
): () => ProviderSettings | undefined {
  const given = read.optional(
    'provider',
    instance(LoadBalancerProvider, 'a LoadBalancerProvider, e.g. LoadBalancerProvider.aws()'),
    undefined,
    { fix: 'Use a factory of LoadBalancerProvider', practice: 'CH13-16' },
  );
  if (read.has('provider')) {
    const settings = given && readProvider(given, wish, problems, `${prop}.provider`);
    return () => settings;
  }
  return () => {
    const own = providerOf(clusterOf(owner).provider);
    return own && readProvider(own, wish, new Problems(), prop);
  };
}

/** All annotations that the provider of a cluster can need, whichever it is. */
function keysOfProviders(wish: ProviderWish): string[] {
  return CLUSTER_PROVIDERS.flatMap((provider) =>
    Object.keys(readProvider(provider, wish, new Problems(), 'provider').annotations),
  );
}
