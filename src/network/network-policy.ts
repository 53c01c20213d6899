import type { PeerSettings } from './peer';
import type { Protocol } from '../pod/ports';

export interface PolicyPort {
  readonly port: number;
  readonly protocol: Protocol;
}

/** What may connect, on which ports of the pods. No ports means all. */
export interface PolicyRule {
  readonly peers: readonly PeerSettings[];
  readonly ports: readonly PolicyPort[];
}

export interface PolicySettings {
  readonly name: string;
  readonly namespace?: string;
  readonly egressClosed: boolean;
  readonly ingress: PolicyRule[];
  readonly egress: PolicyRule[];
}

/** A rule once, however often an edge is declared. */
export function addRule(rules: PolicyRule[], rule: PolicyRule): void {
  const key = JSON.stringify(rule);
  if (!rules.some((known) => JSON.stringify(known) === key)) rules.push(rule);
}
