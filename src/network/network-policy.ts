import type { PeerSettings } from './peer';
import type { Protocol } from './ports';

export interface PolicyPort {
  readonly port: number;
  readonly protocol: Protocol;
}

/** Peers and pod ports of a rule. No ports means all. */
export interface PolicyRule {
  readonly peers: readonly PeerSettings[];
  readonly ports: readonly PolicyPort[];
}

/** Everything, on all ports. */
export const EVERYTHING = 'everything';

export interface PolicySettings {
  readonly name: string;
  readonly namespace?: string;
  readonly ingress: readonly PolicyRule[] | typeof EVERYTHING;
  /** Besides DNS. Omitted if the policy does not cover egress, which is then open unless another policy closes it. */
  readonly egress?: readonly PolicyRule[] | typeof EVERYTHING;
}
