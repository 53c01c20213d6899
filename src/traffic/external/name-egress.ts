import type { Problems } from '../../kernel/findings/problems';
import { listOf } from '../../kernel/schema/checks';
import { Reader } from '../../kernel/schema/reader';
import { hostName } from '../../kernel/schema/syntax';
import { cidr } from '../../kubernetes/address';
import { refuseMetadata } from '../../kubernetes/metadata';

/** Options of `NameEgress.cilium`. */
export interface CiliumEgressOptions {
  /**
   * Domain of the cluster's DNS names. Cilium matches the name that the pod looked up, which is the name of the
   * Service, not the name that the answer refers to.
   *
   * @default 'cluster.local'
   * @see https://github.com/cilium/cilium/issues/30588
   */
  readonly clusterDomain?: string;
}

/**
 * How clients with closed egress may connect to a DNS name. A NetworkPolicy takes addresses only. Either the addresses
 * behind the name are known, or the network plugin has policies by name (CH13-31).
 */
export class NameEgress {
  /** The name resolves to addresses in these ranges. Works with every network plugin. */
  public static cidrs(ranges: string[]): NameEgress {
    return new NameEgress('cidrs', ranges);
  }

  /**
   * A `CiliumNetworkPolicy` in addition to the NetworkPolicy of each client.
   *
   * @see https://docs.cilium.io/en/stable/security/policy/language/#dns-based
   */
  public static cilium(options: CiliumEgressOptions = {}): NameEgress {
    return new NameEgress('cilium', options);
  }

  /**
   * A `NetworkPolicy` of `projectcalico.org/v3` with `domains`, in addition to the NetworkPolicy of each client. Only
   * Calico Enterprise and Calico Cloud support it; open-source Calico has no policies by name.
   *
   * @see https://docs.tigera.io/calico-enterprise/latest/network-policy/domain-based-policy
   */
  public static calico(): NameEgress {
    return new NameEgress('calico', undefined);
  }

  private constructor(
    /** @internal */ public readonly _kind: 'cidrs' | 'cilium' | 'calico',
    /** @internal */ public readonly _value: unknown,
  ) {}
}

export type NameEgressSettings =
  | { readonly kind: 'cidrs'; readonly ranges: readonly string[] }
  | { readonly kind: 'cilium'; readonly clusterDomain: string }
  | { readonly kind: 'calico' };

export function readNameEgress(egress: NameEgress, problems: Problems, prop: string): NameEgressSettings {
  if (egress._kind === 'cidrs') return { kind: 'cidrs', ranges: readRanges(egress._value, problems, prop) };
  if (egress._kind === 'calico') return { kind: 'calico' };
  const read = new Reader<CiliumEgressOptions>(problems, egress._value, `${prop}.`);
  const clusterDomain = read.optional('clusterDomain', hostName, 'cluster.local');
  read.refuseUnknown();
  return { kind: 'cilium', clusterDomain };
}

/** At least one range: a rule without ranges would open all. */
export function readRanges(ranges: unknown, problems: Problems, prop: string): string[] {
  const hint = { fix: "List network addresses with prefix lengths: ['10.40.0.0/24']", practice: 'CH13-31' };
  const good =
    listOf(cidr).read(ranges, (given, expected, at = '') =>
      problems.refuse(`${prop}${at}`, given, expected, { rule: 'props/value', ...hint }),
    ) ?? [];
  if (Array.isArray(ranges) && ranges.length === 0) {
    problems.refuse(prop, ranges, 'at least one range', { rule: 'props/empty-list', ...hint });
  }
  for (const range of good) refuseMetadata(range, problems, prop);
  return good;
}
