import type { IConstruct } from 'constructs';
import type { ClusterSetOptions, Exposure, LoadBalancerOptions } from './exposure';
import { LoadBalancerProvider, providerOf, type ProviderSettings, type ProviderWish, readProvider } from './load-balancer-provider';
import { Verbatim } from '../../kernel/findings/describe';
import type { Problems } from '../../kernel/findings/problems';
import { clusterOf } from '../../kernel/model/cluster-facts';
import { boolean, type Check, instance, integer, listOf, oneOf } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { type Family, familyOf, familyOfRange } from '../../kubernetes/address';
import { cidr, excludedFrom } from '../../kubernetes/address';

export interface ExposureSettings {
  readonly kind: Exposure['_kind'];
  readonly sources: readonly string[];
  /** From where policies see connections come. */
  readonly seenFrom: readonly string[];
  readonly externalTrafficPolicy: 'Local' | 'Cluster';
  readonly healthCheckNodePort?: number;
  readonly allocateNodePorts: boolean;
  /** Families that the Service needs; none where any will do. */
  readonly families: readonly Family[];
  /** Of a load balancer. */
  readonly provider?: ProviderSettings;
  /** Of a cluster set. */
  readonly exportVersion?: string;
}

/** The default of `--service-node-port-range`. */
export const nodePort: Check<number> = integer(30_000, 32_767);

const EVERYBODY = ['0.0.0.0/0', '::/0'];

const BOTH: readonly Family[] = ['IPv4', 'IPv6'];

export function readExposure(owner: IConstruct, exposure: Exposure, problems: Problems, prop: string): ExposureSettings {
  const read = new Reader<LoadBalancerOptions>(problems, exposure._options, `${prop}.`);
  const kind = exposure._kind;
  const sources = readSources(read, kind);
  if (kind === 'clusterSet') return { kind, sources, seenFrom: sources, externalTrafficPolicy: 'Cluster', allocateNodePorts: true, families: [], exportVersion: readExportVersion(read) };
  const policy = read.optional('externalTrafficPolicy', oneOf<'Local' | 'Cluster'>('Local', 'Cluster'), 'Local' as const, { fix: "Leave it out for 'Local'", practice: 'CH13-23' });
  // with Cluster, it is up to the network plugin whether a policy sees the address of a client that comes to the node of the pod
  const seenFrom = policy === 'Local' ? sources : [...new Set([...sources, ...readNodeRanges(read)])];
  const common = { kind, sources, externalTrafficPolicy: policy, seenFrom };
  if (policy === 'Local' && read.has('nodeRanges')) {
    read.refuse('nodeRanges', read.raw('nodeRanges'), "none with externalTrafficPolicy: 'Local'", { rule: 'props/conflict', fix: 'Leave it out: the pods see the addresses of the clients', practice: 'CH13-23' });
  }
  const ipv6 = sources.some((range) => familyOfRange(range) === 'IPv6');
  if (kind === 'nodePort') {
    read.refuseUnknown();
    return { ...common, allocateNodePorts: true, families: ipv6 ? BOTH : [] };
  }
  const provider = readOwnProvider(owner, read, { internal: kind === 'internal', ipv6 }, problems, prop);
  if (provider?.address !== undefined) refuseOtherFamilies(read, sources, provider.address);
  const healthCheckNodePort = read.optional('healthCheckNodePort', nodePort, undefined, { fix: 'Leave it out for any free one', practice: 'CH13-20' });
  if (healthCheckNodePort !== undefined && policy !== 'Local') {
    read.refuse('healthCheckNodePort', healthCheckNodePort, "none with externalTrafficPolicy: 'Cluster'", { rule: 'props/conflict', fix: 'Leave it out: every node passes connections on' });
  }
  const allocateNodePorts = read.optional('allocateNodePorts', boolean, provider?.nodePorts !== 'unused', { fix: 'Leave it out' });
  if (!allocateNodePorts && provider?.nodePorts === 'needed') {
    read.refuse('allocateNodePorts', false, 'true: this load balancer sends to the ports of the nodes', { rule: 'exposure/node-ports-needed', fix: 'Leave it out' });
  }
  read.refuseUnknown();
  const families = provider?.address === undefined ? (ipv6 ? BOTH : []) : [familyOf(provider.address)];
  return { ...common, healthCheckNodePort, allocateNodePorts, families, provider };
}

function refuseOtherFamilies(read: Reader<LoadBalancerOptions>, sources: readonly string[], address: string): void {
  for (const range of sources) {
    if (familyOfRange(range) !== familyOf(address)) {
      read.refuse('sources', range, `ranges of ${familyOf(address)}: the load balancer has the address ${address} alone`, { rule: 'exposure/source-family', fix: 'Remove it: no client in it reaches that address' });
    }
  }
}

function readExportVersion(read: Reader<ClusterSetOptions>): string {
  const version = read.optional('apiVersion', oneOf('multicluster.x-k8s.io/v1alpha1', 'multicluster.x-k8s.io/v1beta1', 'net.gke.io/v1'), 'multicluster.x-k8s.io/v1alpha1', { fix: 'Ask the cluster: kubectl api-resources | grep serviceexports', practice: 'CH13-26' });
  read.refuseUnknown();
  return version;
}

function readSources(read: Reader<LoadBalancerOptions>, kind: ExposureSettings['kind']): string[] {
  const hint = { fix: "List the networks of the clients: ['10.20.0.0/16']", practice: kind === 'public' ? 'CH13-17' : 'CH13-23' };
  const sources = read.required('sources', listOf(cidr), [], hint);
  const given = read.raw('sources');
  if (Array.isArray(given) && given.length === 0) read.refuse('sources', given, 'at least one range', { rule: 'props/empty-list', ...hint });
  sources.forEach((range, index) => {
    const other = sources.find((candidate, place) => (candidate === range ? place < index : excludedFrom(range, candidate)));
    if (other !== undefined) read.refuse('sources', range, `ranges that do not overlap: it is part of ${other}`, { rule: 'exposure/overlapping-sources', fix: 'Remove one of the two' });
    if (EVERYBODY.includes(range) && kind !== 'public') {
      read.refuse('sources', range, 'ranges of the private network', { rule: 'exposure/public-source', fix: "List them, such as '10.0.0.0/8', or use Exposure.publicLoadBalancer(...)" });
    }
  });
  return sources;
}

function readNodeRanges(read: Reader<LoadBalancerOptions>): string[] {
  const hint = { fix: "Leave 'externalTrafficPolicy' out, or list the networks of the nodes in 'nodeRanges': the pods see their addresses instead of the clients'", practice: 'CH13-23' };
  const ranges = read.required('nodeRanges', listOf(cidr), [], hint);
  const given = read.raw('nodeRanges');
  if (Array.isArray(given) && given.length === 0) read.refuse('nodeRanges', given, 'at least one range', { rule: 'props/empty-list', ...hint });
  return ranges;
}

/** The annotations are part of the object's head, so the cluster is asked at once, and once more at synthesis. */
function readOwnProvider(owner: IConstruct, read: Reader<LoadBalancerOptions>, wish: ProviderWish, problems: Problems, prop: string): ProviderSettings | undefined {
  const given = read.optional('provider', instance(LoadBalancerProvider, 'a LoadBalancerProvider, e.g. LoadBalancerProvider.aws()'), undefined, { fix: 'Use a factory of LoadBalancerProvider', practice: 'CH13-16' });
  if (read.has('provider')) return given && readProvider(given, wish, problems, `${prop}.provider`);
  const { provider, name } = clusterOf(owner);
  problems.atSynth((late) => {
    const now = clusterOf(owner).provider;
    if (now !== provider) late.refuse(`${prop}.provider`, new Verbatim(`'${now ?? 'none'}' from a ClusterProfile that came after the block`), 'a profile that is assigned before', { rule: 'exposure/late-profile', fix: 'Assign the ClusterProfile to the chart or app first' });
  });
  const own = providerOf(provider);
  if (own) return readProvider(own, wish, problems, `${prop}.provider`);
  const known = provider === undefined ? `the ClusterProfile '${name}' names no provider` : `the ClusterProfile '${name}' says '${provider}'`;
  read.refuse('provider', undefined, `who makes the load balancers: ${known}`, {
    rule: 'exposure/unknown-provider',
    fix: provider === undefined
      ? "Declare it: new ClusterProfile({ provider: 'aws' }).assignTo(chart), or set 'provider'"
      : "Use LoadBalancerProvider.metalLb({ addressPool: 'internal' }), .kubeVip('10.40.0.10') or .other({ ... })",
  });
  return undefined;
}
