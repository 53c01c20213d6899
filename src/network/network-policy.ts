import type { PeerSettings } from './peer';
import type { Protocol } from './ports';

export interface PolicyPort {
  readonly port: number;
  readonly protocol: Protocol;
}

/** Who may connect, on which ports of the pods. No ports means all. */
export interface PolicyRule {
  readonly peers: readonly PeerSettings[];
  readonly ports: readonly PolicyPort[];
}

/** Anybody, on all ports. */
export const EVERYTHING = 'everything';

export interface PolicySettings {
  readonly name: string;
  readonly namespace?: string;
  readonly ingress: readonly PolicyRule[] | typeof EVERYTHING;
  /** Besides DNS. Left out where the policy is not about egress: it is open, unless another policy closes it. */
  readonly egress?: readonly PolicyRule[] | typeof EVERYTHING;
}
