import type { Problems } from '../../kernel/findings/problems';
import type { Provider } from '../../kernel/model/cluster-facts';
import { annotationMap } from '../../kernel/schema/annotations';
import { boolean, type Check, listOf, matching, that } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { dnsSubdomain, labelKey } from '../../kernel/schema/syntax';
import { endpointAddress } from '../../kubernetes/address';

/** Options of `LoadBalancerProvider.aws`. */
export interface AwsLoadBalancerOptions {
  /**
   * Subnets of the load balancer, by id or by the tag `Name`, each in a different zone.
   *
   * @default - the controller finds them by tag
   */
  readonly subnets?: string[];

  /**
   * Class that the controller handles. It is immutable.
   *
   * @default 'service.k8s.aws/nlb': the AWS Load Balancer Controller; EKS Auto Mode uses 'eks.amazonaws.com/nlb'
   */
  readonly loadBalancerClass?: string;
}

/** Options of `LoadBalancerProvider.azure`. */
export interface AzureLoadBalancerOptions {
  /**
   * Subnet of an internal load balancer.
   *
   * @default - the subnet of the nodes
   */
  readonly subnet?: string;

  /**
   * Fixed IPv4 address.
   *
   * @default - any address of the subnet
   */
  readonly address?: string;
}

/** Options of `LoadBalancerProvider.gcp`. */
export interface GcpLoadBalancerOptions {
  /**
   * Subnet of an internal load balancer.
   *
   * @default - the subnet of the cluster
   */
  readonly subnet?: string;

  /**
   * Whether clients in other regions can reach an internal load balancer.
   *
   * @default false: only clients in its region
   */
  readonly globalAccess?: boolean;
}

/** Options of `LoadBalancerProvider.metalLb`. */
export interface MetalLbOptions {
  /** The `IPAddressPool`. Without it, the address could come from any pool, including a public one. */
  readonly addressPool: string;

  /**
   * Fixed address from the pool.
   *
   * @default - any address of the pool
   */
  readonly address?: string;
}

/** Options of `LoadBalancerProvider.other`. */
export interface OtherLoadBalancerOptions {
  /**
   * Annotations that make it internal or public, as the exposure requires.
   *
   * @default - none
   */
  readonly annotations?: { [name: string]: string };

  /**
   * Class that the controller handles. It is immutable.
   *
   * @default - none: the default of the cluster
   */
  readonly loadBalancerClass?: string;
}

/**
 * The load balancer provider, with its own annotation for internal load balancers (CH13-16).
 */
export class LoadBalancerProvider {
  /**
   * A Network Load Balancer of the AWS Load Balancer Controller, which sends traffic to node ports.
   *
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
   */
  public static aws(options: AwsLoadBalancerOptions = {}): LoadBalancerProvider {
    return new LoadBalancerProvider('aws', options);
  }

  /**
   * A Standard Load Balancer of AKS.
   *
   * @see https://learn.microsoft.com/azure/aks/internal-lb
   */
  public static azure(options: AzureLoadBalancerOptions = {}): LoadBalancerProvider {
    return new LoadBalancerProvider('azure', options);
  }

  /**
   * A passthrough Network Load Balancer of GKE.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
   */
  public static gcp(options: GcpLoadBalancerOptions = {}): LoadBalancerProvider {
    return new LoadBalancerProvider('gcp', options);
  }

  /**
   * MetalLB on your own machines. You decide which pool is internal.
   *
   * @see https://metallb.io/usage/
   */
  public static metalLb(options: MetalLbOptions): LoadBalancerProvider {
    return new LoadBalancerProvider('metalLb', options);
  }

  /**
   * kube-vip on your own machines.
   *
   * @param address the address of the load balancer
   * @see https://kube-vip.io/docs/usage/kubernetes-services/
   */
  public static kubeVip(address: string): LoadBalancerProvider {
    return new LoadBalancerProvider('kubeVip', address);
  }

  /** Any other provider: by class, annotations, or both. */
  public static other(options: OtherLoadBalancerOptions): LoadBalancerProvider {
    return new LoadBalancerProvider('other', options);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'aws' | 'azure' | 'gcp' | 'metalLb' | 'kubeVip' | 'other',
    /** @internal */ public readonly _value: unknown,
  ) {}
}

export interface ProviderSettings {
  readonly annotations: Record<string, string>;
  readonly loadBalancerClass?: string;
  /** Whether the load balancer uses the node ports of the Service, does not, or is unknown. */
  readonly nodePorts: 'needed' | 'unused' | 'unknown';
  /** The only address of the load balancer, if it is fixed. */
  readonly address?: string;
}

/** What an exposure requires of the provider. */
export interface ProviderWish {
  /** Whether the address is private. */
  readonly internal: boolean;
  /** Whether clients with IPv6 addresses connect. */
  readonly ipv6: boolean;
}

/** The provider of a ClusterProfile; none if the platform does not determine one. */
export function providerOf(provider: Provider | undefined): LoadBalancerProvider | undefined {
  return CLUSTER_PROVIDERS.find(({ _kind }) => _kind === provider);
}

/** The providers that a ClusterProfile can state. */
export const CLUSTER_PROVIDERS: readonly LoadBalancerProvider[] = [
  LoadBalancerProvider.aws(),
  LoadBalancerProvider.azure(),
  LoadBalancerProvider.gcp(),
];

const resourceName: Check<string> = matching(
  /^[A-Za-z0-9][-\w.]*$/,
  255,
  "letters, digits, '-', '_' and '.', starting with a letter or digit",
);
const ipv4: Check<string> = that(
  'an IPv4 address such as 10.40.0.10',
  (value) => endpointAddress.read(value, () => undefined) !== undefined && !(value as string).includes(':'),
);

/** The API requires the syntax of a label key, with or without prefix. */
const loadBalancerClass: Check<string> = labelKey;

export function readProvider(
  provider: LoadBalancerProvider,
  wish: ProviderWish,
  problems: Problems,
  prop: string,
): ProviderSettings {
  switch (provider._kind) {
    case 'aws':
      return readAws(new Reader(problems, provider._value, `${prop}.`), wish);
    case 'azure':
      return readAzure(new Reader(problems, provider._value, `${prop}.`), wish.internal);
    case 'gcp':
      return readGcp(new Reader(problems, provider._value, `${prop}.`), wish.internal);
    case 'metalLb':
      return readMetalLb(new Reader(problems, provider._value, `${prop}.`));
    case 'kubeVip':
      return readKubeVip(provider._value, problems, prop);
    default:
      return readOther(new Reader(problems, provider._value, `${prop}.`));
  }
}

function readAws(read: Reader<AwsLoadBalancerOptions>, { internal, ipv6 }: ProviderWish): ProviderSettings {
  const prefix = 'service.beta.kubernetes.io/aws-load-balancer';
  const subnets = read.optional('subnets', listOf(resourceName), [], { fix: "List subnet ids: ['subnet-0a1b2c3d']" });
  const settings: ProviderSettings = {
    annotations: {
      [`${prefix}-scheme`]: internal ? 'internal' : 'internet-facing',
      [`${prefix}-nlb-target-type`]: 'instance',
      // without this, the controller refuses IPv6 client ranges
      ...(ipv6 ? { [`${prefix}-ip-address-type`]: 'dualstack' } : {}),
      ...(subnets.length > 0 ? { [`${prefix}-subnets`]: subnets.join(',') } : {}),
    },
    loadBalancerClass: read.optional('loadBalancerClass', loadBalancerClass, 'service.k8s.aws/nlb'),
    nodePorts: 'needed',
  };
  read.refuseUnknown();
  return settings;
}

function readAzure(read: Reader<AzureLoadBalancerOptions>, internal: boolean): ProviderSettings {
  const prefix = 'service.beta.kubernetes.io/azure-load-balancer';
  const subnet = readSubnet(read, internal);
  const address = read.optional('address', ipv4, undefined, { fix: 'Write an address of the subnet' });
  read.refuseUnknown();
  return {
    annotations: {
      ...(internal ? { [`${prefix}-internal`]: 'true' } : {}),
      ...(subnet === undefined ? {} : { [`${prefix}-internal-subnet`]: subnet }),
      ...(address === undefined ? {} : { [`${prefix}-ipv4`]: address }),
    },
    nodePorts: 'unknown',
  };
}

function readGcp(read: Reader<GcpLoadBalancerOptions>, internal: boolean): ProviderSettings {
  const subnet = readSubnet(read, internal);
  const globalAccess = read.optional('globalAccess', boolean, false);
  if (globalAccess && !internal) {
    read.refuse('globalAccess', true, 'false for a public load balancer', {
      rule: 'props/conflict',
      fix: 'Remove it: clients in all regions can reach it anyway',
    });
  }
  read.refuseUnknown();
  return {
    annotations: {
      ...(internal ? { 'networking.gke.io/load-balancer-type': 'Internal' } : {}),
      ...(subnet === undefined ? {} : { 'networking.gke.io/internal-load-balancer-subnet': subnet }),
      ...(globalAccess ? { 'networking.gke.io/internal-load-balancer-allow-global-access': 'true' } : {}),
    },
    nodePorts: 'unknown',
  };
}

function readSubnet(read: Reader<{ readonly subnet?: string }>, internal: boolean): string | undefined {
  const subnet = read.optional('subnet', resourceName, undefined, { fix: 'Give the name of the subnet' });
  if (subnet !== undefined && !internal) {
    read.refuse('subnet', subnet, 'none for a public load balancer', { rule: 'props/conflict', fix: 'Remove it' });
  }
  return subnet;
}

function readMetalLb(read: Reader<MetalLbOptions>): ProviderSettings {
  const pool = read.required('addressPool', dnsSubdomain, 'invalid', {
    fix: 'Name the IPAddressPool: kubectl get ipaddresspools -A',
    practice: 'CH13-16',
  });
  const address = read.optional('address', endpointAddress, undefined, { fix: 'Write an address of the pool' });
  read.refuseUnknown();
  return {
    annotations: {
      'metallb.io/address-pool': pool,
      ...(address === undefined ? {} : { 'metallb.io/loadBalancerIPs': address }),
    },
    nodePorts: 'unused',
    address,
  };
}

function readKubeVip(address: unknown, problems: Problems, prop: string): ProviderSettings {
  const hint = { fix: "Write LoadBalancerProvider.kubeVip('10.40.0.10')" };
  const good = endpointAddress.read(address, (given, expected) =>
    problems.refuse(`${prop}.address`, given, expected, { rule: 'props/value', ...hint }),
  );
  return { annotations: { 'kube-vip.io/loadbalancerIPs': good ?? '' }, nodePorts: 'unknown', address: good };
}

function readOther(read: Reader<OtherLoadBalancerOptions>): ProviderSettings {
  const settings: ProviderSettings = {
    annotations: read.optional(
      'annotations',
      annotationMap,
      {},
      { fix: 'Map annotation names to text', practice: 'CH13-16' },
    ),
    loadBalancerClass: read.optional('loadBalancerClass', loadBalancerClass, undefined, {
      fix: "Write the class that your controller documents, such as 'example.com/internal'",
      practice: 'CH13-16',
    }),
    nodePorts: 'unknown',
  };
  if (!read.has('loadBalancerClass') && Object.keys(settings.annotations).length === 0) {
    read.refuse('annotations', read.raw('annotations'), 'annotations or a class', {
      rule: 'props/required',
      fix: 'Set one of them: without it, the load balancer could be public',
      practice: 'CH13-16',
    });
  }
  read.refuseUnknown();
  return settings;
}
